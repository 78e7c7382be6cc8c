//! A name where a condition belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().when("IsLarge"));
}

fn main() {}
