//! What the entry point hands over. Whoever launches the platform sees the same parameters in its form.

use formwork::prelude::*;
use formwork_aws::kms;

use crate::forms;

/// Which interface endpoints the network gets.
#[derive(Clone, Copy, Choices)]
pub enum EndpointTier {
    /// All of them.
    Full,
    /// Those without which projects do not work.
    Essential,
}

/// What happens to people's home directories when the platform is deleted.
#[derive(Clone, Copy, Choices)]
pub enum StorageOnDelete {
    /// They stay.
    Retain,
    /// They go.
    Delete,
}

/// How Studio tells people apart.
#[derive(Clone, Copy, Choices)]
pub enum StudioAccess {
    /// A data scientist may open any profile but the admin's.
    ByProfile,
    /// A data scientist may open the profile whose tag `UserEmail` is the e-mail address that the identity provider sends.
    ByTag,
}

/// Yes or no, as a form asks for it.
#[derive(Clone, Copy, Choices)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What the entry point hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Cost center that every resource is tagged with.
    #[input(group = "Cost", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// ARN of the platform's key, which encrypts storage, logs, packages and messages.
    #[input(group = "Access", label = "Platform key", form = forms::KEY_ARN)]
    pub platform_key_arn: Input<kms::KeyArn>,
    /// ARNs of users, roles or account roots that may become a persona. Empty for what else is given, or anybody in this account whose own policies allow it.
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
    /// Whether a data scientist may open any profile but the admin's, or only the one tagged with the own e-mail address.
    #[input(
        group = "Access",
        label = "Access to Studio profiles",
        default = StudioAccess::ByProfile,
        explain = "ByProfile, or ByTag if the identity provider sends the tag UserEmail"
    )]
    pub studio_access_control: Input<StudioAccess>,
    /// ARN of a managed policy that bounds every role. Empty for none.
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
}
