//! A network and an application in it, each a stack of its own, and the parent that nests both.
//!
//! It shows typed inputs and outputs between stacks, a list among them, and templates that lie in a bucket which the
//! launch names: copy what this program writes into that bucket, then launch `two-nested-stacks.yaml`.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{ec2, s3, sqs};

const STACK: Stack<Inputs, Outputs> =
    Stack::new("two-nested-stacks", "A network and an application in it", define);

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Bucket that the templates are in, in the region of the launch.
    pub release_bucket: Input<s3::BucketName>,
    /// Address range of the network.
    #[input(default = "10.0.0.0/20")]
    pub range: Input<Cidr>,
}

/// What the console shows.
#[derive(Outputs)]
pub struct Outputs {
    /// Queue of the application.
    pub queue_url: Value<sqs::QueueUrl>,
    /// Subnets that reach it.
    pub subnets: Value<List<ec2::SubnetId>>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let bucket = input.release_bucket;
    t.templates_at(move |key| {
        sub!("https://{bucket}.s3.{}.{}/{key}", pseudo::REGION, pseudo::URL_SUFFIX)
    });
    let range = input.range;
    let network = network::STACK
        .with(network::Inputs { range })
        .deletion_policy(DeletionPolicy::Delete)
        .update_replace_policy(DeletionPolicy::Delete);
    let network = t.nest("Network", network);
    let app = app::STACK
        .with(app::Inputs {
            vpc_id: give(network.vpc_id),
            range,
            // The network gives the list as one text, and the application gets a list again.
            subnets: give(network.subnets),
        })
        .deletion_policy(DeletionPolicy::Delete)
        .update_replace_policy(DeletionPolicy::Delete);
    let app = t.nest("App", app);
    Outputs { queue_url: app.queue_url, subnets: network.subnets }
}

/// The network: nothing in it reaches the internet.
mod network {
    use formwork::prelude::*;
    use formwork_aws::ec2;

    pub const STACK: Stack<Inputs, Outputs> =
        Stack::new("network", "Two subnets without a way out", define);

    #[derive(Inputs)]
    pub struct Inputs {
        /// Address range of the network.
        pub range: Input<Cidr>,
    }

    #[derive(Outputs)]
    pub struct Outputs {
        /// The network.
        pub vpc_id: Value<ec2::VpcId>,
        /// Its subnets, one in each of two zones.
        pub subnets: Value<List<ec2::SubnetId>>,
    }

    fn define(t: &mut Template, input: Inputs) -> Outputs {
        let vpc = ec2::Vpc::new().cidr_block(input.range).enable_dns_support(true);
        let vpc = t.add("Vpc", vpc.enable_dns_hostnames(true));
        let subnets = [("SubnetA", 0), ("SubnetB", 1)].map(|(id, zone)| {
            let subnet = ec2::Subnet::new(vpc).cidr_block(cidr(input.range, 2, 8).select(zone));
            t.add(id, subnet.availability_zone(availability_zones().select(zone)))
        });
        Outputs { vpc_id: val(vpc), subnets: val(subnets) }
    }
}

/// The application: a queue, and the private way to it.
mod app {
    use formwork::prelude::*;
    use formwork_aws::{ec2, sqs};

    pub const STACK: Stack<Inputs, Outputs> =
        Stack::new("app", "A queue, and the private way to it", define);

    #[derive(Inputs)]
    pub struct Inputs {
        /// The network.
        pub vpc_id: Input<ec2::VpcId>,
        /// Its address range.
        pub range: Input<Cidr>,
        /// Subnets that must reach the queue.
        pub subnets: Input<List<ec2::SubnetId>>,
    }

    #[derive(Outputs)]
    pub struct Outputs {
        /// The queue.
        pub queue_url: Value<sqs::QueueUrl>,
    }

    fn define(t: &mut Template, input: Inputs) -> Outputs {
        let queue = sqs::Queue::new()
            .message_retention_period(345_600)
            .sqs_managed_sse_enabled(true)
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(DeletionPolicy::Delete);
        let queue = t.add("Queue", queue);
        let tls = ec2::Ingress::new("tcp").from_port(443).to_port(443).cidr_ip(input.range);
        let group = ec2::SecurityGroup::new("TLS from inside the network").vpc_id(input.vpc_id);
        let group = t.add("FromInside", group.security_group_ingress([tls]));
        let use_it =
            [sqs::actions::SendMessage, sqs::actions::ReceiveMessage, sqs::actions::DeleteMessage];
        let way = ec2::VpcEndpoint::new(input.vpc_id)
            .policy_document(Policy::new([allow(use_it).on(queue.arn()).to(Principal::any())]))
            .private_dns_enabled(true)
            .security_group_ids([group.group_id()])
            .service_name(sub!("com.amazonaws.{}.sqs", pseudo::REGION))
            .subnet_ids(input.subnets)
            .vpc_endpoint_type(ec2::VpcEndpointType::Interface);
        let way = t.add("WayToTheQueue", way);
        let no_other_way = deny(use_it)
            .on(queue.arn())
            .to(Principal::any())
            .when(condition::string_not_equals(condition::aws::SourceVpce, way));
        let policy = sqs::QueuePolicyRequired {
            policy_document: Policy::new([no_other_way]),
            queues: [queue],
        };
        t.add("NoOtherWay", sqs::QueuePolicy::new(policy));
        Outputs { queue_url: val(queue) }
    }
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
