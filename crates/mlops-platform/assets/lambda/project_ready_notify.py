"""Marks a project as ready and tells people so. The last action of the project's pipeline.

Invariant: CodePipeline gets exactly one result of a job, whatever happens; without one the action would hang.
"""

import os
import re
import traceback
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PROJECT_NAME = re.compile(r"(?=.{1,32}$)[a-z0-9](-?[a-z0-9])*")
LONGEST = 5000  # characters of CodePipeline's failure message
DONE = {"InvalidJobStateException", "JobNotFoundException"}  # the job has its result, from an earlier invocation
MAIL = """\
The project {project} is ready.

Next steps

1. Data Science Admin: in AWS Service Catalog, under Products, launch
   "{project} SageMaker Studio User" once for each Data Scientist.
2. Data Scientist: switch to your role, open Studio with your own profile and
   start a JupyterLab space. The project's code is in ~/{project},
   further examples are in ~/seedcode.
3. Data Scientist: fill in model_config.yaml, push to branch dev and merge a pull
   request to main. {project}_build_pipeline then registers a model.
4. Data Scientist: approve the model version in Studio.
   {project}_deploy_pipeline then deploys it.

Studio: {studio}
"""


def client(service: str) -> Any:
    """Returns a client that gives up so early that there is time left to report it."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=4, read_timeout=4)
    return boto3.client(service, config=config)


def project_of(job: dict[str, Any]) -> str:
    """Returns the project that the action names."""
    project = job["data"]["actionConfiguration"]["configuration"].get("UserParameters", "")
    if PROJECT_NAME.fullmatch(project):
        return project
    raise ValueError(f"UserParameters must be the name of a project, not {project!r}")


def notify(project: str) -> None:
    """Sends the mail. That nobody can be told of a project is no reason to fail it."""
    try:
        mail = MAIL.format(project=project, studio=os.environ["STUDIO_URL"])
        client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Subject=f"Project {project} is ready", Message=mail)
    except Exception:
        traceback.print_exc()


def put(operation: str, job: str, **result: Any) -> None:
    """Gives CodePipeline the result; raises if it is not taken, so that Lambda repeats the event."""
    try:
        getattr(client("codepipeline"), operation)(jobId=job, **result)
    except ClientError as error:
        if error.response["Error"]["Code"] not in DONE:
            raise
        print(f"{operation}: {error}")


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles a job of CodePipeline."""
    job = event["CodePipeline.job"]
    try:
        project = project_of(job)
        status = f"/mlops/projects/{project}/status"
        client("ssm").put_parameter(Name=status, Value="ready", Type="String", Overwrite=True)
        notify(project)
    except Exception as error:
        traceback.print_exc()
        why = f"{type(error).__name__}: {error}"[:LONGEST]
        details = {"type": "JobFailed", "message": why, "externalExecutionId": context.aws_request_id}
        put("put_job_failure_result", job["id"], failureDetails=details)
    else:
        print(f"project {project} is ready")
        put("put_job_success_result", job["id"])
