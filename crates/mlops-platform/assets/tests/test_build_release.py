"""Action `build_base_model_repo`."""

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from botocore.response import StreamingBody
from scripting import ASSETS, DATA, ROOT, Commands, build_release, common

BUCKET, RELEASE = "artifacts", "0123456789abcdef"
VECTOR = json.loads((DATA / "source-hash.json").read_text())
INCLUDED = build_release.included()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(root: Path, files: list[dict]) -> None:
    for file in files:
        path = root / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"])
        path.chmod(0o755 if file["executable"] else 0o644)


def zip_of(members: dict[str, bytes], level: int = 6, executable: tuple[str, ...] = ()) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for path, content in members.items():
            info = zipfile.ZipInfo(path)
            info.external_attr = (0o100755 if path in executable else 0o100644) << 16
            writer.writestr(info, content, zipfile.ZIP_DEFLATED, level)
    return archive.getvalue()


# The hash


def test_hash_is_that_of_the_synthesizer(tmp_path):
    write(tmp_path, VECTOR["files"])
    found = list(build_release.checkout(tmp_path, VECTOR["include"]))
    assert {member.path for member in found} == {file["path"] for file in VECTOR["files"] if file["belongs"]}
    assert build_release.content_hash(found) == VECTOR["hash"]


def test_hash_of_a_zip_is_that_of_its_files():
    kept = [file for file in VECTOR["files"] if file["belongs"]]
    files = {file["path"]: file["text"].encode() for file in reversed(kept)}
    archive = zip_of(files, executable=("a/run.sh",))
    assert build_release.content_hash(build_release.zipped(archive)) == VECTOR["hash"]
    assert build_release.holds(archive, VECTOR["hash"])
    assert not build_release.holds(zip_of(files), VECTOR["hash"])
    assert not build_release.holds(b"no zip", VECTOR["hash"])


def test_links_are_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to("elsewhere")
    with pytest.raises(common.WorkError, match="folder/link is neither a file nor a directory"):
        list(build_release.checkout(tmp_path, ["folder"]))


def test_links_that_do_not_belong_to_the_source_are_not_looked_at(tmp_path):
    write(tmp_path, [{"path": "folder/lib.rs", "executable": False, "text": ""}])
    (tmp_path / "folder/.#lib.rs").symlink_to("somebody@somewhere.1234:5678")  # Emacs has the file open
    (tmp_path / "target").symlink_to(tmp_path)
    assert [member.path for member in build_release.checkout(tmp_path, ["folder"])] == ["folder/lib.rs"]


def test_a_source_without_executable_bits_is_recognized(tmp_path):
    """As CodeCommit makes it of the zip, or as a checkout gives all files the bit."""
    (tmp_path / "one").write_text("1")
    plain = list(build_release.checkout(tmp_path, ["one"]))
    marked = [member._replace(executable=True) for member in plain]
    assert build_release.is_what_runs(plain, build_release.content_hash(plain))
    assert build_release.is_what_runs(marked, build_release.content_hash(plain))
    assert build_release.is_what_runs(marked, build_release.content_hash(marked))
    assert not build_release.is_what_runs(plain, build_release.content_hash(marked))


# The real source


def test_inclusions_are_plain_paths():
    assert sorted(set(INCLUDED)) == INCLUDED
    for path in INCLUDED:
        assert path == path.strip("/ ")
        assert path
        assert path == build_release.ANCESTOR or (ROOT / path).exists()


def test_no_file_of_the_source_is_executable():
    """CodeCommit would take the bit away, and no run would ever find the source unchanged."""
    assert [member.path for member in build_release.checkout(ROOT, INCLUDED) if member.executable] == []


def test_no_file_of_the_source_is_empty():
    """CloudFormation cannot fill a repository from an archive with an empty file."""
    assert [member.path for member in build_release.checkout(ROOT, INCLUDED) if not member.content] == []


def test_root_is_the_workspace():
    assert build_release.ROOT == ROOT
    assert ASSETS.relative_to(ROOT).as_posix() == "crates/mlops-platform/assets"


# What is built


