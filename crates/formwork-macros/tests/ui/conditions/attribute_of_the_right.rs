//! An attribute to compare with in a condition.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template, name: Input<String>) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.condition("IsData", name.is(bucket.domain_name()));
}

fn main() {}
