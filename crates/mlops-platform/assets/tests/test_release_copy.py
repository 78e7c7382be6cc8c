"""`Custom::ReleaseCopy`."""

import base64
import hashlib
import io
import re
import threading
import urllib.parse

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY
from conftest import LAMBDA, LOG_STREAM, NEVER_MADE, NOW, Hanging, load, serving

SOURCE, TARGET, ID = "published", "artifacts", "release-copy/artifacts"
KMS_KEY = "arn:aws:kms:eu-south-1:123456789012:key/0a1b"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checksum(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


TEMPLATE = b"Resources: {}\n"
TEMPLATE_KEY = f"templates/deploy-infra.{sha256(TEMPLATE)}.yaml"
ZIP = b"PK zipped"
ZIP_KEY = f"assets/seed.{'a' * 64}.zip"
ENTRY = b"Resources: {All: {}}\n"
ENTRY_KEY = "mlops_entry_point.yaml"
KEYS = [TEMPLATE_KEY, ZIP_KEY, ENTRY_KEY]
CONTENT = {TEMPLATE_KEY: TEMPLATE, ZIP_KEY: ZIP, ENTRY_KEY: ENTRY}
READABLE = "is the bucket readable from this account?"


def properties(**more):
    return {
        "SourceBucket": SOURCE,
        "SourceRegion": "",
        "TargetBucket": TARGET,
        "KmsKeyArn": KMS_KEY,
        "Keys": KEYS,
        "ReleaseId": "0a1b",
    } | more


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws, region="us-east-1", target=TARGET):
        self.source, self.target, self.bucket = aws("s3", region), aws("s3"), target

    def source_has(self, key, metadata=None, **more):
        answer = {"ContentLength": len(CONTENT[key]), "ContentType": "text/x", "Metadata": metadata or {}} | more
        self.source.add_response("head_object", answer, {"Bucket": SOURCE, "Key": key, "ChecksumMode": "ENABLED"})

    def source_refuses(self, key, status):
        code = str(status)
        self.source.add_client_error(
            "head_object",
            code,
            "",
            status,
            expected_params={
                "Bucket": SOURCE,
                "Key": key,
                "ChecksumMode": "ENABLED",
            },
        )

    def target_has(self, key, size=None, metadata=None):
        size = len(CONTENT[key]) if size is None else size
        answer = {"ContentLength": size, "Metadata": {"sha256": sha256(CONTENT[key])} if metadata is None else metadata}
        self.target.add_response("head_object", answer, {"Bucket": self.bucket, "Key": key})

    def target_lacks(self, key):
        self.target.add_client_error(
            "head_object",
            "404",
            "Not Found",
            404,
            expected_params={
                "Bucket": self.bucket,
                "Key": key,
            },
        )

    def written(self, key, digest):
        return {
            "Bucket": self.bucket,
            "Key": key,
            "ContentType": "text/x",
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": KMS_KEY,
            "BucketKeyEnabled": True,
            "ChecksumAlgorithm": "SHA256",
            "Metadata": {"sha256": digest} if digest else {},
        }

    def copy_expected(self, key, digest=True):
        return self.written(key, sha256(CONTENT[key]) if digest is True else digest) | {
            "CopySource": {"Bucket": SOURCE, "Key": key},
            "MetadataDirective": "REPLACE",
            "TaggingDirective": "REPLACE",
        }

    def copies(self, key, content=None, digest=True, **more):
        result = {"ChecksumSHA256": checksum(content or CONTENT[key]), "LastModified": NOW}
        answer = {"CopyObjectResult": result} | more
        self.target.add_response("copy_object", answer, self.copy_expected(key, digest))

    def refuses_to_copy(self, key, code="AccessDenied", status=403, digest=True):
        self.target.add_client_error(
            "copy_object", code, "not so", status, expected_params=self.copy_expected(key, digest)
        )

    def reads(self, key, content=None):
        content = content or CONTENT[key]
        body = StreamingBody(io.BytesIO(content), len(content))
        self.source.add_response("get_object", {"Body": body}, {"Bucket": SOURCE, "Key": key})

    def puts(self, key):
        self.target.add_response("put_object", {}, self.written(key, sha256(CONTENT[key])) | {"Body": ANY})

    def copies_all(self):
        self.source_has(TEMPLATE_KEY)
        self.source_has(ZIP_KEY, {"sha256": sha256(ZIP)})
        self.source_has(ENTRY_KEY, ChecksumSHA256=checksum(ENTRY))
        for key in KEYS:
            self.target_lacks(key)
            self.copies(key)

    def finds_all(self):
        self.source_has(TEMPLATE_KEY)
        self.source_has(ZIP_KEY, {"sha256": sha256(ZIP)})
        self.source_has(ENTRY_KEY, ChecksumSHA256=checksum(ENTRY))
        for key in KEYS:
            self.target_has(key)


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "release_copy.py")


