//! Resources that contradict another of the same template to which they refer.
//!
//! Only values that are written out are compared, in resources that name each other directly. What a launch decides breaks
//! no rule.

use std::collections::HashMap;

use formwork::read::{Position, Tree};

use super::fields::text;
use super::validate::Violation;
use super::{Checked, NEIGHBOUR};
use crate::finding::Finding;
use crate::value::{Fields, Origin, Presence, Value, What};

/// The types that are compared.
const TYPES: [&str; 15] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Stage",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCCidrBlock",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::SQS::Queue",
];

/// CloudFormation takes fewer resources; those that come later are not compared.
const MOST: usize = 1_000;

/// A resource, as far as it is known.
struct Known {
    id: String,
    kind: String,
    properties: Value,
    is_conditional: bool,
    /// The network or subnet that it is for, as it is written.
    place: Option<String>,
}

impl Known {
    fn fields(&self) -> Option<&Fields> {
        match &self.properties.what {
            What::Map(fields) if !fields.is_open => Some(fields),
            _ => None,
        }
    }
}

/// Where a resource contradicts another: the property, and what to say.
type Fault = (&'static str, String, String);

impl Checked<'_> {
    /// Everything that contradicts what it refers to.
    pub(super) fn neighbours(&self, findings: &mut Vec<Finding>) {
        let resources = self.resources.iter().take(MOST);
        let known: Vec<Known> = resources.filter_map(|it| self.known(it)).collect();
        let by_id: HashMap<&str, &Known> = known.iter().map(|it| (it.id.as_str(), it)).collect();
        for one in &known {
            let Some(fields) = one.fields() else { continue };
            for (property, message, allowed) in faults(one, fields, &by_id) {
                let at = fields.get(property).map_or(one.properties.at, |value| value.at);
                let violation = contradicts(at, property, message, &allowed);
                findings.push(self.of(violation, &one.id));
            }
        }
        self.associations(&known, findings);
        self.overlaps(&known, findings);
    }

    /// Subnets of one network with one range.
    fn overlaps(&self, known: &[Known], findings: &mut Vec<Finding>) {
        let mut before: Vec<(&str, (u32, u32), &str)> = Vec::new();
        for one in known.iter().filter(|it| it.kind == "AWS::EC2::Subnet" && !it.is_conditional) {
            let Some(fields) = one.fields() else { continue };
            let (Some(vpc), Some(block)) = (one.place.as_deref(), fields.get("CidrBlock")) else {
                continue;
            };
            let Some((first, last)) = text(fields, "CidrBlock").and_then(range) else { continue };
            let other = before
                .iter()
                .find(|(other, range, _)| range.0 <= last && first <= range.1 && *other == vpc);
            if let Some((.., other)) = other {
                let message = format!("the range overlaps that of the subnet `{other}`");
                let violation = contradicts(block.at, "CidrBlock", message, "a range of its own");
                findings.push(self.of(violation, &one.id));
            }
            before.push((vpc, (first, last), &one.id));
        }
    }

    fn known(&self, resource: &formwork::evaluate::Resource<'_>) -> Option<Known> {
        let kind = resource.kind.whole().filter(|kind| TYPES.contains(kind))?.to_owned();
        let id = resource.id.whole()?.to_owned();
        let term = resource.attribute("Properties").filter(|term| !term.tree.is_null())?;
        let properties = self.views.value(&term, self.views.sure(resource));
        let place = ["VpcId", "SubnetId"].iter().find_map(|name| resource.property(name));
        let place = place.and_then(|term| written(term.tree));
        Some(Known { id, kind, properties, is_conditional: resource.term.when.is_some(), place })
    }

    /// Subnets that two route tables are given.
    fn associations(&self, known: &[Known], findings: &mut Vec<Finding>) {
        let is_one =
            |it: &&Known| it.kind == "AWS::EC2::SubnetRouteTableAssociation" && !it.is_conditional;
        let mut before: HashMap<&str, &str> = HashMap::new();
        for one in known.iter().filter(is_one) {
            let Some(subnet) = one.place.as_deref() else { continue };
            let Some(value) = one.fields().and_then(|fields| fields.get("SubnetId")) else {
                continue;
            };
            if let Some(other) = before.insert(subnet, &one.id) {
                let message = format!("the subnet has the route table of `{other}` already");
                let violation =
                    contradicts(value.at, "SubnetId", message, "one route table for each subnet");
                findings.push(self.of(violation, &one.id));
            }
        }
    }
}

/// A text, or a function that names something, as it is written.
fn written(tree: &Tree) -> Option<String> {
    let part = |tree: &Tree| tree.as_str().map(str::to_owned);
    match tree.intrinsic() {
        None => part(tree),
        Some((name @ ("Ref" | "Fn::GetAtt"), argument)) => {
            let parts = argument.as_list().unwrap_or(std::slice::from_ref(argument));
            let parts: Vec<String> = parts.iter().map(part).collect::<Option<_>>()?;
            Some(format!("{name} {}", parts.join(".")))
        }
        Some(_) => None,
    }
}

