//! A loop over one text.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.for_each("Things", "Kind", "Red", |t, kind| {
        t.add(kind.id("Thing"), ec2::Vpc::new());
    });
}

fn main() {}
