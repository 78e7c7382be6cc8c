//! The sections as such, and those that are small: the description, transforms, globals, rules and the interface.

use std::collections::HashSet;

use formwork::read::{Entry, Tree};

use super::rules::RULES;
use super::{SERVERLESS, Shape, kind, transforms as written};
use crate::finding::{Rule, shown};
use crate::registry;

const UNKNOWN: &Rule = Rule::of(RULES, "FW8001");
const NOT_AS_IT_MUST: &Rule = Rule::of(RULES, "FW8002");
const TRANSFORM: &Rule = Rule::of(RULES, "FW8005");
const GLOBALS: &Rule = Rule::of(RULES, "FW8017");
const ASSERTION: &Rule = Rule::of(RULES, "FW8035");
const INTERFACE: &Rule = Rule::of(RULES, "FW8036");

/// The one version there is.
const VERSION: &str = "2010-09-09";

/// Sections that are maps.
const MAPS: [&str; 7] =
    ["Conditions", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules"];

pub(super) fn check(shape: &mut Shape<'_>) {
    let mut known =
        [&["AWSTemplateFormatVersion", "Description", "Hooks", "Transform"], &MAPS[..]].concat();
    if shape.is_serverless {
        known.push("Globals");
    }
    known.sort_unstable();
    let root = shape.root;
    for entry in root.as_map().unwrap_or_default() {
        let key = entry.key.as_str();
        if !known.contains(&key) {
            shape.unknown(UNKNOWN, entry, &[key], &known, "section");
        } else if let Some(wanted) = wanted(entry) {
            let message = match entry.value.as_str() {
                Some(given) if key == "AWSTemplateFormatVersion" => {
                    format!("there is no version `{}` of templates", shown(given))
                }
                _ => format!("`{key}` is {} where {wanted} belongs", kind(&entry.value)),
            };
            let place = shape.at(&entry.value, &[key]);
            let finding = shape.say(NOT_AS_IT_MUST, place, message);
            finding.given = entry.value.as_str().map(shown);
            finding.allowed = Some(wanted.to_owned());
        }
    }
    globals(shape);
    interface(shape);
}

/// What a section must be, if it is something else.
fn wanted(entry: &Entry) -> Option<&'static str> {
    let value = &entry.value;
    match entry.key.as_str() {
        _ if value.is_null() => None,
        "AWSTemplateFormatVersion" => {
            (value.as_str() != Some(VERSION)).then_some("the text 2010-09-09")
        }
        "Description" => value.as_str().is_none().then_some("a text"),
        key if MAPS.contains(&key) => value.as_map().is_none().then_some("a map"),
        _ => None,
    }
}

/// How transforms are written: by their names, or as maps of a name and parameters.
pub(super) fn transforms(shape: &mut Shape<'_>) {
    for transform in written(shape.root) {
        let is_right = match transform.as_map() {
            Some(entries) => {
                let is_known = |entry: &Entry| entry.key == "Name" || entry.key == "Parameters";
                transform.get("Name").is_some_and(|name| name.as_str().is_some())
                    && transform.get("Parameters").is_none_or(|given| given.as_map().is_some())
                    && entries.iter().all(is_known)
            }
            // A macro of one function stands there as a function.
            None => transform.as_str().is_some(),
        };
        if !is_right && transform.intrinsic().is_none() && !transform.is_null() {
            let message = format!("the transform is {}, which names none", kind(transform));
            let place = shape.at(transform, &["Transform"]);
            shape.say(TRANSFORM, place, message).allowed =
                Some("a name, or a map of `Name` and `Parameters`".to_owned());
        }
    }
}

/// What AWS SAM gives to all resources of a type.
fn globals(shape: &mut Shape<'_>) {
    let Some(globals) = shape.root.get("Globals").filter(|_| shape.is_serverless) else { return };
    let mut types: Vec<&str> =
        registry::types().filter_map(|kind| kind.strip_prefix("AWS::Serverless::")).collect();
    types.sort_unstable();
    for section in globals.as_map().unwrap_or_default() {
        let Some(schema) = registry::schema(&format!("AWS::Serverless::{}", section.key)) else {
            shape.unknown(GLOBALS, section, &["Globals", &section.key], &types, "type of AWS SAM");
            continue;
        };
        let known: Vec<&str> = schema.top.properties.keys().map(String::as_str).collect();
        for entry in section.value.as_map().unwrap_or_default() {
            if !entry.key.starts_with("Fn::") && !known.contains(&entry.key.as_str()) {
                let path = ["Globals", section.key.as_str(), entry.key.as_str()];
                shape.unknown(GLOBALS, entry, &path, &known, "global property");
            }
        }
    }
}

/// The section `Rules`.
pub(super) fn assertions(shape: &mut Shape<'_>) {
    for rule in shape.section("Rules") {
        let mut say = |place: &Tree, message: &str, allowed: &str| {
            let place = shape.at(place, &["Rules", &rule.key]);
            let message = format!("the rule `{}` {message}", shown(&rule.key));
            shape.say(ASSERTION, place, message).allowed = Some(allowed.to_owned());
        };
        if rule.value.as_map().is_none() {
            say(&rule.value, "is no map", "a map of `Assertions` and perhaps `RuleCondition`");
            continue;
        }
        let Some(assertions) = rule.value.get("Assertions") else {
            say(&rule.value, "asserts nothing", "a list `Assertions`");
            continue;
        };
        for assertion in assertions.as_list().unwrap_or(std::slice::from_ref(assertions)) {
            if assertion.get("Assert").is_none() {
                say(
                    assertion,
                    "has an assertion without `Assert`",
                    "a map of `Assert` and `AssertDescription`",
                );
            }
        }
    }
}

/// The groups and labels that the console shows.
fn interface(shape: &mut Shape<'_>) {
    let root = shape.root;
    let Some(interface) = root.at("/Metadata/AWS::CloudFormation::Interface") else { return };
    let parameters: HashSet<&str> =
        shape.section("Parameters").iter().map(|entry| entry.key.as_str()).collect();
    let base = ["Metadata", "AWS::CloudFormation::Interface"];
    let mut uses: Vec<(&str, &Tree, Vec<String>)> = Vec::new();
    let groups = interface.get("ParameterGroups").and_then(Tree::as_list).unwrap_or_default();
    for (at, group) in groups.iter().enumerate() {
        let names = group.get("Parameters").and_then(Tree::as_list).unwrap_or_default();
        for (index, name) in names.iter().enumerate() {
            let path = ["ParameterGroups", &at.to_string(), "Parameters", &index.to_string()];
            uses.extend(name.as_str().map(|text| (text, name, path.map(str::to_owned).to_vec())));
        }
    }
    for label in interface.get("ParameterLabels").and_then(Tree::as_map).unwrap_or_default() {
        let path = vec!["ParameterLabels".to_owned(), label.key.clone()];
        uses.push((&label.key, &label.value, path));
    }
    for (name, tree, path) in uses {
        if !parameters.contains(name) && !shape.is_full() {
            let path: Vec<&str> = base.into_iter().chain(path.iter().map(String::as_str)).collect();
            let place = shape.at(tree, &path);
            let message = format!("the interface names `{}`, which is no parameter", shown(name));
            shape.say(INTERFACE, place, message);
        }
    }
}

/// The transform, as a message has it.
pub(super) fn serverless() -> String {
    format!("write `Transform: {SERVERLESS}`")
}
