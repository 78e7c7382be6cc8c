//! Text where a key is true or false.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let clause = condition::is_bool(condition::aws::SecureTransport, "yes");
    let read = Policy::new([allow(GET_OBJECT).on_self().when(clause)]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
