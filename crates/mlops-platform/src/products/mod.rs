//! The products of Service Catalog, one module each. Whoever makes a project launches one; its template is in the release, and
//! no stack of the platform nests it.
//!
//! A product reads what the platform is from Systems Manager by dynamic references, so that nobody can edit it in a form, and
//! calls the platform's functions by their fixed names.

pub mod boundary;
pub mod sagemaker_project;

/// The portfolio of projects and their users.
pub const SC_PORTFOLIO_ID: &str = "sc-portfolio-id";
/// The role that products are launched with.
pub const SC_LAUNCH_ROLE_NAME: &str = "sc-launch-role-name";
/// The boundary of every role that a product makes.
pub const PRODUCT_BOUNDARY_ARN: &str = "product-boundary-arn";

/// A parameter of the platform, read when the product is launched: 60 of them at most in a template.
#[must_use]
pub fn platform(name: &'static str) -> String {
    format!("{{{{resolve:ssm:/mlops/platform/{name}}}}}")
}
