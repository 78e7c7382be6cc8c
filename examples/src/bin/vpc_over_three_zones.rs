//! A network over three zones: in each a public and a private subnet, and as many NAT gateways as a launch asks for.
//!
//! It shows a Rust loop that collects typed handles, a choice that becomes conditions, and `Fn::If` between two
//! resources.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{ec2, iam, logs, sts};

const STACK: Stack<Inputs, Outputs> =
    Stack::new("vpc-over-three-zones", "A network over three zones", define);

/// How many NAT gateways there are; each costs by the hour.
#[derive(Clone, Copy, Choices)]
pub enum Nat {
    /// Private subnets reach nothing outside but S3.
    None,
    /// One for all zones; if its zone fails, no zone gets out.
    One,
    /// One in each zone.
    PerZone,
}

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Address range of the network.
    #[input(default = "10.0.0.0/16", pattern = r"^[\d.]+/16$", explain = "such as 10.0.0.0/16")]
    pub vpc_range: Input<Cidr>,
    /// NAT gateways through which private subnets reach the internet.
    #[input(label = "NAT gateways", default = Nat::One)]
    pub nat: Input<Nat>,
}

/// What other stacks may use.
#[derive(Outputs)]
pub struct Outputs {
    /// The network.
    pub vpc_id: Value<ec2::VpcId>,
    /// Subnets that the internet can reach.
    pub public_subnets: Value<List<ec2::SubnetId>>,
    /// Subnets that it cannot reach.
    pub private_subnets: Value<List<ec2::SubnetId>>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let has_nat = t.condition("HasNat", input.nat.is_not(Nat::None));
    let nat_per_zone = t.condition("NatPerZone", input.nat.is(Nat::PerZone));

    let vpc = ec2::Vpc::new().cidr_block(input.vpc_range).enable_dns_support(true);
    let vpc = t.add("Vpc", vpc.enable_dns_hostnames(true));
    let internet = t.add("Internet", ec2::InternetGateway::new());
    let attachment = ec2::VpcGatewayAttachment::new(vpc).internet_gateway_id(internet);
    let attachment = t.add("InternetAttachment", attachment);
    let public_table = t.add("PublicTable", ec2::RouteTable::new(vpc));
    let out = to_anywhere(public_table).gateway_id(internet).depends_on(attachment);
    t.add("PublicRoute", out);

    let (mut public, mut private, mut tables) = (vec![], vec![], vec![public_table]);
    let mut first_nat = None;
    for (name, zone) in [("A", 0), ("B", 1), ("C", 2)] {
        let outer = t.add(format!("PublicSubnet{name}"), subnet(vpc, zone, zone));
        t.add(format!("PublicSubnet{name}Table"), uses(outer, public_table));
        let inner = t.add(format!("PrivateSubnet{name}"), subnet(vpc, zone, zone + 3));
        let table = t.add(format!("PrivateTable{name}"), ec2::RouteTable::new(vpc));
        t.add(format!("PrivateSubnet{name}Table"), uses(inner, table));

        // If there is only one gateway, it is that of the first zone.
        let wanted = if zone == 0 { has_nat } else { nat_per_zone };
        let address = ec2::Eip::new().domain(ec2::Domain::Vpc).depends_on(attachment).when(wanted);
        let address = t.add(format!("NatAddress{name}"), address);
        let nat = ec2::NatGateway::new().subnet_id(outer).allocation_id(address.allocation_id());
        let nat = t.add(format!("Nat{name}"), nat.when(wanted));
        let out = to_anywhere(table).when(has_nat);
        let out = match first_nat {
            None => out.nat_gateway_id(nat),
            Some(first) => out.nat_gateway_id(when(nat_per_zone, nat, first)),
        };
        t.add(format!("PrivateRoute{name}"), out);
        first_nat = first_nat.or(Some(nat));

        public.push(outer);
        private.push(inner);
        tables.push(table);
    }
    // Its policy stays open, as AWS makes it: a way is not yet a right.
    let s3_here = sub!("com.amazonaws.{}.s3", pseudo::REGION);
    let endpoint = ec2::VpcEndpoint::new(vpc).service_name(s3_here).route_table_ids(tables);
    t.add("S3Endpoint", endpoint.vpc_endpoint_type(ec2::VpcEndpointType::Gateway));
    flow_logs(t, vpc);
    Outputs { vpc_id: val(vpc), public_subnets: val(public), private_subnets: val(private) }
}

fn subnet(vpc: Handle<ec2::Vpc>, zone: u32, range: u32) -> ec2::Subnet {
    let range = cidr(vpc.cidr_block(), 6, 12).select(range);
    let zone = availability_zones().select(zone);
    ec2::Subnet::new(vpc).cidr_block(range).availability_zone(zone)
}

fn uses(
    subnet_id: Handle<ec2::Subnet>,
    route_table_id: Handle<ec2::RouteTable>,
) -> ec2::SubnetRouteTableAssociation {
    let both = ec2::SubnetRouteTableAssociationRequired { subnet_id, route_table_id };
    ec2::SubnetRouteTableAssociation::new(both)
}

fn to_anywhere(table: Handle<ec2::RouteTable>) -> ec2::Route {
    ec2::Route::new(table).destination_cidr_block("0.0.0.0/0")
}

/// Who spoke with whom, for 30 days.
fn flow_logs(t: &mut Template, vpc: Handle<ec2::Vpc>) {
    let group = t.add("FlowLogGroup", logs::LogGroup::new().retention_in_days(30).retain());
    let trust = allow(sts::actions::AssumeRole)
        .to(Principal::service("vpc-flow-logs"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID));
    let write = allow([
        logs::actions::CreateLogStream,
        logs::actions::DescribeLogGroups,
        logs::actions::DescribeLogStreams,
        logs::actions::PutLogEvents,
    ]);
    let deliver = iam::PolicyProperty::new(iam::PolicyPropertyRequired {
        policy_name: "Deliver",
        policy_document: Policy::new([write.on(group.arn())]),
    });
    let role = t.add("FlowLogRole", iam::Role::new(Policy::new([trust])).policies([deliver]));
    let flow_log = ec2::FlowLog::new(ec2::FlowLogRequired {
        resource_id: vpc,
        resource_type: ec2::FlowLogResourceType::Vpc,
    })
    .deliver_logs_permission_arn(role.arn())
    .log_group_name(group)
    .traffic_type(ec2::TrafficType::All);
    t.add("FlowLog", flow_log);
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
