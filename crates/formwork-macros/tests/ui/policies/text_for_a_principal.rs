//! Text where principals belong.

use formwork::iam::Action;
use formwork::prelude::*;
use formwork_aws::iam;

const GET_OBJECT: Action = Action::new("s3:GetObject");

fn define(t: &mut Template) {
    let trust = Policy::new([allow(GET_OBJECT).to("sagemaker.amazonaws.com")]);
    t.add("Role", iam::Role::new(trust));
}

fn main() {}
