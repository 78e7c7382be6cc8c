"""Makes SageMaker's pipeline what the project's code says, and starts it.

Invariant: the project's code is run without this build's rights, and only with a configuration that fits its schema.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from common import WorkError, client, command, run, settings
from images import tag
from json_schema import Schema
from model_config import FILE, is_placeholder, line_of, load, shown
from project import CONTAINERS, gone, of_platform, of_project, pairs, stop, tags

SCHEMA, REQUIREMENTS = "pipeline/schema.json", "pipeline/requirements.txt"
PLATFORM = ("subnet-ids", "compute-security-group-id")
PROJECT = ("role-arn", "bucket", "kms-key-arn", "problem-type", "inference-type")
IMAGES = tuple(f"ecr/{name}" for name in CONTAINERS)
REFUSED = 3  # the exit code by which the project's code says that it cannot build this
# Runs in the project's own Python. What the code prints goes to the log, what it returns to us.
RUNNER = """
import contextlib, json, os, sys
sys.path[:0] = [os.getcwd(), os.path.join(os.getcwd(), "pipeline")]
given = json.load(sys.stdin)
with contextlib.redirect_stdout(sys.stderr):
    from definition import definition_json
    try:
        text = definition_json(given["config"], given["settings"])
    except ValueError as error:
        print(f"definition.py: {error}", file=sys.stderr)
        sys.exit(3)
print(text)
"""


def configured(root: Path) -> dict[str, Any] | None:
    """Returns the configuration; none while it holds the placeholder. Raises one error that names all mistakes."""
    config, lines = load(root)
    if is_placeholder(config):
        return None
    try:
        schema = json.loads((root / SCHEMA).read_text())
    except (OSError, ValueError) as error:
        raise WorkError(f"{SCHEMA} of the project's repository cannot be read: {error}: restore it") from error
    found = {(line_of(lines, path), shown(path), fault) for path, fault in Schema(schema).faults(config, schema)}
    if found:
        raise WorkError(
            "\n  ".join(
                [f"{len(found)} mistakes:", *(f"{FILE}:{line}: {path}: {fault}" for line, path, fault in sorted(found))]
            )
        )
    return config


def environment(region: str) -> dict[str, str]:
    """Returns what the project's code is run with: not the rights of this build."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "TMPDIR") if name in os.environ}
    return kept | {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "PYTHONDONTWRITEBYTECODE": "1"}


def python(root: Path, folder: Path) -> Path:
    """Makes a Python with what the project's code needs, apart from our own."""
    venv.create(folder, with_pip=True, symlinks=True)
    made = folder / "bin" / "python"
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "--only-binary", ":all:")
    command(made, "-m", "pip", "install", *options, "--requirement", root / REQUIREMENTS)
    return made


def definition(root: Path, made: Path, config: dict[str, Any], given: dict[str, Any]) -> str:
    """Returns the pipeline that the project's code defines."""
    handed = json.dumps({"config": config, "settings": given}, default=str)
    done = subprocess.run(
        [made, "-c", RUNNER],
        input=handed,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=root,
        env=environment(given["region"]),
    )
    if done.returncode:
        why = "refuses this configuration" if done.returncode == REFUSED else f"ends with {done.returncode}"
        raise WorkError(f"pipeline/definition.py {why}, see above: correct it and merge to main")
    try:
        steps = json.loads(done.stdout)["Steps"]
    except (ValueError, KeyError, TypeError) as error:
        raise WorkError("pipeline/definition.py: definition_json returns no pipeline: correct it") from error
    print(f"the pipeline has {len(steps)} steps")
    return done.stdout.strip()


def given(project: str, root: Path, commit: str, tagged: dict[str, str]) -> dict[str, Any]:
    """Returns what the project's code is told."""
    platform, own = of_platform(*PLATFORM), of_project(project, *PROJECT, *IMAGES)
    return {
        "project": project,
        "pipeline_name": f"{project}-pipeline",
        "region": settings("AWS_REGION")[0],
        "account": own["role-arn"].split(":")[4],
        "role_arn": own["role-arn"],
        "bucket": own["bucket"],
        "kms_key_arn": own["kms-key-arn"],
        "subnets": platform["subnet-ids"].split(","),
        "security_group_id": platform["compute-security-group-id"],
        "images": {name: f"{own[f'ecr/{name}']}:{tag(root, name, commit)}" for name in CONTAINERS},
        "model_package_group": f"{project}-models",
        "experiment": project,
        "problem_type": own["problem-type"],
        "inference_type": own["inference-type"],
        "commit": commit,
        "tags": pairs(tagged),
    }


def upsert(sagemaker: Any, name: str, text: str, role: str, tagged: list[dict[str, str]]) -> None:
    """Updates the pipeline, or makes it."""
    what = {"PipelineName": name, "PipelineDefinition": text, "RoleArn": role}
    try:
        arn = sagemaker.update_pipeline(**what)["PipelineArn"]
    except ClientError as error:
        if not gone(error):
            raise
        (execution,) = settings("PIPELINE_EXECUTION_ID")
        sagemaker.create_pipeline(**what, ClientRequestToken=execution, Tags=tagged)
        print(f"pipeline {name} made")
        return
    sagemaker.add_tags(ResourceArn=arn, Tags=tagged)
    print(f"pipeline {name} updated")


def work() -> None:
    """Updates and starts the pipeline, or stops our own execution if there is no data yet to work on."""
    project, commit, source, execution = settings(
        "PROJECT", "COMMIT_ID", "CODEBUILD_SRC_DIR_ProjectRepo", "PIPELINE_EXECUTION_ID"
    )
    root = Path(source)
    config = configured(root)
    if config is None:
        stop("model_config.yaml names no data yet: set data_config.inputs.data and merge to main")
        return
    told = given(project, root, commit, tags(project))
    with tempfile.TemporaryDirectory() as folder:
        text = definition(root, python(root, Path(folder) / "venv"), config, told)
    sagemaker, name = client("sagemaker"), told["pipeline_name"]
    upsert(sagemaker, name, text, told["role_arn"], told["tags"])
    # A retry of this action starts nothing again.
    started = sagemaker.start_pipeline_execution(PipelineName=name, ClientRequestToken=execution)
    print(f"started {started['PipelineExecutionArn']}: watch it in Studio under Pipelines")


if __name__ == "__main__":
    sys.exit(run("sm_pipeline", work))
