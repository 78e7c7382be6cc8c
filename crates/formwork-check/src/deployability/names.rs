//! Names that a template fixes: one that two resources take, and one on a resource that a change would replace.

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Evaluation, Known, Part, Resource, Text};

use super::rules::{KEPT_NAME, TWICE};
use super::scene::{Scene, resource_pointer};
use super::stacks::{self, Budget, Instance};
use crate::finding::{Finding, shown};
use crate::registry;
use crate::schema::model::TypeSchema;
use crate::subject::{CheckedTemplate, Subject};

/// Names of which an account has one in a region, though the type's identifier is an ARN or URL that AWS makes.
/// Source: the services' pages on names; the refusal says that the name exists.
pub(super) const OTHERS: &[(&str, &str)] = &[
    ("AWS::CloudFormation::StackSet", "StackSetName"),
    ("AWS::CodeBuild::Project", "Name"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::SecretsManager::Secret", "Name"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::StepFunctions::StateMachine", "StateMachineName"),
];

/// Types whose name need not be unique, or is none.
const NOT_UNIQUE: [&str; 2] = ["AWS::Route53::RecordSet", "AWS::CloudFormation::CustomResource"];

/// What names a resource of a type, together.
fn identity(kind: &str, schema: &'static TypeSchema) -> Vec<&'static str> {
    let own = &schema.primary_identifier;
    let is_given =
        |name: &String| !schema.read_only_properties.contains(name) && !name.contains(['.', '/']);
    if let Some((_, name)) = OTHERS.iter().find(|(other, _)| *other == kind) {
        return vec![name];
    }
    if NOT_UNIQUE.contains(&kind) || own.is_empty() || !own.iter().all(is_given) {
        return Vec::new();
    }
    own.iter().map(String::as_str).collect()
}

/// A resource's name: the values of what names it, if all are there for certain.
fn name(
    evaluation: &Evaluation<'_>,
    resource: &Resource<'_>,
    identity: &[&str],
) -> Option<Vec<Text>> {
    let texts = identity.iter().map(|property| {
        let value = evaluation.value(&resource.property(property)?);
        let is_optional = matches!(&value, Known::Unknown(unknown) if unknown.is_optional());
        value.to_text().filter(|text| !is_optional && !text.parts().is_empty())
    });
    texts.collect::<Option<Vec<Text>>>().filter(|texts| !texts.is_empty())
}

fn is_same(a: &[Text], b: &[Text]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.same(b) == Some(true))
}

/// Two resources of one template with one name.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let mut by_kind: BTreeMap<String, Vec<(usize, Vec<Text>)>> = BTreeMap::new();
    for resource in scene.evaluation.resources() {
        let (Some(kind), Some(id)) = (resource.kind.whole(), resource.id.whole()) else { continue };
        let Some(schema) = registry::schema(kind) else { continue };
        let identity = identity(kind, schema);
        let Some(at) = scene.nodes.iter().position(|node| node.id == id) else { continue };
        let Some(name) = name(scene.evaluation, &resource, &identity) else { continue };
        kept(scene, at, &resource, schema, &identity, &name, findings);
        by_kind.entry(kind.to_owned()).or_default().push((at, name));
    }
    for (kind, named) in by_kind {
        let mut seen: BTreeMap<String, Vec<&(usize, Vec<Text>)>> = BTreeMap::new();
        for one in &named {
            let key = one.1.iter().map(ToString::to_string).collect::<Vec<_>>().join("\0");
            let before = seen.entry(key).or_default();
            let twin = before
                .iter()
                .find(|(other, name)| is_same(name, &one.1) && scene.may_coexist(*other, one.0));
            if let Some((other, _)) = twin {
                let property = identity_of(&kind).first().copied().unwrap_or_default();
                let message = format!(
                    "`{}` and `{}` have one name, and both may be there",
                    shown(scene.nodes[*other].id),
                    shown(scene.nodes[one.0].id)
                );
                let shown_name = one.1.iter().map(spelled);
                let given = shown_name.collect::<Vec<_>>().join(", ");
                let place = scene.place_in(one.0, property);
                findings.push(Finding::new(TWICE, place, message).given(given));
            }
            before.push(one);
        }
    }
}

/// Two resources of one template that are made by loops or stand beside them, if both are there in every launch.
pub(super) fn check_loops(
    template: &CheckedTemplate,
    evaluation: &Evaluation<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut seen: BTreeMap<(String, String), (String, Vec<Text>)> = BTreeMap::new();
    for resource in evaluation.resources() {
        let (Some(kind), Some(id)) = (resource.kind.whole(), resource.id.whole()) else { continue };
        let identity = identity_of(kind);
        let Some(name) = name(evaluation, &resource, &identity) else { continue };
        if resource.exists != Some(true) {
            continue;
        }
        let spelling = name.iter().map(ToString::to_string).collect::<Vec<_>>().join("\0");
        let key = (kind.to_owned(), spelling);
        let Some((other, before)) = seen.get(&key) else {
            seen.insert(key, (id.to_owned(), name));
            continue;
        };
        if is_same(before, &name) {
            let message = format!("`{}` and `{}` have one name", shown(other), shown(id));
            let given = name.iter().map(spelled).collect::<Vec<_>>().join(", ");
            let place = template.place_at(resource.term.tree, &resource_pointer(id));
            findings.push(Finding::new(TWICE, place, message).given(given));
        }
    }
}

