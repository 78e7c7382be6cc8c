"""What the notebooks need to know of the project: Studio writes it into .project_params.yaml when a space starts.

The platform's pipeline does not use this module; it hands its own settings to pipeline/definition.py.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent


def settings(image_tag: str, file: Path = ROOT / ".project_params.yaml") -> dict[str, Any]:
    """Returns the settings that pipeline/jobs.py takes, for images with this tag."""
    if not file.exists():
        raise FileNotFoundError(f"{file} is not there: Studio writes it when your JupyterLab space starts")
    found = yaml.safe_load(file.read_text())
    images = {name: f"{uri}:{image_tag}" for name, uri in found["repositories"].items()}
    return found | {"images": images, "experiment": found["project"]}


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
