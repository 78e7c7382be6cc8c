//! What Studio's "Create project" offers: a portfolio with the product "SageMaker Project", who may launch it, the role that
//! it is launched with, and the most that the roles of a project may do.
//!
//! The product's template is another stack of this program, put into the release but not nested: each launch of the
//! product is a stack of its own. So are the templates that a project's pipelines deploy.

mod catalog;
mod functions;
mod inputs;
mod launch_role;
mod parameters;
mod released;

use formwork::prelude::*;
use formwork_aws::{iam, servicecatalog as catalogs};

pub use inputs::{Inputs, ProvidedTemplatesState};

use crate::names;
use crate::products::boundary;
use crate::tags::tags;

/// The stack.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "sc-project",
    "sc-project-stack: the portfolio from which Studio makes projects",
    define,
);

/// What other stacks use.
#[derive(Outputs)]
pub struct Outputs {
    /// The portfolio that projects and their users are launched from.
    pub portfolio_id: Value<catalogs::PortfolioId>,
    /// The product "SageMaker Project".
    pub project_product_id: Value<catalogs::CloudFormationProductId>,
    /// Role that the platform's products are launched with.
    pub launch_role_arn: Value<iam::RoleArn>,
    /// Boundary of every role of a project.
    pub product_boundary_arn: Value<Arn>,
}

/// What every part of the stack is given.
#[derive(Clone, Copy)]
struct Setup {
    input: Inputs,
    has_boundary: Condition,
    has_product_role: Condition,
    /// The boundary of every role of a project: the customer's, else the platform's own.
    boundary: Value<Arn>,
}

impl Setup {
    /// A role of the platform: its boundary and its tags, which no role is without.
    fn role(self, purpose: &'static str, trusted: &'static str) -> iam::Role {
        let trust = allow(formwork_aws::sts::actions::AssumeRole).to(Principal::service(trusted));
        let own = self.input.permissions_boundary_arn;
        iam::Role::new(Policy::new([trust]))
            .role_name(names::platform_role(purpose))
            .permissions_boundary(when(self.has_boundary, own, no_value()))
            .tags(tags!(iam, self.input.cost_center))
    }
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());
    let has_product_role = t.condition("HasProductRole", !input.product_role_permission.is_empty());
    // Always there: a role that has it as its boundary would stand in the way of its removal.
    let own_boundary = t.add(
        "ProjectBoundary",
        iam::ManagedPolicy::new(boundary::policy())
            .managed_policy_name(names::project_boundary())
            .description("The most that a role of a project may do")
            .except("FW4102", "a test counts it; what it has no room for goes to ProjectDenials"),
    );
    t.add(
        "ProjectDenials",
        iam::ManagedPolicy::new(boundary::denials().into_iter().collect::<Policy>())
            .managed_policy_name(names::project_denials())
            .description("What no role of a project may do, whatever its boundary"),
    );
    let boundary: Value<Arn> =
        val(when(has_boundary, input.permissions_boundary_arn, own_boundary.policy_arn()));
    let setup = Setup { input, has_boundary, has_product_role, boundary };

    let launch_role = launch_role::add(t, setup);
    let released = released::add(t);
    let catalog = catalog::add(t, setup, released.project, launch_role);
    functions::project_cleanup(t, setup);
    functions::provided_templates(t, setup, &catalog);
    parameters::add(t, setup, catalog.portfolio, launch_role);
    released.write(t, setup);
    Outputs {
        portfolio_id: val(catalog.portfolio),
        project_product_id: val(catalog.product),
        launch_role_arn: launch_role.arn(),
        product_boundary_arn: boundary,
    }
}
