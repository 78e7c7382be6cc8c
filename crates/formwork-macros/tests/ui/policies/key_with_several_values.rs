//! A comparison with a key of several values as if it had one.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let clause = condition::string_equals(condition::aws::TagKeys, "Owner");
    let read = Policy::new([allow(GET_OBJECT).on_self().when(clause)]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
