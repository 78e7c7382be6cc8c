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
    add(t, parts, "ModelBuildPipeline", "build", stages::build(parts), after)
}

/// The pipeline that deploys what is approved.
pub(super) fn deploy(
    t: &mut Template,
    parts: Parts,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    add(t, parts, "ModelDeployPipeline", "deploy", stages::deploy(parts), after)
}

/// The pipeline that sets the project up, at once. Whatever its stacks are made for or with must be `after`: if one of
/// these failed while it runs already, its stacks would stay behind.
pub(super) fn project(
    t: &mut Template,
    parts: Parts,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    add(t, parts, "ProjectPipeline", "project", stages::project(parts), after)
}

fn add(
    t: &mut Template,
    parts: Parts,
    id: &'static str,
    kind: &'static str,
    stages: Vec<codepipeline::StageDeclaration>,
    after: impl formwork::Dependencies,
) -> Handle<codepipeline::Pipeline> {
    let by_key = codepipeline::EncryptionKey::new(codepipeline::EncryptionKeyRequired {
        id: parts.key.arn(),
        type_: "KMS",
    });
    let store = codepipeline::ArtifactStore::new(codepipeline::ArtifactStoreRequired {
        location: platform(PIPELINE_BUCKET),
        type_: codepipeline::ArtifactStoreType::S3,
    });
    t.add(
        id,
        codepipeline::Pipeline::new(codepipeline::PipelineRequired {
            role_arn: parts.roles.pipeline.arn(),
            stages,
        })
        .name(own::pipeline(parts.input.project_name, kind))
        .pipeline_type(codepipeline::PipelineType::V2)
        // A newer commit or model takes the place of one that still waits.
        .execution_mode(codepipeline::ExecutionMode::Superseded)
        .artifact_store(store.encryption_key(by_key))
        .tags(project_tags!(codepipeline, parts.input))
        .depends_on(after),
    )
}
