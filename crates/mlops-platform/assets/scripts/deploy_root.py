"""Updates the root stack to the release that was built: the one owner of everything that the platform consists of.

Invariant: a stack that somebody else changes is waited for, and one that is not whole is not touched.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

from common import ENTRY_POINT, WorkError, client, run, settings, warn

STABLE = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
}
STARTS = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
NOTHING = ("didn't contain changes", "No updates are to be performed")
BEFORE, UPDATE, CHANGE_SET, START = 60 * 60, 100 * 60, 10 * 60, 60  # seconds: in all below the build's 180 minutes
POLL = 15
SHOWN = 10


class Root:
    """The root stack."""

    def __init__(self, cloudformation: Any, name: str) -> None:
        """Takes a client, and the stack's name or id."""
        self.cloudformation, self.name = cloudformation, name

    def described(self) -> dict[str, Any]:
        """Returns what CloudFormation says of the stack."""
        return self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]

    def settled(self, seconds: int) -> dict[str, Any]:
        """Waits until nothing is in progress and returns the description."""
        until, said = time.monotonic() + seconds, None
        while (stack := self.described())["StackStatus"].endswith("_IN_PROGRESS"):
            if said != stack["StackStatus"]:
                said = stack["StackStatus"]
                print(f"waiting: stack {self.name} is {said}")
            if time.monotonic() >= until:
                raise WorkError(
                    f"stack {self.name} is still {said} after {seconds // 60} minutes: retry this stage later"
                )
            time.sleep(POLL)
        return stack

    def started(self, before: dict[str, Any]) -> None:
        """Waits until an update can be seen: until then, the status is that of the one before."""
        until = time.monotonic() + START
        while time.monotonic() < until:
            now = self.described()
            if any(now.get(field) != before.get(field) for field in ("StackStatus", "LastUpdatedTime")):
                return
            time.sleep(POLL)

    def last_operation(self, stack: str) -> Iterator[dict[str, Any]]:
        """Gives the events of the last operation on a stack, the newest first."""
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                if event.get("PhysicalResourceId") == event["StackId"] and event["ResourceStatus"] in STARTS:
                    return
                yield event

    def failures(self, stack: str) -> list[dict[str, Any]]:
        """Returns the failures in the last operation on a stack and on those that it nests, the oldest first."""
        found, stacks = [], [stack]
        for one in stacks:  # which grows
            for event in self.last_operation(one):
                if not event["ResourceStatus"].endswith("_FAILED"):
                    continue
                found.append(event)
                nested = event.get("PhysicalResourceId")
                if event["ResourceType"] == "AWS::CloudFormation::Stack" and nested and nested not in stacks:
                    stacks.append(nested)
        return sorted(found, key=lambda event: event["Timestamp"])

    def failed(self, stack: dict[str, Any]) -> WorkError:
        """Returns an error that tells the stack's first failures."""
        lines = [f"stack {self.name} is {stack['StackStatus']}: {stack.get('StackStatusReason', 'no reason given')}"]
        events = self.failures(stack["StackId"])
        for event in events[:SHOWN]:
            reason = event.get("ResourceStatusReason", "no reason given")
            where = f"{event['StackName']}, {event['LogicalResourceId']} ({event['ResourceType']})"
            lines.append(f"  {event['Timestamp']:%H:%M:%S} {where}: {event['ResourceStatus']}: {reason}")
        if len(events) > SHOWN:
            lines.append(f"  and {len(events) - SHOWN} more")
        return WorkError("\n".join(lines))


def parameters(stack: dict[str, Any], wanted: list[str], given: dict[str, str]) -> list[dict[str, Any]]:
    """Returns the values for the parameters that the new template has: given, else as before, else its default."""
    before = {parameter["ParameterKey"] for parameter in stack.get("Parameters", [])}
    values: list[dict[str, Any]] = []
    for name in wanted:
        if name in given:
            values.append({"ParameterKey": name, "ParameterValue": given[name]})
        elif name in before:
            values.append({"ParameterKey": name, "UsePreviousValue": True})
        else:
            print(f"parameter {name} is new: it gets its default")
    return values


def change_set(cloudformation: Any, stack: dict[str, Any], name: str, url: str, given: dict[str, str]) -> str | None:
    """Makes a change set and returns its id; none if there is nothing to change."""
    summary = cloudformation.get_template_summary(TemplateURL=url)
    wanted = [parameter["ParameterKey"] for parameter in summary.get("Parameters", [])]
    made = cloudformation.create_change_set(
        StackName=stack["StackId"],
        ChangeSetName=name,
        ChangeSetType="UPDATE",
        TemplateURL=url,
        Parameters=parameters(stack, wanted, given),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )["Id"]
    until = time.monotonic() + CHANGE_SET
    while True:
        state = cloudformation.describe_change_set(ChangeSetName=made)
        if state["Status"] == "CREATE_COMPLETE":
            return made
        reason = state.get("StatusReason", "no reason given")
        if state["Status"] == "FAILED":
            cloudformation.delete_change_set(ChangeSetName=made)
            if any(text in reason for text in NOTHING):
                return None
            raise WorkError(f"change set {name} failed: {reason}")
        if time.monotonic() >= until:
            raise WorkError(f"change set {name} is still {state['Status']} after {CHANGE_SET // 60} minutes: {reason}")
        time.sleep(POLL)


def show(cloudformation: Any, made: str) -> None:
    """Prints what the change set changes."""
    replaced = {"True": ", replaced", "Conditional": ", perhaps replaced"}
    for page in cloudformation.get_paginator("describe_change_set").paginate(ChangeSetName=made):
        for change in (entry["ResourceChange"] for entry in page["Changes"]):
            more = replaced.get(change.get("Replacement", ""), "")
            print(f"  {change['Action']} {change['LogicalResourceId']} ({change['ResourceType']}){more}")


def deploy(root: Root, name: str, bucket: str) -> None:
    """Brings the root stack to the template in the bucket."""
    cloudformation = root.cloudformation
    region = cloudformation.meta.region_name
    stack = root.settled(BEFORE)
    if stack["StackStatus"] not in STABLE:
        raise root.failed(stack)
    url = f"https://{bucket}.s3.{region}.amazonaws.com/{ENTRY_POINT}"
    made = change_set(cloudformation, stack, name, url, {"BucketName": bucket, "BucketRegion": region})
    if made is None:
        print("no changes")
        return
    print(f"change set {name}:")
    show(cloudformation, made)
    cloudformation.execute_change_set(ChangeSetName=made)
    root.started(stack)
    stack = root.settled(UPDATE)
    if stack["StackStatus"] != "UPDATE_COMPLETE":
        raise root.failed(stack)
    print(f"stack {root.name} is UPDATE_COMPLETE")


def work() -> None:
    """Deploys what was built, if anything was."""
    changed, release = settings("CHANGED", "RELEASE_ID")
    if changed not in ("true", "false"):
        raise WorkError(f"CHANGED is {changed}: action build_base_model_repo exports true or false")
    if changed == "false":
        print(f"release {release} is in force: nothing to deploy")
        return
    bucket, name, number = settings("ARTIFACTS_BUCKET", "ROOT_STACK", "CODEBUILD_BUILD_NUMBER")
    root = Root(client("cloudformation"), name)
    deploy(root, f"release-{release}-{number}", bucket)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in root.described().get("Outputs", [])}
    if outputs.get("ReleaseId") != release:
        warn(f"release {outputs.get('ReleaseId')} is in force, not {release}: a later run has built it meanwhile")


if __name__ == "__main__":
    sys.exit(run("deploy_platform", work))
