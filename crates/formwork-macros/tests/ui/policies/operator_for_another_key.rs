//! A comparison of numbers with a key of text.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let clause = condition::numeric_equals(condition::aws::SourceAccount, 5);
    let read = Policy::new([allow(GET_OBJECT).on_self().when(clause)]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
