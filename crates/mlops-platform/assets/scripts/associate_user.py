"""Gives a user's Studio profile the lifecycle configuration of the project.

Invariant: only a profile that carries the project's tag is touched, and of it only what JupyterLab starts with.
"""

import re
import sys
import time
from typing import Any

from common import WorkError, client, run, settings
from project import of_platform, of_project

UPDATABLE = {"InService", "Update_Failed"}
PASSING = {"Pending", "Updating"}
TAG = "sagemaker:project-id"
WAIT, POLL = 10 * 60, 5  # seconds: two waits are below the build's 30 minutes, and most take none


class Profile:
    """A user's profile in the Studio domain."""

    def __init__(self, domain: str, name: str) -> None:
        """Takes the domain's id and the profile's name."""
        self.sagemaker, self.name = client("sagemaker"), name
        self.named = {"DomainId": domain, "UserProfileName": name}

    def settled(self) -> dict[str, Any]:
        """Waits until nothing is in progress and returns what SageMaker says of the profile."""
        until = time.monotonic() + WAIT
        while (profile := self.sagemaker.describe_user_profile(**self.named))["Status"] in PASSING:
            if time.monotonic() >= until:
                raise WorkError(f"profile {self.name} is still {profile['Status']}: retry this stage later")
            time.sleep(POLL)
        return profile

    def refuse_others(self, profile: dict[str, Any], project_id: str) -> None:
        """Raises unless the profile is the project's."""
        pages = self.sagemaker.get_paginator("list_tags").paginate(ResourceArn=profile["UserProfileArn"])
        if {"Key": TAG, "Value": project_id} not in [tag for page in pages for tag in page["Tags"]]:
            raise WorkError(f"profile {self.name} lacks tag {TAG} = {project_id}: launch the project's user product")

    def update(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Changes what JupyterLab starts with, and waits for it."""
        self.sagemaker.update_user_profile(**self.named, UserSettings={"JupyterLabAppSettings": settings})
        return self.settled()


def started_with(profile: dict[str, Any], project: str, arn: str) -> dict[str, Any]:
    """Returns JupyterLab's settings with this configuration of the project instead of any other of it."""
    has = profile.get("UserSettings", {}).get("JupyterLabAppSettings", {})
    own = re.compile(rf".*/{re.escape(project)}-lcc-[0-9a-f]{{8}}")
    others = [each for each in has.get("LifecycleConfigArns", []) if not own.fullmatch(each)]
    default = has.get("DefaultResourceSpec", {}) | {"LifecycleConfigArn": arn}
    return has | {"LifecycleConfigArns": [*others, arn], "DefaultResourceSpec": default}


def work() -> None:
    """Updates the profile unless it is as it should be."""
    project, project_id, name = settings("PROJECT", "PROJECT_ID", "USER_PROFILE")
    status = of_project(project, "status")["status"]
    if status != "ready":
        raise WorkError(f"project {project} is {status}: wait for {project}_project_pipeline, then retry this stage")
    arn = of_project(project, "lifecycle-config-arn")["lifecycle-config-arn"]
    platform = of_platform("domain-id", "datascientist-role-arn")
    user = Profile(platform["domain-id"], name)
    profile = user.settled()
    user.refuse_others(profile, project_id)
    if profile["Status"] not in UPDATABLE:
        raise WorkError(f"profile {name} is {profile['Status']}: {profile.get('FailureReason', 'no reason given')}")
    if started_with(profile, project, arn) != profile.get("UserSettings", {}).get("JupyterLabAppSettings"):
        profile = user.update(started_with(profile, project, arn))
    given = profile.get("UserSettings", {}).get("JupyterLabAppSettings", {})
    if profile["Status"] != "InService" or given.get("DefaultResourceSpec", {}).get("LifecycleConfigArn") != arn:
        reason = profile.get("FailureReason", "no reason given")
        raise WorkError(f"profile {name} is {profile['Status']} and was not given {arn}: {reason}")
    print(f"profile {name} starts JupyterLab with {arn}")
    role = platform["datascientist-role-arn"].rpartition("/")[2]
    print(
        f"to sign in: switch to role {role}, then SageMaker, Domains, {platform['domain-id']}, {name}, Launch, Studio"
    )


if __name__ == "__main__":
    sys.exit(run("associate_user_lifecycle", work))
