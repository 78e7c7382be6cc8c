"""`Custom::DeletionGuard`."""

import json
import urllib.parse

import pytest
from conftest import LAMBDA, LOG_STREAM, NEVER_MADE, NOW, STACK, Hanging, load, serving

PROPERTIES = {"DomainId": "d-0a1b", "PortfolioId": "port-1", "PlatformName": "aws-mlops"}
ID = "guard/aws-mlops"
OVERRIDE = "/mlops/platform/force-delete"
GOING = ("DELETE_IN_PROGRESS", "DELETE_FAILED")
STAYING = (
    "CREATE_IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
)
ORDER = "First terminate the users' products, then delete the projects, then the platform."
PROJECT, USER, FOREIGN = "prod-project", "prod-user", "prod-foreign"  # ids of products


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.aws = aws

    def pages(self, service, operation, result, pages, asked, marks=("NextToken", "NextToken")):
        sent, got = marks
        for number, page in enumerate(pages):
            following = {got: f"t{number + 1}"} if number + 1 < len(pages) else {}
            token = {sent: f"t{number}"} if number else {}
            self.aws(service).add_response(operation, {result: list(page)} | following, asked | token)

    def stack_is(self, status):
        stack = {"StackName": "s", "CreationTime": NOW, "StackStatus": status}
        self.aws("cloudformation").add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})

    def override(self, value=None):
        if value is None:
            self.aws("ssm").add_client_error("get_parameter", "ParameterNotFound", "", 400)
        else:
            self.aws("ssm").add_response("get_parameter", {"Parameter": {"Value": value}}, {"Name": OVERRIDE})

    def going(self):
        self.stack_is("DELETE_IN_PROGRESS")
        self.override()

    def portfolio(self, *pages):
        found = [[{"ProductViewSummary": {"ProductId": key}} for key in page] for page in pages or [[PROJECT, USER]]]
        marks = ("PageToken", "NextPageToken")
        asked = {"PortfolioId": "port-1"}
        self.pages("servicecatalog", "search_products_as_admin", "ProductViewDetails", found, asked, marks)

    def projects(self, *pages):
        """Each page maps names to statuses."""
        found = [
            [
                {
                    "ProjectName": name,
                    "ProjectArn": f"arn:aws:sagemaker:eu-south-1:123456789012:project/{name}",
                    "ProjectId": "p-0123456789ab",
                    "CreationTime": NOW,
                    "ProjectStatus": status,
                }
                for name, status in page.items()
            ]
            for page in pages or [{}]
        ]
        self.pages("sagemaker", "list_projects", "ProjectSummaryList", found, {"MaxResults": 100})

    def project(self, name, product, provisioned=None):
        answer = {
            "ProjectName": name,
            "ProjectArn": f"arn:aws:sagemaker:eu-south-1:123456789012:project/{name}",
            "ProjectId": "p-0123456789ab",
            "ProjectStatus": "CreateCompleted",
            "CreationTime": NOW,
        }
        if product:
            answer["ServiceCatalogProvisioningDetails"] = {"ProductId": product}
        if provisioned:
            answer["ServiceCatalogProvisionedProductDetails"] = {"ProvisionedProductId": provisioned}
        self.aws("sagemaker").add_response("describe_project", answer, {"ProjectName": name})

    def provisioned(self, *pages):
        """Each page maps names to ids of products; the id of what is provisioned is pp- and the name."""
        found = [
            [{"Name": name, "Id": f"pp-{name}", "ProductId": product} for name, product in page.items()]
            for page in pages or [{}]
        ]
        asked = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}, "PageSize": 100}
        marks = ("PageToken", "NextPageToken")
        self.pages("servicecatalog", "search_provisioned_products", "ProvisionedProducts", found, asked, marks)

    def profiles(self, *pages):
        found = [[{"UserProfileName": name} for name in page] for page in pages or [["ds-admin"]]]
        asked = {"DomainIdEquals": "d-0a1b", "MaxResults": 100}
        self.pages("sagemaker", "list_user_profiles", "UserProfiles", found, asked)

    def stack_sets(self, *pages):
        found = [[{"StackSetName": name, "Status": "ACTIVE"} for name in page] for page in pages or [[]]]
        self.pages("cloudformation", "list_stack_sets", "Summaries", found, {"Status": "ACTIVE"})

    def nothing_left(self):
        self.portfolio()
        self.projects()
        self.provisioned()
        self.profiles()
        self.stack_sets()


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "deletion_guard.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_create_and_update_do_nothing(bench):
    assert bench.succeeds("Create", PROPERTIES)["PhysicalResourceId"] == ID
    assert bench.succeeds("Create", PROPERTIES)["PhysicalResourceId"] == ID
    assert bench.succeeds("Update", PROPERTIES | {"DomainId": "d-2"}, ID)["PhysicalResourceId"] == ID


