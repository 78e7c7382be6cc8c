//! The pipeline that fits the profile out, and its build. It runs once by itself, when it is made; whoever wants the profile to
//! have a newer lifecycle configuration releases it again.

use formwork::prelude::*;
use formwork_aws::{codebuild, codepipeline, logs, sagemaker};

use super::{Inputs, Names, of_project, platform};
use crate::names;
use crate::pipelines::{action, artifacts, source, stage};
use crate::products::{INFRA_BRANCH_NAME, PIPELINE_BUCKET};
use crate::stacks::deploy_infra::parameters::KMS_KEY_ARN;

/// The one action, its buildspec and what its script is told to be.
const ACTION: &str = "associate_user_lifecycle";

/// The platform's sources, as the build finds them.
const SOURCES: &str = "PlatformRepo";

pub(super) fn add(
    t: &mut Template,
    input: Inputs,
    names: Names,
    profile: Handle<sagemaker::UserProfile>,
) -> Handle<codepipeline::Pipeline> {
    let build = build(t, input, names, profile);
    t.add(
        "UserPipeline",
        codepipeline::Pipeline::new(codepipeline::PipelineRequired {
            role_arn: of_project(input, "pipeline-role-arn"),
            stages: [
                stage("Source", vec![sources()]),
                stage("CreateAssociation", vec![associate(build)]),
            ],
        })
        .name(names.pipeline)
        .pipeline_type(codepipeline::PipelineType::V2)
        .execution_mode(codepipeline::ExecutionMode::Superseded)
        .artifact_store(artifacts(platform(PIPELINE_BUCKET), of_project(input, "kms-key-arn")))
        .tags(project_tags!(codepipeline, input)),
    )
}

/// The build runs code of the platform only, with the role of the project's that may change its profiles.
fn build(
    t: &mut Template,
    input: Inputs,
    names: Names,
    profile: Handle<sagemaker::UserProfile>,
) -> Handle<codebuild::Project> {
    let name = names.build;
    let group = t.add(
        "UserLifeCycleConfigLogs",
        logs::LogGroup::new()
            .log_group_name(sub!("/aws/codebuild/{name}"))
            // The project's key does not let CloudWatch Logs in.
            .kms_key_id(platform(KMS_KEY_ARN))
            .retention_in_days(30)
            .tags(project_tags!(logs, input))
            // So that it is the profile of whoever is there already that stands in the way, and nothing else.
            .depends_on(profile)
            .delete_with_stack(),
    );
    let variable = |name: &'static str, value: Value<String>| {
        codebuild::EnvironmentVariable::new(codebuild::EnvironmentVariableRequired { name, value })
    };
    let environment = codebuild::Environment::new(codebuild::EnvironmentRequired {
        compute_type: "BUILD_GENERAL1_SMALL",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        type_: "LINUX_CONTAINER",
    })
    .environment_variables([
        variable("ACTION", val(ACTION)),
        variable("PROJECT", val(input.project_name)),
        variable("PROJECT_ID", val(input.project_id)),
        variable("USER_PROFILE", val(names.profile)),
    ]);
    let buildspec = format!("crates/mlops-platform/assets/buildspecs/{ACTION}.yaml");
    t.add(
        "UserLifeCycleConfigProject",
        codebuild::Project::new(codebuild::ProjectRequired {
            artifacts: codebuild::Artifacts::new("CODEPIPELINE"),
            environment,
            service_role: of_project(input, "build-role-arn"),
            source: codebuild::Source::new("CODEPIPELINE").build_spec(buildspec),
        })
        .name(name)
        .description("Fits out a person's Studio profile in the project")
        .encryption_key(of_project(input, "kms-key-arn"))
        .logs_config(
            codebuild::LogsConfig::new().cloud_watch_logs(
                codebuild::CloudWatchLogsConfig::new("ENABLED").group_name(group),
            ),
        )
        .timeout_in_minutes(30)
        .tags(project_tags!(codebuild, input)),
    )
}

/// A push to the platform does not fit out every user again, so nothing starts the pipeline.
fn sources() -> codepipeline::ActionDeclaration {
    let branch = val(platform(INFRA_BRANCH_NAME));
    source("platform_repo", val(names::PLATFORM_REPOSITORY), branch)
        .output_artifacts([codepipeline::OutputArtifact::new(SOURCES)])
}

fn associate(build: Handle<codebuild::Project>) -> codepipeline::ActionDeclaration {
    action(ACTION, codepipeline::ActionTypeIdCategory::Build, "CodeBuild")
        .configuration(object([("ProjectName", build)]))
        .input_artifacts([codepipeline::InputArtifact::new(SOURCES)])
}
