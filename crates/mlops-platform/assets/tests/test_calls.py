"""Every operation of AWS that a script or handler calls has its line in the table by which roles are tested."""

import re

import boto3
import pytest
from conftest import LAMBDA, REGION
from scripting import ASSETS, SCRIPTS

TABLE = ASSETS.parent / "tests" / "data" / "calls.txt"
SERVICES = (
    "cloudformation",
    "codeartifact",
    "codepipeline",
    "ecr",
    "s3",
    "sagemaker",
    "scheduler",
    "servicecatalog",
    "sns",
    "ssm",
)
BUILD = ("build_cfn", "build_endpoint_params", "build_lcc", "build_model_group_params", "build_monitor_params")
CALLERS = {
    "BuildRole": [SCRIPTS / f"{name}.py" for name in ("project", "associate_user", "create_sm_experiment", *BUILD)],
    "CodeRole": [SCRIPTS / f"{name}.py" for name in ("push_image", "upsert_pipeline")],
    "HelperRole": [LAMBDA / "deletion_guard.py"],
    "MonitorFunctionRole": [LAMBDA / "model_monitor.py"],
    "ProjectCleanupFunctionRole": [LAMBDA / "project_cleanup.py"],
    "ProjectReadyFunctionRole": [LAMBDA / "project_ready_notify.py"],
    "StudioCleanupFunctionRole": [LAMBDA / "studio_cleanup.py"],
    "TagFunctionRole": [LAMBDA / "sm_tag.py"],
}


@pytest.fixture(scope="module")
def operations():
    """The names of operations, as Python has them, with their own."""
    clients = [boto3.client(name, region_name=REGION) for name in SERVICES]
    return {python: name for each in clients for python, name in each.meta.method_to_api_mapping.items()}


@pytest.mark.parametrize("role", CALLERS)
def test_calls_are_in_the_table(role, operations):
    lines = [line.removeprefix("not ").split() for line in TABLE.read_text().splitlines()]
    listed = {words[1].partition(":")[2] for words in lines if words[:1] == [role]}
    words = {word for file in CALLERS[role] for word in re.findall(r"[.\"](\w+)[(\",]", file.read_text())}
    called = {operations[word] for word in words & operations.keys() - {"search"}}  # that of `re`
    assert called
    assert sorted(called - listed) == []
