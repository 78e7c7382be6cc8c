//! The most that a role of a project may do, whatever its own policies say.
//!
//! A customer who gives a boundary of his own replaces this one, and a role has only one; so the denials here are also in
//! each role's own policies.

use formwork::Text;
use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{
    cloudformation, cloudwatch, codeartifact, codebuild, codecommit, codepipeline, ec2, ecr, iam,
    kms, lambda, logs, s3, sagemaker, servicecatalog, ssm, sts,
};

use crate::names;
use crate::tags::STUDIO_VISIBILITY;

/// The boundary: what the roles of a project need between them, and what none may ever do.
#[must_use]
pub fn policy() -> Policy {
    data().into_iter().chain(code()).chain(stacks()).chain(denials()).collect()
}

/// What a role may not do even if something else allows it.
#[must_use]
pub fn denials() -> Vec<Statement> {
    vec![]
}
