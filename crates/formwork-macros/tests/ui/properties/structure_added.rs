//! A property's structure added as a resource.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    t.add("Rule", s3::VersioningConfiguration::new(s3::VersioningConfigurationStatus::Enabled));
}

fn main() {}
