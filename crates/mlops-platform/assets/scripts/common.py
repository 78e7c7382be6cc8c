"""What the scripts of the build projects share.

Invariant: a script ends with 0 if all its work is done, else with 1 and a text that tells a person what to do.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ENTRY_POINT = "mlops_entry_point.yaml"  # the key of the template that is launched


class WorkError(Exception):
    """The work cannot be done. Its text says what is wrong and what to do."""


def client(service: str) -> Any:
    """Returns a client that repeats throttled and broken calls."""
    return boto3.client(service, config=Config(retries={"mode": "standard", "total_max_attempts": 10}))


def settings(*names: str) -> list[str]:
    """Returns the values of environment variables; raises one error that names all that are missing."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise WorkError(f"missing environment variables: {', '.join(missing)}: the build project or action sets them")
    return [os.environ[name] for name in names]


def command(*words: str | Path, **more: Any) -> None:
    """Runs a program and shows what it says; raises unless it ends well."""
    line = shlex.join(map(str, words))
    print(f"$ {line}", flush=True)
    status = subprocess.run(words, check=False, **more).returncode
    if status:
        raise WorkError(f"exit code {status}, see above: {line}")


def warn(text: str) -> None:
    """Says what a person should look into although the work goes on."""
    print(f"warning: {text}")


def run(action: str, work: Callable[[], None]) -> int:
    """Does the work of an action and returns the exit code. Refuses to do another action's work with its rights."""
    try:
        (given,) = settings("ACTION")
        if given != action:
            raise WorkError(f"this build is the action {given}, and the script is that of {action}")
        work()
    except (WorkError, ClientError, BotoCoreError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
