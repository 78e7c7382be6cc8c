//! Roles that others of the template are narrower than: without the permissions boundary, or with AWS's widest policies.

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Known, Surroundings};
use formwork::read::{Tree, pointer};

use super::rules::{OTHER_PARTITION, UNBOUND, WIDE};
use super::scene::resource_pointer;
use crate::finding::{Finding, shown};
use crate::subject::{CheckedTemplate, Subject, stack_resources};
use crate::value::in_any_launch;

/// What has managed policies, and the property that lists them.
pub(super) const LISTS: [(&str, &str); 6] = [
    ("AWS::IAM::Role", "ManagedPolicyArns"),
    ("AWS::IAM::User", "ManagedPolicyArns"),
    ("AWS::IAM::Group", "ManagedPolicyArns"),
    ("AWS::SSO::PermissionSet", "ManagedPolicies"),
    ("AWS::Serverless::Function", "Policies"),
    ("AWS::Serverless::StateMachine", "Policies"),
];

/// Policies of AWS that allow more than any one job needs, besides all that end in `FullAccess`.
const WIDEST: [&str; 6] = [
    "AdministratorAccess",
    "PowerUserAccess",
    "AdministratorAccess-Amplify",
    "AdministratorAccess-AWSElasticBeanstalk",
    "job-function/SystemAdministrator",
    "job-function/DatabaseAdministrator",
];

const OWNER: &str = ":iam::aws:policy/";

pub(super) fn check(template: &CheckedTemplate, findings: &mut Vec<Finding>) {
    let resources = stack_resources(template.root());
    boundary(template, &resources, findings);
    for (id, tree) in resources {
        let kind = tree.get("Type").and_then(Tree::as_str).unwrap_or_default();
        for (_, list) in LISTS.iter().filter(|(known, _)| *known == kind) {
            let Some(policies) = tree.get("Properties").and_then(|all| all.get(list)) else {
                continue;
            };
            let start = format!("{}/Properties/{list}", resource_pointer(id));
            policies.walk(|path, tree| {
                let Some((_, name)) = tree.as_str().and_then(|text| text.split_once(OWNER)) else {
                    return;
                };
                let last = name.rsplit('/').next().unwrap_or(name);
                if !last.ends_with("FullAccess") && !WIDEST.contains(&name) {
                    return;
                }
                let place = template.place_at(tree, &format!("{start}{}", pointer(path)));
                let message = format!("`{}` has the policy `{}` of AWS", shown(id), shown(last));
                let fix = "allow the actions and resources that it needs in a policy of its own";
                findings.push(Finding::new(WIDE, place, message).fix(fix));
            });
        }
    }
}

/// Roles without the boundary that others have, or that a parameter is there for.
fn boundary(template: &CheckedTemplate, resources: &[(&str, &Tree)], findings: &mut Vec<Finding>) {
    const PROPERTY: &str = "PermissionsBoundary";
    let is_bound =
        |tree: &Tree| tree.get("Properties").is_some_and(|all| all.get(PROPERTY).is_some());
    let owners: Vec<&(&str, &Tree)> = resources
        .iter()
        .filter(|(_, tree)| {
            let kind = tree.get("Type").and_then(Tree::as_str);
            matches!(kind, Some("AWS::IAM::Role" | "AWS::IAM::User"))
        })
        .collect();
    let bound = owners.iter().find(|(_, tree)| is_bound(tree)).map(|(id, _)| *id);
    let parameters = template.root().get("Parameters").and_then(Tree::as_map).unwrap_or_default();
    let asked = parameters
        .iter()
        .map(|one| one.key.as_str())
        .find(|name| name.to_ascii_lowercase().contains("permissionsboundary"));
    let Some(because) = bound
        .map(|id| format!("`{}` has one", shown(id)))
        .or_else(|| asked.map(|name| format!("there is the parameter `{}`", shown(name))))
    else {
        return;
    };
    for (id, _) in owners.iter().filter(|(_, tree)| !is_bound(tree)) {
        let message = format!("`{}` has no permissions boundary, and {because}", shown(id));
        let finding = Finding::new(UNBOUND, template.place_of(&resource_pointer(id)), message);
        findings.push(finding.fix(format!("add `{PROPERTY}` to `{}`", shown(id))));
    }
}

/// A resource, the property with the list, and the ARN in it.
type Foreign = (String, &'static str, String);

/// ARNs of AWS's policies with the partition of other regions.
pub(super) fn partitions(
    subject: &Subject,
    template: &CheckedTemplate,
    findings: &mut Vec<Finding>,
) {
    if !subject.regions_are_meant {
        return;
    }
    let mut found: BTreeMap<Foreign, Vec<String>> = BTreeMap::new();
    for region in &subject.regions {
        let around = Surroundings::of_region(region);
        if may_differ(template, &around.partition) {
            for foreign in foreign(template, &around) {
                found.entry(foreign).or_default().push(region.clone());
            }
        }
    }
    for ((id, list, arn), mut regions) in found {
        if regions.len() == subject.regions.len() {
            regions.clear();
        }
        let place = template.place_of(&format!("{}/Properties/{list}", resource_pointer(&id)));
        let message =
            format!("a policy of `{}` is of another partition than the region", shown(&id));
        let fix = "write `!Sub arn:${AWS::Partition}:iam::aws:policy/…`";
        let finding = Finding::new(OTHER_PARTITION, place, message).given(shown(&arn));
        findings.push(finding.regions(regions).fix(fix));
    }
}

/// The ARNs that are certainly of another partition than a region's.
fn foreign(template: &CheckedTemplate, around: &Surroundings) -> BTreeSet<Foreign> {
    let evaluation = in_any_launch(template.root(), around);
    let mut found = BTreeSet::new();
    for resource in evaluation.resources() {
        let (Some(kind), Some(id)) = (resource.kind.whole(), resource.id.whole()) else { continue };
        for (_, list) in LISTS.iter().filter(|(known, _)| *known == kind) {
            let Some(term) = resource.property(list) else { continue };
            let Known::List(items) = evaluation.value(&term) else { continue };
            for arn in items.iter().filter_map(Known::whole) {
                let parts = arn.strip_prefix("arn:").and_then(|arn| arn.split_once(OWNER));
                if parts.is_some_and(|(partition, _)| partition != around.partition) {
                    found.insert((id.to_owned(), *list, arn.to_owned()));
                }
            }
        }
    }
    found
}

/// Whether the template writes out the ARN of a policy of another partition.
fn may_differ(template: &CheckedTemplate, partition: &str) -> bool {
    let own = format!("arn:{partition}{OWNER}");
    super::keep::any_text(template.root(), |text| {
        text.starts_with("arn:aws") && text.contains(OWNER) && !text.starts_with(&own)
    })
}
