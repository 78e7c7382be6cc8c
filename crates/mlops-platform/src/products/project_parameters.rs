//! Parameters of Systems Manager that a project's sub-stacks write: `/mlops/projects/{project}/{name}`, with the project's tags.

use formwork::prelude::*;
use formwork::{IntoValue, Required};
use formwork_aws::ssm;

use crate::tags::{self, PLATFORM_VALUE};

/// Whose a parameter is.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub(super) project_name: Input<String>,
    pub(super) project_id: Input<String>,
    pub(super) cost_center: Input<String>,
}

/// Adds a parameter of the project. Whatever the value means, a parameter holds it as text.
#[track_caller]
pub(super) fn add(
    t: &mut Template,
    owner: Owner,
    id: impl formwork::IntoName,
    name: String,
    value: impl IntoValue<String, Required>,
) -> Handle<ssm::Parameter> {
    let project = owner.project_name;
    t.add(
        id,
        ssm::Parameter::new(ssm::ParameterRequired { type_: ssm::ParameterType::String, value })
            .name(sub!("/mlops/projects/{project}/{name}"))
            .tags([
                (tags::COST_CENTER, val(owner.cost_center)),
                (tags::PLATFORM, val(PLATFORM_VALUE)),
                (tags::PROJECT, val(project)),
                (tags::PROJECT_ID, val(owner.project_id)),
            ]),
    )
}
