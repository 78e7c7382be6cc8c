//! A resource as a key of a mapping.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    let bucket = t.add("Data", s3::Bucket::new());
    let sizes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)])]);
    let nodes = sizes.get(bucket, "Nodes");
}

fn main() {}
