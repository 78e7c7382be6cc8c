//! A variant that the enum lacks.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().instance_tenancy(ec2::InstanceTenancy::Dedicatd));
}

fn main() {}
