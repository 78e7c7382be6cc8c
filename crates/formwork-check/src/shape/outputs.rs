//! Outputs: what they hold, and that their values are texts.

use std::collections::HashSet;

use formwork::read::Tree;

use super::places::{Found, entries};
use super::rules::RULES;
use super::{Shape, kind};
use crate::finding::{Rule, shown};
use crate::functions;
use crate::registry;

const WRONG: &Rule = Rule::of(RULES, "FW8030");
const NO_TEXT: &Rule = Rule::of(RULES, "FW8031");

/// What an output may hold.
const KNOWN: [&str; 4] = ["Condition", "Description", "Export", "Value"];

pub(super) fn check(shape: &mut Shape<'_>) {
    for found in entries(shape.root, "Outputs") {
        if shape.is_full() {
            return;
        }
        output(shape, &found);
    }
}

fn output(shape: &mut Shape<'_>, found: &Found<'_>) {
    let output = &found.entry.value;
    let name = shown(&found.entry.key);
    let Some(parts) = output.as_map() else {
        if !output.is_null() {
            let place = shape.at(output, &found.path);
            let message = format!("the output `{name}` is {} where a map belongs", kind(output));
            shape.say(WRONG, place, message);
        }
        return;
    };
    let is_open = parts.iter().any(|entry| entry.key.starts_with("Fn::"));
    for entry in parts.iter().filter(|entry| !entry.key.starts_with("Fn::")) {
        let path = found.to(&[&entry.key]);
        if !KNOWN.contains(&entry.key.as_str()) {
            shape.unknown(WRONG, entry, &path, &KNOWN, "attribute of outputs");
        } else if matches!(entry.key.as_str(), "Condition" | "Description")
            && entry.value.as_str().is_none()
        {
            let place = shape.at(&entry.value, &path);
            let message = format!(
                "`{}` of the output `{name}` is {} where a text belongs",
                entry.key,
                kind(&entry.value)
            );
            shape.say(WRONG, place, message);
        }
    }
    match output.get("Value") {
        None if !is_open => {
            let place = shape.key(found.entry, &found.path);
            shape.say(WRONG, place, format!("the output `{name}` has no `Value`"));
        }
        Some(value) => text(shape, value, &found.to(&["Value"]), &name),
        None => {}
    }
    let Some(export) = output.get("Export").filter(|it| !it.is_null()) else { return };
    let path = found.to(&["Export"]);
    match export.as_map().map(|entries| (entries, export.get("Name"))) {
        Some((entries, Some(name))) if entries.len() == 1 => {
            text(shape, name, &[&path[..], &["Name"]].concat(), "the export's name");
        }
        Some((entries, _)) if entries.iter().any(|it| it.key.starts_with("Fn::")) => {}
        _ => {
            let place = shape.at(export, &path);
            shape.say(WRONG, place, format!("the export of `{name}` is no map of a `Name`"));
        }
    }
}

/// That a value is a text in the end.
fn text(shape: &mut Shape<'_>, value: &Tree, path: &[&str], name: &str) {
    if let Some(what) = no_text(shape, value) {
        let place = shape.at(value, path);
        let message = format!("the value of `{name}` is {what} where a text belongs");
        shape.say(NO_TEXT, place, message);
    }
}

/// What a value is, if it is certainly no text.
fn no_text(shape: &Shape<'_>, value: &Tree) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let Some((function, argument)) = value.intrinsic().filter(|(name, _)| *name != "Condition")
    else {
        return value.as_str().is_none().then(|| kind(value).to_owned());
    };
    match function {
        "Fn::Split" | "Fn::GetAZs" | "Fn::Cidr" => Some(format!("the list of `{function}`")),
        "Ref" => {
            let name = argument.as_str()?;
            let kind = shape.root.get("Parameters")?.get(name)?.get("Type")?.as_str()?;
            let is_list = kind == "CommaDelimitedList" || kind.contains("List<");
            is_list.then(|| format!("the list of the parameter `{}`", shown(name)))
        }
        "Fn::GetAtt" => attribute(shape, argument),
        // A text for some launches is enough to launch it.
        "Fn::If" => {
            let [_, yes, no] = argument.as_list()? else { return None };
            let first = no_text(shape, yes)?;
            no_text(shape, no).map(|_| first)
        }
        _ => None,
    }
}

/// What `Fn::Join` or `Fn::Sub` puts into its text, if it is an attribute that is no text.
pub(super) fn within(shape: &Shape<'_>, function: &str, argument: &Tree) -> Option<String> {
    let of_value = |tree: &Tree| match tree.intrinsic() {
        Some(("Fn::GetAtt", argument)) => attribute(shape, argument),
        _ => None,
    };
    match (function, argument.as_list()) {
        ("Fn::Join", Some([_, items])) => items.as_list()?.iter().find_map(of_value),
        ("Fn::Sub", list) => {
            let (text, own) = match list {
                Some([text, own]) => (text.as_str()?, own.as_map().unwrap_or_default()),
                _ => (argument.as_str()?, [].as_slice()),
            };
            let known: HashSet<&str> = own.iter().map(|entry| entry.key.as_str()).collect();
            let names = functions::placeholders(text).filter(|name| !known.contains(name));
            let pairs = names.filter_map(|name| name.split_once('.'));
            let mut found = pairs.filter_map(|(id, name)| named(shape, id, name));
            found.next().or_else(|| own.iter().find_map(|entry| of_value(&entry.value)))
        }
        _ => None,
    }
}

/// What the attribute of a resource is, if its schema says that it is no text.
fn attribute(shape: &Shape<'_>, argument: &Tree) -> Option<String> {
    let (id, name) = functions::attribute(argument)?;
    named(shape, id, name)
}

fn named(shape: &Shape<'_>, id: &str, name: &str) -> Option<String> {
    let of = shape.root.get("Resources")?.get(id)?.get("Type")?.as_str()?;
    // What CloudFormation itself gives is a text, whatever its schema says.
    let is_plain = of.starts_with("AWS::")
        && !of.starts_with("AWS::Serverless::")
        && !of.starts_with("AWS::CloudFormation::");
    let schema = registry::schema(of).filter(|_| is_plain)?;
    let given = schema.attributes.get(name)?.as_deref()?;
    let what = match given {
        "array" => "a list",
        "integer" | "number" => "a number",
        "boolean" => "a boolean",
        _ => return None,
    };
    Some(format!("`{}` of `{}`, {what},", shown(name), shown(id)))
}
