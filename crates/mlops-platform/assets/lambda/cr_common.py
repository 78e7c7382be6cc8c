"""What every custom resource shares; synth joins it in front of each handler.

Invariant: CloudFormation gets exactly one response to an event, whatever happens. Only an invocation that handed
its work over to a further one sends none: that one's response is then the one.
"""

import json
import queue
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import boto3
from botocore.config import Config

MARGIN = 20  # seconds before Lambda's deadline at which a time-out is reported: later, nobody could
LINKS = 8  # invocations after the first; Lambda itself stops a chain after about 16
WAITS = (0, 1, 2)  # seconds before each try of the response: with PUT_SECONDS, all fit into MARGIN
PUT_SECONDS = 4
BODY, REASON, PHYSICAL_ID = 4096, 1000, 1024  # CloudFormation's limits: bytes, characters, bytes
COMMON = {"ServiceToken", "ServiceTimeout", "Release"}  # properties that are not meant for a handler


class HandedOver(BaseException):
    """Ends an invocation without a response; no handler's `except Exception` catches it."""


class Run:
    """One invocation: its event, its checked properties, what it is doing and how long it may."""

    def __init__(self, event: dict[str, Any], context: Any) -> None:
        """Takes what Lambda gave."""
        self.event, self.context = event, context
        self.properties: dict[str, Any] = {}
        self.never_made = f"{event['LogicalResourceId']}/create-failed"
        self.physical_id = event.get("PhysicalResourceId", self.never_made)
        self.step, self.over = "starting", False
        self.done = 0  # things that this invocation finished: if none, a further one would not help

    def seconds_left(self) -> float:
        """Returns the seconds until a time-out is reported."""
        return self.context.get_remaining_time_in_millis() / 1000 - MARGIN

    def doing(self, step: str) -> None:
        """Notes the next step, for the log and for the reason of a time-out. To be called before each.

        Raises once the time-out is reported: Lambda may wake this thread in a later invocation.
        """
        if self.over:
            raise TimeoutError("stopped: the time-out is reported")
        self.step = step
        print(step)

    def hand_over(self) -> None:
        """Invokes this function again, with the same event, and ends this invocation. Never returns."""
        link = self.event.get("Link", 0) + 1
        if link > LINKS or not self.done:
            raise TimeoutError(f"not finished in invocation {link}, which did {self.done}: {self.step}")
        self.doing(f"handing over to invocation {link + 1}")
        payload = json.dumps({**self.event, "Link": link})
        # Short limits: were the time-out reported during this call, two responses would be sent.
        function = client("lambda", attempts=2, seconds=4)
        function.invoke(FunctionName=self.context.invoked_function_arn, InvocationType="Event", Payload=payload)
        raise HandedOver


def client(service: str, region: str | None = None, attempts: int = 10, seconds: int = 30) -> Any:
    """Returns a client that repeats throttled and broken calls: `attempts` in all, `seconds` each."""
    retries = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(retries=retries, connect_timeout=seconds, read_timeout=seconds)
    return boto3.client(service, region_name=region, config=config)


def text(value: Any) -> str:
    """Returns the property; raises unless it is text and not empty."""
    if isinstance(value, str) and value:
        return value
    raise ValueError("must be text and not empty")


def texts(value: Any) -> list[str]:
    """Returns the property; raises unless it is a list of texts and not empty."""
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return value
    raise ValueError("must be a list of texts and not empty")


def flag(value: Any) -> bool:
    """Returns the boolean, which arrives as text."""
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("must be true or false")


def number(value: Any) -> int:
    """Returns the whole number, which arrives as text."""
    if isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    raise ValueError("must be a whole number")


def optional(parse: Callable, default: Any = None) -> Callable:
    """Returns `parse` for a property that may be missing or empty, which gives `default`."""
    return lambda value: default if value in (None, "", []) else parse(value)


