"""`Custom::EmptyBucket`."""

import json

import pytest
from conftest import FUNCTION, LAMBDA, NEVER_MADE, NOW, REGION, STACK, Hanging, load, serving

BUCKET, ID = "artifacts", "empty/artifacts"
PROPERTIES = {"BucketName": BUCKET}
GOING = ("DELETE_IN_PROGRESS", "DELETE_FAILED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE")
STAYING = (
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "IMPORT_ROLLBACK_IN_PROGRESS",
)


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.aws = aws

    def stack_is(self, status):
        stack = {"StackName": "s", "CreationTime": NOW, "StackStatus": status}
        self.aws("cloudformation").add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})

    def uploads(self, *keys, following=None, marker=None):
        """A page of the list of uploads; `following` is the marker of the next page."""
        found = {"Uploads": [{"Key": key, "UploadId": f"u-{key}"} for key in keys]} if keys else {}
        answer = {"IsTruncated": bool(following)} | found
        if following:
            answer |= {"NextKeyMarker": following, "NextUploadIdMarker": f"u-{following}"}
        asked = {"Bucket": BUCKET, "MaxUploads": 100}
        if marker:
            asked |= {"KeyMarker": marker, "UploadIdMarker": f"u-{marker}"}
        self.aws("s3").add_response("list_multipart_uploads", answer, asked)

    def aborts(self, key, code=None):
        asked = {"Bucket": BUCKET, "Key": key, "UploadId": f"u-{key}"}
        if code:
            self.aws("s3").add_client_error("abort_multipart_upload", code, "", 404, expected_params=asked)
        else:
            self.aws("s3").add_response("abort_multipart_upload", {}, asked)

    def versions(self, *keys, markers=(), following=None, marker=None):
        """A page of the list of versions; `markers` are the keys of delete markers."""
        answer = {"IsTruncated": bool(following)}
        for kind, found in (("Versions", keys), ("DeleteMarkers", markers)):
            if found:
                answer[kind] = [{"Key": key, "VersionId": f"v-{key}"} for key in found]
        if following:
            answer |= {"NextKeyMarker": following, "NextVersionIdMarker": f"v-{following}"}
        asked = {"Bucket": BUCKET, "MaxKeys": 1000}
        if marker:
            asked |= {"KeyMarker": marker, "VersionIdMarker": f"v-{marker}"}
        self.aws("s3").add_response("list_object_versions", answer, asked)

    def deletes(self, *keys, errors=()):
        objects = [{"Key": key, "VersionId": f"v-{key}"} for key in keys]
        answer = {"Errors": [{"Key": key, "Code": code, "Message": "not so"} for key, code in errors]} if errors else {}
        asked = {"Bucket": BUCKET, "Delete": {"Objects": objects, "Quiet": True}}
        self.aws("s3").add_response("delete_objects", answer, asked)

    def empty(self):
        self.uploads()
        self.versions()

    def there_is_no_bucket(self, listing="list_multipart_uploads"):
        self.aws("s3").add_client_error(listing, "NoSuchBucket", "", 404)

    def invokes(self, event, link):
        asked = {
            "FunctionName": FUNCTION,
            "InvocationType": "Event",
            "Payload": json.dumps(event | {"Link": link}),
        }
        self.aws("lambda").add_response("invoke", {"StatusCode": 202}, asked)


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "empty_bucket.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    module.PAUSE = 0
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_create_does_nothing(bench):
    assert bench.succeeds("Create", PROPERTIES)["PhysicalResourceId"] == ID


def test_second_create_does_nothing(bench):
    assert bench.succeeds("Create", PROPERTIES) == bench.succeeds("Create", PROPERTIES)


def test_update_without_change_does_nothing(bench):
    assert bench.succeeds("Update", PROPERTIES, ID)["PhysicalResourceId"] == ID


