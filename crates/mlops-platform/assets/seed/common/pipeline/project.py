"""What the notebooks need to know of the project: Studio writes it into .project_params.yaml when a space starts.

The platform's pipeline does not use this module; it hands its own settings to pipeline/definition.py.
"""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent


def settings(file: Path = ROOT / ".project_params.yaml") -> dict[str, Any]:
    """Returns the settings that pipeline/jobs.py takes, but for the images."""
    if not file.exists():
        raise FileNotFoundError(f"{file} is not there: Studio writes it when your JupyterLab space starts")
    found = yaml.safe_load(file.read_text())
    return found | {"experiment": found["project"]}


def images(settings: dict[str, Any], sagemaker: Any) -> dict[str, str]:
    """Returns the images that the project's pipeline runs in: those of the last merge to main."""
    pipeline = f"{settings['project']}-pipeline"
    try:
        text = sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineDefinition"]
    except sagemaker.exceptions.ResourceNotFound as error:
        raise ValueError(
            f"there is no {pipeline} yet, so there are no images: merge to main, and wait for it"
        ) from error
    found = {name: re.search(f'{re.escape(uri)}:[^"]+', text) for name, uri in settings["repositories"].items()}
    return {name: match[0] for name, match in found.items() if match}


def config(file: Path = ROOT / "model_config.yaml") -> dict[str, Any]:
    """Returns model_config.yaml; raises and names all that is wrong with it but the place of the data."""
    found = yaml.safe_load(file.read_text())
    schema = json.loads((ROOT / "pipeline" / "schema.json").read_text())
    errors = jsonschema.Draft202012Validator(schema).iter_errors(found)
    wrong = [f"{error.json_path}: {error.message}" for error in errors if list(error.path)[-1:] != ["data"]]
    if wrong:
        raise ValueError("model_config.yaml: " + "; ".join(wrong))
    return found


def data_uri(settings: dict[str, Any]) -> str:
    """Returns where notebook 0 puts the data, and where model_config.yaml should say that they are."""
    return f"s3://{settings['bucket']}/data/data.csv"
