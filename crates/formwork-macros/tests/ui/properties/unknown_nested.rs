//! A property that a nested structure lacks.

use formwork::prelude::*;
use formwork_aws::s3;

fn define(t: &mut Template) {
    t.add(
        "Data",
        s3::Bucket::new()
            .website_configuration(s3::WebsiteConfiguration::new().index("index.html")),
    );
}

fn main() {}
