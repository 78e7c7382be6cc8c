"""`Custom::StudioStorageCleanup`."""

import json
import urllib.parse

import pytest
from conftest import LAMBDA, NEVER_MADE, NOW, REGION, Hanging, load, serving, work_ends

VPC, SUBNETS, ID = "vpc-0a1b", ["subnet-00000001", "subnet-00000002"], "studio-storage/vpc-0a1b"
DOMAIN = "d-0a1b"
TAG, MARK = "ManagedByAmazonSageMakerResource", "mlops:delete-with"
STUDIO = "[DO NOT DELETE] ENI managed by SageMaker for Studio Domain(d-0a1b) - 0123"
RULE = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049}


def properties(mode="Retain", **more):
    return {"VpcId": VPC, "SubnetIds": SUBNETS, "Mode": mode} | more


def system(key, domain=DOMAIN, *, mark=None, state="available"):
    tags = {TAG: f"arn:aws:sagemaker:{REGION}:123456789012:domain/{domain}"} if domain else {"team": "x"}
    if mark:
        tags |= {MARK: mark}
    return {
        "OwnerId": "123456789012",
        "CreationToken": key,
        "FileSystemId": key,
        "CreationTime": NOW,
        "LifeCycleState": state,
        "NumberOfMountTargets": 0,
        "SizeInBytes": {"Value": 0},
        "PerformanceMode": "generalPurpose",
        "Tags": [{"Key": name, "Value": value} for name, value in tags.items()],
    }


def target(key, subnet=SUBNETS[0], state="available"):
    return {"MountTargetId": key, "FileSystemId": "fs-1", "SubnetId": subnet, "LifeCycleState": state}


def interface(key, status="in-use", description=STUDIO, requester=None):
    more = {"RequesterId": requester} if requester else {}
    return {"NetworkInterfaceId": key, "Status": status, "Description": description} | more


def group(way, domain=DOMAIN, ingress=(), egress=()):
    key = f"sg-{way}-{domain}"
    rules = {"IpPermissions": list(ingress), "IpPermissionsEgress": list(egress)}
    return {"GroupId": key, "GroupName": f"security-group-for-{way}-nfs-{domain}"} | rules


