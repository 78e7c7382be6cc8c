"""Removes what SageMaker leaves behind of a deleted Studio domain, so that its network can be deleted.

Invariant: nothing of a domain that still exists is touched, and home directories go only in mode Delete.
"""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, serve, text, texts

TAG = "ManagedByAmazonSageMakerResource"  # SageMaker's own: the ARN of the domain
MARK = "mlops:delete-with"  # ours, on a file system to delete: a further try finds it without mount targets, too
GROUPS = ["security-group-for-inbound-nfs-d-*", "security-group-for-outbound-nfs-d-*"]  # d-* is the domain's id
GONE = ".*NotFound"
PASSES = f"{GONE}|.*InUse|Dependency.*|AuthFailure|OperationNotPermitted"  # gone, busy, or SageMaker's to delete
POLL = 10


def mode(value: Any) -> str:
    """Returns the property; raises unless it is one of the two modes."""
    if value in ("Retain", "Delete"):
        return value
    raise ValueError("must be Retain or Delete")


PROPERTIES = {"VpcId": text, "SubnetIds": texts, "Mode": mode}


def attempt(call: Callable, passes: str, **how: Any) -> bool:
    """Returns whether the call went well; raises unless the code of its error is one that passes."""
    try:
        call(**how)
    except ClientError as error:
        if not re.fullmatch(passes, error.response["Error"]["Code"]):
            raise
        print(error)
        return False
    return True


def mount_targets(efs: Any, subnets: list[str], *file_systems: str) -> dict[str, bool]:
    """Returns the mount targets in the subnets, and whether they can be deleted now."""
    found = {}
    for file_system in file_systems:  # one page each: there is at most one target in a zone
        for target in efs.describe_mount_targets(FileSystemId=file_system)["MountTargets"]:
            if target["SubnetId"] in subnets:
                changing = target["LifeCycleState"] in ("creating", "updating", "deleting")
                found[target["MountTargetId"]] = not changing
    return found


def file_systems(efs: Any, vpc: str, subnets: list[str]) -> dict[str, str]:
    """Returns the file systems of domains that are, or were, mounted in the subnets, each with its domain's id."""
    found = {}
    for page in efs.get_paginator("describe_file_systems").paginate():
        for system in page["FileSystems"]:
            key, tags = system["FileSystemId"], {tag["Key"]: tag["Value"] for tag in system["Tags"]}
            domain = tags.get(TAG, "").partition(":domain/")[2]
            if not domain or system["LifeCycleState"] in ("deleting", "deleted"):
                continue
            if tags.get(MARK) == vpc or mount_targets(efs, subnets, key):
                found[key] = domain
    return found


def listed(ec2: Any, operation: str, result: str, **wanted: list[str]) -> list[dict[str, Any]]:
    """Returns what an operation lists, of all pages; `wanted` are its filters, with _ for -."""
    filters = [{"Name": key.replace("_", "-"), "Values": values} for key, values in wanted.items()]
    return [item for page in ec2.get_paginator(operation).paginate(Filters=filters) for item in page[result]]


def interfaces(ec2: Any, subnets: list[str]) -> dict[str, bool]:
    """Returns SageMaker's network interfaces, and whether they are detached: it may forget to delete such."""
    found = listed(ec2, "describe_network_interfaces", "NetworkInterfaces", subnet_id=subnets)
    theirs = [it for it in found if "sagemaker" in f"{it.get('Description')} {it.get('RequesterId')}".lower()]
    return {it["NetworkInterfaceId"]: it["Status"] == "available" for it in theirs}


def nfs_groups(ec2: Any, vpc: str) -> dict[str, dict[str, Any]]:
    """Returns the security groups that SageMaker made for NFS."""
    found = listed(ec2, "describe_security_groups", "SecurityGroups", vpc_id=[vpc], group_name=GROUPS)
    return {group["GroupId"]: group for group in found}


def revoke_rules(ec2: Any, groups: dict[str, dict[str, Any]]) -> None:
    """Removes the groups' rules, which name each other."""
    for key, group in groups.items():
        if rules := group.get("IpPermissions"):
            attempt(ec2.revoke_security_group_ingress, GONE, GroupId=key, IpPermissions=rules)
        if rules := group.get("IpPermissionsEgress"):
            attempt(ec2.revoke_security_group_egress, GONE, GroupId=key, IpPermissions=rules)


def refuse_living(domains: set[str]) -> None:
    """Raises if a domain still exists."""
    for domain in sorted(domains):
        if attempt(client("sagemaker").describe_domain, GONE, DomainId=domain):
            raise RuntimeError(f"domain {domain} still exists and uses this network: delete it first")


def clear(run: "Run", what: str, delete: Callable, key: str, find: Callable, *where: Any) -> None:
    """Deletes what is found, where its value is true, until nothing is; a time-out names what is still there."""
    while found := find(*where):
        run.doing(f"waiting for {what} to go: {', '.join(found)}")
        for thing, ready in found.items():
            if ready:
                attempt(delete, PASSES, **{key: thing})
        time.sleep(POLL)


def name(run: "Run") -> str:
    """Returns the physical id."""
    return f"studio-storage/{run.properties['VpcId']}"


def remove(run: "Run") -> None:
    """Removes all that would keep subnets, security groups and VPC from being deleted."""
    vpc, subnets, delete = run.properties["VpcId"], run.properties["SubnetIds"], run.properties["Mode"] == "Delete"
    ec2, efs = client("ec2"), client("efs")
    run.doing("looking for file systems and security groups of Studio domains")
    domains, groups = file_systems(efs, vpc, subnets), nfs_groups(ec2, vpc)
    refuse_living({*domains.values(), *(group["GroupName"].partition("-nfs-")[2] for group in groups.values())})
    for key, domain in domains.items():
        print(f"file system {key}, home directories of {domain}: {run.properties['Mode']}")
        if delete:
            efs.tag_resource(ResourceId=key, Tags=[{"Key": MARK, "Value": vpc}])
    clear(run, "mount targets", efs.delete_mount_target, "MountTargetId", mount_targets, efs, subnets, *domains)
    if delete:
        clear(run, "file systems", efs.delete_file_system, "FileSystemId", file_systems, efs, vpc, subnets)
    clear(run, "network interfaces", ec2.delete_network_interface, "NetworkInterfaceId", interfaces, ec2, subnets)
    revoke_rules(ec2, groups)
    clear(run, "security groups", ec2.delete_security_group, "GroupId", nfs_groups, ec2, vpc)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::StudioStorageCleanup`. A create and an update do nothing."""
    serve(event, context, properties=PROPERTIES, name=name, make=None, remove=remove)
