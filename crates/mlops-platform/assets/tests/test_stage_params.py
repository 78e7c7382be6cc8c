"""Actions that write what stacks are deployed with, and the experiment: model group, endpoint, monitors."""

import datetime
import json

import pytest
from botocore.exceptions import ClientError
from conftest import REGION
from projecting import ACCOUNT, ENVIRONMENT, ID, NAME, OTHER_ACCOUNT, PAIRS, TAGS, golden
from scripting import (
    build_endpoint_params,
    build_model_group_params,
    build_monitor_params,
    common,
    create_sm_experiment,
    stages,
)

GROUP = f"{NAME}-models"
PACKAGE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{GROUP}/7"
BUCKET = f"s3://{NAME}-{ACCOUNT}"
ASKED = {
    "ModelPackageGroupName": GROUP,
    "ModelApprovalStatus": "Approved",
    "SortBy": "CreationTime",
    "SortOrder": "Descending",
}
WHEN = datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)
INFERENCE = b"Resources: {}\n"


@pytest.fixture
def sagemaker(world, monkeypatch):
    for module in (build_endpoint_params, build_monitor_params, create_sm_experiment):
        monkeypatch.setattr(module, "client", world.client)
    return world.aws("sagemaker")


class TestModelGroup:
    """Action `build_model_group_params`."""

    def test_writes_file_and_parameter(self, world):
        build_model_group_params.work()
        golden("model-group.json", (world.output / "model-group.json").read_text())
        assert world.ssm.values[f"/mlops/projects/{NAME}/model-package-group"] == GROUP
        assert world.ssm.made == {f"/mlops/projects/{NAME}/model-package-group": PAIRS}

    def test_twice_is_once(self, world):
        build_model_group_params.work()
        first = (world.output / "model-group.json").read_bytes()
        build_model_group_params.work()
        assert (world.output / "model-group.json").read_bytes() == first


