//! What the launch form asks for, in the console's order. The link fills in `BucketName`, `CostCenter` and, from the
//! develop branch, `BranchName`; everything else works untouched.

use formwork::prelude::*;
use formwork_aws::{iam, s3};

use crate::forms;
use crate::launch;
use crate::stacks::deploy_infra::{EndpointTier, StorageOnDelete, StudioAccess, YesNo};
use crate::stacks::sc_project::ProvidedTemplatesState;

/// The parameters of the launch form.
#[derive(Inputs)]
pub struct Inputs {
    /// Bucket that the release is in.
    #[input(
        group = "Release",
        label = "Release bucket",
        default = launch::BUCKET,
        pattern = "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        explain = "3 to 63 lower-case letters, digits and hyphens, without dots, such as aws-enterprise-mlops-platform"
    )]
    pub bucket_name: Input<s3::BucketName>,
    /// Region of the release bucket. Empty if S3's global endpoint serves it.
    #[input(
        group = "Release",
        label = "Region of the release bucket",
        default = "",
        pattern = r"^([a-z]{2}(-[a-z]+)+-\d)?$",
        explain = "the code of a region, such as eu-central-1, or empty"
    )]
    pub bucket_region: Input<Region>,
    /// Branch of the platform repository that the platform's own pipelines follow.
    #[input(
        group = "Release",
        label = "Branch",
        default = "main",
        pattern = "^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$",
        explain = "the name of a branch, such as main: 1 to 100 letters, digits and . _ / -"
    )]
    pub branch_name: Input<String>,
    /// Cost center that every resource is tagged with.
    #[input(
        group = "Cost",
        label = "Cost center",
        default = launch::COST_CENTER,
        form = forms::COST_CENTER
    )]
    pub cost_center: Input<String>,
    /// ARN of a role that may launch the products too. Empty for the platform's own Data Science Admin role alone.
    #[input(
        group = "Access",
        label = "Further role that may launch products",
        default = "",
        form = forms::OPTIONAL_ROLE_ARN
    )]
    pub product_role_permission: Input<iam::RoleArn>,
    /// ARNs of account roots, users or roles that may become a persona. Empty for what else is given, or anybody in this account whose own policies allow it.
    #[input(
        group = "Access",
        label = "Trusted principals",
        default = "",
        form = forms::PRINCIPAL_ARNS
    )]
    pub trusted_principal_arns: Input<List<Arn>>,
    /// ARN of a SAML provider whose users may become a persona. Empty for none.
    #[input(
        group = "Access",
        label = "SAML provider",
        default = "",
        form = forms::SAML_PROVIDER_ARN
    )]
    pub saml_provider_arn: Input<Arn>,
    /// Permission set of IAM Identity Center whose users may become data science admin. Empty for none.
    #[input(
        group = "Access",
        label = "Permission set of data science admins",
        default = "",
        form = forms::PERMISSION_SET
    )]
    pub data_science_admin_permission_set: Input<String>,
    /// Permission set of IAM Identity Center whose users may become data scientist. Empty for none.
    #[input(
        group = "Access",
        label = "Permission set of data scientists",
        default = "",
        form = forms::PERMISSION_SET
    )]
    pub data_scientist_permission_set: Input<String>,
    /// Permission set of IAM Identity Center whose users may become full stack developer. Empty for none.
    #[input(
        group = "Access",
        label = "Permission set of full stack developers",
        default = "",
        form = forms::PERMISSION_SET
    )]
    pub full_stack_developer_permission_set: Input<String>,
    /// Whether a data scientist may open any profile but the admin's, or only the one tagged with their own e-mail address.
    #[input(
        group = "Access",
        label = "Access to Studio profiles",
        default = StudioAccess::ByProfile,
        explain = "ByProfile, or ByTag if the identity provider sends the tag UserEmail"
    )]
    pub studio_access_control: Input<StudioAccess>,
    /// ARN of a managed policy that bounds every role of the platform. Empty for none.
    #[input(
        group = "Access",
        label = "Permissions boundary",
        default = "",
        form = forms::BOUNDARY_ARN
    )]
    pub permissions_boundary_arn: Input<Arn>,
    /// Address range of the VPC. Its first four blocks of 256 addresses become subnets or are left for you.
    #[input(
        group = "Network",
        label = "VPC range",
        default = "10.0.0.0/16",
        form = forms::VPC_RANGE
    )]
    pub vpc_cidr: Input<Cidr>,
    /// Availability zone of the first subnet. Empty to have one chosen in which every endpoint service is there.
    #[input(
        name = "AvailabilityZone1",
        group = "Network",
        label = "First availability zone",
        default = "",
        parameter_type = "String",
        form = forms::FIRST_ZONE
    )]
    pub availability_zone_1: Input<AvailabilityZone>,
    /// Availability zone of the second subnet. Empty to have one chosen in which every endpoint service is there.
    #[input(
        name = "AvailabilityZone2",
        group = "Network",
        label = "Second availability zone",
        default = "",
        parameter_type = "String",
        form = forms::SECOND_ZONE
    )]
    pub availability_zone_2: Input<AvailabilityZone>,
    /// Full for all interface endpoints, Essential for those without which projects do not work. Each costs by the hour.
    #[input(
        group = "Network",
        label = "Interface endpoints",
        default = EndpointTier::Full,
        explain = "Full or Essential"
    )]
    pub endpoint_tier: Input<EndpointTier>,
    /// Whether people's home directories stay when the platform is deleted.
    #[input(
        group = "Studio",
        label = "Home directories on deletion",
        default = StorageOnDelete::Retain,
        explain = "Retain or Delete"
    )]
    pub studio_storage_on_delete: Input<StorageOnDelete>,
    /// Whether SageMaker's provided project templates are offered beside the platform's own.
    #[input(
        name = "SageMakerProvidedTemplates",
        group = "Studio",
        label = "SageMaker's provided templates",
        default = ProvidedTemplatesState::Disabled,
        explain = "Disabled or Offered"
    )]
    pub sagemaker_provided_templates: Input<ProvidedTemplatesState>,
    /// Whether the package repository fetches what it does not have from the public package index of Python.
    #[input(
        group = "Packages",
        label = "Packages from the public PyPI",
        default = YesNo::No,
        explain = "Yes or No"
    )]
    pub allow_public_py_pi: Input<YesNo>,
    /// Account that models are tried out in. Empty for this account.
    #[input(
        group = "Accounts",
        label = "Staging account",
        default = "",
        form = forms::OPTIONAL_ACCOUNT_ID
    )]
    pub staging_account_id: Input<AccountId>,
    /// Account that models are in use in. Empty for this account.
    #[input(
        group = "Accounts",
        label = "Production account",
        default = "",
        form = forms::OPTIONAL_ACCOUNT_ID
    )]
    pub prod_account_id: Input<AccountId>,
    /// E-mail address that hears of new projects and of alarms. Empty for nobody.
    #[input(
        group = "Notification",
        label = "E-mail address",
        default = "",
        form = forms::OPTIONAL_EMAIL
    )]
    pub notification_email: Input<String>,
    /// Whether the repository with the platform's sources is created. No where an earlier launch left it behind.
    #[input(
        group = "Repository",
        label = "Create the platform repository",
        default = YesNo::Yes,
        explain = "Yes or No"
    )]
    pub create_platform_repository: Input<YesNo>,
}
