"""Puts the wheels of `packages.txt` into the platform's Python repository.

Invariant: only a file with a hash in the list is uploaded, and nothing that is there is ever replaced.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from common import WorkError, client, command, run, settings

PACKAGES = Path(__file__).resolve().parent / "packages.txt"
PYTHONS = ("3.10", "3.11", "3.12")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+]+)((?:\s+--hash=sha256:[0-9a-f]{64})+)")


class Package(NamedTuple):
    """A line of the list."""

    name: str
    version: str
    hashes: frozenset[str]


class Repository(NamedTuple):
    """The Python repository in CodeArtifact."""

    codeartifact: Any
    domain: str
    name: str

    def __str__(self) -> str:
        """Returns the name for a person."""
        return f"{self.domain}/{self.name}"

    def assets(self, package: Package) -> dict[str, str]:
        """Returns the files of a package that the repository has, each with its SHA-256."""
        pages = self.codeartifact.get_paginator("list_package_version_assets").paginate(
            domain=self.domain,
            repository=self.name,
            format="pypi",
            package=package.name,
            packageVersion=package.version,
        )
        try:
            return {asset["name"]: asset["hashes"]["SHA-256"] for page in pages for asset in page["assets"]}
        except self.codeartifact.exceptions.ResourceNotFoundException:
            return {}

    def access(self) -> dict[str, str]:
        """Returns what twine finds the repository with: environment variables that this process does not have."""
        endpoint = self.codeartifact.get_repository_endpoint(domain=self.domain, repository=self.name, format="pypi")
        token = self.codeartifact.get_authorization_token(domain=self.domain, durationSeconds=3600)
        return {
            "TWINE_REPOSITORY_URL": endpoint["repositoryEndpoint"],
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": token["authorizationToken"],
            "TWINE_NON_INTERACTIVE": "1",
        }


def packages(text: str) -> list[Package]:
    """Returns the packages of a list as pip reads it; raises unless each has one version and its hashes."""
    found, wrong = [], []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pin = PIN.fullmatch(line.strip())
        if pin is None:
            wrong.append(line.strip())
            continue
        name = re.sub(r"[-_.]+", "-", pin[1]).lower()  # as CodeArtifact writes it
        found.append(Package(name, pin[2], frozenset(re.findall(r"sha256:(\S+)", pin[3]))))
    if wrong:
        raise WorkError("\n  ".join(["lines must be `name==version --hash=sha256:...`:", *wrong]))
    return found


def download(packages_file: Path, folder: Path) -> list[Path]:
    """Downloads the listed wheels for every Python. pip refuses other hashes, and a list that lacks what one needs."""
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    for python in PYTHONS:
        target = ["--implementation", "cp", "--python-version", python, *platforms]
        options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"]
        where = ["--requirement", packages_file, "--dest", folder]
        command(sys.executable, "-m", "pip", "download", *options, *target, *where)
    return sorted(folder.iterdir())


def publish(repository: Repository, package: Package, wheels: dict[str, Path], access: dict[str, str]) -> None:
    """Uploads the wheels of a package, by hash, that the repository does not have."""
    there = repository.assets(package)
    for sha256 in sorted(package.hashes - set(there.values())):
        wheel = wheels.get(sha256)
        if wheel is None:
            raise WorkError(f"{package.name}=={package.version}: no wheel for {', '.join(PYTHONS)} has hash {sha256}")
        if wheel.name in there:
            raise WorkError(f"{repository} has {wheel.name} with another content: list a newer version")
        words = [sys.executable, "-m", "twine", "upload", "--disable-progress-bar", str(wheel)]
        status = subprocess.run(words, check=False, env={**os.environ, **access}).returncode
        # Refused as there already (409), if another build was faster: what counts is what is there.
        if status and repository.assets(package).get(wheel.name) != sha256:
            raise WorkError(f"{wheel.name} was not taken by {repository}, see above")
        print(f"published {wheel.name}", flush=True)


def work() -> None:
    """Publishes what the repository lacks; downloads nothing if that is nothing."""
    domain, name = settings("CODEARTIFACT_DOMAIN", "CODEARTIFACT_REPOSITORY")
    repository = Repository(client("codeartifact"), domain, name)
    listed = packages(PACKAGES.read_text())
    missing = [package for package in listed if package.hashes - set(repository.assets(package).values())]
    if not missing:
        print(f"{repository} has all {len(listed)} packages: nothing to publish")
        return
    with tempfile.TemporaryDirectory() as folder:
        wheels = {hashlib.sha256(wheel.read_bytes()).hexdigest(): wheel for wheel in download(PACKAGES, Path(folder))}
        access = repository.access()
        for package in missing:
            publish(repository, package, wheels, access)


if __name__ == "__main__":
    sys.exit(run("build_codeartifact", work))
