//! Resources that contradict another of the same template to which they refer.
//!
//! Only values that are written out are compared, in resources that name each other directly. What a launch decides breaks
//! no rule.

use std::collections::HashMap;

use super::validate::Violation;
use super::{Checked, NEIGHBOUR};
use crate::finding::Finding;
use crate::value::{Fields, Origin, Presence, Value, What};

/// The types that are compared.
const TYPES: [&str; 11] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Stage",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::Lambda::EventSourceMapping",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::SQS::Queue",
];

/// A resource, as far as it is known.
struct Known {
    id: String,
    kind: String,
    properties: Value,
    is_conditional: bool,
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
        let known: Vec<Known> = self.resources.iter().filter_map(|it| self.known(it)).collect();
        let by_id: HashMap<&str, &Known> = known.iter().map(|it| (it.id.as_str(), it)).collect();
        for one in &known {
            let Some(fields) = one.fields() else { continue };
            for (property, message, allowed) in faults(one, fields, &by_id) {
                let at = fields.get(property).map_or(one.properties.at, |value| value.at);
                let path = vec![property.to_owned()];
                let allowed = Some(allowed);
                let violation = Violation {
                    rule: &NEIGHBOUR,
                    at,
                    path,
                    message,
                    given: None,
                    allowed,
                    fix: None,
                };
                findings.push(self.of(violation, &one.id));
            }
        }
        self.associations(&known, findings);
    }

    fn known(&self, resource: &formwork::evaluate::Resource<'_>) -> Option<Known> {
        let kind = resource.kind.whole().filter(|kind| TYPES.contains(kind))?.to_owned();
        let id = resource.id.whole()?.to_owned();
        let term = resource.attribute("Properties").filter(|term| !term.tree.is_null())?;
        let properties = self.views.value(&term, self.views.sure(resource));
        Some(Known { id, kind, properties, is_conditional: resource.term.when.is_some() })
    }

    /// Subnets that two route tables are given.
    fn associations(&self, known: &[Known], findings: &mut Vec<Finding>) {
        let is_one =
            |it: &&Known| it.kind == "AWS::EC2::SubnetRouteTableAssociation" && !it.is_conditional;
        let mut before: Vec<(&Value, &str)> = Vec::new();
        for one in known.iter().filter(is_one) {
            let Some(subnet) = one.fields().and_then(|fields| fields.get("SubnetId")) else {
                continue;
            };
            let other =
                before.iter().find(|(value, _)| !subnet.is_default && value.is_same(subnet));
            if let Some((_, other)) = other {
                let message = format!("the subnet has the route table of `{other}` already");
                let allowed = Some("one route table for each subnet".to_owned());
                let path = vec!["SubnetId".to_owned()];
                let violation = Violation {
                    rule: &NEIGHBOUR,
                    at: subnet.at,
                    path,
                    message,
                    given: None,
                    allowed,
                    fix: None,
                };
                findings.push(self.of(violation, &one.id));
            }
            before.push((subnet, &one.id));
        }
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

/// A text that is written out.
fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    let value = fields.get(name)?;
    value.as_text().filter(|_| !value.is_default && value.others.is_empty())
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
        "AWS::Lambda::EventSourceMapping" => vec![batch(fields, known)],
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
