"""Writes what the monitors of production are deployed with: the baselines of the model that production has.

Invariant: a monitor that is asked for has its baseline, or nothing is written.
"""

import re
import sys
from typing import Any

from common import WorkError, client, run, settings
from project import configuration, identity, make_way, of_platform, of_project, parameters_of, tags, template, write
from stages import stack_of, target

STACK, STAGE = "monitor-stackset", "prod"
# Parameters that say how ground truth is held against the model's answers, and what the package calls them. Of what a
# package does not say the template has defaults, which fit the models that projects begin with.
METADATA = {
    "ModelQualityProblemType": "model-quality-problem-type",
    "InferenceAttribute": "inference-attribute",
    "ProbabilityAttribute": "probability-attribute",
    "ProbabilityThreshold": "probability-threshold",
    "FeaturesAttribute": "features-attribute",
}
TRUTH = "ground-truth-uri"
PROBLEMS = ("BinaryClassification", "MulticlassClassification", "Regression")


def uri(package: dict[str, Any], kind: str, file: str) -> str:
    """Returns where a baseline of a package is: that for drift if there is one, else that of its own metrics."""
    for baselines in ("DriftCheckBaselines", "ModelMetrics"):
        found = package.get(baselines, {}).get(kind, {}).get(file, {}).get("S3Uri")
        if found:
            return found
    return ""


def baselines(package: dict[str, Any], supervised: bool) -> dict[str, str]:
    """Returns the parameters of all monitors, empty where nobody asked for a monitor."""
    said = package.get("CustomerMetadataProperties", {})
    # Without labels there is nothing that answers could be held against.
    truth = said.get(TRUTH, "") if supervised else ""
    return {
        "DataQualityStatistics": uri(package, "ModelDataQuality", "Statistics"),
        "DataQualityConstraints": uri(package, "ModelDataQuality", "Constraints"),
        "ModelQualityConstraints": uri(package, "ModelQuality", "Constraints") if supervised else "",
        "GroundTruthUri": truth,
        **{name: said[key] for name, key in METADATA.items() if said.get(key)},
        "BiasConstraints": uri(package, "Bias", "PostTrainingConstraints"),
        "BiasConfigUri": uri(package, "Bias", "ConfigFile"),
        "ExplainabilityConstraints": uri(package, "Explainability", "Constraints"),
        "ExplainabilityConfigUri": uri(package, "Explainability", "ConfigFile"),
    }


def wrong(found: dict[str, str], bucket: str) -> list[str]:
    """Returns what keeps a monitor that is asked for from being made."""
    faults = []

    def needs(monitor: str, *names: str) -> None:
        faults.extend(f"{monitor}: missing baseline {name}" for name in names if not found[name])

    needs("data quality", "DataQualityStatistics", "DataQualityConstraints")
    for monitor in ("Bias", "Explainability"):
        pair = (f"{monitor}Constraints", f"{monitor}ConfigUri")
        if any(found[name] for name in pair):
            needs(monitor.lower(), *pair)
    problem = found.get("ModelQualityProblemType", PROBLEMS[0])
    if problem not in PROBLEMS:
        name = METADATA["ModelQualityProblemType"]
        faults.append(f"model quality: {name} is {problem}, allowed are {', '.join(PROBLEMS)}")
    if found["GroundTruthUri"]:
        needs("model quality", "ModelQualityConstraints")
        if not re.match(rf"s3://{re.escape(bucket)}/monitor/.", found["GroundTruthUri"]):
            given = found["GroundTruthUri"]
            faults.append(f"model quality: {TRUTH} is {given}, allowed is what is below s3://{bucket}/monitor/")
    return faults


def work() -> None:
    """Writes the template and its parameters."""
    project, project_id, bucket = settings("PROJECT", "PROJECT_ID", "ARTIFACTS_BUCKET")
    output, build = settings("OUTPUT", "CODEBUILD_BUILD_ARN")
    # Not the newest approved version: while production waited for its approval, another may have become that.
    arn = parameters_of(stack_of(project, STAGE)).get("ModelPackageArn")
    if not arn:
        raise WorkError(f"stack {stack_of(project, STAGE)} deploys no model: run stage DeployProd first")
    package = client("sagemaker").describe_model_package(ModelPackageName=arn)
    own = of_project(project, "problem-type", "bucket")
    found = baselines(package, own["problem-type"] == "supervised")
    faults = wrong(found, own["bucket"])
    if faults:
        advice = f"{arn} cannot be monitored; run {project}_build_pipeline again and approve the new version:"
        raise WorkError("\n  ".join([advice, *faults]))
    platform = of_platform("kms-key-arn", "ready-topic-arn")
    parameters = identity(project, project_id) | target(project, STAGE, build, bucket, "monitor") | found
    parameters |= {
        "ModelPackageArn": arn,
        "ProblemType": own["problem-type"],
        "PlatformKeyArn": platform["kms-key-arn"],
        "ReadyTopicArn": platform["ready-topic-arn"],
    }
    make_way(f"{project}-{STACK}")
    write(output, f"{STACK}.yaml", template(bucket, STACK))
    write(output, "monitor.json", configuration(parameters, tags(project)))


if __name__ == "__main__":
    sys.exit(run("build_monitor_params", work))
