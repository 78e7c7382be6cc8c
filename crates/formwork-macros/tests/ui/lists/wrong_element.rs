//! A subnet among security groups.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    let subnet = t.add("Subnet", ec2::Subnet::new(vpc));
    t.add("Endpoint", ec2::InstanceConnectEndpoint::new(subnet).security_group_ids([subnet]));
}

fn main() {}
