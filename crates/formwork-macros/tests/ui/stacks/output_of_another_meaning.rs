//! A bucket where the output promises a VPC.

use formwork::prelude::*;
use formwork_aws::{ec2, s3};

#[derive(Outputs)]
struct Outputs {
    /// The VPC.
    vpc: Value<ec2::VpcId>,
}

fn define(t: &mut Template, _: ()) -> Outputs {
    let bucket = t.add("Data", s3::Bucket::new());
    Outputs { vpc: val(bucket) }
}

fn main() {}
