//! A property that only another type has.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().bucket_name("data"));
}

fn main() {}
