//! The buckets: access logs, the region's copy of the release, and the artifacts of every pipeline. Each is emptied when the
//! platform is deleted, in an order in which nothing writes any more.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{kms, lambda, s3};

use crate::custom::EmptyBucket;
use crate::tags::tags;

/// The buckets that other resources use.
#[derive(Clone, Copy)]
pub(super) struct Buckets {
    pub(super) artifacts: Handle<s3::Bucket>,
    pub(super) artifacts_policy: Handle<s3::BucketPolicy>,
    pub(super) artifacts_cleanup: Handle<Custom<EmptyBucket>>,
    pub(super) pipeline: Handle<s3::Bucket>,
    pub(super) pipeline_cleanup: Handle<Custom<EmptyBucket>>,
}

pub(super) fn add(
    t: &mut Template,
    cost_center: Input<String>,
    key: Handle<kms::Key>,
    empty_bucket: Handle<lambda::Function>,
) -> Buckets {
    // At deletion: the logged buckets go, then the policy, and with it delivery ends, then the logs are emptied.
    let logs = t.add("AccessLogsBucket", access_logs(cost_center));
    let logs_cleanup = t.add("AccessLogsCleanup", cleanup(empty_bucket, logs));
    let logs_policy = t
        .add("AccessLogsBucketPolicy", policy(logs, [deliver_logs(logs)]).depends_on(logs_cleanup));

    let stored = |name| encrypted(name, cost_center, key).logging_configuration(logged(logs, name));
    let artifacts = t.add(
        "ArtifactsBucket",
        stored("artifacts").lifecycle_configuration(kept()).depends_on(logs_policy),
    );
    let artifacts_policy =
        t.add("ArtifactsBucketPolicy", policy(artifacts, [refuse_other_keys(artifacts, key)]));
    let artifacts_cleanup =
        t.add("ArtifactsCleanup", cleanup(empty_bucket, artifacts).depends_on(artifacts_policy));

    let pipeline = t.add(
        "PipelineBucket",
        stored("pipelines").lifecycle_configuration(short_lived()).depends_on(logs_policy),
    );
    // Projects encrypt what their pipelines hand on with keys of their own.
    let pipeline_policy = t.add("PipelineBucketPolicy", policy(pipeline, []));
    let pipeline_cleanup =
        t.add("PipelineCleanup", cleanup(empty_bucket, pipeline).depends_on(pipeline_policy));
    Buckets { artifacts, artifacts_policy, artifacts_cleanup, pipeline, pipeline_cleanup }
}

/// `{account}-{region}-mlops-{name}`: 43 of 63 characters at most.
fn bucket(name: &'static str, cost_center: Input<String>) -> s3::Bucket {
    s3::Bucket::new()
        .bucket_name(sub!("{}-{}-mlops-{name}", pseudo::ACCOUNT_ID, pseudo::REGION))
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .ownership_controls(s3::OwnershipControls::new([s3::OwnershipControlsRule::new()
            .object_ownership(s3::ObjectOwnership::BucketOwnerEnforced)]))
        .versioning_configuration(s3::VersioningConfiguration::new(
            s3::VersioningConfigurationStatus::Enabled,
        ))
        .tags(tags!(s3, cost_center))
        .delete_with_stack()
}

fn encrypted(name: &'static str, cost_center: Input<String>, key: Handle<kms::Key>) -> s3::Bucket {
    let by_key = s3::ServerSideEncryptionByDefault::new(
        s3::ServerSideEncryptionByDefaultSseAlgorithm::AwsKms,
    )
    .kms_master_key_id(key.arn());
    let rule = s3::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(by_key)
        .bucket_key_enabled(true);
    bucket(name, cost_center).bucket_encryption(s3::BucketEncryption::new([rule]))
}