def test_update_to_another_platform_is_a_replacement(bench, script):
    response = bench.succeeds("Update", PROPERTIES | {"PlatformName": "other"}, ID)
    assert response["PhysicalResourceId"] == "guard/other"
    script.stack_is("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("status", GOING)
def test_delete_of_a_platform_that_nobody_needs(bench, script, status):
    script.stack_is(status)
    script.override()
    script.nothing_left()
    assert bench.succeeds("Delete", PROPERTIES, ID)["PhysicalResourceId"] == ID


def test_repeated_delete(bench, script):
    for _ in range(2):
        script.going()
        script.nothing_left()
        bench.succeeds("Delete", PROPERTIES, ID)


def test_log_tells_the_steps(bench, script, capfd):
    script.going()
    script.nothing_left()
    bench.succeeds("Delete", PROPERTIES, ID)
    steps = ("the stack's status", "projects", "provisioned products", "user profiles", "stack sets")
    assert [line.partition(" for ")[2] for line in capfd.readouterr().out.splitlines()[1:]] == list(steps)


@pytest.mark.parametrize("status", STAYING)
def test_stack_that_is_not_being_deleted_is_not_guarded(bench, script, status, capfd):
    script.stack_is(status)
    bench.succeeds("Delete", PROPERTIES, ID)
    assert f"nothing to guard: the stack is {status}" in capfd.readouterr().out


def test_override(bench, script, capfd):
    script.stack_is("DELETE_IN_PROGRESS")
    script.override("true")
    bench.succeeds("Delete", PROPERTIES, ID)
    assert f"nothing is guarded: {OVERRIDE} is true" in capfd.readouterr().out


@pytest.mark.parametrize("value", ["false", "True", "yes", ""])
def test_override_is_true_or_none(bench, script, value):
    script.stack_is("DELETE_IN_PROGRESS")
    script.override(value)
    script.nothing_left()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_all_that_is_left_is_named_in_the_order_to_go(bench, script):
    script.going()
    script.portfolio()
    script.projects({"demo": "CreateCompleted"})
    script.project("demo", PROJECT, "pp-demo")
    script.provisioned({"demo": PROJECT, "anna": USER})
    script.profiles(["anna-demo", "ds-admin"])
    script.stack_sets(["demo-monitor-stackset"])
    response = bench.run("Delete", PROPERTIES, ID)
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", ID)
    assert response["Reason"] == (
        "StillNeededError: the platform is still needed by provisioned product anna, user profile anna-demo, "
        f"project demo, stack set demo-monitor-stackset. {ORDER} To delete it all the same, "
        f"set SSM {OVERRIDE} to true (log stream {LOG_STREAM})"
    )


def test_first_five_are_named(bench, script):
    script.going()
    script.portfolio()
    script.projects()
    script.provisioned({f"u{number}": USER for number in range(8)})
    script.profiles()
    script.stack_sets()
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert "product u3, provisioned product u4 and 3 more. First" in reason
    assert "u5" not in reason


@pytest.mark.parametrize(
    "status", ["Pending", "CreateFailed", "DeleteInProgress", "DeleteFailed", "UpdateCompleted", "UpdateFailed"]
)
def test_project_counts_until_it_is_deleted(bench, script, status):
    script.going()
    script.portfolio()
    script.projects({"demo": status, "old": "DeleteCompleted"})
    script.project("demo", PROJECT)
    script.provisioned()
    script.profiles()
    script.stack_sets()
    assert "needed by project demo. First" in bench.fails("Delete", PROPERTIES, ID)


def test_what_others_made_does_not_count(bench, script):
    script.going()
    script.portfolio()
    script.projects({"foreign": "CreateCompleted", "without-catalog": "CreateCompleted"})
    script.project("foreign", FOREIGN, "pp-foreign")
    script.project("without-catalog", None)
    script.provisioned({"foreign": FOREIGN})
    script.profiles()
    script.stack_sets(["monitor-stackset", "demo-inference-stackset-test", "demo-monitor-stackset-2", "vpc"])
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("name", ["inference-stackset-staging", "inference-stackset-prod", "monitor-stackset"])
def test_stack_sets_of_projects_count(bench, script, name):
    script.going()
    script.portfolio()
    script.projects()
    script.provisioned()
    script.profiles()
    script.stack_sets([f"my-demo-{name}"])
    assert f"needed by stack set my-demo-{name}. First" in bench.fails("Delete", PROPERTIES, ID)


def test_product_whose_project_record_is_gone_counts(bench, script):
    script.going()
    script.portfolio()
    script.projects({"demo": "DeleteCompleted"})
    script.provisioned({"demo": PROJECT})
    script.profiles()
    script.stack_sets()
    assert "needed by provisioned product demo. First" in bench.fails("Delete", PROPERTIES, ID)


def test_portfolio_that_is_gone_has_no_products(bench, script, aws):
    script.going()
    aws("servicecatalog").add_client_error("search_products_as_admin", "ResourceNotFoundException", "", 400)
    script.projects({"demo": "CreateCompleted"})
    script.project("demo", PROJECT)
    script.provisioned({"demo": PROJECT})
    script.profiles()
    script.stack_sets()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_several_pages(bench, script):
    script.going()
    script.portfolio([PROJECT], [], [USER])
    script.aws("sagemaker")
    found = [{"ProjectName": name, "ProjectStatus": "CreateCompleted"} for name in ("p1", "p2")]
    common = {
        "ProjectArn": "arn:aws:sagemaker:eu-south-1:123456789012:project/p",
        "ProjectId": "p-0",
        "CreationTime": NOW,
    }
    first = {"ProjectSummaryList": [found[0] | common], "NextToken": "t1"}
    script.aws("sagemaker").add_response("list_projects", first, {"MaxResults": 100})
    script.project("p1", PROJECT, "pp-p1")
    second = {"ProjectSummaryList": [found[1] | common]}
    script.aws("sagemaker").add_response("list_projects", second, {"MaxResults": 100, "NextToken": "t1"})
    script.project("p2", PROJECT, "pp-p2")
    script.provisioned({"p1": PROJECT}, {"p2": PROJECT, "anna": USER})
    script.profiles(["ds-admin"], ["anna-p1"])
    script.stack_sets([], ["p1-monitor-stackset"])
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert "provisioned product anna, user profile anna-p1, project p1, project p2, stack set p1-monitor-s" in reason


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_after_a_failed_create(bench, physical_id):
    bench.succeeds("Delete", PROPERTIES, physical_id)


def test_delete_after_a_create_with_bad_properties(bench):
    response = bench.run("Create", {"Domain": "d"})
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", NEVER_MADE)
    for problem in ("Domain is unknown", "DomainId is missing", "PortfolioId is missing", "PlatformName is missing"):
        assert problem in response["Reason"]
    bench.succeeds("Delete", {}, response["PhysicalResourceId"])


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("cloudformation", "describe_stacks"),
        ("ssm", "get_parameter"),
        ("servicecatalog", "search_products_as_admin"),
        ("sagemaker", "list_projects"),
    ],
)
def test_whatever_cannot_be_read_keeps_the_platform(bench, script, service, operation):
    for before in ("describe_stacks", "get_parameter", "search_products_as_admin", "list_projects"):
        if before == operation:
            script.aws(service).add_client_error(operation, "AccessDeniedException", "not allowed", 403)
            break
        {
            "describe_stacks": lambda: script.stack_is("DELETE_IN_PROGRESS"),
            "get_parameter": script.override,
            "search_products_as_admin": script.portfolio,
        }[before]()
    assert "AccessDeniedException" in bench.fails("Delete", PROPERTIES, ID)


