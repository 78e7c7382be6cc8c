"""Deletes what a project's pipelines made, just before CloudFormation deletes these pipelines and their roles.

Invariant: nothing is touched if the stack lives on, a user product is provisioned, or a stack is not the project's.
"""

import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # inline, cr_common.py stands above
    from cr_common import Run, client, serve, text, texts

PROPERTIES = {"ProjectName": text, "ProjectId": text, "StackNames": texts}
GOING = ("DELETE_", "ROLLBACK_")  # of the creation, not of an update
RUNNING = ("InProgress", "Executing", "Stopping")
HAND_OVER, PAUSE = 100, 15  # seconds
TAG = "sagemaker:project-id"
GONE = ("ParameterNotFound", "PipelineNotFoundException", "ResourceNotFound", "ResourceNotFoundException")
ENDED = ("ConflictException", "DuplicatedStopRequestException", "PipelineExecutionNotStoppableException")


def unless(codes: tuple[str, ...], call: Any, **named: Any) -> Any:
    """Returns the answer, none for one of these errors."""
    try:
        return call(**named)
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


def listed(service: Any, operation: str, key: str, **named: Any) -> list[dict[str, Any]]:
    """Returns the entries of all pages; none if their owner is gone."""
    pages = service.get_paginator(operation)
    return unless(GONE, lambda: [entry for page in pages.paginate(**named) for entry in page[key]]) or []


def wait(run: "Run", what: str) -> None:
    """Waits a while; in a further invocation, if this one's time is up."""
    run.doing(f"waiting for {what}")
    run.done += 1  # what is waited for goes on
    if run.seconds_left() < HAND_OVER:
        run.hand_over()
    time.sleep(PAUSE)


def refuse_users(project: str) -> None:
    """Raises if a user product of the project is provisioned."""
    search = client("servicecatalog").search_provisioned_products
    asked = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}, "SortBy": "id", "PageSize": 100}
    page = search(**asked)
    found = page["ProvisionedProducts"]
    while page.get("NextPageToken"):
        page = search(**asked, PageToken=page["NextPageToken"])
        found += page["ProvisionedProducts"]
    users = [each["Name"] for each in found if each.get("ProductName") == f"{project} SageMaker Studio User"]
    if users:
        raise RuntimeError(f"terminate the project's {len(users)} user products first: {', '.join(users[:5])}")


def stack_of(run: "Run", stacks: Any, name: str) -> dict[str, Any] | None:
    """Returns the stack, none if there is none; raises if it is not the project's."""
    try:
        stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    if {"Key": TAG, "Value": run.properties["ProjectId"]} in stack.get("Tags", []):
        return stack
    raise RuntimeError(f"stack {name} lacks this project's tag {TAG}")


def running(service: Any, key: str, status: str, **pipeline: str) -> list[dict[str, Any]]:
    """Returns a pipeline's executions that run."""
    return [each for each in listed(service, "list_pipeline_executions", key, **pipeline) if each[status] in RUNNING]


def stop_pipelines(run: "Run", project: str) -> None:
    """Abandons all executions, also stopped ones that wait for an approval."""
    codepipeline = client("codepipeline")
    for pipeline in (f"{project}_{kind}_pipeline" for kind in ("project", "build", "deploy")):
        while found := running(codepipeline, "pipelineExecutionSummaries", "status", pipelineName=pipeline):
            for each in found:
                execution = {"pipelineName": pipeline, "pipelineExecutionId": each["pipelineExecutionId"]}
                unless(ENDED, codepipeline.stop_pipeline_execution, **execution, abandon=True)
            wait(run, pipeline)


def delete_stack(run: "Run", stacks: Any, name: str) -> None:
    """Deletes a stack, and what its StackSet made, once nothing else happens to it."""
    deleting = False
    while stack := stack_of(run, stacks, name):
        status = stack["StackStatus"]
        if deleting and status == "DELETE_FAILED":
            raise RuntimeError(f"stack {name}: {status}: {stack.get('StackStatusReason')}")
        if not deleting and not status.endswith("_IN_PROGRESS"):
            for each in stack.get("Outputs", []):
                if each["OutputKey"] == "LaunchConstraintId":  # retained
                    unless(GONE, client("servicecatalog").delete_constraint, Id=each["OutputValue"])
            stacks.delete_stack(StackName=name)
            deleting = True
        wait(run, f"stack {name}: {status}")


def delete_rest(run: "Run", project: str) -> None:
    """Deletes SageMaker's pipeline, lifecycle configurations and all parameters."""
    sagemaker, ssm = client("sagemaker"), client("ssm")
    pipeline, prefix, status = f"{project}-pipeline", f"{project}-lcc-", "PipelineExecutionStatus"
    while found := running(sagemaker, "PipelineExecutionSummaries", status, PipelineName=pipeline):
        for arn in (each["PipelineExecutionArn"] for each in found if each[status] == "Executing"):
            unless(ENDED, sagemaker.stop_pipeline_execution, PipelineExecutionArn=arn)
        wait(run, pipeline)
    run.doing(f"deleting {pipeline}, {prefix}* and the parameters")
    unless(GONE, sagemaker.delete_pipeline, PipelineName=pipeline)
    for each in listed(sagemaker, "list_studio_lifecycle_configs", "StudioLifecycleConfigs", NameContains=prefix):
        lcc = each["StudioLifecycleConfigName"]
        if re.fullmatch(f"{prefix}[0-9a-f]{{8}}", lcc):  # not those of project a-lcc-b with a
            unless(GONE, sagemaker.delete_studio_lifecycle_config, StudioLifecycleConfigName=lcc)
    path = {"Path": f"/mlops/projects/{project}", "Recursive": True}
    for each in listed(ssm, "get_parameters_by_path", "Parameters", **path):
        unless(GONE, ssm.delete_parameter, Name=each["Name"])


def name(run: "Run") -> str:
    """Returns the physical id."""
    return f"project-cleanup/{run.properties['ProjectName']}"


def remove(run: "Run") -> None:
    """Checks all, then deletes in order what is not gone yet."""
    stacks, project, names = client("cloudformation"), run.properties["ProjectName"], run.properties["StackNames"]
    run.doing("checking stacks and users")
    status = stacks.describe_stacks(StackName=run.event["StackId"])["Stacks"][0]["StackStatus"]
    if not status.startswith(GOING):
        print(f"all stays: the stack is {status}")
        return
    refuse_users(project)
    for stack in names:
        stack_of(run, stacks, stack)
    stop_pipelines(run, project)
    for stack in names:
        delete_stack(run, stacks, stack)
    delete_rest(run, project)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::ProjectCleanup`."""
    serve(event, context, properties=PROPERTIES, name=name, make=None, remove=remove)
