//! Pairs where tags belong.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().tags([("Team", "research")]));
}

fn main() {}
