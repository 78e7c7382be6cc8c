//! Text where a deletion policy belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().deletion_policy("Retain"));
}

fn main() {}
