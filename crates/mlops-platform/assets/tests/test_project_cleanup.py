"""`Custom::ProjectCleanup`."""

import json
import urllib.parse

import pytest
from conftest import FUNCTION, LAMBDA, NEVER_MADE, NOW, STACK, Hanging, joined, load, serving

PROJECT, ID, PROJECT_ID = "demo", "project-cleanup/demo", "p-0a1b2c"
MONITOR, PROD, ECR = STACKS = ("demo-monitor-stackset", "demo-inference-stackset-prod", "demo-ecr-repo-stack")
PIPELINES = tuple(f"demo_{kind}_pipeline" for kind in ("project", "build", "deploy"))
PRODUCT = "demo SageMaker Studio User"
PROPERTIES = {"ProjectName": PROJECT, "ProjectId": PROJECT_ID, "StackNames": list(STACKS)}
PATH = "/mlops/projects/demo"
SAGEMAKER_PIPELINE = "demo-pipeline"
GOING = ("DELETE_IN_PROGRESS", "DELETE_FAILED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED")
STAYING = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_COMPLETE")


def arn(execution):
    return f"arn:aws:sagemaker:eu-south-1:123456789012:pipeline/{SAGEMAKER_PIPELINE}/execution/{execution}"


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.aws = aws
        self.cloudformation, self.catalog = aws("cloudformation"), aws("servicecatalog")
        self.codepipeline, self.sagemaker, self.ssm = aws("codepipeline"), aws("sagemaker"), aws("ssm")

    def paged(self, stub, operation, key, pages, asked, token="NextToken"):
        for number, page in enumerate(pages):
            following = {token: f"t{number + 1}"} if number + 1 < len(pages) else {}
            mark = {token: f"t{number}"} if number else {}
            stub.add_response(operation, {key: page} | following, asked | mark)

    def stack(self, name, status="CREATE_COMPLETE", project_id=PROJECT_ID, **more):
        """What is told of a stack; no status if there is none."""
        asked = {"StackName": name}
        if status is None:
            message = f"Stack with id {name} does not exist"
            self.cloudformation.add_client_error("describe_stacks", "ValidationError", message, 400, None, asked)
            return
        tags = [{"Key": "CostCenter", "Value": "1"}, {"Key": "sagemaker:project-id", "Value": project_id}]
        stack = {"StackName": name, "CreationTime": NOW, "StackStatus": status, "Tags": tags} | more
        self.cloudformation.add_response("describe_stacks", {"Stacks": [stack]}, asked)

    def own(self, status="DELETE_IN_PROGRESS"):
        self.stack(STACK, status)

    def users(self, *pages):
        """Pages of provisioned products, each a list of names and products."""
        for number, page in enumerate(pages or [[]]):
            following = {"NextPageToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            mark = {"PageToken": f"t{number}"} if number else {}
            found = [{"Name": name} | ({"ProductName": product} if product else {}) for name, product in page]
            asked = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}, "SortBy": "id", "PageSize": 100}
            self.catalog.add_response(
                "search_provisioned_products", {"ProvisionedProducts": found} | following, asked | mark
            )

    def checks(self, status="DELETE_IN_PROGRESS", **statuses):
        """All that comes before the first touch. Of stacks not named there is none."""
        self.own(status)
        self.users()
        for name in STACKS:
            self.stack(name, statuses.get(name.removeprefix("demo-").split("-")[0]))

    def executions(self, pipeline, *pages):
        """Pages of executions, each a list of ids and statuses; none if there is no pipeline."""
        asked = {"pipelineName": pipeline}
        if not pages:
            code = "PipelineNotFoundException"
            self.codepipeline.add_client_error("list_pipeline_executions", code, "", 400, None, asked)
            return
        found = [[{"pipelineExecutionId": key, "status": status} for key, status in page] for page in pages]
        key = "pipelineExecutionSummaries"
        self.paged(self.codepipeline, "list_pipeline_executions", key, found, asked, "nextToken")

    def idle(self):
        for pipeline in PIPELINES:
            self.executions(pipeline, [("old", "Succeeded")])

    def stops(self, pipeline, execution, code=None):
        asked = {"pipelineName": pipeline, "pipelineExecutionId": execution, "abandon": True}
        if code:
            self.codepipeline.add_client_error("stop_pipeline_execution", code, "", 400, None, asked)
        else:
            self.codepipeline.add_response("stop_pipeline_execution", {}, asked)

    def deletes(self, name):
        self.cloudformation.add_response("delete_stack", {}, {"StackName": name})

    def no_stacks(self):
        for name in STACKS:
            self.stack(name, None)

    def runs(self, *pages):
        """Pages of executions of SageMaker's pipeline; none if there is no pipeline."""
        asked = {"PipelineName": SAGEMAKER_PIPELINE}
        if not pages:
            code = "ResourceNotFound"
            self.sagemaker.add_client_error("list_pipeline_executions", code, "", 400, None, asked)
            return
        found = [[{"PipelineExecutionArn": arn(k), "PipelineExecutionStatus": s} for k, s in page] for page in pages]
        self.paged(self.sagemaker, "list_pipeline_executions", "PipelineExecutionSummaries", found, asked)

    def stops_run(self, execution, code=None):
        asked = {"PipelineExecutionArn": arn(execution)}  # and botocore adds a token
        if code:
            self.sagemaker.add_client_error("stop_pipeline_execution", code, "", 400, None, asked)
        else:
            self.sagemaker.add_response("stop_pipeline_execution", {}, asked)

    def deletes_pipeline(self, code=None):
        asked = {"PipelineName": SAGEMAKER_PIPELINE}
        if code:
            self.sagemaker.add_client_error("delete_pipeline", code, "", 400, None, asked)
        else:
            self.sagemaker.add_response("delete_pipeline", {}, asked)

    def configurations(self, *pages):
        found = [[{"StudioLifecycleConfigName": name} for name in page] for page in pages or [[]]]
        asked = {"NameContains": "demo-lcc-"}
        self.paged(self.sagemaker, "list_studio_lifecycle_configs", "StudioLifecycleConfigs", found, asked)

    def deletes_configuration(self, name, code=None):
        asked = {"StudioLifecycleConfigName": name}
        if code:
            self.sagemaker.add_client_error("delete_studio_lifecycle_config", code, "", 400, None, asked)
        else:
            self.sagemaker.add_response("delete_studio_lifecycle_config", {}, asked)

    def parameters(self, *pages):
        found = [[{"Name": f"{PATH}/{name}"} for name in page] for page in pages or [[]]]
        self.paged(self.ssm, "get_parameters_by_path", "Parameters", found, {"Path": PATH, "Recursive": True})

    def deletes_parameter(self, name, code=None):
        asked = {"Name": f"{PATH}/{name}"}
        if code:
            self.ssm.add_client_error("delete_parameter", code, "", 400, None, asked)
        else:
            self.ssm.add_response("delete_parameter", {}, asked)

    def nothing_else(self):
        self.runs()
        self.deletes_pipeline("ResourceNotFound")
        self.configurations()
        self.parameters()

    def nothing(self):
        """A whole deletion that finds nothing."""
        self.checks()
        for pipeline in PIPELINES:
            self.executions(pipeline)
        self.no_stacks()
        self.nothing_else()

    def invokes(self, event, link):
        asked = {"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": json.dumps(event | {"Link": link})}
        self.aws("lambda").add_response("invoke", {"StatusCode": 202}, asked)


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "project_cleanup.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    module.PAUSE = 0
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_fits_into_16_kib():
    assert len(joined("project_cleanup").encode()) <= 16 * 1024


