//! `mlops_entry_point.yaml`: what the Launch Stack link deploys. It makes the key and the buckets, copies the release into
//! the region, and nests the other stacks.
//!
//! Everything that it nests is owned by this stack for ever; nobody updates a nested stack by itself.

mod buckets;
mod builds;
mod children;
mod deployer;
mod functions;
mod guard;
mod inputs;
mod key;
mod permissions;
mod pipeline;

use formwork::prelude::*;
use formwork_aws::{s3, sagemaker};

pub use inputs::Inputs;

use super::deploy_infra::YesNo;
use crate::launch::REGIONS;
use crate::sources;
use crate::{names, parameters, products};

/// The stack. Its name is the key of its template in the release bucket.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "mlops_entry_point",
    "AWS Enterprise MLOps Platform: the entry point, which deploys everything else",
    define,
);

/// What the console shows once the platform is there.
#[derive(Outputs)]
pub struct Outputs {
    /// Bucket in this region that holds a copy of the release.
    pub artifacts_bucket_name: Value<s3::BucketName>,
    /// Where the platform's sources are cloned from.
    pub platform_repository_clone_url: Value<String>,
    /// Pipeline that updates the platform after a push.
    pub pipeline_name: Value<String>,
    /// The release that was launched.
    pub release_id: Value<String>,
    /// The Studio domain.
    pub domain_id: Value<sagemaker::DomainId>,
    /// Where the console shows the Studio domain and its profiles.
    pub studio_url: Value<String>,
    /// Name of the role of data science admins.
    pub data_science_admin_role: Value<String>,
    /// Where a data science admin takes on the role.
    pub switch_role_url_data_science_admin: Value<String>,
    /// Name of the role of data scientists.
    pub data_scientist_role: Value<String>,
    /// Where a data scientist takes on the role.
    pub switch_role_url_data_scientist: Value<String>,
    /// Name of the role of full stack developers.
    pub full_stack_developer_role: Value<String>,
    /// Where a full stack developer takes on the role.
    pub switch_role_url_full_stack_developer: Value<String>,
    /// Where pip finds the Python packages, without the `simple/` at the end.
    pub code_artifact_endpoint: Value<String>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    t.rule("SupportedRegion", supported_region());
    t.rule("AzPair", zones_of_a_pair(input));
    let has_bucket_region = t.condition("HasBucketRegion", !input.bucket_region.is_empty());
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());
    let create_repository =
        t.condition("CreateRepo", input.create_platform_repository.is(YesNo::Yes));
    templates_in_the_release_bucket(t, input, has_bucket_region);

    let accounts = accounts_of_models(t, input);
    let (key, alias) = key::add(t, input.cost_center, accounts);
    let functions = functions::add(t, input, key, has_boundary);
    let buckets = buckets::add(t, input.cost_center, key, functions.empty_bucket);
    // Every child's template and code must be in the region's own bucket before the child is made.
    let copy = functions::release_copy(t, input, key, &functions, &buckets);
    let children =
        children::add(t, input, children::Given { key, buckets: &buckets, copy, accounts });

    let shared = builds::Shared { input, key, artifacts: buckets.artifacts, has_boundary };
    let parts = pipeline::Parts {
        key,
        artifacts: buckets.artifacts,
        store: buckets.pipeline,
        builds: builds::add(t, shared),
        create_repository,
        has_boundary,
    };
    let sources = t.asset(sources::asset());
    let repository = pipeline::repository(t, input, &parts, sources.key());
    t.add_dependency(repository, copy);

    let release_id = t.release_id();
    let cost_center = input.cost_center;
    let about = (
        parameters::add(
            t,
            "ArtifactsBucketParam",
            products::ARTIFACTS_BUCKET,
            buckets.artifacts,
            cost_center,
        ),
        parameters::add(
            t,
            "PipelineBucketParam",
            products::PIPELINE_BUCKET,
            buckets.pipeline,
            cost_center,
        ),
        parameters::add(t, "ReleaseIdParam", "release-id", release_id, cost_center),
        parameters::add(
            t,
            "InfraBranchNameParam",
            products::INFRA_BRANCH_NAME,
            input.branch_name,
            cost_center,
        ),
        parameters::add(t, "SourceHashParam", "source-hash", sources.hash(), cost_center),
    );

    // A new pipeline runs at once, and its builds read all of this.
    let first = (children.all(), about, buckets.pipeline_cleanup);
    let (pipeline, trigger) = pipeline::pipeline(t, input, &parts, repository, first);
    guard::add(t, functions.deletion_guard, &children, (pipeline, trigger, alias));

    let infra = children.infra;
    Outputs {
        artifacts_bucket_name: val(buckets.artifacts),
        platform_repository_clone_url: val(names::clone_url()),
        pipeline_name: val(pipeline),
        release_id: val(release_id),
        domain_id: infra.domain_id,
        studio_url: infra.studio_url,
        data_science_admin_role: infra.data_science_admin_role_name,
        switch_role_url_data_science_admin: switch_role(infra.data_science_admin_role_name),
        data_scientist_role: infra.data_scientist_role_name,
        switch_role_url_data_scientist: switch_role(infra.data_scientist_role_name),
        full_stack_developer_role: infra.full_stack_developer_role_name,
        switch_role_url_full_stack_developer: switch_role(infra.full_stack_developer_role_name),
        code_artifact_endpoint: infra.code_artifact_endpoint,
    }
}

/// The accounts that models are tried out in and are in use in: this one where no other is given.
fn accounts_of_models(t: &mut Template, input: Inputs) -> [Value<AccountId>; 2] {
    let has_staging = t.condition("HasStagingAccount", !input.staging_account_id.is_empty());
    let has_prod = t.condition("HasProdAccount", !input.prod_account_id.is_empty());
    [
        val(when(has_staging, input.staging_account_id, pseudo::ACCOUNT_ID)),
        val(when(has_prod, input.prod_account_id, pseudo::ACCOUNT_ID)),
    ]
}

/// Where the console asks its user whether to take on a role of this account.
fn switch_role(role_name: Value<String>) -> Value<String> {
    val(sub!(
        "https://signin.aws.amazon.com/switchrole?account={}&roleName={role_name}",
        pseudo::ACCOUNT_ID
    ))
}

/// Either both zones are chosen by whoever launches, or both by the platform.
fn zones_of_a_pair(input: Inputs) -> Rule {
    let (first, second) = (input.availability_zone_1, input.availability_zone_2);
    let none = first.is_empty().and(second.is_empty());
    let two = (!first.is_empty()).and(!second.is_empty()).and(first.is_not(second));
    let message = "give two different availability zones, or none to have them chosen";
    Rule::new().assert(none.or(two), message)
}

/// Refuses a launch in any other region before anything is made.
fn supported_region() -> Rule {
    let codes = REGIONS.map(|region| region.code);
    let message = format!("launch the platform in one of these regions: {}", codes.join(", "));
    Rule::new().assert(contains(codes, pseudo::REGION), message.leak())
}

/// The global endpoint does not serve buckets in regions that an account must opt into, and a customer's own copy of the
/// release can be in one; so a bucket with a region is asked for there.
fn templates_in_the_release_bucket(t: &mut Template, input: Inputs, has_region: Condition) {
    let (bucket, region) = (input.bucket_name, input.bucket_region);
    t.templates_at(move |key| {
        when(
            has_region,
            sub!("https://{bucket}.s3.{region}.{}/{key}", pseudo::URL_SUFFIX),
            sub!("https://{bucket}.s3.{}/{key}", pseudo::URL_SUFFIX),
        )
    });
}
