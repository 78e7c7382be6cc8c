//! A handle where an output's value belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

#[derive(Outputs)]
struct Outputs {
    /// The VPC.
    vpc: Value<ec2::VpcId>,
}

fn define(t: &mut Template, _: ()) -> Outputs {
    let vpc = t.add("Vpc", ec2::Vpc::new());
    Outputs { vpc }
}

fn main() {}
