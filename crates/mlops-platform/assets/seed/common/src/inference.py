"""The server of an endpoint: GET /ping says whether it is there, POST /invocations answers rows. Port 8080.

It is Python's own HTTP server with a thread for each request: a table model answers in milliseconds, the private
package repository needs to offer no web framework, and the tests run the very server that is deployed. A model that
takes long, or that holds Python's lock, wants worker processes: then put a WSGI server such as gunicorn in front of
`respond`.

A request is CSV without a header, in the order of the features, an empty field being a missing number; or JSON,
`{"instances": [{"column": number}, ...]}`. A row that is not understood is answered 400, and nothing of the request is.
"""

import csv
import io
import json
import math
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

import model

CSV, JSON = "text/csv", "application/json"
PORT = 8080
LARGEST = 100 * 1024 * 1024  # bytes; SageMaker sends no more, neither to an endpoint nor in a batch


class RefusedError(Exception):
    """A request that cannot be answered: the HTTP status and what is wrong."""

    def __init__(self, status: int, reason: str) -> None:
        """Takes the status and the reason."""
        super().__init__(reason)
        self.status = status


def number(value: Any, place: str) -> float:
    """Returns a value as a number, NaN if it is missing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return math.nan
    try:
        if isinstance(value, bool):
            raise ValueError
        parsed = float(value)
    except (TypeError, ValueError):
        raise RefusedError(400, f"{place}: {value!r} is not a number") from None
    if math.isinf(parsed):
        raise RefusedError(400, f"{place}: {value!r} is not a finite number")
    return parsed


def rows_of_csv(body: bytes, features: list[str]) -> list[list[float]]:
    """Returns the rows of a CSV request."""
    try:
        lines = list(csv.reader(io.StringIO(body.decode()), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(400, f"the body is not CSV in UTF-8: {error}") from error
    rows = []
    for place, line in enumerate((line for line in lines if line), start=1):
        if len(line) != len(features):
            raise RefusedError(400, f"row {place}: {len(line)} values, expected {len(features)}: {', '.join(features)}")
        cells = zip(features, line, strict=True)
        rows.append([number(text, f"row {place}, column {name}") for name, text in cells])
    return rows


def rows_of_json(body: bytes, features: list[str]) -> list[list[float]]:
    """Returns the rows of a JSON request."""
    try:
        content = json.loads(body)
    except ValueError as error:
        raise RefusedError(400, f"the body is not JSON: {error}") from error
    instances = content.get("instances") if isinstance(content, dict) else None
    if not isinstance(instances, list):
        raise RefusedError(400, 'the body is not of the form {"instances": [{"column": number}, ...]}')
    rows = []
    for place, row in enumerate(instances, start=1):
        if not isinstance(row, dict) or set(row) != set(features):
            raise RefusedError(400, f"row {place}: expected an object with exactly the keys {', '.join(features)}")
        rows.append([number(row[name], f"row {place}, column {name}") for name in features])
    return rows


def parse(body: bytes, content_type: str, features: list[str]) -> pd.DataFrame:
    """Returns the rows of a request; raises `RefusedError`."""
    readers = {CSV: rows_of_csv, JSON: rows_of_json}
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in readers:
        raise RefusedError(415, f"content type {content_type!r} is not understood: send {CSV} or {JSON}")
    rows = readers[kind](body, features)
    if not rows:
        raise RefusedError(400, "the body holds no row")
    return pd.DataFrame(rows, columns=features)


def render(answers: pd.DataFrame, accept: str) -> tuple[str, bytes]:
    """Returns the content type and the body of an answer: a line or an object for each row."""
    if accept == CSV:
        return CSV, answers.to_csv(index=False, header=False).encode()
    return JSON, json.dumps({"predictions": answers.to_dict("records")}).encode()


def respond(trained: model.Model, body: bytes, content_type: str, accept: str) -> tuple[str, bytes]:
    """Answers a request; raises `RefusedError`."""
    wanted = accept.partition(",")[0].partition(";")[0].strip().lower()
    if wanted in ("", "*/*"):  # nothing asked for: as it was sent
        wanted = content_type.partition(";")[0].strip().lower()
    rows = parse(body, content_type, trained.features)
    if wanted not in (CSV, JSON):
        raise RefusedError(406, f"no answer is given as {accept!r}: accept {CSV} or {JSON}")
    return render(trained.answer(rows), wanted)


class Handler(BaseHTTPRequestHandler):
    """Answers what SageMaker asks."""

    protocol_version = "HTTP/1.1"
    trained: ClassVar[model.Model]  # set by `server`

    def send(self, status: int, content_type: str, body: bytes) -> None:
        """Sends an answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, reason: str) -> None:
        """Sends what is wrong."""
        self.send(status, JSON, json.dumps({"error": reason}).encode())

    def do_GET(self) -> None:
        """Says that the server is there."""
        if self.path == "/ping":
            self.send(200, JSON, b"{}")
        else:
            self.refuse(404, f"there is no {self.path}")

    def do_POST(self) -> None:
        """Answers rows."""
        length = self.headers.get("Content-Length", "")
        if self.path == "/invocations" and length.isdecimal() and int(length) <= LARGEST:
            self.invoke(self.rfile.read(int(length)))
            return
        self.close_connection = True  # what is left of the request is not read
        if self.path != "/invocations":
            self.refuse(404, f"there is no {self.path}")
        elif not length.isdecimal():
            self.refuse(411, "the request does not say how long it is")
        else:
            self.refuse(413, f"the request has {length} bytes, more than {LARGEST}")

    def invoke(self, body: bytes) -> None:
        """Answers the rows of a body."""
        content_type, accept = self.headers.get("Content-Type", CSV), self.headers.get("Accept", "")
        try:
            self.send(200, *respond(self.trained, body, content_type, accept))
        except RefusedError as refused:
            self.refuse(refused.status, str(refused))

    def log_message(self, format: str, *arguments: Any) -> None:
        """Logs requests, but not that SageMaker asks every few seconds whether the server is there."""
        if self.path != "/ping":
            super().log_message(format, *arguments)


class Server(ThreadingHTTPServer):
    """Python's server, with more than five requests that may wait to be taken."""

    request_queue_size = 128


def server(directory: Path, port: int = PORT, handler: type[Handler] = Handler, host: str = "") -> Server:
    """Returns a server of the model in a directory; it listens, and answers once it is told to serve."""
    bound = type(handler.__name__, (handler,), {"trained": model.load(directory)})
    return Server((host, port), bound)


def serve(directory: Path, handler: type[Handler] = Handler, port: int = PORT) -> None:
    """Answers requests until SageMaker ends the container, by SIGTERM: a container's first process has to heed it."""
    running = server(directory, port, handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=running.shutdown).start())
    running.serve_forever()
    running.server_close()


if __name__ == "__main__":
    serve(Path("/opt/ml/model"))
