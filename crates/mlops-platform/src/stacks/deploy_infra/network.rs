//! The network: two private subnets, and security groups that let jobs speak to each other, and everything to endpoints and S3.
//!
//! Nothing speaks to an app of Studio. `JupyterLab` in there asks nobody for a password, because people come to it by SageMaker;
//! whoever reached it would work with its owner's role, be that another project's or the admin's.
//!
//! There is no gateway to the internet, no address translation and no default route, so nothing in here can leave AWS.

use formwork::prelude::*;
use formwork_aws::{ec2, logs, sts};

use super::Setup;
use crate::custom::NetworkPlan;
use crate::names;
use crate::stacks::inline;
use crate::tags::tags;

/// What other parts use of the network.
#[derive(Clone, Copy)]
pub(super) struct Network {
    pub(super) vpc: Handle<ec2::Vpc>,
    pub(super) subnets: [Handle<ec2::Subnet>; 2],
    pub(super) route_table: Handle<ec2::RouteTable>,
    pub(super) associations: [Handle<ec2::SubnetRouteTableAssociation>; 2],
    /// Jobs and endpoints.
    pub(super) compute: Handle<ec2::SecurityGroup>,
    /// Apps of Studio. SageMaker adds a group of its own, by which they reach home directories.
    pub(super) studio: Handle<ec2::SecurityGroup>,
    /// The interface endpoints.
    pub(super) endpoints: Handle<ec2::SecurityGroup>,
    pub(super) ingress: [Handle<ec2::SecurityGroupIngress>; 3],
    pub(super) egress: [Handle<ec2::SecurityGroupEgress>; 5],
}

pub(super) fn add(t: &mut Template, setup: Setup, plan: Handle<Custom<NetworkPlan>>) -> Network {
    let vpc = t.add(
        "Vpc",
        ec2::Vpc::new()
            .cidr_block(setup.input.vpc_cidr)
            .enable_dns_support(true)
            .enable_dns_hostnames(true)
            .tags(setup.named("mlops")),
    );
    let subnets = subnets(t, setup, vpc, plan);
    let route_table =
        t.add("PrivateRouteTable", ec2::RouteTable::new(vpc).tags(setup.named("mlops-private")));
    let associations = [("PrivateSubnet1Routes", subnets[0]), ("PrivateSubnet2Routes", subnets[1])]
        .map(|(id, subnet_id)| {
            let ends =
                ec2::SubnetRouteTableAssociationRequired { route_table_id: route_table, subnet_id };
            t.add(id, ec2::SubnetRouteTableAssociation::new(ends))
        });
    flow_log(t, setup, vpc);
    let compute = group(t, setup, vpc, "ComputeSecurityGroup", "mlops-compute", COMPUTE);
    let studio = group(t, setup, vpc, "StudioSecurityGroup", "mlops-studio", STUDIO);
    let endpoints = group(t, setup, vpc, "VpceSecurityGroup", "mlops-endpoints", ENDPOINTS);
    let ingress = ingress(t, compute, studio, endpoints);
    let egress = egress(t, compute, studio, endpoints, plan);
    Network { vpc, subnets, route_table, associations, compute, studio, endpoints, ingress, egress }
}

/// Always four blocks of 256 addresses, of which two are used: a template cannot compute with the length of a prefix.
/// The network plan finds the subnets by their logical ids.
fn subnets(
    t: &mut Template,
    setup: Setup,
    vpc: Handle<ec2::Vpc>,
    plan: Handle<Custom<NetworkPlan>>,
) -> [Handle<ec2::Subnet>; 2] {
    let blocks = cidr(setup.input.vpc_cidr, 4, 8);
    [
        ("PrivateSubnet1", "mlops-private-1", plan.az1, 0),
        ("PrivateSubnet2", "mlops-private-2", plan.az2, 1),
    ]
    .map(|(id, name, zone, block)| {
        let subnet = ec2::Subnet::new(vpc)
            .availability_zone(zone)
            .cidr_block(blocks.select(block))
            .map_public_ip_on_launch(false)
            .tags(setup.named(name));
        t.add(id, subnet)
    })
}

const COMPUTE: &str = "Jobs and endpoints";
const STUDIO: &str = "Apps of Studio";
const ENDPOINTS: &str = "Interface endpoints";

/// A group without rules. EC2 gives a group that says nothing of egress a rule to anywhere, and rules of their own do not
/// take it away; so each has one inline rule that leads nowhere.
fn group(
    t: &mut Template,
    setup: Setup,
    vpc: Handle<ec2::Vpc>,
    id: &'static str,
    name: &'static str,
    description: &'static str,
) -> Handle<ec2::SecurityGroup> {
    let nowhere = ec2::Egress::new("-1")
        .cidr_ip("127.0.0.1/32")
        .description("In place of the rule to anywhere that EC2 would add");
    t.add(
        id,
        ec2::SecurityGroup::new(description)
            .vpc_id(vpc)
            .security_group_egress([nowhere])
            .tags(setup.named(name)),
    )
}

