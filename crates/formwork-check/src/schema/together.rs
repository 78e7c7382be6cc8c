//! What services demand of several values together, and say in their own documentation instead of in schemas.
//!
//! Only values that are known are compared; one that is not breaks no rule.

use std::collections::BTreeSet;

use formwork::read::Position;

use super::fields::{list, map, number, say};
use super::rules;
use super::validate::Violation;
use crate::value::{Fields, Presence, Value, What};

/// What is wrong with the properties of a resource of this type.
pub(super) fn check(kind: &str, properties: &Value) -> Vec<Violation> {
    let What::Map(fields) = &properties.what else { return Vec::new() };
    let mut found = Vec::new();
    match kind {
        "AWS::Backup::BackupPlan" => backup(fields, &mut found),
        "AWS::CloudFront::Distribution" => aliases(fields, &mut found),
        "AWS::CodePipeline::Pipeline" => sources(fields, &mut found),
        "AWS::DynamoDB::Table" => keys(fields, properties.at, &mut found),
        "AWS::EC2::Instance" => image(fields, properties.at, &mut found),
        "AWS::ECS::TaskDefinition" => fargate(fields, properties.at, &mut found),
        "AWS::ElastiCache::ReplicationGroup" => failover(fields, &mut found),
        "AWS::Route53::RecordSet" => super::records::record(fields, &[], &mut found),
        "AWS::Route53::RecordSetGroup" => super::records::group(fields, &mut found),
        _ => {}
    }
    super::demands::check(kind, fields, properties, &mut found);
    found
}

/// What was moved to cold storage stays there for 90 days.
/// Source: "`LifecycleResourceType`" of `AWS::Backup::BackupPlan`, CloudFormation Template Reference.
fn backup(fields: &Fields, found: &mut Vec<Violation>) {
    const DAYS: i64 = 90;
    let plan = fields.get("BackupPlan").and_then(map);
    let Some(all) = plan.and_then(|plan| plan.get("BackupPlanRule")) else { return };
    for (index, rule) in list(all).iter().enumerate() {
        let Some(cycle) = map(rule).and_then(|rule| rule.get("Lifecycle")) else { continue };
        let Some(days) = map(cycle) else { continue };
        if let (Some(moved), Some(deleted)) =
            (number(days, "MoveToColdStorageAfterDays"), number(days, "DeleteAfterDays"))
            && deleted < moved + DAYS
        {
            let index = index.to_string();
            let path = ["BackupPlan", "BackupPlanRule", &index, "Lifecycle", "DeleteAfterDays"];
            let at = days.get("DeleteAfterDays").map_or(cycle.at, |value| value.at);
            let message =
                format!("deleted after {deleted} days, of which {moved} are before cold storage");
            let allowed = format!("{} days or more", moved + DAYS);
            say(found, &rules::TOGETHER, at, &path, message, &allowed);
        }
    }
}

/// Host names of which only the first label may be `*`.
/// Source: "Requirements for using alternate domain names", Amazon `CloudFront` Developer Guide.
fn aliases(fields: &Fields, found: &mut Vec<Violation>) {
    let Some(all) = fields.get("DistributionConfig").and_then(map).and_then(|it| it.get("Aliases"))
    else {
        return;
    };
    for (index, alias) in list(all).iter().enumerate() {
        let Some(text) = alias.as_text().filter(|_| !alias.is_default) else { continue };
        if !is_host(text) {
            let index = index.to_string();
            let path = ["DistributionConfig", "Aliases", &index];
            let message = format!("`{}` is no name of a host", super::validate::shorten(text));
            let allowed = "a domain name, of which the first part may be `*`";
            say(found, &rules::PATTERN, alias.at, &path, message, allowed);
        }
    }
}

fn is_host(text: &str) -> bool {
    const LONGEST_LABEL: usize = 63;
    let mut labels = text.split('.').peekable();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii())
    };
    labels.next_if(|first| *first == "*");
    text.contains('.') && labels.all(is_label)
}

