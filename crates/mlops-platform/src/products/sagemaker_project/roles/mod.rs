//! The roles of the project's pipelines and of what these run. Each does one thing and is told apart by whose code it runs:
//! the platform's scripts, the project's own code, or CloudFormation.
//!
//! None can make a role, and none reaches another project: each has the boundary and the denials of all projects' roles.

mod build;
mod cfn;
mod code;
mod pipeline;

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{codecommit, codepipeline, iam, kms, logs, s3, ssm, sts};

use super::{Inputs, names as own};
use crate::names;
use crate::products::boundary::denials_arn;
use crate::products::{PRODUCT_BOUNDARY_ARN, ROLE_PATH, platform};
use crate::stacks::inline;

/// What the roles are of.
#[derive(Clone, Copy)]
pub(super) struct Of {
    pub(super) input: Inputs,
    pub(super) key: Handle<kms::Key>,
    pub(super) bucket: Handle<s3::Bucket>,
    pub(super) repository: Handle<codecommit::Repository>,
}

/// The roles, with their policies.
#[derive(Clone, Copy)]
pub(super) struct Roles {
    pub(super) pipeline: Handle<iam::Role>,
    pub(super) build: Handle<iam::Role>,
    pub(super) code: Handle<iam::Role>,
    pub(super) cfn: Handle<iam::Role>,
    pub(super) trigger: Handle<iam::Role>,
}

impl Roles {
    pub(super) fn all(self) -> [Handle<iam::Role>; 5] {
        [self.pipeline, self.build, self.code, self.cfn, self.trigger]
    }
}

pub(super) fn add(t: &mut Template, of: Of) -> Roles {
    Roles {
        pipeline: pipeline::add(t, of),
        build: build::add(t, of),
        code: code::add(t, of),
        cfn: cfn::add(t, of),
        trigger: trigger(t, of),
    }
}

/// What tells one role from another.
struct Role {
    id: &'static str,
    purpose: &'static str,
    description: &'static str,
    service: &'static str,
    /// For whose sake alone the service may take the role; none where it does not say.
    sources: Vec<Text<Early>>,
    policies: Vec<(&'static str, Vec<Statement>)>,
}

impl Of {
    fn role(self, t: &mut Template, role: Role) -> Handle<iam::Role> {
        let project = self.input.project_name;
        let mut trust = allow(sts::actions::AssumeRole)
            .to(Principal::service(role.service))
            .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID));
        if !role.sources.is_empty() {
            trust = trust.when(condition::arn_like(condition::aws::SourceArn, role.sources));
        }
        let policies = role
            .policies
            .into_iter()
            .map(|(name, statements)| inline(name, Policy::new(statements)));
        t.add(
            role.id,
            iam::Role::new(Policy::new([trust]))
                .role_name(own::role(project, role.purpose))
                .path(ROLE_PATH)
                .description(sub!("Project {project}: {}", role.description))
                .permissions_boundary(platform(PRODUCT_BOUNDARY_ARN))
                .managed_policy_arns([denials_arn()])
                .policies(policies.collect::<Vec<_>>())
                .tags(project_tags!(iam, self.input)),
        )
    }

    /// Use of the project's key.
    fn use_the_key(self) -> Statement {
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
        ])
        .on(self.key.arn())
    }

    /// What the platform and the project consist of, as scripts read it. The tags of the parameter `tags` are those that
    /// people gave the project.
    fn parameters(self) -> Statement {
        let (project, all) = (self.input.project_name, names::arn("ssm", "parameter/mlops"));
        allow([
            ssm::actions::GetParameter,
            ssm::actions::GetParameters,
            ssm::actions::GetParametersByPath,
            ssm::actions::ListTagsForResource,
        ])
        .on((
            sub!("{all}/platform/*"),
            sub!("{all}/projects/{project}"),
            sub!("{all}/projects/{project}/*"),
        ))
    }

    /// The first script of a pipeline that finds nothing to do stops it.
    fn stop(self, pipelines: impl IntoIterator<Item = &'static str>) -> Statement {
        let project = self.input.project_name;
        let pipelines = pipelines.into_iter().map(|kind| own::pipeline_arn(project, kind));
        allow(codepipeline::actions::StopPipelineExecution).on(pipelines.collect::<Vec<_>>())
    }

    /// SageMaker works with the project's role, whoever starts it.
    fn hand_on_the_project_role(self) -> Statement {
        hand_on(own::role_arn(self.input.project_name, own::PROJECT), "sagemaker")
    }
}

/// What pipelines hand from action to action. CodePipeline cuts a pipeline's name to 20 characters for the keys of its
/// artifacts, which a template cannot compute; the project's key keeps projects apart.
fn artifacts(actions: impl IntoIterator<Item = Action>) -> [Statement; 2] {
    let bucket = names::bucket_arn("pipelines");
    [
        allow(actions.into_iter().collect::<Vec<_>>()).on(sub!("{bucket}/*")),
        allow([
            s3::actions::GetBucketAcl,
            s3::actions::GetBucketLocation,
            s3::actions::GetBucketVersioning,
        ])
        .on(bucket),
    ]
}

/// The logs of builds, by their names.
fn logs(builds: impl IntoIterator<Item = Text<Early>>) -> Statement {
    let group = |name| sub!("{}/{name}:*", names::arn("logs", "log-group:/aws/codebuild"));
    allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
        .on(builds.into_iter().map(group).collect::<Vec<_>>())
}

/// Gives a service a role to work with.
fn hand_on(role: Value<Arn>, service: &'static str) -> Statement {
    allow(iam::actions::PassRole).on(role).when(condition::string_equals(
        iam::condition_keys::PassedToService,
        format!("{service}.amazonaws.com"),
    ))
}

/// Starts the build pipeline after a merge and the deploy pipeline after an approval.
fn trigger(t: &mut Template, of: Of) -> Handle<iam::Role> {
    let project = of.input.project_name;
    let started = ["build", "deploy"].map(|kind| own::pipeline_arn(project, kind));
    of.role(
        t,
        Role {
            id: "TriggerRole",
            purpose: own::TRIGGER,
            description: "starts pipelines",
            service: "events",
            sources: vec![own::rule_arn(project, "merge"), own::rule_arn(project, "approval")],
            policies: vec![(
                "Start",
                vec![allow(codepipeline::actions::StartPipelineExecution).on(started)],
            )],
        },
    )
}
