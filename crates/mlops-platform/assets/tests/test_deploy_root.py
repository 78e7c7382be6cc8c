"""Action `deploy_platform`."""

import datetime
import types

import pytest
from conftest import NOW, REGION, STACK
from scripting import common, deploy_root

BUCKET = "artifacts"
URL = f"https://artifacts.s3.{REGION}.amazonaws.com/mlops_entry_point.yaml"
MADE = f"arn:aws:cloudformation:{REGION}:123456789012:changeSet/release-0a1b-7/1"
NESTED = f"arn:aws:cloudformation:{REGION}:123456789012:stack/root-Infra-1A/2c3d"
DEEPER = f"arn:aws:cloudformation:{REGION}:123456789012:stack/root-Infra-1A-Net-2B/4e5f"
STACK_TYPE = "AWS::CloudFormation::Stack"


class Script:
    """Tells the stub which calls to expect, and what to answer."""

    def __init__(self, stub, clock):
        self.stub, self.clock = stub, clock

    def status(self, *statuses, updated=None, **more):
        for status in statuses:
            stack = {"StackId": STACK, "StackName": "root", "CreationTime": NOW, "StackStatus": status} | more
            if updated:
                stack["LastUpdatedTime"] = NOW + datetime.timedelta(minutes=updated)
            self.stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})

    def template_has(self, *names):
        answer = {"Parameters": [{"ParameterKey": name} for name in names]}
        self.stub.add_response("get_template_summary", answer, {"TemplateURL": URL})

    def creates(self, parameters):
        expected = {
            "StackName": STACK,
            "ChangeSetName": "release-0a1b-7",
            "ChangeSetType": "UPDATE",
            "TemplateURL": URL,
            "Parameters": parameters,
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        self.stub.add_response("create_change_set", {"Id": MADE}, expected)

    def change_set_is(self, status, reason=None):
        answer = {"Status": status, "Changes": []} | ({"StatusReason": reason} if reason else {})
        self.stub.add_response("describe_change_set", answer, {"ChangeSetName": MADE})

    def pages(self, *pages):
        for number, changes in enumerate(pages):
            answer = {"Changes": [{"Type": "Resource", "ResourceChange": change} for change in changes]}
            if number + 1 < len(pages):
                answer["NextToken"] = str(number)
            asked = {"ChangeSetName": MADE} | ({"NextToken": str(number - 1)} if number else {})
            self.stub.add_response("describe_change_set", answer, asked)

    def deletes(self):
        self.stub.add_response("delete_change_set", {}, {"ChangeSetName": MADE})

    def executes(self):
        self.stub.add_response("execute_change_set", {}, {"ChangeSetName": MADE})

    def events(self, stack, *pages):
        for number, events in enumerate(pages):
            answer = {"StackEvents": list(events)} | ({"NextToken": str(number)} if number + 1 < len(pages) else {})
            asked = {"StackName": stack} | ({"NextToken": str(number - 1)} if number else {})
            self.stub.add_response("describe_stack_events", answer, asked)

    def up_to_the_change_set(self, before="CREATE_COMPLETE"):
        self.status(before)
        self.template_has("BucketName")
        self.creates([{"ParameterKey": "BucketName", "ParameterValue": BUCKET}])


def event(stack, logical_id, status, seconds=0, **more):
    return {
        "StackId": stack,
        "EventId": f"{logical_id}-{seconds}",
        "StackName": stack.split("/")[1],
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": "",
        "ResourceType": "AWS::S3::Bucket",
        "Timestamp": NOW + datetime.timedelta(seconds=seconds),
        "ResourceStatus": status,
    } | more


@pytest.fixture
def script(aws, monkeypatch):
    clock = types.SimpleNamespace(now=0.0)
    clock.monotonic = lambda: clock.now
    clock.sleep = lambda seconds: setattr(clock, "now", clock.now + seconds)
    monkeypatch.setattr(deploy_root, "time", clock)
    monkeypatch.setattr(deploy_root, "client", aws.client)
    for name, value in {
        "CHANGED": "true",
        "RELEASE_ID": "0a1b",
        "ARTIFACTS_BUCKET": BUCKET,
        "ROOT_STACK": STACK,
        "CODEBUILD_BUILD_NUMBER": "7",
    }.items():
        monkeypatch.setenv(name, value)
    return Script(aws("cloudformation"), clock)


def fails():
    with pytest.raises(common.WorkError) as raised:
        deploy_root.work()
    return str(raised.value)


def outputs(release):
    return [{"OutputKey": "ReleaseId", "OutputValue": release}]


def test_nothing_was_built(script, monkeypatch, capsys):
    monkeypatch.setenv("CHANGED", "false")
    deploy_root.work()
    assert capsys.readouterr().out == "release 0a1b is in force: nothing to deploy\n"


def test_changed_is_neither_true_nor_false(script, monkeypatch):
    monkeypatch.setenv("CHANGED", "True")
    assert fails().startswith("CHANGED is True: ")


def test_updates(script, capsys):
    before = [{"ParameterKey": name, "ParameterValue": "x"} for name in ("BucketName", "CostCenter", "Gone")]
    script.status("CREATE_COMPLETE", Parameters=before)
    script.template_has("BucketName", "BucketRegion", "CostCenter", "New")
    script.creates(
        [
            {"ParameterKey": "BucketName", "ParameterValue": BUCKET},
            {"ParameterKey": "BucketRegion", "ParameterValue": REGION},
            {"ParameterKey": "CostCenter", "UsePreviousValue": True},
        ]
    )
    script.change_set_is("CREATE_IN_PROGRESS")
    script.change_set_is("CREATE_COMPLETE")
    change = {"Action": "Modify", "LogicalResourceId": "DeployInfraStack", "ResourceType": STACK_TYPE}
    bucket = {"Action": "Modify", "LogicalResourceId": "Logs", "ResourceType": "AWS::S3::Bucket"}
    script.pages(
        [change | {"Replacement": "False"}, bucket | {"Replacement": "True"}],
        [bucket | {"Replacement": "Conditional"}, bucket | {"Action": "Remove"}],
    )
    script.executes()
    script.status("CREATE_COMPLETE")  # the update cannot be seen yet
    script.status("UPDATE_IN_PROGRESS", updated=1)
    script.status("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE", updated=1)
    script.status("UPDATE_COMPLETE", updated=1, Outputs=outputs("0a1b"))
    deploy_root.work()
    assert capsys.readouterr().out.splitlines() == [
        "parameter New is new: it gets its default",
        "change set release-0a1b-7:",
        "  Modify DeployInfraStack (AWS::CloudFormation::Stack)",
        "  Modify Logs (AWS::S3::Bucket), replaced",
        "  Modify Logs (AWS::S3::Bucket), perhaps replaced",
        "  Remove Logs (AWS::S3::Bucket)",
        f"waiting: stack {STACK} is UPDATE_IN_PROGRESS",
        f"waiting: stack {STACK} is UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        f"stack {STACK} is UPDATE_COMPLETE",
    ]


def test_update_is_over_before_it_is_seen(script, capsys):
    script.status("UPDATE_COMPLETE", updated=1)
    script.template_has()
    script.creates([])
    script.change_set_is("CREATE_COMPLETE")
    script.pages([])
    script.executes()
    script.status("UPDATE_COMPLETE", updated=2)
    script.status("UPDATE_COMPLETE", updated=2)
    script.status("UPDATE_COMPLETE", updated=2, Outputs=outputs("ffff"))
    deploy_root.work()
    assert "warning: release ffff is in force, not 0a1b" in capsys.readouterr().out


def test_update_is_never_seen(script):
    """A template without an effect may change nothing that can be seen: that must not last for ever."""
    script.status("UPDATE_COMPLETE", updated=1)
    script.template_has()
    script.creates([])
    script.change_set_is("CREATE_COMPLETE")
    script.pages([])
    script.executes()
    script.status(*["UPDATE_COMPLETE"] * 4, updated=1)
    script.status("UPDATE_COMPLETE", updated=1)
    script.status("UPDATE_COMPLETE", updated=1, Outputs=outputs("0a1b"))
    deploy_root.work()
    assert script.clock.now == 60


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ],
)
def test_no_changes(script, capsys, reason):
    script.up_to_the_change_set("UPDATE_ROLLBACK_COMPLETE")
    script.change_set_is("FAILED", reason)
    script.deletes()
    script.status("UPDATE_ROLLBACK_COMPLETE", Outputs=outputs("0a1b"))
    deploy_root.work()
    assert capsys.readouterr().out == "no changes\n"