def pair(domain=DOMAIN):
    """The two groups, whose rules name each other."""
    to_inbound = RULE | {"UserIdGroupPairs": [{"GroupId": f"sg-inbound-{domain}", "UserId": "123456789012"}]}
    to_outbound = RULE | {"UserIdGroupPairs": [{"GroupId": f"sg-outbound-{domain}", "UserId": "123456789012"}]}
    return group("inbound", domain, ingress=[to_outbound]), group("outbound", domain, egress=[to_inbound])


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.ec2, self.efs, self.sagemaker = aws("ec2"), aws("efs"), aws("sagemaker")

    def expects(self, stub, operation, error=None, **asked):
        if error:
            stub.add_client_error(operation, error, "not so", 400, expected_params=asked)
        else:
            stub.add_response(operation, {}, asked)

    def systems(self, *systems, number=0, following=False):
        """A page of the list of file systems."""
        more = {"NextMarker": f"m{number + 1}"} if following else {}
        asked = {"Marker": f"m{number}"} if number else {}
        self.efs.add_response("describe_file_systems", {"FileSystems": list(systems)} | more, asked)

    def targets(self, key, *targets):
        self.efs.add_response("describe_mount_targets", {"MountTargets": list(targets)}, {"FileSystemId": key})

    def ec2_lists(self, operation, result, filters, pages):
        asked = {"Filters": [{"Name": name, "Values": values} for name, values in filters.items()]}
        pages = pages or [[]]
        for number, page in enumerate(pages):
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            token = {"NextToken": f"t{number}"} if number else {}
            self.ec2.add_response(operation, {result: list(page)} | following, asked | token)

    def interfaces(self, *pages):
        self.ec2_lists("describe_network_interfaces", "NetworkInterfaces", {"subnet-id": SUBNETS}, pages)

    def groups(self, *pages):
        names = ["security-group-for-inbound-nfs-d-*", "security-group-for-outbound-nfs-d-*"]
        filters = {"vpc-id": [VPC], "group-name": names}
        self.ec2_lists("describe_security_groups", "SecurityGroups", filters, pages)

    def domain(self, domain=DOMAIN, there=False):
        self.expects(self.sagemaker, "describe_domain", None if there else "ResourceNotFound", DomainId=domain)

    def marks(self, key):
        self.expects(self.efs, "tag_resource", ResourceId=key, Tags=[{"Key": MARK, "Value": VPC}])

    def deletes_target(self, key, error=None):
        self.expects(self.efs, "delete_mount_target", error, MountTargetId=key)

    def deletes_system(self, key, error=None):
        self.expects(self.efs, "delete_file_system", error, FileSystemId=key)

    def deletes_interface(self, key, error=None):
        self.expects(self.ec2, "delete_network_interface", error, NetworkInterfaceId=key)

    def deletes_group(self, key, error=None):
        self.expects(self.ec2, "delete_security_group", error, GroupId=key)

    def revokes(self, way, told, error=None):
        rules = told["IpPermissions" if way == "ingress" else "IpPermissionsEgress"]
        self.expects(self.ec2, f"revoke_security_group_{way}", error, GroupId=told["GroupId"], IpPermissions=rules)

    def network_is_clean(self):
        self.interfaces()
        self.groups()


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "studio_storage.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    module.POLL = 0
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_create_and_update_do_nothing(bench):
    assert bench.succeeds("Create", properties())["PhysicalResourceId"] == ID
    assert bench.succeeds("Create", properties())["PhysicalResourceId"] == ID
    assert bench.succeeds("Update", properties("Delete"), ID)["PhysicalResourceId"] == ID


def test_update_to_another_network_is_a_replacement_that_cleans_the_old_one(bench, script):
    response = bench.succeeds("Update", properties(VpcId="vpc-2"), ID)
    assert response["PhysicalResourceId"] == "studio-storage/vpc-2"
    script.systems()
    script.groups(pair())
    script.domain()
    script.interfaces()
    inbound, outbound = pair()
    script.revokes("ingress", inbound)
    script.revokes("egress", outbound)
    script.groups(pair())
    script.deletes_group("sg-inbound-d-0a1b")
    script.deletes_group("sg-outbound-d-0a1b")
    script.groups()
    bench.succeeds("Delete", properties(), ID)


def test_bad_properties(bench):
    reason = bench.fails("Create", {"Mode": "retain", "VpcId": VPC, "Subnets": SUBNETS})
    assert "Subnets is unknown; SubnetIds is missing: it must be a list of texts" in reason
    assert "Mode must be Retain or Delete" in reason


def clean(script, mode):
    """A deleted domain that left everything."""
    inbound, outbound = pair()
    script.systems(system("fs-1"), system("fs-other", None))
    script.targets("fs-1", target("fsmt-00000001"), target("fsmt-00000002", SUBNETS[1]))
    script.groups([inbound, outbound])
    script.domain()
    if mode == "Delete":
        script.marks("fs-1")
    script.targets(
        "fs-1",
        target("fsmt-00000001"),
        target("fsmt-00000002", SUBNETS[1], "creating"),
        target("fsmt-00000003", "subnet-elsewhere"),
    )
    script.deletes_target("fsmt-00000001")
    script.targets("fs-1", target("fsmt-00000001", state="deleting"), target("fsmt-00000002", SUBNETS[1]))
    script.deletes_target("fsmt-00000002")
    script.targets("fs-1", target("fsmt-00000003", "subnet-elsewhere"))
    if mode == "Delete":
        script.systems(system("fs-1", mark=VPC))
        script.deletes_system("fs-1", "FileSystemInUse")
        script.systems(system("fs-1", mark=VPC))
        script.deletes_system("fs-1")
        script.systems(system("fs-1", mark=VPC, state="deleting"))
    script.interfaces(
        [interface("eni-1"), interface("eni-2", "available"), interface("eni-e", description="VPC Endpoint")]
    )
    script.deletes_interface("eni-2")
    script.interfaces([interface("eni-e", description="VPC Endpoint")])
    script.revokes("ingress", inbound)
    script.revokes("egress", outbound)
    script.groups([group("inbound"), group("outbound")])
    script.deletes_group("sg-inbound-d-0a1b", "DependencyViolation")
    script.deletes_group("sg-outbound-d-0a1b")
    script.groups([group("inbound")])
    script.deletes_group("sg-inbound-d-0a1b")
    script.groups()


