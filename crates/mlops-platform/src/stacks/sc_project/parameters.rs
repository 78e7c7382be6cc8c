//! What products, builds and functions read of this stack, below `/mlops/platform/` in Systems Manager.

use formwork::prelude::*;
use formwork_aws::{iam, servicecatalog};

use super::Setup;
use crate::parameters;
use crate::products::{PRODUCT_BOUNDARY_ARN, SC_LAUNCH_ROLE_NAME, SC_PORTFOLIO_ID};

pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    portfolio: Handle<servicecatalog::Portfolio>,
    launch_role: Handle<iam::Role>,
) {
    let cost_center = setup.input.cost_center;
    parameters::add(t, "PortfolioIdParam", SC_PORTFOLIO_ID, portfolio, cost_center);
    parameters::add(t, "LaunchRoleNameParam", SC_LAUNCH_ROLE_NAME, launch_role, cost_center);
    parameters::add(
        t,
        "ProductBoundaryArnParam",
        PRODUCT_BOUNDARY_ARN,
        setup.boundary,
        cost_center,
    );
}
