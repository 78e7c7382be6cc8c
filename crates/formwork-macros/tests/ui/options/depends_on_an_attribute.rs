//! An attribute where a handle belongs.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.add("Other", s3::Bucket::new().depends_on(bucket.arn()));
}

fn main() {}
