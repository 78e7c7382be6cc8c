//! `true` where text belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Group", ec2::SecurityGroup::new(true));
}

fn main() {}
