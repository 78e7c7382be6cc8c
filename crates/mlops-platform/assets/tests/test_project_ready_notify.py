"""The last action of a project's pipeline."""

import json
import threading

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import ANY
from conftest import LAMBDA, REGION, Context, load, serving

JOB, REQUEST = "11111111-abcd-1111-abcd-111111abcdef", "9f8e7d6c-0000-4000-8000-000000000001"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:ready"
STUDIO = f"https://{REGION}.console.aws.amazon.com/sagemaker/home?region={REGION}#/studio/d-0a1b"
STATUS = {"Name": "/mlops/projects/demo/status", "Value": "ready", "Type": "String", "Overwrite": True}


def event(parameters="demo"):
    configuration = {"FunctionName": "studio-project-ready-notify"}
    if parameters is not None:
        configuration["UserParameters"] = parameters
    data = {
        "actionConfiguration": {"configuration": configuration},
        "inputArtifacts": [],
        "outputArtifacts": [],
        "artifactCredentials": {"accessKeyId": "a", "secretAccessKey": "SECRET", "sessionToken": "SECRET"},
    }
    return {"CodePipeline.job": {"id": JOB, "accountId": "123456789012", "data": data}}


class NotifyContext(Context):
    """Lambda's context, with what this function reads of it."""

    aws_request_id = REQUEST


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.codepipeline, self.sns, self.ssm = aws("codepipeline"), aws("sns"), aws("ssm")

    def marks(self):
        self.ssm.add_response("put_parameter", {}, STATUS)

    def mails(self):
        asked = {"TopicArn": TOPIC, "Subject": "Project demo is ready", "Message": ANY}
        self.sns.add_response("publish", {"MessageId": "m"}, asked)

    def succeeds(self):
        self.codepipeline.add_response("put_job_success_result", {}, {"jobId": JOB})

    def fails(self, message):
        details = {"type": "JobFailed", "message": message, "externalExecutionId": REQUEST}
        self.codepipeline.add_response("put_job_failure_result", {}, {"jobId": JOB, "failureDetails": details})


@pytest.fixture
def module(monkeypatch):
    monkeypatch.setenv("TOPIC_ARN", TOPIC)
    monkeypatch.setenv("STUDIO_URL", STUDIO)
    return load(LAMBDA / "project_ready_notify.py")


@pytest.fixture
def handle(module, aws):
    module.client = aws.client
    return lambda event: module.handler(event, NotifyContext())


@pytest.fixture
def script(aws):
    """Each test asserts by it that exactly one result is put: a second one would find no answer."""
    return Script(aws)


def test_fits_into_16_kib():
    assert len((LAMBDA / "project_ready_notify.py").read_bytes()) <= 16 * 1024


def test_project_is_marked_and_announced(handle, script, capfd):
    script.marks()
    script.mails()
    script.succeeds()
    handle(event())
    printed = capfd.readouterr()
    assert printed.out == "project demo is ready\n"
    assert printed.err == ""


def test_repeated_event_ends_the_same(handle, script, capfd):
    for _ in (1, 2):
        script.marks()
        script.mails()
    script.succeeds()
    handle(event())
    script.codepipeline.add_client_error("put_job_success_result", "InvalidJobStateException", "done", 400)
    handle(event())
    assert "InvalidJobStateException" in capfd.readouterr().out


def test_mail(module):
    assert max(map(len, module.MAIL.splitlines())) <= 90
    mail = module.MAIL.format(project="demo", studio=STUDIO)
    assert mail.isascii()
    assert STUDIO in mail.split()
    for words in ('"demo SageMaker Studio User"', "~/demo", "demo_build_pipeline", "demo_deploy_pipeline"):
        assert words in mail


@pytest.mark.parametrize("code", ["AuthorizationError", "NotFound", "KMSAccessDenied", "Throttled"])
def test_mail_that_cannot_be_sent_does_not_fail_the_project(handle, script, code):
    script.marks()
    script.sns.add_client_error("publish", code, "not so", 403)
    script.succeeds()
    handle(event())


@pytest.mark.parametrize("name", ["TOPIC_ARN", "STUDIO_URL"])
def test_missing_setting_does_not_fail_the_project(handle, script, monkeypatch, name):
    monkeypatch.delenv(name)
    script.marks()
    script.succeeds()
    handle(event())


def test_unreachable_mail_does_not_fail_the_project(module, handle, script, aws):
    def client(service):
        if service == "sns":
            raise EndpointConnectionError(endpoint_url="https://sns")
        return aws.client(service)

    module.client = client
    script.marks()
    script.succeeds()
    handle(event())


