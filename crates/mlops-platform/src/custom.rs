//! The platform's custom resources: what each takes and answers. The code behind them is in `assets/lambda`.

use formwork::prelude::*;
use formwork_aws::s3;

/// Copies the release into a bucket of the stack's own region, because CloudFormation reads a function's code and a
/// repository's first content only there.
#[derive(CustomResource)]
#[custom(name = "Custom::ReleaseCopy")]
pub struct ReleaseCopy {
    /// The bucket that the release is in.
    pub source_bucket: Value<s3::BucketName>,
    /// Its region; empty for the one that S3's global endpoint serves.
    pub source_region: Value<Region>,
    /// The bucket that gets the copy.
    pub target_bucket: Value<s3::BucketName>,
    /// The key that the copy is encrypted with.
    pub kms_key_arn: Value<Arn>,
    /// The keys to copy, the entry point last.
    pub keys: Value<List<ObjectKey>>,
    /// The release's name: a new one makes the copy run again.
    pub release_id: Value<String>,
}

/// Empties a bucket when the stack is deleted, so that the bucket can be.
#[derive(CustomResource)]
#[custom(name = "Custom::EmptyBucket")]
pub struct EmptyBucket {
    /// The bucket.
    pub bucket_name: Value<s3::BucketName>,
}
