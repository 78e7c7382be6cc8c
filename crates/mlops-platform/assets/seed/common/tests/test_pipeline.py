"""The pipeline's definition: built with the real SDK, without network or credentials, and what it must hold."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import PROJECT

import analysis
from pipeline import baselines, definition, jobs

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT, REGION = "123456789012", "eu-south-1"
BUCKET = f"{PROJECT}-{ACCOUNT}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"
TAGS = [{"Key": "CostCenter", "Value": "12345"}, {"Key": "sagemaker:project-name", "Value": PROJECT}]


@pytest.fixture(scope="module")
def settings(config):
    """Returns what the platform's pipeline hands over."""
    registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{PROJECT}-repository"
    return {
        "project": PROJECT,
        "pipeline_name": f"{PROJECT}-pipeline",
        "region": REGION,
        "account": ACCOUNT,
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/mlops/{REGION}-{PROJECT}-project-role",
        "bucket": BUCKET,
        "kms_key_arn": KEY,
        "subnets": ["subnet-1", "subnet-2"],
        "security_group_id": "sg-1",
        "images": {name: f"{registry}-{name}:1" for name in ("preprocessing", "transform", "training", "inference")},
        "model_package_group": f"{PROJECT}-models",
        "experiment": PROJECT,
        "problem_type": config["problem_type"],
        "inference_type": config["inference_type"],
        "commit": "0a1b2c3d",
        "tags": TAGS,
    }


@pytest.fixture
def ready(config):
    """Returns the configuration with data in place of the placeholder, to be changed at will."""
    return with_data(config)


def with_data(config):
    config = copy.deepcopy(config)
    config["data_config"]["inputs"]["data"] = f"s3://{BUCKET}/data/data.csv"
    return config


@pytest.fixture(scope="module")
def text(config, settings):
    """Returns the definition."""
    return definition.definition_json(with_data(config), settings)


@pytest.fixture(scope="module")
def steps(text):
    """Returns all steps by their names."""
    first = json.loads(text)["Steps"]
    condition = next(step for step in first if step["Type"] == "Condition")
    nested = condition["Arguments"]["IfSteps"] + condition["Arguments"]["ElseSteps"]
    return {step["Name"]: step for step in first + nested}


