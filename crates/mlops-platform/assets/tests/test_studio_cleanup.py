"""`Custom::StudioCleanup`."""

import json

import pytest
from conftest import FUNCTION, LAMBDA, NEVER_MADE, NOW, REGION, STACK, Hanging, load, serving

DOMAIN, ID = "d-0a1b", "studio-cleanup/d-0a1b/*"
ANNA, ANNA_ID = "Anna-demo", "studio-cleanup/d-0a1b/Anna-demo"
PROPERTIES = {"DomainId": DOMAIN}


def arn(profile):
    return f"arn:aws:sagemaker:{REGION}:123456789012:user-profile/{DOMAIN}/{profile}"


ANNAS = {"UserProfileArn": arn(ANNA)}


def app(name, *, space=None, profile=None, kind="JupyterLab", status="InService"):
    owner = {"SpaceName": space} if space else {"UserProfileName": profile}
    return {"DomainId": DOMAIN, "AppType": kind, "AppName": name, "Status": status} | owner


def space(name, *, owner=None, status="InService"):
    summary = {"OwnershipSettingsSummary": {"OwnerUserProfileName": owner}} if owner else {}
    return {"DomainId": DOMAIN, "SpaceName": name, "Status": status} | summary


def profile(name, status="InService"):
    return {"DomainId": DOMAIN, "UserProfileName": name, "Status": status}


class Script:
    """Tells the stub which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.aws = aws
        self.sagemaker = aws("sagemaker")

    def lists(self, operation, result, pages):
        for number, page in enumerate(pages):
            token = {"NextToken": f"t{number}"} if number else {}
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            asked = {"DomainIdEquals": DOMAIN, "MaxResults": 100} | token
            self.sagemaker.add_response(operation, {result: page} | following, asked)

    def stack_is(self, status):
        stack = {"StackName": "s", "CreationTime": NOW, "StackStatus": status}
        self.aws("cloudformation").add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})

    def domain(self, status="DELETE_IN_PROGRESS"):
        """The domain is there; status is the stack's, none if it is not asked for."""
        if status:
            self.stack_is(status)
        self.sagemaker.add_response("describe_domain", {"DomainId": DOMAIN}, {"DomainId": DOMAIN})

    def has(self, spaces=(), apps=(), profiles=None):
        """A round of listings; profiles are only listed when nothing else is left."""
        self.lists("list_spaces", "Spaces", [list(spaces)])
        self.lists("list_apps", "Apps", [list(apps)])
        if profiles is not None:
            self.lists("list_user_profiles", "UserProfiles", [list(profiles)])

    def empty(self):
        self.has(profiles=[])

    def told(self, name, *pages):
        """A profile's ARN and pages of tag keys."""
        ids = {"DomainId": DOMAIN, "UserProfileName": name}
        self.sagemaker.add_response("describe_user_profile", {"UserProfileArn": arn(name)}, ids)
        for number, page in enumerate(pages or [[]]):
            token = {"NextToken": f"t{number}"} if number else {}
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            tags = {"Tags": [{"Key": key, "Value": "v"} for key in page]}
            self.sagemaker.add_response("list_tags", tags | following, {"ResourceArn": arn(name)} | token)

    def deletes(self, operation, error=None, **ids):
        asked = {"DomainId": DOMAIN} | ids
        if error:
            self.sagemaker.add_client_error(operation, error, "not so", 400, expected_params=asked)
        else:
            self.sagemaker.add_response(operation, {}, asked)

    def deletes_app(self, name, *, error=None, kind="JupyterLab", **owner):
        self.deletes("delete_app", error, AppName=name, AppType=kind, **owner)

    def invokes(self, event, link):
        asked = {"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": json.dumps(event | {"Link": link})}
        self.aws("lambda").add_response("invoke", {"StatusCode": 202}, asked)


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "studio_cleanup.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    module.POLL = 0
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


@pytest.mark.parametrize(("properties", "physical_id"), [(PROPERTIES, ID), (ANNAS, ANNA_ID)])
def test_create_and_update_do_nothing(bench, properties, physical_id):
    assert bench.succeeds("Create", properties)["PhysicalResourceId"] == physical_id
    assert bench.succeeds("Create", properties)["PhysicalResourceId"] == physical_id
    assert bench.succeeds("Update", properties, physical_id)["PhysicalResourceId"] == physical_id