@pytest.mark.parametrize("mode", ["Retain", "Delete"])
def test_delete_cleans_the_network(bench, script, mode, capfd):
    clean(script, mode)
    assert bench.succeeds("Delete", properties(mode), ID)["PhysicalResourceId"] == ID
    log = capfd.readouterr().out
    assert f"\nfile system fs-1, home directories of d-0a1b: {mode}\n" in log
    assert "\nwaiting for mount targets to go: fsmt-00000001, fsmt-00000002\n" in log
    assert ("\nwaiting for file systems to go: fs-1\n" in log) == (mode == "Delete")
    assert "\nAn error occurred (DependencyViolation) when calling the DeleteSecurityGroup" in log
    assert "\nwaiting for security groups to go: sg-inbound-d-0a1b\n" in log


@pytest.mark.parametrize("mode", ["Retain", "Delete"])
def test_repeated_delete(bench, script, mode):
    for _ in range(2):
        script.systems()
        script.groups()
        if mode == "Delete":
            script.systems()
        script.network_is_clean()
        bench.succeeds("Delete", properties(mode), ID)


def test_delete_that_was_broken_off_goes_on(bench, script):
    """The mount targets are gone, but the mark tells that the file system is to go with this network."""
    script.systems(system("fs-1", mark=VPC), system("fs-2", mark="vpc-2"), system("fs-3"))
    script.targets("fs-2")
    script.targets("fs-3")
    script.groups()
    script.domain()
    script.marks("fs-1")
    script.targets("fs-1")
    script.systems(system("fs-1", mark=VPC))
    script.deletes_system("fs-1")
    script.systems()
    script.network_is_clean()
    bench.succeeds("Delete", properties("Delete"), ID)


def test_file_systems_of_others_stay(bench, script):
    """Without SageMaker's tag, mounted elsewhere, of another network, or on their way out."""
    going = [system("fs-3", state="deleting"), system("fs-4", state="deleted")]
    script.systems(system("fs-1", None), system("fs-2"), *going)
    script.targets("fs-2", target("fsmt-00000004", "subnet-elsewhere"))
    script.groups()
    script.systems(system("fs-2"))
    script.targets("fs-2", target("fsmt-00000004", "subnet-elsewhere"))
    script.network_is_clean()
    bench.succeeds("Delete", properties("Delete"), ID)


@pytest.mark.parametrize("mode", ["Retain", "Delete"])
def test_nothing_of_a_living_domain_is_touched(bench, script, mode):
    script.systems(system("fs-1"), system("fs-2", "d-2"))
    script.targets("fs-1", target("fsmt-00000001"))
    script.targets("fs-2", target("fsmt-00000002"))
    script.groups()
    script.domain()
    script.domain("d-2", there=True)
    reason = bench.fails("Delete", properties(mode), ID)
    assert "domain d-2 still exists and uses this network: delete it first" in reason


def test_groups_of_a_living_domain_are_not_touched(bench, script):
    script.systems()
    script.groups(pair(), pair("d-2"))
    script.domain()
    script.domain("d-2", there=True)
    assert "domain d-2 still exists" in bench.fails("Delete", properties(), ID)


