"""From the data to the evaluated model: on generated rows, in the order and the folders of the jobs."""

import json
import runpy
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import ROWS, write_hyperparameters

import config as configuration
import evaluate
import generate
import model
import preprocess
import tables
import train


def measured(run):
    (group,) = json.loads((run / "processing" / "evaluation" / "evaluation.json").read_text()).items()
    return group[0], {name: entry["value"] for name, entry in group[1].items()}


def test_the_same_seed_gives_the_same_data(config):
    first, second = (generate.generate(config["problem_type"], rows=50) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert not first.equals(generate.generate(config["problem_type"], rows=50, seed=1))
    assert list(first.columns) == configuration.columns(config)


def test_preprocessing_loses_no_row_and_keeps_the_share_of_labels(run, config):
    columns, label = configuration.columns(config), configuration.label(config)
    kept = [tables.read(run / "processing" / name, columns) for name in ("train", "test")]
    assert sum(map(len, kept)) == ROWS
    assert len(kept[1]) == pytest.approx(ROWS * config["preprocess_config"]["test_share"], abs=1)
    if label is not None:
        assert kept[0][label].mean() == pytest.approx(kept[1][label].mean(), abs=0.02)
    rows = (run / "processing" / "transform" / "rows.csv").read_text().splitlines()
    assert len(rows) == len(kept[1])
    assert len(rows[0].split(",")) == len(configuration.features(config))


def test_the_model_is_as_good_as_the_pipeline_wants_it(run, config):
    group, values = measured(run)
    assert group == evaluate.GROUPS[config["problem_type"]]
    assert values[config["train_config"]["metric"]] >= config["train_config"]["threshold"]


def test_the_model_finds_what_was_put_into_the_data(config):
    """On rows that it has not seen, made with another seed."""
    chosen = model.parse_hyperparameters(config["problem_type"], config["train_config"]["hyperparameters"])
    known, label = generate.generate(config["problem_type"], seed=1), configuration.label(config)
    trained = model.train(config["problem_type"], known, label, chosen)
    chance = np.random.default_rng(2)
    if label is None:
        rows, truth = generate.readings(1000, chance)
    else:
        rows = generate.customers(1000, chance)
        truth = rows[label] == 1
    found = trained.answer(rows)["prediction"] == 1
    assert found[truth].mean() > 0.6
    assert found[~truth].mean() < 0.25


def test_what_the_baselines_are_made_of(run, config):
    rows, features = run / "processing" / "rows", configuration.features(config)
    data = pd.read_csv(rows / "data-quality" / "rows.csv")
    answered = ["prediction", "score"] if config["inference_type"] == "real-time" else []
    assert list(data.columns) == answered + features
    explained = pd.read_csv(rows / "explainability" / "rows.csv", header=None)
    assert explained.shape[1] == len(features)
    assert (rows / "model-quality").exists() == (config["problem_type"] == "supervised")
    assert (rows / "bias").exists() == ("bias_config" in config)
    assert "1.0," not in (rows / "data-quality" / "rows.csv").read_text()


def test_the_same_data_give_the_same_model(run, config):
    rows = tables.read(run / "processing" / "train", configuration.columns(config))
    chosen = model.parse_hyperparameters(config["problem_type"], config["train_config"]["hyperparameters"])
    again = model.train(config["problem_type"], rows, configuration.label(config), chosen)
    pd.testing.assert_frame_equal(again.answer(rows), model.load(run / "model").answer(rows))


def test_a_model_that_calls_all_rows_the_same_tells_nothing_apart(run, config):
    rows = tables.read(run / "processing" / "test", configuration.columns(config))
    answers = pd.DataFrame({"prediction": 0, "score": 0.5}, index=rows.index)
    assert evaluate.measure_anomalies(model.load(run / "model"), rows, answers)["silhouette"] == -1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.iloc[:, 1:], "columns are missing: ['{first}']"),
        (lambda table: table.assign(surprise=1), "not in data_config.headers: ['surprise']"),
        (lambda table: table.assign(**{table.columns[1]: "many"}), "line 2, column {second}: 'many' is not a number"),
    ],
)
def test_data_that_cannot_be_used_say_where(tmp_path, config, change, said):
    table = generate.generate(config["problem_type"], rows=20)
    tables.write(change(table), tmp_path / "input" / "data.csv")
    with pytest.raises(ValueError, match=r"data\.csv") as refused:
        preprocess.main(tmp_path)
    assert said.format(first=table.columns[0], second=table.columns[1]) in str(refused.value)


def test_no_data_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"holds no file that ends in \.csv"):
        preprocess.main(tmp_path)


def test_labels_are_0_and_1():
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 3.0], "label": [0.0, 1.0, np.nan, 0.5]})
    with pytest.raises(ValueError, match=r"column label holds \[0\.0, 0\.5, 1\.0\], it must hold 0 and 1"):
        preprocess.clean(table, "label")
    assert len(preprocess.clean(table.iloc[:3], "label")) == 2


def test_training_says_why_it_failed(tmp_path, config):
    write_hyperparameters(tmp_path, {"learning_rate": 0.1})
    assert train.main(tmp_path) == 1
    failure = (tmp_path / "output" / "failure").read_text()
    assert failure.startswith("ValueError: hyperparameters ['learning_rate'] are unknown, there are: ['")
    write_hyperparameters(tmp_path, {"n_estimators": "many"})
    assert train.main(tmp_path) == 1
    assert "many" in (tmp_path / "output" / "failure").read_text()


@pytest.mark.parametrize("script", ["preprocess", "evaluate"])
def test_jobs_fail_where_there_is_no_opt_ml(script):
    """Which shows that the scripts, run as the containers run them, look there."""
    with pytest.raises((OSError, ValueError), match="/opt/ml/processing"):
        runpy.run_module(script, run_name="__main__")


def test_the_generator_writes_a_file(tmp_path, monkeypatch, config):
    monkeypatch.setattr(sys, "argv", ["generate.py", str(tmp_path / "new" / "data.csv"), "--rows", "3"])
    runpy.run_module("generate", run_name="__main__")
    assert len(pd.read_csv(tmp_path / "new" / "data.csv")) == 3
