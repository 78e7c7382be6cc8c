//! A bucket's name where the ARN of a role belongs.

use formwork::prelude::*;
use formwork_aws::{s3, sagemaker};

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    t.add("Model", sagemaker::Model::new().execution_role_arn(bucket));
}

fn main() {}
