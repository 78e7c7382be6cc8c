//! `mlops_entry_point.yaml`: what the Launch Stack link deploys. It makes the key and the buckets, copies the release into
//! the region, and nests the other stacks.
//!
//! Everything that it nests is owned by this stack for ever; nobody updates a nested stack by itself.

mod buckets;
mod functions;
mod key;

use formwork::prelude::*;
use formwork_aws::{s3, ssm};

use super::{stackset_admin_role, stackset_execution_role};
use crate::launch::{self, REGIONS};
use crate::tags::{self, PLATFORM_VALUE};

/// The stack. Its name is the key of its template in the release bucket.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "mlops_entry_point",
    "AWS Enterprise MLOps Platform: the entry point, which deploys everything else",
    define,
);

/// What the launch form asks for, in the console's order. The link fills in `BucketName`, `CostCenter` and, from
/// the develop branch, `BranchName`; everything else works untouched.
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
        pattern = r"^(?=.*[^ ])[A-Za-z0-9 _.:/=+@-]{1,64}$",
        explain = "1 to 64 letters, digits, spaces and _ . : / = + @ -, such as 12345"
    )]
    pub cost_center: Input<String>,
    /// ARN of a managed policy that bounds every role of the platform. Empty for none.
    #[input(
        group = "Access",
        label = "Permissions boundary",
        default = "",
        pattern = r"^(arn:aws[a-z-]*:iam::\d{12}:policy/[\w+=,.@/-]+)?$",
        explain = "the ARN of a managed policy, such as arn:aws:iam::123456789012:policy/boundary, or empty"
    )]
    pub permissions_boundary_arn: Input<Arn>,
    /// Account that models are tried out in. Empty for this account.
    #[input(
        group = "Accounts",
        label = "Staging account",
        default = "",
        pattern = r"^(\d{12})?$",
        explain = "12 digits such as 123456789012, or empty for this account"
    )]
    pub staging_account_id: Input<AccountId>,
    /// Account that models are in use in. Empty for this account.
    #[input(
        group = "Accounts",
        label = "Production account",
        default = "",
        pattern = r"^(\d{12})?$",
        explain = "12 digits such as 123456789012, or empty for this account"
    )]
    pub prod_account_id: Input<AccountId>,
}

/// What the console shows once the platform is there.
#[derive(Outputs)]
pub struct Outputs {
    /// Bucket in this region that holds a copy of the release.
    pub artifacts_bucket_name: Value<s3::BucketName>,
    /// The release that was launched.
    pub release_id: Value<String>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    t.rule("SupportedRegion", supported_region());
    let has_bucket_region = t.condition("HasBucketRegion", !input.bucket_region.is_empty());
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());
    let has_staging = t.condition("HasStagingAccount", !input.staging_account_id.is_empty());
    let has_prod = t.condition("HasProdAccount", !input.prod_account_id.is_empty());
    templates_in_the_release_bucket(t, input, has_bucket_region);

    let key = key::add(t, input.cost_center);
    let functions = functions::add(t, input, key, has_boundary);
    let buckets = buckets::add(t, input.cost_center, key, functions.empty_bucket);

    let execution = t.nest(
        "StacksetExecutionRole",
        stackset_execution_role::STACK
            .with(stackset_execution_role::Inputs {
                administrator_account_id: by_default(),
                cost_center: input.cost_center,
                permissions_boundary_arn: input.permissions_boundary_arn,
            })
            .timeout_in_minutes(90)
            .delete_with_stack()
            .tag(tags::COST_CENTER, input.cost_center)
            .tag(tags::PLATFORM, PLATFORM_VALUE)
            .tag(tags::STACK, "stackset-execution-role"),
    );
    let administration = t.nest(
        "StacksetAdminRole",
        stackset_admin_role::STACK
            .with(stackset_admin_role::Inputs {
                execution_role_name: give(execution.execution_role_name),
                cost_center: input.cost_center,
                target_account_ids: give([
                    when(has_staging, input.staging_account_id, pseudo::ACCOUNT_ID),
                    when(has_prod, input.prod_account_id, pseudo::ACCOUNT_ID),
                ]),
                permissions_boundary_arn: input.permissions_boundary_arn,
            })
            .timeout_in_minutes(90)
            .delete_with_stack()
            .tag(tags::COST_CENTER, input.cost_center)
            .tag(tags::PLATFORM, PLATFORM_VALUE)
            .tag(tags::STACK, "stackset-admin-role"),
    );

    // Every child's template and code must be in the region's own bucket before the child is made.
    let copy = functions::release_copy(t, input, key, &functions, &buckets);
    t.add_dependency(execution, copy);
    t.add_dependency(administration, copy);

    let release_id = t.release_id();
    parameter(t, "ArtifactsBucketParam", "artifacts-bucket", buckets.artifacts, input.cost_center);
    parameter(t, "PipelineBucketParam", "pipeline-bucket", buckets.pipeline, input.cost_center);
    parameter(t, "ReleaseIdParam", "release-id", release_id, input.cost_center);
    parameter(t, "InfraBranchNameParam", "infra-branch-name", input.branch_name, input.cost_center);
    Outputs { artifacts_bucket_name: val(buckets.artifacts), release_id: val(release_id) }
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

/// A parameter below `/mlops/platform/`, which products and builds read.
fn parameter(
    t: &mut Template,
    id: &'static str,
    name: &'static str,
    value: impl formwork::IntoValue<String, formwork::Required>,
    cost_center: Input<String>,
) {
    t.add(
        id,
        ssm::Parameter::new(ssm::ParameterRequired { type_: ssm::ParameterType::String, value })
            .name(format!("/mlops/platform/{name}"))
            .tags([(tags::COST_CENTER, val(cost_center)), (tags::PLATFORM, val(PLATFORM_VALUE))]),
    );
}
