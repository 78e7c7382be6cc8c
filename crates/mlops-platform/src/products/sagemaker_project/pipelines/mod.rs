//! The project's three pipelines: one sets the project up, one makes models of its code, one deploys what was approved.
//!
//! Each runs once when it is made. The first is wanted; the first script of the other two finds nothing to do and stops its own
//! run, so that nothing is red on the first day.

mod actions;
mod stages;

use formwork::prelude::*;
use formwork_aws::{codecommit, codepipeline, kms};

use super::builds::Builds;
use super::roles::Roles;
use super::{Inputs, names as own};
use crate::pipelines::artifacts;
use crate::products::{PIPELINE_BUCKET, platform};

/// The function that tells people that the project is ready, and Systems Manager too.
pub(super) const NOTIFY: &str = "studio-project-ready-notify";

/// What the pipelines are made of.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) input: Inputs,
    pub(super) key: Handle<kms::Key>,
    pub(super) repository: Handle<codecommit::Repository>,
    pub(super) roles: Roles,
    pub(super) builds: Builds,
}

/// The pipeline that makes models of what is merged.
pub(super) fn build(
    t: &mut Template,
    parts: Parts,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    t.add("ModelBuildPipeline", pipeline(parts, "build", stages::build(parts), after))
}

/// The pipeline that deploys what is approved.
pub(super) fn deploy(
    t: &mut Template,
    parts: Parts,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    t.add("ModelDeployPipeline", pipeline(parts, "deploy", stages::deploy(parts), after))
}

/// The pipeline that sets the project up, at once, and again after an update of the project, which also sets back what is known
/// of the project's state. Whatever else the project has must be `after`: if that failed while the pipeline runs already, the
/// stacks that it makes would stay behind.
pub(super) fn project(
    t: &mut Template,
    parts: Parts,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    let pipeline = pipeline(parts, "project", stages::project(parts), after);
    t.add("ProjectPipeline", pipeline.restart_execution_on_update(true))
}

fn pipeline(
    parts: Parts,
    kind: &'static str,
    stages: Vec<codepipeline::StageDeclaration>,
    after: impl formwork::Dependencies,
) -> codepipeline::Pipeline {
    codepipeline::Pipeline::new(codepipeline::PipelineRequired {
        role_arn: parts.roles.pipeline.arn(),
        stages,
    })
    .name(own::pipeline(parts.input.project_name, kind))
    .pipeline_type(codepipeline::PipelineType::V2)
    // A newer commit or model takes the place of one that still waits.
    .execution_mode(codepipeline::ExecutionMode::Superseded)
    .artifact_store(artifacts(platform(PIPELINE_BUCKET), parts.key.arn()))
    .tags(project_tags!(codepipeline, parts.input))
    .depends_on(after)
}