/// The resource that a value names: by `Ref`, or one of its attributes.
fn target<'k>(value: Option<&Value>, known: &HashMap<&str, &'k Known>) -> Option<&'k Known> {
    match &value?.what {
        What::Unknown(Origin::Resource(id) | Origin::Attribute(id, _)) => {
            known.get(id.as_str()).copied()
        }
        _ => None,
    }
}

fn is_true(fields: &Fields, name: &str) -> Option<bool> {
    match fields.presence(name) {
        Presence::No => Some(false),
        _ => text(fields, name).map(|text| text.eq_ignore_ascii_case("true")),
    }
}

fn faults(one: &Known, fields: &Fields, known: &HashMap<&str, &Known>) -> Vec<Fault> {
    let found = match one.kind.as_str() {
        "AWS::ApiGateway::Method" => {
            vec![authorizer(fields, known), same_api(fields, "AuthorizerId", known)]
        }
        "AWS::ApiGateway::Stage" => vec![same_api(fields, "DeploymentId", known)],
        "AWS::ECS::Service" => vec![task(fields, known)],
        "AWS::EC2::Subnet" => vec![within(fields, known)],
        "AWS::Lambda::EventSourceMapping" => {
            vec![batch(fields, known), visibility(fields, known), position(fields, known)]
        }
        "AWS::RDS::DBInstance" => vec![engine(fields, known)],
        "AWS::SQS::Queue" => vec![dead_letters(fields, known)],
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// A dead-letter queue is of its queue's kind.
/// Source: "Using dead-letter queues in Amazon SQS", Developer Guide.
fn dead_letters(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let What::Map(policy) = &fields.get("RedrivePolicy")?.what else { return None };
    let other = target(policy.get("deadLetterTargetArn"), known)
        .filter(|it| it.kind == "AWS::SQS::Queue")?;
    let (own, others) = (is_true(fields, "FifoQueue")?, is_true(other.fields()?, "FifoQueue")?);
    let words = |is_fifo| if is_fifo { "a FIFO queue" } else { "a standard queue" };
    (own != others).then(|| {
        let message =
            format!("the dead letters of {} go to `{}`, {}", words(own), other.id, words(others));
        ("RedrivePolicy", message, words(own).to_owned())
    })
}

/// Batches of FIFO queues are small.
/// Source: "`BatchSize`", AWS Lambda API Reference.
fn batch(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    const MOST: u32 = 10;
    let queue =
        target(fields.get("EventSourceArn"), known).filter(|it| it.kind == "AWS::SQS::Queue")?;
    let size: u32 = text(fields, "BatchSize")?.parse().ok()?;
    let is_fifo = is_true(queue.fields()?, "FifoQueue")?;
    (is_fifo && size > MOST).then(|| {
        let message = format!("{size} messages at once of the FIFO queue `{}`", queue.id);
        ("BatchSize", message, format!("{MOST} or less"))
    })
}

/// A message is not handed out again while a function still has it.
/// Source: "Using Lambda with Amazon SQS", AWS Lambda Developer Guide.
fn visibility(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let queue =
        target(fields.get("EventSourceArn"), known).filter(|it| it.kind == "AWS::SQS::Queue")?;
    let function = target(fields.get("FunctionName"), known)
        .filter(|it| it.kind == "AWS::Lambda::Function")?;
    let seconds = |of: &Known, name: &str, usual: u32| match of.fields()?.presence(name) {
        Presence::No => Some(usual),
        _ => text(of.fields()?, name)?.parse().ok(),
    };
    let hidden = seconds(queue, "VisibilityTimeout", 30)?;
    let runs = seconds(function, "Timeout", 3)?;
    (hidden < runs).then(|| {
        let message = format!(
            "`{}` runs {runs} seconds, `{}` hides messages for {hidden}",
            function.id, queue.id
        );
        ("EventSourceArn", message, format!("{runs} seconds or more"))
    })
}

/// Queues have no position to start at.
/// Source: "`StartingPosition`", AWS Lambda API Reference.
fn position(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let queue =
        target(fields.get("EventSourceArn"), known).filter(|it| it.kind == "AWS::SQS::Queue")?;
    (fields.presence("StartingPosition") == Presence::Yes).then(|| {
        let message = format!("the queue `{}` has no position to start at", queue.id);
        ("StartingPosition", message, "none".to_owned())
    })
}

/// A subnet's range is in its network's.
/// Source: "`CidrBlock`", `CreateSubnet`, Amazon EC2 API Reference.
fn within(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let vpc = target(fields.get("VpcId"), known).filter(|it| it.kind == "AWS::EC2::VPC")?;
    let own = text(fields, "CidrBlock")?;
    let around = text(vpc.fields()?, "CidrBlock")?;
    let (inner, outer) = (range(own)?, range(around)?);
    // Another range may be given to the network besides.
    let has_more = known.values().any(|it| it.kind == "AWS::EC2::VPCCidrBlock");
    let is_inside = inner.0 >= outer.0 && inner.1 <= outer.1;
    (!is_inside && !has_more).then(|| {
        let message = format!("`{own}` is not within `{around}`, the range of `{}`", vpc.id);
        ("CidrBlock", message, format!("a part of {around}"))
    })
}

/// The first and last address of a range.
fn range(text: &str) -> Option<(u32, u32)> {
    let (address, bits) = text.split_once('/')?;
    let address = u32::from(address.parse::<std::net::Ipv4Addr>().ok()?);
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    let host = u32::MAX.checked_shr(bits).unwrap_or(0);
    Some((address & !host, address | host))
}

/// The instances of a cluster run its engine.
/// Source: "`Engine`" of `AWS::RDS::DBInstance`, CloudFormation Template Reference.
fn engine(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let cluster = target(fields.get("DBClusterIdentifier"), known)
        .filter(|it| it.kind == "AWS::RDS::DBCluster")?;
    let (own, others) = (text(fields, "Engine")?, text(cluster.fields()?, "Engine")?);
    (!own.eq_ignore_ascii_case(others)).then(|| {
        let message =
            format!("the engine of the cluster `{}` is `{others}`, not `{own}`", cluster.id);
        ("Engine", message, others.to_owned())
    })
}

/// The kind of authorization is its authorizer's.
/// Source: "`AuthorizationType`" of `AWS::ApiGateway::Method`, CloudFormation Template Reference.
fn authorizer(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let other = target(fields.get("AuthorizerId"), known)
        .filter(|it| it.kind == "AWS::ApiGateway::Authorizer")?;
    let (own, others) = (text(fields, "AuthorizationType")?, text(other.fields()?, "Type")?);
    let wanted = match others {
        "TOKEN" | "REQUEST" => "CUSTOM",
        "COGNITO_USER_POOLS" => "COGNITO_USER_POOLS",
        _ => return None,
    };
    (own != wanted && matches!(own, "CUSTOM" | "COGNITO_USER_POOLS")).then(|| {
        let message =
            format!("the authorizer `{}` is of type `{others}`, not for `{own}`", other.id);
        ("AuthorizationType", message, wanted.to_owned())
    })
}

/// What is used together belongs to one API.
/// Source: "`CreateStage`" and "`PutMethod`", Amazon API Gateway REST API Reference.
fn same_api(
    fields: &Fields,
    property: &'static str,
    known: &HashMap<&str, &Known>,
) -> Option<Fault> {
    let other = target(fields.get(property), known).filter(|it| {
        ["AWS::ApiGateway::Authorizer", "AWS::ApiGateway::Deployment"].contains(&it.kind.as_str())
    })?;
    let (What::Unknown(Origin::Resource(own)), What::Unknown(Origin::Resource(others))) =
        (&fields.get("RestApiId")?.what, &other.fields()?.get("RestApiId")?.what)
    else {
        return None;
    };
    (own != others).then(|| {
        let message = format!("`{}` is of the API `{others}`, and this of `{own}`", other.id);
        (property, message, "both of one API".to_owned())
    })
}

/// A service is run as its tasks can be.
/// Source: "`CreateService`", Amazon ECS API Reference.
fn task(fields: &Fields, known: &HashMap<&str, &Known>) -> Option<Fault> {
    let task = target(fields.get("TaskDefinition"), known)
        .filter(|it| it.kind == "AWS::ECS::TaskDefinition")?;
    let of_task = task.fields()?;
    let needs_network = text(of_task, "NetworkMode") == Some("awsvpc");
    if needs_network && fields.presence("NetworkConfiguration") == Presence::No {
        let message =
            format!("the task `{}` has a network of its own, of which nothing is said", task.id);
        return Some(("TaskDefinition", message, "`NetworkConfiguration` with subnets".to_owned()));
    }
    let What::List(kinds) = &of_task.get("RequiresCompatibilities")?.what else { return None };
    let kinds: Vec<&str> = kinds.iter().map(Value::as_text).collect::<Option<_>>()?;
    let is_wrong = text(fields, "LaunchType") == Some("FARGATE") && !kinds.contains(&"FARGATE");
    is_wrong.then(|| {
        let message = format!("the task `{}` is not made for Fargate", task.id);
        ("LaunchType", message, "FARGATE among its `RequiresCompatibilities`".to_owned())
    })
}

/// What is wrong with a property beside another resource.
fn contradicts(at: Position, property: &str, message: String, allowed: &str) -> Violation {
    Violation {
        rule: &NEIGHBOUR,
        at,
        path: vec![property.to_owned()],
        message,
        given: None,
        allowed: Some(allowed.to_owned()),
        fix: None,
    }
}
