"""The model: how it is made, what it answers, how it is stored.

It is given rows as they come; filling gaps and scaling are part of it. Whatever the problem, it answers each row with
two numbers: `prediction` (supervised: the class, 0 or 1; unsupervised: 1 for an anomaly) and `score` (supervised: the
probability of class 1; unsupervised: how unlike the others the row is, from 0 to 1).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FILE = "model.joblib"
SEED = 0  # the same data give the same model

# What a job may set; SageMaker hands all of them over as text.
HYPERPARAMETERS = {
    "supervised": {"n_estimators": int, "max_depth": int, "min_samples_leaf": int},
    "unsupervised": {"n_estimators": int, "contamination": float},
}


@dataclass
class Model:
    """A trained model and what must be known to ask it."""

    problem_type: str
    features: list[str]
    pipeline: Pipeline

    def answer(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Returns `prediction` and `score` of each row."""
        rows = rows[self.features]
        if self.problem_type == "supervised":
            score = self.pipeline.predict_proba(rows)[:, 1]
            prediction = (score >= 0.5).astype(int)
        else:
            score = -self.pipeline.score_samples(rows)
            prediction = (self.pipeline.predict(rows) == -1).astype(int)
        return pd.DataFrame({"prediction": prediction, "score": np.round(score, 6)}, index=rows.index)

    def save(self, directory: Path) -> None:
        """Stores the model in a directory."""
        directory.mkdir(parents=True, exist_ok=True)
        joblib.dump(self, directory / FILE)


def parse_hyperparameters(problem_type: str, texts: dict[str, Any]) -> dict[str, int | float]:
    """Returns the hyperparameters as numbers; raises if one is unknown or is not a number."""
    known = HYPERPARAMETERS[problem_type]
    unknown = sorted(set(texts) - set(known))
    if unknown:
        raise ValueError(f"hyperparameters {unknown} are unknown, there are: {sorted(known)}")
    return {name: known[name](text) for name, text in texts.items()}


def train(problem_type: str, rows: pd.DataFrame, label: str | None, hyperparameters: dict[str, int | float]) -> Model:
    """Returns a model that has learned from these rows."""
    if problem_type == "supervised":
        last = RandomForestClassifier(random_state=SEED, class_weight="balanced", **hyperparameters)
    else:
        last = IsolationForest(random_state=SEED, **hyperparameters)
    features = [name for name in rows.columns if name != label]
    pipeline = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler(), last)
    pipeline.fit(rows[features], None if label is None else rows[label])
    return Model(problem_type, features, pipeline)


def load(directory: Path) -> Model:
    """Returns the model of a directory. Load only what your own jobs have stored: reading it can run code."""
    return joblib.load(directory / FILE)
