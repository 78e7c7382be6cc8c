//! The way into Guard's engine and back: the builder with a payload, because the library's plain entry point cuts its
//! report off at 8 KiB. Says nothing of places in the template.

use std::io::Cursor;
use std::thread;

use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use formwork::read::{Content, Scalar, Tree};
use serde_json::{Map, Number, Value, json};

use super::{Failure, RuleFile};

/// What the engine answers if a rule file does not parse, unless a template fails as well; its report says nothing of it.
const UNREADABLE: i32 = 5;

/// Room for the engine's recursion into the deepest template that our reader reads.
const STACK: usize = 128 << 20;

/// A rule that is not met at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Broken {
    /// The rule's name.
    pub rule: String,
    /// Where the engine looked last: the way into the template, with `/`.
    pub path: String,
    /// What the rule's author says.
    pub said: String,
    /// What was looked for there and not found, if anything.
    pub missing: Option<String>,
}

/// The most levels that the engine is shown: its report repeats them within its own, and is read within a limit. No rule
/// looks further down.
const DEEPEST: usize = 90;

/// A template as the engine is to have it. Numbers and booleans are such; everything else stays the text it was.
pub(super) fn json(tree: &Tree) -> Value {
    down_to(tree, DEEPEST)
}

fn down_to(tree: &Tree, depth: usize) -> Value {
    let inner = |tree: &Tree| down_to(tree, depth - 1);
    match tree.content() {
        Content::List(_) | Content::Map(_) if depth == 0 => Value::Null,
        Content::Scalar(text, _) => match tree.as_scalar() {
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Null) => Value::Null,
            // An account's id such as 012345670123 is no octal number.
            Some(Scalar::Integer(number)) if number.to_string() == *text => number.into(),
            Some(Scalar::Number(number)) if text.parse() == Ok(number) => {
                Number::from_f64(number).map_or_else(|| Value::String(text.clone()), Value::Number)
            }
            _ => Value::String(text.clone()),
        },
        Content::List(items) => Value::Array(items.iter().map(inner).collect()),
        Content::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), inner(&entry.value)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
    }
}

/// Tells whether all rule files parse. With a template that fails, the engine's answer would not say so.
pub(super) fn readable(rules: &[RuleFile]) -> Result<(), Failure> {
    let (code, said) = parse(rules)?;
    if code != UNREADABLE {
        return Ok(());
    }
    for rule in rules {
        let (code, said) = parse(std::slice::from_ref(rule))?;
        if code == UNREADABLE {
            let said = said.lines().next().unwrap_or_default();
            let said = said.rsplit_once("Error = ").map_or(said, |(_, said)| said);
            return Err(Failure(format!("{}: this is no rule file: {said}", rule.name)));
        }
    }
    Err(Failure(format!("a rule file cannot be read: {}", said.trim())))
}

fn parse(rules: &[RuleFile]) -> Result<(i32, String), Failure> {
    let (code, _, said) = execute(rules, &[])?;
    Ok((code, said))
}

/// Runs rules over a template.
pub(super) fn run(rules: &[RuleFile], template: &Value) -> Result<Vec<Broken>, Failure> {
    let (_, report, _) = execute(rules, &[template.to_string()])?;
    let report: Value = serde_json::from_str(&report)
        .map_err(|error| Failure(format!("the rule engine's report cannot be read: {error}")))?;
    let mut broken = Vec::new();
    for file in report.as_array().into_iter().flatten() {
        for rule in file["not_compliant"].as_array().into_iter().flatten() {
            rule_of(&rule["Rule"], &mut broken);
        }
    }
    broken.sort();
    broken.dedup_by(|a, b| (&a.rule, &a.path) == (&b.rule, &b.path));
    Ok(broken)
}

/// The code, the report, and what was said besides.
fn execute(rules: &[RuleFile], data: &[String]) -> Result<(i32, String, String), Failure> {
    let rules: Vec<&str> = rules.iter().map(|rule| rule.text.as_str()).collect();
    let payload = json!({"rules": rules, "data": data}).to_string();
    let engine = thread::Builder::new().stack_size(STACK).spawn(move || validate(payload));
    let ended = engine
        .map_err(|error| Failure(format!("cannot start the rule engine: {error}")))?
        .join()
        .map_err(|_| Failure("the rule engine broke off: this is a mistake in it".to_owned()))?;
    ended.map_err(|error| Failure(format!("the rule engine failed: {error}")))
}

