//! A role itself, which stands for its name, where its ARN belongs.

use formwork::prelude::*;
use formwork_aws::{iam, sagemaker};

fn define(t: &mut Template, role: Handle<iam::Role>) {
    t.add("Model", sagemaker::Model::new().execution_role_arn(role));
}

fn main() {}
