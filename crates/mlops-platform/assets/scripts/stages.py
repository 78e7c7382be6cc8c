"""What the stacks that deploy and watch models take, in whatever stage.

Invariant: where a model's account is not the project's, no subnet and no security group of the project's is named.
"""

from common import WorkError
from project import of_platform, of_project, parameters_of, template_key, url

STAGES = ("staging", "prod")
PLATFORM = (
    "staging-account-id",
    "prod-account-id",
    "stackset-admin-role-arn",
    "stackset-execution-role-name",
    "inference-boundary-name",
    "subnet-ids",
    "compute-security-group-id",
)
INSTANCE = {"InstanceType": "ml.m5.large", "InstanceCount": "1"}  # unless the package or the stack says otherwise
METADATA = {"InstanceType": "inference-instance-type", "InstanceCount": "inference-instance-count"}


def stack_of(project: str, stage: str) -> str:
    """Returns the name of the stack that deploys a stage's models."""
    return f"{project}-inference-stackset-{stage}"


def account_and_region(build: str) -> tuple[str, str]:
    """Returns where a build runs, by its ARN."""
    _, _, _, region, account, _ = build.split(":", 5)
    return account, region


def target(project: str, stage: str, build: str, bucket: str, template: str) -> dict[str, str]:
    """Returns the parameters that say where a stage's model is deployed, and with which template of the release."""
    if stage not in STAGES:
        raise WorkError(f"stage {stage}: allowed are {' and '.join(STAGES)}: the pipeline's action sets STAGE")
    account, region = account_and_region(build)
    platform = of_platform(*PLATFORM)
    own = of_project(project, "inference-type", "bucket", "kms-key-arn")
    there = platform[f"{stage}-account-id"]
    here = there == account
    return {
        "Stage": stage,
        "InferenceType": own["inference-type"],
        "TargetAccountId": there,
        "AdministrationRoleArn": platform["stackset-admin-role-arn"],
        "ExecutionRoleName": platform["stackset-execution-role-name"],
        "BoundaryName": platform["inference-boundary-name"],
        "TemplateUrl": url(bucket, region, template_key(template)),
        "BucketName": own["bucket"],
        "KmsKeyArn": own["kms-key-arn"],
        "VpcSubnets": platform["subnet-ids"] if here else "",
        "SecurityGroupId": platform["compute-security-group-id"] if here else "",
    }


def model(
    project: str, stage: str, package: str | None = None, metadata: dict[str, str] | None = None
) -> dict[str, str]:
    """Returns the parameters that say what a stage deploys: a package, else what the stage has, be it nothing yet.

    What a package does not say of its instances stays as it is.
    """
    has, said = parameters_of(stack_of(project, stage)), metadata or {}
    instance = {name: said.get(METADATA[name]) or has.get(name) or usual for name, usual in INSTANCE.items()}
    return {
        "ModelPackageArn": package or has.get("ModelPackageArn", ""),
        **instance,
        "CaptureData": "true" if stage == "prod" else "false",
    }
