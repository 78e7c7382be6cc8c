//! The product "{project} SageMaker Studio User": who is launched of it works in this project and no other.
//!
//! Its template is the project's own copy. Studio does not show it: it has no tag `sagemaker:studio-visibility`, and may not have
//! one. Nobody launches it with rights of his own, for the launch role is a constraint.
//!
//! The constraint stays when the stack goes, because a project's roles may remove none: which product one is of, no condition
//! knows. The function `mlops-project-cleanup` removes the one that the output names, just before it deletes the stack.

use formwork::prelude::*;
use formwork_aws::servicecatalog as catalog;

use crate::forms;

use super::project_parameters::{self, Owner};

/// The stack. A project's pipeline names it `{project}-service-catalog-stack`.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "project-service-catalog",
    "project-service-catalog: the product that gives a project its users",
    define,
);

/// Who owns the product, as the console shows it.
const PROVIDER: &str = "MLOps platform";

/// What the project's pipeline hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the project.
    #[input(group = "Project", label = "Name of the project", form = forms::PROJECT_NAME)]
    pub project_name: Input<String>,
    /// Id of the project.
    #[input(group = "Project", label = "Id of the project", form = forms::PROJECT_ID)]
    pub project_id: Input<String>,
    /// Cost center that everything of the project is tagged with.
    #[input(group = "Project", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Where the project's copy of the product's template is.
    #[input(
        group = "Product",
        label = "URL of the template",
        max_length = 1024,
        pattern = r"^https://[a-z0-9.-]+/[A-Za-z0-9/._-]+$",
        explain = "the URL of a template in S3, such as https://bucket.s3.eu-west-1.amazonaws.com/projects/churn-model/smuser.yaml"
    )]
    pub template_url: Input<String>,
    /// Hash of that template, which names the product's version.
    #[input(
        group = "Product",
        label = "Version of the template",
        pattern = "^[0-9a-f]{8,64}$",
        explain = "8 to 64 hexadecimal digits"
    )]
    pub template_version: Input<String>,
    /// Portfolio that offers the product.
    #[input(
        group = "Product",
        label = "Id of the portfolio",
        pattern = "^port-[a-z0-9]+$",
        max_length = 100,
        explain = "the id of a portfolio, such as port-abcdefghijklm"
    )]
    pub portfolio_id: Input<catalog::PortfolioId>,
    /// Role that users are made with.
    #[input(
        group = "Product",
        label = "Name of the launch role",
        pattern = r"^[\w+=,.@-]{1,64}$",
        explain = "the name of a role without a path, such as eu-west-1-mlops-sc-launch-123456789012"
    )]
    pub launch_role_name: Input<String>,
}

/// What others use of it.
#[derive(Outputs)]
pub struct Outputs {
    /// Product that a user of the project is launched of.
    pub user_product_id: Value<catalog::CloudFormationProductId>,
    /// Constraint that `mlops-project-cleanup` removes before this stack.
    pub launch_constraint_id: Value<catalog::LaunchRoleConstraintId>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let Inputs { project_name, project_id, cost_center, .. } = input;
    let product = t.add("UserProduct", product(input));
    let owner = Owner { project_name, project_id, cost_center };
    let parameter = project_parameters::add(
        t,
        owner,
        "UserProductIdParam",
        "user-product-id".to_owned(),
        product,
    );
    let offered = t.add(
        "ProductAssociation",
        catalog::PortfolioProductAssociation::new()
            .portfolio_id(input.portfolio_id)
            .product_id(product),
    );
    let constraint = catalog::LaunchRoleConstraintRequired {
        portfolio_id: input.portfolio_id,
        product_id: product,
    };
    let role = input.launch_role_name;
    let role = sub!("arn:{}:iam::{}:role/{role}", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    // Last, so that no later failure wants to take it back; and with nothing in it that a release may change.
    let constraint = t.add(
        "LaunchConstraint",
        catalog::LaunchRoleConstraint::new(constraint)
            .description("Users are made with the platform's launch role")
            .role_arn(role)
            .depends_on((offered, parameter))
            .deletion_policy(DeletionPolicy::Retain)
            .update_replace_policy(DeletionPolicy::Retain),
    );
    Outputs { user_product_id: val(product), launch_constraint_id: val(constraint) }
}

/// One version, named after its template; the next one takes its place. Its tags go to all that is launched of it, which is the
/// project's and has its cost center.
fn product(input: Inputs) -> catalog::CloudFormationProduct {
    let project = input.project_name;
    let version = catalog::ProvisioningArtifactProperties::new(object([(
        "LoadTemplateFromURL",
        input.template_url,
    )]))
    .name(input.template_version)
    .description("From the release that the platform is at");
    let named = catalog::CloudFormationProductRequired {
        name: sub!("{project} SageMaker Studio User"),
        owner: PROVIDER,
    };
    catalog::CloudFormationProduct::new(named)
        .description(sub!("A person who works in SageMaker Studio on the project {project}"))
        .provisioning_artifact_parameters([version])
        .replace_provisioning_artifacts(false)
        .tags(project_tags!(catalog, input))
}
