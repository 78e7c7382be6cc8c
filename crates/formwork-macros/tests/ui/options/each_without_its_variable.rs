//! A loop whose body takes no variable.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.for_each("Things", "Kind", ["Red"], |t| {
        t.add("Thing", ec2::Vpc::new());
    });
}

fn main() {}
