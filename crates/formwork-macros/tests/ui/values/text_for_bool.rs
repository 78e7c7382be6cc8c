//! Text where `true` or `false` belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    t.add("Vpc", ec2::Vpc::new().enable_dns_hostnames("true"));
}

fn main() {}
