//! The publisher's stack: the bucket that one branch is released into, and the role by which GitHub publishes that branch.
//!
//! It is launched once a branch, in the publisher's account, before the first release, and is never part of a release: what a
//! customer launches neither holds nor names it. Nothing in here can delete. No role may remove or overwrite what was
//! released, and the buckets and their policies stay when the stack goes, because platforms that were launched from
//! an old release still read it. Pruning, repairing and rolling back are done by people with rights of their own.

mod bucket;
mod publisher;

use formwork::launch::LaunchBranch;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{iam, s3};

use crate::launch::TEMPLATE;

/// The stack's name, the same for every branch.
pub const NAME: &str = "release-bucket";

/// The folders whose objects carry the hash of their content in their keys: once written, they stay as they are.
const IMMUTABLE: [&str; 3] = ["templates/*", "assets/*", "releases/*"];

/// What the publisher decides.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the bucket that the branch is released into. The launch links name it.
    #[input(
        group = "Release",
        label = "Release bucket",
        pattern = "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        explain = "3 to 63 lower-case letters, digits and hyphens, without dots, such as example-releases"
    )]
    pub bucket_name: Input<s3::BucketName>,
    /// Organization whose accounts may read the release. Empty for anybody.
    #[input(
        group = "Release",
        label = "Organization",
        default = "",
        pattern = "^(o-[a-z0-9]{10,32})?$",
        explain = "the id of an organization, such as o-a1b2c3d4e5, or empty"
    )]
    pub organization_id: Input<String>,
    /// GitHub repository whose workflow publishes, and no other. Upper and lower case count.
    #[input(
        group = "Publisher",
        label = "GitHub repository",
        pattern = "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$",
        explain = "owner/name as GitHub spells them, such as example/platform"
    )]
    pub repository: Input<String>,
    /// ARN of this account's identity provider for GitHub. Empty to make it: an account has one at most.
    #[input(
        group = "Publisher",
        label = "Identity provider",
        default = "",
        pattern = r"^(arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com)?$",
        explain = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com with the account's id, or empty"
    )]
    pub oidc_provider_arn: Input<iam::OidcProviderArn>,
    /// Days for which a version is kept that another one has replaced.
    #[input(
        group = "Retention",
        label = "Days of replaced versions",
        default = 90,
        min = 1,
        max = 3650,
        explain = "1 to 3650 days"
    )]
    pub replaced_version_days: Input<i64>,
    /// Days for which the log of who read the release is kept.
    #[input(
        group = "Retention",
        label = "Days of access logs",
        default = 365,
        min = 1,
        max = 3650,
        explain = "1 to 3650 days"
    )]
    pub access_log_days: Input<i64>,
}

/// What the publisher needs next.
#[derive(Outputs)]
pub struct Outputs {
    /// The bucket that the branch is released into.
    pub bucket_name: Value<s3::BucketName>,
    /// Its name in DNS, in its own region.
    pub bucket_regional_domain_name: Value<String>,
    /// The bucket that holds the log of who read the release.
    pub access_logs_bucket_name: Value<s3::BucketName>,
    /// The role that the publishing workflow assumes.
    pub publish_role_arn: Value<iam::RoleArn>,
    /// The account's identity provider for GitHub: the stack of the next branch asks for it.
    pub oidc_provider_arn: Value<iam::OidcProviderArn>,
}

/// The template for a branch.
#[must_use]
pub fn template(branch: &LaunchBranch) -> Template {
    let name = branch.name;
    let description = format!(
        "{NAME}: the bucket that branch {name} is released into, and the role by which GitHub publishes it"
    );
    Template::defined(NAME, description, |t, input| define(t, input, branch))
}

fn define(t: &mut Template, input: Inputs, branch: &LaunchBranch) -> Outputs {
    t.set_default(input.bucket_name, branch.bucket);
    let for_anybody = t.condition("ForAnybody", input.organization_id.is_empty());
    let makes_provider = t.condition("MakesProvider", input.oidc_provider_arn.is_empty());

    let provider = publisher::add_provider(t, makes_provider);
    let provider_arn = when(makes_provider, provider.arn(), input.oidc_provider_arn);
    let trust = publisher::trust(provider_arn, input.repository, branch.name);
    let role = publisher::add_role(t, trust, input.bucket_name);
    let buckets = bucket::add(t, input, for_anybody, role);

    Outputs {
        bucket_name: val(buckets.release),
        bucket_regional_domain_name: buckets.release.regional_domain_name(),
        access_logs_bucket_name: val(buckets.logs),
        publish_role_arn: role.arn(),
        oidc_provider_arn: val(provider_arn),
    }
}

/// The ARN of the release bucket by its name: who refers to the bucket itself waits for it.
fn bucket_arn(name: Input<s3::BucketName>) -> Text<Early> {
    sub!("arn:{}:s3:::{name}", pseudo::PARTITION)
}

/// Everything that a release consists of: the entry point, and what never changes.
fn released(name: Input<s3::BucketName>) -> Vec<Text<Early>> {
    std::iter::once(entry_point(name)).chain(immutable(name)).collect()
}

/// The only object that a release replaces.
fn entry_point(name: Input<s3::BucketName>) -> Text<Early> {
    sub!("{}/{TEMPLATE}", bucket_arn(name))
}

fn immutable(name: Input<s3::BucketName>) -> [Text<Early>; 3] {
    IMMUTABLE.map(|keys| sub!("{}/{keys}", bucket_arn(name)))
}
