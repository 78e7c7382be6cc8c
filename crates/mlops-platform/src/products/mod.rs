//! The products of Service Catalog, one module each. Whoever makes a project launches one; its template is in the release, and
//! no stack of the platform nests it.
//!
//! A product reads what the platform is from Systems Manager by dynamic references, so that nobody can edit it in a form, and
//! calls the platform's functions by their fixed names.

/// The tags of a resource of a project: the platform's, and the two that SageMaker knows projects by. `$input` has the cost
/// center, the project's name and its id.
macro_rules! project_tags {
    ($service:ident, $input:expr) => {{
        let [cost_center, platform] = $crate::tags::tags!($service, $input.cost_center);
        let tag = |key, value| $service::Tag::new($service::TagRequired { key, value });
        [
            cost_center,
            platform,
            tag($crate::tags::PROJECT, $input.project_name),
            tag($crate::tags::PROJECT_ID, $input.project_id),
        ]
    }};
}

pub mod boundary;
pub mod sagemaker_project;
pub mod seeds;

use crate::parameters::PREFIX;

/// The path of the roles of projects.
pub const ROLE_PATH: &str = "/mlops/";

/// The portfolio of projects and their users.
pub const SC_PORTFOLIO_ID: &str = "sc-portfolio-id";
/// The role that products are launched with.
pub const SC_LAUNCH_ROLE_NAME: &str = "sc-launch-role-name";
/// The boundary of every role that a product makes.
pub const PRODUCT_BOUNDARY_ARN: &str = "product-boundary-arn";
/// The key of the template of the product "SageMaker Project" in the artifacts bucket.
pub const PROJECT_TEMPLATE: &str = "templates/smproject";

/// A parameter of the platform, read when the product is launched or updated: 60 of them at most in a template.
#[must_use]
pub fn platform(name: &'static str) -> String {
    format!("{{{{resolve:ssm:{PREFIX}{name}}}}}")
}
