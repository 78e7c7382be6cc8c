"""Evaluation: how good the model is on rows that it has not seen, and what its monitors compare with later.

Runs as a processing job below /opt/ml/processing, the project's name in PROJECT. Reads model/, train/ and test/; writes

- evaluation/evaluation.json, whose metric decides whether the model is registered,
- rows/: the rows that the baselines are computed from, a folder for each,
- analysis/: how Clarify is to compute the bias and explainability baselines; of the data it holds a row of medians.
"""

import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn import metrics

import analysis
import config as configuration
import model
import tables

ROWS_TO_EXPLAIN = 200  # Clarify asks the model many times about each
GROUPS = {"supervised": "binary_classification_metrics", "unsupervised": "anomaly_detection_metrics"}


def measure_classes(truth: pd.Series, answers: pd.DataFrame) -> dict[str, float]:
    """Returns how good a classifier is."""
    prediction = answers["prediction"]
    return {
        "accuracy": metrics.accuracy_score(truth, prediction),
        "precision": metrics.precision_score(truth, prediction, zero_division=0),
        "recall": metrics.recall_score(truth, prediction, zero_division=0),
        "f1": metrics.f1_score(truth, prediction, zero_division=0),
        "auc": metrics.roc_auc_score(truth, answers["score"]),
    }


def measure_anomalies(trained: model.Model, rows: pd.DataFrame, answers: pd.DataFrame) -> dict[str, float]:
    """Returns how clearly the rows that were called anomalies differ from the others. Nobody knows what is right.

    The silhouette is between -1 and 1; it is -1 here if all rows were called the same, for then nothing was told apart.
    """
    prediction = answers["prediction"]
    prepared = trained.pipeline[:-1].transform(rows[trained.features])
    return {
        "silhouette": metrics.silhouette_score(prepared, prediction) if prediction.nunique() == 2 else -1.0,
        "anomaly_share": prediction.mean(),
        "score_mean": answers["score"].mean(),
        "score_maximum": answers["score"].max(),
    }


def write_json(content: Any, file: Path) -> None:
    """Writes a JSON file and the directory that it is in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2))


def write_rows(root: Path, config: dict[str, Any], train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Writes the rows that the baselines are computed from. `train` and `test` have the model's answers in front.

    Model Monitor puts what an endpoint has answered before what it was asked; of a batch it sees only the latter.
    Clarify wants no headers.
    """
    features, label = configuration.features(config), configuration.label(config)
    answered = ["prediction", "score"] if config["inference_type"] == "real-time" else []
    tables.write(train[answered + features], root / "data-quality" / "rows.csv")
    tables.write(test[features].head(ROWS_TO_EXPLAIN), root / "explainability" / "rows.csv", header=False)
    if label is not None:
        tables.write(test[["prediction", "score", label]], root / "model-quality" / "rows.csv")
    if "bias_config" in config:
        tables.write(test[configuration.columns(config)].dropna(), root / "bias" / "rows.csv", header=False)


def write_analysis(root: Path, config: dict[str, Any], train: pd.DataFrame, project: str) -> None:
    """Writes Clarify's analysis files."""
    medians = train[configuration.features(config)].median().fillna(0)
    middle = [round(float(value), 6) for value in medians]
    write_json(analysis.explainability(config, middle, project), root / "explainability" / analysis.FILE)
    write_json(analysis.explainability_monitor(config, middle), root / "explainability-monitor" / analysis.FILE)
    if "bias_config" in config:
        write_json(analysis.bias(config, project), root / "bias" / analysis.FILE)
        write_json(analysis.bias_monitor(config), root / "bias-monitor" / analysis.FILE)


def main(root: Path = Path("/opt/ml/processing"), config: dict[str, Any] | None = None) -> None:
    """Runs the job."""
    config = config or configuration.load()
    with tarfile.open(root / "model" / "model.tar.gz") as archive:
        archive.extractall(root / "model", filter="data")
    trained = model.load(root / "model")
    columns, label = configuration.columns(config), configuration.label(config)
    train, test = (tables.read(root / name, columns) for name in ("train", "test"))
    if label is not None:
        train, test = (table.astype({label: int}) for table in (train, test))
    answers = trained.answer(test)
    measured = measure_anomalies(trained, test, answers) if label is None else measure_classes(test[label], answers)
    values = {name: {"value": round(float(value), 6)} for name, value in measured.items()}
    write_json({GROUPS[config["problem_type"]]: values}, root / "evaluation" / "evaluation.json")
    print(json.dumps(values))
    write_rows(root / "rows", config, trained.answer(train).join(train), answers.join(test))
    write_analysis(root / "analysis", config, train, os.environ["PROJECT"])


if __name__ == "__main__":
    main()
