"""Synthesizes the checkout and puts the release into the artifacts bucket, unless this source is what runs already.

Invariant: what stacks point to is never overwritten; only the entry point is, and only when all the rest is there.
"""

import base64
import hashlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError
from common import ENTRY_POINT, WorkError, client, command, run, settings, warn

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parents[3]
SOURCE = "aws-enterprise-mlops-platform-init"  # the asset that holds the source itself
LEFT_BEHIND = {"__pycache__", "target"}  # directories that tools write
ANCESTOR = "RELEASE"  # the file that names the published release which the source was made from
HASH_IN_KEY = re.compile(r"\.([0-9a-f]{64})(\.[^./]+)?$")
CONTENT_TYPES = {".yaml": "application/yaml", ".zip": "application/zip"}
TRIES, PAUSE = 5, 2

# By rustup, because the package manager of the build image has older compilers than the workspace asks for; and here
# instead of in the buildspec, because the first run, which changes nothing, then needs neither it nor any crate.
RUSTUP = "https://static.rust-lang.org/rustup/archive/1.28.2/x86_64-unknown-linux-gnu/rustup-init"
RUSTUP_SHA256 = "20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c"


class Member(NamedTuple):
    """A file of an asset: its path below the asset's root, with slashes, and what else counts."""

    path: str
    executable: bool
    content: bytes


def content_hash(members: Iterable[Member]) -> str:
    """Returns the hash that an asset made of these files has in its key, whatever zip they are put in."""
    digest = hashlib.sha256()
    for member in sorted(members):
        path = member.path.encode()
        digest.update(struct.pack(">Q", len(path)) + path + bytes([member.executable]))
        digest.update(struct.pack(">Q", len(member.content)) + member.content)
    return digest.hexdigest()


def included() -> list[str]:
    """Returns the paths that the source is made of."""
    return (SCRIPTS / "source-include.txt").read_text().splitlines()


def belongs(path: str, is_directory: bool, names: list[str]) -> bool:
    """Returns whether a file belongs to the source, or a directory may hold such a file.

    What is named does, and all below it but hidden files and what tools leave behind, unless that is named itself.
    """
    if path in names or (is_directory and any(name.startswith(f"{path}/") for name in names)):
        return True
    for name in names:
        if path.startswith(f"{name}/"):
            parts = path[len(name) + 1 :].split("/")
            folders = parts if is_directory else parts[:-1]
            if LEFT_BEHIND.isdisjoint(folders) and not any(part.startswith(".") for part in parts):
                return True
    return False


def checkout(directory: Path, names: list[str], below: str = "") -> Iterator[Member]:
    """Gives every file of a directory that belongs to the source which these names make up."""
    for entry in directory.iterdir():
        path = below + entry.name
        is_directory = entry.is_dir() and not entry.is_symlink()
        if not belongs(path, is_directory, names):
            continue
        if is_directory:
            yield from checkout(entry, names, f"{path}/")
        elif entry.is_file() and not entry.is_symlink():
            yield Member(path, bool(entry.stat().st_mode & 0o111), entry.read_bytes())
        else:
            raise WorkError(f"{path} is neither a file nor a directory: links are not packed")


