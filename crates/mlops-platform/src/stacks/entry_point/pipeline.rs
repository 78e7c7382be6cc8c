//! The customer's own copy of the platform, and `mlops_platform_deploy`, the pipeline by which it evolves.
//!
//! A push to the repository builds a release in the region's own bucket and updates this very stack with it. The pipeline runs
//! once when it is made; its first build then sees that the checkout is what was launched, and does nothing.

use formwork::prelude::*;
use formwork_aws::{codecommit, codepipeline, events, iam, kms, s3, sts};

use super::Inputs;
use super::builds::Builds;
use super::permissions as may;
use crate::names;
use crate::pipelines::{action, artifacts, source, stage};
use crate::stacks::inline;
use crate::tags::{of_rule, tags};

/// What the pipeline is made of.
pub(super) struct Parts {
    pub(super) key: Handle<kms::Key>,
    pub(super) artifacts: Handle<s3::Bucket>,
    pub(super) store: Handle<s3::Bucket>,
    pub(super) builds: Builds,
    pub(super) create_repository: Condition,
    pub(super) has_boundary: Condition,
}

/// The repository with the sources that were launched. Its content is read once, when it is made.
pub(super) fn repository(
    t: &mut Template,
    input: Inputs,
    parts: &Parts,
    sources: formwork::Text<formwork::Early>,
) -> Handle<codecommit::Repository> {
    let code = codecommit::Code::new(codecommit::S3::new(codecommit::S3Required {
        bucket: parts.artifacts,
        key: sources,
    }))
    .branch_name(input.branch_name);
    t.add(
        "MlopsPlatformRepo",
        codecommit::Repository::new(names::PLATFORM_REPOSITORY)
            .repository_description("The platform's sources: a push updates the platform")
            .code(code)
            .kms_key_id(parts.key.arn())
            .tags(tags!(codecommit, input.cost_center))
            .when(parts.create_repository)
            .retain(),
    )
}

/// The pipeline and what starts it.
pub(super) fn pipeline(
    t: &mut Template,
    input: Inputs,
    parts: &Parts,
    repository: Handle<codecommit::Repository>,
    after: impl formwork::Dependencies,
) -> (Handle<codepipeline::Pipeline>, Handle<events::Rule>) {
    // The pipeline waits for the repository where this stack makes it; `DependsOn` knows no condition.
    let repository =
        val(when(parts.create_repository, repository.name(), names::PLATFORM_REPOSITORY));
    let role = service_role(t, input, parts);
    let pipeline = t.add(
        "MLOpsPlatformDeployPipeline",
        codepipeline::Pipeline::new(codepipeline::PipelineRequired {
            role_arn: role.arn(),
            stages: stages(repository, input, parts.builds),
        })
        .name(names::PLATFORM_PIPELINE)
        .pipeline_type(codepipeline::PipelineType::V2)
        .execution_mode(codepipeline::ExecutionMode::Queued)
        .artifact_store(artifacts(parts.store, parts.key.arn()))
        .tags(tags!(codepipeline, input.cost_center))
        .depends_on(after),
    );
    (pipeline, trigger(t, input, parts.has_boundary, pipeline))
}

fn stages(
    repository: Value<String>,
    input: Inputs,
    builds: Builds,
) -> [codepipeline::StageDeclaration; 4] {
    [
        stage(
            "Source",
            vec![
                source("source", repository, val(input.branch_name))
                    .output_artifacts([codepipeline::OutputArtifact::new("Sources")]),
            ],
        ),
        stage(
            "Build",
            vec![
                build("init_mlops_platform_repo", val(builds.init)),
                build("build_base_model_repo", val(builds.build)).namespace("Release"),
            ],
        ),
        stage(
            "Deploy",
            vec![build_with(
                "deploy_platform",
                val(builds.deploy),
                r##"[{"name":"CHANGED","value":"#{Release.CHANGED}"},{"name":"RELEASE_ID","value":"#{Release.RELEASE_ID}"}]"##,
            )],
        ),
        stage("Build_AWS_CodeArtifact", vec![build("build_codeartifact", val(builds.packages))]),
    ]
}

fn build(name: &'static str, project: Value<String>) -> codepipeline::ActionDeclaration {
    action(name, codepipeline::ActionTypeIdCategory::Build, "CodeBuild")
        .configuration(object([("ProjectName", project)]))
        .input_artifacts([codepipeline::InputArtifact::new("Sources")])
}

fn build_with(
    name: &'static str,
    project: Value<String>,
    variables: &'static str,
) -> codepipeline::ActionDeclaration {
    build(name, project).configuration(object([
        ("ProjectName", any(project)),
        ("EnvironmentVariables", any(variables)),
    ]))
}

fn service_role(t: &mut Template, input: Inputs, parts: &Parts) -> Handle<iam::Role> {
    let trust = Policy::new([allow(sts::actions::AssumeRole)
        .to(Principal::service("codepipeline"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_equals(condition::aws::SourceArn, may::pipeline_arn()))]);
    let boundary = input.permissions_boundary_arn;
    t.add(
        "CodePipelineServiceRole",
        iam::Role::new(trust)
            .role_name(names::platform_role("pipeline"))
            .description("The pipeline mlops_platform_deploy")
            .permissions_boundary(when(parts.has_boundary, boundary, no_value()))
            .policies([inline("Pipeline", Policy::new(may::run_the_pipeline(parts.key)))])
            .tags(tags!(iam, input.cost_center)),
    )
}

/// Starts the pipeline when somebody pushes to the branch.
fn trigger(
    t: &mut Template,
    input: Inputs,
    has_boundary: Condition,
    pipeline: Handle<codepipeline::Pipeline>,
) -> Handle<events::Rule> {
    let rule_name = "mlops-platform-push";
    let rule_arn = sub!("{}/{rule_name}", names::arn("events", "rule"));
    let trust = Policy::new([allow(sts::actions::AssumeRole)
        .to(Principal::service("events"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_equals(condition::aws::SourceArn, rule_arn))]);
    let boundary = input.permissions_boundary_arn;
    let role = t.add(
        "PipelineTriggerRole",
        iam::Role::new(trust)
            .role_name(names::platform_role("trigger"))
            .description("Starts mlops_platform_deploy after a push")
            .permissions_boundary(when(has_boundary, boundary, no_value()))
            .policies([inline("Start", Policy::new([may::start_the_pipeline()]))])
            .tags(tags!(iam, input.cost_center)),
    );
    let repository = names::arn("codecommit", names::PLATFORM_REPOSITORY);
    let pattern = object([
        ("source", any(["aws.codecommit"])),
        ("detail-type", any(["CodeCommit Repository State Change"])),
        ("resources", any([repository])),
        (
            "detail",
            any(object([
                ("event", any(["referenceCreated", "referenceUpdated"])),
                ("referenceType", any(["branch"])),
                ("referenceName", any([input.branch_name])),
            ])),
        ),
    ]);
    let target =
        events::Target::new(events::TargetRequired { arn: may::pipeline_arn(), id: "Pipeline" })
            .role_arn(role.arn());
    t.add(
        "PipelineTrigger",
        events::Rule::new()
            .name(rule_name)
            .description("A push to the platform's repository starts its pipeline")
            .event_pattern(pattern)
            .targets([target])
            .tags(of_rule(input.cost_center))
            .depends_on(pipeline),
    )
}