class TestExperiment:
    """Action `create_sm_experiment`."""

    def test_is_made(self, world, sagemaker):
        sagemaker.add_client_error("describe_experiment", "ResourceNotFound", expected_params={"ExperimentName": NAME})
        expected = {"ExperimentName": NAME, "Description": f"Runs of project {NAME}", "Tags": PAIRS}
        sagemaker.add_response("create_experiment", {}, expected)
        create_sm_experiment.work()
        assert world.ssm.values[f"/mlops/projects/{NAME}/experiment"] == NAME

    def test_that_is_there_stays(self, world, sagemaker, capsys):
        sagemaker.add_response("describe_experiment", {}, {"ExperimentName": NAME})
        create_sm_experiment.work()
        assert f"experiment {NAME} is there\n" in capsys.readouterr().out

    def test_may_not_be_read(self, world, sagemaker):
        sagemaker.add_client_error("describe_experiment", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            create_sm_experiment.work()
        assert f"/mlops/projects/{NAME}/experiment" not in world.ssm.values


def listed(sagemaker, *versions):
    entries = [
        {
            "ModelPackageGroupName": GROUP,
            "ModelPackageVersion": version,
            "ModelPackageArn": PACKAGE.replace("/7", f"/{version}"),
            "CreationTime": WHEN,
            "ModelPackageStatus": status,
            "ModelApprovalStatus": "Approved",
        }
        for version, status in versions
    ]
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": entries}, ASKED)


def described(sagemaker, **more):
    answer = {
        "ModelPackageName": "7",
        "ModelPackageArn": PACKAGE,
        "CreationTime": WHEN,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
    }
    sagemaker.add_response("describe_model_package", answer | more, {"ModelPackageName": PACKAGE})


class TestEndpoint:
    """Actions `build_endpoint_params_staging` and `..._prod`."""

    @pytest.fixture(autouse=True)
    def stage(self, world, sagemaker, monkeypatch):
        monkeypatch.setenv("STAGE", "staging")
        world.releases("inference", INFERENCE)

    def written(self, world):
        assert world.wrote() == ["inference-stackset.yaml", "inference.json"]
        return json.loads((world.output / "inference.json").read_text())["Parameters"]

    def test_deploys_the_newest_whole_version(self, world, sagemaker):
        listed(sagemaker, (9, "InProgress"), (8, "Failed"), (7, "Completed"), (6, "Completed"))
        described(sagemaker)
        world.lacks_stack("staging")
        world.reads("inference-stackset", b"Parameters: {}\n")
        build_endpoint_params.work()
        self.written(world)
        golden("inference.json", (world.output / "inference.json").read_text())
        assert (world.output / "inference-stackset.yaml").read_bytes() == b"Parameters: {}\n"

    def test_package_says_the_instances_then_the_stack(self, world, sagemaker):
        listed(sagemaker, (7, "Completed"))
        described(sagemaker, CustomerMetadataProperties={"inference-instance-type": "ml.c5.xlarge"})
        world.has_stack("staging", InstanceType="ml.t2.medium", InstanceCount="3", ModelPackageArn="older")
        world.reads("inference-stackset", b"1")
        build_endpoint_params.work()
        found = self.written(world)
        assert (found["InstanceType"], found["InstanceCount"]) == ("ml.c5.xlarge", "3")
        assert found["ModelPackageArn"] == PACKAGE

    def test_production_captures_and_another_account_has_no_network_of_ours(
        self,
        world,
        sagemaker,
        monkeypatch,
    ):
        monkeypatch.setenv("STAGE", "prod")
        listed(sagemaker, (7, "Completed"))
        described(sagemaker)
        world.lacks_stack("prod")
        world.reads("inference-stackset", b"1")
        build_endpoint_params.work()
        found = self.written(world)
        assert found["TargetAccountId"] == OTHER_ACCOUNT
        assert (found["VpcSubnets"], found["SecurityGroupId"], found["CaptureData"]) == ("", "", "true")

    @pytest.mark.parametrize("code", ["ResourceNotFound", None])
    def test_stops_without_an_approved_version(self, world, sagemaker, code, capsys):
        if code:
            sagemaker.add_client_error("list_model_packages", code, expected_params=ASKED)
        else:
            listed(sagemaker, (7, "Failed"))
        reasons = world.stops("deploy")
        build_endpoint_params.work()
        assert reasons[0].startswith(f"{GROUP} has no approved version: approve one")
        assert len(reasons[0]) < 200
        assert world.wrote() == ["stopped.txt"]

    def test_a_group_that_may_not_be_read_is_no_missing_one(self, sagemaker):
        sagemaker.add_client_error("list_model_packages", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            build_endpoint_params.work()

    def test_no_such_stage(self):
        with pytest.raises(common.WorkError, match="stage test: allowed are staging and prod"):
            stages.target(NAME, "test", ENVIRONMENT["CODEBUILD_BUILD_ARN"], "artifacts", "inference")


def file(path):
    return {"ContentType": "application/json", "S3Uri": f"{BUCKET}/monitor/baselines/{path}"}


DRIFT = {
    "ModelDataQuality": {"Statistics": file("dq/statistics"), "Constraints": file("dq/constraints")},
    "ModelQuality": {"Statistics": file("mq/statistics"), "Constraints": file("mq/constraints")},
    "Bias": {"ConfigFile": file("bias/config"), "PostTrainingConstraints": file("bias/constraints")},
    "Explainability": {"ConfigFile": file("shap/config"), "Constraints": file("shap/constraints")},
}
METADATA = {
    "ground-truth-uri": f"{BUCKET}/monitor/prod/ground-truth",
    "inference-attribute": "0",
    "probability-attribute": "1",
    "probability-threshold": "0.5",
}


class TestMonitor:
    """Action `build_monitor_params`."""

    def runs(self, world, sagemaker, drift=DRIFT, metadata=METADATA, failed=None, **more):
        world.has_stack("prod", ModelPackageArn=PACKAGE)
        described(sagemaker, DriftCheckBaselines=drift, CustomerMetadataProperties=metadata, **more)
        if failed:
            world.has(f"{NAME}-monitor-stackset", failed, removed="DELETE_COMPLETE")
        else:
            world.lacks(f"{NAME}-monitor-stackset")
        world.releases("monitor", b"Resources: {}\n")
        world.reads("monitor-stackset", b"Parameters: {}\n")
        build_monitor_params.work()
        assert world.wrote() == ["monitor-stackset.yaml", "monitor.json"]
        return json.loads((world.output / "monitor.json").read_text())

    def fails(self, world, sagemaker, drift, metadata=METADATA):
        world.has_stack("prod", ModelPackageArn=PACKAGE)
        described(sagemaker, DriftCheckBaselines=drift, CustomerMetadataProperties=metadata)
        with pytest.raises(common.WorkError) as raised:
            build_monitor_params.work()
        assert world.wrote() == []
        first, *faults = str(raised.value).split("\n  ")
        assert first.startswith(f"{PACKAGE} cannot be monitored; run {NAME}_build_pipeline again")
        return faults

    def test_all_four(self, world, sagemaker):
        assert self.runs(world, sagemaker)["Tags"] == TAGS
        golden("monitor.json", (world.output / "monitor.json").read_text())

    def test_monitors_that_failed_as_they_were_made_are_made_anew(self, world, sagemaker):
        self.runs(world, sagemaker, failed="ROLLBACK_COMPLETE")

    def test_only_what_is_asked_for(self, world, sagemaker):
        drift = {"ModelDataQuality": {"Statistics": file("dq/statistics")}}
        metrics = {"ModelDataQuality": {"Statistics": file("own"), "Constraints": file("own/constraints")}}
        found = self.runs(world, sagemaker, drift, {}, ModelMetrics=metrics)["Parameters"]
        assert found["DataQualityStatistics"].endswith("/dq/statistics")
        assert found["DataQualityConstraints"].endswith("/own/constraints")
        for name in ("GroundTruthUri", "ModelQualityConstraints", "BiasConfigUri", "ExplainabilityConfigUri"):
            assert found[name] == ""
        assert not found.keys() & build_monitor_params.METADATA.keys()  # the template's defaults hold

    def test_unsupervised_problems_have_no_ground_truth(self, world, sagemaker):
        world.own("problem-type", "unsupervised")
        found = self.runs(world, sagemaker)["Parameters"]
        assert (found["GroundTruthUri"], found["ModelQualityConstraints"]) == ("", "")
        assert found["ProblemType"] == "unsupervised"

    def test_missing_baselines_are_named_at_once(self, world, sagemaker):
        drift = {
            "Bias": {"ConfigFile": file("bias/config")},
            "Explainability": {"Constraints": file("shap/constraints")},
        }
        metadata = {"ground-truth-uri": "s3://elsewhere/monitor/x", "model-quality-problem-type": "Ranking"}
        assert self.fails(world, sagemaker, drift, metadata) == [
            "data quality: missing baseline DataQualityStatistics",
            "data quality: missing baseline DataQualityConstraints",
            "bias: missing baseline BiasConstraints",
            "explainability: missing baseline ExplainabilityConfigUri",
            "model quality: model-quality-problem-type is Ranking, allowed are "
            "BinaryClassification, MulticlassClassification, Regression",
            "model quality: missing baseline ModelQualityConstraints",
            f"model quality: ground-truth-uri is s3://elsewhere/monitor/x, allowed is what is below {BUCKET}/monitor/",
        ]

    @pytest.mark.parametrize("has", [True, False])
    def test_nothing_is_deployed(self, world, sagemaker, has):
        if has:
            world.has_stack("prod", ModelPackageArn="")
        else:
            world.lacks_stack("prod")
        with pytest.raises(common.WorkError, match="-inference-stackset-prod deploys no model: run stage DeployProd"):
            build_monitor_params.work()


def test_project_id_is_that_of_the_build(world):
    build_model_group_params.work()
    assert json.loads((world.output / "model-group.json").read_text())["Parameters"]["ProjectId"] == ID
