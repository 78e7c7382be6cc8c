"""`Custom::NetworkPlan`."""

import urllib.parse

import pytest
from conftest import LAMBDA, LOG_STREAM, NEVER_MADE, REGION, STACK, Hanging, load, serving

ID = "network-plan/0a1b"
A, B, C = (f"{REGION}{letter}" for letter in "abc")
IDS = {A: "eus1-az3", B: "eus1-az1", C: "eus1-az2"}  # the account's names and AWS's ids differ in their order
API, STUDIO = f"com.amazonaws.{REGION}.sagemaker.api", f"aws.sagemaker.{REGION}.studio"
EVERYWHERE = {API: [A, B, C], STUDIO: [A, B, C]}
S3 = f"com.amazonaws.{REGION}.s3"
LIST = "pl-0a1b"
STACK_ID, LOGICAL_ID = "aws:cloudformation:stack-id", "aws:cloudformation:logical-id"


def properties(**more):
    return {"Services": [API, STUDIO], "Az1": "", "Az2": ""} | more


def filters(**values):
    return [{"Name": name.replace("_", "-"), "Values": value} for name, value in values.items()]


class Script:
    """Tells the stub which calls to expect, and what to answer; the first argument of each is the first page."""

    def __init__(self, aws):
        self.ec2 = aws("ec2")

    def pages(self, operation, result, pages, asked):
        for number, page in enumerate(pages):
            answer = {result: page} | ({"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {})
            token = {"NextToken": f"t{number}"} if number else {}
            self.ec2.add_response(operation, answer, {"Filters": asked} | token)

    def subnets(self, *pages):
        """Each page maps logical ids to zones."""
        asked = [
            {"Name": f"tag:{STACK_ID}", "Values": [STACK]},
            {"Name": f"tag:{LOGICAL_ID}", "Values": ["PrivateSubnet1", "PrivateSubnet2"]},
        ]
        found = [
            [
                {
                    "AvailabilityZone": zone,
                    "Tags": [{"Key": STACK_ID, "Value": STACK}, {"Key": LOGICAL_ID, "Value": logical_id}],
                }
                for logical_id, zone in page.items()
            ]
            for page in pages or [{}]
        ]
        self.pages("describe_subnets", "Subnets", found, asked)

    def zones(self, *zones):
        found = [{"ZoneName": zone, "ZoneId": IDS[zone]} for zone in zones or (A, B, C)]
        asked = {"Filters": filters(zone_type=["availability-zone"], state=["available"])}
        self.ec2.add_response("describe_availability_zones", {"AvailabilityZones": found}, asked)

    def services(self, *pages, names=(API, STUDIO)):
        """Each page maps services to zones."""
        found = [
            [{"ServiceName": service, "AvailabilityZones": zones} for service, zones in page.items()] for page in pages
        ]
        asked = filters(service_name=list(names), service_type=["Interface"])
        self.pages("describe_vpc_endpoint_services", "ServiceDetails", found, asked)

    def lists(self, *pages):
        found = [[{"PrefixListId": key, "PrefixListName": S3} for key in page] for page in pages or [[LIST]]]
        asked = filters(owner_id=["AWS"], prefix_list_name=[S3])
        self.pages("describe_managed_prefix_lists", "PrefixLists", found, asked)

    def nothing_stands(self, offered=None, zones=()):
        self.subnets()
        self.zones(*zones)
        self.services(EVERYWHERE if offered is None else offered)


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "network_plan.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_create_chooses_by_the_ids_of_zones(bench, script):
    script.nothing_stands()
    script.lists()
    response = bench.succeeds("Create", properties())
    assert response["PhysicalResourceId"] == ID
    assert response["Data"] == {"Az1": B, "Az2": C, "S3PrefixListId": LIST}


def test_log_tells_the_steps(bench, script, capfd):
    script.nothing_stands()
    script.lists()
    bench.succeeds("Create", properties())
    assert capfd.readouterr().out.splitlines()[1:] == [
        "looking for the subnets",
        "asking which zones have which endpoint services",
        "looking for the list of S3's addresses",
    ]


def test_properties_may_be_missing(bench, script):
    script.nothing_stands()
    script.lists()
    bench.succeeds("Create", {"Services": [API, STUDIO]})


def test_second_create_chooses_the_same(bench, script):
    for _ in range(2):
        script.nothing_stands()
        script.lists()
    assert bench.succeeds("Create", properties()) == bench.succeeds("Create", properties())


def test_create_where_subnets_stand_keeps_them(bench, script):
    """As when the resource got a new logical id."""
    script.subnets({"PrivateSubnet1": A, "PrivateSubnet2": B})
    script.lists()
    assert bench.succeeds("Create", properties())["Data"] == {"Az1": A, "Az2": B, "S3PrefixListId": LIST}


def test_zone_that_lacks_a_service_is_left_out(bench, script):
    script.nothing_stands({API: [A, B, C], STUDIO: [A, C]})
    script.lists()
    assert bench.succeeds("Create", properties())["Data"] == {"Az1": C, "Az2": A, "S3PrefixListId": LIST}


def test_zone_that_is_not_available_is_left_out(bench, script):
    script.nothing_stands(zones=[A, C])
    script.lists()
    assert bench.succeeds("Create", properties())["Data"] == {"Az1": C, "Az2": A, "S3PrefixListId": LIST}


def test_several_pages(bench, script):
    script.subnets({}, {})
    script.zones()
    script.services({API: [A]}, {}, {STUDIO: [A, B]}, {API: [B]})
    script.lists([], [LIST])
    assert bench.succeeds("Create", properties())["Data"] == {"Az1": B, "Az2": A, "S3PrefixListId": LIST}


def test_given_zones_are_taken_in_their_order(bench, script):
    script.nothing_stands()
    script.lists()
    assert bench.succeeds("Create", properties(Az1=A, Az2=C))["Data"] == {"Az1": A, "Az2": C, "S3PrefixListId": LIST}


@pytest.mark.parametrize("zones", [{"Az1": A}, {"Az2": A}, {"Az1": A, "Az2": A}])
def test_given_zones_must_be_two(bench, script, zones):
    script.subnets()
    assert "Az1 and Az2 must be two different zones, or both empty" in bench.fails("Create", properties(**zones))


def test_given_zone_must_be_one_of_the_region(bench, script):
    script.nothing_stands()
    assert bench.fails("Create", properties(Az1=A, Az2="us-east-1a")) == (
        f"ZoneError: us-east-1a is not an available zone of this region; these are: {B}, {C}, {A}"
        f" (log stream {LOG_STREAM})"
    )


def test_given_zone_must_have_every_service(bench, script):
    script.nothing_stands({API: [A, C], STUDIO: [A, B]})
    reason = bench.fails("Create", properties(Az1=A, Az2=B))
    assert f"{B} does not have every service: {API} is not in {B}; {STUDIO} is not in {C} (log" in reason


def test_fewer_than_two_zones_fail_with_the_table(bench, script, capfd):
    script.nothing_stands({API: [A, B]})
    assert bench.fails("Create", properties()) == (
        f"ZoneError: fewer than two of {B}, {C}, {A} have every service: "
        f"{API} is not in {C}; {STUDIO} is not in {B}, {C}, {A} (log stream {LOG_STREAM})"
    )
    log = capfd.readouterr().out
    assert f"{API} {B}=yes {C}=no {A}=yes\n" in log
    assert f"{STUDIO} {B}=no {C}=no {A}=no\n" in log


def test_long_table_is_cut_in_the_reason_only(bench, script, capfd):
    names = [f"com.amazonaws.{REGION}.service{number}" for number in range(21)]
    script.subnets()
    script.zones()
    script.services({}, names=names)
    assert names[-1] not in bench.fails("Create", properties(Services=names))
    log = capfd.readouterr().out
    assert all(name in log for name in names)


def test_update_without_change_asks_for_no_service(bench, script):
    script.subnets({"PrivateSubnet1": A, "PrivateSubnet2": B})
    script.lists()
    response = bench.succeeds("Update", properties(), ID)
    assert response["PhysicalResourceId"] == ID
    assert response["Data"] == {"Az1": A, "Az2": B, "S3PrefixListId": LIST}


def test_update_never_moves_a_subnet(bench, script):
    """Not even when a new service cannot be had in its zone: EC2 says so when the endpoint is made."""
    script.subnets({"PrivateSubnet2": C}, {"PrivateSubnet1": A})
    script.lists()
    response = bench.succeeds("Update", properties(Services=[API, "new"]), ID)
    assert response["Data"] == {"Az1": A, "Az2": C, "S3PrefixListId": LIST}


def test_update_may_name_the_zones_that_are(bench, script):
    script.subnets({"PrivateSubnet1": A, "PrivateSubnet2": B})
    script.lists()
    assert bench.succeeds("Update", properties(Az1=A, Az2=B), ID)["Data"]["Az2"] == B


def test_update_to_other_zones_fails(bench, script):
    script.subnets({"PrivateSubnet1": A, "PrivateSubnet2": B})
    response = bench.run("Update", properties(Az1=A, Az2=C), ID)
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", ID)
    assert f"PrivateSubnet2 stands in {B} and cannot move to {C}: give {B}, or no zones at all" in response["Reason"]


@pytest.mark.parametrize(
    ("stands", "given", "zones"),
    [
        ({"PrivateSubnet1": A}, {}, [A, B]),
        ({"PrivateSubnet2": B}, {}, [C, B]),
        ({"PrivateSubnet1": A}, {"Az1": A, "Az2": C}, [A, C]),
    ],
)
def test_update_fills_the_place_of_a_subnet_that_was_removed(bench, script, stands, given, zones):
    script.subnets(stands)
    script.zones()
    script.services(EVERYWHERE)
    script.lists()
    data = bench.succeeds("Update", properties(**given), ID)["Data"]
    assert [data["Az1"], data["Az2"]] == zones


def test_zone_of_a_standing_subnet_need_not_be_available(bench, script):
    script.subnets({"PrivateSubnet1": A})
    script.zones(B, C)
    script.services({API: [B, C], STUDIO: [B, C]})
    script.lists()
    assert bench.succeeds("Update", properties(Az1=A, Az2=C), ID)["Data"]["Az1"] == A


def test_no_property_replaces_it(bench, script):
    """The id is the stack's: only another stack has another one."""
    script.nothing_stands()
    script.lists()
    assert bench.succeeds("Update", properties(Az1=B, Az2=C), ID)["PhysicalResourceId"] == ID


def test_update_whose_id_is_another_replaces_it(bench, script):
    script.nothing_stands()
    script.lists()
    assert bench.succeeds("Update", properties(), "network-plan/old")["PhysicalResourceId"] == ID
    assert bench.succeeds("Delete", properties(), "network-plan/old")["PhysicalResourceId"] == "network-plan/old"


@pytest.mark.parametrize("physical_id", [ID, NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_does_nothing_however_often(bench, physical_id):
    for _ in range(2):
        assert bench.succeeds("Delete", properties(), physical_id)["PhysicalResourceId"] == physical_id


def test_delete_after_a_failed_create(bench, script):
    script.nothing_stands({})
    response = bench.run("Create", properties())
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", ID)
    bench.succeeds("Delete", properties(), response["PhysicalResourceId"])


@pytest.mark.parametrize("keys", [[], ["pl-1", "pl-2"]])
def test_list_of_s3s_addresses_must_be_one(bench, script, keys):
    script.subnets({"PrivateSubnet1": A, "PrivateSubnet2": B})
    script.lists(keys)
    assert f"{len(keys)} prefix lists are named {S3}, instead of one" in bench.fails("Update", properties(), ID)


def test_missing_and_unknown_properties(bench):
    reason = bench.fails("Create", {"Zones": [A], "Az1": [A]})
    assert "Zones is unknown; Services is missing: it must be a list of texts and not empty; Az1 must be text" in reason


@pytest.mark.parametrize("step", ["describe_subnets", "describe_availability_zones"])
def test_error_of_ec2(bench, script, step):
    if step != "describe_subnets":
        script.subnets()
    script.ec2.add_client_error(step, "UnauthorizedOperation", "not allowed", 403)
    assert "UnauthorizedOperation" in bench.fails("Create", properties())


def test_response_server_that_fails_twice(bench, script):
    script.nothing_stands()
    script.lists()
    bench.responses.failures = [500, 500]
    bench.succeeds("Create", properties())
    assert bench.responses.tries == 3


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    hanging.get_paginator = lambda _: hanging
    assert "timed out while looking for the subnets" in bench.fails("Create", properties(), seconds=20.2)
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    busy = {"DescribeSubnets", "DescribeAvailabilityZones", "DescribeVpcEndpointServices", "DescribeManagedPrefixLists"}
    zones = "".join(f"<item><zoneName>{z}</zoneName><zoneId>{key}</zoneId></item>" for z, key in IDS.items())
    offered = "".join(f"<item>{zone}</item>" for zone in IDS)
    service = f"<serviceName>{API}</serviceName><availabilityZoneSet>{offered}</availabilityZoneSet>"
    answers = {
        "DescribeSubnets": "<subnetSet/>",
        "DescribeAvailabilityZones": f"<availabilityZoneInfo>{zones}</availabilityZoneInfo>",
        "DescribeVpcEndpointServices": f"<serviceDetailSet><item>{service}</item></serviceDetailSet>",
        "DescribeManagedPrefixLists": (
            f"<prefixListSet><item><prefixListId>{LIST}</prefixListId></item></prefixListSet>"
        ),
    }

    def respond(request, body):
        (action,) = urllib.parse.parse_qs(body.decode())["Action"]
        if action in busy:
            busy.remove(action)
            return 503, {}, b"<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"
        return 200, {}, f"<{action}Response>{answers[action]}</{action}Response>".encode()

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", url)
        data = bench_of(module).succeeds("Create", properties(Services=[API]))["Data"]
    assert data == {"Az1": B, "Az2": C, "S3PrefixListId": LIST}
    assert not busy
