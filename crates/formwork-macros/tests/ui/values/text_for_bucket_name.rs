//! Any text where the name of a bucket belongs.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template, name: Input<String>) {
    t.add("Data", s3::Bucket::new().bucket_name(name));
}

fn main() {}