TEMPLATE = b"Resources: {}\n"
TEMPLATE_KEY = f"templates/deploy-infra.{sha256(TEMPLATE)}.yaml"
CODE = {"index.py": b"pass\n" * 100, "data/x": b"x"}
CODE_HASH = build_release.content_hash(build_release.Member(path, False, text) for path, text in CODE.items())
CODE_KEY = f"assets/experiments_lambdas.{CODE_HASH}.zip"
TEXT = b"hello"
TEXT_KEY = f"assets/on_start.{sha256(TEXT)}.sh"
ENTRY_KEY = "mlops_entry_point.yaml"


class Workshop:
    """A checkout, commands that make a release of it, and the bucket that it goes to."""

    def __init__(self, root: Path, s3, commands: Commands) -> None:
        self.root, self.s3, self.commands = root, s3, commands
        write(root, [{"path": "crates/main.rs", "executable": False, "text": "fn main() {}\n"}])
        self.files = {CODE_KEY: zip_of(CODE), TEXT_KEY: TEXT, TEMPLATE_KEY: TEMPLATE}
        self.hashes = {CODE_KEY: CODE_HASH, TEXT_KEY: sha256(TEXT)}
        self.source_hash, self.format, self.entry = None, 1, None
        commands.answers = {"xtask synth": self.synth, "check --help": 2}

    def hash(self) -> str:
        return build_release.content_hash(build_release.checkout(self.root, INCLUDED))

    def source_key(self) -> str:
        return f"assets/{build_release.SOURCE}.{self.hash()}.zip"

    def release(self) -> str:
        return sha256("\n".join(sorted([*self.files, self.source_key()])).encode())[:16]

    def contents(self) -> dict[str, bytes]:
        entry = self.entry or f"Value: {self.release()}\n".encode()
        return {**self.files, self.source_key(): b"the source", ENTRY_KEY: entry}

    def manifest(self) -> dict:
        def entry(key: str, content: bytes) -> dict:
            name = Path(key).name.split(".")[0]
            return {"name": name, "file": key, "sha256": sha256(content)}

        entries = {key: entry(key, content) for key, content in self.contents().items()}
        for key, hashed in {**self.hashes, self.source_key(): self.source_hash or self.hash()}.items():
            entries[key]["hash"] = hashed
        assets = [entries[key] for key in entries if "hash" in entries[key]]
        return {
            "format": self.format,
            "templates": [entries[key] for key in entries if "hash" not in entries[key]],
            "assets": assets,
        }

    def synth(self, line: list[str]) -> None:
        out = Path(line[-1])
        for key, content in self.contents().items():
            (out / key).parent.mkdir(parents=True, exist_ok=True)
            (out / key).write_bytes(content)
        (out / "manifest.json").write_text(json.dumps(self.manifest()))

    def expected(self, key: str, **more) -> dict:
        content = self.contents()[key]
        kinds = {"yaml": "application/yaml", "zip": "application/zip", "sh": "application/octet-stream"}
        return {
            "Bucket": BUCKET,
            "Key": key,
            "Body": content,
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            "ContentType": kinds[key.rsplit(".", 1)[1]],
            "Metadata": {"sha256": sha256(content)},
        } | more

    def takes(self, *keys: str) -> None:
        for key in keys:
            more = {} if key == ENTRY_KEY else {"IfNoneMatch": "*"}
            self.s3.add_response("put_object", {}, self.expected(key, **more))

    def refuses(self, key: str, code: str, status: int) -> None:
        expected = self.expected(key, IfNoneMatch="*")
        self.s3.add_client_error("put_object", code, "", status, expected_params=expected)

    def has(self, key: str, content: bytes) -> None:
        body = StreamingBody(io.BytesIO(content), len(content))
        self.s3.add_response("get_object", {"Body": body}, {"Bucket": BUCKET, "Key": key})

    def in_force(self, ancestor: str | None) -> None:
        files = {"crates/main.rs": b"other"} | ({"RELEASE": ancestor.encode()} if ancestor else {})
        self.has(f"assets/{build_release.SOURCE}.{'e' * 64}.zip", zip_of(files))


@pytest.fixture
def commands(monkeypatch):
    double = Commands()
    monkeypatch.setattr(common.subprocess, "run", double)
    return double


