//! `if` on an input, whose value is known only at a launch.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, large: Input<bool>) {
    if large {
        t.add("Vpc", ec2::Vpc::new());
    }
}

fn main() {}
