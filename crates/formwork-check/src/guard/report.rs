//! What the engine's report says: which rules are not met where, and which could not be run. Knows no template.

use serde_json::Value;

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

/// What became of the rules on one template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub broken: Vec<Broken>,
    /// Rules that could not be run, each with what the engine says.
    pub stuck: Vec<(String, String)>,
}

/// The outcomes of a report, one a template.
pub(super) fn outcomes(report: &Value) -> Vec<Outcome> {
    report.as_array().into_iter().flatten().map(outcome).collect()
}

fn outcome(template: &Value) -> Outcome {
    let mut outcome = Outcome::default();
    for rule in template["not_compliant"].as_array().into_iter().flatten() {
        rule_of(&rule["Rule"], &mut outcome);
    }
    outcome.broken.sort();
    outcome.broken.dedup_by(|a, b| (&a.rule, &a.path) == (&b.rule, &b.path));
    outcome.stuck.sort();
    outcome.stuck.dedup_by(|a, b| a.0 == b.0);
    outcome
}

/// The checks of a rule that failed. For some rules that do not apply the engine says "failed" without any check that did, and
/// counts no resource for it: those are no findings.
fn rule_of(rule: &Value, outcome: &mut Outcome) {
    let name = rule["name"].as_str().unwrap_or_default();
    if let Some(reason) = stuck(rule) {
        outcome.stuck.push((name.to_owned(), reason));
        return;
    }
    let said = said_in(rule);
    for check in rule["checks"].as_array().into_iter().flatten() {
        checked(name, check, said.as_deref(), outcome);
    }
}

/// Why something could not be evaluated, if so: the engine calls that a failure like any other, and says it in a message.
fn stuck(of: &Value) -> Option<String> {
    ["custom_message", "error_message"].into_iter().find_map(|kind| {
        let text = of["messages"][kind].as_str()?;
        if let Some(rest) = text.strip_suffix(", bailing") {
            let rest = rest.strip_prefix("Error ").unwrap_or(rest);
            return Some(rest.to_owned());
        }
        text.contains("condition could not be evaluated").then(|| text.to_owned())
    })
}

/// A check that failed. Of alternatives that all failed, the first stands for all; a rule that is called reports in the name
/// of the one that the user reads.
fn checked(rule: &str, check: &Value, outer: Option<&str>, outcome: &mut Outcome) {
    let within = check.as_object().and_then(|check| check.values().next());
    let of_clause = within.and_then(|within| within.as_object()?.values().next());
    if let Some(reason) = [within, of_clause].into_iter().flatten().find_map(stuck) {
        outcome.stuck.push((rule.to_owned(), reason));
        return;
    }
    let own = said_in(check);
    let said = own.as_deref().or(outer);
    if let Some(called) = check.get("Rule") {
        let said = said_in(called).or_else(|| said.map(ToOwned::to_owned));
        for check in called["checks"].as_array().into_iter().flatten() {
            checked(rule, check, said.as_deref(), outcome);
        }
    } else if let Some(alternatives) = check.get("Disjunctions") {
        if let Some(first) = alternatives["checks"].as_array().and_then(|checks| checks.first()) {
            let said = said.map(ToOwned::to_owned).or_else(|| deep(alternatives));
            checked(rule, first, said.as_deref(), outcome);
        }
    } else if is_of_filter(check) {
        // What a filter leaves out is no finding.
    } else {
        // A question about the whole template has no place.
        let (path, missing) = place(check).unwrap_or_default();
        let said = own.or_else(|| deep(check)).or_else(|| outer.map(ToOwned::to_owned));
        let said = said.unwrap_or_default();
        outcome.broken.push(Broken { rule: rule.to_owned(), path, said, missing });
    }
}

/// Whether a check is one of the keys that a filter asks about. The engine lists those beside the checks of the rule, and only
/// they have no text.
fn is_of_filter(check: &Value) -> bool {
    let clause = check["Clause"].as_object().and_then(|clause| clause.values().next());
    clause.is_some_and(|clause| clause["context"] == "")
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
