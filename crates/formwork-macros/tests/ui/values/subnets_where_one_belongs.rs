//! A list of subnets where one subnet belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

fn define(t: &mut Template, subnets: Input<List<ec2::SubnetId>>) {
    t.add("Nat", ec2::NatGateway::new().subnet_id(subnets));
}

fn main() {}
