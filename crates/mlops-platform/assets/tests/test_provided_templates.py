"""`Custom::ProvidedTemplates`."""

import json

import pytest
from conftest import LAMBDA, NEVER_MADE, REGION, Hanging, joined, load, serving

ID = f"provided-templates/123456789012/{REGION}"
BEFORE = "/mlops/platform/provided-templates-before"
ADMIN, SCIENTIST, STUDIO, EXTRA = ROLES = [
    f"arn:aws:iam::123456789012:role/{name}"
    for name in ("datascience-admin", "datascientist", "studio-default", "products")
]
FOREIGN = "arn:aws:iam::123456789012:role/foreign"


def properties(desired="Disabled", arns=ROLES):
    return {"Desired": desired, "PrincipalArns": list(arns)}


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.aws = aws
        self.sagemaker, self.catalog, self.ssm = aws("sagemaker"), aws("servicecatalog"), aws("ssm")

    def switch_is(self, status="Enabled", remembered=False):
        """The switch is asked for, and remembered unless it is already."""
        answer = {"Status": status} if status else {}
        self.sagemaker.add_response("get_sagemaker_servicecatalog_portfolio_status", answer, {})
        asked = {"Name": BEFORE, "Type": "String", "Value": status or "Disabled"}
        if remembered:
            self.ssm.add_client_error("put_parameter", "ParameterAlreadyExists", "", 400, expected_params=asked)
        else:
            self.ssm.add_response("put_parameter", {}, asked)

    def switches(self, on):
        verb = "enable" if on else "disable"
        self.sagemaker.add_response(f"{verb}_sagemaker_servicecatalog_portfolio", {}, {})

    def shares(self, *pages):
        """Pages of accepted shares, each a list of ids and providers."""
        for number, page in enumerate(pages or [[("port-sm", "Amazon SageMaker")]]):
            details = [{"Id": key, "ProviderName": provider} for key, provider in page]
            following = {"NextPageToken": f"p{number + 1}"} if number + 1 < len(pages) else {}
            token = {"PageToken": f"p{number}"} if number else {}
            self.catalog.add_response(
                "list_accepted_portfolio_shares",
                {"PortfolioDetails": details} | following,
                {"PortfolioShareType": "IMPORTED"} | token,
            )

    def principals(self, *pages, portfolio="port-sm"):
        """Pages of principals of a portfolio, each a list of ARNs."""
        for number, page in enumerate(pages):
            found = [{"PrincipalARN": arn, "PrincipalType": "IAM"} for arn in page]
            following = {"NextPageToken": f"p{number + 1}"} if number + 1 < len(pages) else {}
            token = {"PageToken": f"p{number}"} if number else {}
            asked = {"PortfolioId": portfolio} | token
            self.catalog.add_response("list_principals_for_portfolio", {"Principals": found} | following, asked)

    def association(self, verb, arn, portfolio="port-sm", code=None):
        asked = {"PortfolioId": portfolio, "PrincipalARN": arn, "PrincipalType": "IAM"}
        if code:
            self.catalog.add_client_error(verb, code, "", 400, expected_params=asked)
        else:
            self.catalog.add_response(verb, {}, asked)

    def joins(self, arn, **more):
        self.association("associate_principal_with_portfolio", arn, **more)

    def leaves(self, arn, **more):
        self.association("disassociate_principal_from_portfolio", arn, **more)

    def remembers(self, before):
        if before is None:
            self.ssm.add_client_error("get_parameter", "ParameterNotFound", "", 400, expected_params={"Name": BEFORE})
        else:
            self.ssm.add_response("get_parameter", {"Parameter": {"Value": before}}, {"Name": BEFORE})

    def forgets(self, code=None):
        if code:
            self.ssm.add_client_error("delete_parameter", code, "", 400, expected_params={"Name": BEFORE})
        else:
            self.ssm.add_response("delete_parameter", {}, {"Name": BEFORE})

    def domains(self, *pages):
        for number, page in enumerate(pages):
            following = {"NextToken": f"d{number + 1}"} if number + 1 < len(pages) else {}
            token = {"NextToken": f"d{number}"} if number else {}
            found = [{"DomainName": name} for name in page]
            self.sagemaker.add_response("list_domains", {"Domains": found} | following, token)

    def makes_disabled(self, status="Enabled", remembered=False):
        self.switch_is(status, remembered)
        if status != "Enabled":
            self.switches(on=True)
        self.shares()
        self.principals([])

    def nothing_to_leave(self):
        self.shares()
        self.principals([])


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "provided_templates.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_fits_into_16_kib():
    assert len(joined("provided_templates").encode()) <= 16 * 1024


