"""Writes what a stage's inference stack is deployed with: the newest version of the model that somebody approved.

Invariant: a version that nobody approved is never deployed; without an approved one, nothing is.
"""

import sys
from typing import Any

from botocore.exceptions import ClientError
from common import client, run, settings
from project import configuration, gone, identity, stop, tags, template, write
from stages import model, target

STACK = "inference-stackset"


def newest(sagemaker: Any, group: str) -> str | None:
    """Returns the ARN of the newest approved version that is whole; none if there is none, or not even the group."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus="Approved", SortBy="CreationTime", SortOrder="Descending"
    )
    try:
        for page in pages:
            for package in page["ModelPackageSummaryList"]:
                if package["ModelPackageStatus"] == "Completed":
                    return package["ModelPackageArn"]
    except ClientError as error:
        if not gone(error):
            raise
    return None


def work() -> None:
    """Writes the template and its parameters, or stops the pipeline if no version is approved."""
    project, project_id, stage, bucket = settings("PROJECT", "PROJECT_ID", "STAGE", "ARTIFACTS_BUCKET")
    output, build = settings("OUTPUT", "CODEBUILD_BUILD_ARN")
    sagemaker, group = client("sagemaker"), f"{project}-models"
    package = newest(sagemaker, group)
    if package is None:
        reason = f"{group} has no approved version: approve one in Studio under Models, that starts this pipeline again"
        stop(reason)
        write(output, "stopped.txt", f"{reason}\n")  # without any file CodeBuild fails
        return
    metadata = sagemaker.describe_model_package(ModelPackageName=package).get("CustomerMetadataProperties", {})
    parameters = identity(project, project_id) | target(project, stage, build, bucket, "inference")
    parameters |= model(project, stage, package, metadata)
    write(output, f"{STACK}.yaml", template(bucket, STACK))
    write(output, "inference.json", configuration(parameters, tags(project)))
    print(f"stage {stage} gets {package}")


if __name__ == "__main__":
    sys.exit(run("build_endpoint_params", work))
