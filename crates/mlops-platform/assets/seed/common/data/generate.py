"""Makes a small data set to begin with: the same rows for the same seed.

Supervised: customers, and whether they left. Unsupervised: readings of a machine, of which a few are out of the
ordinary.

    python data/generate.py data/data.csv
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

ROWS = 1000
CONFIG = Path(__file__).resolve().parent.parent / "model_config.yaml"


def customers(rows: int, chance: np.random.Generator) -> pd.DataFrame:
    """Returns customers: who is new, pays much or calls for help is more likely to leave."""
    table = pd.DataFrame(
        {
            "senior": chance.integers(0, 2, rows),
            "tenure_months": chance.integers(1, 73, rows),
            "monthly_charge": chance.normal(60, 15, rows).clip(10).round(2),
            "data_usage_gb": chance.gamma(4, 5, rows).round(2),
            "support_calls": chance.poisson(1.5, rows),
        }
    )
    pull = 0.12 * (table["monthly_charge"] - 60) - 0.12 * (table["tenure_months"] - 30) + 1.3 * table["support_calls"]
    table["churned"] = (chance.random(rows) < 1 / (1 + np.exp(2.5 - pull))).astype(int)
    # As in real data, some numbers are not known.
    table["data_usage_gb"] = table["data_usage_gb"].mask(chance.random(rows) < 0.02)
    return table


def readings(rows: int, chance: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Returns readings of a machine, and which of them are out of the ordinary: one in twenty-five."""
    load = chance.random(rows)
    table = pd.DataFrame(
        {
            "rotation_rpm": 1500 + 300 * load + chance.normal(0, 20, rows),
            "temperature_c": 55 + 15 * load + chance.normal(0, 1.5, rows),
            "vibration_mm_s": 1.2 + 0.6 * load + chance.normal(0, 0.1, rows),
            "pressure_bar": 6 + chance.normal(0, 0.15, rows),
            "current_a": 10 + 5 * load + chance.normal(0, 0.4, rows),
        }
    )
    odd = chance.random(rows) < 0.04
    table.loc[odd, "vibration_mm_s"] += chance.uniform(2, 4, odd.sum())
    table.loc[odd, "temperature_c"] += chance.uniform(15, 30, odd.sum())
    table.loc[odd, "pressure_bar"] -= chance.uniform(1, 2, odd.sum())
    return table.round(3), odd


def generate(problem_type: str, rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """Returns the data set of a problem type."""
    chance = np.random.default_rng(seed)
    return customers(rows, chance) if problem_type == "supervised" else readings(rows, chance)[0]


def main(arguments: list[str], config: dict[str, Any] | None = None) -> None:
    """Writes a data set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    config = config or yaml.safe_load(CONFIG.read_text())
    chosen.file.parent.mkdir(parents=True, exist_ok=True)
    generate(config["problem_type"], chosen.rows, chosen.seed).to_csv(chosen.file, index=False)


if __name__ == "__main__":
    main(sys.argv[1:])
