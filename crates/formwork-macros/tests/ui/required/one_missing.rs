//! A type with one required property, without it.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Subnet", ec2::Subnet::new());
}

fn main() {}
