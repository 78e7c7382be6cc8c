//! An attribute that the type lacks.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    let objects = sub!("{}/*", bucket.arm());
}

fn main() {}