def checked(given: dict[str, Any], allowed: dict[str, Callable]) -> dict[str, Any]:
    """Returns the properties as Python values; raises one error that names all bad ones, never their values."""
    problems = [f"{name} is unknown" for name in sorted(given.keys() - allowed.keys() - COMMON)]
    values = {}
    for name, parse in allowed.items():
        try:
            values[name] = parse(given.get(name))
        except ValueError as error:
            problems.append(f"{name} {error}" if name in given else f"{name} is missing: it {error}")
    if problems:
        raise ValueError(f"bad properties: {'; '.join(problems)} (allowed: {', '.join(allowed)})")
    return values


def perform(
    run: Run, properties: dict[str, Callable], name: Callable, make: Callable | None, remove: Callable | None
) -> dict[str, Any] | None:
    """Does what the event asks for and returns the attributes. Never removes what was not made.

    Takes a parser for each property, and functions of the run: `name` returns the physical id, `make` makes the
    thing whatever is there already and returns the attributes, `remove` removes it.
    """
    kind = run.event["RequestType"]
    if kind == "Delete" and (remove is None or run.physical_id == run.never_made):
        return None
    run.properties = checked(run.event["ResourceProperties"], properties)
    physical_id = name(run)
    if len(physical_id.encode()) > PHYSICAL_ID:
        raise ValueError(f"the physical id may not have more than {PHYSICAL_ID} bytes: {physical_id[:99]}...")
    if kind == "Delete":
        if run.physical_id == physical_id:  # else the response to the create was lost: CloudFormation chose the id
            remove(run)
        return None
    if kind == "Create":  # before making it: a create that fails half-way is deleted by this id
        run.physical_id = physical_id
    data = make(run) if make else None
    run.physical_id = physical_id
    return data


def response(run: Run, data: dict[str, Any] | None = None, error: BaseException | None = None) -> bytes:
    """Returns the body that reports `error`, else success with `data`. Never more than BODY."""
    body = {key: run.event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    body["PhysicalResourceId"] = run.physical_id
    if error is None:
        encoded = json.dumps(body | {"Status": "SUCCESS", "Data": data or {}}).encode()
        if len(encoded) <= BODY:
            return encoded
        error = ValueError(f"the response has {len(encoded)} bytes, {BODY} are allowed")
    log = f" (log stream {run.context.log_stream_name})"
    why = " ".join(f"{type(error).__name__}: {error}".split())
    for length in range(REASON - len(log), 0, -50):  # a character takes up to twelve bytes
        encoded = json.dumps(body | {"Status": "FAILED", "Reason": why[:length] + log}).encode()
        if len(encoded) <= BODY:
            break
    return encoded


def put(url: str, body: bytes) -> None:
    """Sends the response; raises after the last try, so that Lambda repeats the event. Never logs the URL."""
    for wait in WAITS:
        time.sleep(wait)
        request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")
        try:
            urllib.request.urlopen(request, timeout=PUT_SECONDS).close()
            return
        except (OSError, HTTPException) as error:
            print(f"response not taken: {error}")
    raise ConnectionError("CloudFormation did not take the response")


def serve(event: dict[str, Any], context: Any, **how: Any) -> None:
    """Handles an event and responds to it; `how` is what `perform` takes.

    The work has its own thread, so that a call that hangs does not keep a time-out from being reported.
    """
    run = Run(event, context)
    bodies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            bodies.put(response(run, perform(run, **how)))
        except HandedOver:
            bodies.put(None)
        except BaseException as error:  # also SystemExit, which would end the thread in silence
            traceback.print_exc()
            bodies.put(response(run, error=error))

    print(event["RequestType"], event["LogicalResourceId"], "request", event["RequestId"])
    threading.Thread(target=work, daemon=True).start()
    try:
        body = bodies.get(timeout=max(run.seconds_left(), 0))
    except queue.Empty:
        run.over = True
        body = response(run, error=TimeoutError(f"timed out while {run.step}"))
    if body is not None:
        put(event["ResponseURL"], body)
