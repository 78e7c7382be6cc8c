"""What the tests of a project's scripts share: a project in Systems Manager, and a place for output."""

import hashlib
import io
import json
import os
from pathlib import Path

from botocore.response import StreamingBody
from conftest import REGION
from scripting import DATA, project

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
NAME = "churn-model"
ID = "p-0a1b2c"
BUILD = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:build/{REGION}-mlops-{NAME}-scripts:0a1b"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlops/{REGION}-{NAME}-project-role"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/project"
OWN_TAGS = {
    "CostCenter": "12345",
    "mlops:platform": "aws-mlops-accelerator-stack",
    "sagemaker:project-name": NAME,
    "sagemaker:project-id": ID,
}
# As CloudFormation and Service Catalog leave them on the parameter that holds the project's own.
GIVEN_TAGS = {
    "aws:cloudformation:stack-name": "SC-1",
    "CostCenter": "other",
    "sagemaker:studio-visibility": "true",
    "team": "blue",
}
TAGS = OWN_TAGS | {"team": "blue"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
PLATFORM = {
    "codeartifact-domain": "mlops",
    "codeartifact-repository": "mlops-codeartifact-repository",
    "compute-security-group-id": "sg-1",
    "datascientist-role-arn": f"arn:aws:iam::{ACCOUNT}:role/{REGION}-datascientist-{ACCOUNT}",
    "domain-id": "d-1",
    "inference-boundary-name": f"{REGION}-mlops-inference-boundary",
    "kms-key-arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/platform",
    "prod-account-id": OTHER_ACCOUNT,
    "ready-topic-arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:mlops-ready",
    "sc-launch-role-name": f"{REGION}-mlops-sc-launch-{ACCOUNT}",
    "sc-portfolio-id": "port-1",
    "stackset-admin-role-arn": f"arn:aws:iam::{ACCOUNT}:role/{REGION}-mlops-stackset-admin",
    "stackset-execution-role-name": f"{REGION}-mlops-stackset-execution",
    "staging-account-id": ACCOUNT,
    "subnet-ids": "subnet-1,subnet-2",
}
OWN = {
    "bucket": f"{NAME}-{ACCOUNT}",
    "cost-center": "12345",
    "id": ID,
    "inference-type": "real-time",
    "kms-key-arn": KEY,
    "lifecycle-config-arn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:studio-lifecycle-config/{NAME}-lcc-0123abcd",
    "problem-type": "supervised",
    "role-arn": ROLE,
    "status": "ready",
    "tags": json.dumps(OWN_TAGS),
}
OWN |= {
    f"ecr/{name}": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{NAME}-repository-{name}" for name in project.CONTAINERS
}
ENVIRONMENT = {
    "ARTIFACTS_BUCKET": "artifacts",
    "AWS_REGION": REGION,
    "CODEBUILD_BUILD_ARN": BUILD,
    "PIPELINE": f"{NAME}_build_pipeline",
    "PIPELINE_EXECUTION_ID": "0a1b2c3d-0000-4000-8000-000000000001",
    "PROJECT": NAME,
    "PROJECT_BUCKET": OWN["bucket"],
    "PROJECT_ID": ID,
}


class Ssm:
    """Stands for Systems Manager: a dictionary of parameters, and tags of those that were made."""

    class AlreadyExistsError(Exception):
        """What is raised for a parameter that is there."""

    exceptions = type("Exceptions", (), {"ParameterAlreadyExists": AlreadyExistsError})

    def __init__(self) -> None:
        self.values = {f"/mlops/platform/{name}": value for name, value in PLATFORM.items()}
        self.values |= {f"/mlops/projects/{NAME}/{name}": value for name, value in OWN.items()}
        self.given = dict(GIVEN_TAGS)
        self.made: dict[str, list[dict[str, str]]] = {}

    def get_parameters(self, *, Names):  # noqa: N803
        assert 0 < len(Names) <= 10
        found = [{"Name": name, "Value": self.values[name]} for name in Names if name in self.values]
        return {"Parameters": found, "InvalidParameters": [name for name in Names if name not in self.values]}

    def list_tags_for_resource(self, *, ResourceType, ResourceId):  # noqa: N803
        assert (ResourceType, ResourceId) == ("Parameter", f"/mlops/projects/{NAME}/tags")
        return {"TagList": [{"Key": key, "Value": value} for key, value in self.given.items()]}

    def put_parameter(self, *, Name, Value, Type, Tags=None, Overwrite=False):  # noqa: N803
        assert Type == "String"
        assert not (Tags and Overwrite)
        if Name in self.values and not Overwrite:
            raise self.AlreadyExistsError
        if Tags:
            self.made[Name] = Tags
        self.values[Name] = Value


class World:
    """A project: what Systems Manager has of it, stubs for all else, and the folder that output goes to."""

    def __init__(self, aws, monkeypatch, output: Path) -> None:
        self.aws, self.ssm, self.output, self.monkeypatch = aws, Ssm(), output, monkeypatch
        monkeypatch.setattr(project, "client", self.client)
        for name, value in (ENVIRONMENT | {"OUTPUT": str(output)}).items():
            monkeypatch.setenv(name, value)

    def client(self, service):
        return self.ssm if service == "ssm" else self.aws.client(service)

    def own(self, name, value):
        self.ssm.values[f"/mlops/projects/{NAME}/{name}"] = value

    def platform(self, name, value):
        self.ssm.values[f"/mlops/platform/{name}"] = value

    def releases(self, name, content):
        """Puts a template into the release."""
        key = f"templates/{name}.{hashlib.sha256(content).hexdigest()}.yaml"
        self.platform(f"templates/{name}", key)
        return key

    def reads(self, name, content, key=None):
        """Expects that a template is read."""
        key = key or self.releases(name, content)
        self.aws("s3").add_response("get_object", {"Body": body(content)}, {"Bucket": "artifacts", "Key": key})

    def has_stack(self, stage, **parameters):
        """Expects that an inference stack is described."""
        name = f"{NAME}-inference-stackset-{stage}"
        values = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        stack = {
            "StackName": name,
            "CreationTime": "2024-01-02",
            "StackStatus": "CREATE_COMPLETE",
            "Parameters": values,
        }
        self.aws("cloudformation").add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": name})

    def lacks_stack(self, stage):
        """Expects that an inference stack is described that is not there."""
        self.lacks(f"{NAME}-inference-stackset-{stage}")

    def lacks(self, name):
        """Expects that a stack is described that is not there."""
        self.aws("cloudformation").add_client_error(
            "describe_stacks",
            "ValidationError",
            f"Stack with id {name} does not exist",
            expected_params={"StackName": name},
        )

    def has(self, name, status, removed=None):
        """Expects that a stack of this status is described, and deleted if the status is given that this leads to."""
        arn = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/0a1b"
        stack = {"StackName": name, "StackId": arn, "CreationTime": "2024-01-02"}
        stub = self.aws("cloudformation")
        stub.add_response("describe_stacks", {"Stacks": [stack | {"StackStatus": status}]}, {"StackName": name})
        if removed:
            stub.add_response("delete_stack", {}, {"StackName": arn})
            stub.add_response("describe_stacks", {"Stacks": [stack | {"StackStatus": removed}]}, {"StackName": arn})

    def stops(self, pipeline="build", error=None):
        """Expects that the pipeline stops itself; gives the list that the reason is noted in."""
        reasons = []
        named = {
            "pipelineName": f"{NAME}_{pipeline}_pipeline",
            "pipelineExecutionId": ENVIRONMENT["PIPELINE_EXECUTION_ID"],
            "abandon": True,
            "reason": Noted(reasons),
        }
        self.monkeypatch.setenv("PIPELINE", named["pipelineName"])
        stub = self.aws("codepipeline")
        if error:
            stub.add_client_error("stop_pipeline_execution", error, expected_params=named)
        else:
            answer = {"pipelineExecutionId": ENVIRONMENT["PIPELINE_EXECUTION_ID"]}
            stub.add_response("stop_pipeline_execution", answer, named)
        return reasons

    def wrote(self):
        """Returns the names of the files in the output."""
        return sorted(file.name for file in self.output.iterdir()) if self.output.is_dir() else []


class Noted:
    """Equals any text, and notes it."""

    def __init__(self, texts) -> None:
        self.texts = texts

    def __eq__(self, other):
        self.texts.append(other)
        return isinstance(other, str)

    __hash__ = None


def body(content):
    return StreamingBody(io.BytesIO(content), len(content))


def golden(name, given):
    """Compares a file with what a person has read; writes it to be read if UPDATE_GOLDENS is set."""
    file = DATA / name
    if os.environ.get("UPDATE_GOLDENS"):
        file.write_text(given)
    assert given == file.read_text()
