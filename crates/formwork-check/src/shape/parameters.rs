//! The definitions of parameters. They are looked at before any macro runs, so that they are judged in every template.

use formwork::nearest::nearest;
use formwork::read::{Entry, Tree};

use super::rules::RULES;
use super::{Shape, kind};
use crate::finding::{Rule, shown};
use crate::pattern::{self, Match};

const WRONG: &Rule = Rule::of(RULES, "FW8020");
const TYPE: &Rule = Rule::of(RULES, "FW8021");
const DEFAULT: &Rule = Rule::of(RULES, "FW8022");

/// What a parameter's definition may hold.
const KNOWN: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// The types, but for lists and values of Systems Manager, which name others.
/// Source: "CloudFormation template Parameters syntax", and "Specify existing resources at runtime".
const TYPES: [&str; 14] = [
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::VPC::Id",
    "AWS::EC2::Volume::Id",
    "AWS::Route53::HostedZone::Id",
    "AWS::SSM::Parameter::Name",
    "CommaDelimitedList",
    "Number",
    "String",
];

/// How many patterns that take too long are tried in one template.
const MOST_GIVEN_UP: usize = 2;

/// CloudFormation takes no longer default.
const LONGEST_DEFAULT: usize = 4_096;

/// Of more allowed values, the default is not looked for among them.
const MOST_ALLOWED: usize = 1_000;

/// No longer pattern is run.
const LONGEST_PATTERN: usize = 1_000;

pub(super) fn check(shape: &mut Shape<'_>) {
    let mut patience = MOST_GIVEN_UP;
    for parameter in shape.section("Parameters") {
        if parameter.key.starts_with("Fn::") || shape.is_full() {
            continue;
        }
        definition(shape, parameter);
        if let Some((message, allowed)) = refused(&parameter.value, &mut patience) {
            let default = parameter.value.get("Default").unwrap_or(&parameter.value);
            let place = shape.at(default, &["Parameters", &parameter.key, "Default"]);
            let message =
                format!("the default of the parameter `{}`, {message}", shown(&parameter.key));
            let finding = shape.say(DEFAULT, place, message);
            finding.given = default.as_str().map(shown);
            finding.allowed = Some(allowed);
        }
    }
}

fn definition(shape: &mut Shape<'_>, parameter: &Entry) {
    let name = shown(&parameter.key);
    let path = |key| ["Parameters", parameter.key.as_str(), key];
    let Some(entries) = parameter.value.as_map() else {
        let place = shape.at(&parameter.value, &["Parameters", &parameter.key]);
        let message =
            format!("the parameter `{name}` is {} where a map belongs", kind(&parameter.value));
        shape.say(WRONG, place, message);
        return;
    };
    if parameter.value.get("Type").is_none() {
        let place = shape.key(parameter, &["Parameters", &parameter.key]);
        shape.say(WRONG, place, format!("the parameter `{name}` has no `Type`"));
    }
    for entry in entries {
        let key = entry.key.as_str();
        if !KNOWN.contains(&key) {
            shape.unknown(WRONG, entry, &path(key), &KNOWN, "attribute of parameters");
        } else if let Some(wanted) = wanted(entry) {
            let place = shape.at(&entry.value, &path(key));
            let message = format!("`{key}` of the parameter `{name}` is no {wanted}");
            let finding = shape.say(WRONG, place, message);
            finding.given = entry.value.as_str().map(shown);
            finding.allowed = Some(format!("a {wanted}"));
        } else if key == "Type" {
            known_type(shape, &entry.value, &path(key));
        }
    }
}

/// What an attribute must be, if it is something else.
fn wanted(entry: &Entry) -> Option<&'static str> {
    let value = &entry.value;
    if value.is_null() {
        return None;
    }
    let is_scalar = |tree: &Tree| tree.as_str().is_some();
    let is_number =
        |tree: &Tree| tree.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok());
    match entry.key.as_str() {
        "AllowedValues" => {
            let is_right = value.as_list().is_some_and(|items| items.iter().all(is_scalar));
            (!is_right).then_some("list of texts")
        }
        "MaxLength" | "MaxValue" | "MinLength" | "MinValue" => {
            (!is_number(value)).then_some("number")
        }
        "NoEcho" => {
            let is_truth =
                |text: &str| ["true", "false"].iter().any(|it| text.eq_ignore_ascii_case(it));
            let is_right = value.as_bool().is_some() || value.as_str().is_some_and(is_truth);
            (!is_right).then_some("boolean")
        }
        _ => (!is_scalar(value)).then_some("text"),
    }
}

