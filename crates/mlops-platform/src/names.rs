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
