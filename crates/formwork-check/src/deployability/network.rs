//! The ways of a network that have to be there before they are used: gateways before routes, addresses and load balancers;
//! routes and endpoints before functions that answer CloudFormation, machines that signal it, and SageMaker domains.

use formwork::read::Tree;

use super::rules::{NO_GATEWAY, NO_WAY};
use super::scene::{Scene, is_custom, mentions};
use crate::finding::{Finding, shown};

pub(super) fn check(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    gateways(scene, findings);
    for at in 0..scene.nodes.len() {
        match scene.nodes[at].kind {
            kind if is_custom(kind) => {
                for function in scene.targets_of(at, "ServiceToken", "AWS::Lambda::Function") {
                    let subnets = subnets(scene, function.at, "VpcConfig");
                    ways(
                        scene,
                        at,
                        &subnets,
                        "the function has to answer CloudFormation",
                        findings,
                    );
                }
            }
            "AWS::EC2::Instance" if signals(scene, at) => {
                let subnets = subnets(scene, at, "SubnetId");
                ways(scene, at, &subnets, "the machine has to signal CloudFormation", findings);
            }
            "AWS::SageMaker::Domain" if is_vpc_only(scene, at) => endpoints(scene, at, findings),
            _ => {}
        }
    }
}

/// What uses the gateway of a network without naming its attachment, and the property that names the gateway or network.
pub(super) const THROUGH: [(&str, &str); 6] = [
    ("AWS::EC2::Route", "GatewayId"),
    ("AWS::EC2::VPNGatewayRoutePropagation", "VpnGatewayId"),
    ("AWS::EC2::NatGateway", "SubnetId"),
    ("AWS::EC2::EIP", "InstanceId"),
    ("AWS::EC2::EIPAssociation", "InstanceId"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Subnets"),
];

const ATTACHMENT: &str = "AWS::EC2::VPCGatewayAttachment";

fn gateways(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let attachments: Vec<usize> = scene.of_kind(ATTACHMENT).collect();
    if attachments.is_empty() {
        return;
    }
    for (kind, property) in THROUGH {
        for at in scene.of_kind(kind).filter(|at| is_public(scene, *at)) {
            let late = scene.targets(at, property).into_iter().find_map(|target| {
                let of = attachments.iter().filter(|one| serves(scene, **one, target.at));
                let of: Vec<usize> = of.copied().collect();
                let is_late = |one: &usize| scene.may_precede(at, *one, &target.when);
                of.first().copied().filter(|_| of.iter().all(is_late))
            });
            let Some(attachment) = late.filter(|one| !scene.may_wait(*one, at)) else { continue };
            let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[attachment].id));
            let message = format!(
                "`{id}` uses a gateway and does not wait for `{to}`, which attaches it to the network"
            );
            let fix = format!("add `{to}` to the `DependsOn` of `{id}`");
            findings.push(Finding::new(NO_GATEWAY, scene.place(at), message).fix(fix));
        }
    }
}

/// Whether a NAT gateway or load balancer is for the internet.
fn is_public(scene: &Scene<'_>, at: usize) -> bool {
    let is = |name: &str, value: &str| {
        scene.property(at, name).is_some_and(|tree| tree.as_str() == Some(value))
    };
    let is_open = |name: &str, value: &str| scene.property(at, name).is_none() || is(name, value);
    match scene.nodes[at].kind {
        "AWS::EC2::NatGateway" => is_open("ConnectivityType", "public"),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            is_open("Scheme", "internet-facing")
                && (is_open("Type", "application") || is("Type", "network"))
        }
        _ => true,
    }
}

/// Whether an attachment is of this gateway, or of the network that this subnet or machine is in.
fn serves(scene: &Scene<'_>, attachment: usize, target: usize) -> bool {
    match scene.nodes[target].kind {
        "AWS::EC2::InternetGateway" | "AWS::EC2::VPNGateway" => scene.refers(attachment, target),
        "AWS::EC2::Subnet" => {
            let networks = scene.targets_of(target, "VpcId", "AWS::EC2::VPC");
            let is_internet = !scene.targets(attachment, "InternetGatewayId").is_empty();
            is_internet && networks.iter().any(|network| scene.refers(attachment, network.at))
        }
        "AWS::EC2::Instance" => subnets(scene, target, "SubnetId")
            .iter()
            .any(|subnet| serves(scene, attachment, *subnet)),
        _ => false,
    }
}

