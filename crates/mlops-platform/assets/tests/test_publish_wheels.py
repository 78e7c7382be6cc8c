"""Action `build_codeartifact`."""

import hashlib
import re
import sys
from pathlib import Path

import pytest
from conftest import NOW
from scripting import SCRIPTS, Commands, common, publish_wheels

ENDPOINT = "https://mlops-123456789012.d.codeartifact.eu-south-1.amazonaws.com/pypi/packages/"
TOKEN = "token-that-nobody-may-see"
ONE, TWO_310, TWO_312 = b"wheel of one", b"wheel of two for 3.10", b"wheel of two for 3.12"
WHEELS = {
    "one_package-1.0-py3-none-any.whl": ONE,
    "two-2.0-cp310-cp310-manylinux_2_28_x86_64.whl": TWO_310,
    "two-2.0-cp312-cp312-manylinux_2_28_x86_64.whl": TWO_312,
}
ONE_NAME, TWO_310_NAME, TWO_312_NAME = WHEELS


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


LIST = f"""\
# what is offered
One_Package==1.0 --hash=sha256:{sha256(ONE)}

two==2.0 \\
    --hash=sha256:{sha256(TWO_310)} \\
    --hash=sha256:{sha256(TWO_312)}
"""


class Shop:
    """The repository, as stubbed calls, and the programs that are run."""

    def __init__(self, stub, commands: Commands) -> None:
        self.stub, self.commands = stub, commands
        commands.answers = {"pip download": self.download}

    def download(self, line: list[str]) -> None:
        folder = Path(line[line.index("--dest") + 1])
        for name, content in WHEELS.items():
            (folder / name).write_bytes(content)

    def asked(self, package: str, version: str, token: str | None = None) -> dict[str, str]:
        asked = {"domain": "mlops", "repository": "packages", "format": "pypi"}
        asked |= {"package": package, "packageVersion": version}
        return asked | ({"nextToken": token} if token else {})

    def has(self, package: str, version: str, *names: str, pages: int = 1, **other: str) -> None:
        assets = [{"name": name, "hashes": {"SHA-256": other.get("sha256", sha256(WHEELS[name]))}} for name in names]
        for page in range(pages):
            answer = {"assets": assets[page::pages]} | ({"nextToken": f"{page + 1}"} if page + 1 < pages else {})
            asked = self.asked(package, version, str(page) if page else None)
            self.stub.add_response("list_package_version_assets", answer, asked)

    def lacks(self, package: str, version: str) -> None:
        asked = self.asked(package, version)
        self.stub.add_client_error("list_package_version_assets", "ResourceNotFoundException", expected_params=asked)

    def opens(self) -> None:
        asked = {"domain": "mlops", "repository": "packages", "format": "pypi"}
        self.stub.add_response("get_repository_endpoint", {"repositoryEndpoint": ENDPOINT}, asked)
        answer = {"authorizationToken": TOKEN, "expiration": NOW}
        asked = {"domain": "mlops", "durationSeconds": 3600}
        self.stub.add_response("get_authorization_token", answer, asked)

    def uploaded(self) -> list[str]:
        return [Path(line[-1]).name for line in self.commands.ran if "twine" in line]


@pytest.fixture
def shop(aws, monkeypatch, tmp_path):
    monkeypatch.setattr(publish_wheels, "client", aws.client)
    monkeypatch.setattr(publish_wheels, "PACKAGES", tmp_path / "packages.txt")
    (tmp_path / "packages.txt").write_text(LIST)
    monkeypatch.setenv("CODEARTIFACT_DOMAIN", "mlops")
    monkeypatch.setenv("CODEARTIFACT_REPOSITORY", "packages")
    commands = Commands()
    monkeypatch.setattr(publish_wheels.subprocess, "run", commands)
    return Shop(aws("codeartifact"), commands)


def fails() -> str:
    with pytest.raises(common.WorkError) as raised:
        publish_wheels.work()
    return str(raised.value)


def test_publishes_all(shop, capsys):
    shop.lacks("one-package", "1.0")
    shop.lacks("two", "2.0")
    shop.opens()
    shop.lacks("one-package", "1.0")  # asked again just before the upload
    shop.lacks("two", "2.0")
    publish_wheels.work()
    assert sorted(shop.uploaded()) == sorted(WHEELS)
    downloads = [line for line in shop.commands.ran if "download" in line]
    assert [line[line.index("--python-version") + 1] for line in downloads] == ["3.10", "3.11", "3.12"]
    for line in downloads:
        assert line[:4] == [sys.executable, "-m", "pip", "download"]
        assert "--require-hashes" in line
        assert "--no-deps" not in line  # pip would no longer notice that the list lacks what a package needs
    said = capsys.readouterr()
    assert TOKEN not in said.out + said.err
    assert said.out.count("published ") == 3


