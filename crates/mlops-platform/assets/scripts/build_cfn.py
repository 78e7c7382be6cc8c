"""Writes what a project's stacks are deployed with, and the project's own copy of the product that gives users access.

Invariant: templates are read and written as YAML, never edited as text; a model that is deployed stays deployed.
"""

import hashlib
import sys
from typing import Any

import yaml
from build_release import put_once
from common import WorkError, client, run, settings
from project import (
    configuration,
    identity,
    make_way,
    of_platform,
    of_project,
    stage_accounts,
    tags,
    template,
    url,
    write,
)
from stages import STAGES, account_and_region, model, stack_of, target

TEMPLATES = ("project-service-catalog", "project-ecr", "project-model-group", "inference-stackset")
STACKS = ("service-catalog-stack", "ecr-repo-stack", "model-group-stack")  # beside those of the stages
TEXT = "tag:yaml.org,2002:str"
LIST = "tag:yaml.org,2002:seq"


def text(value: str) -> yaml.ScalarNode:
    """Returns a value that every reader takes for text, be it written with digits only."""
    return yaml.ScalarNode(TEXT, value, style='"')


def entry(mapping: yaml.MappingNode, key: str) -> Any:
    """Returns the value of a key; none if there is none."""
    return next((value for name, value in mapping.value if name.value == key), None)


def put(mapping: yaml.MappingNode, key: str, value: yaml.Node) -> None:
    """Sets the value of a key where it stands, else at the end."""
    pairs = [(name, value if name.value == key else old) for name, old in mapping.value]
    if entry(mapping, key) is None:
        pairs.append((yaml.ScalarNode(TEXT, key), value))
    mapping.value = pairs


def made_for(source: bytes, values: dict[str, str]) -> bytes:
    """Returns a template whose parameters of these names take one value only, and take it by themselves.

    Only the tree of nodes is touched, which keeps CloudFormation's own tags and the quotes of everything else.
    """
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    declared = entry(root, "Parameters")
    missing = [name for name in values if declared is None or entry(declared, name) is None]
    if missing:
        raise WorkError(f"template smuser lacks parameters {', '.join(missing)}: deploy the platform's newest release")
    for name, value in values.items():
        put(entry(declared, name), "Default", text(value))
        put(entry(declared, name), "AllowedValues", yaml.SequenceNode(LIST, [text(value)], flow_style=False))
    return yaml.serialize(root, Dumper=yaml.SafeDumper, width=sys.maxsize, allow_unicode=True).encode()


def publish(bucket: str, project: str, own: dict[str, str]) -> tuple[str, str]:
    """Puts the project's copy of the user product where Service Catalog takes it from. Returns key and hash."""
    content = made_for(template(bucket, "smuser"), own)
    digest = hashlib.sha256(content).hexdigest()
    key = f"projects/{project}/smuser.{digest}.yaml"
    put_once(client("s3"), bucket, key, content, digest)
    return key, digest


def work() -> None:
    """Writes the templates and the parameters of five stacks."""
    project, project_id, bucket = settings("PROJECT", "PROJECT_ID", "ARTIFACTS_BUCKET")
    output, build = settings("OUTPUT", "CODEBUILD_BUILD_ARN")
    own, tagged = identity(project, project_id), tags(project)
    for stack in (*(f"{project}-{name}" for name in STACKS), *(stack_of(project, stage) for stage in STAGES)):
        make_way(stack)
    for name in TEMPLATES:
        write(output, f"{name}.yaml", template(bucket, name))
    key, digest = publish(bucket, project, own)
    _, region = account_and_region(build)
    platform = of_platform("sc-portfolio-id", "sc-launch-role-name")
    files = {
        "service-catalog": {
            "TemplateUrl": url(bucket, region, key),
            "TemplateVersion": digest,
            "PortfolioId": platform["sc-portfolio-id"],
            "LaunchRoleName": platform["sc-launch-role-name"],
        },
        "ecr": {"KmsKeyArn": of_project(project, "kms-key-arn")["kms-key-arn"], "StageAccountIds": stage_accounts()},
    }
    for stage in STAGES:
        files[f"inference-{stage}"] = target(project, stage, build, bucket, "inference") | model(project, stage)
    for name, parameters in files.items():
        write(output, f"{name}.json", configuration(own | parameters, tagged))


if __name__ == "__main__":
    sys.exit(run("build_cfn", work))