def test_create_takes_our_principals_from_the_portfolio(bench, script):
    script.switch_is("Enabled")
    script.shares()
    script.principals([ADMIN, FOREIGN, EXTRA])
    script.leaves(ADMIN)
    script.leaves(EXTRA)
    assert bench.succeeds("Create", properties())["PhysicalResourceId"] == ID


@pytest.mark.parametrize("status", ["Disabled", None])
def test_create_switches_on_what_is_off(bench, script, status):
    script.makes_disabled(status)
    bench.succeeds("Create", properties())


def test_second_create_forgets_nothing(bench, script):
    script.makes_disabled("Disabled")
    script.makes_disabled("Enabled", remembered=True)
    assert bench.succeeds("Create", properties()) == bench.succeeds("Create", properties())


def test_update_without_change(bench, script):
    script.makes_disabled("Enabled", remembered=True)
    event = bench.event("Update", properties(), ID, OldResourceProperties=properties())
    (response,) = bench.send(event)
    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", ID)


def test_update_switches_on_what_somebody_switched_off(bench, script):
    script.makes_disabled("Disabled", remembered=True)
    bench.succeeds("Update", properties(), ID)


def test_stack_elsewhere_is_another_resource(bench, script):
    """So would be a replacement: the id holds account and region, and nothing of the properties."""
    script.makes_disabled("Enabled", remembered=True)
    stack = "arn:aws:cloudformation:us-east-1:210987654321:stack/other/0a1b"
    (response,) = bench.send(bench.event("Update", properties(), ID, StackId=stack))
    assert response["PhysicalResourceId"] == "provided-templates/210987654321/us-east-1"


def test_offer(bench, script):
    script.switch_is("Enabled")
    script.shares()
    script.joins(ADMIN)
    bench.succeeds("Create", properties("Offered"))


def test_offer_of_several_portfolios_on_several_pages(bench, script):
    script.switch_is("Enabled")
    script.shares([("port-1", "Amazon SageMaker"), ("port-x", "Somebody")], [], [("port-2", "Amazon SageMaker")])
    script.joins(ADMIN, portfolio="port-1")
    script.joins(ADMIN, portfolio="port-2")
    bench.succeeds("Create", properties("Offered"))


def test_principals_on_several_pages(bench, script):
    script.switch_is("Enabled")
    script.shares()
    script.principals([FOREIGN, STUDIO], [], [SCIENTIST])
    script.leaves(STUDIO)
    script.leaves(SCIENTIST)
    bench.succeeds("Create", properties())


def test_pattern_keeps_its_type(bench, script, aws):
    script.switch_is("Enabled")
    script.shares()
    principal = {"PrincipalARN": ADMIN, "PrincipalType": "IAM_PATTERN"}
    asked = {"PortfolioId": "port-sm"}
    script.catalog.add_response("list_principals_for_portfolio", {"Principals": [principal]}, asked)
    script.catalog.add_response("disassociate_principal_from_portfolio", {}, asked | principal)
    bench.succeeds("Create", properties())


def test_update_from_offered_to_disabled(bench, script):
    script.switch_is("Enabled", remembered=True)
    script.shares()
    script.principals([ADMIN])
    script.leaves(ADMIN)
    old = properties("Offered")
    (response,) = bench.send(bench.event("Update", properties(), ID, OldResourceProperties=old))
    assert response["Status"] == "SUCCESS"