def test_only_twine_gets_the_token(shop):
    shop.has("one-package", "1.0", ONE_NAME)
    shop.has("two", "2.0", TWO_310_NAME)
    shop.opens()
    shop.has("two", "2.0", TWO_310_NAME)
    publish_wheels.work()
    assert shop.uploaded() == [TWO_312_NAME]
    for line, environment in zip(shop.commands.ran, shop.commands.environments, strict=True):
        assert TOKEN not in " ".join(line)
        assert (environment is not None) == ("twine" in line)
    environment = shop.commands.environments[-1]
    assert environment["TWINE_PASSWORD"] == TOKEN
    assert environment["TWINE_USERNAME"] == "aws"
    assert environment["TWINE_REPOSITORY_URL"] == ENDPOINT
    assert "PATH" in environment


def test_nothing_to_publish(shop, capsys):
    shop.has("one-package", "1.0", ONE_NAME)
    shop.has("two", "2.0", TWO_310_NAME, TWO_312_NAME, pages=2)
    publish_wheels.work()
    assert shop.commands.ran == []
    assert capsys.readouterr().out == "mlops/packages has all 2 packages: nothing to publish\n"


def one_of_two_is_missing(shop):
    shop.has("one-package", "1.0", ONE_NAME)
    shop.has("two", "2.0", TWO_310_NAME)
    shop.opens()
    shop.has("two", "2.0", TWO_310_NAME)


def test_another_build_is_faster(shop):
    one_of_two_is_missing(shop)
    shop.commands.answers["twine upload"] = 1
    shop.has("two", "2.0", TWO_310_NAME, TWO_312_NAME)
    publish_wheels.work()


def test_upload_is_refused(shop):
    one_of_two_is_missing(shop)
    shop.commands.answers["twine upload"] = 1
    shop.has("two", "2.0", TWO_310_NAME)
    assert fails() == f"{TWO_312_NAME} was not taken by mlops/packages, see above"


def test_another_content_is_there(shop):
    shop.has("one-package", "1.0", ONE_NAME, sha256="0" * 64)
    shop.has("two", "2.0", TWO_310_NAME, TWO_312_NAME)
    shop.opens()
    shop.has("one-package", "1.0", ONE_NAME, sha256="0" * 64)
    assert fails() == f"mlops/packages has {ONE_NAME} with another content: list a newer version"
    assert shop.uploaded() == []


def test_download_has_another_hash(shop):
    shop.lacks("one-package", "1.0")
    shop.lacks("two", "2.0")
    shop.commands.answers["pip download"] = 1
    assert fails().startswith("exit code 1, see above: ")
    assert shop.uploaded() == []


def test_no_wheel_for_a_hash(shop, tmp_path):
    (tmp_path / "packages.txt").write_text(f"one-package==1.0 --hash=sha256:{'0' * 64}\n")
    shop.lacks("one-package", "1.0")
    shop.opens()
    shop.lacks("one-package", "1.0")
    assert fails() == f"one-package==1.0: no wheel for 3.10, 3.11, 3.12 has hash {'0' * 64}"


def test_all_wrong_lines_are_named(shop, tmp_path):
    (tmp_path / "packages.txt").write_text("numpy\n# fine\nscipy>=1 --hash=sha256:00\n")
    assert fails().splitlines()[1:] == ["  numpy", "  scipy>=1 --hash=sha256:00"]


# The real lists


@pytest.mark.parametrize("file", ["packages.txt", "requirements.txt", "requirements-twine.txt"])
def test_lists_are_pinned_and_sorted(file):
    text = (SCRIPTS / file).read_text()
    listed = publish_wheels.packages(text)
    names = [package.name for package in listed]
    assert names == sorted(set(names))
    hashes = re.findall(r"sha256:([0-9a-f]{64})", text)
    assert len(hashes) == len(set(hashes)) == sum(len(package.hashes) for package in listed)


def test_list_has_one_wheel_for_all_pythons_or_one_for_each():
    for package in publish_wheels.packages((SCRIPTS / "packages.txt").read_text()):
        assert len(package.hashes) in (1, len(publish_wheels.PYTHONS)), package.name
