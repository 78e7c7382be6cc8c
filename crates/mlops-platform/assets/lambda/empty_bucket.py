"""Empties a bucket just before CloudFormation deletes it.

Invariant: nothing is removed while the stack lives on: its status is asked for first, in every invocation.
"""

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, serve, text

PROPERTIES = {"BucketName": text}
GOING = ("DELETE_", "ROLLBACK_")  # of a creation: the rollback of an update is UPDATE_ROLLBACK_
HAND_OVER = 100  # seconds left below which a further invocation goes on; a page seldom takes five
TRANSIENT = {"InternalError", "ServiceUnavailable", "SlowDown"}
PAUSE = 2


def abort(s3: Any, bucket: str, uploads: list[dict[str, Any]]) -> int:
    """Aborts uploads and returns how many."""
    for upload in uploads:
        try:
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload":
                raise
    return len(uploads)


def delete(s3: Any, bucket: str, versions: list[dict[str, Any]]) -> int:
    """Deletes versions and delete markers and returns how many; raises if S3 refuses one for good."""
    objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
    errors = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors", [])
    for error in errors:
        if error["Code"] not in TRANSIENT:
            raise RuntimeError(f"bucket {bucket}, key {error['Key']}: {error['Code']}: {error['Message']}")
    if errors:  # the next sweep meets these again
        time.sleep(PAUSE)
    return len(versions) - len(errors)


SWEEP = (  # an abort is a call for each upload, a delete one for all versions of a page
    ("list_multipart_uploads", ("Uploads",), 100, abort),
    ("list_object_versions", ("Versions", "DeleteMarkers"), 1000, delete),
)


def sweep(run: "Run", s3: Any, bucket: str) -> bool:
    """Goes through the bucket once and removes what it meets. Returns whether it met nothing."""
    clean = True
    for listing, kinds, size, clear in SWEEP:
        for page in s3.get_paginator(listing).paginate(Bucket=bucket, PaginationConfig={"PageSize": size}):
            found = [entry for kind in kinds for entry in page.get(kind, [])]
            if not found:
                continue
            clean = False
            run.doing(f"emptying {bucket}: {run.done} removed so far")
            if run.seconds_left() < HAND_OVER:
                run.hand_over()
            run.done += clear(s3, bucket, found)
    return clean


def name(run: "Run") -> str:
    """Returns the physical id."""
    return f"empty/{run.properties['BucketName']}"


def remove(run: "Run") -> None:
    """Empties the bucket if the stack goes. Never in an update: what leaves a template may still be in use."""
    bucket, stack = run.properties["BucketName"], run.event["StackId"]
    run.doing(f"asking for the status of {stack}")
    status = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    if not status.startswith(GOING):
        print(f"{bucket} stays as it is: the stack is {status}")
        return
    s3 = client("s3")
    try:
        # Until a sweep meets nothing: logs may arrive late, and S3 may have been too busy for some deletes.
        while not sweep(run, s3, bucket):
            pass
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::EmptyBucket`. A create and an update do nothing."""
    serve(event, context, properties=PROPERTIES, name=name, make=None, remove=remove)
