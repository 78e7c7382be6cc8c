//! A nested stack with the inputs of another.

use formwork::prelude::*;

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

mod storage {
    use formwork::prelude::*;

    pub const STACK: Stack<Inputs, ()> = Stack::new("storage", "The storage", |_, _| ());

    #[derive(Inputs)]
    pub struct Inputs {
        /// A name.
        pub name: Input<String>,
    }
}

fn define(t: &mut Template) {
    t.nest("Network", network::STACK.with(storage::Inputs { name: give("data") }));
}

fn main() {}
