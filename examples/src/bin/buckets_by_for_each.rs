//! One bucket for each name in a list that only the launch knows: `Fn::ForEach`.
//!
//! A Rust loop is the usual way: with it each bucket stands in the template, is checked and is updated by itself, and
//! can differ from the others. But Rust is done before anybody launches the stack, so a list that the launch gives
//! must be walked by CloudFormation. A name that leaves the list takes its bucket out of the stack; the bucket stays.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::s3;

/// The stack. Its outputs stand in the loop too.
pub const STACK: Stack<Inputs, ()> =
    Stack::new("buckets-by-for-each", "One bucket for each team", define);

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Teams that get a bucket each. A name becomes part of logical ids.
    #[input(
        default = ["Red", "Green"],
        pattern = "^[A-Za-z0-9]{1,32}$",
        explain = "names of up to 32 letters and digits, with commas between them"
    )]
    pub teams: Input<List<String>>,
}

fn define(t: &mut Template, input: Inputs) {
    t.for_each("TeamBuckets", "Team", input.teams, |t, team| {
        let bucket = t.add(team.id("Bucket"), private_bucket(team).retain());
        let tls_only = deny(s3::actions::All)
            .on((bucket.arn(), sub!("{}/*", bucket.arn())))
            .to(Principal::any())
            .when(condition::is_bool(condition::aws::SecureTransport, false));
        let policy = s3::BucketPolicyRequired { bucket, policy_document: Policy::new([tls_only]) };
        t.add(team.id("BucketPolicy"), s3::BucketPolicy::new(policy));
        t.output(team.id("BucketName"), "Bucket of a team", bucket);
    });
}

/// Encrypted, closed to the public, and with old versions for 30 days.
fn private_bucket(team: Each) -> s3::Bucket {
    use s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256;
    let encrypted = s3::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(s3::ServerSideEncryptionByDefault::new(Aes256));
    let tidy = s3::Rule::new(s3::RuleStatus::Enabled)
        .noncurrent_version_expiration(s3::NoncurrentVersionExpiration::new(30));
    let versioned = s3::VersioningConfigurationStatus::Enabled;
    s3::Bucket::new()
        .bucket_encryption(s3::BucketEncryption::new([encrypted]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([tidy]))
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .tags([s3::Tag::new(s3::TagRequired { key: "Team", value: team })])
        .versioning_configuration(s3::VersioningConfiguration::new(versioned))
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
