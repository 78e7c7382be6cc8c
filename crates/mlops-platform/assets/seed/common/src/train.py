"""Training: learns from the rows that preprocessing has chosen.

Runs as a training job: reads /opt/ml/input/data/train and the hyperparameters, writes the model to /opt/ml/model.
What goes wrong is written to /opt/ml/output/failure, from where SageMaker shows it as the reason of the job's
failure.
"""

import json
import sys
from pathlib import Path
from typing import Any

import config as configuration
import model
import tables

FAILURE_LENGTH = 1024  # SageMaker shows no more


def fit(root: Path, config: dict[str, Any]) -> None:
    """Trains the model and stores it."""
    file = root / "input" / "config" / "hyperparameters.json"
    texts = json.loads(file.read_text()) if file.exists() else {}
    hyperparameters = model.parse_hyperparameters(config["problem_type"], texts)
    rows = tables.read(root / "input" / "data" / "train", configuration.columns(config))
    trained = model.train(config["problem_type"], rows, configuration.label(config), hyperparameters)
    trained.save(root / "model")
    print(f"trained with {len(rows)} rows, {len(trained.features)} features, {hyperparameters}")


def main(root: Path = Path("/opt/ml"), config: dict[str, Any] | None = None) -> int:
    """Runs the job and returns its exit status."""
    try:
        fit(root, config or configuration.load())
    except Exception as error:
        failure = root / "output" / "failure"
        failure.parent.mkdir(parents=True, exist_ok=True)
        failure.write_text(f"{type(error).__name__}: {error}"[:FAILURE_LENGTH])
        print(f"training failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
