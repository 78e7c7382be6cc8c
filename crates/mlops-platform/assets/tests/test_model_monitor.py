"""`Custom::ModelMonitor`."""

import hashlib
import io
import json

import pytest
from botocore.response import StreamingBody
from conftest import FUNCTION, LAMBDA, NEVER_MADE, NOW, Hanging, load

NAME = "churn-prod-dq"
ROLE = "arn:aws:iam::123456789012:role/mlops/inference/eu-south-1-churn-prod-monitor"
KEY = "arn:aws:kms:eu-south-1:123456789012:key/0a1b"
PACKAGE = "arn:aws:sagemaker:eu-south-1:123456789012:model-package/churn-models/3"
SCHEDULE_ARN = "arn:aws:sagemaker:eu-south-1:123456789012:monitoring-schedule/"
HOURLY = "cron(0 * ? * * *)"
TAGS = [{"Key": "CostCenter", "Value": "12345"}]
CONFIG = "s3://churn-1/monitor/baselines/analysis_config.json"
WHAT = {"dq": "DataQuality", "mq": "ModelQuality", "bias": "ModelBias", "shap": "ModelExplainability"}
JOBS = {"dq": "data_quality", "mq": "model_quality", "bias": "model_bias", "shap": "model_explainability"}


def arrives(kind="dq", source=None, app=None):
    """The definition as CloudFormation sends it: numbers and Booleans are text, what is not given may be empty."""
    what = WHAT[kind]
    if not source:
        source = {"EndpointInput": {"EndpointName": "churn-prod-endpoint", "LocalPath": "/in"}}
        if kind in ("mq", "bias"):
            source["GroundTruthS3Input"] = {"S3Uri": "s3://churn-1/monitor/prod/ground-truth"}
    output = {"S3Output": {"LocalPath": "/out", "S3Uri": f"s3://churn-1/monitor/prod/reports/{kind}/"}}
    cluster = {"InstanceCount": "1", "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": "30", "VolumeKmsKeyId": KEY}
    return {
        f"{what}AppSpecification": {"ImageUri": "1.dkr.ecr/analyzer"} | (app or {}),
        f"{what}BaselineConfig": {"ConstraintsResource": {"S3Uri": "s3://churn-1/c"}},
        f"{what}JobInput": source,
        f"{what}JobOutputConfig": {"MonitoringOutputs": [output]},
        "JobResources": {"ClusterConfig": cluster},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": "1800"},
        "Tags": TAGS,
    }


def taken(kind="dq", source=None, app=None):
    """The same as SageMaker's API takes it."""
    definition = arrives(kind, source, app)
    definition["JobResources"]["ClusterConfig"] |= {"InstanceCount": 1, "VolumeSizeInGB": 30}
    definition["StoppingCondition"]["MaxRuntimeInSeconds"] = 1800
    return definition


