//! An attribute that only another type has.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    let arn: Value<Arn> = val(vpc.arn());
}

fn main() {}