def test_update_to_another_bucket_is_a_replacement_that_leaves_the_old_one_alone(bench, script):
    response = bench.succeeds("Update", {"BucketName": "other"}, ID)
    assert response["PhysicalResourceId"] == "empty/other"
    script.stack_is("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("status", GOING)
def test_delete_empties_the_bucket_of_a_stack_that_goes(bench, script, status):
    script.stack_is(status)
    script.uploads("a")
    script.aborts("a")
    script.versions("b", "c", markers=["d"])
    script.deletes("b", "c", "d")
    script.empty()
    assert bench.succeeds("Delete", PROPERTIES, ID)["PhysicalResourceId"] == ID


@pytest.mark.parametrize("status", STAYING)
def test_delete_leaves_the_bucket_of_a_stack_that_stays_alone(bench, script, status):
    script.stack_is(status)
    bench.succeeds("Delete", PROPERTIES, ID)


def test_several_pages(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads("a", following="a")
    script.aborts("a")
    script.uploads("b", "c", marker="a")
    script.aborts("b")
    script.aborts("c")
    keys = [f"k{number:04}" for number in range(1000)]
    script.versions(*keys[:600], markers=keys[600:], following="k0999")
    script.deletes(*keys)
    script.versions(following="l", marker="k0999")  # S3 may give a page with nothing on it
    script.versions("m", marker="l")
    script.deletes("m")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_what_arrives_meanwhile_is_removed_too(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("log1")
    script.deletes("log1")
    script.uploads()
    script.versions("log2")
    script.deletes("log2")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_delete_of_an_empty_bucket(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_delete_of_no_bucket(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.there_is_no_bucket()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_bucket_that_goes_meanwhile(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a")
    script.deletes("a")
    script.uploads()
    script.there_is_no_bucket("list_object_versions")
    bench.succeeds("Delete", PROPERTIES, ID)


@pytest.mark.parametrize("physical_id", [NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_after_a_failed_create(bench, physical_id):
    bench.succeeds("Delete", PROPERTIES, physical_id)


def test_delete_after_a_create_with_bad_properties(bench):
    response = bench.run("Create", {"Bucket": BUCKET})
    assert response["Status"] == "FAILED"
    assert "Bucket is unknown; BucketName is missing" in response["Reason"]
    bench.succeeds("Delete", {"Bucket": BUCKET}, response["PhysicalResourceId"])


def test_unknown_status_removes_nothing(bench, aws):
    aws("cloudformation").add_client_error("describe_stacks", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


def test_error_of_a_listing(bench, script, aws):
    script.stack_is("DELETE_IN_PROGRESS")
    aws("s3").add_client_error("list_multipart_uploads", "AccessDenied", "not allowed", 403)
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


def test_upload_that_is_gone(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads("a")
    script.aborts("a", "NoSuchUpload")
    script.versions()
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)


def test_upload_that_cannot_be_aborted(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads("a")
    script.aborts("a", "AccessDenied")
    assert "AccessDenied" in bench.fails("Delete", PROPERTIES, ID)


def test_version_that_cannot_be_deleted(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a", "b")
    script.deletes("a", "b", errors=[("b", "AccessDenied")])
    reason = bench.fails("Delete", PROPERTIES, ID)
    assert f"RuntimeError: bucket {BUCKET}, key b: AccessDenied: not so" in reason


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "ServiceUnavailable"])
def test_version_that_cannot_be_deleted_now(bench, script, code, no_sleep):
    bench.module.PAUSE = 2
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a", "b")
    script.deletes("a", "b", errors=[("b", code)])
    script.uploads()
    script.versions("b")
    script.deletes("b")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)
    assert 2 in no_sleep


class Clock:
    """Takes time: each deletion moves the deadline nearer."""

    def __init__(self, module, monkeypatch, seconds):
        self.left = seconds
        monkeypatch.setattr(module.Run, "seconds_left", lambda run: self.left)
        delete = module.SWEEP[1][3]
        row = (*module.SWEEP[1][:3], lambda *arguments: self.spend(delete(*arguments)))
        monkeypatch.setattr(module, "SWEEP", (module.SWEEP[0], row))

    def spend(self, value):
        self.left -= 500
        return value


def test_out_of_time_it_goes_on_in_a_further_invocation(bench, script, module, monkeypatch):
    Clock(module, monkeypatch, 550)
    event = bench.event("Delete", PROPERTIES, ID)
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a", following="a")
    script.deletes("a")
    script.versions("b", marker="a")
    script.invokes(event, 1)
    assert bench.send(event) == []
    assert bench.responses.tries == 0


def test_out_of_time_without_progress_it_fails(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a")
    reason = bench.fails("Delete", PROPERTIES, ID, seconds=60)
    assert "not finished in invocation 1, which did 0: emptying artifacts" in reason


def test_out_of_time_with_nothing_but_busy_answers_it_fails(bench, script, module, monkeypatch):
    Clock(module, monkeypatch, 550)
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a")
    script.deletes("a", errors=[("a", "SlowDown")])
    script.uploads()
    script.versions("a")
    assert "invocation 1, which did 0" in bench.fails("Delete", PROPERTIES, ID)


def test_log_tells_the_progress(bench, script, capfd):
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads("a")
    script.aborts("a")
    script.versions("b", markers=["c"], following="c")
    script.deletes("b", "c")
    script.versions("d", marker="c")
    script.deletes("d")
    script.empty()
    bench.succeeds("Delete", PROPERTIES, ID)
    assert "emptying artifacts: 3 removed so far" in capfd.readouterr().out


def test_after_eight_further_invocations_it_fails(bench, script, module, monkeypatch):
    """The whole chain: the last link sends the one response."""
    event = bench.event("Delete", PROPERTIES, ID)
    for link in range(9):
        Clock(module, monkeypatch, 550)
        script.stack_is("DELETE_IN_PROGRESS")
        script.uploads()
        script.versions("a", following="a")
        script.deletes("a")
        script.versions("b", marker="a")
        if link < 8:
            script.invokes(event, link + 1)
            assert bench.send(event) == []
            event = event | {"Link": link + 1}
    (response,) = bench.send(event)
    assert response["Status"] == "FAILED"
    assert "not finished in invocation 9, which did 1" in response["Reason"]
    assert bench.responses.tries == 1


def test_chain_that_ends_sends_one_response(bench, script, module, monkeypatch):
    event = bench.event("Delete", PROPERTIES, ID)
    Clock(module, monkeypatch, 550)
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("a", following="a")
    script.deletes("a")
    script.versions("b", marker="a")
    script.invokes(event, 1)
    assert bench.send(event) == []
    Clock(module, monkeypatch, 880)
    script.stack_is("DELETE_IN_PROGRESS")
    script.uploads()
    script.versions("b")
    script.deletes("b")
    script.empty()
    (response,) = bench.send(event | {"Link": 1})
    assert response["Status"] == "SUCCESS"
    assert bench.responses.tries == 1


def test_chain_whose_stack_is_kept_after_all_removes_no_more(bench, script):
    script.stack_is("UPDATE_IN_PROGRESS")
    (response,) = bench.send(bench.event("Delete", PROPERTIES, ID, Link=1))
    assert response["Status"] == "SUCCESS"


def test_hand_over_ends_before_a_time_out_is_reported(module):
    """Two tries of four seconds to connect and four to read, with a pause, and a page before them."""
    assert module.HAND_OVER > 2 * (4 + 4) + 1 + 60


def test_response_server_that_fails_twice(bench, script):
    script.stack_is("DELETE_IN_PROGRESS")
    script.empty()
    bench.responses.failures = [500, 500]
    bench.succeeds("Delete", PROPERTIES, ID)
    assert bench.responses.tries == 3


def test_oversize_reason(bench, aws):
    aws("cloudformation").add_client_error("describe_stacks", "Odd", "\N{PARTY POPPER}" * 5000, 400)
    assert "(Odd)" in bench.fails("Delete", PROPERTIES, ID)


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    reason = bench.fails("Delete", PROPERTIES, ID, seconds=20.2)
    assert f"timed out while asking for the status of {STACK}" in reason
    hanging.end()
    assert hanging.calls == 1


def test_throttled_calls_are_repeated(module, bench_of, monkeypatch, no_sleep):
    """With the real clients, against a server that first is too busy."""
    answers = {
        "POST /": [
            (400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"),
            (200, stack_xml("DELETE_IN_PROGRESS")),
        ],
        f"GET /{BUCKET}?uploads": [
            (503, b"<Error><Code>SlowDown</Code></Error>"),
            (200, b"<ListMultipartUploadsResult/>"),
            (200, b"<ListMultipartUploadsResult/>"),
        ],
        f"GET /{BUCKET}?versions": [
            (200, versions_xml("a b&amp;c")),
            (503, b"<Error><Code>SlowDown</Code></Error>"),
            (200, b"<ListVersionsResult/>"),
        ],
        f"POST /{BUCKET}?delete": [
            (503, b"<Error><Code>SlowDown</Code></Error>"),
            (200, b"<DeleteResult/>"),
        ],
    }
    bodies = []

    def respond(request, body):
        bodies.append(body)
        status, content = answers[f"{request.command} {request.path.split('&')[0]}"].pop(0)
        return status, {}, content

    with serving(respond) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", url)
        bench_of(module).succeeds("Delete", PROPERTIES, ID)
    assert not any(answers.values())
    assert b"<Key>a b&amp;c</Key><VersionId>v1</VersionId>" in b"".join(bodies)


def stack_xml(status):
    member = f"<StackStatus>{status}</StackStatus><StackName>s</StackName>"
    result = f"<DescribeStacksResult><Stacks><member>{member}</member></Stacks></DescribeStacksResult>"
    return f"<DescribeStacksResponse>{result}</DescribeStacksResponse>".encode()


def versions_xml(key):
    version = f"<Version><Key>{key}</Key><VersionId>v1</VersionId></Version>"
    return f"<ListVersionsResult>{version}</ListVersionsResult>".encode()


def test_region_is_the_functions(module):
    assert module.client("s3").meta.region_name == REGION