def test_change_set_fails(script):
    script.up_to_the_change_set()
    script.change_set_is("FAILED", "Template error: no such parameter")
    script.deletes()
    assert fails() == "change set release-0a1b-7 failed: Template error: no such parameter"


def test_change_set_takes_too_long(script):
    script.up_to_the_change_set()
    for _ in range(10 * 60 // 15 + 1):
        script.change_set_is("CREATE_IN_PROGRESS")
    assert fails() == "change set release-0a1b-7 is still CREATE_IN_PROGRESS after 10 minutes: no reason given"


def test_waits_for_the_creation(script, capsys):
    script.status(*["CREATE_IN_PROGRESS"] * 3)
    script.up_to_the_change_set()
    script.change_set_is("FAILED", "No updates are to be performed.")
    script.deletes()
    script.status("CREATE_COMPLETE", Outputs=outputs("0a1b"))
    deploy_root.work()
    assert script.clock.now == 45
    assert capsys.readouterr().out.count("waiting") == 1


def test_waits_an_hour_at_most(script):
    script.status(*["CREATE_IN_PROGRESS"] * 241)
    assert fails() == f"stack {STACK} is still CREATE_IN_PROGRESS after 60 minutes: retry this stage later"
    assert script.clock.now == 3600


def test_no_stack(script, monkeypatch, capsys):
    monkeypatch.setenv("ACTION", "deploy_platform")
    script.stub.add_client_error("describe_stacks", "ValidationError", "Stack does not exist")
    assert common.run("deploy_platform", deploy_root.work) == 1
    assert "Stack does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    "status", ["ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "UPDATE_FAILED"]
)
def test_does_not_touch_a_stack_that_is_not_whole(script, status):
    script.status(status, StackStatusReason="it is so")
    script.events(
        STACK, [event(STACK, "root", "CREATE_IN_PROGRESS", PhysicalResourceId=STACK, ResourceType=STACK_TYPE)]
    )
    assert fails() == f"stack {STACK} is {status}: it is so"


