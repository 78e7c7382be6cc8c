//! A bucket where the id of a VPC belongs.

use formwork::prelude::*;
use formwork_aws::{ec2, s3};

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.add("Subnet", ec2::Subnet::new(bucket));
}

fn main() {}
