//! `no_value()` in a branch of `when` for a required property.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, isolated: Condition) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    t.add("Subnet", ec2::Subnet::new(when(isolated, vpc, no_value())));
}

fn main() {}
