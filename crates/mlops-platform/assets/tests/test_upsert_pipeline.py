"""Action `sm_pipeline`."""

import json
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError
from conftest import REGION
from projecting import ACCOUNT, ENVIRONMENT, KEY, NAME, OWN, PAIRS, ROLE
from scripting import common, images, upsert_pipeline

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIPELINE = f"{NAME}-pipeline"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/{PIPELINE}"
EXECUTION = ENVIRONMENT["PIPELINE_EXECUTION_ID"]
CONFIG = """\
framework: sklearn
data_config:
  inputs:
    data: s3://bucket/data.csv
train_config:
  instance_type: ml.m5.large
"""
SCHEMA = {
    "type": "object",
    "required": ["framework", "data_config"],
    "additionalProperties": False,
    "properties": {
        "framework": {"enum": ["sklearn"]},
        "data_config": {
            "properties": {
                "inputs": {
                    "required": ["data"],
                    "additionalProperties": False,
                    "properties": {"data": {"pattern": "^s3://", "description": "an S3 URI"}},
                }
            }
        },
        "train_config": {"properties": {"instance_type": {"pattern": "^ml[.]", "description": "an instance type"}}},
    },
}
# Tells what it was given, and what it can see.
DEFINITION = """\
import json, os
from beside import STEPS
print("hello from the project")
def definition_json(config, settings):
    if config["framework"] == "refused":
        raise ValueError("no such thing")
    seen = {"environment": dict(os.environ), "folder": os.getcwd(), "config": config, "settings": settings}
    return json.dumps({"Version": "2020-12-01", "Steps": STEPS, "Metadata": seen})
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    root = tmp_path / "source"
    (root / "pipeline").mkdir(parents=True)
    (root / "pipeline" / "definition.py").write_text(DEFINITION)
    (root / "pipeline" / "beside.py").write_text("STEPS = [{'Name': 'Train'}]\n")
    (root / "pipeline" / "schema.json").write_text(json.dumps(SCHEMA))
    (root / "pipeline" / "requirements.txt").write_text("# nothing\n")
    (root / "model_config.yaml").write_text(CONFIG)
    for name in upsert_pipeline.CONTAINERS:
        (root / "containers" / name).mkdir(parents=True)
        (root / "containers" / name / "Dockerfile").write_text("FROM x\n")
    monkeypatch.setenv("CODEBUILD_SRC_DIR_ProjectRepo", str(root))
    monkeypatch.setenv("COMMIT_ID", COMMIT)
    return root


@pytest.fixture
def sagemaker(world, source, monkeypatch):
    monkeypatch.setattr(upsert_pipeline, "client", world.client)
    monkeypatch.setattr(upsert_pipeline, "python", lambda *_: sys.executable)
    return world.aws("sagemaker")


class Defined:
    """Equals a definition, and keeps it."""

    def __eq__(self, other):
        self.value = json.loads(other)
        return self.value["Steps"] == [{"Name": "Train"}]

    __hash__ = None


def updates(sagemaker, there=True):
    defined = Defined()
    what = {"PipelineName": PIPELINE, "PipelineDefinition": defined, "RoleArn": ROLE}
    if there:
        sagemaker.add_response("update_pipeline", {"PipelineArn": ARN}, what)
        sagemaker.add_response("add_tags", {}, {"ResourceArn": ARN, "Tags": PAIRS})
    else:
        sagemaker.add_client_error("update_pipeline", "ResourceNotFound", expected_params=what)
        more = {"ClientRequestToken": EXECUTION, "Tags": PAIRS}
        sagemaker.add_response("create_pipeline", {"PipelineArn": ARN}, what | more)
    return defined


def starts(sagemaker):
    answer = {"PipelineExecutionArn": f"{ARN}/execution/abc"}
    expected = {"PipelineName": PIPELINE, "ClientRequestToken": EXECUTION}
    sagemaker.add_response("start_pipeline_execution", answer, expected)


@pytest.mark.parametrize("there", [True, False])
def test_makes_or_updates_and_starts(sagemaker, capfd, there):
    updates(sagemaker, there)
    starts(sagemaker)
    upsert_pipeline.work()
    said = capfd.readouterr()
    made = "updated" if there else "made"
    assert said.out == (
        f"the pipeline has 1 steps\npipeline {PIPELINE} {made}\n"
        f"started {ARN}/execution/abc: watch it in Studio under Pipelines\n"
    )
    assert said.err == "hello from the project\n"


def test_project_s_code_is_told_everything(sagemaker, source):
    defined = updates(sagemaker)
    starts(sagemaker)
    upsert_pipeline.work()
    told = defined.value["Metadata"]
    assert told["config"]["train_config"] == {"instance_type": "ml.m5.large"}
    assert told["folder"] == str(source)
    tags = {name: images.tag(source, name, COMMIT) for name in upsert_pipeline.CONTAINERS}
    assert told["settings"] == {
        "project": NAME,
        "pipeline_name": PIPELINE,
        "region": REGION,
        "account": ACCOUNT,
        "role_arn": ROLE,
        "bucket": OWN["bucket"],
        "kms_key_arn": KEY,
        "subnets": ["subnet-1", "subnet-2"],
        "security_group_id": "sg-1",
        "images": {name: f"{OWN[f'ecr/{name}']}:{tag}" for name, tag in tags.items()},
        "model_package_group": f"{NAME}-models",
        "experiment": NAME,
        "problem_type": "supervised",
        "inference_type": "real-time",
        "commit": COMMIT,
        "tags": PAIRS,
    }


def test_project_s_code_has_none_of_this_build_s_rights(sagemaker, monkeypatch):
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/secret")
    defined = updates(sagemaker)
    starts(sagemaker)
    upsert_pipeline.work()
    seen = defined.value["Metadata"]["environment"]
    assert {name for name in seen if name.startswith("AWS_")} == {"AWS_REGION", "AWS_DEFAULT_REGION"}


def fails():
    with pytest.raises(common.WorkError) as raised:
        upsert_pipeline.work()
    return str(raised.value)


def test_every_mistake_is_named_with_its_line(sagemaker, source):
    (source / "model_config.yaml").write_text(
        "framework: keras\nother: 1\ndata_config:\n  inputs:\n    data: http://x\n    more: 1\n"
        "train_config:\n  instance_type: large\n"
    )
    assert fails().splitlines() == [
        "5 mistakes:",
        '  model_config.yaml:1: framework: given "keras", allowed: sklearn',
        "  model_config.yaml:2: other: unknown key, allowed: framework, data_config, train_config",
        '  model_config.yaml:5: data_config.inputs.data: given "http://x", allowed: an S3 URI',
        "  model_config.yaml:6: data_config.inputs.more: unknown key, allowed: data",
        '  model_config.yaml:8: train_config.instance_type: given "large", allowed: an instance type',
    ]


@pytest.mark.parametrize("text", [None, "{"])
def test_schema_cannot_be_read(sagemaker, source, text):
    (source / "pipeline/schema.json").unlink()
    if text:
        (source / "pipeline/schema.json").write_text(text)
    assert fails().startswith("pipeline/schema.json of the project's repository cannot be read: ")


def test_stops_without_data(world, sagemaker, source):
    (source / "model_config.yaml").write_text(CONFIG.replace("s3://bucket", "s3://REPLACE-ME"))
    reasons = world.stops()
    upsert_pipeline.work()
    assert reasons[0].startswith("model_config.yaml names no data yet: ")


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("raise SystemExit(7)", "ends with 7, see above"),
        ("import nothing_like_that", "ends with 1, see above"),
        (DEFINITION.replace('"refused"', '"sklearn"'), "refuses this configuration, see above: correct it and merge"),
        ("def definition_json(config, settings): return 'text'", ": definition_json returns no pipeline"),
        ("def definition_json(config, settings): return '[]'", ": definition_json returns no pipeline"),
        ("def definition_json(config, settings): return '{}'", ": definition_json returns no pipeline"),
    ],
)
def test_project_s_code_fails(sagemaker, source, definition, said):
    (source / "pipeline/definition.py").write_text(definition)
    assert said in fails()


def test_sagemaker_refuses_the_pipeline(sagemaker):
    sagemaker.add_client_error("update_pipeline", "ValidationException", "bad definition")
    with pytest.raises(ClientError, match="bad definition"):
        upsert_pipeline.work()


def test_python_of_the_project_is_one_of_its_own(source, monkeypatch, tmp_path):
    """A real one, of packages that are none."""
    ran = []

    def run(words, **more):
        ran.append([str(word) for word in words])
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(upsert_pipeline.venv, "create", lambda _, **more: ran.append(more))
    monkeypatch.setattr(common.subprocess, "run", run)
    made = upsert_pipeline.python(source, tmp_path / "venv")
    assert made == tmp_path / "venv/bin/python"
    options, install = ran
    assert options == {"with_pip": True, "symlinks": True}
    assert install[:4] == [str(made), "-m", "pip", "install"]
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= {*install}
    assert install[-1] == str(source / "pipeline/requirements.txt")
