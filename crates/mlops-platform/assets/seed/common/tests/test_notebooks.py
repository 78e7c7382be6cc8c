"""The notebooks: they can be read, hold no output of anybody's run, and use only what is there."""

import ast
import json
import sys
from pathlib import Path

import pytest
import yaml

from pipeline import project

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_hold_code_that_can_be_read_and_nothing_else(file):
    notebook = json.loads(file.read_text())
    assert notebook["nbformat"] == 4
    for cell in notebook["cells"]:
        assert "".join(cell["source"]).strip()
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_there_are_four():
    assert [file.stem for file in NOTEBOOKS] == ["0_upload_data", "1_preprocess", "2_training", "3_monitoring"]


def code_of(file):
    """Returns the texts of the cells with code."""
    cells = json.loads(file.read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_what_runs_on_this_machine_runs(tmp_path, monkeypatch):
    """All cells but those that talk to AWS, in the order of the notebooks, in a folder beside data/."""
    settings = {"project": "churn", "bucket": "churn-1", "region": "eu-south-1", "kms_key_arn": "key"}
    monkeypatch.setattr(project, "settings", lambda *_, **__: settings)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    for file in NOTEBOOKS[:3]:
        names = {}
        for cell in code_of(file):
            if "boto3" not in cell and "jobs." not in cell and "sagemaker." not in cell:
                exec(compile(cell, file.name, "exec"), names)
    assert (tmp_path / "data" / "data.csv").exists()
    assert names["measured"]


class Endpoints:
    """Answers for SageMaker: three endpoints of the project, one of another whose name only looks like it."""

    def __init__(self):
        self.removed = []

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        names = ["churn-prod-endpoint", "churn-staging-endpoint", "churn-try", "no-churn-try"]
        return [{"Endpoints": [{"EndpointName": name} for name in names]}]

    def describe_endpoint(self, EndpointName):  # noqa: N803
        return {"EndpointConfigName": f"{EndpointName}-config"}

    def delete_endpoint(self, EndpointName):  # noqa: N803
        self.removed.append(EndpointName)

    def delete_endpoint_config(self, EndpointConfigName):  # noqa: N803
        self.removed.append(EndpointConfigName)


@pytest.mark.parametrize(("answer", "removed"), [("y", ["churn-try", "churn-try-config"]), ("", [])])
def test_the_last_cell_removes_what_was_made_by_hand(answer, removed):
    sagemaker = Endpoints()
    names = {"settings": {"project": "churn"}, "sagemaker": sagemaker, "input": lambda _: answer}
    exec(code_of(NOTEBOOKS[-1])[-1], names)
    assert sagemaker.removed == removed


@pytest.fixture
def params(tmp_path):
    file = tmp_path / ".project_params.yaml"
    file.write_text(
        yaml.safe_dump(
            {"project": "churn", "bucket": "churn-1", "repositories": {"training": "a/b", "transform": "a/c"}}
        )
    )
    return file


class Pipelines:
    """Answers for SageMaker: a pipeline, or that there is none."""

    class exceptions:  # noqa: N801
        """What a client raises."""

        ResourceNotFound = KeyError

    def __init__(self, **pipelines):
        self.pipelines = pipelines

    def describe_pipeline(self, PipelineName):  # noqa: N803
        return {"PipelineDefinition": self.pipelines[PipelineName]}


def test_the_images_are_those_of_the_pipeline(params):
    found = project.settings(params)
    assert project.data_uri(found) == "s3://churn-1/data/data.csv"
    sagemaker = Pipelines(**{"churn-pipeline": '{"Image": "a/b:0a1b-2c3d", "Other": "a/bc:1"}'})
    assert project.images(found, sagemaker) == {"training": "a/b:0a1b-2c3d"}
    with pytest.raises(ValueError, match="there is no churn-pipeline yet"):
        project.images(found, Pipelines())


def test_without_studio_it_is_said_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="Studio writes it"):
        project.settings(tmp_path / "nothing")


def test_the_configuration_is_checked_before_data_are_there(tmp_path):
    found = project.config()
    found["data_config"]["inputs"]["data"] = "s3://REPLACE-ME/data.csv"
    file = tmp_path / "model_config.yaml"
    file.write_text(yaml.safe_dump(found))
    assert project.config(file) == found
    file.write_text(yaml.safe_dump(found | {"surprise": 1}))
    with pytest.raises(ValueError, match="surprise"):
        project.config(file)
