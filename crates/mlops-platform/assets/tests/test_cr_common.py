"""The contract of custom resources, on a handler made up for it."""

import http.server
import json
import threading
import time

import pytest
from botocore.exceptions import EndpointConnectionError
from conftest import FUNCTION, LAMBDA, LOG_STREAM, NEVER_MADE, STACK, load, serving, work_ends


class Toy:
    """A handler that remembers what it was asked, and does what a test tells it."""

    def __init__(self, module, bench):
        self.module, self.bench = module, bench
        self.asked = []
        self.answer = lambda run: {"Size": "3"}
        self.properties = {"Name": module.text, "Size": module.optional(module.number, 1)}
        module.handler = self.handler

    def handler(self, event, context):
        self.module.serve(
            event,
            context,
            properties=self.properties,
            name=lambda run: f"toy/{run.properties['Name']}",
            make=self.make,
            remove=lambda run: self.asked.append(("remove", run.properties)),
        )

    def make(self, run):
        self.asked.append(("make", run.properties))
        return self.answer(run)

    def raises(self, error):
        def answer(run):
            raise error

        self.answer = answer


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py")


@pytest.fixture
def toy(module, bench_of):
    return Toy(module, bench_of(module))


@pytest.fixture
def bench(toy):
    return toy.bench


def test_create_answers_with_id_and_attributes(toy, bench):
    response = bench.succeeds("Create", {"Name": "a", "Size": "3"})
    assert response == {
        "Status": "SUCCESS",
        "StackId": STACK,
        "RequestId": "9f8e7d6c-0000-4000-8000-000000000001",
        "LogicalResourceId": "Tested",
        "PhysicalResourceId": "toy/a",
        "Data": {"Size": "3"},
    }
    assert toy.asked == [("make", {"Name": "a", "Size": 3})]


def test_update_makes_again_and_a_changed_id_is_a_replacement(toy, bench):
    assert bench.succeeds("Update", {"Name": "a"}, "toy/a")["PhysicalResourceId"] == "toy/a"
    assert bench.succeeds("Update", {"Name": "b"}, "toy/a")["PhysicalResourceId"] == "toy/b"
    assert toy.asked == [("make", {"Name": "a", "Size": 1}), ("make", {"Name": "b", "Size": 1})]


def test_delete_removes_what_was_made(toy, bench):
    assert bench.succeeds("Delete", {"Name": "a"}, "toy/a")["PhysicalResourceId"] == "toy/a"
    assert toy.asked == [("remove", {"Name": "a", "Size": 1})]


def test_failed_create_keeps_its_id_and_is_removed_by_it(toy, bench):
    toy.raises(RuntimeError("half-way"))
    response = bench.run("Create", {"Name": "a"})
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", "toy/a")
    bench.succeeds("Delete", {"Name": "a"}, response["PhysicalResourceId"])
    assert toy.asked[-1][0] == "remove"


def test_failed_update_keeps_the_old_id(toy, bench):
    toy.raises(RuntimeError("half-way"))
    assert bench.run("Update", {"Name": "b"}, "toy/a")["PhysicalResourceId"] == "toy/a"


def test_delete_of_what_never_was_is_success(toy, bench):
    response = bench.run("Create", {"Nam": "a"})
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", NEVER_MADE)
    bench.succeeds("Delete", {"Nam": "a"}, NEVER_MADE)
    bench.succeeds("Delete", {"Name": "a"}, "9f8e7d6c-0000-4000-8000-000000000001")
    assert toy.asked == []


def test_delete_with_bad_properties_of_what_may_exist_fails(toy, bench):
    assert "Name is missing" in bench.fails("Delete", {}, "toy/a")
    assert toy.asked == []


def test_all_bad_properties_are_named_at_once(toy, bench):
    reason = bench.fails("Create", {"Zone": "z", "Area": "y", "Size": "three"})
    assert reason == (
        "ValueError: bad properties: Area is unknown; Zone is unknown; "
        "Name is missing: it must be text and not empty; Size must be a whole number "
        f"(allowed: Name, Size) (log stream {LOG_STREAM})"
    )


