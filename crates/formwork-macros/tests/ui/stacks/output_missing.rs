//! A stack that gives fewer outputs than it promises.

use formwork::prelude::*;
use formwork_aws::ec2;

#[derive(Outputs)]
struct Outputs {
    /// The VPC.
    vpc: Value<ec2::VpcId>,
    /// Its range.
    range: Value<Cidr>,
}

fn define(t: &mut Template, _: ()) -> Outputs {
    let vpc = t.add("Vpc", ec2::Vpc::new());
    Outputs { vpc: val(vpc) }
}

fn main() {}