@pytest.fixture
def workshop(aws, monkeypatch, tmp_path, commands, no_sleep):
    root = tmp_path / "checkout"
    monkeypatch.setattr(build_release, "ROOT", root)
    monkeypatch.setattr(build_release, "client", aws.client)
    monkeypatch.setattr(build_release, "install_rust", lambda home: Path("/opt/cargo"))
    for name, value in {
        "ARTIFACTS_BUCKET": BUCKET,
        "SOURCE_HASH": "e" * 64,
        "RELEASE_IN_FORCE": RELEASE,
        "RELEASE_ENV": str(tmp_path / "release.env"),
    }.items():
        monkeypatch.setenv(name, value)
    return Workshop(root, aws("s3"), commands)


def exported(tmp_path: Path) -> str:
    return (tmp_path / "release.env").read_text()


def fails() -> str:
    with pytest.raises(common.WorkError) as raised:
        build_release.work()
    return str(raised.value)


def test_source_in_force_needs_no_build(workshop, monkeypatch, tmp_path):
    monkeypatch.setenv("SOURCE_HASH", workshop.hash())
    monkeypatch.setattr(build_release, "install_rust", lambda home: pytest.fail("installed Rust"))
    build_release.work()
    assert exported(tmp_path) == f"CHANGED=false\nRELEASE_ID={RELEASE}\n"
    assert workshop.commands.ran == []


