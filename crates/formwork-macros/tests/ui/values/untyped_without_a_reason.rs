//! The way round a meaning without a reason.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().cidr_block(untyped("10.0.0.0/8")));
}

fn main() {}