def test_failed_update_tells_the_first_failures(script):
    script.up_to_the_change_set()
    script.change_set_is("CREATE_COMPLETE")
    script.pages([])
    script.executes()
    script.status("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", updated=1)
    here = {"PhysicalResourceId": STACK, "ResourceType": STACK_TYPE}
    infra = {"PhysicalResourceId": NESTED, "ResourceType": STACK_TYPE, "ResourceStatusReason": "nested stack failed"}
    net = {"PhysicalResourceId": DEEPER, "ResourceType": STACK_TYPE}
    script.events(
        STACK,
        [
            event(STACK, "root", "UPDATE_ROLLBACK_COMPLETE", 99, **here),
            event(STACK, "Infra", "UPDATE_COMPLETE", 98, PhysicalResourceId=NESTED, ResourceType=STACK_TYPE),
            event(STACK, "root", "UPDATE_ROLLBACK_IN_PROGRESS", 60, **here),
            event(STACK, "Infra", "UPDATE_FAILED", 59, **infra),
            event(STACK, "Infra", "UPDATE_FAILED", 58, **infra),  # told once
        ],
        [
            event(STACK, "NoId", "CREATE_FAILED", 57, ResourceType=STACK_TYPE),
            event(STACK, "root", "UPDATE_IN_PROGRESS", 1, **here),
            event(STACK, "Earlier", "UPDATE_FAILED", 0),
        ],
    )
    many = [event(NESTED, f"Cancelled{n}", "UPDATE_FAILED", 40 + n) for n in reversed(range(8))]
    script.events(
        NESTED,
        [*many, event(NESTED, "Net", "CREATE_FAILED", 31, **net)],
    )
    script.events(
        DEEPER,
        [
            event(DEEPER, "net", "DELETE_COMPLETE", 90, **net),
            event(DEEPER, "net", "DELETE_IN_PROGRESS", 80, **net),
            event(DEEPER, "net", "CREATE_FAILED", 35, **net),
            event(
                DEEPER,
                "Subnet",
                "CREATE_FAILED",
                30,
                ResourceType="AWS::EC2::Subnet",
                ResourceStatusReason="CIDR conflicts",
            ),
            event(DEEPER, "net", "CREATE_IN_PROGRESS", 20, **net),
        ],
    )
    first, *rest = fails().splitlines()
    assert first == f"stack {STACK} is UPDATE_ROLLBACK_COMPLETE: no reason given"
    assert rest[0] == "  00:00:30 root-Infra-1A-Net-2B, Subnet (AWS::EC2::Subnet): CREATE_FAILED: CIDR conflicts"
    assert rest[1] == f"  00:00:31 root-Infra-1A, Net ({STACK_TYPE}): CREATE_FAILED: no reason given"
    assert len(rest) == 11
    assert rest[-1] == "  and 4 more"
    assert not any("Earlier" in line for line in rest)


def test_update_takes_too_long(script, monkeypatch):
    monkeypatch.setattr(deploy_root, "UPDATE", 60)
    script.up_to_the_change_set()
    script.change_set_is("CREATE_COMPLETE")
    script.pages([])
    script.executes()
    script.status(*["UPDATE_IN_PROGRESS"] * 6, updated=1)
    assert fails() == f"stack {STACK} is still UPDATE_IN_PROGRESS after 1 minutes: retry this stage later"


def test_all_waits_fit_into_the_build():
    waits = deploy_root.BEFORE + deploy_root.CHANGE_SET + deploy_root.START + deploy_root.UPDATE
    assert waits < 175 * 60
