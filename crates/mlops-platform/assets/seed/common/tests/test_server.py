"""The endpoint and the batch: the real server, on a port of this machine."""

import http.client
import json
import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

import config as configuration
import inference
import model
import tables
import transform


@contextmanager
def serving(directory, handler):
    server = inference.server(directory, port=0, handler=handler, host="127.0.0.1")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", params=[inference.Handler, transform.Handler], ids=["inference", "transform"])
def endpoint(run, request):
    with serving(run / "model", request.param) as connection:
        yield connection


@pytest.fixture(scope="module")
def features(config):
    return configuration.features(config)


@pytest.fixture(scope="module")
def rows(run, config):
    return tables.read(run / "processing" / "test", configuration.columns(config)).head(5)


def ask(connection, body, content_type="text/csv", accept=None, path="/invocations"):
    headers = {"Content-Type": content_type} | ({} if accept is None else {"Accept": accept})
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.headers["Content-Type"], answer.read().decode()


def get(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def csv_of(rows, features):
    return rows[features].to_csv(index=False, header=False)


def test_ping(endpoint):
    assert get(endpoint, "/ping") == (200, "{}")
    assert get(endpoint, "/elsewhere")[0] == 404


def test_csv_is_answered_line_by_line(endpoint, run, rows, features):
    status, kind, body = ask(endpoint, csv_of(rows, features))
    assert (status, kind) == (200, "text/csv")
    answers = [line.split(",") for line in body.splitlines()]
    expected = model.load(run / "model").answer(rows)
    assert [int(prediction) for prediction, _ in answers] == list(expected["prediction"])
    assert [float(score) for _, score in answers] == pytest.approx(list(expected["score"]), abs=1e-6)


def test_json_is_answered_as_json(endpoint, rows, features):
    cells = json.loads(rows[features].to_json(orient="records"))  # a missing number is null
    status, kind, body = ask(endpoint, json.dumps({"instances": cells}), "application/json; charset=utf-8")
    assert (status, kind) == (200, "application/json")
    answers = json.loads(body)["predictions"]
    assert len(answers) == len(rows)
    assert set(answers[0]) == {"prediction", "score"}


def test_the_answer_comes_as_it_is_wanted(endpoint, rows, features):
    body = csv_of(rows, features)
    assert ask(endpoint, body, accept="*/*")[1] == "text/csv"
    assert ask(endpoint, body, accept="application/json;q=0.9, text/csv")[1] == "application/json"
    status, _, said = ask(endpoint, body, accept="image/png")
    assert (status, "image/png" in said) == (406, True)


def test_a_missing_number_is_filled(endpoint, features):
    body = "," * (len(features) - 1) + "\n"
    assert ask(endpoint, body)[0] == 200


def bad_csv(features):
    row = ["1"] * len(features)
    good, last = ",".join(row), features[-1]
    return {
        f"{good}\n{good},1": f"row 2: {len(row) + 1} values, expected {len(row)}: {', '.join(features)}",
        ",".join([*row[:-1], "abc"]): f"row 1, column {last}: 'abc' is not a number",
        ",".join([*row[:-1], "inf"]): f"row 1, column {last}: 'inf' is not a finite number",
        ",".join(features): f"row 1, column {features[0]}: '{features[0]}' is not a number",
        "\n\n": "the body holds no row",
        b"\xff\xfe": "the body is not CSV in UTF-8",
        '"never closed': "the body is not CSV in UTF-8",
    }


def bad_json(features):
    row = dict.fromkeys(features, 1)
    return {
        "{": "the body is not JSON",
        "[]": 'the body is not of the form {"instances"',
        '{"instances": []}': "the body holds no row",
        '{"instances": [[1]]}': f"row 1: expected an object with exactly the keys {', '.join(features)}",
        json.dumps({"instances": [row, row | {"more": 1}]}): "row 2: expected an object with exactly the keys",
        json.dumps({"instances": [row | {features[0]: True}]}): f"column {features[0]}: True is not a number",
        json.dumps({"instances": [row | {features[0]: [1]}]}): f"column {features[0]}: [1] is not a number",
    }


def test_rows_that_are_not_understood_are_400_and_say_which(endpoint, features):
    for content_type, bad in (("text/csv", bad_csv(features)), ("application/json", bad_json(features))):
        for body, said in bad.items():
            status, kind, answer = ask(endpoint, body, content_type)
            assert (status, kind) == (400, "application/json"), body
            assert said in json.loads(answer)["error"], body


def test_other_requests_are_refused(endpoint, monkeypatch):
    assert ask(endpoint, "1", "image/png")[0] == 415
    assert ask(endpoint, "1", path="/elsewhere")[0] == 404
    endpoint.putrequest("POST", "/invocations")
    endpoint.endheaders()
    answer = endpoint.getresponse()
    assert (answer.status, b"how long" in answer.read()) == (411, True)
    monkeypatch.setattr(inference, "LARGEST", 3)
    assert ask(endpoint, "1,2,3")[0] == 413


def test_a_batch_job_is_told_how_much_the_server_takes(run):
    with serving(run / "model", transform.Handler) as connection:
        status, body = get(connection, "/execution-parameters")
        assert (status, json.loads(body)["BatchStrategy"]) == (200, "MULTI_RECORD")
    with serving(run / "model", inference.Handler) as connection:
        assert get(connection, "/execution-parameters")[0] == 404


def test_a_file_is_answered_line_by_line(run, tmp_path):
    source, target = run / "processing" / "transform" / "rows.csv", tmp_path / "answers.csv"
    transform.main(["file", str(run / "model"), str(source), str(target)])
    assert len(target.read_text().splitlines()) == len(source.read_text().splitlines())


def test_a_batch_job_is_served_on_8080_from_opt_ml(monkeypatch):
    asked = []
    monkeypatch.setattr(inference, "server", lambda *arguments: asked.append(arguments) or Ended())
    transform.main(["serve"])
    assert asked == [(Path("/opt/ml/model"), 8080, transform.Handler)]


class Ended:
    """A server whose time is up."""

    def serve_forever(self):
        pass

    def server_close(self):
        pass


def test_the_server_ends_when_it_is_told_to(run):
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    inference.serve(run / "model", port=0)
    timer.join()
    signal.signal(signal.SIGTERM, before)
