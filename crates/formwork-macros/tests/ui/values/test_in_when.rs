//! `when` on a test that has no name.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add(
        "Vpc",
        ec2::Vpc::new().cidr_block(when(
            pseudo::REGION.is("eu-west-1"),
            "10.0.0.0/16",
            "10.1.0.0/16",
        )),
    );
}

fn main() {}
