//! A Rust loop over an input, whose elements are known only at a launch.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, zones: Input<List<AvailabilityZone>>) {
    for zone in zones {
        t.add("Vpc", ec2::Vpc::new());
    }
}

fn main() {}
