//! An input that is true or false where a number belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, flag: Input<bool>) {
    t.add("Vpc", ec2::Vpc::new().ipv4_netmask_length(flag));
}

fn main() {}
