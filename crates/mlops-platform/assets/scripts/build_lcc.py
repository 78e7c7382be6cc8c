"""Makes what JupyterLab starts with in a project's spaces: the lifecycle configuration, and the extension it installs.

Invariant: a configuration is named after its content and never changed, and one that is in use is never deleted.
"""

import base64
import gzip
import hashlib
import io
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from common import WorkError, client, run, settings, warn
from project import gone, of_platform, pairs, remember, tags

STUDIO = Path(__file__).resolve().parent.parent / "studio"
LONGEST = 16_384  # characters of base64 that SageMaker takes
BEGIN = "\nset -u\n"  # the first command of the script
FOLDER = "studio"
IN_USE = "ResourceInUse"


def archive(folder: Path) -> bytes:
    """Returns the files of a folder as a compressed archive, the same bytes for the same files."""
    buffer = io.BytesIO()
    # No clock, no user, no order of the file system, no name of the archive.
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", filename="", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as opened,
    ):
        for file in sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
            content = file.read_bytes()
            info = tarfile.TarInfo(file.relative_to(folder).as_posix())
            info.size, info.mode = len(content), 0o644
            opened.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def script(text: str, project: str) -> str:
    """Returns the script for a project: it cannot learn by itself, in every kind of space, whose it is."""
    head, mark, rest = text.partition(BEGIN)
    if not mark:
        raise WorkError(f"studio/on_start.sh: no line {BEGIN.strip()}, before which the project's name is put")
    # The name is lower-case letters, digits and hyphens.
    return f"{head}\nMLOPS_PROJECT={project}{mark}{rest}"


def encoded(text: str) -> str:
    """Returns a script as SageMaker takes it."""
    content = base64.b64encode(text.encode()).decode()
    if len(content) > LONGEST:
        raise WorkError(
            f"studio/on_start.sh has {len(content)} characters of base64, {LONGEST} are allowed: shorten it"
        )
    return content


def upload(bucket: str, content: bytes) -> str:
    """Puts the extension into the project's bucket, under a name by which the script knows it. Returns the key."""
    key = f"{FOLDER}/extension.{hashlib.sha256(content).hexdigest()}.tar.gz"
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    client("s3").put_object(
        Bucket=bucket, Key=key, Body=content, ChecksumSHA256=checksum, ContentType="application/gzip"
    )
    print(f"uploaded {key}")
    return key


def made(sagemaker: Any, name: str, content: str, tagged: list[dict[str, str]]) -> str:
    """Returns the ARN of the configuration, made unless it is there."""
    try:
        there = sagemaker.describe_studio_lifecycle_config(StudioLifecycleConfigName=name)
        if there["StudioLifecycleConfigContent"] != content:
            raise WorkError(f"lifecycle configuration {name} has another content than its name says: delete it")
        print(f"lifecycle configuration {name} is there")
        return there["StudioLifecycleConfigArn"]
    except ClientError as error:
        if not gone(error):
            raise
    answer = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName=name,
        StudioLifecycleConfigContent=content,
        StudioLifecycleConfigAppType="JupyterLab",
        Tags=tagged,
    )
    print(f"lifecycle configuration {name} made")
    return answer["StudioLifecycleConfigArn"]


def listed(sagemaker: Any, operation: str, key: str, **named: Any) -> Iterator[dict[str, Any]]:
    """Gives the entries of all pages."""
    for page in sagemaker.get_paginator(operation).paginate(**named):
        yield from page[key]


def used(sagemaker: Any, domain: str, project: str) -> set[str]:
    """Returns the configurations that the project's profiles and their spaces start with."""
    found = set()

    def note(settings: dict[str, Any]) -> None:
        lab = settings.get("JupyterLabAppSettings", {})
        found.update(
            [*lab.get("LifecycleConfigArns", []), lab.get("DefaultResourceSpec", {}).get("LifecycleConfigArn")]
        )

    end = f"-{project}"
    for each in listed(
        sagemaker, "list_user_profiles", "UserProfiles", DomainIdEquals=domain, UserProfileNameContains=end
    ):
        name = each["UserProfileName"]
        if name.endswith(end):  # not those of project a-b with a
            note(sagemaker.describe_user_profile(DomainId=domain, UserProfileName=name).get("UserSettings", {}))
    for each in listed(sagemaker, "list_spaces", "Spaces", DomainIdEquals=domain):
        if each.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName", "").endswith(end):
            named = {"DomainId": domain, "SpaceName": each["SpaceName"]}
            note(sagemaker.describe_space(**named).get("SpaceSettings", {}))
    return found


def remove_older(sagemaker: Any, domain: str, project: str, current: str) -> None:
    """Deletes configurations of the project that nothing uses."""
    prefix = f"{project}-lcc-"
    configs = listed(sagemaker, "list_studio_lifecycle_configs", "StudioLifecycleConfigs", NameContains=prefix)
    # By their whole names, not those of project a-lcc-b with a.
    own = re.compile(f"{prefix}[0-9a-f]{{8}}")
    older = [each for each in configs if own.fullmatch(each["StudioLifecycleConfigName"])]
    older = [each for each in older if each["StudioLifecycleConfigArn"] != current]
    in_use = used(sagemaker, domain, project) if older else set()
    for each in older:
        name = each["StudioLifecycleConfigName"]
        if each["StudioLifecycleConfigArn"] in in_use:
            print(f"{name} is still in use: it stays")
            continue
        try:
            sagemaker.delete_studio_lifecycle_config(StudioLifecycleConfigName=name)
            print(f"{name} deleted")
        except ClientError as error:
            if error.response["Error"]["Code"] != IN_USE:
                raise
            print(f"{name} is still in use: it stays")


def work() -> None:
    """Uploads the extension, makes the configuration, and removes what they replace."""
    project, bucket = settings("PROJECT", "PROJECT_BUCKET")
    text = script((STUDIO / "on_start.sh").read_text(), project)
    content = encoded(text)
    name = f"{project}-lcc-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    tagged, sagemaker = tags(project), client("sagemaker")
    remember(project, "extension-key", upload(bucket, archive(STUDIO / "extension")), tagged)
    arn = made(sagemaker, name, content, pairs(tagged))
    remember(project, "lifecycle-config-arn", arn, tagged)
    try:
        remove_older(sagemaker, of_platform("domain-id")["domain-id"], project, arn)
    except ClientError as error:
        warn(f"older lifecycle configurations stay: {error}")


if __name__ == "__main__":
    sys.exit(run("build_lcc", work))