def asked(kind="dq", definition=None, **more):
    properties = {"Kind": kind, "ProjectName": "churn", "Stage": "prod", "Schedule": HOURLY, "ModelPackageArn": PACKAGE}
    return properties | {"Definition": definition or arrives(kind)} | more


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def named(definition, name=NAME):
    return f"{name}-{digest(definition)}"


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws, kind="dq"):
        self.aws, self.kind = aws, kind
        self.sagemaker = aws("sagemaker")
        self.name = f"churn-prod-{kind}"

    def config(self, job):
        return {
            "MonitoringJobDefinitionName": job,
            "MonitoringType": WHAT[self.kind],
            "ScheduleConfig": {"ScheduleExpression": HOURLY},
        }

    def missing(self, operation, asked):
        self.sagemaker.add_client_error(operation, "ResourceNotFound", "none", 400, expected_params=asked)

    def job(self, definition, *, there=False):
        """The definition is asked for, and made unless it is there; returns its name."""
        job = named(definition, self.name)
        ask, make = (f"{verb}_{JOBS[self.kind]}_job_definition" for verb in ("describe", "create"))
        if there:
            answer = {"JobDefinitionArn": "arn:aws:sagemaker:x", "JobDefinitionName": job, "CreationTime": NOW}
            keys = [key for key in definition if key.endswith(("AppSpecification", "JobInput", "JobOutputConfig"))]
            answer |= {key: definition[key] for key in [*keys, "JobResources", "RoleArn"]}
            self.sagemaker.add_response(ask, answer, {"JobDefinitionName": job})
        else:
            self.missing(ask, {"JobDefinitionName": job})
            made = {"JobDefinitionArn": "arn:aws:sagemaker:eu-south-1:123456789012:job"}
            self.sagemaker.add_response(make, made, {"JobDefinitionName": job} | definition)
        return job

    def is_none(self):
        self.missing("describe_monitoring_schedule", {"MonitoringScheduleName": self.name})

    def is_there(self, job, status="Scheduled", execution=None, **more):
        answer = {
            "MonitoringScheduleArn": SCHEDULE_ARN + self.name,
            "MonitoringScheduleName": self.name,
            "MonitoringScheduleStatus": status,
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            "MonitoringScheduleConfig": self.config(job),
        }
        if execution:
            times = dict.fromkeys(("ScheduledTime", "CreationTime", "LastModifiedTime"), NOW)
            summary = {"MonitoringScheduleName": self.name, "MonitoringExecutionStatus": execution}
            answer["LastMonitoringExecutionSummary"] = summary | times
        self.sagemaker.add_response(
            "describe_monitoring_schedule", answer | more, {"MonitoringScheduleName": self.name}
        )

    def creates(self, job):
        asked = {"MonitoringScheduleName": self.name, "MonitoringScheduleConfig": self.config(job), "Tags": TAGS}
        self.sagemaker.add_response(
            "create_monitoring_schedule", {"MonitoringScheduleArn": SCHEDULE_ARN + self.name}, asked
        )

    def updates(self, job):
        asked = {"MonitoringScheduleName": self.name, "MonitoringScheduleConfig": self.config(job)}
        self.sagemaker.add_response(
            "update_monitoring_schedule", {"MonitoringScheduleArn": SCHEDULE_ARN + self.name}, asked
        )

    def stops(self):
        self.sagemaker.add_response("stop_monitoring_schedule", {}, {"MonitoringScheduleName": self.name})

    def deletes(self):
        self.sagemaker.add_response("delete_monitoring_schedule", {}, {"MonitoringScheduleName": self.name})

    def has(self, *pages):
        """The definitions that there are."""
        for number, page in enumerate(pages or [[]]):
            entry = {"MonitoringJobDefinitionArn": "arn:aws:sagemaker:x", "CreationTime": NOW, "EndpointName": "e"}
            entries = [entry | {"MonitoringJobDefinitionName": job} for job in page]
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            asked = {"NameContains": self.name} | ({"NextToken": f"t{number}"} if number else {})
            operation = f"list_{JOBS[self.kind]}_job_definitions"
            self.sagemaker.add_response(operation, {"JobDefinitionSummaries": entries} | following, asked)

    def forgets(self, job, *, there=True):
        operation = f"delete_{JOBS[self.kind]}_job_definition"
        if there:
            self.sagemaker.add_response(operation, {}, {"JobDefinitionName": job})
        else:
            self.missing(operation, {"JobDefinitionName": job})

    def is_made(self, definition):
        """A monitor is made from nothing; returns its definition's name."""
        job = self.job(definition)
        self.is_none()
        self.creates(job)
        self.is_there(job)
        self.has([job])
        return job


@pytest.fixture
def module():
    return load(LAMBDA / "cr_common.py", LAMBDA / "model_monitor.py")


@pytest.fixture
def bench(module, bench_of, aws):
    module.client = aws.client
    module.PAUSE = 0
    return bench_of(module)


@pytest.fixture
def script(aws):
    return Script(aws)


@pytest.mark.parametrize("kind", ["dq", "mq", "bias"])
def test_create_makes_definition_and_schedule(bench, aws, kind):
    app = {"ConfigUri": CONFIG} if kind == "bias" else None
    Script(aws, kind).is_made(taken(kind, app=app))
    response = bench.succeeds("Create", asked(kind, arrives(kind, app=app)))
    assert response["PhysicalResourceId"] == f"churn-prod-{kind}"


