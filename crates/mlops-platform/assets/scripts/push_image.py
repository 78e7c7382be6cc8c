"""Builds a container of the project and pushes its image, unless that is there.

Invariant: the token of the Python repository is in no layer, no argument and no environment of the image; and what was
pushed is never replaced.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from common import WorkError, client, command, run, settings
from images import base, tag
from model_config import is_placeholder, load
from project import CONTAINERS, of_platform, of_project, stop


def is_there(ecr: Any, repository: str, image_tag: str) -> bool:
    """Returns whether the repository has an image with this tag."""
    try:
        ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": image_tag}])
    except ecr.exceptions.ImageNotFoundException:
        return False
    return True


def log_in(ecr: Any, registries: set[str], environment: dict[str, str]) -> None:
    """Lets docker pull from and push to registries. The token goes in by standard input."""
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, password = base64.b64decode(token).decode().split(":", 1)
    for registry in sorted(registries):
        words = ("docker", "login", "--username", user, "--password-stdin", registry)
        command(*words, env=environment, input=password.encode(), stdout=subprocess.DEVNULL)


def pip_conf() -> str:
    """Returns the configuration by which pip finds the platform's Python repository, with a token for an hour."""
    domain, repository = of_platform("codeartifact-domain", "codeartifact-repository").values()
    codeartifact = client("codeartifact")
    endpoint = codeartifact.get_repository_endpoint(domain=domain, repository=repository, format="pypi")
    token = codeartifact.get_authorization_token(domain=domain, durationSeconds=3600)["authorizationToken"]
    scheme, place = endpoint["repositoryEndpoint"].rstrip("/").split("://", 1)
    return f"[global]\nindex-url = {scheme}://aws:{token}@{place}/simple/\n"


def build(root: Path, container: str, image: str, on: str, home: Path) -> None:
    """Builds the image and pushes it."""
    ecr = client("ecr")
    environment = {
        **os.environ,
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",  # SageMaker takes images, not indexes of images and attestations
        "DOCKER_BUILDKIT": "1",
        "DOCKER_CONFIG": str(home),
    }
    log_in(ecr, {image.split("/", 1)[0], on.split("/", 1)[0]}, environment)
    secret = home / "pip.conf"
    secret.touch(0o600)
    secret.write_text(pip_conf())
    file = root / "containers" / container / "Dockerfile"
    words = ("--secret", f"id=pip_conf,src={secret}", "--build-arg", f"BASE_IMAGE={on}", "--file", file, "--tag", image)
    command("docker", "build", "--progress", "plain", *words, root, env=environment)
    command("docker", "push", image, env=environment)


def work() -> None:
    """Builds the container's image, or stops the pipeline if there is no data yet to work on."""
    project, container, commit, region = settings("PROJECT", "CONTAINER", "COMMIT_ID", "AWS_REGION")
    (source,) = settings("CODEBUILD_SRC_DIR_ProjectRepo")
    if container not in CONTAINERS:
        raise WorkError(f"CONTAINER is {container}, allowed are {', '.join(CONTAINERS)}: the pipeline's action sets it")
    root = Path(source)
    config, _ = load(root)
    if is_placeholder(config):
        stop("model_config.yaml names no data yet: set data_config.inputs.data and merge to main")
        return
    image_tag, on = tag(root, container, commit), base(config, region)
    uri = of_project(project, f"ecr/{container}")[f"ecr/{container}"]
    ecr, repository = client("ecr"), uri.split("/", 1)[1]
    if is_there(ecr, repository, image_tag):
        print(f"there already: {uri}:{image_tag}")
        return
    with tempfile.TemporaryDirectory() as home:
        try:
            build(root, container, f"{uri}:{image_tag}", on, Path(home))
        except WorkError:
            # Refused as there already, if another build was faster: what counts is what is there.
            if not is_there(ecr, repository, image_tag):
                raise
    print(f"pushed {uri}:{image_tag}")


if __name__ == "__main__":
    sys.exit(run("push_image", work))
