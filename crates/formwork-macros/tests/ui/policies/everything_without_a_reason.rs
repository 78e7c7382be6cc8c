//! All resources without a reason.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let read = Policy::new([allow(GET_OBJECT).on_all()]);
    t.add("Role", iam::Role::new(read));
}

fn main() {}
