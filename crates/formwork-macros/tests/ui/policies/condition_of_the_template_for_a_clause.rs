//! A condition of the template where a condition of a statement belongs.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template, strict: Condition) {
    let read = Policy::new([allow(GET_OBJECT).on_self().when(strict)]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
