//! What a server or the way to it did wrong, and what a person can do about it.

use std::fmt::Write as _;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::failure::Failure;
use crate::store::Condition;

/// A call that failed.
#[derive(Debug)]
pub(super) struct Fault {
    status: Option<u16>,
    code: String,
    /// The region that the bucket is in, if the server said so.
    pub(super) bucket_region: Option<String>,
    /// When the server answered: seconds since 1970.
    pub(super) date: Option<i64>,
    /// What went wrong: the server's own words, or the whole chain of causes.
    text: String,
}

impl Fault {
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let response = error.raw_response();
        let region = response.and_then(|response| response.headers().get("x-amz-bucket-region"));
        let date = response.and_then(|response| response.headers().get("date"));
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        Fault {
            status: response.map(|response| response.status().as_u16()),
            code: error.code().unwrap_or_default().to_owned(),
            bucket_region: region.map(str::to_owned),
            date: date.map(|date| date.secs()),
            text: error.message().map_or_else(|| chain(error), |said| said.replace('\n', " ")),
        }
    }

    /// A body that ended too early, or is not what its checksum says.
    pub(super) fn cut(error: &(dyn std::error::Error + 'static)) -> Self {
        Fault {
            status: None,
            code: String::new(),
            bucket_region: None,
            date: None,
            text: chain(error),
        }
    }

    pub(super) fn is_no_object(&self) -> bool {
        self.status == Some(404) && self.code != "NoSuchBucket"
    }

    pub(super) fn is_forbidden(&self) -> bool {
        self.status == Some(403)
    }

    pub(super) fn is_elsewhere(&self) -> bool {
        matches!(self.status, Some(301 | 307 | 400))
    }

    pub(super) fn is_conflict(&self) -> bool {
        self.status == Some(409)
    }

    /// Whether no credentials were found.
    pub(super) fn is_about_credentials(&self) -> bool {
        let words = ["credential", "SSO token", "identity"];
        self.status.is_none() && words.iter().any(|word| self.text.contains(word))
    }

    /// Whether the condition of a PUT did not hold. A version of an object that is gone is answered with 404.
    pub(super) fn is_refused(&self, condition: &Condition) -> bool {
        let gone = matches!(condition, Condition::Is(_)) && self.is_no_object();
        gone || self.status == Some(412)
    }

    /// The fault as a message.
    pub(super) fn say(
        &self,
        action: &str,
        key: &str,
        bucket: &str,
        endpoint: Option<&str>,
    ) -> Failure {
        let server = endpoint.map_or_else(|| "AWS".to_owned(), |url| format!("`{url}`"));
        let (what, advice) = self.told(bucket, &server);
        let mut text = format!("`{key}` of bucket `{bucket}` cannot be {action}: {what}");
        for line in advice {
            let _ = write!(text, "\n  {line}");
        }
        Failure::one(text)
    }

    fn told(&self, bucket: &str, server: &str) -> (String, Vec<String>) {
        let one = |line: &str| vec![line.to_owned()];
        let code = match (self.status, self.code.as_str()) {
            (Some(status), "") => format!("status {status}"),
            (Some(status), code) => format!("{code}, status {status}"),
            (None, _) => String::new(),
        };
        match (self.status, self.code.as_str()) {
            (_, "NoSuchBucket") => (
                format!("there is no such bucket at {server}"),
                one("make it from `cargo xtask bucket-template`, or name another with `--bucket`"),
            ),
            (_, "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken") => (
                format!("{server} does not accept the credentials ({code})"),
                one("check which are used: `aws sts get-caller-identity`, AWS_PROFILE, AWS_ACCESS_KEY_ID, `--profile`"),
            ),
            (_, "ExpiredToken" | "TokenRefreshRequired") => (
                format!("the credentials have expired ({code})"),
                one("sign in again, for instance with `aws sso login`"),
            ),
            (_, "RequestTimeTooSkewed") => (
                format!("this machine's clock differs too much from the one of {server} ({code})"),
                one("set the clock: S3 takes no request whose time is more than 15 minutes off"),
            ),
            (Some(403), _) => (
                format!("{server} does not allow it ({code})"),
                vec![
                    format!("needed on `{bucket}`: s3:ListBucket, s3:GetObject, s3:PutObject; s3:DeleteObject to prune"),
                    "`cargo xtask bucket-template` has a role with exactly what publishing needs".to_owned(),
                ],
            ),
            (Some(301 | 307), _) => (
                format!("the bucket is in {}", self.bucket_region.as_deref().unwrap_or("another region")),
                one("name its region with `--region`"),
            ),
            (Some(status), _) if status >= 500 => (
                format!("{server} failed to answer ({code}), after several tries"),
                one("nothing is current that was not: publish again later"),
            ),
            (Some(_), "BadDigest" | "XAmzContentSHA256Mismatch" | "XAmzContentChecksumMismatch") => (
                format!("what arrived is not what was sent ({code})"),
                one("the file changed meanwhile, or the way damages it: run `cargo xtask synth` and publish again"),
            ),
            (Some(_), _) => (format!("{code}: {}", self.text), Vec::new()),
            (None, _) if self.is_about_credentials() => (
                "there are no credentials that can be used".to_owned(),
                vec![
                    self.text.clone(),
                    "sign in as for the AWS CLI: `aws sso login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                        .to_owned(),
                ],
            ),
            (None, _) => (
                format!("the way to {server} failed"),
                vec![
                    self.text.clone(),
                    "nothing is current that was not: publish again once it can be reached".to_owned(),
                ],
            ),
        }
    }
}

/// An error with its causes, each said once.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        let said = error.to_string().replace('\n', " ");
        if !text.contains(&said) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}