@pytest.mark.parametrize("desired", ["Offered", "Disabled"])
def test_update_to_another_role_ends_the_offer_to_the_old_one(bench, script, desired):
    script.switch_is("Enabled", remembered=True)
    script.shares()
    script.principals(["arn:old", EXTRA, FOREIGN])
    script.leaves("arn:old")
    if desired == "Offered":
        script.joins(ADMIN)
    else:
        script.leaves(EXTRA)
    old = properties("Offered", ["arn:old", EXTRA])
    (response,) = bench.send(bench.event("Update", properties(desired), ID, OldResourceProperties=old))
    assert response["Status"] == "SUCCESS"


def test_update_of_other_principals_leaves_the_old_ones_alone(bench, script):
    """A role that no longer is a principal of ours may have been the customer's choice."""
    script.switch_is("Enabled", remembered=True)
    script.shares()
    script.principals(["arn:old", FOREIGN])
    old = properties("Disabled", ["arn:old"])
    (response,) = bench.send(bench.event("Update", properties(), ID, OldResourceProperties=old))
    assert response["Status"] == "SUCCESS"


def test_association_that_is_gone(bench, script):
    script.switch_is("Enabled")
    script.shares()
    script.principals([ADMIN, EXTRA])
    script.leaves(ADMIN, code="ResourceNotFoundException")
    script.leaves(EXTRA)
    bench.succeeds("Create", properties())


def test_share_that_appears_late(bench, script, no_sleep):
    script.switch_is("Disabled")
    script.switches(on=True)
    script.shares([])
    script.shares([("port-x", "Somebody")])
    script.shares()
    script.joins(ADMIN)
    bench.succeeds("Create", properties("Offered"))
    assert no_sleep.count(5) == 2


@pytest.mark.parametrize("desired", ["Offered", "Disabled"])
def test_share_that_never_appears(bench, script, no_sleep, desired):
    """That is bad only for who wants to offer something of it."""
    script.switch_is("Enabled")
    for _ in range(6):
        script.shares([])
    if desired == "Offered":
        reason = bench.fails("Create", properties(desired))
        assert "no portfolio of Amazon SageMaker is shared with this account" in reason
    else:
        bench.succeeds("Create", properties(desired))
    assert no_sleep.count(5) == 5


def test_delete_switches_back_what_was_off(bench, script):
    script.nothing_to_leave()
    script.remembers("Disabled")
    script.domains([f"{REGION}-studio-domain"])
    script.switches(on=False)
    script.forgets()
    assert bench.succeeds("Delete", properties(), ID)["PhysicalResourceId"] == ID


def test_delete_leaves_on_what_was_on(bench, script):
    script.nothing_to_leave()
    script.remembers("Enabled")
    script.forgets()
    bench.succeeds("Delete", properties(), ID)


def test_delete_leaves_on_what_another_domain_may_use(bench, script, capfd):
    script.nothing_to_leave()
    script.remembers("Disabled")
    script.domains([f"{REGION}-studio-domain"], [], ["research"])
    script.forgets()
    bench.succeeds("Delete", properties(), ID)
    assert "stays on: research may use it" in capfd.readouterr().out


def test_delete_ends_the_offer_only(bench, script):
    """What the customer's own role has is the customer's."""
    script.shares()
    script.principals([FOREIGN, EXTRA], [ADMIN])
    script.leaves(ADMIN)
    script.remembers("Enabled")
    script.forgets()
    bench.succeeds("Delete", properties("Offered"), ID)


def test_delete_without_a_share(bench, script):
    script.shares([])
    script.remembers("Enabled")
    script.forgets("ParameterNotFound")
    bench.succeeds("Delete", properties(), ID)


def test_repeated_delete_does_nothing(bench, script):
    script.nothing_to_leave()
    script.remembers("Disabled")
    script.domains([])
    script.switches(on=False)
    script.forgets()
    script.nothing_to_leave()
    script.remembers(None)
    assert bench.succeeds("Delete", properties(), ID) == bench.succeeds("Delete", properties(), ID)


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_of_what_never_was(bench, physical_id):
    bench.succeeds("Delete", properties(), physical_id)


def test_delete_after_a_failed_create(bench, script):
    script.sagemaker.add_client_error("get_sagemaker_servicecatalog_portfolio_status", "AccessDenied", "no", 403)
    response = bench.run("Create", properties())
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", ID)
    script.nothing_to_leave()
    script.remembers(None)
    bench.succeeds("Delete", properties(), ID)


