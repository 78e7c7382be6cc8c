//! An attribute that is set as a property.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().default_security_group("sg-1"));
}

fn main() {}
