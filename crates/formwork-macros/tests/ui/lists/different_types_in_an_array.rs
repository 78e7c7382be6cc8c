//! Values of different Rust types in an array.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    let group = t.add("Group", ec2::SecurityGroup::new("HTTPS from inside"));
    t.add(
        "Endpoint",
        ec2::InstanceConnectEndpoint::new("subnet-1").security_group_ids([group, "sg-1"]),
    );
}

fn main() {}
