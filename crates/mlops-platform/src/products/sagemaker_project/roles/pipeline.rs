//! The role of the project's pipelines and of its users': it fetches sources, starts builds, deploys the project's stacks with
//! their own role, and calls the function that tells people.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{cloudformation, codebuild, codecommit, iam, kms, lambda, s3};

use super::{Of, Role, artifacts, hand_on};
use crate::names;
use crate::products::platform;
use crate::products::sagemaker_project::names as own;
use crate::products::sagemaker_project::pipelines::NOTIFY;
use crate::stacks::deploy_infra::parameters::KMS_KEY_ARN;

pub(super) fn add(t: &mut Template, of: Of) -> Handle<iam::Role> {
    let project = of.input.project_name;
    let pipelines = ["project", "build", "deploy", "*_user"];
    of.role(
        t,
        Role {
            id: "PipelineRole",
            purpose: own::PIPELINE,
            description: "pipelines",
            service: "codepipeline",
            sources: pipelines.map(|kind| own::pipeline_arn(project, kind)).into(),
            policies: vec![("Sources", sources(of)), ("Actions", actions(of))],
        },
    )
}

/// Both repositories, what is handed from action to action, and the keys of both.
fn sources(of: Of) -> Vec<Statement> {
    let kept = [s3::actions::GetObject, s3::actions::GetObjectVersion, s3::actions::PutObject];
    let repositories = (names::arn("codecommit", names::PLATFORM_REPOSITORY), of.repository.arn());
    let mut statements = vec![
        allow([
            codecommit::actions::CancelUploadArchive,
            codecommit::actions::GetBranch,
            codecommit::actions::GetCommit,
            codecommit::actions::GetRepository,
            codecommit::actions::GetUploadArchiveStatus,
            codecommit::actions::UploadArchive,
        ])
        .on(repositories),
        of.use_the_key(),
        allow([kms::actions::Decrypt, kms::actions::DescribeKey]).on(platform(KMS_KEY_ARN)),
    ];
    statements.extend(artifacts(kept));
    statements
}

/// What the actions do.
fn actions(of: Of) -> Vec<Statement> {
    let project = of.input.project_name;
    let builds = [
        own::build(project, "scripts"),
        own::build(project, "code"),
        own::build(project, "docker"),
        own::user_builds(project),
    ];
    vec![
        allow([codebuild::actions::BatchGetBuilds, codebuild::actions::StartBuild])
            .on(builds.map(own::build_arn)),
        allow([
            cloudformation::actions::CreateStack,
            cloudformation::actions::DescribeStackEvents,
            cloudformation::actions::DescribeStackResources,
            cloudformation::actions::DescribeStacks,
            cloudformation::actions::GetTemplate,
            cloudformation::actions::TagResource,
            cloudformation::actions::UntagResource,
            cloudformation::actions::UpdateStack,
        ])
        .on(own::stack_arns(project)),
        hand_on(own::role_arn(project, own::CFN), "cloudformation"),
        allow(lambda::actions::InvokeFunction)
            .on(sub!("{}:{NOTIFY}", names::arn("lambda", "function"))),
        // CodePipeline looks for the function before it calls it.
        allow(lambda::actions::ListFunctions).on_all("the list is of all functions"),
    ]
}
