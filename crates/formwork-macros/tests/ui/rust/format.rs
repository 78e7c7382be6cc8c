//! `format!` where `sub!` belongs.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    let objects = format!("{}/*", bucket.arn());
}

fn main() {}