@pytest.fixture
def bench(module, bench_of, aws):
    """A bench with stubs, which need one copy after the other."""
    module.client = aws.client
    module.WORKERS = 1
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


def test_create_copies_all(bench, script):
    script.copies_all()
    assert bench.succeeds("Create", properties())["PhysicalResourceId"] == ID


def test_second_create_copies_nothing(bench, script):
    script.copies_all()
    script.finds_all()
    assert bench.succeeds("Create", properties()) == bench.succeeds("Create", properties())


def test_update_without_change_copies_nothing(bench, script):
    script.finds_all()
    assert bench.succeeds("Update", properties(), ID)["PhysicalResourceId"] == ID


def test_update_copies_what_is_new(bench, script):
    script.source_has(TEMPLATE_KEY)
    script.target_has(TEMPLATE_KEY)
    script.source_has(ENTRY_KEY, {"sha256": sha256(ENTRY)})
    script.target_has(ENTRY_KEY, metadata={"sha256": "0" * 64})
    script.copies(ENTRY_KEY)
    assert bench.succeeds("Update", properties(Keys=[TEMPLATE_KEY, ENTRY_KEY]), ID)["PhysicalResourceId"] == ID


def test_update_to_another_bucket_is_a_replacement(bench, aws):
    Script(aws, target="other").copies_all()
    response = bench.succeeds("Update", properties(TargetBucket="other"), ID)
    assert response["PhysicalResourceId"] == "release-copy/other"
    assert bench.succeeds("Delete", properties(), ID)["PhysicalResourceId"] == ID


@pytest.mark.parametrize("physical_id", [ID, "release-copy/gone", NEVER_MADE, "9f8e7d6c-0000-4000-8000-000000000001"])
def test_delete_does_nothing(bench, physical_id):
    """No client is made: what is there, never was, or was made by a failed create stays as it is."""
    assert bench.succeeds("Delete", properties(), physical_id)["PhysicalResourceId"] == physical_id


def test_delete_needs_no_properties(bench):
    bench.succeeds("Delete", {}, NEVER_MADE)


def test_release_in_its_own_bucket_is_left_alone(bench):
    bench.succeeds("Create", properties(SourceBucket=TARGET))


def test_source_region_is_where_the_source_is_read(bench, aws):
    Script(aws, region="eu-central-1").finds_all()
    bench.succeeds("Create", properties(SourceRegion="eu-central-1"))


@pytest.mark.parametrize("status", [403, 404])
def test_unreadable_source(bench, script, status):
    script.source_refuses(TEMPLATE_KEY, status)
    reason = bench.fails("Create", properties(Keys=[TEMPLATE_KEY, ENTRY_KEY]))
    assert f"bucket {SOURCE}, key {TEMPLATE_KEY}: " in reason
    assert READABLE in reason


def test_other_error_of_the_source_asks_nothing(bench, script):
    script.source_refuses(ENTRY_KEY, 400)
    assert READABLE not in bench.fails("Create", properties(Keys=[ENTRY_KEY]))


def test_unreadable_target(bench, script):
    script.source_has(TEMPLATE_KEY)
    script.target.add_client_error("head_object", "403", "Forbidden", 403)
    reason = bench.fails("Create", properties(Keys=[TEMPLATE_KEY, ENTRY_KEY]))
    assert f"bucket {TARGET}, key {TEMPLATE_KEY}: " in reason


@pytest.mark.parametrize(
    ("code", "status"),
    [("AccessDenied", 403), ("InvalidRequest", 400), ("AuthorizationHeaderMalformed", 400), ("NotImplemented", 501)],
)
def test_refused_copy_is_streamed(bench, script, code, status):
    script.source_has(TEMPLATE_KEY)
    script.target_lacks(TEMPLATE_KEY)
    script.refuses_to_copy(TEMPLATE_KEY, code, status)
    script.reads(TEMPLATE_KEY)
    script.puts(TEMPLATE_KEY)
    bench.succeeds("Create", properties(Keys=[TEMPLATE_KEY]))


def test_streamed_content_of_unknown_hash_gets_its_hash(bench, script):
    script.source_has(ENTRY_KEY)
    script.refuses_to_copy(ENTRY_KEY, digest=None)
    script.reads(ENTRY_KEY)
    script.puts(ENTRY_KEY)
    bench.succeeds("Create", properties(Keys=[ENTRY_KEY]))


