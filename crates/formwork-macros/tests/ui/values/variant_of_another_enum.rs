//! A variant of another property's enum.

use formwork::prelude::*;
use formwork_aws::{ec2, s3};

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().instance_tenancy(s3::AccessControl::Private));
}

fn main() {}
