"""Preprocessing: checks the data, cleans them and splits them into rows to train with and rows to test with.

Runs as a processing job: reads /opt/ml/processing/input, writes train/, test/ and transform/ beside it. Scaling and
filling gaps are part of the model itself (src/model.py), so that an endpoint can be asked about rows as they come.
"""

from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.model_selection import train_test_split

import config as configuration
import tables

SEED = 0  # the same data are split in the same way


def clean(table: pd.DataFrame, label: str | None) -> pd.DataFrame:
    """Returns the rows that can be learned from: each once, and with a label if there is one."""
    table = table.drop_duplicates(ignore_index=True)
    if label is None:
        return table
    table = table.dropna(subset=[label])
    values = sorted(float(value) for value in table[label].unique())
    if values != [0, 1]:
        raise ValueError(f"column {label} holds {values[:10]}, it must hold 0 and 1 and nothing else")
    return table.astype({label: int})


def split(table: pd.DataFrame, label: str | None, test_share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns the rows to train with and the rows to test with; both have the same share of each label."""
    stratify = None if label is None else table[label]
    train, test = train_test_split(table, test_size=test_share, random_state=SEED, stratify=stratify)
    return train, test


def main(root: Path = Path("/opt/ml/processing"), config: dict[str, Any] | None = None) -> None:
    """Runs the job."""
    config = config or configuration.load()
    label = configuration.label(config)
    table = clean(tables.read(root / "input", configuration.columns(config)), label)
    train, test = split(table, label, config["preprocess_config"]["test_share"])
    tables.write(train, root / "train" / "train.csv")
    tables.write(test, root / "test" / "test.csv")
    # What batch transform is tried with: rows as the model is given them, without header and label.
    tables.write(test[configuration.features(config)], root / "transform" / "rows.csv", header=False)
    print(f"{len(table)} rows: {len(train)} to train with, {len(test)} to test with")


if __name__ == "__main__":
    main()