def test_domain_that_cannot_be_asked_for_counts_as_living(bench, script):
    script.systems()
    script.groups(pair())
    script.expects(script.sagemaker, "describe_domain", "AuthFailure", DomainId=DOMAIN)
    assert "AuthFailure" in bench.fails("Delete", properties(), ID)


def test_several_pages(bench, script):
    script.systems(system("fs-1"), following=True)
    script.targets("fs-1", target("fsmt-00000001"))
    script.systems(number=1, following=True)
    script.systems(system("fs-2"), number=2)
    script.targets("fs-2", target("fsmt-00000002"))
    script.groups([group("inbound")], [group("outbound")])
    script.domain()
    script.targets("fs-1", target("fsmt-00000001"))
    script.targets("fs-2", target("fsmt-00000002"))
    script.deletes_target("fsmt-00000001")
    script.deletes_target("fsmt-00000002")
    script.targets("fs-1")
    script.targets("fs-2")
    script.interfaces([interface("eni-1", "available")], [interface("eni-2", "available")])
    script.deletes_interface("eni-1")
    script.deletes_interface("eni-2")
    script.interfaces([], [])
    script.groups([group("inbound")], [group("outbound")])
    script.deletes_group("sg-inbound-d-0a1b")
    script.deletes_group("sg-outbound-d-0a1b")
    script.groups()
    bench.succeeds("Delete", properties(), ID)


@pytest.mark.parametrize(
    "theirs",
    [
        interface("eni-1"),
        interface("eni-1", description="[Do not delete] Network Interface for SageMaker Training Job x"),
        interface("eni-1", description="", requester="AROA0:SageMaker"),
    ],
)
def test_network_interfaces_are_waited_for(bench, script, theirs, no_sleep):
    bench.module.POLL = 10
    script.systems()
    script.groups()
    for _ in range(3):
        script.interfaces([theirs, {"NetworkInterfaceId": "eni-2", "Status": "available"}])
    script.network_is_clean()
    bench.succeeds("Delete", properties(), ID)
    assert no_sleep.count(10) == 3


@pytest.mark.parametrize("state", ["creating", "updating", "deleting"])
def test_mount_target_that_changes_is_waited_for(bench, script, state, capfd):
    script.systems(system("fs-1"))
    script.targets("fs-1", target("fsmt-00000001"))
    script.groups()
    script.domain()
    script.targets("fs-1", target("fsmt-00000001", state=state))
    script.targets("fs-1")
    script.network_is_clean()
    bench.succeeds("Delete", properties(), ID)
    assert "waiting for mount targets to go: fsmt-00000001\n" in capfd.readouterr().out


def test_what_is_gone_or_busy_passes(bench, script):
    inbound, outbound = pair()
    script.systems(system("fs-1"))
    script.targets("fs-1", target("fsmt-00000001"), target("fsmt-00000002"))
    script.groups([inbound, outbound])
    script.domain()
    script.marks("fs-1")
    script.targets("fs-1", target("fsmt-00000001"), target("fsmt-00000002"))
    script.deletes_target("fsmt-00000001", "MountTargetNotFound")
    script.deletes_target("fsmt-00000002", "DependencyTimeout")
    script.targets("fs-1")
    script.systems(system("fs-1", mark=VPC))
    script.deletes_system("fs-1", "FileSystemNotFound")
    script.systems()
    script.interfaces([interface(f"eni-{number}", "available") for number in range(4)])
    script.deletes_interface("eni-0", "InvalidNetworkInterfaceID.NotFound")
    script.deletes_interface("eni-1", "InvalidNetworkInterface.InUse")
    script.deletes_interface("eni-2", "OperationNotPermitted")
    script.deletes_interface("eni-3", "AuthFailure")
    script.interfaces()
    script.revokes("ingress", inbound, "InvalidPermission.NotFound")
    script.revokes("egress", outbound, "InvalidGroup.NotFound")
    script.groups([inbound, outbound])
    script.deletes_group("sg-inbound-d-0a1b", "InvalidGroup.NotFound")
    script.deletes_group("sg-outbound-d-0a1b")
    script.groups()
    bench.succeeds("Delete", properties("Delete"), ID)


