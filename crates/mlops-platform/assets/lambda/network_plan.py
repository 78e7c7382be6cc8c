"""Chooses the two zones of the private subnets: zones in which every endpoint service can be had.

Invariant: a subnet never moves. One that stands is found by the tags that CloudFormation itself gave it, the stack's
id and the subnet's logical id, and its zone is the answer, whatever can be had there by now.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, optional, serve, text, texts

PROPERTIES = {"Services": texts, "Az1": optional(text), "Az2": optional(text)}
SUBNETS = ("PrivateSubnet1", "PrivateSubnet2")  # logical ids, in the same stack as this resource
STACK_ID, LOGICAL_ID = "aws:cloudformation:stack-id", "aws:cloudformation:logical-id"


class ZoneError(Exception):
    """The subnets cannot stand where they should."""


def listed(ec2: Any, operation: str, result: str, **wanted: list[str]) -> list[dict[str, Any]]:
    """Returns what an operation lists, of all pages; `wanted` are its filters, with _ for -."""
    filters = [{"Name": key.replace("_", "-"), "Values": values} for key, values in wanted.items()]
    return [item for page in ec2.get_paginator(operation).paginate(Filters=filters) for item in page[result]]


def standing(ec2: Any, stack: str) -> list[str | None]:
    """Returns the zone of each subnet; none for one that does not stand, as at a create."""
    tags = {f"tag:{STACK_ID}": [stack], f"tag:{LOGICAL_ID}": list(SUBNETS)}
    zones = {}
    for subnet in listed(ec2, "describe_subnets", "Subnets", **tags):
        (logical_id,) = (tag["Value"] for tag in subnet["Tags"] if tag["Key"] == LOGICAL_ID)
        zones[logical_id] = subnet["AvailabilityZone"]
    return [zones.get(subnet) for subnet in SUBNETS]


def lacking(ec2: Any, services: list[str]) -> dict[str, list[str]]:
    """Returns the services that each available zone lacks; the zones in the order of their ids."""
    usable = [{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}]
    zones = ec2.describe_availability_zones(Filters=usable)["AvailabilityZones"]
    offered: dict[str, set[str]] = {service: set() for service in services}
    wanted = {"service_name": services, "service_type": ["Interface"]}
    for service in listed(ec2, "describe_vpc_endpoint_services", "ServiceDetails", **wanted):
        offered[service["ServiceName"]].update(service.get("AvailabilityZones", ()))
    names = [zone["ZoneName"] for zone in sorted(zones, key=lambda zone: zone["ZoneId"])]
    return {name: [service for service in services if name not in offered[service]] for name in names}


def table(lacks: dict[str, list[str]], services: list[str]) -> str:
    """Returns which service cannot be had in which zone. The log gets the whole table."""
    missing = {service: [zone for zone in lacks if service in lacks[zone]] for service in services}
    for service in services:
        print(service, *(f"{zone}={'no' if zone in missing[service] else 'yes'}" for zone in lacks))
    return "; ".join(f"{service} is not in {', '.join(zones)}" for service, zones in missing.items() if zones)


def plan(ec2: Any, stands: list[str | None], given: list[str | None], services: list[str]) -> list[str]:
    """Returns both zones: where the subnet stands, else the given one, else the first that has every service."""
    for subnet, old, new in zip(SUBNETS, stands, given, strict=True):
        if old and new and old != new:
            raise ZoneError(f"{subnet} stands in {old} and cannot move to {new}: give {old}, or no zones at all")
    if all(stands):
        return stands
    if given != [None, None] and (None in given or given[0] == given[1]):
        raise ZoneError("Az1 and Az2 must be two different zones, or both empty")
    lacks = lacking(ec2, services)
    for zone in given:
        if zone and zone not in {*lacks, *stands}:
            raise ZoneError(f"{zone} is not an available zone of this region; these are: {', '.join(lacks)}")
        if zone not in stands and lacks.get(zone):
            raise ZoneError(f"{zone} does not have every service: {table(lacks, services)}")
    fixed = [old or new for old, new in zip(stands, given, strict=True)]
    free = [zone for zone, missing in lacks.items() if not missing and zone not in fixed]
    if len(free) < fixed.count(None):
        raise ZoneError(f"fewer than two of {', '.join(lacks)} have every service: {table(lacks, services)}")
    return [zone or free.pop(0) for zone in fixed]


def name(run: "Run") -> str:
    """Returns the physical id: one for each stack."""
    return f"network-plan/{run.event['StackId'].rsplit('/', 1)[-1]}"


def make(run: "Run") -> dict[str, str]:
    """Returns the zones, and the id of the list of S3's addresses. Makes nothing."""
    ec2, given = client("ec2"), run.properties
    run.doing("looking for the subnets")
    stands = standing(ec2, run.event["StackId"])
    run.doing("asking which zones have which endpoint services")
    first, second = plan(ec2, stands, [given["Az1"], given["Az2"]], given["Services"])
    run.doing("looking for the list of S3's addresses")
    wanted = f"com.amazonaws.{ec2.meta.region_name}.s3"
    lists = listed(ec2, "describe_managed_prefix_lists", "PrefixLists", owner_id=["AWS"], prefix_list_name=[wanted])
    if len(lists) != 1:
        raise LookupError(f"{len(lists)} prefix lists are named {wanted}, instead of one")
    return {"Az1": first, "Az2": second, "S3PrefixListId": lists[0]["PrefixListId"]}


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::NetworkPlan`. A delete does nothing."""
    serve(event, context, properties=PROPERTIES, name=name, make=make, remove=None)
