"""The notebooks: they can be read, hold no output of anybody's run, and use only what is there."""

import ast
import json
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


def test_the_last_cell_removes_what_was_made_by_hand():
    code = "".join(json.loads(NOTEBOOKS[-1].read_text())["cells"][-1]["source"])
    assert "delete_endpoint" in code


@pytest.fixture
def params(tmp_path):
    file = tmp_path / ".project_params.yaml"
    file.write_text(yaml.safe_dump({"project": "churn", "bucket": "churn-1", "repositories": {"training": "a/b"}}))
    return file


def test_the_settings_name_the_images(params):
    found = project.settings("1", params)
    assert found["images"] == {"training": "a/b:1"}
    assert project.data_uri(found) == "s3://churn-1/data/data.csv"


def test_without_studio_it_is_said_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="Studio writes it"):
        project.settings("1", tmp_path / "nothing")


def test_the_configuration_is_checked_before_data_are_there(tmp_path):
    found = project.config()
    found["data_config"]["inputs"]["data"] = "s3://REPLACE-ME/data.csv"
    file = tmp_path / "model_config.yaml"
    file.write_text(yaml.safe_dump(found))
    assert project.config(file) == found
    file.write_text(yaml.safe_dump(found | {"surprise": 1}))
    with pytest.raises(ValueError, match="surprise"):
        project.config(file)
