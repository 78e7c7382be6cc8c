//! The functions behind the entry point's own custom resources, and the copy of the release that one of them makes.
//!
//! Functions have fixed names, and policies speak of a function by its name: a policy that refers to the function would
//! wait for a function that waits for its role.

use formwork::prelude::*;
use formwork_aws::{
    cloudformation, iam, kms, lambda, logs, s3, sagemaker, servicecatalog, ssm, sts,
};

use super::Inputs;
use super::buckets::Buckets;
use crate::custom::ReleaseCopy;
use crate::launch::TEMPLATE;
use crate::stacks::inline;
use crate::tags::tags;
use crate::{code, names};

const RELEASE_COPY: &str = "mlops-release-copy";
const EMPTY_BUCKET: &str = "mlops-empty-bucket";
const DELETION_GUARD: &str = "mlops-deletion-guard";

/// The functions that other resources use.
#[derive(Clone, Copy)]
pub(super) struct Functions {
    pub(super) release_copy: Handle<lambda::Function>,
    pub(super) empty_bucket: Handle<lambda::Function>,
    pub(super) deletion_guard: Handle<lambda::Function>,
}

pub(super) fn add(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    has_boundary: Condition,
) -> Functions {
    let trust = Policy::new([allow(sts::actions::AssumeRole).to(Principal::service("lambda"))]);
    let role = t.add(
        "HelperRole",
        iam::Role::new(trust)
            .role_name(names::helper_role())
            .description("Copies the release, empties buckets and guards the platform's deletion")
            .permissions_boundary(when(has_boundary, input.permissions_boundary_arn, no_value()))
            .policies([inline("Helper", policy(input, key))])
            .tags(tags!(iam, input.cost_center)),
    );
    let mut function =
        |id: &str, name: &'static str, description: &'static str, code, seconds: i64| {
            let group = t.add(
                format!("{id}Logs"),
                logs::LogGroup::new()
                    .log_group_name(format!("/aws/lambda/{name}"))
                    .kms_key_id(key.arn())
                    .retention_in_days(30)
                    .tags(tags!(logs, input.cost_center))
                    .delete_with_stack(),
            );
            t.add(
                id.to_owned(),
                lambda::Function::new(lambda::FunctionRequired {
                    code: lambda::Code::new().zip_file(code),
                    role: role.arn(),
                })
                .function_name(name)
                .description(description)
                .runtime(lambda::Runtime::Python3_12)
                .handler("index.handler")
                .memory_size(256)
                .timeout(seconds)
                .tags(tags!(optional lambda, input.cost_center))
                .depends_on(group),
            )
        };
    Functions {
        release_copy: function(
            "ReleaseCopyFunction",
            RELEASE_COPY,
            "Copies the release into this region's own bucket",
            code::RELEASE_COPY,
            900,
        ),
        empty_bucket: function(
            "EmptyBucketFunction",
            EMPTY_BUCKET,
            "Empties a bucket when the platform is deleted",
            code::EMPTY_BUCKET,
            900,
        ),
        deletion_guard: function(
            "DeletionGuardFunction",
            DELETION_GUARD,
            "Refuses the deletion of the platform while it is in use",
            code::DELETION_GUARD,
            120,
        ),
    }
}

/// Copies what the children need. They wait for it; it waits until the bucket has its policy and its cleanup, which at
/// deletion therefore comes after everything that writes.
pub(super) fn release_copy(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    functions: &Functions,
    buckets: &Buckets,
) -> Handle<Custom<ReleaseCopy>> {
    let mut keys = t.release_keys();
    keys.push(val(TEMPLATE));
    let copy = ReleaseCopy {
        source_bucket: val(input.bucket_name),
        source_region: val(input.bucket_region),
        target_bucket: val(buckets.artifacts),
        kms_key_arn: val(key.arn()),
        keys: val(keys),
        release_id: val(t.release_id()),
    };
    t.add(
        "ReleaseCopy",
        Custom::new(functions.release_copy.arn(), copy)
            .service_timeout(960)
            .depends_on((buckets.artifacts_policy, buckets.artifacts_cleanup)),
    )
}

/// What the functions do, and nothing else.
fn policy(input: Inputs, key: Handle<kms::Key>) -> Policy {
    let release = |path: &'static str| {
        sub!("arn:{}:s3:::{bucket}/{path}", pseudo::PARTITION, bucket = input.bucket_name)
    };
    let own = ["artifacts", "pipelines", "access-logs"].map(names::bucket_arn);
    let own_objects = own.map(|bucket| sub!("{bucket}/*"));
    let groups = [RELEASE_COPY, EMPTY_BUCKET, DELETION_GUARD]
        .map(|name| sub!("{}/{name}:*", names::arn("logs", "log-group:/aws/lambda")));
    Policy::new([
        allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents]).on(groups),
        // Copying an object reads its tags too.
        allow([s3::actions::GetObject, s3::actions::GetObjectTagging]).on([
            release("templates/*"),
            release("assets/*"),
            release(TEMPLATE),
        ]),
        // Without this S3 answers 403 for an object that is not there, and nobody could tell which it is.
        allow(s3::actions::ListBucket).on(sub!(
            "arn:{}:s3:::{}",
            pseudo::PARTITION,
            input.bucket_name
        )),
        allow([
            s3::actions::ListBucket,
            s3::actions::ListBucketMultipartUploads,
            s3::actions::ListBucketVersions,
        ])
        .on(own),
        allow([
            s3::actions::AbortMultipartUpload,
            s3::actions::DeleteObject,
            s3::actions::DeleteObjectVersion,
            s3::actions::GetObject,
            s3::actions::PutObject,
            s3::actions::PutObjectTagging,
        ])
        .on(own_objects),
        allow([kms::actions::Decrypt, kms::actions::GenerateDataKey]).on(key.arn()),
        // Buckets are emptied only while this very stack is deleted or rolls its creation back.
        allow(cloudformation::actions::DescribeStacks).on(pseudo::STACK_ID),
        allow(lambda::actions::InvokeFunction)
            .on(sub!("{}:{EMPTY_BUCKET}", names::arn("lambda", "function"))),
        allow(ssm::actions::GetParameter)
            .on(names::arn("ssm", "parameter/mlops/platform/force-delete")),
        allow([
            cloudformation::actions::ListStackSets,
            sagemaker::actions::DescribeProject,
            sagemaker::actions::ListProjects,
            sagemaker::actions::ListUserProfiles,
            servicecatalog::actions::SearchProductsAsAdmin,
            servicecatalog::actions::SearchProvisionedProducts,
        ])
        .on_all("the guard looks for whatever still needs the platform"),
    ])
}