def test_error_of_a_deletion(bench, script):
    script.systems()
    script.groups()
    script.interfaces([interface("eni-1", "available")])
    script.deletes_interface("eni-1", "UnauthorizedOperation")
    assert "UnauthorizedOperation" in bench.fails("Delete", properties(), ID)


def test_error_of_a_listing(bench, script):
    script.efs.add_client_error("describe_file_systems", "AccessDeniedException", "not allowed", 403)
    assert "AccessDeniedException" in bench.fails("Delete", properties(), ID)


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_after_a_failed_create(bench, physical_id):
    bench.succeeds("Delete", properties(), physical_id)


def test_delete_after_a_create_with_bad_properties(bench):
    response = bench.run("Create", {})
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", NEVER_MADE)
    bench.succeeds("Delete", {}, response["PhysicalResourceId"])


def test_response_server_that_fails_twice(bench, script):
    script.systems()
    script.groups()
    script.network_is_clean()
    bench.responses.failures = [500, 500]
    bench.succeeds("Delete", properties(), ID)
    assert bench.responses.tries == 3


def test_time_out_names_what_is_still_there(bench, script):
    bench.module.POLL = 0.5
    script.systems()
    script.groups()
    script.interfaces([interface("eni-1"), interface("eni-2")])
    script.interfaces([interface("eni-1")])
    reason = bench.fails("Delete", properties(), ID, seconds=20.2)
    assert "TimeoutError: timed out while waiting for network interfaces to go: eni-1, eni-2" in reason
    work_ends()


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    hanging.get_paginator = lambda _: hanging
    reason = bench.fails("Delete", properties(), ID, seconds=20.2)
    assert "timed out while looking for file systems and security groups" in reason
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    domain = f"arn:aws:sagemaker:{REGION}:123456789012:domain/{DOMAIN}"
    systems = {"FileSystems": [{"FileSystemId": "fs-1", "LifeCycleState": "available", "Tags": []}]}
    systems["FileSystems"][0]["Tags"] = [{"Key": TAG, "Value": domain}]
    targets = {
        "MountTargets": [{"MountTargetId": "fsmt-00000001", "SubnetId": SUBNETS[0], "LifeCycleState": "available"}]
    }
    found = "<item><groupId>sg-1</groupId><groupName>security-group-for-inbound-nfs-d-0a1b</groupName></item>"
    answers = {
        "GET /2015-02-01/file-systems": [systems],
        "GET /2015-02-01/mount-targets": [targets, targets, {"MountTargets": []}],
        "DELETE /2015-02-01/mount-targets/fsmt-00000001": [{}],
        "DescribeDomain": [None],
        "DescribeSecurityGroups": [f"<securityGroupInfo>{it}</securityGroupInfo>" for it in (found, found, "")],
        "DescribeNetworkInterfaces": ["<networkInterfaceSet/>"],
        "DeleteSecurityGroup": [""],
    }
    busy = set(answers)

    def respond(request, body):
        if "X-Amz-Target" in request.headers:
            operation = request.headers["X-Amz-Target"].removeprefix("SageMaker.")
        elif request.path == "/":
            (operation,) = urllib.parse.parse_qs(body.decode())["Action"]
        else:
            operation = f"{request.command} {request.path.split('?')[0]}"
        if operation in busy:
            busy.remove(operation)
            error = b'{"__type": "ThrottlingException", "ErrorCode": "ThrottlingException"}'
            return 429, {}, b"<Response/>" if request.path == "/" and body[:1] != b"{" else error
        answer = answers[operation].pop(0)
        if answer is None:
            return 400, {}, b'{"__type": "ResourceNotFound"}'
        return 200, {}, json.dumps(answer).encode() if isinstance(answer, dict) else f"<R>{answer}</R>".encode()

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        bench_of(module).succeeds("Delete", properties(), ID)
    assert not busy
    assert not any(answers.values())
