//! A property's structure as an output.

use formwork::prelude::*;
use formwork_aws::s3;

#[derive(Outputs)]
struct Outputs {
    /// How versions are kept.
    versioning: Value<s3::VersioningConfiguration>,
}

fn main() {}
