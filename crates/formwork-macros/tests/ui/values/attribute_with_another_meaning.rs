//! An attribute that means something else.

use formwork::prelude::*;
use formwork_aws::{ec2, s3};

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.add("Subnet", ec2::Subnet::new(bucket.arn()));
}

fn main() {}
