//! `when` with two branches of different types.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, wide: Condition) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    t.add("Subnet", ec2::Subnet::new(vpc).ipv4_netmask_length(when(wide, 16, "24")));
}

fn main() {}
