"""How Clarify is to look at the model: the content of its analysis_config.json files.

There are two for each question: one for the job that computes the baseline, one for the monitor that repeats it every
hour. The tests hold them against what the SageMaker SDK would write.
"""

from typing import Any

import config as configuration

FILE = "analysis_config.json"
PREDICTION, SCORE = 0, 1  # columns of an answer
SAMPLES = 100  # how many variations of a row the model is asked about
REPORT = {"name": "report", "title": "Analysis Report"}


def predictor(config: dict[str, Any]) -> dict[str, Any]:
    """Returns how Clarify runs a copy of the model for as long as the analysis takes."""
    return {
        "instance_type": config["inference_config"]["instance_type"],
        "initial_instance_count": 1,
        "accept_type": "text/csv",
        "content_type": "text/csv",
    }


def shadow(config: dict[str, Any], project: str) -> dict[str, Any]:
    """Returns the same for the baselines: the project's role may make no endpoint that is named otherwise."""
    return {**predictor(config), "endpoint_name_prefix": f"{project}-clarify"}


def facets(config: dict[str, Any]) -> dict[str, Any]:
    """Returns between whom bias is looked for, and which label is the one worth having."""
    bias_config = config["bias_config"]
    return {
        "label_values_or_threshold": bias_config["label_values"],
        "facet": [{"name_or_index": bias_config["facet"], "value_or_threshold": bias_config["facet_values"]}],
    }


def bias(config: dict[str, Any], project: str) -> dict[str, Any]:
    """Returns the analysis of the bias baseline: whether the predictions treat the groups alike."""
    return {
        "dataset_type": "text/csv",
        **bias_monitor(config),
        "methods": {"post_training_bias": {"methods": "all"}, "report": REPORT},
        "predictor": {**shadow(config, project), "label": PREDICTION},
    }


def bias_monitor(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the analysis of the bias monitor."""
    return {
        **facets(config),
        "headers": configuration.columns(config),
        "label": configuration.label(config),
    }


def shap(middle: list[float]) -> dict[str, Any]:
    """Returns the method: what each feature adds to the score, compared with a row of medians."""
    return {
        "shap": {
            "baseline": [middle],
            "num_samples": SAMPLES,
            "agg_method": "mean_abs",
            "use_logit": False,
            "save_local_shap_values": False,
        }
    }


def explainability(config: dict[str, Any], middle: list[float], project: str) -> dict[str, Any]:
    """Returns the analysis of the explainability baseline: which features the model goes by."""
    return {
        "dataset_type": "text/csv",
        "headers": configuration.features(config),
        "methods": {**shap(middle), "report": REPORT},
        "predictor": {**shadow(config, project), "label": SCORE},
    }


def explainability_monitor(config: dict[str, Any], middle: list[float]) -> dict[str, Any]:
    """Returns the analysis of the explainability monitor, which is told elsewhere that it is about the score."""
    return {
        "headers": configuration.features(config),
        "methods": shap(middle),
        "predictor": predictor(config),
    }