fn identity_of(kind: &str) -> Vec<&'static str> {
    registry::schema(kind).map_or_else(Vec::new, |schema| identity(kind, schema))
}

/// A name that stays while another property, on which it does not hang, would have the resource replaced.
fn kept(
    scene: &Scene<'_>,
    at: usize,
    resource: &Resource<'_>,
    schema: &'static TypeSchema,
    identity: &[&str],
    name: &[Text],
    findings: &mut Vec<Finding>,
) {
    let [property] = identity else { return };
    if !schema.create_only_properties.iter().any(|one| one == property) {
        return;
    }
    let in_name: Vec<&str> = name.iter().flat_map(unknown).collect();
    let parameters = scene.template.root().get("Parameters");
    for other in schema.create_only_properties.iter().filter(|one| one != property) {
        let Some(term) = resource.property(other) else { continue };
        let value = scene.evaluation.value(&term);
        let Some(text) = value.to_text() else { continue };
        let hangs = unknown(&text).into_iter().find(|source| {
            parameters.and_then(|all| all.get(told(source))).is_some() && !in_name.contains(source)
        });
        if let Some(parameter) = hangs {
            let message = format!(
                "`{}` has a fixed name, and another `{}` would replace it: its new `{other}` cannot take the name",
                shown(resource.id.whole().unwrap_or_default()),
                shown(told(parameter))
            );
            let fix =
                format!("leave `{property}` out, or put `{}` into it", shown(told(parameter)));
            let given = name.iter().map(spelled).collect::<Vec<_>>();
            let finding = Finding::new(KEPT_NAME, scene.place_in(at, property), message);
            findings.push(finding.given(given.join(", ")).fix(fix));
            return;
        }
    }
}

fn unknown(text: &Text) -> Vec<&str> {
    let sources = text.parts().iter().filter_map(|part| match part {
        Part::Unknown(unknown) => Some(unknown.source()),
        Part::Known(_) => None,
    });
    sources.collect()
}

/// Names of all the stacks that one launch makes: each with the stack and the resource that took it.
type Taken = BTreeMap<(String, String), (String, String)>;

/// Two stacks of one launch whose resources take one name.
pub(super) fn check_stacks(subject: &Subject, region: &str, findings: &mut Vec<Finding>) {
    let budget = Budget::new();
    for root in stacks::roots(subject) {
        if !subject.nests.keys().any(|(parent, _)| *parent == root) {
            continue;
        }
        let (mut taken, mut said) = (Taken::new(), BTreeSet::new());
        stacks::walk(subject, root, region, None, &budget, &mut |instance| {
            take(subject, instance, &mut taken, &mut said, findings);
        });
    }
}

fn take(
    subject: &Subject,
    instance: &Instance<'_, '_>,
    taken: &mut Taken,
    said: &mut BTreeSet<(usize, String)>,
    findings: &mut Vec<Finding>,
) {
    let template = &subject.templates[instance.template];
    if !instance.is_there || !instance.evaluation.macros().is_empty() {
        return;
    }
    for resource in instance.evaluation.resources() {
        let (Some(kind), Some(id)) = (resource.kind.whole(), resource.id.whole()) else { continue };
        if resource.exists != Some(true) {
            continue;
        }
        let identity = identity_of(kind);
        let Some(name) = name(instance.evaluation, &resource, &identity) else { continue };
        let Some(keys) =
            name.iter().map(|text| in_launch(text, instance)).collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let key = (kind.to_owned(), keys.join("\0"));
        let name: Vec<String> = name.iter().map(spelled).collect();
        let mine = (instance.path.clone(), id.to_owned());
        let Some((stack, other)) = taken.get(&key) else {
            taken.insert(key, mine);
            continue;
        };
        // Within one stack the other rule speaks; of one template nested many times it is said once.
        if *stack == instance.path || !said.insert((instance.template, id.to_owned())) {
            continue;
        }
        let message = format!(
            "`{}` of the stack `{}` takes the name that `{}` of the stack `{}` has, in one launch",
            shown(id),
            shown(&instance.path),
            shown(other),
            shown(stack)
        );
        let property = identity.first().copied().unwrap_or_default();
        let pointer = format!("{}/Properties/{property}", resource_pointer(id));
        let finding = Finding::new(TWICE, template.place_of(&pointer), message);
        findings.push(finding.given(name.join(", ")));
    }
}

/// A name as all stacks of a launch see it; what only one stack knows the value of is none.
fn in_launch(text: &Text, instance: &Instance<'_, '_>) -> Option<String> {
    if let Some(whole) = text.whole() {
        return Some(whole.to_owned());
    }
    let is_handed_down = unknown(text).iter().all(|source| source.starts_with("../"));
    is_handed_down.then(|| format!("{}:{text}", instance.parent))
}

/// What is unknown, without the steps out of the stack.
pub(super) fn told(source: &str) -> &str {
    source.trim_start_matches("../")
}

/// A text as a message has it.
pub(super) fn spelled(text: &Text) -> String {
    shown(&text.to_string().replace("../", ""))
}
