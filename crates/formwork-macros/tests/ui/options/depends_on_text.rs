//! A logical id where a handle belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().depends_on("Gateway"));
}

fn main() {}