def test_update_to_another_profile_is_a_replacement_that_cleans_the_old_one(bench, script):
    response = bench.succeeds("Update", {"UserProfileArn": arn("bob-demo")}, ANNA_ID)
    assert response["PhysicalResourceId"] == "studio-cleanup/d-0a1b/bob-demo"
    script.domain(None)
    script.has([space("hers", owner=ANNA)])
    script.deletes("delete_space", SpaceName="hers")
    script.has()
    bench.succeeds("Delete", ANNAS, ANNA_ID)


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_FAILED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED"])
def test_domain_of_a_stack_that_goes_is_cleaned(bench, script, status):
    script.domain(status)
    script.has([space("lab")])
    script.deletes("delete_space", SpaceName="lab")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize(
    "status", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"]
)
def test_domain_of_a_stack_that_stays_keeps_everything(bench, script, status, capfd):
    """As when the resource got a new logical id: CloudFormation then deletes the old one."""
    script.stack_is(status)
    bench.succeeds("Delete", PROPERTIES, ID)
    assert f"everything stays as it is: the stack is {status}" in capfd.readouterr().out


def test_unknown_status_removes_nothing(bench, aws):
    aws("sagemaker")
    aws("cloudformation").add_client_error("describe_stacks", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


@pytest.mark.parametrize(
    "properties", [{}, {"DomainId": ""}, PROPERTIES | ANNAS, {"UserProfileArn": ANNA}, {"UserProfileArn": arn("a/b")}]
)
def test_exactly_one_property_is_needed(bench, properties):
    assert "give either DomainId or UserProfileArn" in bench.fails("Create", properties)


def test_unknown_property(bench):
    assert "Domain is unknown" in bench.fails("Create", {"Domain": DOMAIN})


def test_domain_loses_apps_then_spaces_then_profiles(bench, script):
    spaces = [space("lab", owner="ds-admin"), space("old")]
    script.domain()
    script.has(
        spaces,
        [
            app("default", space="lab"),
            app("editor", space="old", kind="CodeEditor"),
            app("default", profile="ds-admin", kind="JupyterServer"),
        ],
    )
    script.deletes_app("default", SpaceName="lab")
    script.deletes_app("editor", kind="CodeEditor", SpaceName="old")
    script.deletes_app("default", kind="JupyterServer", UserProfileName="ds-admin")
    script.has(spaces, [app("default", space="lab", status="Deleting")])
    script.has(spaces)
    script.deletes("delete_space", SpaceName="lab")
    script.deletes("delete_space", SpaceName="old")
    script.has([space("old", status="Deleting")])
    script.has(profiles=[profile("ds-admin"), profile("by-hand")])
    script.told("by-hand", ["team"], ["CostCenter"])
    script.deletes("delete_user_profile", UserProfileName="by-hand")
    script.has(profiles=[profile("ds-admin"), profile("by-hand", "Deleting")])
    script.told("by-hand")
    script.has(profiles=[profile("ds-admin")])
    assert bench.succeeds("Delete", PROPERTIES, ID)["PhysicalResourceId"] == ID


@pytest.mark.parametrize("key", ["mlops:platform", "aws:cloudformation:stack-id"])
def test_profiles_of_templates_stay(bench, script, key):
    script.domain()
    script.has(profiles=[profile("DS-Admin"), profile(ANNA)])
    script.told(ANNA, ["team"], [key])
    bench.succeeds("Delete", PROPERTIES, ID)


def test_profile_scope_touches_nothing_of_others(bench, script):
    others = [space("his", owner="bob-demo"), space("nobodys")]
    apps = [
        app("default", space="his"),
        app("default", profile="bob-demo", kind="Canvas"),
        app("default", profile="anna-demo-2", kind="Canvas"),
    ]
    hers = [space("private", owner="anna-DEMO"), space("shared", owner=ANNA)]
    script.domain(None)
    script.has(
        [*others, *hers],
        [*apps, app("default", space="shared"), app("default", profile="anna-demo", kind="Canvas")],
    )
    script.deletes_app("default", SpaceName="shared")
    script.deletes_app("default", kind="Canvas", UserProfileName="anna-demo")
    script.has([*others, *hers], apps)
    script.deletes("delete_space", SpaceName="private")
    script.deletes("delete_space", SpaceName="shared")
    script.has(others, apps)
    assert bench.succeeds("Delete", ANNAS, ANNA_ID)["PhysicalResourceId"] == ANNA_ID


def test_app_that_names_space_and_profile_is_the_spaces(bench, script):
    script.domain(None)
    script.has([space("lab", owner=ANNA)], [app("default", space="lab") | {"UserProfileName": ANNA}])
    script.deletes_app("default", SpaceName="lab")
    script.has()
    bench.succeeds("Delete", ANNAS, ANNA_ID)


def test_several_pages(bench, script):
    script.domain()
    script.lists("list_spaces", "Spaces", [[space("s1")], [], [space("s2")]])
    script.lists("list_apps", "Apps", [[app("a1", space="s1")], [app("a2", space="s2")]])
    script.deletes_app("a1", SpaceName="s1")
    script.deletes_app("a2", SpaceName="s2")
    script.has()
    script.lists("list_user_profiles", "UserProfiles", [[profile("p1")], [profile("p2")]])
    script.told("p1")
    script.told("p2")
    script.deletes("delete_user_profile", UserProfileName="p1")
    script.deletes("delete_user_profile", UserProfileName="p2")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_deleted_and_failed_apps_hold_nothing(bench, script):
    """SageMaker lists the first for a day, and refuses to delete the second."""
    script.domain()
    script.has(
        apps=[app("a", profile=ANNA, status="Deleted"), app("b", profile=ANNA, status="Failed")],
        profiles=[],
    )
    bench.succeeds("Delete", PROPERTIES, ID)


def test_what_is_changing_is_waited_for(bench, script, no_sleep):
    bench.module.POLL = 10
    script.domain()
    script.has(apps=[app("a", profile=ANNA, status="Deleting"), app("b", profile=ANNA, status="Pending")])
    script.has(apps=[app("b", profile=ANNA)])
    script.deletes_app("b", UserProfileName=ANNA)
    script.has([space("s", status="Updating")], [app("b", profile=ANNA, status="Deleted")])
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)
    assert no_sleep.count(10) == 3