def test_properties_for_cloudformation_are_none_of_the_handlers(toy, bench):
    bench.succeeds("Create", {"Name": "a", "Release": "0123", "ServiceTimeout": "900"})
    assert toy.asked == [("make", {"Name": "a", "Size": 1})]


@pytest.mark.parametrize(
    ("parser", "given", "value"),
    [
        ("text", "a", "a"),
        ("texts", ["a", "b"], ["a", "b"]),
        ("flag", "true", True),
        ("flag", "false", False),
        ("number", "12", 12),
        ("number", "-1", -1),
    ],
)
def test_good_property(module, parser, given, value):
    assert getattr(module, parser)(given) == value


@pytest.mark.parametrize(
    ("parser", "given"),
    [
        *(("text", bad) for bad in (None, "", ["a"], {})),
        *(("texts", bad) for bad in (None, [], "a", ["a", ""], [["a"]])),
        *(("flag", bad) for bad in (None, "", "yes", "True", True)),
        *(("number", bad) for bad in (None, "", "1.5", "--1", "a", 1)),
    ],
)
def test_bad_property(module, parser, given):
    with pytest.raises(ValueError, match="must be "):
        getattr(module, parser)(given)


@pytest.mark.parametrize("given", [None, "", []])
def test_optional_property(module, given):
    assert module.optional(module.text)(given) is None
    assert module.optional(module.text, "x")(given) == "x"
    assert module.optional(module.text, "x")("y") == "y"


@pytest.mark.parametrize(
    "error", [RuntimeError("no such thing"), SystemExit("no such thing"), KeyboardInterrupt("no such thing")]
)
def test_any_exception_is_reported(toy, bench, error):
    toy.raises(error)
    assert bench.fails("Create", {"Name": "a"}) == (f"{type(error).__name__}: no such thing (log stream {LOG_STREAM})")


def test_attributes_that_are_no_json_are_reported(toy, bench):
    toy.answer = lambda run: {"Size": object()}
    assert bench.fails("Create", {"Name": "a"}).startswith("TypeError: ")


def test_attributes_too_large_are_reported(toy, bench):
    toy.answer = lambda run: {"Size": "x" * 4000}
    reason = bench.fails("Create", {"Name": "a"})
    assert reason.startswith("ValueError: the response has 42")
    assert "4096 are allowed" in reason


def test_id_too_long_is_reported(toy, bench):
    assert "may not have more than 1024 bytes: toy/aaa" in bench.fails("Create", {"Name": "a" * 1021})
    bench.succeeds("Create", {"Name": "a" * 1020})


@pytest.mark.parametrize("character", ["x", "\N{PARTY POPPER}", '"', "\n", "\0", "\ud800"])
def test_oversize_reason_is_cut(toy, bench, character):
    toy.raises(RuntimeError(f"first {character * 9000}"))
    reason = bench.fails("Create", {"Name": "a" * 500})
    assert reason.startswith("RuntimeError: first")


def test_reason_is_one_line(toy, bench):
    toy.raises(RuntimeError("one\n  two"))
    assert bench.fails("Create", {"Name": "a"}).startswith("RuntimeError: one two (log")


@pytest.mark.parametrize("failures", [[500, 500], [403, None], [None, None]])
def test_response_is_tried_three_times(toy, bench, failures, no_sleep):
    bench.responses.failures = list(failures)
    bench.module.WAITS = (0, 1, 2)
    bench.succeeds("Create", {"Name": "a"})
    assert bench.responses.tries == 3
    assert no_sleep == [0, 1, 2]
    assert len(toy.asked) == 1


def test_response_that_is_never_taken_fails_the_invocation(toy, bench, capfd):
    """Lambda then runs the event again, which gives the response another chance."""
    bench.responses.failures = [500] * 3
    with pytest.raises(ConnectionError, match="did not take"):
        bench.send(bench.event("Create", {"Name": "a"}))
    assert bench.responses.tries == 3
    assert bench.responses.taken == []
    printed = "".join(capfd.readouterr())
    assert "HTTP Error 500" in printed
    assert "SECRET" not in printed