/// A table's keys and the attributes that it defines are the same.
/// Source: `AttributeDefinitions` of `CreateTable`, `DynamoDB` API Reference.
fn keys(fields: &Fields, at: Position, found: &mut Vec<Violation>) {
    key_types(fields, found);
    let defined = match fields.get("AttributeDefinitions") {
        None if !fields.is_open => Some(BTreeSet::new()),
        given => given.and_then(names),
    };
    let Some(defined) = defined else { return };
    let Some(mut used) = fields.get("KeySchema").and_then(names) else { return };
    for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        match fields.get(indexes) {
            None => {}
            Some(value) if value.presence() == Presence::No => {}
            Some(value) => {
                let What::List(items) = &value.what else { return };
                for index in items {
                    let keys = map(index).and_then(|index| index.get("KeySchema"));
                    let Some(names) = keys.and_then(names) else { return };
                    used.extend(names);
                }
            }
        }
    }
    let path = &["AttributeDefinitions"];
    let at = fields.get(path[0]).map_or(at, |value| value.at);
    let quoted = |names: &[&&str]| {
        names
            .iter()
            .map(|name| format!("`{}`", super::validate::shorten(name)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let missing: Vec<&&str> = used.difference(&defined).collect();
    let idle: Vec<&&str> = defined.difference(&used).collect();
    let all: Vec<&&str> = used.iter().collect();
    let allowed = format!("the attributes of the keys: {}", quoted(&all));
    if !missing.is_empty() {
        let message = format!("the keys' attributes {} are not defined", quoted(&missing));
        say(found, &rules::TOGETHER, at, path, message, &allowed);
    }
    if !idle.is_empty() {
        let message = format!("the attributes {} are defined, but in no key", quoted(&idle));
        say(found, &rules::TOGETHER, at, path, message, &allowed);
    }
}

/// The first key is the partition's, the second the order within it.
fn key_types(fields: &Fields, found: &mut Vec<Violation>) {
    let keys = fields.get("KeySchema").map_or(&[][..], list);
    for ((index, key), wanted) in keys.iter().enumerate().zip(["HASH", "RANGE"]) {
        let Some(kind) = map(key).and_then(|key| key.get("KeyType")) else { continue };
        let Some(text) = kind.as_text().filter(|_| !kind.is_default && kind.others.is_empty())
        else {
            continue;
        };
        if text != wanted {
            let path = ["KeySchema", &index.to_string(), "KeyType"];
            let message = format!("`{}` of the key {}", super::validate::shorten(text), index + 1);
            say(found, &rules::NOT_ALLOWED, kind.at, &path, message, wanted);
        }
    }
}

/// The names of attributes in a list, if all are known.
fn names(value: &Value) -> Option<BTreeSet<&str>> {
    let What::List(items) = &value.what else { return None };
    let name = |item| {
        let name = map(item)?.get("AttributeName")?;
        name.as_text().filter(|_| !name.is_default && name.others.is_empty())
    };
    items.iter().map(name).collect()
}

/// Sources are in the first stage, and nowhere else.
/// Source: "`CodePipeline` pipeline structure reference", AWS `CodePipeline` User Guide.
fn sources(fields: &Fields, found: &mut Vec<Violation>) {
    let Some(stages) = fields.get("Stages") else { return };
    for (at, stage) in list(stages).iter().enumerate().skip(1) {
        let actions = map(stage).and_then(|stage| stage.get("Actions"));
        for (index, action) in actions.map_or(&[][..], list).iter().enumerate() {
            let kind = map(action).and_then(|action| action.get("ActionTypeId")).and_then(map);
            let Some(category) = kind.and_then(|kind| kind.get("Category")) else { continue };
            if category.as_text() == Some("Source") && !category.is_default {
                let (at, index) = (at.to_string(), index.to_string());
                let path = ["Stages", &at, "Actions", &index, "ActionTypeId", "Category"];
                let message = "a source after the first stage".to_owned();
                let allowed = "sources in the first stage only";
                say(found, &rules::TOGETHER, category.at, &path, message, allowed);
            }
        }
    }
}

/// Whether a task is certainly meant for Fargate.
fn is_fargate(fields: &Fields) -> bool {
    let kinds = fields.get("RequiresCompatibilities").map_or(&[][..], list);
    kinds.iter().any(|kind| kind.as_text() == Some("FARGATE") && !kind.is_default)
}

/// Tasks on Fargate say how large they are, and have a network of their own.
/// Source: "Task definition differences for the Fargate launch type", Amazon ECS Developer Guide.
fn fargate(fields: &Fields, at: Position, found: &mut Vec<Violation>) {
    if !is_fargate(fields) {
        return;
    }
    for name in ["Cpu", "Memory", "NetworkMode"] {
        if fields.presence(name) == Presence::No {
            let message = format!("`{name}` is missing, which a task on Fargate needs");
            say(found, &rules::DEPENDENT, at, &[], message, "`Cpu`, `Memory`, `NetworkMode`");
        }
    }
}

/// An instance is made of an image, which a launch template may name.
/// Source: `ImageId` of `RunInstances`, Amazon EC2 API Reference.
fn image(fields: &Fields, at: Position, found: &mut Vec<Violation>) {
    let lacks = |name: &str| fields.presence(name) == Presence::No;
    if lacks("ImageId") && lacks("LaunchTemplate") {
        let message = "one of `ImageId`, `LaunchTemplate` is needed".to_owned();
        say(found, &rules::DEPENDENT, at, &[], message, "`ImageId`, `LaunchTemplate`");
    }
}

/// Another node has to be there that can take over.
/// Source: `NumCacheClusters` of `CreateReplicationGroup`, `ElastiCache` API Reference.
fn failover(fields: &Fields, found: &mut Vec<Violation>) {
    let is_on = fields.get("AutomaticFailoverEnabled").is_some_and(|value| {
        !value.is_default && value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    });
    let nodes = number(fields, "NumCacheClusters");
    if let Some(nodes) = nodes.filter(|nodes| is_on && *nodes < 2) {
        let at = fields.get("NumCacheClusters").map_or(Position::START, |value| value.at);
        let message = format!(
            "{nodes} cluster, where `AutomaticFailoverEnabled` needs another to fail over to"
        );
        say(found, &rules::TOGETHER, at, &["NumCacheClusters"], message, "2 or more");
    }
}
