//! A property of a nested structure with a wrong type.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    t.add(
        "Data",
        s3::Bucket::new().website_configuration(s3::WebsiteConfiguration::new().index_document(1)),
    );
}

fn main() {}