def test_create_twice_makes_nothing_more(bench, script):
    job = script.job(taken(), there=True)
    script.is_there(job)
    script.is_there(job)
    script.has([job])
    assert bench.succeeds("Create", asked())["PhysicalResourceId"] == NAME


def test_update_without_a_change_makes_nothing(bench, script):
    job = script.job(taken(), there=True)
    script.is_there(job)
    script.is_there(job)
    script.has([job])
    assert bench.succeeds("Update", asked(), NAME)["PhysicalResourceId"] == NAME


def test_update_of_the_baseline_moves_the_schedule_and_deletes_the_definition_before(bench, script):
    new = arrives()
    new["DataQualityBaselineConfig"]["StatisticsResource"] = {"S3Uri": "s3://churn-1/s"}
    wanted = taken()
    wanted["DataQualityBaselineConfig"]["StatisticsResource"] = {"S3Uri": "s3://churn-1/s"}
    before = named(taken())
    job = script.job(wanted)
    assert job != before
    script.is_there(before)
    script.updates(job)
    script.is_there(job, "Pending")
    script.is_there(job)
    script.has([before], [job])
    script.forgets(before)
    assert bench.succeeds("Update", asked(definition=new), NAME)["PhysicalResourceId"] == NAME


def test_update_to_another_stage_is_a_replacement_that_deletes_the_old_one(bench, script):
    script.name = "churn-staging-dq"
    script.is_made(taken())
    response = bench.succeeds("Update", asked(Stage="staging"), NAME)
    assert response["PhysicalResourceId"] == "churn-staging-dq"
    script.name = NAME
    before = named(taken())
    script.is_there(before)
    script.stops()
    script.is_there(before, "Stopped")
    script.deletes()
    script.is_none()
    script.has([before])
    script.forgets(before)
    bench.succeeds("Delete", asked(), NAME)


def test_a_schedule_that_is_being_made_is_waited_for(bench, script):
    job = script.job(taken(), there=True)
    script.is_there(job, "Pending")
    script.is_there(job)
    script.is_there(job)
    script.has([job])
    bench.succeeds("Create", asked())


def test_a_failed_schedule_is_tried_again(bench, script):
    job = script.job(taken(), there=True)
    script.is_there(job, "Failed", FailureReason="no endpoint")
    script.updates(job)
    script.is_there(job)
    script.has([job])
    bench.succeeds("Update", asked(), NAME)


def test_a_schedule_that_somebody_stopped_stays_so(bench, script):
    job = script.job(taken(), there=True)
    script.is_there(job, "Stopped")
    script.is_there(job, "Stopped")
    script.has([job])
    bench.succeeds("Update", asked(), NAME)


def test_why_a_schedule_failed_is_passed_on(bench, script):
    job = script.job(taken())
    script.is_none()
    script.creates(job)
    script.is_there(job, "Failed", FailureReason="the endpoint captures nothing")
    reason = bench.fails("Create", asked())
    assert "churn-prod-dq is not scheduled: the endpoint captures nothing" in reason


def test_a_schedule_that_vanishes_is_a_failure(bench, script):
    job = script.job(taken())
    script.is_none()
    script.creates(job)
    script.is_none()
    assert "churn-prod-dq is not scheduled" in bench.fails("Create", asked())


def test_what_is_empty_is_left_out_and_text_gets_its_type(bench, aws):
    script = Script(aws, "mq")
    common = {"LocalPath": "/in", "FeaturesAttribute": "", "StartTimeOffset": "-PT3H"}
    batch = {"DataCapturedDestinationS3Uri": "s3://churn-1/monitor/prod/capture"}
    source = {
        "BatchTransformInput": common
        | batch
        | {"DatasetFormat": {"Csv": {"Header": "false"}}, "ProbabilityThresholdAttribute": "0.5"},
        "GroundTruthS3Input": {"S3Uri": "s3://churn-1/monitor/prod/ground-truth"},
    }
    definition = arrives("mq", source)
    definition["ModelQualityBaselineConfig"] = {"ConstraintsResource": {"S3Uri": ""}}
    wanted = taken("mq", json.loads(json.dumps(source)))
    wanted["ModelQualityJobInput"]["BatchTransformInput"] |= {
        "DatasetFormat": {"Csv": {"Header": False}},
        "ProbabilityThresholdAttribute": 0.5,
    }
    del wanted["ModelQualityJobInput"]["BatchTransformInput"]["FeaturesAttribute"]
    del wanted["ModelQualityBaselineConfig"]
    script.is_made(wanted)
    bench.succeeds("Create", asked("mq", definition))


