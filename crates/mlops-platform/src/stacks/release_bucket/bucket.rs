//! The release bucket and the bucket of its access logs, each with who may read it. Nothing in here lets anybody write but the
//! delivery of logs.

use formwork::iam::{Statement, Statements};
use formwork::prelude::*;
use formwork_aws::{iam, s3};

use super::{Inputs, bucket_arn, released};

/// Where in the log bucket the logs are.
const LOG_PREFIX: &str = "release/";

/// What the stack tells of.
pub(super) struct Buckets {
    pub(super) release: Handle<s3::Bucket>,
    pub(super) logs: Handle<s3::Bucket>,
}

pub(super) fn add(
    t: &mut Template,
    input: Inputs,
    for_anybody: Condition,
    role: Handle<iam::Role>,
) -> Buckets {
    let logs = t.add("AccessLogsBucket", kept(access_logs(input)));
    let policy =
        Policy::new([tls_only(logs.arn()), new_tls_only(logs.arn()), deliver(logs, input)]);
    let logs_policy = t.add("AccessLogsBucketPolicy", kept(bucket_policy(logs, policy)));

    // The role first: if the account has a provider already the launch ends there, and no kept bucket holds the name.
    let release = s3_bucket(lifecycle([
        rule("ExpireReplacedVersions").noncurrent_version_expiration(
            s3::NoncurrentVersionExpiration::new(input.replaced_version_days),
        ),
        abort_uploads(),
    ]))
    .bucket_name(input.bucket_name)
    .public_access_block_configuration(public_access(for_anybody))
    .versioning_configuration(s3::VersioningConfiguration::new(
        s3::VersioningConfigurationStatus::Enabled,
    ))
    .logging_configuration(
        s3::LoggingConfiguration::new().destination_bucket_name(logs).log_file_prefix(LOG_PREFIX),
    )
    .depends_on((logs_policy, role));
    let release = t.add("ReleaseBucket", kept(release));
    let readers = when(for_anybody, anybody_reads(input), members_read(input));
    let policy = Policy::new((
        tls_only(release.arn()),
        new_tls_only(release.arn()),
        readable_by_readers(release),
        readers,
    ));
    t.add("ReleaseBucketPolicy", kept(bucket_policy(release, policy)));
    Buckets { release, logs }
}

/// It outlives its stack. Policies do too: without its policy nobody could read a bucket that was kept.
fn kept<R: ResourceOptions>(resource: R) -> R {
    resource.deletion_policy(DeletionPolicy::Retain).update_replace_policy(DeletionPolicy::Retain)
}

/// What both buckets are: without access lists, encrypted by S3. A key of KMS would shut out anonymous readers, who have no right
/// to use one, and the delivery of logs. With a key of the writer's own nobody else could read.
fn s3_bucket(lifecycle: s3::LifecycleConfiguration) -> s3::Bucket {
    let by_s3 = s3::ServerSideEncryptionByDefault::new(
        s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
    );
    let rule = s3::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(by_s3)
        .blocked_encryption_types(
            s3::BlockedEncryptionTypes::new().encryption_type([s3::BlockedEncryptionType::SseC]),
        );
    s3::Bucket::new()
        .bucket_encryption(s3::BucketEncryption::new([rule]))
        .ownership_controls(s3::OwnershipControls::new([s3::OwnershipControlsRule::new()
            .object_ownership(s3::ObjectOwnership::BucketOwnerEnforced)]))
        .lifecycle_configuration(lifecycle)
}

/// CloudFormation names it: nobody has to know it before, and nobody else can have taken it.
fn access_logs(input: Inputs) -> s3::Bucket {
    let expire = rule("ExpireLogs").expiration_in_days(input.access_log_days);
    s3_bucket(lifecycle([expire, abort_uploads()])).public_access_block_configuration(
        s3::PublicAccessBlockConfiguration::new()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true),
    )
}

/// Access lists never make anything public; the policy does if anybody may read.
fn public_access(for_anybody: Condition) -> s3::PublicAccessBlockConfiguration {
    s3::PublicAccessBlockConfiguration::new()
        .block_public_acls(true)
        .block_public_policy(when(for_anybody, false, true))
        .ignore_public_acls(true)
        .restrict_public_buckets(when(for_anybody, false, true))
}

fn lifecycle<const N: usize>(rules: [s3::Rule; N]) -> s3::LifecycleConfiguration {
    s3::LifecycleConfiguration::new(rules)
}

fn rule(id: &'static str) -> s3::Rule {
    s3::Rule::new(s3::RuleStatus::Enabled).id(id)
}

fn abort_uploads() -> s3::Rule {
    rule("AbortUploads")
        .abort_incomplete_multipart_upload(s3::AbortIncompleteMultipartUpload::new(7))
}

fn bucket_policy(bucket: Handle<s3::Bucket>, policy: Policy) -> s3::BucketPolicy {
    s3::BucketPolicy::new(s3::BucketPolicyRequired { bucket, policy_document: policy })
}

fn tls_only(bucket: Value<s3::BucketArn>) -> Statement {
    to_everybody(bucket)
        .when(condition::is_bool(condition::aws::SecureTransport, false))
        .id("TlsOnly")
}

fn new_tls_only(bucket: Value<s3::BucketArn>) -> Statement {
    to_everybody(bucket)
        .when(condition::numeric_less_than(s3::condition_keys::TlsVersion, 1.2))
        .id("Tls12OrNewer")
}

fn to_everybody(bucket: Value<s3::BucketArn>) -> Statement {
    deny(s3::actions::All).on((bucket, sub!("{bucket}/*"))).to(Principal::any())
}

/// An object that names an encryption other than the bucket's own could be read by nobody but its writer.
fn readable_by_readers(bucket: Handle<s3::Bucket>) -> Statement {
    let encryption = s3::condition_keys::XAmzServerSideEncryption;
    deny(s3::actions::PutObject)
        .on(sub!("{}/*", bucket.arn()))
        .to(Principal::any())
        .when(condition::string_not_equals(encryption, "AES256"))
        .when(condition::null(encryption, false))
        .id("EncryptedByS3Only")
}

/// What was released and nothing else, one by one: nobody may list.
fn anybody_reads(input: Inputs) -> Statement {
    allow(s3::actions::GetObject)
        .on(released(input.bucket_name))
        .to(Principal::any())
        .id("AnybodyReads")
}

/// What `ReleaseCopy` of a launch asks for in the account of a member. That it may list tells an object that is not there from
/// one that is refused.
fn members_read(input: Inputs) -> impl Statements {
    let members =
        || condition::string_equals(condition::aws::PrincipalOrgID, input.organization_id);
    [
        allow(s3::actions::GetObject)
            .on(released(input.bucket_name))
            .to(Principal::any())
            .when(members())
            .id("MembersRead"),
        allow(s3::actions::ListBucket)
            .on(bucket_arn(input.bucket_name))
            .to(Principal::any())
            .when(members())
            .id("MembersList"),
    ]
}

/// Access lists are off, so without this statement no log is delivered; and none of another bucket is.
fn deliver(logs: Handle<s3::Bucket>, input: Inputs) -> Statement {
    allow(s3::actions::PutObject)
        .on(sub!("{}/{LOG_PREFIX}*", logs.arn()))
        .to(Principal::service("logging.s3.amazonaws.com"))
        .when(condition::arn_equals(condition::aws::SourceArn, bucket_arn(input.bucket_name)))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .id("AccessLogs")
}