/// The subnets of the template that a property names.
fn subnets(scene: &Scene<'_>, at: usize, property: &str) -> Vec<usize> {
    let found = scene.targets_of(at, property, "AWS::EC2::Subnet");
    found.into_iter().map(|target| target.at).collect()
}

/// A machine that CloudFormation waits for.
fn signals(scene: &Scene<'_>, at: usize) -> bool {
    scene.nodes[at].tree.get("CreationPolicy").is_some()
}

/// The routes out of the subnets, if the template makes any: one way has to be waited for.
fn ways(scene: &Scene<'_>, at: usize, subnets: &[usize], why: &str, findings: &mut Vec<Finding>) {
    let Some(network) = subnets.first() else { return };
    let associations: Vec<usize> = scene
        .of_kind("AWS::EC2::SubnetRouteTableAssociation")
        .filter(|one| subnets.iter().any(|subnet| scene.refers(*one, *subnet)))
        .collect();
    let tables: Vec<usize> = associations
        .iter()
        .flat_map(|one| scene.targets_of(*one, "RouteTableId", "AWS::EC2::RouteTable"))
        .map(|table| table.at)
        .collect();
    let routes = scene.of_kind("AWS::EC2::Route").filter(|route| {
        tables.iter().any(|table| scene.refers(*route, *table)) && is_default(scene, *route)
    });
    let mut out: Vec<usize> = routes.collect();
    if out.is_empty() {
        // Without a route out, interface endpoints in the same subnets are the way.
        out = endpoints_of(scene, *network, &["com.amazonaws."]);
    }
    if out.is_empty() || !out.iter().all(|one| scene.may_precede(at, *one, &Vec::new())) {
        return;
    }
    let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[out[0]].id));
    let message = format!("`{id}` does not wait for `{to}`, its way out of the network: {why}");
    let fix = format!("add `{to}` to the `DependsOn` of `{id}`");
    findings.push(Finding::new(NO_WAY, scene.place(at), message).fix(fix));
}

/// Whether a route leads to everywhere.
fn is_default(scene: &Scene<'_>, route: usize) -> bool {
    let to = |name| scene.property(route, name).and_then(Tree::as_str);
    to("DestinationCidrBlock") == Some("0.0.0.0/0")
        || to("DestinationIpv6CidrBlock") == Some("::/0")
}

fn is_vpc_only(scene: &Scene<'_>, at: usize) -> bool {
    scene.property(at, "AppNetworkAccessType").and_then(Tree::as_str) == Some("VpcOnly")
}

/// What a domain without internet needs, by "Connect Studio in a VPC to external resources", SageMaker Developer Guide.
const NEEDED: [&str; 3] = ["sagemaker.api", "sagemaker.runtime", ".studio"];

/// A domain without internet reaches SageMaker's own services by endpoints only.
fn endpoints(scene: &Scene<'_>, at: usize, findings: &mut Vec<Finding>) {
    let Some(subnet) = subnets(scene, at, "SubnetIds").first().copied() else { return };
    for endpoint in endpoints_of(scene, subnet, &NEEDED) {
        if scene.may_precede(at, endpoint, &Vec::new()) && !scene.may_wait(endpoint, at) {
            let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[endpoint].id));
            let message = format!(
                "the domain `{id}` has no internet and does not wait for `{to}`, its way to SageMaker"
            );
            let fix = format!("add `{to}` to the `DependsOn` of `{id}`");
            findings.push(Finding::new(NO_WAY, scene.place(at), message).fix(fix));
        }
    }
}

/// The interface endpoints in the network of a subnet, to services with one of these in their names.
fn endpoints_of(scene: &Scene<'_>, subnet: usize, services: &[&str]) -> Vec<usize> {
    let networks = scene.targets_of(subnet, "VpcId", "AWS::EC2::VPC");
    let is_it = |endpoint: &usize| {
        let kind = scene.property(*endpoint, "VpcEndpointType");
        let is_interface = kind.is_some_and(|kind| mentions(kind, &["Interface"]));
        let service = scene.property(*endpoint, "ServiceName");
        let mut fits = false;
        if let Some(service) = service {
            service.walk(|_, tree| {
                let text = tree.as_str().unwrap_or_default();
                fits |= services.iter().any(|name| text.contains(name));
            });
        }
        let shares = |network: &super::scene::Target<'_>| scene.refers(*endpoint, network.at);
        is_interface && fits && networks.iter().any(shares)
    };
    scene.of_kind("AWS::EC2::VPCEndpoint").filter(is_it).collect()
}