fn validate(payload: String) -> Result<(i32, String, String), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let (out, err) = (WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()));
    let mut writer = Writer::new_with_err(out, err).map_err(|error| text(&error))?;
    let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(payload.into_bytes())));
    let command = ValidateBuilder::default()
        .payload(true)
        .structured(true)
        .output_format(OutputFormatType::JSON)
        .show_summary(vec![ShowSummaryType::None])
        .try_build()
        .map_err(|error| text(&error))?;
    let code = command.execute(&mut writer, &mut reader).map_err(|error| text(&error))?;
    if code == UNREADABLE {
        let said = writer.err_to_stripped().map_err(|error| text(&error))?;
        return Ok((code, String::new(), said));
    }
    Ok((code, writer.into_string().map_err(|error| text(&error))?, String::new()))
}

/// The checks of a rule that failed. For some rules that do not apply the engine says "failed" without any check that did, and
/// counts no resource for it: those are no findings.
fn rule_of(rule: &Value, broken: &mut Vec<Broken>) {
    let name = rule["name"].as_str().unwrap_or_default();
    let said = said_in(rule);
    for check in rule["checks"].as_array().into_iter().flatten() {
        checked(name, check, said.as_deref(), broken);
    }
}

/// A check that failed. Of alternatives that all failed, the first stands for all; a rule that is called reports in the name
/// of the one that the user reads.
fn checked(rule: &str, check: &Value, outer: Option<&str>, broken: &mut Vec<Broken>) {
    let own = said_in(check);
    let said = own.as_deref().or(outer);
    if let Some(called) = check.get("Rule") {
        let said = said_in(called).or_else(|| said.map(ToOwned::to_owned));
        for check in called["checks"].as_array().into_iter().flatten() {
            checked(rule, check, said.as_deref(), broken);
        }
    } else if let Some(alternatives) = check.get("Disjunctions") {
        if let Some(first) = alternatives["checks"].as_array().and_then(|checks| checks.first()) {
            checked(rule, first, said, broken);
        }
    } else {
        // A question about the whole template has no place.
        let (path, missing) = place(check).unwrap_or_default();
        let said = own.or_else(|| deep(check)).or_else(|| outer.map(ToOwned::to_owned));
        let said = said.unwrap_or_default();
        broken.push(Broken { rule: rule.to_owned(), path, said, missing });
    }
}

/// What the author of the rule says right here.
fn said_in(value: &Value) -> Option<String> {
    let message = value["messages"]["custom_message"].as_str()?;
    let lines: Vec<&str> =
        message.split([';', '\n']).map(str::trim).filter(|it| !it.is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

/// What the author says anywhere in it.
fn deep(value: &Value) -> Option<String> {
    said_in(value).or_else(|| children(value).into_iter().find_map(deep))
}

/// The first place that is named in it, and what was looked for there in vain.
fn place(value: &Value) -> Option<(String, Option<String>)> {
    if let (Some(path), true) = (value["path"].as_str(), value.get("value").is_some()) {
        return Some((path.to_owned(), None));
    }
    let missing = value["remaining_query"].as_str().map(ToOwned::to_owned);
    let found = children(value).into_iter().find_map(place);
    found.map(|(path, inner)| (path, missing.or(inner)))
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_they_were_meant_as() {
        let text = b"[yes, 7, 1.5, 012345670123, 2012-10-17, '7', ~, 1_000, !Ref A]";
        let document = formwork::read::parse(text).expect("a list");
        let expected = json!([
            true, 7, 1.5, "012345670123", "2012-10-17", "7", null, "1_000", {"Ref": "A"}
        ]);
        assert_eq!(json(&document.root), expected);
    }

    #[test]
    fn what_is_deeper_than_any_rule_looks_is_left_out() {
        let deep = format!("{}1{}", "[".repeat(150), "]".repeat(150));
        let document = formwork::read::parse(deep.as_bytes()).expect("lists");
        let shown = json(&document.root).to_string();
        assert_eq!(shown.matches('[').count(), DEEPEST);
    }
}
