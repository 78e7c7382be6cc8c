//! An attribute in a condition.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.condition("IsData", bucket.arn().is("arn:aws:s3:::data"));
}

fn main() {}
