"""The jobs of the project, as pipeline and notebooks run them: in the VPC, encrypted, tagged, named `<project>-...`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.network import NetworkConfig
from sagemaker.processing import Processor
from sagemaker.session import Session
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.pipeline_context import PipelineSession

# Where the images have the code.
CODE = "/opt/program/src"

# The SDK reads no other settings, and tells nobody that it was used: from the VPC it could not.
SDK = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


def unsigned(region: str) -> boto3.Session:
    """Returns a session of AWS's SDK that does not look for credentials: nothing is sent that they would sign."""
    return boto3.Session(region_name=region, aws_access_key_id="none", aws_secret_access_key="none")


@contextmanager
def offline(region: str) -> Iterator[None]:
    """Keeps what is made without a session, as by the SDK's estimator, from looking for credentials in the network."""
    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, unsigned(region)
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before


class OfflineSession(PipelineSession):
    """A session for building the pipeline: collects requests instead of sending them, and uploads nothing."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Takes the project's settings."""
        super().__init__(
            boto_session=unsigned(settings["region"]),
            default_bucket=settings["bucket"],
            sagemaker_config=SDK,
        )
        self.sagemaker_config = {}  # with something in it, the SDK validates it for each argument of each job

    def upload_data(self, path: str, bucket: str, key_prefix: str, **_: Any) -> str:
        """Returns where the SDK would put a file."""
        return f"s3://{bucket}/{key_prefix}/{Path(path).name}"

    def upload_string_as_file_body(self, body: str, bucket: str, key: str, **_: Any) -> str:  # noqa: ARG002
        """Returns where the SDK would put a text."""
        return f"s3://{bucket}/{key}"


def session(settings: dict[str, Any]) -> Session:
    """Returns a session for the notebooks, which runs jobs."""
    return Session(
        boto_session=boto3.Session(region_name=settings["region"]),
        default_bucket=settings["bucket"],
        sagemaker_config=SDK,
    )


def network(settings: dict[str, Any]) -> NetworkConfig:
    """Returns the project's network."""
    return NetworkConfig(subnets=settings["subnets"], security_group_ids=[settings["security_group_id"]])


def vpc(settings: dict[str, Any]) -> dict[str, list[str]]:
    """Returns the project's network, as models want it."""
    return {"Subnets": settings["subnets"], "SecurityGroupIds": [settings["security_group_id"]]}


def processor(config: dict[str, Any], settings: dict[str, Any], using: Session, *, name: str, script: str) -> Processor:
    """Returns a processing job that runs a script of src/; evaluation runs in the image that its model was made in."""
    image = "training" if script == "evaluate.py" else "preprocessing"
    chosen = config["preprocess_config"]
    return Processor(
        role=settings["role_arn"],
        image_uri=settings["images"][image],
        entrypoint=["python3", f"{CODE}/{script}"],
        instance_type=chosen["instance_type"],
        instance_count=chosen["instance_count"],
        volume_size_in_gb=chosen["volume_size_gb"],
        volume_kms_key=settings["kms_key_arn"],
        output_kms_key=settings["kms_key_arn"],
        max_runtime_in_seconds=3600,
        base_job_name=f"{settings['project']}-{name}",
        sagemaker_session=using,
        env={**chosen.get("environment", {}), "PROJECT": settings["project"]},
        tags=settings["tags"],
        network_config=network(settings),
    )


def estimator(config: dict[str, Any], settings: dict[str, Any], using: Session, output: Any) -> Estimator:
    """Returns the training job."""
    chosen = config["train_config"]
    return Estimator(
        image_uri=settings["images"]["training"],
        role=settings["role_arn"],
        instance_type=chosen["instance_type"],
        instance_count=chosen["instance_count"],
        volume_size=chosen["volume_size_gb"],
        volume_kms_key=settings["kms_key_arn"],
        max_run=chosen["max_runtime_seconds"],
        output_path=output,
        output_kms_key=settings["kms_key_arn"],
        base_job_name=f"{settings['project']}-train",
        sagemaker_session=using,
        hyperparameters=chosen.get("hyperparameters"),
        environment=chosen.get("environment"),
        tags=settings["tags"],
        subnets=settings["subnets"],
        security_group_ids=[settings["security_group_id"]],
        disable_profiler=True,
        debugger_hook_config=False,
    )


def fit(job: Estimator, inputs: dict[str, Any]) -> Any:
    """Returns the request of a training job. Called around `fit` is what reports over the network that it is used."""
    return Estimator.fit.__wrapped__(job, inputs=inputs)


def model(config: dict[str, Any], settings: dict[str, Any], using: Session, data: Any) -> Model:
    """Returns the model with the server that its kind of inference needs."""
    image = "transform" if config["inference_type"] == "batch" else "inference"
    return Model(
        image_uri=settings["images"][image],
        model_data=data,
        role=settings["role_arn"],
        name=f"{settings['project']}-model",
        env=config["inference_config"].get("environment"),
        vpc_config=vpc(settings),
        sagemaker_session=using,
    )


def check(settings: dict[str, Any], using: Session, name: str) -> CheckJobConfig:
    """Returns how the jobs run that compute baselines."""
    return CheckJobConfig(
        role=settings["role_arn"],
        instance_count=1,
        instance_type="ml.m5.xlarge",
        volume_size_in_gb=30,
        volume_kms_key=settings["kms_key_arn"],
        output_kms_key=settings["kms_key_arn"],
        max_runtime_in_seconds=3600,
        base_job_name=f"{settings['project']}-{name}",
        sagemaker_session=using,
        tags=settings["tags"],
        network_config=network(settings),
    )
