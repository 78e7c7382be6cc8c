//! A bucket among ARNs.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::{iam, s3};

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    let read = Policy::new([allow(GET_OBJECT).on([bucket])]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
