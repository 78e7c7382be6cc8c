//! The names of what a project consists of, each with its longest value, and their ARNs.
//!
//! Policies, pipelines and builds speak of each other by these names: a reference would make one wait for the other. A project's
//! name has neither `_` nor two hyphens beside each other, so a pipeline's name tells the project that it is of; where a hyphen
//! ends the project's part, only whole names are given, never beginnings.

use formwork::prelude::*;
use formwork::{Early, Text};

use crate::names;

/// The role of the project's notebooks and jobs.
pub(super) const PROJECT: &str = "project-role";
/// The role of the builds that run the platform's scripts.
pub(super) const BUILD: &str = "build";
/// The role of the builds that run the project's own code.
pub(super) const CODE: &str = "code";
/// The role that CloudFormation deploys the project's stacks with.
pub(super) const CFN: &str = "cfn";
/// The role of the project's and its users' pipelines.
pub(super) const PIPELINE: &str = "pipeline";
/// The role of what starts pipelines.
pub(super) const TRIGGER: &str = "trigger";

/// What each kind of image is for. A repository and a directory of containers are called after each.
const IMAGES: [&str; 4] = ["preprocessing", "transform", "training", "inference"];

/// The stacks that the project's pipelines deploy, in the order in which they go.
pub(super) const STACKS: [&str; 6] = [
    "monitor-stackset",
    "inference-stackset-prod",
    "inference-stackset-staging",
    "service-catalog-stack",
    "ecr-repo-stack",
    "model-group-stack",
];

/// A role of the project, by what it is for: 60 of 64 characters at most.
pub(super) fn role(project: Input<String>, purpose: &'static str) -> Text<Early> {
    sub!("{}-{project}-{purpose}", pseudo::REGION)
}

/// The ARN of such a role.
pub(super) fn role_arn(project: Input<String>, purpose: &'static str) -> Value<Arn> {
    let (partition, account) = (pseudo::PARTITION, pseudo::ACCOUNT_ID);
    let name = role(project, purpose);
    val(sub!("arn:{partition}:iam::{account}:role{}{name}", crate::products::ROLE_PATH))
}

/// A build project, by which builds it runs: 61 of 150 characters at most.
pub(super) fn build(project: Input<String>, purpose: &'static str) -> Text<Early> {
    sub!("{}-mlops-{project}-{purpose}", pseudo::REGION)
}

/// The builds of the project's users, one each. The name of another project's may look the same.
pub(super) fn user_builds(project: Input<String>) -> Text<Early> {
    build(project, "*-lcc")
}

/// The ARN of a build project, or of several.
pub(super) fn build_arn(name: Text<Early>) -> Text<Early> {
    sub!("{}/{name}", names::arn("codebuild", "project"))
}

/// A pipeline of the project: 49 of 100 characters at most.
pub(super) fn pipeline(project: Input<String>, kind: &'static str) -> Text<Early> {
    sub!("{project}_{kind}_pipeline")
}

/// The ARN of such a pipeline.
pub(super) fn pipeline_arn(project: Input<String>, kind: &'static str) -> Text<Early> {
    let (partition, region, account) = (pseudo::PARTITION, pseudo::REGION, pseudo::ACCOUNT_ID);
    let name = pipeline(project, kind);
    sub!("arn:{partition}:codepipeline:{region}:{account}:{name}")
}

/// A stack of the project: 59 of 128 characters at most.
pub(super) fn stack(project: Input<String>, name: &'static str) -> Text<Early> {
    sub!("{project}-{name}")
}

/// The ARNs of all of these, whatever their ids.
pub(super) fn stack_arns(project: Input<String>) -> [Text<Early>; 6] {
    STACKS.map(|name| {
        let name = stack(project, name);
        sub!("{}/{name}/*", names::arn("cloudformation", "stack"))
    })
}

/// The ARNs of the repositories of the project's images.
pub(super) fn repository_arns(project: Input<String>) -> [Text<Early>; 4] {
    IMAGES.map(|image| sub!("{}/{project}-repository-{image}", names::arn("ecr", "repository")))
}

/// The ARN of a rule that starts a pipeline, by what it waits for: 46 of 64 characters at most in its name.
pub(super) fn rule_arn(project: Input<String>, event: &'static str) -> Text<Early> {
    sub!("{}/{}", names::arn("events", "rule"), rule(project, event))
}

/// The name of such a rule.
pub(super) fn rule(project: Input<String>, event: &'static str) -> Text<Early> {
    sub!("mlops-{project}-{event}")
}
