//! A list of subnets where a list of security groups belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, subnets: Input<List<ec2::SubnetId>>) {
    t.add("Endpoint", ec2::InstanceConnectEndpoint::new("subnet-1").security_group_ids(subnets));
}

fn main() {}