def zipped(archive: bytes) -> Iterator[Member]:
    """Gives every file of a zip."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for info in opened.infolist():
            yield Member(info.filename, bool(info.external_attr >> 16 & 0o111), opened.read(info))


def holds(archive: bytes, hashed: str) -> bool:
    """Returns whether a zip is made of the files that have this hash."""
    try:
        return content_hash(zipped(archive)) == hashed
    except zipfile.BadZipFile:
        return False


def is_what_runs(source: list[Member], in_force: str) -> bool:
    """Returns whether the source is that of the release in force.

    CodeCommit takes the executable bit from files that it gets in a zip, so a source that never had any counts too.
    """
    plain = [member._replace(executable=False) for member in source]
    return in_force in (content_hash(source), content_hash(plain))


def compare_ancestors(s3: Any, bucket: str, in_force: str, source: list[Member]) -> None:
    """Warns if the source does not descend from the release in force, which deploying it would then undo."""

    def ancestor(members: Iterable[Member]) -> str:
        return next((member.content.decode().strip() for member in members if member.path == ANCESTOR), "unnamed")

    try:
        archive = s3.get_object(Bucket=bucket, Key=f"assets/{SOURCE}.{in_force}.zip")["Body"].read()
    except ClientError as error:
        warn(f"nothing tells which release is in force: {error}")
        return
    ours, theirs = ancestor(source), ancestor(zipped(archive))
    if ours != theirs:
        warn(
            f"this source comes from release {ours}, but release {theirs} is in force: deploying undoes what the two"
            f" differ in. To keep it, merge the source of release {theirs} into this repository:"
            f" s3://{bucket}/assets/{SOURCE}.{in_force}.zip"
        )


def install_rust(home: Path) -> Path:
    """Installs the compiler that the workspace asks for and returns where cargo is."""
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]
    with urllib.request.urlopen(RUSTUP, timeout=60) as response:
        content = response.read()
    actual = hashlib.sha256(content).hexdigest()
    if actual != RUSTUP_SHA256:
        raise WorkError(f"the SHA-256 of {RUSTUP} is {actual}, it should be {RUSTUP_SHA256}")
    installer = home / "rustup-init"
    installer.write_bytes(content)
    installer.chmod(0o700)
    version = workspace["package"]["rust-version"]
    command(installer, "-y", "--no-modify-path", "--profile", "minimal", "--default-toolchain", version)
    return Path.home() / ".cargo" / "bin"


def synthesize(cargo: Path, out: Path) -> dict[str, Any]:
    """Synthesizes and checks the release and returns its manifest."""
    # Without this build's rights: synthesizing runs the build scripts of crates.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment["PATH"] = f"{cargo}:{environment['PATH']}"
    xtask = ("cargo", "--locked", "xtask")
    command(*xtask, "synth", "--out", out, cwd=ROOT, env=environment)
    told = subprocess.run((*xtask, "check", "--help"), cwd=ROOT, env=environment, capture_output=True, check=False)
    if told.returncode == 2:  # wrong usage
        print("this source has no `cargo xtask check`")
    else:
        command(*xtask, "check", "--out", out, cwd=ROOT, env=environment)
    manifest = json.loads((out / "manifest.json").read_text())
    if manifest["format"] != 1:
        raise WorkError(f"the manifest has format {manifest['format']}, this script reads 1")
    return manifest


def release_id(manifest: dict[str, Any], entry_point: str) -> str:
    """Returns the release's name, made as the entry point's own; raises unless it says the same."""
    keys = [entry["file"] for entry in manifest["templates"] + manifest["assets"]]
    name = hashlib.sha256("\n".join(sorted(key for key in keys if key != ENTRY_POINT)).encode()).hexdigest()[:16]
    if name not in entry_point:
        raise WorkError(f"{ENTRY_POINT} does not name release {name}, which its templates and assets make up")
    return name


def put(s3: Any, bucket: str, key: str, content: bytes, **more: Any) -> None:
    """Writes an object, which S3 refuses if the content does not arrive as it was sent."""
    digest = hashlib.sha256(content)
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=content,
        ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
        ContentType=CONTENT_TYPES.get(Path(key).suffix, "application/octet-stream"),
        Metadata={"sha256": digest.hexdigest()},
        **more,
    )


def put_once(s3: Any, bucket: str, key: str, content: bytes, hashed: str) -> None:
    """Writes an object unless it is there; raises if what is there is something else."""
    for _ in range(TRIES):
        try:
            put(s3, bucket, key, content, IfNoneMatch="*")
            print(f"uploaded {key}")
            return
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "PreconditionFailed":
                break
            if code != "ConditionalRequestConflict":
                raise
            time.sleep(PAUSE)  # another build is writing it
    there = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    # Another version of the compressor makes another zip of the same files.
    if there == content or (key.endswith(".zip") and holds(there, hashed)):
        print(f"there already: {key}")
        return
    raise WorkError(
        f"bucket {bucket}, key {key}: another content is there than its name says: delete it, then try again"
    )


def upload(s3: Any, bucket: str, out: Path, manifest: dict[str, Any]) -> None:
    """Puts the release into the bucket: assets, then children before their parents, the entry point last."""
    entries = [*manifest["assets"], *manifest["templates"]]
    contents = {entry["file"]: (out / entry["file"]).read_bytes() for entry in entries}
    for entry in entries:
        key, name = entry["file"], HASH_IN_KEY.search(entry["file"])
        if hashlib.sha256(contents[key]).hexdigest() != entry["sha256"]:
            raise WorkError(f"{key} is not what the manifest says it is: synthesize again")
        if key != ENTRY_POINT and (name is None or name[1] != entry.get("hash", entry["sha256"])):
            raise WorkError(f"{key} does not have its hash in its name: only {ENTRY_POINT} may change")
    for entry in entries:
        if entry["file"] != ENTRY_POINT:
            put_once(s3, bucket, entry["file"], contents[entry["file"]], entry.get("hash", entry["sha256"]))
    put(s3, bucket, ENTRY_POINT, contents[ENTRY_POINT])
    print(f"uploaded {ENTRY_POINT}")


def export(file: str, **variables: str) -> None:
    """Hands variables to the buildspec, which exports them to the actions that follow."""
    text = "".join(f"{name}={value}\n" for name, value in variables.items())
    Path(file).write_text(text)
    print(text, end="")


def work() -> None:
    """Builds and uploads the release of this checkout."""
    bucket, in_force, release, file = settings("ARTIFACTS_BUCKET", "SOURCE_HASH", "RELEASE_IN_FORCE", "RELEASE_ENV")
    source = list(checkout(ROOT, included()))
    if is_what_runs(source, in_force):
        print(f"release {release} was made from this very source: nothing to build")
        export(file, CHANGED="false", RELEASE_ID=release)
        return
    s3 = client("s3")
    compare_ancestors(s3, bucket, in_force, source)
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out"
        manifest = synthesize(install_rust(Path(home)), out)
        hashes = [entry["hash"] for entry in manifest["assets"] if entry["name"] == SOURCE]
        if hashes != [content_hash(source)]:  # else every run would find a change and deploy
            raise WorkError(f"asset {SOURCE} has hash {hashes}, this script finds {content_hash(source)}")
        release = release_id(manifest, (out / ENTRY_POINT).read_text())
        upload(s3, bucket, out, manifest)
    export(file, CHANGED="true", RELEASE_ID=release)


if __name__ == "__main__":
    sys.exit(run("build_base_model_repo", work))
