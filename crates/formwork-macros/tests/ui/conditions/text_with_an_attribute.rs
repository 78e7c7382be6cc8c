//! A text with an attribute in a condition.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.condition("IsData", sub!("{}-x", bucket.arn()).is("x"));
}

fn main() {}