class Explained(Script):
    """A monitor that explains: its configuration is copied, with the model that is deployed."""

    def __init__(self, aws, source=None):
        super().__init__(aws, "shap")
        self.s3 = aws("s3")
        self.source = source

    def copies(self, config, model):
        """The configuration is read and written; returns the definition that names the copy."""
        text = json.dumps(config).encode()
        where = {"Bucket": "churn-1", "Key": "monitor/baselines/analysis_config.json"}
        self.s3.add_response("get_object", {"Body": StreamingBody(io.BytesIO(text), len(text))}, where)
        copy = config | {"predictor": config.get("predictor", {}) | {"model_name": model}}
        key = f"monitor/prod/config/churn-prod-shap-{digest(copy)}.json"
        body = json.dumps(copy).encode()
        self.s3.add_response("put_object", {}, {"Bucket": "churn-1", "Key": key, "Body": body})
        return taken("shap", self.source, {"ConfigUri": f"s3://churn-1/{key}"})


def test_the_model_behind_the_endpoint_is_explained(bench, aws):
    script = Explained(aws)
    endpoint = {
        "EndpointName": "churn-prod-endpoint",
        "EndpointArn": "arn:aws:sagemaker:eu-south-1:123456789012:endpoint/churn",
        "EndpointConfigName": "EndpointConfig-1",
        "EndpointStatus": "InService",
        "CreationTime": NOW,
        "LastModifiedTime": NOW,
    }
    script.sagemaker.add_response("describe_endpoint", endpoint, {"EndpointName": "churn-prod-endpoint"})
    config = {
        "EndpointConfigName": "EndpointConfig-1",
        "EndpointConfigArn": "arn:aws:sagemaker:eu-south-1:123456789012:endpoint-config/churn",
        "ProductionVariants": [{"VariantName": "AllTraffic", "ModelName": "Model-2"}],
        "CreationTime": NOW,
    }
    asks = {"EndpointConfigName": "EndpointConfig-1"}
    script.sagemaker.add_response("describe_endpoint_config", config, asks)
    predictor = {"model_name": "Model-1", "instance_type": "ml.m5.large"}
    script.is_made(script.copies({"methods": {"shap": {}}, "predictor": predictor}, "Model-2"))
    bench.succeeds("Create", asked("shap", arrives("shap", app={"ConfigUri": CONFIG})))


def test_the_model_of_the_batch_is_explained(bench, aws):
    batch = {"LocalPath": "/in", "DataCapturedDestinationS3Uri": "s3://churn-1/c", "DatasetFormat": {"Json": {}}}
    batch["DatasetFormat"] = {"Csv": {"Header": "true"}}
    script = Explained(aws, {"BatchTransformInput": batch | {"DatasetFormat": {"Csv": {"Header": True}}}})
    schedule = {"Target": {"Arn": "a", "RoleArn": "r", "Input": json.dumps({"ModelName": "Model-3"})}}
    aws("scheduler").add_response("get_schedule", schedule, {"Name": "mlops-churn-prod-batch"})
    script.is_made(script.copies({"methods": {"shap": {}}}, "Model-3"))
    source = {"BatchTransformInput": batch}
    bench.succeeds("Create", asked("shap", arrives("shap", source, {"ConfigUri": CONFIG})))


def test_delete_stops_waits_and_removes_schedule_and_definitions(bench, script):
    job, older = named(taken()), f"{NAME}-0123abcd"
    script.is_there(job, execution="InProgress")
    script.stops()
    script.is_there(job, "Pending", execution="InProgress")
    script.is_there(job, "Stopped", execution="InProgress")
    script.is_there(job, "Stopped", execution="Stopping")
    script.is_there(job, "Stopped", execution="Stopped")
    script.deletes()
    script.is_there(job, "Stopped")
    script.is_none()
    # Another monitor's and somebody else's stay.
    script.has([job, f"{NAME}-x-0123abcd", f"a-{NAME}-0123abcd"], [older])
    script.forgets(job)
    script.forgets(older, there=False)
    assert bench.succeeds("Delete", asked(), NAME)["PhysicalResourceId"] == NAME


