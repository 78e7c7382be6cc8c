"""Action `build_lcc`."""

import base64
import gzip
import hashlib
import io
import os
import tarfile

import pytest
from botocore.exceptions import ClientError
from conftest import NOW, REGION
from projecting import ACCOUNT, NAME, PAIRS
from scripting import STUDIO, build_lcc, common

PREFIX = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:studio-lifecycle-config"
SCRIPT = build_lcc.script((STUDIO / "on_start.sh").read_text(), NAME)
CONTENT = base64.b64encode(SCRIPT.encode()).decode()
CONFIG = f"{NAME}-lcc-{hashlib.sha256(SCRIPT.encode()).hexdigest()[:8]}"
OLD = f"{NAME}-lcc-00000000"


def test_archive_is_the_same_whenever_and_whoever_makes_it(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder / "b").mkdir(parents=True)
        (tmp_path / folder / "__pycache__").mkdir()
        (tmp_path / folder / "__pycache__" / "x.pyc").write_text(folder)
    for folder, names in (("one", ["a", "b/c"]), ("two", ["b/c", "a"])):
        for name in names:
            (tmp_path / folder / name).write_text(name)
    os.utime(tmp_path / "two" / "a", (0, 0))
    (tmp_path / "two" / "a").chmod(0o700)
    first = build_lcc.archive(tmp_path / "one")
    assert first == build_lcc.archive(tmp_path / "two")
    assert first[4:8] == bytes(4)  # gzip's clock
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(first))) as opened:
        assert [(member.name, member.mtime, member.uid, member.mode) for member in opened] == [
            ("a", 0, 0, 0o644),
            ("b/c", 0, 0, 0o644),
        ]


def test_archive_holds_the_extension():
    with tarfile.open(fileobj=io.BytesIO(build_lcc.archive(STUDIO / "extension"))) as opened:
        assert opened.getnames() == ["package.json", "static/remoteEntry.js"]


def test_script_knows_its_project():
    assert f"\nMLOPS_PROJECT={NAME}\nset -u\n" in SCRIPT
    assert SCRIPT.startswith("#!/bin/bash\n#")
    assert SCRIPT.replace(f"MLOPS_PROJECT={NAME}\n", "", 1) == (STUDIO / "on_start.sh").read_text()
    with pytest.raises(common.WorkError, match="no line set -u, before which"):
        build_lcc.script("echo\n", NAME)


def test_script_fits_for_the_longest_name():
    assert build_lcc.encoded(build_lcc.script((STUDIO / "on_start.sh").read_text(), "x" * 32))


def test_longest_script():
    assert len(build_lcc.encoded("x" * 12_288)) == 16_384
    with pytest.raises(common.WorkError, match="has 16388 characters of base64, 16384 are allowed: shorten it"):
        build_lcc.encoded("x" * 12_289)


class Sagemaker:
    """Tells the stub which calls to expect, and what to answer."""

    def __init__(self, stub) -> None:
        self.stub = stub

    def lacks(self):
        self.stub.add_client_error(
            "describe_studio_lifecycle_config",
            "ResourceNotFound",
            expected_params={"StudioLifecycleConfigName": CONFIG},
        )
        expected = {
            "StudioLifecycleConfigName": CONFIG,
            "StudioLifecycleConfigContent": CONTENT,
            "StudioLifecycleConfigAppType": "JupyterLab",
            "Tags": PAIRS,
        }
        answer = {"StudioLifecycleConfigArn": f"{PREFIX}/{CONFIG}"}
        self.stub.add_response("create_studio_lifecycle_config", answer, expected)

    def has(self, content=CONTENT):
        answer = {"StudioLifecycleConfigArn": f"{PREFIX}/{CONFIG}", "StudioLifecycleConfigContent": content}
        asked = {"StudioLifecycleConfigName": CONFIG}
        self.stub.add_response("describe_studio_lifecycle_config", answer, asked)

    def lists(self, *names):
        entries = [
            {"StudioLifecycleConfigName": name, "StudioLifecycleConfigArn": f"{PREFIX}/{name}"} for name in names
        ]
        asked = {"NameContains": f"{NAME}-lcc-"}
        self.stub.add_response("list_studio_lifecycle_configs", {"StudioLifecycleConfigs": entries}, asked)

    def uses(self, profile=None, space=None, owner=f"ada-{NAME}"):
        """The one profile and the one space of the project; none if given none."""
        profiles = [{"DomainId": "d-1", "UserProfileName": f"ada-{NAME}-x"}]  # another project's
        profiles += [{"DomainId": "d-1", "UserProfileName": f"ada-{NAME}"}] if profile else []
        asked = {"DomainIdEquals": "d-1", "UserProfileNameContains": f"-{NAME}"}
        self.stub.add_response("list_user_profiles", {"UserProfiles": profiles}, asked)
        if profile:
            lab = {"LifecycleConfigArns": [f"{PREFIX}/{profile}"]}
            answer = {"UserSettings": {"JupyterLabAppSettings": lab}}
            named = {"DomainId": "d-1", "UserProfileName": f"ada-{NAME}"}
            self.stub.add_response("describe_user_profile", answer, named)
        summary = {"SpaceName": "lab", "CreationTime": NOW, "OwnershipSettingsSummary": {"OwnerUserProfileName": owner}}
        self.stub.add_response("list_spaces", {"Spaces": [summary] if space else []}, {"DomainIdEquals": "d-1"})
        if space and owner.endswith(f"-{NAME}"):
            lab = {"DefaultResourceSpec": {"LifecycleConfigArn": f"{PREFIX}/{space}"}}
            answer = {"SpaceSettings": {"JupyterLabAppSettings": lab}}
            self.stub.add_response("describe_space", answer, {"DomainId": "d-1", "SpaceName": "lab"})

    def deletes(self, name=OLD, error=None):
        named = {"StudioLifecycleConfigName": name}
        if error:
            self.stub.add_client_error("delete_studio_lifecycle_config", error, expected_params=named)
        else:
            self.stub.add_response("delete_studio_lifecycle_config", {}, named)


