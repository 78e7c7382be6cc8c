//! Parameters of Systems Manager below `/mlops/platform/`: what products, builds and functions know of the platform.
//!
//! Each stack writes its own; the names that others read are constants beside whoever writes or reads them.

use formwork::prelude::*;
use formwork::{IntoValue, Required};
use formwork_aws::ssm;

use crate::tags::{self, PLATFORM_VALUE};

/// What the names of all these parameters begin with.
pub const PREFIX: &str = "/mlops/platform/";

/// Adds the parameter `/mlops/platform/{name}`. Whatever the value means, a parameter holds it as text.
#[track_caller]
pub(crate) fn add(
    t: &mut Template,
    id: &'static str,
    name: &'static str,
    value: impl IntoValue<String, Required>,
    cost_center: Input<String>,
) -> Handle<ssm::Parameter> {
    t.add(
        id,
        ssm::Parameter::new(ssm::ParameterRequired { type_: ssm::ParameterType::String, value })
            .name(format!("{PREFIX}{name}"))
            .tags([(tags::COST_CENTER, val(cost_center)), (tags::PLATFORM, val(PLATFORM_VALUE))]),
    )
}
