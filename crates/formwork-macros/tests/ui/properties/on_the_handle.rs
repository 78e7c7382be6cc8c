//! A property that is set after the resource was added.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    vpc.enable_dns_support(true);
}

fn main() {}
