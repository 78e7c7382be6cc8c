//! The ARN of anything where the ARN of a role belongs.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template, role: Input<Arn>) {
    t.add("Model", sagemaker::Model::new().execution_role_arn(role));
}

fn main() {}
