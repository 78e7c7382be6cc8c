//! A nested stack without one of its inputs.

use formwork::prelude::*;
use formwork_aws::ec2;

mod network {
    use formwork::prelude::*;
    use formwork_aws::ec2;

    pub const STACK: Stack<Inputs, Outputs> = Stack::new("network", "The network", define);

    #[derive(Inputs)]
    pub struct Inputs {
        /// The VPC.
        pub vpc_id: Input<ec2::VpcId>,
        /// Whether it is large.
        #[input(default = false)]
        pub large: Input<bool>,
    }

    #[derive(Outputs)]
    pub struct Outputs {
        /// A subnet.
        pub subnet: Value<ec2::SubnetId>,
    }

    fn define(t: &mut Template, input: Inputs) -> Outputs {
        let subnet = t.add("Subnet", ec2::Subnet::new(input.vpc_id));
        Outputs { subnet: val(subnet) }
    }
}

fn define(t: &mut Template) {
    let vpc = t.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    t.nest("Network", network::STACK.with(network::Inputs { vpc_id: give(vpc) }));
}

fn main() {}
