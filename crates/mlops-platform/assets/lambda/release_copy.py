"""Copies a release from the bucket it was published in into a bucket of this region.

Invariant: the entry point, the last key, is copied after all others: whoever finds it finds the rest.
"""

import base64
import hashlib
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, optional, serve, text, texts

WORKERS = 8
CHUNK = 1 << 20
HASH_IN_KEY = re.compile(r"\.([0-9a-f]{64})\.[^/]+$")
PROPERTIES = {
    "SourceBucket": text,
    "SourceRegion": optional(text, "us-east-1"),
    "TargetBucket": text,
    "KmsKeyArn": text,
    "Keys": texts,
    "ReleaseId": text,
}


class ObjectError(Exception):
    """Something is wrong with an object."""


class NotThereError(ObjectError):
    """The object does not exist."""


class Bucket:
    """A bucket, with a client that many threads may use."""

    def __init__(self, name: str, region: str | None = None) -> None:
        """Takes its name, and its region unless it is this one."""
        self.name, self.s3 = name, client("s3", region)

    def call(self, operation: str, key: str, **more: Any) -> dict[str, Any]:
        """Returns what S3 answers about an object; errors name bucket and key."""
        try:
            return getattr(self.s3, operation)(Bucket=self.name, Key=key, **more)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            reading = status in (403, 404) and operation in ("head_object", "get_object")
            question = ": is the bucket readable from this account?" if reading else ""
            kind = NotThereError if status == 404 else ObjectError
            raise kind(f"bucket {self.name}, key {key}: {error}{question}") from error


def hexadecimal(checksum: str | None) -> str | None:
    """Returns S3's base64 in hexadecimal; none if it is the checksum of parts, which is not that of the whole."""
    return base64.b64decode(checksum).hex() if checksum and "-" not in checksum else None


def expected(key: str, head: dict[str, Any]) -> str | None:
    """Returns the SHA-256 that the object must have; none if nothing tells it: then it is always copied."""
    in_key = HASH_IN_KEY.search(key)
    if in_key and not key.endswith(".zip"):  # a zip's key has the hash of the files in it, not of the zip
        return in_key[1]
    return head["Metadata"].get("sha256") or hexadecimal(head.get("ChecksumSHA256"))


def is_there(target: Bucket, key: str, size: int, sha256: str) -> bool:
    """Returns whether the target has the object, with this size and hash."""
    try:
        head = target.call("head_object", key)
    except NotThereError:
        return False
    return head["ContentLength"] == size and head["Metadata"].get("sha256") == sha256


def copy(run: "Run", source: Bucket, target: Bucket, key: str) -> None:
    """Copies one key, unless the target has it. Never leaves content there that its hash does not fit."""
    run.doing(f"copying {key}")
    head = source.call("head_object", key, ChecksumMode="ENABLED")
    sha256 = expected(key, head)
    if sha256 and is_there(target, key, head["ContentLength"], sha256):
        return
    wanted = {
        "ContentType": head["ContentType"],
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": run.properties["KmsKeyArn"],
        "BucketKeyEnabled": True,
        "ChecksumAlgorithm": "SHA256",
    }
    if not copy_in_s3(source, target, key, sha256, wanted):
        stream(source, target, key, sha256, wanted)


def copy_in_s3(source: Bucket, target: Bucket, key: str, sha256: str | None, wanted: dict[str, Any]) -> bool:
    """Lets S3 copy and hash the object. Returns whether that went well, else nothing is left behind."""
    try:
        copied = target.call(
            "copy_object",
            key,
            CopySource={"Bucket": source.name, "Key": key},
            MetadataDirective="REPLACE",
            Metadata={"sha256": sha256} if sha256 else {},
            TaggingDirective="REPLACE",  # no tags: who may read an object may not always read its tags
            **wanted,
        )
    except ObjectError as error:  # refused, as between some regions: the stream copies it or says why not
        print(f"streaming: {error}")
        return False
    if sha256 in (None, hexadecimal(copied["CopyObjectResult"].get("ChecksumSHA256"))):
        return True
    version = {"VersionId": copied["VersionId"]} if "VersionId" in copied else {}
    target.call("delete_object", key, **version)
    return False


def stream(source: Bucket, target: Bucket, key: str, sha256: str | None, wanted: dict[str, Any]) -> None:
    """Reads the object, and writes it if its hash is right."""
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as file:
        for chunk in source.call("get_object", key)["Body"].iter_chunks(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        actual = digest.hexdigest()
        if sha256 not in (None, actual):
            raise ObjectError(f"bucket {source.name}, key {key}: its SHA-256 is {actual}, it should be {sha256}")
        file.seek(0)
        target.call("put_object", key, Body=file, Metadata={"sha256": actual}, **wanted)


def name(run: "Run") -> str:
    """Returns the physical id."""
    return f"release-copy/{run.properties['TargetBucket']}"


def make(run: "Run") -> None:
    """Copies every key that the target lacks. Never removes an object that was there before."""
    given = run.properties
    if given["SourceBucket"] == given["TargetBucket"]:
        return
    source, target = Bucket(given["SourceBucket"], given["SourceRegion"]), Bucket(given["TargetBucket"])
    *others, entry_point = given["Keys"]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda key: copy(run, source, target, key), others))  # the list raises what a copy raised
    copy(run, source, target, entry_point)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::ReleaseCopy`. A delete does nothing: another resource empties the bucket."""
    serve(event, context, properties=PROPERTIES, name=name, make=make, remove=None)
