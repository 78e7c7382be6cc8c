"""Trains boosted trees on CSV files with a header, for a label that is 0 or 1, in SageMaker's XGBoost image."""

import argparse
import json
import os
from pathlib import Path

import pandas as pd
import xgboost


def arguments() -> argparse.Namespace:
    """Returns what the job was given; SageMaker hands hyperparameters over as options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--label", required=True, help="the column that says what is right")
    parser.add_argument("--num_round", type=int, default=100)
    parser.add_argument("--max_depth", type=int, default=5)
    parser.add_argument("--eta", type=float, default=0.1)
    parser.add_argument("--train", type=Path, default=os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"))
    parser.add_argument("--model", type=Path, default=os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    return parser.parse_args()


def main() -> None:
    """Trains and stores the model, and the columns in the order in which it wants them."""
    given = arguments()
    table = pd.concat([pd.read_csv(file) for file in sorted(given.train.glob("*.csv"))], ignore_index=True)
    features = table.drop(columns=[given.label])
    rows = xgboost.DMatrix(features, label=table[given.label])
    chosen = {"objective": "binary:logistic", "eval_metric": "auc", "max_depth": given.max_depth, "eta": given.eta}
    booster = xgboost.train(chosen, rows, num_boost_round=given.num_round, evals=[(rows, "train")], verbose_eval=20)
    booster.save_model(given.model / "model.json")
    (given.model / "features.json").write_text(json.dumps(list(features.columns)))


if __name__ == "__main__":
    main()
