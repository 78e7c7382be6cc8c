//! The report as SARIF 2.1.0, as GitHub's code scanning takes it: a table of all rules, paths relative to the root of the
//! source, and fingerprints that do not change when lines move. Only the parts of the format that are used are here.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use formwork::assembly::sha256;
use serde::Serialize;
use serde_json::{Value, json};

use crate::families::rules;
use crate::finding::{Finding, Place, Rule};
use crate::report::Report;

/// The most results that GitHub takes of one run.
const MOST_RESULTS: usize = 25_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Value>,
}

/// The report's text.
#[must_use]
pub fn write(report: &Report) -> String {
    let mut known: Vec<(String, &Rule)> = rules().map(|rule| (rule.id.to_owned(), rule)).collect();
    let mut prints = Fingerprints(HashMap::new());
    let excepted = report.excepted.iter().map(|one| (&one.finding, Some(one.reason.as_str())));
    let all = report.findings.iter().map(|finding| (finding, None)).chain(excepted);
    let mut all: Vec<_> = all.collect();
    let left_out = all.len().saturating_sub(MOST_RESULTS);
    if left_out > 0 {
        // The worst of them are kept, in their order.
        all.sort_by_key(|(finding, reason)| (reason.is_some(), finding.rule.severity));
        all.truncate(MOST_RESULTS);
    }
    // Each rule of a rule file is one of its own, or whoever looks at one of them would have them all.
    let named: BTreeMap<String, &Rule> = all
        .iter()
        .filter(|(finding, _)| finding.named.is_some())
        .map(|(finding, _)| (finding.id(), finding.rule))
        .collect();
    known.extend(named);
    let results: Vec<_> = all
        .into_iter()
        .map(|(finding, reason)| result(finding, reason, &known, &mut prints))
        .collect();
    let notifications = match left_out {
        0 => json!([]),
        number => {
            json!([{ "level": "warning", "message": { "text": format!("{number} further results are left out") } }])
        }
    };
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "formwork-check",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": known.iter().map(|(id, rule)| descriptor(id, rule)).collect::<Vec<_>>(),
            } },
            "automationDetails": { "id": "formwork-check/" },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn descriptor(id: &str, rule: &Rule) -> Value {
    let mut descriptor = json!({
        "id": id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{} {}", rule.why, rule.mend),
            "markdown": format!("{}\n\n**To do:** {}\n\n**Source:** {}", rule.why, rule.mend, rule.source),
        },
        "defaultConfiguration": { "level": rule.severity.as_str() },
        "properties": { "tags": ["cloudformation"], "precision": "high" },
    });
    if rule.source.starts_with("https://")
        && let Some(map) = descriptor.as_object_mut()
    {
        map.insert("helpUri".to_owned(), rule.source.into());
    }
    descriptor
}

fn result(
    finding: &Finding,
    reason: Option<&str>,
    known: &[(String, &Rule)],
    prints: &mut Fingerprints,
) -> SarifResult {
    let Finding { rule, place, .. } = finding;
    let id = finding.id();
    let template = location(&place.file, place.line, place.column, place);
    let (locations, related_locations) = match &place.rust {
        Some((file, line)) => {
            let mut related = template;
            related["id"] = 1.into();
            related["message"] = json!({ "text": "in the template" });
            (vec![location(file, *line, 0, place)], vec![related])
        }
        None => (vec![template], Vec::new()),
    };
    let suppressions = reason.map(|reason| json!({ "kind": "inSource", "justification": reason }));
    SarifResult {
        rule_index: known.iter().position(|(known, _)| *known == id).unwrap_or_default(),
        rule_id: id,
        level: rule.severity.as_str(),
        message: json!({ "text": message(finding) }),
        locations,
        related_locations,
        partial_fingerprints: json!({ "primaryLocationLineHash": prints.of(finding) }),
        suppressions: suppressions.into_iter().collect(),
    }
}

/// All that is known of it, in one paragraph.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for (name, part) in [("given", &finding.given), ("allowed", &finding.allowed)] {
        if let Some(part) = part {
            text += &["; ", name, ": ", part].concat();
        }
    }
    if !finding.regions.is_empty() {
        text += "; in ";
        text += &finding.regions.join(", ");
    }
    text + "; to do: " + finding.fix.as_deref().unwrap_or(finding.rule.mend)
}

fn location(file: &str, line: u32, column: u32, place: &Place) -> Value {
    let mut region = json!({ "startLine": line.max(1) });
    if column > 0 {
        region["startColumn"] = column.into();
    }
    let mut location =
        json!({ "physicalLocation": { "artifactLocation": artifact(file), "region": region } });
    if !place.path.is_empty() {
        let name = place.logical_id.as_deref().unwrap_or(&place.path);
        location["logicalLocations"] = json!([{ "name": name, "fullyQualifiedName": place.path }]);
    }
    location
}

/// A file below the root of the source by its relative path; another by its whole one.
fn artifact(file: &str) -> Value {
    let uri = encode(file);
    if file.starts_with('/') {
        return json!({ "uri": format!("file://{uri}") });
    }
    // A first part with a colon would look like a scheme.
    json!({ "uri": uri, "uriBaseId": "%SRCROOT%" })
}

/// The path as a URI: what is not unreserved in RFC 3986 is written as `%XX`.
fn encode(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(byte.into());
            }
            byte => {
                // Writing into a `String` cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// Fingerprints that were given, to number those that are the same.
struct Fingerprints(HashMap<String, usize>);

impl Fingerprints {
    /// A hash of what was found and where in the template, without any line, and a number.
    fn of(&mut self, finding: &Finding) -> String {
        let place = &finding.place;
        // The file's name has its content's hash in it.
        let name = place.file.rsplit('/').next().and_then(|name| name.split('.').next());
        let id = finding.id();
        let parts = [&id, name.unwrap_or_default(), &place.path, &finding.message];
        let hash = sha256(parts.join("\n").as_bytes())[..16].to_owned();
        let number = self.0.entry(hash.clone()).or_default();
        *number += 1;
        format!("{hash}:{number}")
    }
}
