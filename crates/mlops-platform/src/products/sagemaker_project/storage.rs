//! The project's bucket and repository. Both stay when the project is deleted: data and code are evidence.
//!
//! The bucket is ordered by what a key begins with: `models/` for what training yields, `monitor/{stage}/` for what endpoints
//! capture and, in `reports/`, what monitors find, `batch/{stage}/in/` and `…/out/`, `studio/` for what apps start with.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{codecommit, kms, s3};

use super::{InStage, InferenceType, Inputs, ProblemType, inference_roles, stages};
use crate::products::{ARTIFACTS_BUCKET, platform, seeds};
use crate::stacks::deploy_infra::parameters::KMS_KEY_ARN;

/// `{project}-{account}`: 45 of 63 characters at most. No region is in it, so a name is one project's in all of them.
pub(super) fn bucket(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    data_scientist: Value<Arn>,
) -> Handle<s3::Bucket> {
    let project = input.project_name;
    let logs = sub!("{}-{}-mlops-access-logs", pseudo::ACCOUNT_ID, pseudo::REGION);
    let by_key = s3::ServerSideEncryptionByDefault::new(
        s3::ServerSideEncryptionByDefaultSseAlgorithm::AwsKms,
    )
    .kms_master_key_id(key.arn());
    let encryption = s3::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(by_key)
        .bucket_key_enabled(true);
    let bucket = t.add(
        "ProjectBucket",
        s3::Bucket::new()
            .bucket_name(sub!("{project}-{}", pseudo::ACCOUNT_ID))
            .bucket_encryption(s3::BucketEncryption::new([encryption]))
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
            .lifecycle_configuration(kept())
            .logging_configuration(
                s3::LoggingConfiguration::new()
                    .destination_bucket_name(logs)
                    .log_file_prefix(sub!("{project}/")),
            )
            .tags(project_tags!(s3, input))
            .retain(),
    );
    // It stays with the bucket: what is in there keeps its guard.
    t.add(
        "ProjectBucketPolicy",
        s3::BucketPolicy::new(s3::BucketPolicyRequired {
            bucket,
            policy_document: Policy::new(policy(bucket, data_scientist)),
        })
        .retain(),
    );
    bucket
}

/// What is current stays; what was replaced goes after 90 days.
fn kept() -> s3::LifecycleConfiguration {
    let rule = |id| s3::Rule::new(s3::RuleStatus::Enabled).id(id);
    s3::LifecycleConfiguration::new([
        rule("ExpireOldVersions")
            .noncurrent_version_expiration(s3::NoncurrentVersionExpiration::new(90)),
        rule("AbortUploads")
            .abort_incomplete_multipart_upload(s3::AbortIncompleteMultipartUpload::new(7)),
    ])
}

fn policy(bucket: Handle<s3::Bucket>, data_scientist: Value<Arn>) -> Vec<Statement> {
    let below = |prefix: &'static str| sub!("{}/{prefix}", bucket.arn());
    let of_reader = |statement| super::of_reader(statement, data_scientist);
    let mut statements = vec![
        deny(s3::actions::All)
            .on((bucket.arn(), below("*")))
            .to(Principal::any())
            .when(condition::is_bool(condition::aws::SecureTransport, false))
            .id("TlsOnly"),
        // What endpoints capture is in other places below `monitor/`.
        of_reader(
            allow(s3::actions::GetObject)
                .on([below("monitor/*/reports/*"), below("batch/*/out/*")]),
        )
        .id("ReportsForDataScientists"),
        of_reader(allow(s3::actions::ListBucket).on(bucket.arn()))
            .when(condition::string_like(
                s3::condition_keys::Prefix,
                ["monitor/*/reports/*", "batch/*/out/*"],
            ))
            .id("ListReports"),
        // The way there in the console, a folder at a time: without a delimiter the empty prefix lists the whole bucket.
        of_reader(allow(s3::actions::ListBucket).on(bucket.arn()))
            .when(condition::string_equals(
                s3::condition_keys::Prefix,
                [
                    "",
                    "batch/",
                    "batch/prod/",
                    "batch/staging/",
                    "monitor/",
                    "monitor/prod/",
                    "monitor/staging/",
                ],
            ))
            .when(condition::string_equals(s3::condition_keys::Delimiter, "/"))
            .id("ListFolders"),
    ];
    statements.extend(stages().into_iter().flat_map(|stage| of_stage(bucket, stage)));
    statements
}

/// In a stage's account what runs models reaches what is its stage's: who has staging neither reads what production was asked nor
/// forges it. Production, which alone is monitored, also reads baselines, and labels wherever they are below `monitor/`.
fn of_stage(bucket: Handle<s3::Bucket>, stage: InStage) -> [Statement; 3] {
    let InStage { id: stage, folder, account } = stage;
    let below =
        |kind: &'static str, keys: &'static str| sub!("{}/{kind}/{folder}/{keys}", bucket.arn());
    let monitored =
        if folder == "prod" { sub!("{}/monitor/*", bucket.arn()) } else { below("monitor", "*") };
    let models = sub!("{}/models/*", bucket.arn());
    let in_the_account = |statement: Statement, id: &str| {
        statement
            .to(Principal::account(account.clone()))
            .when(condition::arn_like(condition::aws::PrincipalArn, inference_roles()))
            .id(format!("{stage}{id}"))
    };
    let read = allow(s3::actions::GetObject);
    let read = read.on([models, monitored, below("batch", "*")]);
    let write = allow([s3::actions::AbortMultipartUpload, s3::actions::PutObject]);
    let write = write.on([below("monitor", "*"), below("batch", "out/*")]);
    let list = allow([s3::actions::GetBucketLocation, s3::actions::ListBucket]).on(bucket.arn());
    [in_the_account(read, "Reads"), in_the_account(write, "Writes"), in_the_account(list, "Lists")]
}

/// `{project}-project-repo`: 45 of 100 characters at most. The platform's key encrypts it, because its policy serves people
/// who use git. Its first content is read once, when it is made, and suits the kind of problem and of inference.
pub(super) fn repository(t: &mut Template, input: Inputs) -> Handle<codecommit::Repository> {
    let project = input.project_name;
    let supervised = t.condition("Supervised", input.problem_type.is(ProblemType::Supervised));
    let real_time = t.condition("RealTime", input.inference_type.is(InferenceType::RealTime));
    let mut seed = |problem, inference| t.asset(seeds::asset(problem, inference)).key();
    let mut seeds = |problem| {
        when(real_time, seed(problem, InferenceType::RealTime), seed(problem, InferenceType::Batch))
    };
    let key = when(supervised, seeds(ProblemType::Supervised), seeds(ProblemType::Unsupervised));
    let bucket = platform(ARTIFACTS_BUCKET);
    let code = codecommit::Code::new(codecommit::S3::new(codecommit::S3Required { bucket, key }));
    t.add(
        "ProjectCommitRepository",
        codecommit::Repository::new(sub!("{project}-project-repo"))
            .repository_description(sub!("Code of the project {project}"))
            .code(code.branch_name("main"))
            .kms_key_id(platform(KMS_KEY_ARN))
            .tags(project_tags!(codecommit, input))
            .retain(),
    )
}