/// Server access logs. Their delivery cannot use a key of KMS.
fn access_logs(cost_center: Input<String>) -> s3::Bucket {
    let by_s3 = s3::ServerSideEncryptionByDefault::new(
        s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
    );
    let rule = s3::ServerSideEncryptionRule::new().server_side_encryption_by_default(by_s3);
    bucket("access-logs", cost_center)
        .bucket_encryption(s3::BucketEncryption::new([rule]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([
            rule_for("ExpireLogs").expiration_in_days(90),
            rule_for("ExpireOldVersions").noncurrent_version_expiration(after_days(1)),
            rule_for("AbortUploads").abort_incomplete_multipart_upload(after_a_week()),
        ]))
}

/// What is current stays; what was replaced goes after 90 days.
fn kept() -> s3::LifecycleConfiguration {
    s3::LifecycleConfiguration::new([
        rule_for("ExpireOldVersions").noncurrent_version_expiration(after_days(90)),
        rule_for("AbortUploads").abort_incomplete_multipart_upload(after_a_week()),
    ])
}

/// Artifacts of pipeline runs: everything goes after 30 days.
fn short_lived() -> s3::LifecycleConfiguration {
    s3::LifecycleConfiguration::new([
        rule_for("ExpireArtifacts").expiration_in_days(30),
        rule_for("ExpireOldVersions").noncurrent_version_expiration(after_days(30)),
        rule_for("AbortUploads").abort_incomplete_multipart_upload(after_a_week()),
    ])
}

fn rule_for(id: &'static str) -> s3::Rule {
    s3::Rule::new(s3::RuleStatus::Enabled).id(id)
}

fn after_days(days: i64) -> s3::NoncurrentVersionExpiration {
    s3::NoncurrentVersionExpiration::new(days)
}

fn after_a_week() -> s3::AbortIncompleteMultipartUpload {
    s3::AbortIncompleteMultipartUpload::new(7)
}

fn logged(logs: Handle<s3::Bucket>, name: &'static str) -> s3::LoggingConfiguration {
    s3::LoggingConfiguration::new()
        .destination_bucket_name(logs)
        .log_file_prefix(format!("{name}/"))
}

/// A bucket's policy: nothing over plain HTTP, and what the bucket needs besides.
fn policy<const N: usize>(bucket: Handle<s3::Bucket>, more: [Statement; N]) -> s3::BucketPolicy {
    let everything = (bucket.arn(), sub!("{}/*", bucket.arn()));
    let tls_only = deny(s3::actions::All)
        .on(everything)
        .to(Principal::any())
        .when(condition::is_bool(condition::aws::SecureTransport, false))
        .id("TlsOnly");
    let statements: Vec<_> = std::iter::once(tls_only).chain(more).collect();
    s3::BucketPolicy::new(s3::BucketPolicyRequired {
        bucket,
        policy_document: Policy::new(statements),
    })
}

/// Access lists are off, so without this statement no log is delivered.
fn deliver_logs(logs: Handle<s3::Bucket>) -> Statement {
    allow(s3::actions::PutObject)
        .on(sub!("{}/*", logs.arn()))
        .to(Principal::service("logging.s3.amazonaws.com"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .id("AccessLogs")
}

/// Refuses an object that *names* another key. One that names none takes the bucket's default and must pass.
fn refuse_other_keys(bucket: Handle<s3::Bucket>, key: Handle<kms::Key>) -> Statement {
    let named_key = s3::condition_keys::XAmzServerSideEncryptionAwsKmsKeyId;
    deny(s3::actions::PutObject)
        .on(sub!("{}/*", bucket.arn()))
        .to(Principal::any())
        .when(condition::arn_not_equals(named_key, key.arn()))
        .when(condition::null(named_key, false))
        .id("PlatformKeyOnly")
}

fn cleanup(function: Handle<lambda::Function>, bucket: Handle<s3::Bucket>) -> Custom<EmptyBucket> {
    Custom::new(function.arn(), EmptyBucket { bucket_name: val(bucket) }).service_timeout(3600)
}