def test_tries_fit_before_the_deadline(module):
    assert sum(module.WAITS) + len(module.WAITS) * module.PUT_SECONDS < module.MARGIN


def test_time_out_is_reported_and_ends_the_work(toy, bench, capfd):
    daemons, went_on = [], []

    def answer(run):
        daemons.append(threading.current_thread().daemon)
        run.doing("waiting for a bus")
        while not run.over:
            time.sleep(0.01)
        run.doing("boarding")
        went_on.append(True)

    toy.answer = answer
    began = time.monotonic()
    assert bench.fails("Create", {"Name": "a"}, seconds=20.2).startswith(
        "TimeoutError: timed out while waiting for a bus (log"
    )
    assert 0.1 < time.monotonic() - began < 2
    work_ends()
    assert daemons == [True]  # it does not keep a process alive
    assert "stopped: the time-out is reported" in capfd.readouterr().err
    assert went_on == []
    assert bench.responses.tries == 1


def test_event_that_comes_after_its_deadline_is_reported(toy, bench):
    toy.answer = lambda run: time.sleep(0.2)
    assert "timed out while starting" in bench.fails("Create", {"Name": "a"}, seconds=1)


def hand_over(run):
    run.done += 1
    try:
        run.hand_over()
    except Exception as error:  # as a handler's own code may do around anything
        raise RuntimeError(f"caught {error}") from error


def test_handing_over_sends_no_response(toy, bench, aws):
    toy.answer = hand_over
    event = bench.event("Create", {"Name": "a"})
    expected = {
        "FunctionName": FUNCTION,
        "InvocationType": "Event",
        "Payload": json.dumps(event | {"Link": 1}),
    }
    aws("lambda").add_response("invoke", {"StatusCode": 202}, expected)
    bench.module.client = aws.client
    assert bench.send(event) == []
    assert bench.responses.tries == 0


@pytest.mark.parametrize(("link", "done"), [(8, 1), (0, 0)])
def test_handing_over_ends(toy, bench, link, done):
    """After the eighth, and when an invocation did nothing."""

    def answer(run):
        run.doing("polishing")
        run.done = done
        run.hand_over()

    toy.answer = answer
    (response,) = bench.send(bench.event("Create", {"Name": "a"}, Link=link))
    assert response["Status"] == "FAILED"
    assert response["Reason"].startswith(
        f"TimeoutError: not finished in invocation {link + 1}, which did {done}: polishing"
    )


def test_hand_over_that_fails_is_reported(toy, bench, aws):
    toy.answer = hand_over
    aws("lambda").add_client_error("invoke", "AccessDeniedException", "not allowed", 403)
    bench.module.client = aws.client
    assert "AccessDeniedException" in bench.fails("Create", {"Name": "a"})


@pytest.mark.parametrize(("arguments", "attempts"), [({}, 10), ({"attempts": 2, "seconds": 4}, 2)])
def test_client_repeats_throttled_calls(module, monkeypatch, no_sleep, arguments, attempts):
    calls = []

    def respond(request: http.server.BaseHTTPRequestHandler, body: bytes):
        calls.append(body)
        return 400, {}, b"<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>"

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", url)
        client = module.client("cloudformation", **arguments)
        with pytest.raises(client.exceptions.ClientError):
            client.describe_stacks()
    assert len(calls) == attempts


def test_client_of_another_region(module):
    assert module.client("s3", "us-east-1").meta.region_name == "us-east-1"
    assert module.client("s3").meta.region_name == "eu-south-1"


def test_hanging_call_ends(module, monkeypatch):
    """The limits of the hand-over hold for a server that cannot be reached."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9")
    with pytest.raises(EndpointConnectionError):
        module.client("lambda", attempts=1, seconds=1).invoke(FunctionName=FUNCTION)