def walk(value):
    """Gives every object within a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_the_same_configuration_gives_the_same_text(text, ready, settings):
    assert definition.definition_json(ready, settings) == text


def test_the_steps_of_this_kind_of_model(text, steps, config):
    built = json.loads(text)
    expected = ["Preprocess", "Train", "Evaluate", "CheckMetric", "Model-CreateModel", "DataQuality"]
    expected += ["ModelQuality"] if config["problem_type"] == "supervised" else []
    expected += ["Bias"] if "bias_config" in config else []
    expected += ["Explainability"]
    expected += ["Transform"] if config["inference_type"] == "batch" else []
    assert list(steps) == [*expected, "Register-RegisterModel", "MetricTooLow"]
    assert built["Version"] == "2020-12-01"
    assert built["PipelineExperimentConfig"]["ExperimentName"] == PROJECT
    trial = {"Std:Join": {"On": "-", "Values": [PROJECT, {"Get": "Execution.PipelineExecutionId"}]}}
    assert built["PipelineExperimentConfig"]["TrialName"] == trial


def test_every_job_is_in_the_network_encrypted_tagged_and_named_after_the_project(steps):
    kinds = {"Processing", "Training", "QualityCheck", "ClarifyCheck", "Transform", "Model"}
    for name, step in steps.items():
        if step["Type"] not in kinds:
            continue
        arguments = step["Arguments"]
        names = [
            value
            for key, value in arguments.items()
            if key.endswith("JobName") or (step["Type"] == "Model" and key == "ModelName")
        ]
        assert [value.startswith(f"{PROJECT}-") for value in names] == [True], name
        assert arguments["Tags"] == TAGS, name
        written = json.dumps(arguments)
        if step["Type"] != "Transform":  # it runs in the network of its model
            assert written.count('"sg-1"') == 1, name
            assert written.count('["subnet-1", "subnet-2"]') == 1, name
        if step["Type"] != "Model":
            assert f'"VolumeKmsKeyId": "{KEY}"' in written, name
            assert f'"KmsKeyId": "{KEY}"' in written, name


def test_names_of_jobs_are_the_project_s_however_long_it_is(ready, settings):
    longest = "a-project-name-of-32-characters1"
    text = definition.definition_json(ready, settings | {"project": longest})
    found = [value for one in walk(json.loads(text)) for key, value in one.items() if key.endswith("JobName")]
    assert found
    for name in found:
        assert name.startswith(f"{longest}-")
        assert len(name) <= 39, "SageMaker appends what tells runs apart, to 63 characters in all"


def test_all_that_is_written_is_below_a_folder_of_this_run(steps):
    folders = set()
    for step in steps.values():
        for found in walk(step.get("Arguments", {})):
            target = found.get("S3Output", {}).get("S3Uri") or found.get("S3OutputPath")
            if target:
                bucket, folder, run = target["Std:Join"]["Values"][:3]
                assert (bucket, run) == (f"s3://{BUCKET}", {"Get": "Execution.PipelineExecutionId"})
                folders.add(folder)
    assert folders == {"pipeline", "models", "monitor/baselines"}


def test_the_metric_decides(steps, config):
    chosen = config["train_config"]
    (condition,) = steps["CheckMetric"]["Arguments"]["Conditions"]
    assert condition["Type"] == "GreaterThanOrEqualTo"
    assert condition["RightValue"] == chosen["threshold"]
    path = condition["LeftValue"]["Std:JsonGet"]["Path"]
    assert path.endswith(f".{chosen['metric']}.value")
    words, measured = steps["MetricTooLow"]["Arguments"]["ErrorMessage"]["Std:Join"]["Values"]
    assert f"{chosen['metric']} is below the threshold {chosen['threshold']}" in words
    assert measured == condition["LeftValue"]


def test_the_metric_is_where_the_evaluation_writes_it(steps, run):
    (condition,) = steps["CheckMetric"]["Arguments"]["Conditions"]
    value = json.loads((run / "processing" / "evaluation" / "evaluation.json").read_text())
    for name in condition["LeftValue"]["Std:JsonGet"]["Path"].split("."):
        value = value[name]
    assert isinstance(value, float)


def test_the_model_is_registered_with_its_baselines_and_waits_for_approval(steps, config):
    register = steps["Register-RegisterModel"]
    package = register["Arguments"]
    assert package["ModelPackageGroupName"] == f"{PROJECT}-models"
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    expected = {"ModelDataQuality", "Explainability"}
    if config["problem_type"] == "supervised":
        expected.add("ModelQuality")
        assert package["CustomerMetadataProperties"]["label"] == config["data_config"]["label"]
    if "bias_config" in config:
        expected.add("Bias")
    assert set(package["DriftCheckBaselines"]) == expected
    measured = {name for name, files in package["ModelMetrics"].items() if files}
    assert measured == expected | {"ModelQuality"}  # without labels: the evaluation
    image = "transform" if config["inference_type"] == "batch" else "inference"
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["Image"].endswith(f"-{image}:1")
    before = [name for name, step in steps.items() if step["Type"] in ("QualityCheck", "ClarifyCheck", "Transform")]
    assert register["DependsOn"] == before
    assert package["CustomerMetadataProperties"]["inference-instance-count"] == "1"


def test_what_steps_read_is_what_the_evaluation_writes(steps, run):
    """Every path below rows/ and analysis/ is a file of the run on generated data."""
    found = set()
    for one in walk(list(steps.values())):
        parts = one.get("Std:Join", {}).get("Values", [])
        if len(parts) == 4 and str(parts[3]).startswith(("rows/", "analysis/")):
            found.add(parts[3])
    written = {
        str(file.relative_to(run / "processing"))
        for folder in ("rows", "analysis")
        for file in (run / "processing" / folder).rglob("*.*")
    }
    assert found == written


def test_the_analysis_is_the_one_that_the_sdk_would_ask_for(ready, settings, monkeypatch):
    uploaded = []

    def upload(self, body, bucket, key, **_):
        content = json.loads(body)
        # What monitors make runs with their own role, which knows SageMaker's name for it.
        content.get("predictor", {}).pop("endpoint_name_prefix", None)
        uploaded.append(content)
        return f"s3://{bucket}/{key}"

    monkeypatch.setattr(jobs.OfflineSession, "upload_string_as_file_body", upload)
    parts = definition.Parts(ready, settings)
    builder = baselines.Builder(ready, settings, parts.session, parts.place)
    features = [name for name in ready["data_config"]["headers"] if name != ready["data_config"].get("label")]
    middle = [float(place) for place in range(len(features))]
    pairs = [(builder.explainability("model", middle), analysis.explainability(ready, middle, PROJECT))]
    expected = [analysis.explainability_monitor(ready, middle)]
    if "bias_config" in ready:
        pairs.append((builder.bias("model"), analysis.bias(ready, PROJECT)))
        expected.append(analysis.bias_monitor(ready))
    for step, own in pairs:
        theirs = step._generate_processing_job_analysis_config()
        theirs["methods"]["report"] = analysis.REPORT
        assert own == theirs
    assert uploaded == expected


def test_notebooks_run_jobs_and_report_to_nobody(settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    session = jobs.session(settings)
    assert not isinstance(session, jobs.OfflineSession)
    assert session.sagemaker_config == jobs.SDK


def validator():
    schema = json.loads((ROOT / "pipeline" / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_configuration_is_valid_but_for_the_placeholder(config, ready):
    assert not list(validator().iter_errors(ready))
    refused = [list(error.path) for error in validator().iter_errors(config)]
    placeholder = config["data_config"]["inputs"]["data"].startswith("s3://REPLACE-ME")
    assert refused == ([["data_config", "inputs", "data"]] if placeholder else [])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["train_config", "instance_type"], "big"),
        (["train_config", "instance_count"], 2),
        (["train_config", "metric"], "luck"),
        (["train_config", "hyperparameters", "learning_rate"], 0.1),
        (["train_config", "threshold"], "high"),
        (["preprocess_config", "test_share"], 0.9),
        (["data_config", "headers"], ["a", "a"]),
        (["data_config", "inputs", "data"], "s3://REPLACE-ME/data.csv"),
        (["inference_config", "environment", "A"], 1),
        (["problem_type"], "other"),
        (["surprise"], 1),
    ],
)
def test_mistakes_are_found_before_anything_is_built(ready, path, value):
    target = ready
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    assert list(validator().iter_errors(ready))


def test_what_only_labels_allow_is_refused_without_them(ready):
    supervised = ready["problem_type"] == "supervised"
    if supervised:
        del ready["data_config"]["label"]
    else:
        ready["bias_config"] = {"facet": "a", "facet_values": [1], "label_values": [1]}
    assert list(validator().iter_errors(ready))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"problem_type": "other"}, "problem_type is other, but the project was created for"),
        ({"data_config": {"headers": ["a", "b"], "label": "c"}}, "column c is not one of data_config.headers: a, b"),
        ({"monitor_config": {"ground_truth": "s3://elsewhere/x"}}, f"it must begin with s3://{BUCKET}/monitor/"),
        ({"monitor_config": {"ground_truth": f"s3://{BUCKET}/monitor/"}}, f"s3://{BUCKET}/monitor/ and go on"),
    ],
)
def test_what_does_not_fit_together_is_refused(ready, settings, change, said):
    ready.pop("bias_config", None)
    with pytest.raises(ValueError, match=r".") as refused:
        definition.build(ready | change, settings)
    assert said in str(refused.value)


def test_ground_truth_is_handed_on(ready, settings):
    ready["monitor_config"] = {"ground_truth": f"s3://{BUCKET}/monitor/prod/ground-truth"}
    built = definition.definition_json(ready, settings)
    assert f'"ground-truth-uri": "s3://{BUCKET}/monitor/prod/ground-truth"' in built


def test_the_packages_are_those_of_the_containers():
    """What was tested here is what runs there."""

    def pins(file):
        lines = (line.split(" ")[0] for line in file.read_text().splitlines() if "==" in line and line[0] not in "# ")
        return dict(line.lower().split("==") for line in lines)

    tested = pins(ROOT / "tests" / "requirements.txt")
    for file in (*(ROOT / "containers").glob("*/requirements.txt"), ROOT / "pipeline" / "requirements.txt"):
        other = pins(file)
        shared = tested.keys() & other.keys()
        assert shared
        assert {name: tested[name] for name in shared} == {name: other[name] for name in shared}, file


def test_every_image_is_built_on_what_the_build_names():
    for name in ("preprocessing", "training", "inference", "transform"):
        lines = (ROOT / "containers" / name / "Dockerfile").read_text().splitlines()
        assert [line for line in lines if line.startswith("FROM")] == ["FROM ${BASE_IMAGE}"], name
        assert yaml.safe_load(next(line for line in lines if line.startswith("ENTRYPOINT"))[len("ENTRYPOINT") :])
