//! A logical id that is borrowed.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    for n in 0..2 {
        t.add(&format!("Vpc{n}"), ec2::Vpc::new());
    }
}

fn main() {}