def test_create_does_nothing(bench):
    assert bench.succeeds("Create", PROPERTIES)["PhysicalResourceId"] == ID


def test_second_create_does_nothing(bench):
    assert bench.succeeds("Create", PROPERTIES) == bench.succeeds("Create", PROPERTIES)


def test_update_without_change_does_nothing(bench):
    assert bench.succeeds("Update", PROPERTIES, ID)["PhysicalResourceId"] == ID


def test_update_to_another_project_is_a_replacement_that_leaves_the_old_one_alone(bench, script):
    response = bench.succeeds("Update", PROPERTIES | {"ProjectName": "other"}, ID)
    assert response["PhysicalResourceId"] == "project-cleanup/other"
    script.own("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("status", STAYING)
def test_delete_touches_nothing_of_a_stack_that_stays(bench, script, status):
    script.own(status)
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("status", GOING)
def test_delete_takes_everything_away_in_order(bench, script, status, capfd):
    script.checks(status, monitor="UPDATE_COMPLETE", inference="CREATE_COMPLETE", ecr="ROLLBACK_COMPLETE")
    script.executions(PIPELINES[0], [("old", "Succeeded"), ("new", "InProgress")])
    script.stops(PIPELINES[0], "new")
    script.executions(PIPELINES[0], [("old", "Succeeded"), ("new", "Stopped")])
    script.executions(PIPELINES[1], [])
    script.executions(PIPELINES[2])
    for name in STACKS:
        script.stack(name)
        script.deletes(name)
        script.stack(name, "DELETE_IN_PROGRESS")
        script.stack(name, None)
    script.runs([("r1", "Succeeded"), ("r2", "Executing")])
    script.stops_run("r2")
    script.runs([("r1", "Succeeded"), ("r2", "Stopped")])
    script.deletes_pipeline()
    script.configurations(["demo-lcc-0a1b2c3d"])
    script.deletes_configuration("demo-lcc-0a1b2c3d")
    script.parameters(["id", "status"])
    script.deletes_parameter("id")
    script.deletes_parameter("status")
    assert bench.succeeds("Delete", PROPERTIES, ID)["PhysicalResourceId"] == ID
    assert capfd.readouterr().out.splitlines()[1:] == [
        "checking stacks and users",
        f"waiting for {PIPELINES[0]}",
        *(f"waiting for stack {name}: {s}" for name in STACKS for s in ("CREATE_COMPLETE", "DELETE_IN_PROGRESS")),
        f"waiting for {SAGEMAKER_PIPELINE}",
        f"deleting {SAGEMAKER_PIPELINE}, demo-lcc-* and the parameters",
    ]


def test_delete_of_nothing(bench, script):
    script.nothing()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_repeated_delete(bench, script):
    script.nothing()
    script.nothing()
    assert bench.succeeds("Delete", PROPERTIES, ID) == bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_after_a_failed_create(bench, physical_id):
    bench.succeeds("Delete", PROPERTIES, physical_id)


def test_delete_after_a_create_with_bad_properties(bench):
    response = bench.run("Create", {"Project": PROJECT, "StackNames": []})
    assert response["Status"] == "FAILED"
    assert "Project is unknown; ProjectName is missing" in response["Reason"]
    assert "StackNames must be a list of texts and not empty" in response["Reason"]
    bench.succeeds("Delete", {"Project": PROJECT}, response["PhysicalResourceId"])


def test_users_keep_the_project(bench, script):
    """Nothing is touched. Others' products, and such as have no name, do not count."""
    script.own()
    users = [(f"user{number}", PRODUCT) for number in range(6)]
    script.users(users[:2], [("project", "SageMaker Project"), ("x", f"my-{PRODUCT}")], [("y", None), *users[2:]])
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert "terminate the project's 6 user products first: user0, user1, user2, user3, user4 (log" in reason


@pytest.mark.parametrize("tags", [{"project_id": "p-other"}, {"Tags": []}])
def test_foreign_stack_keeps_the_project(bench, script, tags):
    """Nothing is touched, although the foreign stack is the last."""
    script.own()
    script.users()
    script.stack(MONITOR)
    script.stack(PROD, None)
    script.stack(ECR, **tags)
    assert f"stack {ECR} lacks this project's tag sagemaker:project-id" in bench.fails("Delete", PROPERTIES, ID)


def test_executions_on_several_pages(bench, script):
    script.checks()
    script.executions(PIPELINES[0], [])
    script.executions(PIPELINES[1], [("a", "InProgress")], [("b", "Failed"), ("c", "InProgress")])
    script.stops(PIPELINES[1], "a")
    script.stops(PIPELINES[1], "c")
    script.executions(PIPELINES[1], [("a", "Stopped")], [("b", "Failed"), ("c", "Stopped")])
    script.executions(PIPELINES[2], [])
    script.no_stacks()
    script.nothing_else()
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize(
    "code", ["PipelineExecutionNotStoppableException", "DuplicatedStopRequestException", "ConflictException"]
)
def test_execution_that_ends_meanwhile(bench, script, code):
    script.checks()
    script.executions(PIPELINES[0], [("a", "Stopping")])
    script.stops(PIPELINES[0], "a", code)
    script.executions(PIPELINES[0], [("a", "Stopped")])
    script.executions(PIPELINES[1])
    script.executions(PIPELINES[2])
    script.no_stacks()
    script.nothing_else()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_stack_that_something_is_done_to_is_waited_for(bench, script):
    """What an abandoned action began goes on in CloudFormation."""
    script.checks(monitor="UPDATE_IN_PROGRESS")
    script.idle()
    for status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"):
        script.stack(MONITOR, status)
    script.deletes(MONITOR)
    script.stack(MONITOR, "UPDATE_COMPLETE")  # not known yet
    script.stack(MONITOR, "DELETE_IN_PROGRESS")
    script.no_stacks()
    script.nothing_else()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_stack_that_failed_to_delete_is_tried_again(bench, script):
    script.checks(monitor="DELETE_FAILED")
    script.idle()
    script.stack(MONITOR, "DELETE_FAILED")
    script.deletes(MONITOR)
    script.no_stacks()
    script.nothing_else()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_stack_that_cannot_be_deleted(bench, script):
    script.checks(monitor="CREATE_COMPLETE")
    script.idle()
    script.stack(MONITOR)
    script.deletes(MONITOR)
    script.stack(MONITOR, "DELETE_FAILED", StackStatusReason="failed to delete: [MonitorStackSet]")
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert f"stack {MONITOR}: DELETE_FAILED: failed to delete: [MonitorStackSet]" in reason


@pytest.mark.parametrize("code", [None, "ResourceNotFoundException"])
def test_launch_constraint_goes_before_the_stack_that_retains_it(bench, script, code):
    """No role of the project may remove it; a repeated deletion finds it gone."""
    outputs = [
        {"OutputKey": "UserProductId", "OutputValue": "prod-1"},
        {"OutputKey": "LaunchConstraintId", "OutputValue": "cons-1"},
    ]
    script.checks(ecr="CREATE_COMPLETE")
    script.idle()
    script.stack(MONITOR, None)
    script.stack(PROD, None)
    script.stack(ECR, Outputs=outputs)
    if code:
        script.catalog.add_client_error("delete_constraint", code, "", 400, None, {"Id": "cons-1"})
    else:
        script.catalog.add_response("delete_constraint", {}, {"Id": "cons-1"})
    script.deletes(ECR)
    script.stack(ECR, "DELETE_IN_PROGRESS", Outputs=outputs)
    script.stack(ECR, None)
    script.nothing_else()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_launch_constraint_that_cannot_go_keeps_the_stack(bench, script):
    script.checks(ecr="CREATE_COMPLETE")
    script.idle()
    script.stack(MONITOR, None)
    script.stack(PROD, None)
    script.stack(ECR, Outputs=[{"OutputKey": "LaunchConstraintId", "OutputValue": "cons-1"}])
    script.catalog.add_client_error("delete_constraint", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


def test_runs_on_several_pages(bench, script):
    script.checks()
    script.idle()
    script.no_stacks()
    script.runs([("r1", "Executing")], [("r2", "Stopping"), ("r3", "Failed")])
    script.stops_run("r1", "ConflictException")
    script.runs([("r1", "Stopped")], [("r2", "Stopping"), ("r3", "Failed")])
    script.runs([("r1", "Stopped")], [("r2", "Stopped"), ("r3", "Failed")])
    script.deletes_pipeline()
    script.configurations()
    script.parameters()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_lifecycle_configurations_of_other_projects_stay(bench, script):
    script.checks()
    script.idle()
    script.no_stacks()
    script.runs()
    script.deletes_pipeline("ResourceNotFound")
    others = ["my-demo-lcc-0a1b2c3d", "demo-lcc-b-lcc-0a1b2c3d", "demo-lcc-0A1B2C3D", "demo-lcc-0a1b2c3d4"]
    script.configurations(["demo-lcc-00000001", *others], [], ["demo-lcc-00000002"])
    script.deletes_configuration("demo-lcc-00000001", "ResourceNotFound")
    script.deletes_configuration("demo-lcc-00000002")
    script.parameters()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_parameters_on_several_pages(bench, script):
    script.checks()
    script.idle()
    script.no_stacks()
    script.runs()
    script.deletes_pipeline("ResourceNotFound")
    script.configurations()
    names = [f"p{number:02}" for number in range(25)]
    script.parameters(names[:10], names[10:20], names[20:])
    for name in names:
        script.deletes_parameter(name, "ParameterNotFound" if name == "p07" else None)
    bench.succeeds("Delete", PROPERTIES, ID)


def test_configuration_in_use(bench, script):
    script.checks()
    script.idle()
    script.no_stacks()
    script.runs()
    script.deletes_pipeline("ResourceNotFound")
    script.configurations(["demo-lcc-0a1b2c3d"])
    script.deletes_configuration("demo-lcc-0a1b2c3d", "ResourceInUse")
    assert "ResourceInUse" in bench.fails("Delete", PROPERTIES, ID)


def test_errors(bench, script):
    script.cloudformation.add_client_error("describe_stacks", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)
    script.own()
    script.catalog.add_client_error("search_provisioned_products", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)
    script.own()
    script.users()
    script.cloudformation.add_client_error("describe_stacks", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)
    script.checks()
    script.codepipeline.add_client_error("list_pipeline_executions", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)
    script.checks()
    script.executions(PIPELINES[0], [("a", "InProgress")])
    script.stops(PIPELINES[0], "a", "AccessDenied")
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


class Clock:
    """Takes time: each pause moves the deadline nearer."""

    def __init__(self, module, monkeypatch, seconds, pause):
        self.left, self.pause = seconds, pause
        monkeypatch.setattr(module.Run, "seconds_left", lambda run: self.left)
        monkeypatch.setattr(module.time, "sleep", self.sleep)

    def sleep(self, seconds):
        if seconds == 15:
            self.left -= self.pause


@pytest.fixture
def clock(bench, monkeypatch):
    """Gives a clock on which two pauses fit into an invocation."""
    bench.module.PAUSE = 15
    return lambda: Clock(bench.module, monkeypatch, 880, 400)


def test_out_of_time_it_goes_on_in_a_further_invocation(bench, script, clock):
    """The chain sends one response."""
    event = bench.event("Delete", PROPERTIES, ID)
    clock()
    script.checks(monitor="CREATE_COMPLETE")
    script.idle()
    script.stack(MONITOR)
    script.deletes(MONITOR)
    script.stack(MONITOR, "DELETE_IN_PROGRESS")
    script.stack(MONITOR, "DELETE_IN_PROGRESS")
    script.invokes(event, 1)
    assert bench.send(event) == []
    clock()
    script.checks(monitor="DELETE_IN_PROGRESS")
    script.idle()
    script.stack(MONITOR, "DELETE_IN_PROGRESS")
    script.no_stacks()
    script.nothing_else()
    (response,) = bench.send(event | {"Link": 1})
    assert response["Status"] == "SUCCESS"
    assert bench.responses.tries == 1


def test_after_eight_further_invocations_it_fails(bench, script, clock):
    event = bench.event("Delete", PROPERTIES, ID)
    for link in range(9):
        clock()
        script.checks(monitor="DELETE_IN_PROGRESS")
        script.idle()
        for _ in range(3):
            script.stack(MONITOR, "DELETE_IN_PROGRESS")
        if link < 8:
            script.invokes(event, link + 1)
            assert bench.send(event) == []
            event = event | {"Link": link + 1}
    (response,) = bench.send(event)
    assert response["Status"] == "FAILED"
    assert f"not finished in invocation 9, which did 3: waiting for stack {MONITOR}" in response["Reason"]
    assert bench.responses.tries == 1


def test_chain_whose_stack_is_kept_after_all_touches_nothing(bench, script):
    script.own("UPDATE_IN_PROGRESS")
    (response,) = bench.send(bench.event("Delete", PROPERTIES, ID, Link=1))
    assert response["Status"] == "SUCCESS"


def test_hand_over_ends_before_a_time_out_is_reported(module):
    """A pause, a few calls, and the hand-over's two tries of four seconds to connect and four to read."""
    assert module.HAND_OVER > module.PAUSE + 60 + 2 * (4 + 4) + 1


def test_response_server_that_fails_twice(bench, script):
    script.nothing()
    bench.responses.failures = [500, 500]
    bench.succeeds("Delete", PROPERTIES, ID)
    assert bench.responses.tries == 3


def test_oversize_reason(bench, script):
    script.own()
    script.users([("\N{PARTY POPPER}" * 500, PRODUCT)] * 5)
    assert "terminate the project's 5 user products" in bench.fails("Delete", PROPERTIES, ID)


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    reason = bench.fails("Delete", PROPERTIES, ID, seconds=20.2)
    assert "timed out while checking stacks and users" in reason
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    own = "<member><StackStatus>DELETE_IN_PROGRESS</StackStatus><StackName>s</StackName></member>"
    own = f"<DescribeStacksResult><Stacks>{own}</Stacks></DescribeStacksResult>"
    gone = "<Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error>"
    answers = {
        "AWS242ServiceCatalogService.SearchProvisionedProducts": {"ProvisionedProducts": []},
        "CodePipeline_20150709.ListPipelineExecutions": {"pipelineExecutionSummaries": []},
        "SageMaker.ListPipelineExecutions": {
            "PipelineExecutionSummaries": [{"PipelineExecutionArn": arn("r"), "PipelineExecutionStatus": "Executing"}]
        },
        "SageMaker.StopPipelineExecution": {},
        "SageMaker.DeletePipeline": {},
        "SageMaker.ListStudioLifecycleConfigs": {
            "StudioLifecycleConfigs": [{"StudioLifecycleConfigName": "demo-lcc-0a1b2c3d"}]
        },
        "SageMaker.DeleteStudioLifecycleConfig": {},
        "AmazonSSM.GetParametersByPath": {"Parameters": [{"Name": f"{PATH}/id"}]},
        "AmazonSSM.DeleteParameter": {},
    }
    busy, tokens = {*answers, STACK, MONITOR}, []

    def respond(request, body):
        target = request.headers["X-Amz-Target"]
        key = target or urllib.parse.parse_qs(body.decode())["StackName"][0]
        if key in busy:
            busy.remove(key)
            xml = b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"
            return 400, {}, b'{"__type": "ThrottlingException"}' if target else xml
        if not target:
            answer = (200, "DescribeStacksResponse", own) if key == STACK else (400, "ErrorResponse", gone)
            return answer[0], {}, f"<{answer[1]}>{answer[2]}</{answer[1]}>".encode()
        answer = json.dumps(answers[target]).encode()
        if target == "SageMaker.StopPipelineExecution":
            answers["SageMaker.ListPipelineExecutions"] = {"PipelineExecutionSummaries": []}
        if target in ("SageMaker.StopPipelineExecution", "SageMaker.DeletePipeline"):
            tokens.append(json.loads(body)["ClientRequestToken"])
        return 200, {}, answer

    with serving(respond) as url:
        for service in ("CLOUDFORMATION", "SERVICE_CATALOG", "CODEPIPELINE", "SAGEMAKER", "SSM"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
        bench_of(module).succeeds("Delete", PROPERTIES, ID)
    assert not busy
    assert len(set(tokens)) == 2
