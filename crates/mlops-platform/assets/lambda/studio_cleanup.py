"""Removes what people made in a Studio domain, or with one profile of it, just before CloudFormation deletes that.

Invariants: a profile that a template made is never deleted; it only loses its apps and spaces, which would hold it.
A domain whose stack lives on loses nothing.
"""

import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, optional, serve, text

PROPERTIES = {"DomainId": optional(text), "UserProfileArn": optional(text)}
PROFILE_ARN = re.compile(r"arn:[^:]+:sagemaker:[^:]+:\d+:user-profile/([^/]+)/([^/]+)")
ALL = "*"
ADMIN = "ds-admin"
GOING = ("DELETE_", "ROLLBACK_")  # of a creation: the rollback of an update is UPDATE_ROLLBACK_
OWNED = ("mlops:platform", "aws:cloudformation:")  # so begin tag keys of a profile that a template made
GONE = ("Deleted", "Failed")  # of apps: a failed one holds nothing, and SageMaker refuses to delete it
CHANGING = ("Deleting", "Pending", "Updating")  # until that is over, SageMaker refuses to delete
POLL = 10
HAND_OVER = 100  # seconds left below which a further invocation goes on; a round seldom takes twenty
IDS = ("DomainId", "SpaceName", "UserProfileName", "AppType", "AppName")


class Thing:
    """An app, a space or a profile, as a listing tells of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Takes an item of a listing."""
        self.status, self.ids = told["Status"], {key: told[key] for key in IDS if told.get(key)}
        if "SpaceName" in self.ids:
            self.ids.pop("UserProfileName", None)  # SageMaker takes only one of the two
        self.kind = "app" if "AppName" in self.ids else "space" if "SpaceName" in self.ids else "user_profile"
        self.label = "/".join([self.kind, *self.ids.values()])


class Studio:
    """A domain, or what one profile has in it."""

    def __init__(self, domain: str, profile: str) -> None:
        """Takes their ids; ALL stands for every profile."""
        self.domain, self.profile, self.sagemaker = domain, profile.lower(), client("sagemaker")

    def call(self, operation: str, passes: tuple[str, ...], **ids: str) -> dict[str, Any] | None:
        """Returns the answer, none if it is an error that passes."""
        try:
            return getattr(self.sagemaker, operation)(**ids)
        except ClientError as error:
            if error.response["Error"]["Code"] not in passes:
                raise
            return None

    def listed(self, operation: str, result: str) -> list[dict[str, Any]]:
        """Returns what the domain has, of all pages."""
        pages = self.sagemaker.get_paginator(operation)
        asked = {"DomainIdEquals": self.domain, "PaginationConfig": {"PageSize": 100}}
        return [item for page in pages.paginate(**asked) for item in page[result]]

    def meant(self, profile: str | None) -> bool:
        """Returns whether what this profile has is to go. SageMaker does not tell capitals from small letters."""
        return self.profile in (ALL, (profile or "").lower())

    def foreign(self, profile: str) -> bool:
        """Returns whether no template made the profile."""
        if profile.lower() == ADMIN:
            return False
        arn = self.sagemaker.describe_user_profile(DomainId=self.domain, UserProfileName=profile)["UserProfileArn"]
        tags = self.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return not any(tag["Key"].startswith(OWNED) for page in tags for tag in page["Tags"])

    def left(self) -> list[Thing]:
        """Returns what is to go next: apps, after them spaces, after them profiles."""
        spaces = self.listed("list_spaces", "Spaces")
        spaces = [it for it in spaces if self.meant(it.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName"))]
        names = {space["SpaceName"] for space in spaces}
        apps = [it for it in self.listed("list_apps", "Apps") if it["Status"] not in GONE]
        apps = [it for it in apps if it.get("SpaceName") in names or self.meant(it.get("UserProfileName"))]
        found = apps or spaces
        if not found and self.profile == ALL:
            profiles = self.listed("list_user_profiles", "UserProfiles")
            found = [it for it in profiles if self.foreign(it["UserProfileName"])]
        return [Thing(it) for it in found]

    def delete(self, thing: Thing, asked: set[str]) -> None:
        """Asks SageMaker to delete it; raises if it was asked before and it failed."""
        if thing.label in asked and thing.status.endswith("Failed"):
            told = self.call(f"describe_{thing.kind}", ("ResourceNotFound",), **thing.ids) or {}
            raise RuntimeError(f"{thing.label} is {thing.status}: {told.get('FailureReason', 'no reason given')}")
        if self.call(f"delete_{thing.kind}", ("ResourceNotFound", "ResourceInUse"), **thing.ids) is not None:
            asked.add(thing.label)


def scope(run: "Run") -> tuple[str, str]:
    """Returns the ids of the domain and of the profile."""
    domain, arn = run.properties["DomainId"], run.properties["UserProfileArn"]
    if domain and not arn:
        return domain, ALL
    profile = PROFILE_ARN.fullmatch(arn or "")
    if domain or not profile:
        raise ValueError("bad properties: give either DomainId or UserProfileArn, the ARN of a user profile")
    return profile[1], profile[2]


def name(run: "Run") -> str:
    """Returns the physical id."""
    return "/".join(("studio-cleanup", *scope(run)))


def remove(run: "Run") -> None:
    """Deletes and waits until nothing is left; a further invocation goes on if that takes too long."""
    studio, asked = Studio(*scope(run)), set()
    run.doing(f"asking for domain {studio.domain} and its stack")
    if studio.profile == ALL:  # a profile may be replaced in an update, a domain may not
        status = client("cloudformation").describe_stacks(StackName=run.event["StackId"])["Stacks"][0]["StackStatus"]
        if not status.startswith(GOING):
            print(f"everything stays as it is: the stack is {status}")
            return
    if studio.call("describe_domain", ("ResourceNotFound",), DomainId=studio.domain) is None:
        return
    while things := studio.left():
        states = ", ".join(f"{thing.label} ({thing.status})" for thing in things[:5])
        run.doing(f"waiting for {len(things)} to go: {states}")
        for thing in things:
            if run.seconds_left() < HAND_OVER:
                run.done = len(asked)
                run.hand_over()
            if thing.status not in CHANGING:
                studio.delete(thing, asked)
        time.sleep(POLL)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::StudioCleanup`. A create and an update do nothing."""
    serve(event, context, properties=PROPERTIES, name=name, make=None, remove=remove)
