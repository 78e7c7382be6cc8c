"""What the scripts of a project's pipelines share: its parameters, tags and stacks, and the files that stacks need.

Invariant: what is written is the project's own, and a file that is written twice from the same values is the same.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from common import WorkError, client, settings

CONTAINERS = ("preprocessing", "transform", "training", "inference")  # each has a repository of its own
VISIBILITY = "sagemaker:studio-visibility"  # of the product: Service Catalog gives it to all that is launched
OWN = ("CostCenter", "mlops:platform", "sagemaker:project-id", "sagemaker:project-name")  # must never be left out
MOST = 50  # tags that a stack or resource may have
AT_ONCE = 10  # parameters that one call may ask for
REASON = 200  # characters that CodePipeline takes
GONE = {"ResourceNotFound", "ResourceNotFoundException"}
GONE_TEXT = re.compile(r"not found|could not find|does not exist", re.IGNORECASE)  # of SageMaker's ValidationException
STOPPED = {"DuplicatedStopRequestException", "PipelineExecutionNotStoppableException"}
NEVER_MADE = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}  # CloudFormation updates no such stack


def code(error: ClientError) -> str:
    """Returns the code of an error."""
    return error.response["Error"]["Code"]


def gone(error: ClientError) -> bool:
    """Returns whether the error says that something does not exist. SageMaker has more than one way to say so."""
    return code(error) in GONE or (code(error) == "ValidationException" and GONE_TEXT.search(str(error)) is not None)


def read(path: str, names: Iterable[str]) -> dict[str, str]:
    """Returns parameters below a path by name; raises one error that names all that are missing."""
    ssm, asked, found = client("ssm"), [f"{path}/{name}" for name in names], {}
    for start in range(0, len(asked), AT_ONCE):
        answer = ssm.get_parameters(Names=asked[start : start + AT_ONCE])
        found |= {each["Name"]: each["Value"] for each in answer["Parameters"]}
    missing = [name for name in asked if name not in found]
    if missing:
        raise WorkError(
            f"missing in Systems Manager: {', '.join(missing)}: the stack or action that writes it must run"
        )
    return {name.removeprefix(f"{path}/"): found[name] for name in asked}


def of_platform(*names: str) -> dict[str, str]:
    """Returns parameters of the platform."""
    return read("/mlops/platform", names)


def of_project(project: str, *names: str) -> dict[str, str]:
    """Returns parameters of the project."""
    return read(f"/mlops/projects/{project}", names)


def tags(project: str) -> dict[str, str]:
    """Returns what everything of the project is tagged with, the tags of the form that created it included.

    Those CloudFormation has put on the very parameter that holds the project's own.
    """
    own = json.loads(of_project(project, "tags")["tags"])
    asked = {"ResourceType": "Parameter", "ResourceId": f"/mlops/projects/{project}/tags"}
    given = {tag["Key"]: tag["Value"] for tag in client("ssm").list_tags_for_resource(**asked)["TagList"]}
    found = own | given | own  # its own come first and win
    found = {key: value for key, value in found.items() if not key.lower().startswith("aws:") and key != VISIBILITY}
    missing = [key for key in OWN if key not in found]
    if missing:
        raise WorkError(f"/mlops/projects/{project}/tags lacks {', '.join(missing)}: update the project's product")
    if len(found) > MOST:
        raise WorkError(f"project {project} has {len(found)} tags, {MOST} are allowed: remove some from its product")
    return found


def pairs(tagged: dict[str, str]) -> list[dict[str, str]]:
    """Returns tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tagged.items()]


def remember(project: str, name: str, value: str, tagged: dict[str, str]) -> None:
    """Writes a parameter of the project. Its tags are given when it is made: together with overwriting, none may be."""
    ssm, parameter = client("ssm"), {"Name": f"/mlops/projects/{project}/{name}", "Value": value, "Type": "String"}
    try:
        ssm.put_parameter(**parameter, Tags=pairs(tagged))
    except ssm.exceptions.ParameterAlreadyExists:
        ssm.put_parameter(**parameter, Overwrite=True)
    print(f"{parameter['Name']} = {value}")


def identity(project: str, project_id: str) -> dict[str, str]:
    """Returns the parameters that every stack of a project takes."""
    cost_center = of_project(project, "cost-center")["cost-center"]
    return {"ProjectName": project, "ProjectId": project_id, "CostCenter": cost_center}


def stage_accounts() -> str:
    """Returns the accounts that models are deployed into, each once, as a list parameter takes them."""
    found = of_platform("staging-account-id", "prod-account-id")
    return ",".join(dict.fromkeys(found.values()))


def configuration(parameters: dict[str, str], tagged: dict[str, str]) -> str:
    """Returns the template configuration that an action of a pipeline deploys a stack with."""
    wrong = [name for name, value in parameters.items() if not isinstance(value, str)]
    if wrong:
        raise WorkError(f"parameters of a stack are texts, these are not: {', '.join(wrong)}")
    return json.dumps({"Parameters": parameters, "Tags": tagged}, indent=2, sort_keys=True) + "\n"


def write(output: str, name: str, content: str | bytes) -> None:
    """Puts a file into the action's output artifact."""
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    print(f"wrote {name}")


def template_key(name: str) -> str:
    """Returns where the artifacts bucket has a template of the release in force."""
    return of_platform(f"templates/{name}")[f"templates/{name}"]


def template(bucket: str, name: str) -> bytes:
    """Returns a template of the release in force; raises if it is not what its key says."""
    key = template_key(name)
    content = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    if hashlib.sha256(content).hexdigest() not in key:
        raise WorkError(f"bucket {bucket}, key {key}: another content is there than its name says: deploy the platform")
    return content


def url(bucket: str, region: str, key: str) -> str:
    """Returns where CloudFormation finds an object."""
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"


def described(stack: str) -> dict[str, Any]:
    """Returns what CloudFormation says of a stack; nothing if there is no such stack."""
    try:
        return client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise


def parameters_of(stack: str) -> dict[str, str]:
    """Returns the values that a stack was deployed with; none if there is no such stack."""
    return {each["ParameterKey"]: each["ParameterValue"] for each in described(stack).get("Parameters", [])}


def make_way(stack: str) -> None:
    """Deletes a stack whose creation failed: it was never in use, and no action could ever update it."""
    found = described(stack)
    if found.get("StackStatus") not in NEVER_MADE:
        return
    print(f"{stack} is {found['StackStatus']}: it is deleted and made anew")
    cloudformation = client("cloudformation")
    cloudformation.delete_stack(StackName=found["StackId"])
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=found["StackId"])


def stop(reason: str) -> None:
    """Stops the pipeline execution that this build is part of. What runs in parallel may have stopped it already."""
    pipeline, execution = settings("PIPELINE", "PIPELINE_EXECUTION_ID")
    named = {"pipelineName": pipeline, "pipelineExecutionId": execution}
    try:
        client("codepipeline").stop_pipeline_execution(**named, abandon=True, reason=reason[:REASON])
    except ClientError as error:
        if code(error) not in STOPPED:
            raise
    print(f"{pipeline} stopped: {reason}")
