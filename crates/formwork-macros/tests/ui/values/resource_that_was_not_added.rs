//! A resource that was not added to the template.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Subnet", ec2::Subnet::new(ec2::Vpc::new()));
}

fn main() {}
