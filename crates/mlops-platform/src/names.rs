//! Names that several stacks and products must agree on, each with its longest value, and the shapes of ARNs.
//!
//! IAM is global while the platform stands once a region, so the names of roles and policies begin with the region.

use formwork::prelude::*;
use formwork::{Early, Text};

/// Path of every role that a model or monitor runs with.
pub const INFERENCE_PATH: &str = "/mlops/inference/";

/// The role with which stack sets work in an account, by the account that administers: 52 of 64 characters.
#[must_use]
pub fn stackset_execution_role(administrator: Value<AccountId>) -> Text {
    sub!("{}-mlops-stackset-execution-{administrator}", pseudo::REGION)
}

/// The role with which CloudFormation administers stack sets: 48 of 64 characters.
#[must_use]
pub fn stackset_admin_role(administrator: Value<AccountId>) -> Text {
    sub!("{}-mlops-stackset-admin-{administrator}", pseudo::REGION)
}

/// The boundary of every role that a model or monitor runs with: 53 of 128 characters.
#[must_use]
pub fn inference_boundary(administrator: Value<AccountId>) -> Text {
    sub!("{}-mlops-inference-boundary-{administrator}", pseudo::REGION)
}

/// The boundary of every role of a project: 50 of 128 characters.
#[must_use]
pub fn project_boundary() -> Text<Early> {
    sub!("{}-mlops-project-boundary-{}", pseudo::REGION, pseudo::ACCOUNT_ID)
}

/// What no role of a project may ever do: 49 of 128 characters.
#[must_use]
pub fn project_denials() -> Text<Early> {
    sub!("{}-mlops-project-denials-{}", pseudo::REGION, pseudo::ACCOUNT_ID)
}

/// The role of the functions behind the entry point's own custom resources: 41 of 64 characters.
#[must_use]
pub fn helper_role() -> Text<Early> {
    sub!("{}-mlops-helper-{}", pseudo::REGION, pseudo::ACCOUNT_ID)
}

/// The ARN of something of this account in this region: `arn:aws:lambda:eu-west-1:123456789012:function:x`.
#[must_use]
pub fn arn(service: &'static str, resource: &'static str) -> Text<Early> {
    let (partition, region, account) = (pseudo::PARTITION, pseudo::REGION, pseudo::ACCOUNT_ID);
    sub!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

/// The customer's own copy of the platform.
pub const PLATFORM_REPOSITORY: &str = "aws-enterprise-mlops-platform";

/// A role of the platform itself, by what it is for: 52 of 64 characters at most.
#[must_use]
pub fn platform_role(purpose: &'static str) -> Text<Early> {
    sub!("{}-mlops-{purpose}-{}", pseudo::REGION, pseudo::ACCOUNT_ID)
}

/// The ARN of one of the platform's own buckets: `artifacts`, `pipelines`, `access-logs`.
#[must_use]
pub fn bucket_arn(name: &'static str) -> Text<Early> {
    let (account, region) = (pseudo::ACCOUNT_ID, pseudo::REGION);
    sub!("arn:{}:s3:::{account}-{region}-mlops-{name}", pseudo::PARTITION)
}

/// The role of a persona, by its name on the platform setup page: 48 of 64 characters at most.
#[must_use]
pub fn persona_role(persona: &'static str) -> Text<Early> {
    sub!("{}-{persona}-{}", pseudo::REGION, pseudo::ACCOUNT_ID)
}

/// The pipeline that deploys the platform's own changes.
pub const PLATFORM_PIPELINE: &str = "mlops_platform_deploy";

/// What the keys of that pipeline's artifacts begin with: CodePipeline cuts its name to 20 characters.
pub const PLATFORM_PIPELINE_ARTIFACTS: &str = "mlops_platform_deplo";

/// The builds of that pipeline.
pub const PLATFORM_BUILDS: [&str; 4] =
    ["init_mlops_platform_repo", "build_base_model_repo", "deploy_platform", "build_codeartifact"];

/// The domain of the Python packages.
pub const PACKAGE_DOMAIN: &str = "mlops";

/// The repository of the Python packages.
pub const PACKAGE_REPOSITORY: &str = "mlops-codeartifact-repository";

/// Where the customer's own copy of the platform is cloned from, by HTTPS with the credential helper.
#[must_use]
pub fn clone_url() -> Text<Early> {
    let (region, suffix) = (pseudo::REGION, pseudo::URL_SUFFIX);
    sub!("https://git-codecommit.{region}.{suffix}/v1/repos/{PLATFORM_REPOSITORY}")
}