/// Who may speak to whom. The groups refer to each other, so the rules stand by themselves.
fn ingress(
    t: &mut Template,
    compute: Handle<ec2::SecurityGroup>,
    studio: Handle<ec2::SecurityGroup>,
    endpoints: Handle<ec2::SecurityGroup>,
) -> [Handle<ec2::SecurityGroupIngress>; 3] {
    let mut to = |id, group: Handle<ec2::SecurityGroup>, source, description, (from, to)| {
        let source: Handle<ec2::SecurityGroup> = source;
        let description: &'static str = description;
        t.add(
            id,
            ec2::SecurityGroupIngress::new("tcp")
                .group_id(group.group_id())
                .source_security_group_id(source.group_id())
                .from_port(from)
                .to_port(to)
                .description(description),
        )
    };
    [
        to("ComputeFromCompute", compute, compute, AMONG_COMPUTE, ANY),
        to("EndpointsFromCompute", endpoints, compute, CALLS, HTTPS),
        to("EndpointsFromStudio", endpoints, studio, CALLS, HTTPS),
    ]
}

/// What jobs may speak to: each other, the endpoints, S3. Apps: the endpoints, S3.
fn egress(
    t: &mut Template,
    compute: Handle<ec2::SecurityGroup>,
    studio: Handle<ec2::SecurityGroup>,
    endpoints: Handle<ec2::SecurityGroup>,
    plan: Handle<Custom<NetworkPlan>>,
) -> [Handle<ec2::SecurityGroupEgress>; 5] {
    let rule = |of: Handle<ec2::SecurityGroup>, description: &'static str, (from, to)| {
        ec2::SecurityGroupEgress::new(ec2::SecurityGroupEgressRequired {
            group_id: of.group_id(),
            ip_protocol: "tcp",
        })
        .from_port(from)
        .to_port(to)
        .description(description)
    };
    let among = rule(compute, AMONG_COMPUTE, ANY);
    let calls = |of| rule(of, CALLS, HTTPS).destination_security_group_id(endpoints.group_id());
    let s3 = |of| {
        rule(of, "S3 by its gateway endpoint", HTTPS)
            .destination_prefix_list_id(plan.s3_prefix_list_id)
    };
    [
        ("ComputeToCompute", among.destination_security_group_id(compute.group_id())),
        ("ComputeToEndpoints", calls(compute)),
        ("ComputeToS3", s3(compute)),
        ("StudioToEndpoints", calls(studio)),
        ("StudioToS3", s3(studio)),
    ]
    .map(|(id, rule)| t.add(id, rule))
}

const AMONG_COMPUTE: &str = "Distributed training";
const CALLS: &str = "Calls of AWS services";
const ANY: (i32, i32) = (0, 65_535);
const HTTPS: (i32, i32) = (443, 443);

/// What was refused, for 30 days.
fn flow_log(t: &mut Template, setup: Setup, vpc: Handle<ec2::Vpc>) {
    let group = t.add(
        "FlowLogGroup",
        logs::LogGroup::new()
            .log_group_name(FLOW_LOG_GROUP)
            .kms_key_id(setup.input.platform_key_arn)
            .retention_in_days(30)
            .tags(tags!(logs, setup.input.cost_center))
            .delete_with_stack(),
    );
    let trust = allow(sts::actions::AssumeRole)
        .to(Principal::service("vpc-flow-logs"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_like(condition::aws::SourceArn, names::arn("ec2", "vpc-flow-log/*")));
    let role = t.add(
        "FlowLogRole",
        setup
            .role(names::platform_role("flow-log"), Policy::new([trust]))
            .description("Writes the flow log of the platform's network")
            .policies([inline("WriteFlowLog", write_flow_log())]),
    );
    t.add(
        "FlowLog",
        ec2::FlowLog::new(ec2::FlowLogRequired {
            resource_id: vpc,
            resource_type: ec2::FlowLogResourceType::Vpc,
        })
        .traffic_type(ec2::TrafficType::Reject)
        .log_destination_type(ec2::LogDestinationType::CloudWatchLogs)
        .log_group_name(group)
        .deliver_logs_permission_arn(role.arn())
        .tags(setup.named("mlops-refused")),
    );
}

fn write_flow_log() -> Policy {
    use logs::actions as may;
    let group = sub!("{}:{FLOW_LOG_GROUP}", names::arn("logs", "log-group"));
    Policy::new([
        allow([may::CreateLogStream, may::DescribeLogStreams, may::PutLogEvents])
            .on([group, sub!("{group}:*")]),
        allow(may::DescribeLogGroups).on_all("the list is of all groups"),
    ])
}

const FLOW_LOG_GROUP: &str = "/mlops/flow-log";