def test_builds_and_uploads(workshop, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    workshop.in_force(None)
    workshop.takes(CODE_KEY, TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert exported(tmp_path) == f"CHANGED=true\nRELEASE_ID={workshop.release()}\n"
    synth, asked = workshop.commands.ran
    assert synth[:5] == ["cargo", "--locked", "xtask", "synth", "--out"]
    assert asked == ["cargo", "--locked", "xtask", "check", "--help"]
    for environment in workshop.commands.environments:
        assert environment["PATH"].startswith("/opt/cargo:")
        assert not [name for name in environment if name.startswith("AWS_")]
    assert "warning" not in capsys.readouterr().out


def test_uploads_again(workshop, capsys):
    """A zip that another version of the compressor made is the same if its files are."""
    workshop.in_force(None)
    other = zip_of(CODE, level=1)
    assert other != workshop.files[CODE_KEY]
    workshop.refuses(CODE_KEY, "PreconditionFailed", 412)
    workshop.has(CODE_KEY, other)
    workshop.refuses(TEXT_KEY, "PreconditionFailed", 412)
    workshop.has(TEXT_KEY, TEXT)
    workshop.takes(workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert capsys.readouterr().out.count("there already: ") == 2


@pytest.mark.parametrize(("key", "content"), [(CODE_KEY, zip_of({"index.py": b"other"})), (CODE_KEY, b"no zip")])
def test_another_content_is_there(workshop, tmp_path, key, content):
    workshop.in_force(None)
    workshop.refuses(key, "PreconditionFailed", 412)
    workshop.has(key, content)
    assert fails().startswith(f"bucket artifacts, key {key}: another content is there")
    assert not (tmp_path / "release.env").exists()


def test_another_text_is_there(workshop):
    workshop.in_force(None)
    workshop.takes(CODE_KEY)
    workshop.refuses(TEXT_KEY, "PreconditionFailed", 412)
    workshop.has(TEXT_KEY, b"other")
    assert "another content is there" in fails()


def test_another_build_is_writing(workshop, no_sleep):
    workshop.in_force(None)
    workshop.refuses(CODE_KEY, "ConditionalRequestConflict", 409)
    workshop.takes(CODE_KEY, TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert no_sleep == [2]


def test_another_build_keeps_writing(workshop, no_sleep):
    workshop.in_force(None)
    for _ in range(5):
        workshop.refuses(CODE_KEY, "ConditionalRequestConflict", 409)
    workshop.has(CODE_KEY, workshop.files[CODE_KEY])
    workshop.takes(TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert no_sleep == [2] * 5


def test_upload_is_denied(workshop, monkeypatch, capsys):
    monkeypatch.setenv("ACTION", "build_base_model_repo")
    workshop.in_force(None)
    workshop.refuses(CODE_KEY, "AccessDenied", 403)
    assert common.run("build_base_model_repo", build_release.work) == 1
    assert "AccessDenied" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ours", "theirs", "warned"),
    [("0.1.0", "0.1.0", None), ("0.1.0", "0.2.0", ("0.1.0", "0.2.0")), (None, "0.2.0", ("unnamed", "0.2.0"))],
)
def test_ancestor(workshop, capsys, ours, theirs, warned):
    if ours:
        (workshop.root / "RELEASE").write_text(f"{ours}\n")
    workshop.in_force(theirs)
    workshop.takes(CODE_KEY, TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    said = capsys.readouterr().out
    if warned:
        assert f"warning: this source comes from release {warned[0]}, but release {warned[1]} is in force" in said
    else:
        assert "warning" not in said


def test_source_in_force_is_not_there(workshop, capsys):
    workshop.s3.add_client_error("get_object", "NoSuchKey", "gone", 404)
    workshop.takes(CODE_KEY, TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert "warning: nothing tells which release is in force" in capsys.readouterr().out


def test_synth_fails(workshop):
    workshop.commands.answers["xtask synth"] = 101
    workshop.in_force(None)
    assert fails().startswith("exit code 101, see above: cargo --locked xtask synth")


def test_checks_where_the_source_can(workshop, tmp_path):
    workshop.commands.answers["check --help"] = 0
    workshop.in_force(None)
    workshop.takes(CODE_KEY, TEXT_KEY, workshop.source_key(), TEMPLATE_KEY, ENTRY_KEY)
    build_release.work()
    assert workshop.commands.ran[-1][:5] == ["cargo", "--locked", "xtask", "check", "--out"]


def test_check_fails(workshop, tmp_path):
    workshop.commands.answers = {"xtask synth": workshop.synth, "check --help": 0, "xtask check": 1}
    workshop.in_force(None)
    assert fails().startswith("exit code 1, see above: cargo --locked xtask check")
    assert not (tmp_path / "release.env").exists()


def test_manifest_of_another_format(workshop):
    workshop.format = 2
    workshop.in_force(None)
    assert fails() == "the manifest has format 2, this script reads 1"


def test_synth_hashes_the_source_otherwise(workshop):
    workshop.source_hash = "f" * 64
    workshop.in_force(None)
    assert fails().startswith(f"asset {build_release.SOURCE} has hash ['{'f' * 64}'], this script finds ")


def test_entry_point_names_another_release(workshop):
    workshop.entry = b"Value: 0000000000000000\n"
    workshop.in_force(None)
    assert fails() == f"{ENTRY_KEY} does not name release {workshop.release()}, which its templates and assets make up"


def test_template_without_its_hash_in_its_name(workshop):
    workshop.files["templates/other.yaml"] = b"x"
    workshop.in_force(None)
    assert fails().startswith("templates/other.yaml does not have its hash in its name")


def test_asset_with_another_hash_in_its_name(workshop):
    workshop.hashes[CODE_KEY] = "f" * 64
    workshop.in_force(None)
    assert fails().startswith(f"{CODE_KEY} does not have its hash in its name")


def test_file_is_not_what_the_manifest_says(workshop, monkeypatch):
    def synth(line):
        workshop.synth(line)
        (Path(line[-1]) / TEMPLATE_KEY).write_bytes(b"changed")

    workshop.commands.answers["xtask synth"] = synth
    workshop.in_force(None)
    assert fails() == f"{TEMPLATE_KEY} is not what the manifest says it is: synthesize again"


# Rust


@pytest.fixture
def rustup(monkeypatch):
    asked = []

    def urlopen(url, timeout):
        asked.append((url, timeout))
        return io.BytesIO(b"the installer")

    monkeypatch.setattr(build_release.urllib.request, "urlopen", urlopen)
    yield asked
    assert asked == [(build_release.RUSTUP, 60)]


def test_installs_rust(rustup, commands, monkeypatch, tmp_path):
    monkeypatch.setattr(build_release, "RUSTUP_SHA256", sha256(b"the installer"))
    assert build_release.install_rust(tmp_path) == Path.home() / ".cargo/bin"
    (line,) = commands.ran
    assert line[0] == str(tmp_path / "rustup-init")
    assert line[-2] == "--default-toolchain"
    assert f'rust-version = "{line[-1]}"' in (ROOT / "Cargo.toml").read_text()
    assert (tmp_path / "rustup-init").stat().st_mode & 0o777 == 0o700


def test_refuses_another_installer(rustup, commands, tmp_path):
    with pytest.raises(common.WorkError, match=r"the SHA-256 of .* is [0-9a-f]{64}, it should be"):
        build_release.install_rust(tmp_path)
    assert commands.ran == []
    assert list(tmp_path.iterdir()) == []
