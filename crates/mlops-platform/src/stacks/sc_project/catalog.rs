//! The portfolio, its one product, and who may launch it.
//!
//! Studio shows a product of the portfolios that the caller's role is a principal of, if the product has the tag
//! `sagemaker:studio-visibility`. What is launched is made with the launch role, so whoever launches needs no right of
//! it; without the constraint it would be made with his own.
//!
//! Tags of the portfolio and the product go to all that is launched, so neither has a cost center: a project has its own.

use formwork::ReleasedTemplate;
use formwork::prelude::*;
use formwork_aws::{iam, servicecatalog as catalog};

use super::Setup;
use crate::tags::{STUDIO_VISIBILITY, tags};

/// Who offers the portfolio and owns the product, as the console shows it.
const PROVIDER: &str = "MLOps platform";

/// What other parts use of it.
#[derive(Clone, Copy)]
pub(super) struct Catalog {
    pub(super) portfolio: Handle<catalog::Portfolio>,
    pub(super) product: Handle<catalog::CloudFormationProduct>,
    pub(super) admin: Handle<catalog::PortfolioPrincipalAssociation>,
}

pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    template: ReleasedTemplate,
    launch_role: Handle<iam::Role>,
) -> Catalog {
    let input = setup.input;
    let [_, platform] = tags!(catalog, input.cost_center);
    let portfolio = catalog::PortfolioRequired {
        display_name: sub!("{} MLOps projects", pseudo::REGION),
        provider_name: PROVIDER,
    };
    let portfolio = t.add(
        "Portfolio",
        catalog::Portfolio::new(portfolio)
            .description("Projects of the MLOps platform and their users")
            .tags([platform]),
    );
    let product = t.add("ProjectProduct", product(setup, template));
    let offered = t.add(
        "ProductAssociation",
        catalog::PortfolioProductAssociation::new().portfolio_id(portfolio).product_id(product),
    );
    let constraint =
        catalog::LaunchRoleConstraintRequired { portfolio_id: portfolio, product_id: product };
    let constraint = t.add(
        "LaunchConstraint",
        catalog::LaunchRoleConstraint::new(constraint)
            .description("Products are made with the platform's launch role")
            .role_arn(launch_role.arn())
            .depends_on(offered),
    );
    // Nobody may launch before the constraint is there, nor after it is gone.
    let principal = |role| {
        catalog::PortfolioPrincipalAssociation::new("IAM")
            .portfolio_id(portfolio)
            .principal_arn(role)
            .depends_on(constraint)
    };
    let admin = t.add("AdminPrincipal", principal(input.data_science_admin_role_arn));
    t.add("ExtraPrincipal", principal(input.product_role_permission).when(setup.has_product_role));
    Catalog { portfolio, product, admin }
}

/// One version, named after its template. An older one goes: what was launched of it stays and can be terminated, and an
/// update takes the new one.
fn product(setup: Setup, template: ReleasedTemplate) -> catalog::CloudFormationProduct {
    let bucket = setup.input.artifacts_bucket_name;
    let (region, suffix) = (pseudo::REGION, pseudo::URL_SUFFIX);
    let url = sub!("https://{bucket}.s3.{region}.{suffix}/{}", template.key());
    let version =
        catalog::ProvisioningArtifactProperties::new(object([("LoadTemplateFromURL", url)]))
            .name(template.version())
            .description("From the release that the platform is at");
    let [_, platform] = tags!(catalog, setup.input.cost_center);
    let visible = catalog::Tag::new(catalog::TagRequired { key: STUDIO_VISIBILITY, value: "true" });
    let named =
        catalog::CloudFormationProductRequired { name: "SageMaker Project", owner: PROVIDER };
    catalog::CloudFormationProduct::new(named)
        .description("A machine learning project: repository, bucket, key, roles and pipelines")
        .provisioning_artifact_parameters([version])
        .replace_provisioning_artifacts(false)
        .tags([platform, visible])
}
