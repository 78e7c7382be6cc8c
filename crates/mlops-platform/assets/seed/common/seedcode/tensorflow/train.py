"""Trains a small network on CSV files with a header, for a label that is 0 or 1, in SageMaker's TensorFlow image."""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

VERSION = "1"  # TensorFlow Serving, which answers the endpoint, looks for a folder with a number


def arguments() -> argparse.Namespace:
    """Returns what the job was given; SageMaker hands hyperparameters over as options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--label", required=True, help="the column that says what is right")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--units", type=int, default=32)
    parser.add_argument("--train", type=Path, default=os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"))
    parser.add_argument("--model", type=Path, default=os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    parser.add_argument("--model_dir", help="where TensorFlow's image wants checkpoints; not used")
    return parser.parse_args()


def network(features: np.ndarray, units: int) -> tf.keras.Model:
    """Returns a network that scales its input by what it has seen, so that it is asked about rows as they come."""
    scale = tf.keras.layers.Normalization()
    scale.adapt(features)
    layers = [
        tf.keras.Input(shape=(features.shape[1],)),
        scale,
        tf.keras.layers.Dense(units, activation="relu"),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ]
    model = tf.keras.Sequential(layers)
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[tf.keras.metrics.AUC(name="auc")])
    return model


def main() -> None:
    """Trains and stores the model, and the columns in the order in which it wants them."""
    given = arguments()
    tf.keras.utils.set_random_seed(0)
    table = pd.concat([pd.read_csv(file) for file in sorted(given.train.glob("*.csv"))], ignore_index=True)
    table = table.fillna(table.median())
    columns = table.drop(columns=[given.label])
    features = columns.to_numpy(dtype="float32")
    model = network(features, given.units)
    model.fit(features, table[given.label].to_numpy(), epochs=given.epochs, validation_split=0.2, verbose=2)
    model.export(given.model / VERSION)
    (given.model / "features.json").write_text(json.dumps(list(columns.columns)))


if __name__ == "__main__":
    main()