def test_response_server_that_fails_twice(bench, script):
    script.going()
    script.nothing_left()
    bench.responses.failures = [500, 500]
    bench.succeeds("Delete", PROPERTIES, ID)
    assert bench.responses.tries == 3


def test_oversize_reason(bench, script):
    script.going()
    script.portfolio()
    script.projects()
    script.provisioned({f"{number}{'x' * 400}": USER for number in range(5)})
    script.profiles()
    script.stack_sets()
    assert "needed by provisioned product 0xxx" in bench.fails("Delete", PROPERTIES, ID)


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    assert "timed out while asking for the stack's status" in bench.fails("Delete", PROPERTIES, ID, seconds=20.2)
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    stack = "<StackName>s</StackName><StackStatus>DELETE_IN_PROGRESS</StackStatus>"
    answers = {
        "DescribeStacks": f"<Stacks><member>{stack}</member></Stacks>",
        "GetParameter": {"Parameter": {"Value": "false"}},
        "SearchProductsAsAdmin": {"ProductViewDetails": []},
        "ListProjects": {"ProjectSummaryList": []},
        "SearchProvisionedProducts": {"ProvisionedProducts": []},
        "ListUserProfiles": {"UserProfiles": []},
        "ListStackSets": "<Summaries/>",
    }
    busy = set(answers)

    def respond(request, body):
        target = request.headers.get("X-Amz-Target")
        operation = target.split(".")[1] if target else urllib.parse.parse_qs(body.decode())["Action"][0]
        if operation in busy:
            busy.remove(operation)
            error = {"__type": "ThrottlingException"}
            return 400, {}, json.dumps(error).encode() if target else b"<E><Error><Code>Throttling</Code></Error></E>"
        answer = answers.pop(operation)
        if target:
            return 200, {}, json.dumps(answer).encode()
        return 200, {}, f"<R><{operation}Result>{answer}</{operation}Result></R>".encode()

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        bench_of(module).succeeds("Delete", PROPERTIES, ID)
    assert not busy
    assert not answers
