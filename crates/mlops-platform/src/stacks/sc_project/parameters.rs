//! What products, builds and functions read of this stack, below `/mlops/platform/` in Systems Manager.

use formwork::prelude::*;
use formwork::{IntoValue, ReleasedTemplate, Required};
use formwork_aws::{iam, servicecatalog, ssm};

use super::Setup;
use crate::products::{
    PRODUCT_BOUNDARY_ARN, PROJECT_TEMPLATE, SC_LAUNCH_ROLE_NAME, SC_PORTFOLIO_ID,
};
use crate::stacks::deploy_infra::parameters::PREFIX;
use crate::tags::{self, PLATFORM_VALUE};

pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    portfolio: Handle<servicecatalog::Portfolio>,
    launch_role: Handle<iam::Role>,
    project: ReleasedTemplate,
) {
    parameter(t, setup, "PortfolioIdParam", SC_PORTFOLIO_ID, portfolio);
    parameter(t, setup, "LaunchRoleNameParam", SC_LAUNCH_ROLE_NAME, launch_role);
    parameter(t, setup, "ProductBoundaryArnParam", PRODUCT_BOUNDARY_ARN, setup.boundary);
    parameter(t, setup, "ProjectTemplateParam", PROJECT_TEMPLATE, project.key());
}

fn parameter(
    t: &mut Template,
    setup: Setup,
    id: &'static str,
    name: &'static str,
    value: impl IntoValue<String, Required>,
) {
    let own =
        [(tags::COST_CENTER, val(setup.input.cost_center)), (tags::PLATFORM, val(PLATFORM_VALUE))];
    t.add(
        id,
        ssm::Parameter::new(ssm::ParameterRequired { type_: ssm::ParameterType::String, value })
            .name(format!("{PREFIX}{name}"))
            .tags(own),
    );
}
