"""Where a project's images are, and what they are built on.

Invariant: the same commit and the same files give the same tag, so that an image is built once.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from common import WorkError

BASES = Path(__file__).resolve().parent / "base_images.json"
SHARED = ("src", "model_config.yaml")  # what every image holds beside the folder of its own
LEFT_BEHIND = "__pycache__"
SHORT = 12  # digits of a hash that tell versions of one repository apart


def tag(root: Path, container: str, commit: str) -> str:
    """Returns the tag of a container's image: the commit, and what its files amount to."""
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise WorkError(f"COMMIT_ID is {commit}, allowed are 40 hexadecimal digits: the pipeline's action sets it")
    folder = root / "containers" / container
    if not (folder / "Dockerfile").is_file():
        raise WorkError(f"containers/{container}/Dockerfile is missing in the project's repository: restore it")
    digest = hashlib.sha256()
    for top in (folder, *(root / name for name in SHARED)):
        for file in (top, *sorted(top.rglob("*"))):
            if file.is_file() and LEFT_BEHIND not in file.parts:
                digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"{commit[:SHORT]}-{digest.hexdigest()[:SHORT]}"


def base(config: dict[str, Any], region: str) -> str:
    """Returns SageMaker's image of the framework that a project's configuration names."""
    known = json.loads(BASES.read_text())["frameworks"]
    framework, version = str(config.get("framework")), str(config.get("framework_version"))
    if framework not in known:
        raise WorkError(f"model_config.yaml: framework is {framework}, allowed are {', '.join(known)}")
    images, accounts = known[framework]["images"], known[framework]["accounts"]
    if version not in images:
        allowed = ", ".join(images)
        raise WorkError(f"model_config.yaml: framework_version is {version}, allowed for {framework} are {allowed}")
    if region not in accounts:
        raise WorkError(f"region {region} has no image of {framework}: it is none of the platform's regions")
    return f"{accounts[region]}.dkr.ecr.{region}.amazonaws.com/{images[version]}"
