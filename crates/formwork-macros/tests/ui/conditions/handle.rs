//! A resource to compare with in a condition.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template, name: Input<s3::BucketName>) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.condition("IsData", name.is(bucket));
}

fn main() {}
