//! What the entry point hands over.

use formwork::prelude::*;
use formwork_aws::{iam, kms, s3, sagemaker};

use crate::forms;

/// Whether the Data Science Admin is offered SageMaker's provided project templates.
#[derive(Clone, Copy, Choices)]
pub enum ProvidedTemplatesState {
    /// They are not: no role of the platform is a principal of AWS's own portfolio.
    Disabled,
    /// They are.
    Offered,
}

/// What the entry point hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Cost center that every resource is tagged with.
    #[input(group = "Cost", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Bucket in this region that holds a copy of the release.
    #[input(
        group = "Release",
        label = "Artifacts bucket",
        pattern = "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        explain = "3 to 63 lower-case letters, digits and hyphens, such as 123456789012-eu-west-1-mlops-artifacts"
    )]
    pub artifacts_bucket_name: Input<s3::BucketName>,
    /// ARN of the platform's key, which encrypts the release, logs and project repositories.
    #[input(group = "Access", label = "Platform key", form = forms::KEY_ARN)]
    pub platform_key_arn: Input<kms::KeyArn>,
    /// ARN of a managed policy that bounds every role, those of projects too. Empty for the platform's own boundary of projects.
    #[input(
        group = "Access",
        label = "Permissions boundary",
        default = "",
        form = forms::BOUNDARY_ARN
    )]
    pub permissions_boundary_arn: Input<Arn>,
    /// Role of data science admins, who launch the products.
    #[input(
        group = "Access",
        label = "Role of data science admins",
        pattern = r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$",
        explain = "the ARN of a role, such as arn:aws:iam::123456789012:role/eu-west-1-datascience-admin-123456789012"
    )]
    pub data_science_admin_role_arn: Input<iam::RoleArn>,
    /// Role of data scientists.
    #[input(
        group = "Access",
        label = "Role of data scientists",
        pattern = r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$",
        explain = "the ARN of a role, such as arn:aws:iam::123456789012:role/eu-west-1-datascientist-123456789012"
    )]
    pub data_scientist_role_arn: Input<iam::RoleArn>,
    /// Role of Studio profiles that belong to no project.
    #[input(
        group = "Access",
        label = "Default role of Studio",
        pattern = r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$",
        explain = "the ARN of a role, such as arn:aws:iam::123456789012:role/eu-west-1-mlops-studio-default-123456789012"
    )]
    pub studio_default_execution_role_arn: Input<iam::RoleArn>,
    /// ARN of one more role that may launch the products. Empty for none.
    #[input(
        group = "Access",
        label = "Further role that may launch products",
        default = "",
        form = forms::OPTIONAL_ROLE_ARN
    )]
    pub product_role_permission: Input<iam::RoleArn>,
    /// The Studio domain, whose user profiles the products make.
    #[input(
        group = "Studio",
        label = "Studio domain",
        pattern = r"^d-[a-z0-9-]{1,61}$",
        explain = "the id of a SageMaker domain, such as d-abcdefghijkl"
    )]
    pub domain_id: Input<sagemaker::DomainId>,
    /// Whether SageMaker's provided project templates are offered beside the platform's own.
    #[input(
        name = "SageMakerProvidedTemplates",
        group = "Studio",
        label = "SageMaker's provided templates",
        default = ProvidedTemplatesState::Disabled,
        explain = "Disabled or Offered"
    )]
    pub sagemaker_provided_templates: Input<ProvidedTemplatesState>,
}