@pytest.mark.parametrize("error", ["ResourceInUse", "ResourceNotFound"])
def test_what_is_in_use_or_gone_is_listed_again(bench, script, error):
    script.domain()
    script.has([space("s")])
    script.deletes("delete_space", error, SpaceName="s")
    script.has([space("s")], [app("late", space="s")])
    script.deletes_app("late", error=error, SpaceName="s")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("answer", ["volume busy", None])
def test_deletion_that_fails_is_reported(bench, script, answer):
    script.domain()
    script.has([space("s", status="Delete_Failed")])
    script.deletes("delete_space", SpaceName="s")
    script.has([space("s", status="Delete_Failed")])
    told = {"FailureReason": answer} if answer else {}
    script.sagemaker.add_response("describe_space", told, {"DomainId": DOMAIN, "SpaceName": "s"})
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert f"RuntimeError: space/{DOMAIN}/s is Delete_Failed: {answer or 'no reason given'}" in reason


@pytest.mark.parametrize(("properties", "physical_id"), [(PROPERTIES, ID), (ANNAS, ANNA_ID)])
def test_delete_in_no_domain(bench, script, properties, physical_id):
    if physical_id == ID:
        script.stack_is("DELETE_IN_PROGRESS")
    script.sagemaker.add_client_error("describe_domain", "ResourceNotFound", "gone", 400)
    bench.succeeds("Delete", properties, physical_id)


@pytest.mark.parametrize(("properties", "physical_id"), [(PROPERTIES, ID), (ANNAS, ANNA_ID)])
def test_repeated_delete(bench, script, properties, physical_id):
    for _ in range(2):
        if physical_id == ID:
            script.domain()
            script.empty()
        else:
            script.domain(None)
            script.has()
        bench.succeeds("Delete", properties, physical_id)


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_after_a_failed_create(bench, physical_id):
    bench.succeeds("Delete", PROPERTIES, physical_id)


def test_delete_after_a_create_with_bad_properties(bench):
    response = bench.run("Create", {})
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", NEVER_MADE)
    bench.succeeds("Delete", {}, response["PhysicalResourceId"])


@pytest.mark.parametrize("step", ["describe_domain", "list_spaces", "delete_space"])
def test_error_of_sagemaker(bench, script, step):
    if step == "describe_domain":
        script.stack_is("DELETE_IN_PROGRESS")
    else:
        script.domain()
    if step == "delete_space":
        script.has([space("s")])
    script.sagemaker.add_client_error(step, "AccessDeniedException", "not allowed", 400)
    assert "AccessDeniedException" in bench.fails("Delete", PROPERTIES, ID)


