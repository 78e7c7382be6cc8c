//! A subnet in a tuple of security groups.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    let subnet = t.add("Subnet", ec2::Subnet::new(vpc));
    let group = t.add("Group", ec2::SecurityGroup::new("HTTPS from inside"));
    t.add(
        "Endpoint",
        ec2::InstanceConnectEndpoint::new(subnet).security_group_ids((group.group_id(), subnet)),
    );
}

fn main() {}
