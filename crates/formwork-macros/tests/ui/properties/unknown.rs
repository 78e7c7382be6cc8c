//! A property that the type lacks.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().cidr_blok("10.0.0.0/16"));
}

fn main() {}