class Clock:
    """Takes time: each pause between two rounds takes `pause` seconds."""

    def __init__(self, module, monkeypatch, seconds, pause):
        self.left = seconds
        monkeypatch.setattr(module.Run, "seconds_left", lambda run: self.left)
        monkeypatch.setattr(module.time, "sleep", lambda _: self.spend(pause))

    def spend(self, seconds, value=None):
        self.left -= seconds
        return value


def test_out_of_time_it_goes_on_in_a_further_invocation(bench, script, module, monkeypatch):
    """Also while it only waits, if it asked for something before: an app may take twenty minutes to go."""
    event = bench.event("Delete", PROPERTIES, ID)
    Clock(module, monkeypatch, 880, 400)
    script.domain()
    script.has(apps=[app("a", profile=ANNA)])
    script.deletes_app("a", UserProfileName=ANNA)
    script.has(apps=[app("a", profile=ANNA, status="Deleting")])
    script.has(apps=[app("a", profile=ANNA, status="Deleting")])
    script.invokes(event, 1)
    assert bench.send(event) == []
    Clock(module, monkeypatch, 880, 400)
    script.domain()
    script.has(apps=[app("a", profile=ANNA, status="Deleting")])
    script.empty()
    (response,) = bench.send(event | {"Link": 1})
    assert response["Status"] == "SUCCESS"
    assert bench.responses.tries == 1


def test_out_of_time_without_progress_it_fails(bench, script, module, monkeypatch):
    Clock(module, monkeypatch, 99, 0)
    script.domain()
    script.has(apps=[app("a", profile=ANNA, status="Pending")])
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert (
        "not finished in invocation 1, which did 0: waiting for 1 to go: app/d-0a1b/Anna-demo/JupyterLab/a (Pending)"
        in reason
    )


def test_out_of_time_between_two_deletions(bench, script, module, monkeypatch):
    event = bench.event("Delete", PROPERTIES, ID)
    clock, delete = Clock(module, monkeypatch, 880, 0), module.Studio.delete
    monkeypatch.setattr(module.Studio, "delete", lambda *arguments: clock.spend(800, delete(*arguments)))
    script.domain()
    script.has([space("s1"), space("s2")])
    script.deletes("delete_space", SpaceName="s1")
    script.invokes(event, 1)
    assert bench.send(event) == []


def test_hand_over_ends_before_a_time_out_is_reported(module):
    """Two tries of four seconds to connect and four to read, with a pause, and a round before them."""
    assert module.HAND_OVER > 2 * (4 + 4) + 1 + 60


def test_log_and_step_name_the_first_five(bench, script, capfd):
    script.domain()
    script.has([space(f"s{number}") for number in range(7)])
    for number in range(7):
        script.deletes("delete_space", SpaceName=f"s{number}")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)
    log = capfd.readouterr().out
    assert "waiting for 7 to go: space/d-0a1b/s0 (InService), " in log
    assert "s4" in log
    assert "s5" not in log


def test_response_server_that_fails_twice(bench, script):
    script.domain()
    script.empty()
    bench.responses.failures = [500, 500]
    bench.succeeds("Delete", PROPERTIES, ID)
    assert bench.responses.tries == 3


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    assert "timed out while asking for domain d-0a1b and its stack" in bench.fails(
        "Delete", PROPERTIES, ID, seconds=20.2
    )
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    stack = "<StackName>s</StackName><StackStatus>DELETE_IN_PROGRESS</StackStatus>"
    result = f"<DescribeStacksResult><Stacks><member>{stack}</member></Stacks></DescribeStacksResult>"
    answers = {
        "DescribeStacks": [f"<R>{result}</R>"],
        "DescribeDomain": [{}],
        "ListSpaces": [{"Spaces": [space("s") | {"CreationTime": NOW.timestamp()}]}, {"Spaces": []}],
        "ListApps": [{"Apps": []}, {"Apps": []}],
        "DeleteSpace": [{}],
        "ListUserProfiles": [{"UserProfiles": []}],
    }
    busy = set(answers)

    def respond(request, body):
        target = request.headers.get("X-Amz-Target", ".DescribeStacks")
        operation = target.split(".")[1]
        if operation in busy:
            busy.remove(operation)
            return (400, {}, b'{"__type": "ThrottlingException"}') if target[0] != "." else (503, {}, b"")
        answer = answers[operation].pop(0)
        return 200, {}, answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        bench_of(module).succeeds("Delete", PROPERTIES, ID)
    assert not busy
    assert not any(answers.values())
