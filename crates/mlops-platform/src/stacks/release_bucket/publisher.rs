//! The role by which the workflow of one GitHub repository publishes one branch.
//!
//! It adds to a release and replaces the entry point; it never deletes, never overwrites what carries a hash in its key, and
//! never touches a policy or an access list. Whoever steals its credentials can do no more, for an hour at most.

use formwork::iam::{OneOrMore, Statement};
use formwork::prelude::*;
use formwork_aws::{iam, s3, sts};

use super::{bucket_arn, entry_point, immutable, released};
use crate::stacks::inline;

/// GitHub's issuer of tokens.
const ISSUER: &str = "token.actions.githubusercontent.com";

/// Whom the tokens are for.
const AUDIENCE: &str = "sts.amazonaws.com";

/// The account's provider, which stays: by the time that this stack goes, others may trust it. It needs no thumbprint, because AWS
/// knows the authority that signs GitHub's certificate.
pub(super) fn add_provider(
    t: &mut Template,
    makes_provider: Condition,
) -> Handle<iam::OidcProvider> {
    t.add(
        "GitHubProvider",
        iam::OidcProvider::new()
            .url(format!("https://{ISSUER}"))
            .client_id_list([AUDIENCE])
            .when(makes_provider)
            .retain(),
    )
}

/// Runs of this repository for this branch. GitHub's claim for a pull request, a tag or an environment is another one.
pub(super) fn trust(
    provider: impl OneOrMore<Arn>,
    repository: Input<String>,
    branch: &'static str,
) -> Policy {
    let run = sub!("repo:{repository}:ref:refs/heads/{branch}");
    Policy::new([allow(sts::actions::AssumeRoleWithWebIdentity)
        .to(Principal::federated(provider))
        .when(condition::string_equals(condition::claim(ISSUER, "aud"), AUDIENCE))
        .when(condition::string_equals(condition::claim(ISSUER, "sub"), run))])
}

/// CloudFormation names it, so that stacks of two branches never meet.
pub(super) fn add_role(
    t: &mut Template,
    trust: Policy,
    bucket: Input<s3::BucketName>,
) -> Handle<iam::Role> {
    t.add(
        "PublishRole",
        iam::Role::new(trust)
            .description("With this role GitHub publishes one branch of the platform")
            .max_session_duration(3600)
            .policies([inline("Publish", Policy::new(publish(bucket)))]),
    )
}

/// S3 takes `If-None-Match: *` only while there is no object of that key, and `If-Match` only while the object is the one that was
/// read. A request without either is refused here, whatever allows it; copies and uploads in parts are, too.
fn publish(bucket: Input<s3::BucketName>) -> [Statement; 4] {
    let creates = s3::condition_keys::IfNoneMatch;
    let replaces = s3::condition_keys::IfMatch;
    [
        allow(s3::actions::ListBucket).on(bucket_arn(bucket)),
        allow([s3::actions::GetObject, s3::actions::PutObject]).on(released(bucket)),
        deny(s3::actions::PutObject)
            .on(immutable(bucket))
            .when(condition::null(creates, true))
            .id("NeverOverwrite"),
        deny(s3::actions::PutObject)
            .on(entry_point(bucket))
            .when(condition::null(creates, true))
            .when(condition::null(replaces, true))
            .id("NeverReplaceUnread"),
    ]
}
