//! The zones of a region that only a resource knows.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, subnet: Handle<ec2::Subnet>) {
    let zones =
        availability_zones_of(subnet.availability_zone().untyped("a zone names its region"));
}

fn main() {}
