//! A statement that does not say what it applies to.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let read = Policy::new([allow(GET_OBJECT)]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
