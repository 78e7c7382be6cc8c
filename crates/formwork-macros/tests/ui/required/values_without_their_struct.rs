//! Required properties without the struct that names them.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template) {
    t.add("Studio", sagemaker::Domain::new("studio"));
}

fn main() {}
