//! What happens to a resource in the end, and what is waited for: the policies beside its properties.

use formwork::read::{Entry, Tree};

use super::rules::RULES;
use super::{Shape, kind};
use crate::finding::{Rule, shown};

const DELETION: &Rule = Rule::of(RULES, "FW8012");
const UPDATE: &Rule = Rule::of(RULES, "FW8013");
const IDLE: &Rule = Rule::of(RULES, "FW8019");

/// Types of which a snapshot can be made.
/// Source: "`DeletionPolicy` attribute", CloudFormation Template Reference.
const SNAPSHOTS: [&str; 8] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];

/// What the policies of updates may hold, over all types.
/// Source: "`UpdatePolicy` attribute", CloudFormation Template Reference.
const UPDATES: [&str; 9] = [
    "AutoScalingInstanceRefresh",
    "AutoScalingReplacingUpdate",
    "AutoScalingRollingUpdate",
    "AutoScalingScheduledAction",
    "CodeDeployLambdaAliasUpdate",
    "EnableVersionUpgrade",
    "StartAfterUpdate",
    "StopBeforeUpdate",
    "UseOnlineResharding",
];

/// What the policies of creations may hold, over all types.
/// Source: "`CreationPolicy` attribute", CloudFormation Template Reference.
const CREATIONS: [&str; 3] = ["AutoScalingCreationPolicy", "ResourceSignal", "StartFleet"];

/// `DeletionPolicy` or `UpdateReplacePolicy`.
pub(super) fn deletion(shape: &mut Shape<'_>, entry: &Entry, of: &str, path: &[&str]) {
    let key = entry.key.as_str();
    let mut allowed = vec!["Delete", "Retain"];
    if key == "DeletionPolicy" {
        allowed.push("RetainExceptOnCreate");
    }
    if SNAPSHOTS.contains(&of) || !of.starts_with("AWS::") {
        allowed.push("Snapshot");
    }
    let wrong = match (entry.value.as_str(), entry.value.intrinsic()) {
        (Some(policy), _) if allowed.contains(&policy) || is_made(policy) => return,
        (Some("Snapshot"), _) => format!("there are no snapshots of an `{}`", shown(of)),
        (Some(policy), _) => format!("there is no policy `{}`", shown(policy)),
        (None, Some((name, _))) if gives_text(name) => return,
        (None, _) => format!("`{key}` is {} where a text belongs", kind(&entry.value)),
    };
    let place = shape.at(&entry.value, path);
    let finding = shape.say(DELETION, place, wrong);
    finding.given = entry.value.as_str().map(shown);
    finding.allowed = Some(allowed.join(", "));
}

/// Whether a loop makes the text.
fn is_made(text: &str) -> bool {
    text.contains("${") || text.contains("&{")
}

/// Whether a function may give the name of a policy, where the language extensions work it out.
fn gives_text(function: &str) -> bool {
    ["Ref", "Fn::FindInMap", "Fn::If", "Fn::Select", "Fn::Sub", "Fn::Join", "Fn::Transform"]
        .contains(&function)
}

/// `CreationPolicy` or `UpdatePolicy`.
pub(super) fn update(shape: &mut Shape<'_>, entry: &Entry, path: &[&str]) {
    let known: &[&str] = if entry.key == "UpdatePolicy" { &UPDATES } else { &CREATIONS };
    let wrong = match entry.value.intrinsic() {
        Some((name, _)) => matches!(
            name,
            "Ref" | "Fn::Sub" | "Fn::Join" | "Fn::Base64" | "Fn::GetAZs" | "Fn::Split"
        ),
        None => entry.value.as_map().is_none() && !entry.value.is_null(),
    };
    if wrong {
        let message = format!("`{}` is {} where a map belongs", entry.key, kind(&entry.value));
        let place = shape.at(&entry.value, path);
        shape.say(UPDATE, place, message).allowed = Some(format!("a map of {}", known.join(", ")));
        return;
    }
    if entry.value.intrinsic().is_some() {
        return;
    }
    for part in entry.value.as_map().unwrap_or_default() {
        let is_function = part.key.starts_with("Fn::");
        if !is_function && !known.contains(&part.key.as_str()) {
            let path = [path, &[part.key.as_str()]].concat();
            shape.unknown(IDLE, part, &path, known, "policy");
        }
    }
}

/// Whether there is anything in a value.
pub(super) fn is_given(tree: Option<&Tree>) -> bool {
    tree.is_some_and(|tree| !tree.is_null())
}
