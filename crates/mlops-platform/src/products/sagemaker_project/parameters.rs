//! What pipelines, functions and people's apps read of a project, below `/mlops/projects/{project}/` in Systems Manager.

use formwork::prelude::*;
use formwork::{Early, IntoValue, Required, Text};
use formwork_aws::{codecommit, iam, kms, s3, ssm};

use super::Inputs;
use super::roles::Roles;
use crate::tags::{self, PLATFORM_VALUE};

/// What the project consists of.
pub(super) struct Owned {
    pub(super) key: Handle<kms::Key>,
    pub(super) bucket: Handle<s3::Bucket>,
    pub(super) repository: Handle<codecommit::Repository>,
    pub(super) role: Handle<iam::Role>,
    pub(super) roles: Roles,
    pub(super) data_scientist: Value<Arn>,
}

pub(super) fn add(t: &mut Template, input: Inputs, owned: &Owned) -> Vec<Handle<ssm::Parameter>> {
    // An empty value is refused.
    let has_description = t.condition("HasDescription", !input.project_description.is_empty());
    let name = input.project_name;
    let description =
        when(has_description, input.project_description, sub!("SageMaker project {name}"));

    let mut write = |id, name, value| parameter(t, input, id, name, value);
    vec![
        write("IdParam", "id", text(input.project_id)),
        write("DescriptionParam", "description", text(description)),
        write("TagsParam", "tags", text(all_tags(input))),
        write("ProblemTypeParam", "problem-type", text(input.problem_type)),
        write("InferenceTypeParam", "inference-type", text(input.inference_type)),
        write("BucketParam", "bucket", text(owned.bucket)),
        write("KmsKeyArnParam", "kms-key-arn", text(owned.key.arn())),
        write("RoleArnParam", "role-arn", text(owned.role.arn())),
        write("BuildRoleArnParam", "build-role-arn", text(owned.roles.build.arn())),
        write("PipelineRoleArnParam", "pipeline-role-arn", text(owned.roles.pipeline.arn())),
        write("RepositoryParam", "repository", text(owned.repository.name())),
        write("CostCenterParam", "cost-center", text(input.cost_center)),
        write("DataScientistRoleArnParam", "datascientist-role-arn", text(owned.data_scientist)),
        // What the project's pipeline ends with makes it `ready`. An update may set it back, and has the pipeline run again.
        write("StatusParam", "status", text("creating")),
    ]
}

/// Whatever it means, a parameter holds it as text.
fn text(value: impl IntoValue<String, Required>) -> Value<String> {
    val(value)
}

/// The tags of everything that belongs to the project, as JSON. No value of theirs can hold a quotation mark.
fn all_tags(input: Inputs) -> Text<Early> {
    let Inputs { cost_center, project_name, project_id, .. } = input;
    sub!(
        r#"{{"{}":"{cost_center}","{}":"{}","{}":"{project_name}","{}":"{project_id}"}}"#,
        tags::COST_CENTER,
        tags::PLATFORM,
        PLATFORM_VALUE,
        tags::PROJECT,
        tags::PROJECT_ID
    )
}

fn parameter(
    t: &mut Template,
    input: Inputs,
    id: &'static str,
    name: &'static str,
    value: Value<String>,
) -> Handle<ssm::Parameter> {
    let project = input.project_name;
    let own = [
        (tags::COST_CENTER, val(input.cost_center)),
        (tags::PLATFORM, val(PLATFORM_VALUE)),
        (tags::PROJECT, val(project)),
        (tags::PROJECT_ID, val(input.project_id)),
    ];
    t.add(
        id,
        ssm::Parameter::new(ssm::ParameterRequired { type_: ssm::ParameterType::String, value })
            .name(sub!("/mlops/projects/{project}/{name}"))
            .tags(own),
    )
}
