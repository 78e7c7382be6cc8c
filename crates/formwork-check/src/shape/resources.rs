//! What a resource holds beside its properties.

use formwork::read::{Entry, Tree};

use super::places::{Found, entries};
use super::rules::RULES;
use super::{Shape, kind, policies, sections};
use crate::finding::{Rule, shown};

const NO_TYPE: &Rule = Rule::of(RULES, "FW8010");
const UNKNOWN: &Rule = Rule::of(RULES, "FW8011");
const NOT_AS_IT_MUST: &Rule = Rule::of(RULES, "FW8014");
const MODULE: &Rule = Rule::of(RULES, "FW8015");
const SERVERLESS: &Rule = Rule::of(RULES, "FW8016");
const IGNORED: &Rule = Rule::of(RULES, "FW8018");

/// The attributes of a resource. `Description` and `Version` are of no effect, but are taken.
const KNOWN: [&str; 11] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];

/// A type has fewer properties.
const MOST: usize = 200;

pub(super) fn check(shape: &mut Shape<'_>) {
    for found in entries(shape.root, "Resources") {
        if shape.is_full() {
            return;
        }
        resource(shape, &found);
    }
}

fn resource(shape: &mut Shape<'_>, found: &Found<'_>) {
    let resource = &found.entry.value;
    let id = shown(&found.entry.key);
    let Some(attributes) = resource.as_map() else {
        if !resource.is_null() {
            let place = shape.at(resource, &found.path);
            let message = format!("the resource `{id}` is {} where a map belongs", kind(resource));
            shape.say(NO_TYPE, place, message);
        }
        return;
    };
    let is_open = attributes.iter().any(|entry| entry.key.starts_with("Fn::"));
    let of = match resource.get("Type") {
        None if is_open => return,
        None => {
            let place = shape.key(found.entry, &found.path);
            shape.say(NO_TYPE, place, format!("the resource `{id}` has no `Type`"));
            ""
        }
        Some(tree) if tree.as_str().is_none() => {
            let place = shape.at(tree, &found.to(&["Type"]));
            let message = format!("the type of `{id}` is {} where a text belongs", kind(tree));
            shape.say(NO_TYPE, place, message);
            ""
        }
        Some(tree) => tree.as_str().unwrap_or_default(),
    };
    for entry in attributes {
        attribute(shape, found, entry, of);
    }
    if of.starts_with("AWS::Serverless::") && !shape.is_serverless {
        let place = shape.at(resource.get("Type").unwrap_or(resource), &found.to(&["Type"]));
        let message = format!("`{}` is a type of AWS SAM, whose transform is not there", shown(of));
        shape.say(SERVERLESS, place, message).fix = Some(sections::serverless());
    }
    if of.ends_with("::MODULE") {
        module(shape, found);
    }
}

fn attribute(shape: &mut Shape<'_>, found: &Found<'_>, entry: &Entry, of: &str) {
    let key = entry.key.as_str();
    let path = found.to(&[key]);
    if entry.value.is_null() {
        return;
    }
    match key {
        "DeletionPolicy" | "UpdateReplacePolicy" => policies::deletion(shape, entry, of, &path),
        // A module has none at all.
        "CreationPolicy" | "UpdatePolicy" if of.ends_with("::MODULE") => {}
        "CreationPolicy" | "UpdatePolicy" => policies::update(shape, entry, &path),
        "Connectors" if shape.is_serverless => {}
        "IgnoreGlobals" if shape.is_serverless => ignored(shape, entry, of, &path),
        key if key.starts_with("Fn::") => {}
        key if !KNOWN.contains(&key) => {
            let mut known = KNOWN.to_vec();
            known.extend(["Connectors", "IgnoreGlobals"].iter().filter(|_| shape.is_serverless));
            shape.unknown(UNKNOWN, entry, &path, &known, "attribute of resources");
        }
        _ => {
            let Some(wanted) = wanted(entry, shape.is_extended) else { return };
            let message = format!("`{key}` is {} where {wanted} belongs", kind(&entry.value));
            let place = shape.at(&entry.value, &path);
            shape.say(NOT_AS_IT_MUST, place, message).allowed = Some(wanted.to_owned());
        }
    }
}

/// What an attribute must be, if it is something else.
fn wanted(entry: &Entry, is_extended: bool) -> Option<&'static str> {
    let value = &entry.value;
    let is_name =
        |tree: &Tree| tree.as_str().is_some() || (is_extended && tree.intrinsic().is_some());
    match entry.key.as_str() {
        "Condition" => value.as_str().is_none().then_some("the name of a condition"),
        "DependsOn" => {
            let names = value.as_list().unwrap_or(std::slice::from_ref(value));
            (!names.iter().all(|name| is_name(name) || name.is_null()))
                .then_some("a name or a list of names, without functions,")
        }
        "Metadata" | "Properties" => value.as_map().is_none().then_some("a map"),
        _ => None,
    }
}

/// Modules have no policies of creations and updates and no tags of their own.
/// Source: "Module structure and requirements", CloudFormation Command Line Interface User Guide.
fn module(shape: &mut Shape<'_>, found: &Found<'_>) {
    let resource = &found.entry.value;
    let properties = resource.get("Properties");
    let tags = properties.and_then(|it| it.entry("Tags"));
    for (entry, path) in [
        (resource.entry("CreationPolicy"), &["CreationPolicy"][..]),
        (resource.entry("UpdatePolicy"), &["UpdatePolicy"]),
        (tags, &["Properties", "Tags"]),
    ] {
        if let Some(entry) = entry.filter(|entry| policies::is_given(Some(&entry.value))) {
            let place = shape.key(entry, &found.to(path));
            let message = format!("the module `{}` has `{}`", shown(&found.entry.key), entry.key);
            shape.say(MODULE, place, message);
        }
    }
}

/// `IgnoreGlobals`: `*`, or a list of what `Globals` gives to the type.
fn ignored(shape: &mut Shape<'_>, entry: &Entry, of: &str, path: &[&str]) {
    let section = of.strip_prefix("AWS::Serverless::").unwrap_or_default();
    let Some(globals) = shape.root.get("Globals").and_then(|globals| globals.get(section)) else {
        return;
    };
    let entries = globals.as_map().unwrap_or_default();
    let is_open = entries.iter().any(|entry| entry.key.starts_with("Fn::"));
    if is_open || entries.is_empty() || entries.len() > MOST || entry.value.as_str() == Some("*") {
        return;
    }
    let known: Vec<&str> = entries.iter().map(|it| it.key.as_str()).collect();
    let items = entry.value.as_list().unwrap_or(std::slice::from_ref(&entry.value));
    for (index, item) in items.iter().enumerate().take(MOST) {
        let name = item.as_str().unwrap_or_default();
        if !known.contains(&name) {
            let place = shape.at(item, &[path, &[&index.to_string()]].concat());
            let message = format!("`Globals` gives no `{}` to ignore", shown(name));
            shape.say(IGNORED, place, message).allowed =
                Some([&["*"], &known[..]].concat().join(", "));
        }
    }
}
