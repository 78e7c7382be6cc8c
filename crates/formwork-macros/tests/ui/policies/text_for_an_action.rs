//! Text where an action belongs.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let read = Policy::new([allow("s3:GetObject").on_self()]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
