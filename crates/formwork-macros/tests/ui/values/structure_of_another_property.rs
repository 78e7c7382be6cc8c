//! The structure of another property.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    t.add("Data", s3::Bucket::new().versioning_configuration(s3::OwnershipControls::new([])));
}

fn main() {}