def test_delete_of_nothing(bench, script):
    script.is_none()
    script.has()
    bench.succeeds("Delete", asked(), NAME)


def test_delete_of_a_monitor_whose_schedule_goes_meanwhile(bench, script):
    script.is_there(named(taken()))
    script.missing("stop_monitoring_schedule", {"MonitoringScheduleName": NAME})
    script.is_none()
    script.missing("delete_monitoring_schedule", {"MonitoringScheduleName": NAME})
    script.is_none()
    script.has()
    bench.succeeds("Delete", asked(), NAME)


def test_delete_after_a_create_that_failed(bench, aws):
    assert bench.succeeds("Delete", {}, NEVER_MADE)["PhysicalResourceId"] == NEVER_MADE
    assert not aws.stubs


def test_delete_after_a_create_that_failed_half_way(bench, script):
    job = named(taken())
    script.is_none()
    script.has([job])
    script.forgets(job)
    bench.succeeds("Delete", asked(), NAME)


def test_delete_explains_nothing(bench, aws):
    """The endpoint may be gone."""
    script = Script(aws, "shap")
    script.is_none()
    script.has()
    bench.succeeds("Delete", asked("shap", arrives("shap", app={"ConfigUri": CONFIG})), "churn-prod-shap")


def test_a_long_job_is_waited_for_in_a_further_invocation(bench, script, aws):
    job = named(taken())
    script.is_there(job, execution="InProgress")
    script.stops()
    script.is_there(job, "Stopped", execution="InProgress")
    event = bench.event("Delete", asked(), NAME)
    called = {"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": json.dumps(event | {"Link": 1})}
    aws("lambda").add_response("invoke", {"StatusCode": 202}, called)
    assert bench.send(event, seconds=70) == []
    script.is_there(job, "Stopped", execution="Completed")
    script.is_there(job, "Stopped", execution="Completed")
    script.deletes()
    script.is_none()
    script.has()
    (response,) = bench.send(event | {"Link": 1})
    assert response["Status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Kind": "drift"}, "Kind must be one of dq, mq, bias, shap"),
        ({"Kind": ["dq"]}, "Kind must be one of dq, mq, bias, shap"),
        ({"Definition": {}}, "Definition must be a job definition"),
        ({"Definition": "x"}, "Definition must be a job definition"),
        ({"Definition": {"InstanceCount": "one"}}, "Definition must be a whole number"),
        ({"Stage": ""}, "Stage must be text and not empty"),
        ({"Endpoint": "x"}, "Endpoint is unknown"),
    ],
)
def test_bad_properties_are_named(bench, change, problem):
    assert problem in bench.fails("Create", asked() | change)


def test_missing_properties_are_named(bench):
    reason = bench.fails("Create", {})
    for name in ("Kind", "ProjectName", "Stage", "Schedule", "ModelPackageArn", "Definition"):
        assert f"{name} is missing" in reason


@pytest.mark.parametrize("operation", ["describe_data_quality_job_definition", "describe_monitoring_schedule"])
def test_an_error_of_the_api_fails_and_names_it(bench, script, operation):
    if operation == "describe_monitoring_schedule":
        script.job(taken())
    script.sagemaker.add_client_error(operation, "AccessDeniedException", "not allowed", 403)
    assert "AccessDeniedException" in bench.fails("Create", asked())


def test_a_definition_that_is_refused_makes_no_schedule(bench, script):
    script.missing("describe_data_quality_job_definition", {"JobDefinitionName": named(taken())})
    script.sagemaker.add_client_error("create_data_quality_job_definition", "ResourceLimitExceeded", "too many", 400)
    assert "ResourceLimitExceeded" in bench.fails("Create", asked())


def test_near_the_deadline_the_time_out_is_reported(bench, module):
    hanging = Hanging()
    module.client = hanging
    assert "timed out while defining churn-prod-dq" in bench.fails("Create", asked(), seconds=20.2)
    hanging.end()
    assert hanging.calls == 1