def test_delete_after_a_create_that_failed_half_way(bench, script):
    script.switch_is("Disabled")
    script.sagemaker.add_client_error("enable_sagemaker_servicecatalog_portfolio", "AccessDenied", "no", 403)
    assert "AccessDenied" in bench.fails("Create", properties())
    script.nothing_to_leave()
    script.remembers("Disabled")
    script.domains([])
    script.switches(on=False)
    script.forgets()
    bench.succeeds("Delete", properties(), ID)


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("Create", "put_parameter"),
        ("Create", "list_principals_for_portfolio"),
        ("Create", "disassociate_principal_from_portfolio"),
        ("Delete", "list_accepted_portfolio_shares"),
        ("Delete", "get_parameter"),
        ("Delete", "delete_parameter"),
        ("Delete", "disable_sagemaker_servicecatalog_portfolio"),
    ],
)
def test_error(bench, script, kind, operation):
    refused = {"put_parameter": script.ssm, "get_parameter": script.ssm, "delete_parameter": script.ssm}
    refused["disable_sagemaker_servicecatalog_portfolio"] = script.sagemaker
    steps = {
        "get_sagemaker": lambda: script.sagemaker.add_response(
            "get_sagemaker_servicecatalog_portfolio_status", {"Status": "Enabled"}
        ),
        "put_parameter": lambda: script.ssm.add_response("put_parameter", {}),
        "list_accepted_portfolio_shares": script.shares,
        "list_principals_for_portfolio": lambda: script.principals([ADMIN]),
        "disassociate_principal_from_portfolio": lambda: script.leaves(ADMIN),
        "get_parameter": lambda: script.remembers("Disabled"),
        "list_domains": lambda: script.domains([]),
        "disable_sagemaker_servicecatalog_portfolio": lambda: script.switches(on=False),
        "delete_parameter": script.forgets,
    }
    for name in list(steps)[:5] if kind == "Create" else list(steps)[2:]:
        if name == operation:
            refused.get(name, script.catalog).add_client_error(name, "AccessDenied", "not allowed", 403)
            break
        steps[name]()
    assert "AccessDenied" in bench.fails(kind, properties(), None if kind == "Create" else ID)


@pytest.mark.parametrize("desired", ["", "disabled", None, ["Offered"]])
def test_bad_properties(bench, desired):
    reason = bench.fails("Create", {"Desired": desired, "Principals": []})
    assert "Principals is unknown; Desired must be Disabled or Offered; PrincipalArns is missing" in reason


def test_response_server_that_fails_twice(bench, script):
    script.makes_disabled()
    bench.responses.failures = [500, 500]
    bench.succeeds("Create", properties())
    assert bench.responses.tries == 3


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    reason = bench.fails("Create", properties(), seconds=20.2)
    assert "timed out while switching Service Catalog on in SageMaker" in reason
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    answers = {
        "SageMaker.GetSagemakerServicecatalogPortfolioStatus": {"Status": "Disabled"},
        "AmazonSSM.PutParameter": {"Version": 1},
        "SageMaker.EnableSagemakerServicecatalogPortfolio": {},
        "AWS242ServiceCatalogService.ListAcceptedPortfolioShares": {
            "PortfolioDetails": [{"Id": "port-sm", "ProviderName": "Amazon SageMaker"}]
        },
        "AWS242ServiceCatalogService.AssociatePrincipalWithPortfolio": {},
    }
    busy, calls = set(answers), []

    def respond(request, body):
        target = request.headers["X-Amz-Target"]
        calls.append(target)
        if target in busy:
            busy.remove(target)
            return 400, {}, b'{"__type": "ThrottlingException"}'
        return 200, {}, json.dumps(answers[target]).encode()

    with serving(respond) as url:
        for service in ("SAGEMAKER", "SSM", "SERVICE_CATALOG"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
        bench_of(module).succeeds("Create", properties("Offered"))
    assert calls == [target for target in answers for _ in (1, 2)]