def test_wrong_streamed_content_is_not_written(bench, script):
    script.source_has(TEMPLATE_KEY)
    script.target_lacks(TEMPLATE_KEY)
    script.refuses_to_copy(TEMPLATE_KEY)
    script.reads(TEMPLATE_KEY, b"evil")
    assert bench.fails("Create", properties(Keys=[TEMPLATE_KEY, ENTRY_KEY])) == (
        f"ObjectError: bucket {SOURCE}, key {TEMPLATE_KEY}: "
        f"its SHA-256 is {sha256(b'evil')}, it should be {sha256(TEMPLATE)} (log stream {LOG_STREAM})"
    )


@pytest.mark.parametrize("version", [{"VersionId": "v1"}, {}])
def test_wrong_copied_content_is_removed(bench, script, version):
    script.source_has(TEMPLATE_KEY)
    script.target_lacks(TEMPLATE_KEY)
    script.copies(TEMPLATE_KEY, content=b"evil", **version)
    script.target.add_response("delete_object", {}, {"Bucket": TARGET, "Key": TEMPLATE_KEY} | version)
    script.reads(TEMPLATE_KEY, b"evil")
    assert "its SHA-256 is" in bench.fails("Create", properties(Keys=[TEMPLATE_KEY, ENTRY_KEY]))


def test_copy_without_checksum_is_streamed(bench, script):
    script.source_has(TEMPLATE_KEY)
    script.target_lacks(TEMPLATE_KEY)
    script.target.add_response("copy_object", {"CopyObjectResult": {}}, script.copy_expected(TEMPLATE_KEY))
    script.target.add_response("delete_object", {}, {"Bucket": TARGET, "Key": TEMPLATE_KEY})
    script.reads(TEMPLATE_KEY)
    script.puts(TEMPLATE_KEY)
    bench.succeeds("Create", properties(Keys=[TEMPLATE_KEY]))


def test_key_that_may_not_be_used_is_reported(bench, script):
    script.source_has(TEMPLATE_KEY)
    script.target_lacks(TEMPLATE_KEY)
    script.refuses_to_copy(TEMPLATE_KEY)
    script.reads(TEMPLATE_KEY)
    script.target.add_client_error("put_object", "AccessDenied", "no kms:GenerateDataKey", 403)
    reason = bench.fails("Create", properties(Keys=[TEMPLATE_KEY]))
    assert f"bucket {TARGET}, key {TEMPLATE_KEY}: " in reason
    assert "kms:GenerateDataKey" in reason
    assert READABLE not in reason


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"ChecksumSHA256": f"{checksum(ZIP)}-2"},  # of a multipart upload
    ],
)
def test_zip_of_unknown_hash_is_always_copied(bench, script, head):
    script.source_has(ZIP_KEY, **head)
    script.copies(ZIP_KEY, digest=None)
    bench.succeeds("Create", properties(Keys=[ZIP_KEY]))


def test_zip_is_compared_by_the_hash_of_its_bytes(bench, script):
    """The hash in its key is that of the files in it."""
    script.source_has(ZIP_KEY, {"sha256": sha256(ZIP)})
    script.target_has(ZIP_KEY, metadata={"sha256": "a" * 64})
    script.copies(ZIP_KEY)
    bench.succeeds("Create", properties(Keys=[ZIP_KEY]))


@pytest.mark.parametrize("found", [{"size": 1}, {"metadata": {}}, {"metadata": {"sha256": "0" * 64}}])
def test_other_content_in_the_target_is_replaced(bench, script, found):
    script.source_has(TEMPLATE_KEY)
    script.target_has(TEMPLATE_KEY, **found)
    script.copies(TEMPLATE_KEY)
    bench.succeeds("Create", properties(Keys=[TEMPLATE_KEY]))


def test_missing_and_unknown_properties(bench):
    reason = bench.fails("Create", {"SourceBucket": SOURCE, "Key": "x", "Keys": []})
    for name in ("Key is unknown", "TargetBucket is missing", "KmsKeyArn is missing", "ReleaseId is missing"):
        assert name in reason
    assert "Keys must be a list of texts" in reason
    assert "SourceRegion is missing" not in reason


def test_response_server_that_fails_twice(bench, script):
    script.finds_all()
    bench.responses.failures = [500, 500]
    bench.succeeds("Create", properties())
    assert bench.responses.tries == 3


