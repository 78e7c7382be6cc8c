"""What the tests share: handlers joined as synth joins them, a bench to run them on, and doubles for AWS.

Nothing leaves the machine: clients are stubbed, or talk to a server on the loopback address.
"""

import datetime
import functools
import json
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

LAMBDA = Path(__file__).parent.parent / "lambda"
REGION = "eu-south-1"
STACK = f"arn:aws:cloudformation:{REGION}:123456789012:stack/aws-mlops-accelerator-stack/0a1b"
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:mlops-tested"
LOG_STREAM = "2024/01/02/[$LATEST]0123456789abcdef0123456789abcdef"
LOGICAL_ID = "Tested"
NEVER_MADE = f"{LOGICAL_ID}/create-failed"
NOW = datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)


def load(*files: Path) -> types.ModuleType:
    """Returns a module made of the files' texts, one after the other in one namespace, as in a launched template.

    Each text is compiled by itself, under its own path, so that tracebacks and coverage name the file and line.
    """
    module = types.ModuleType("index")
    for file in files:
        exec(compile(file.read_text(), str(file), "exec"), module.__dict__)
    return module


def joined(handler: str) -> str:
    """Returns the text that synth puts into the template for a handler."""
    return "\n".join((LAMBDA / file).read_text() for file in ("cr_common.py", f"{handler}.py"))


@contextmanager
def serving(respond: Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict[str, str], bytes] | None]):
    """Serves HTTP on the loopback address; `respond` gives status, headers and body, or none to hang up."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = respond(self, body)
            self.close_connection = True
            if answer is None:
                return
            status, headers, content = answer
            self.send_response(status)
            for header, value in ({"Content-Length": str(len(content)), "Connection": "close"} | headers).items():
                self.send_header(header, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Responses:
    """The end of CloudFormation that responses are put to; it takes them unless told to fail first."""

    def __init__(self) -> None:
        self.failures: list[int | None] = []  # a status, or none for a connection that breaks
        self.tries = 0
        self.taken: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    def __call__(self, request: BaseHTTPRequestHandler, body: bytes):
        assert request.command == "PUT"
        assert request.headers["Content-Type"] == ""
        self.tries += 1
        if self.failures:
            status = self.failures.pop(0)
            return status and (status, {}, b"")
        self.taken.append(json.loads(body))
        self.sizes.append(len(body))
        return 200, {}, b""


class Context:
    """Lambda's context, with a clock that begins at `seconds` before the deadline."""

    log_stream_name = LOG_STREAM
    invoked_function_arn = FUNCTION

    def __init__(self, seconds: float = 900) -> None:
        self.deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self.deadline - time.monotonic()) * 1000)


class Bench:
    """Runs events on a handler and collects what CloudFormation gets."""

    def __init__(self, module: types.ModuleType, responses: Responses, url: str) -> None:
        self.module, self.responses, self.url = module, responses, url

    def event(self, kind: str, properties: dict[str, Any], physical_id: str | None = None, **more: Any):
        """Returns an event as CloudFormation sends it."""
        event = {
            "RequestType": kind,
            "ResponseURL": f"{self.url}/response?Signature=SECRET",
            "StackId": STACK,
            "RequestId": "9f8e7d6c-0000-4000-8000-000000000001",
            "ResourceType": "Custom::Tested",
            "LogicalResourceId": LOGICAL_ID,
            "ResourceProperties": {"ServiceToken": FUNCTION, "ServiceTimeout": "900"} | properties,
        }
        if physical_id:
            event["PhysicalResourceId"] = physical_id
        return event | more

    def send(self, event: dict[str, Any], seconds: float = 900) -> list[dict[str, Any]]:
        """Runs an event and returns the responses to it."""
        before = len(self.responses.taken)
        self.module.handler(event, Context(seconds))
        return self.responses.taken[before:]

    def run(self, kind: str, properties: dict[str, Any], physical_id: str | None = None, seconds: float = 900):
        """Runs an event and returns the response, of which there must be exactly one."""
        event = self.event(kind, properties, physical_id)
        (response,) = self.send(event, seconds)
        for key in ("StackId", "RequestId", "LogicalResourceId"):
            assert response[key] == event[key]
        assert self.responses.sizes[-1] <= 4096
        assert len(response.get("Reason", "")) <= 1000
        return response

    def succeeds(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Runs an event that must succeed."""
        response = self.run(*args, **more)
        assert response["Status"] == "SUCCESS", response["Reason"]
        return response

    def fails(self, *args: Any, **more: Any) -> str:
        """Runs an event that must fail and returns the reason."""
        response = self.run(*args, **more)
        assert response["Status"] == "FAILED"
        assert response["Reason"].endswith(f" (log stream {LOG_STREAM})")
        return response["Reason"]


@functools.cache
def made(service: str, region: str | None) -> Any:
    """Returns a client. To make one takes long, so all tests share it."""
    credentials = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(service, region_name=region or REGION, **credentials)


class Aws:
    """Stubs for the clients of a module: `aws("s3", "us-east-1")` is the stub of that client.

    A client that no test asked for is an error, so that "nothing was called" needs no further proof.
    """

    def __init__(self) -> None:
        self.stubs: dict[tuple[str, str | None], Stubber] = {}

    def __call__(self, service: str, region: str | None = None) -> Stubber:
        if (service, region) not in self.stubs:
            self.stubs[service, region] = Stubber(made(service, region))
            self.stubs[service, region].activate()
        return self.stubs[service, region]

    def client(self, service: str, region: str | None = None, **_: Any) -> Any:
        """Stands for the function of `cr_common.py` with this name."""
        return self.stubs[service, region].client

    def done(self) -> None:
        """Asserts that every expected call was made."""
        for stub in self.stubs.values():
            stub.deactivate()
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


def work_ends() -> None:
    """Waits until the work of invocations that did not wait for it has ended."""
    for thread in threading.enumerate():
        if thread.name.endswith("(work)"):
            thread.join(10)
            assert not thread.is_alive()


class Hanging:
    """A client whose calls do not return until released."""

    def __init__(self) -> None:
        self.calls = 0
        self.release = threading.Event()

    def __call__(self, *_: Any, **__: Any) -> "Hanging":
        return self

    def __getattr__(self, operation: str) -> Any:
        def call(**_: Any) -> Any:
            self.calls += 1
            self.release.wait(10)
            raise RuntimeError("released")

        return call

    def end(self) -> None:
        """Lets the calls return, and waits for the work to end."""
        self.release.set()
        work_ends()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that are none, and no configuration of the person who runs the tests."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bench_of() -> Iterator[Callable[[types.ModuleType], Bench]]:
    """Gives a function that puts a module on the bench."""
    responses = Responses()
    with serving(responses) as url:

        def bench(module: types.ModuleType) -> Bench:
            module.WAITS = (0, 0, 0)
            return Bench(module, responses, url)

        yield bench
        work_ends()


@pytest.fixture
def aws() -> Iterator[Aws]:
    """Gives stubs, and asserts afterwards that all expected calls were made."""
    stubs = Aws()
    yield stubs
    stubs.done()


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Makes pauses take no time; gives the list of them."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


@pytest.fixture
def world(aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Gives a project, and the environment that its builds have."""
    from projecting import World  # noqa: PLC0415 (it imports this module)

    return World(aws, monkeypatch, tmp_path / "output")