def test_mark_that_cannot_be_set_fails_the_project(handle, script):
    script.ssm.add_client_error("put_parameter", "AccessDeniedException", "not allowed", 403, None, STATUS)
    error = "An error occurred (AccessDeniedException) when calling the PutParameter operation: not allowed"
    script.fails(f"AccessDeniedException: {error}")
    handle(event())


@pytest.mark.parametrize("bad", [None, "", "Demo", "a/b", "../x", "-x", "x-", "a--b", "a" * 33, "demo\n", "{}"])
def test_bad_project_fails_the_action(handle, script, bad):
    script.fails(f"ValueError: UserParameters must be the name of a project, not {bad or ''!r}")
    handle(event(bad))


@pytest.mark.parametrize("good", ["a", "0", "a-b-1", "a" * 32])
def test_good_project(module, good):
    assert module.project_of(event(good)["CodePipeline.job"]) == good


def test_job_without_data_fails_the_action(handle, script):
    script.fails("KeyError: 'data'")
    handle({"CodePipeline.job": {"id": JOB}})


def test_oversize_reason_is_cut(handle, script):
    script.ssm.add_client_error("put_parameter", "Odd", "\N{PARTY POPPER}" * 9000, 400)
    error = "ClientError: An error occurred (Odd) when calling the PutParameter operation: "
    script.fails((error + "\N{PARTY POPPER}" * 9000)[:5000])
    handle(event())


@pytest.mark.parametrize("code", ["InvalidJobStateException", "JobNotFoundException"])
def test_failed_job_that_has_its_result(handle, script, code):
    script.codepipeline.add_client_error("put_job_failure_result", code, "done", 400)
    handle(event(""))


@pytest.mark.parametrize("operation", ["put_job_success_result", "put_job_failure_result"])
def test_result_that_is_not_taken_fails_the_invocation(handle, script, operation):
    """Lambda then runs the event again, which gives the result another chance. The other result is never put."""
    if operation == "put_job_success_result":
        script.marks()
        script.mails()
    script.codepipeline.add_client_error(operation, "AccessDeniedException", "not allowed", 403)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        handle(event("demo" if operation == "put_job_success_result" else ""))


def test_no_secret_is_logged(handle, script, capfd):
    script.fails("ValueError: UserParameters must be the name of a project, not 'Demo'")
    handle(event("Demo"))
    assert "SECRET" not in "".join(capfd.readouterr())


@pytest.fixture
def server(module, monkeypatch):
    """Gives a function that runs an event with the real clients, against a server; returns its calls."""

    def run(respond):
        calls = []

        def answer(request, body):
            call = request.headers["X-Amz-Target"] or body.decode().split("Action=")[1].split("&")[0]
            calls.append(call.split(".")[-1])
            return respond(calls)

        with serving(answer) as url:
            for service in ("SNS", "SSM", "CODEPIPELINE"):
                monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
            module.handler(event(), NotifyContext())
        return calls

    return run


def test_throttled_calls_are_repeated(server, no_sleep):
    """Each call is refused once."""

    def respond(calls):
        if calls.count(calls[-1]) == 1:
            code = {"__type": "ThrottlingException"}
            xml = b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"
            return 400, {}, xml if calls[-1] == "Publish" else json.dumps(code).encode()
        xml = b"<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
        return 200, {}, xml if calls[-1] == "Publish" else b"{}"

    calls = server(respond)
    assert calls == [call for call in ("PutParameter", "Publish", "PutJobSuccessResult") for _ in (1, 2)]


def test_calls_that_hang_leave_time_for_the_result(module, server, monkeypatch, no_sleep):
    """The parameter's call never answers; a failure is put all the same, well before a deadline of two minutes."""
    real = module.Config
    monkeypatch.setattr(module, "Config", lambda **more: real(**more | {"read_timeout": 0.2}))
    wait = threading.Event().wait  # no_sleep has no effect on it

    def respond(calls):
        if calls[-1] == "PutParameter":
            return wait(0.4) or None  # hangs up when nobody listens any more
        return 200, {}, b"{}"

    calls = server(respond)
    assert calls == ["PutParameter"] * 3 + ["PutJobFailureResult"]


def test_limits_of_calls_leave_time_for_the_result(module):
    """Three calls of three tries, with pauses between tries of one and two seconds at most, in two minutes."""
    config = module.client("ssm").meta.config
    tries = config.retries["total_max_attempts"]
    assert 3 * (tries * (config.connect_timeout + config.read_timeout) + 3) < 110