fn known_type(shape: &mut Shape<'_>, tree: &Tree, path: &[&str]) {
    let Some(given) = tree.as_str() else { return };
    let is_composed =
        given.starts_with("List<") || given.starts_with("AWS::SSM::Parameter::Value<");
    if TYPES.contains(&given) || (is_composed && given.ends_with('>')) {
        return;
    }
    let place = shape.at(tree, path);
    let finding =
        shape.say(TYPE, place, format!("there is no type `{}` of parameters", shown(given)));
    finding.given = Some(shown(given));
    finding.fix = nearest(given, &TYPES).map(|name| format!("write `{name}`"));
}

/// Why the default is not allowed, and what is.
fn refused(parameter: &Tree, patience: &mut usize) -> Option<(String, String)> {
    let text = parameter.get("Default").filter(|tree| !tree.is_null())?.as_str()?;
    let kind = parameter.get("Type")?.as_str()?;
    let allowed = parameter.get("AllowedValues").and_then(Tree::as_list).unwrap_or_default();
    if text.len() > LONGEST_DEFAULT || allowed.len() > MOST_ALLOWED {
        return None;
    }
    // The default of these is the name of what holds the value.
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        return None;
    }
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let values: Vec<&str> =
        if is_list { text.split(',').map(str::trim).collect() } else { vec![text] };
    let is_number = kind == "Number" || kind == "List<Number>";
    let no_number = |value: &&&str| value.trim().parse::<f64>().is_err();
    if let Some(value) = values.iter().find(no_number).filter(|_| is_number) {
        return Some((format!("`{}` is no number", shown(value)), "a number".to_owned()));
    }
    values.iter().find_map(|value| one(parameter, value, is_number, patience))
}

fn one(
    parameter: &Tree,
    value: &str,
    is_number: bool,
    patience: &mut usize,
) -> Option<(String, String)> {
    let said = shown(value);
    let allowed = parameter.get("AllowedValues").and_then(Tree::as_list);
    let texts: Vec<&str> = allowed.unwrap_or_default().iter().filter_map(Tree::as_str).collect();
    let is_same = |text: &&str| *text == value || (is_number && same_number(text, value));
    if allowed.is_some_and(|all| all.len() == texts.len()) && !texts.iter().any(is_same) {
        let all = texts.iter().map(|text| shown(text)).collect::<Vec<_>>().join(", ");
        return Some((format!("`{said}` is none of the allowed values"), all));
    }
    let limit = |key: &str| parameter.get(key)?.as_str()?.trim().parse::<f64>().ok();
    let length = u32::try_from(value.chars().count()).map_or(f64::MAX, f64::from);
    let number = value.trim().parse::<f64>().ok().filter(|_| is_number);
    for (key, what, given, is_least) in [
        ("MinLength", "characters", Some(length), true),
        ("MaxLength", "characters", Some(length), false),
        ("MinValue", "", number, true),
        ("MaxValue", "", number, false),
    ] {
        let (Some(limit), Some(given)) = (limit(key), given) else { continue };
        if (is_least && given < limit) || (!is_least && given > limit) {
            let most = if is_least { "at least" } else { "at most" };
            let allowed = format!("{most} {limit} {what}").trim_end().to_owned();
            return Some((format!("`{said}` is not within `{key}`"), allowed));
        }
    }
    let pattern =
        parameter.get("AllowedPattern")?.as_str().filter(|it| it.len() <= LONGEST_PATTERN)?;
    if *patience == 0 {
        return None;
    }
    // The whole text has to match.
    match pattern::matches(&format!("^(?:{pattern})$"), value) {
        Match::No => Some((format!("`{said}` does not match its pattern"), shown(pattern))),
        Match::GivenUp => {
            *patience -= 1;
            None
        }
        Match::Yes | Match::NotRunnable => None,
    }
}

fn same_number(a: &str, b: &str) -> bool {
    match (a.trim().parse::<f64>(), b.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < f64::EPSILON,
        _ => false,
    }
}
