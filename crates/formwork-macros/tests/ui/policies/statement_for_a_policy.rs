//! A statement where a policy belongs.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    t.add("Role", iam::Role::new(allow(GET_OBJECT).on_self()));
}

fn main() {}
