"""What model_config.yaml says, for the code that runs in the containers.

The file is checked against pipeline/schema.json before anything is built, so nothing is checked here again.
"""

from pathlib import Path
from typing import Any

import yaml

# Beside src/, in the repository as in the images.
FILE = Path(__file__).resolve().parent.parent / "model_config.yaml"


def load(file: Path = FILE) -> dict[str, Any]:
    """Returns the configuration."""
    return yaml.safe_load(file.read_text())


def label(config: dict[str, Any]) -> str | None:
    """Returns the column that says what is right; unsupervised data have none."""
    return config["data_config"].get("label")


def columns(config: dict[str, Any]) -> list[str]:
    """Returns all columns of the data, in their order."""
    return config["data_config"]["headers"]


def features(config: dict[str, Any]) -> list[str]:
    """Returns the columns that the model is given, in the order in which it is given them."""
    return [name for name in columns(config) if name != label(config)]
