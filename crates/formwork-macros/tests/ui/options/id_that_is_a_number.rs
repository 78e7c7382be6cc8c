//! A logical id that is a number.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add(1, ec2::Vpc::new());
}

fn main() {}
