//! `no_value()` for a required property.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Subnet", ec2::Subnet::new(no_value()));
}

fn main() {}
