"""Reads CSV files and refuses what the model could not make sense of, saying where it is."""

from pathlib import Path

import pandas as pd


def read(directory: Path, columns: list[str]) -> pd.DataFrame:
    """Returns the rows of all CSV files below a directory, as numbers; an empty field is a missing number."""
    files = sorted(directory.rglob("*.csv"))
    if not files:
        raise ValueError(f"{directory} holds no file that ends in .csv: check data_config.inputs.data")
    return pd.concat([_read_file(file, columns) for file in files], ignore_index=True)


def _read_file(file: Path, columns: list[str]) -> pd.DataFrame:
    texts = pd.read_csv(file, dtype=str, skipinitialspace=True)
    missing = [name for name in columns if name not in texts.columns]
    unknown = [str(name) for name in texts.columns if name not in columns]
    if missing or unknown:
        raise ValueError(
            f"{file.name}: columns are missing: {missing}; columns are not in data_config.headers: {unknown}"
        )
    return pd.DataFrame({name: _numbers(texts[name], file.name) for name in columns})


def _numbers(texts: pd.Series, file: str) -> pd.Series:
    numbers = pd.to_numeric(texts, errors="coerce").astype(float)
    refused = texts[numbers.isna() & texts.notna()]
    if not refused.empty:
        line = refused.index[0] + 2  # the header is line 1
        raise ValueError(
            f"{file}, line {line}, column {texts.name}: {refused.iloc[0]!r} is not a number: encode such columns in"
            " src/preprocess.py, and the rows that the model is asked about in the same way"
        )
    return numbers


def write(table: pd.DataFrame, file: Path, *, header: bool = True) -> None:
    """Writes a CSV file and the directory that it is in.

    Whole numbers are written as such: Model Monitor and Clarify tell 1 from 1.0.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    table.convert_dtypes().to_csv(file, index=False, header=header)
