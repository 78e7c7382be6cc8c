//! An output that is not a `Value`.

use formwork::prelude::*;
use formwork_aws::ec2;

#[derive(Outputs)]
struct Outputs {
    /// The VPC.
    vpc: Handle<ec2::Vpc>,
}

fn main() {}
