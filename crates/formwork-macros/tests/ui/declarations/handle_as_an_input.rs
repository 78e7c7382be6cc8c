//! A resource as an input.

use formwork::prelude::*;
use formwork_aws::ec2;

#[derive(Inputs)]
struct Inputs {
    /// The VPC.
    vpc: Input<Handle<ec2::Vpc>>,
}

fn main() {}