def test_oversize_reason(bench, script):
    script.source.add_client_error("head_object", "400", "\N{PARTY POPPER}" * 5000, 400)
    assert f"key {ENTRY_KEY}: " in bench.fails("Create", properties(Keys=[ENTRY_KEY]))


def test_near_time_out(bench):
    bench.module.client = hanging = Hanging()
    assert f"timed out while copying {TEMPLATE_KEY}" in bench.fails("Create", properties(), seconds=20.2)
    hanging.end()
    assert hanging.calls == 1


class Store:
    """A server with S3's answers for two buckets, which takes requests in parallel."""

    def __init__(self):
        self.objects = {(SOURCE, key): (content, {}) for key, content in CONTENT.items()}
        self.lock, self.writes, self.busy, self.throttled = threading.Lock(), [], {}, 0
        self.copies = True

    def __call__(self, request, body):
        bucket, key = urllib.parse.unquote(request.path).split("?")[0].lstrip("/").split("/", 1)
        command = "COPY" if "x-amz-copy-source" in request.headers else request.command
        with self.lock:
            if self.busy.get((command, bucket)):
                self.busy[command, bucket] -= 1
                self.throttled += 1
                return 503, {}, b"<Error><Code>SlowDown</Code></Error>"
        if request.command == "PUT":
            return self.put(bucket, key, request.headers, body)
        if (bucket, key) not in self.objects:
            return 404, {}, b""
        content, metadata = self.objects[bucket, key]
        headers = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
        return 200, headers | {"Content-Length": str(len(content)), "Content-Type": "text/x"}, content

    def put(self, bucket, key, headers, content):
        if "x-amz-copy-source" in headers:
            if not self.copies:
                return 403, {}, b"<Error><Code>AccessDenied</Code></Error>"
            content, _ = self.objects[tuple(urllib.parse.unquote(headers["x-amz-copy-source"]).split("/", 1))]
        digest = headers.get("x-amz-meta-sha256")
        with self.lock:
            self.objects[bucket, key] = content, {"sha256": digest} if digest else {}
            self.writes.append(key)
        assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == KMS_KEY
        result = f"<CopyObjectResult><ChecksumSHA256>{checksum(content)}</ChecksumSHA256></CopyObjectResult>"
        return 200, {}, result.encode()


@pytest.fixture
def store(monkeypatch, module, bench_of):
    """A store, with a bench whose handler uses the real clients and all its threads."""
    store = Store()
    with serving(store) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        store.bench = bench_of(module)
        yield store


def many(count):
    contents = {f"templates/t{i}.{sha256(bytes([i]))}.yaml": bytes([i]) for i in range(count)}
    return contents, [*contents, ENTRY_KEY]


def test_entry_point_is_copied_last(store):
    contents, keys = many(40)
    store.objects |= {(SOURCE, key): (content, {}) for key, content in contents.items()}
    store.bench.succeeds("Create", properties(Keys=keys))
    assert sorted(store.writes[:-1]) == sorted(contents)
    assert store.writes[-1] == ENTRY_KEY
    assert all(store.objects[TARGET, key][0] == content for key, content in contents.items())
    # Again: only the entry point, whose hash this source does not tell.
    store.bench.succeeds("Create", properties(Keys=keys))
    assert store.writes[41:] == [ENTRY_KEY]


def test_entry_point_is_not_copied_if_another_key_fails(store):
    contents, keys = many(20)
    store.objects |= {(SOURCE, key): (content, {}) for key, content in list(contents.items())[:-1]}
    reason = store.bench.fails("Create", properties(Keys=keys))
    assert re.search(r"key templates/t19\.[0-9a-f]{64}\.yaml: .*404", reason)
    assert ENTRY_KEY not in store.writes


def test_throttled_calls_are_repeated(store, no_sleep):
    store.busy = {("HEAD", SOURCE): 3, ("COPY", TARGET): 2}
    store.bench.succeeds("Create", properties())
    assert store.throttled == 5
    assert store.writes[-1] == ENTRY_KEY


def test_refused_copies_are_streamed_unchanged(store, no_sleep, monkeypatch):
    """Also where a write is throttled and the file is sent again, and where a file is more than one chunk."""
    store.copies, store.busy = False, {("GET", SOURCE): 1, ("PUT", TARGET): 2}
    monkeypatch.setattr(store.bench.module, "CHUNK", 4)
    store.bench.succeeds("Create", properties())
    assert store.throttled == 3
    for key, content in CONTENT.items():
        assert store.objects[TARGET, key] == (content, {"sha256": sha256(content)})