@pytest.fixture
def sagemaker(world, monkeypatch):
    monkeypatch.setattr(build_lcc, "client", world.client)
    content = build_lcc.archive(STUDIO / "extension")
    expected = {
        "Bucket": f"{NAME}-{ACCOUNT}",
        "Key": f"studio/extension.{hashlib.sha256(content).hexdigest()}.tar.gz",
        "Body": content,
        "ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
        "ContentType": "application/gzip",
    }
    world.aws("s3").add_response("put_object", {}, expected)
    return Sagemaker(world.aws("sagemaker"))


def test_first_run(world, sagemaker):
    sagemaker.lacks()
    sagemaker.lists(CONFIG)
    build_lcc.work()
    path = f"/mlops/projects/{NAME}"
    assert world.ssm.values[f"{path}/lifecycle-config-arn"] == f"{PREFIX}/{CONFIG}"
    assert world.ssm.values[f"{path}/extension-key"].startswith("studio/extension.")
    assert list(world.ssm.made) == [f"{path}/extension-key"]  # the other is there already


def test_second_run(sagemaker, capsys):
    sagemaker.has()
    sagemaker.lists(CONFIG)
    build_lcc.work()
    assert f"lifecycle configuration {CONFIG} is there\n" in capsys.readouterr().out


def test_name_is_taken_by_another_content(sagemaker):
    sagemaker.has("other")
    with pytest.raises(common.WorkError, match=f"{CONFIG} has another content than its name says: delete it"):
        build_lcc.work()


def test_may_not_be_read(sagemaker):
    sagemaker.stub.add_client_error("describe_studio_lifecycle_config", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        build_lcc.work()


def test_removes_what_nothing_uses_and_is_the_project_s(sagemaker, capsys):
    sagemaker.has()
    sagemaker.lists(CONFIG, OLD, f"x-{OLD}", f"{OLD}-x")
    sagemaker.uses()
    sagemaker.deletes()
    build_lcc.work()
    assert f"{OLD} deleted\n" in capsys.readouterr().out


@pytest.mark.parametrize("use", [{"profile": OLD}, {"space": OLD}])
def test_what_is_in_use_stays(sagemaker, capsys, use):
    sagemaker.has()
    sagemaker.lists(OLD)
    sagemaker.uses(**use)
    build_lcc.work()
    assert f"{OLD} is still in use: it stays\n" in capsys.readouterr().out


def test_spaces_of_other_projects_are_not_looked_at(sagemaker):
    sagemaker.has()
    sagemaker.lists(OLD)
    sagemaker.uses(space=OLD, owner="ada-other")
    sagemaker.deletes()
    build_lcc.work()


def test_sagemaker_knows_of_a_use(sagemaker, capsys):
    sagemaker.has()
    sagemaker.lists(OLD)
    sagemaker.uses()
    sagemaker.deletes(error="ResourceInUse")
    build_lcc.work()
    assert f"{OLD} is still in use: it stays\n" in capsys.readouterr().out


def test_what_cannot_be_removed_does_not_fail_the_project(sagemaker, capsys):
    sagemaker.has()
    sagemaker.lists(OLD)
    sagemaker.uses()
    sagemaker.deletes(error="AccessDeniedException")
    build_lcc.work()
    assert "warning: older lifecycle configurations stay: " in capsys.readouterr().out
