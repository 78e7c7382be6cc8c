//! The report as JSON. `report.schema.json` is generated from these types and committed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::data::DATA;
use crate::finding::{Finding, Severity};
use crate::regions::{Availability, Matrix};
use crate::report::Report;

/// The version of the report's format.
pub const FORMAT: u32 = 1;

/// What was checked and found.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonReport<'r> {
    /// The version of this format: 1.
    pub format: u32,
    /// The program that wrote it, with its version.
    pub generator: String,
    /// What the rules know of AWS, and of which day that is.
    pub data: Vec<JsonData>,
    /// The codes of the regions it was checked for.
    pub regions: &'r [String],
    /// How many templates were read.
    pub templates: usize,
    /// How many findings there are.
    pub summary: Summary,
    /// What is wrong: by file, line and column, then by rule.
    pub findings: Vec<JsonFinding<'r>>,
    /// What the Rust source makes an exception of, in the same order.
    pub excepted: Vec<JsonFinding<'r>>,
    /// Which resource types are in which regions; only with `--matrix`. By type, then by the region's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matrix: Option<BTreeMap<&'r str, BTreeMap<&'r str, JsonAvailability>>>,
}

/// A resource type in a region.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum JsonAvailability {
    /// It is there.
    There,
    /// It is not there.
    Missing,
    /// No resource of the type is made there.
    Unused,
    /// Nothing is known of the region or the type.
    Unknown,
}

/// A set of data.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonData {
    /// What it is.
    pub name: &'static str,
    /// The day that it is of, `YYYY-MM-DD`.
    pub date: &'static str,
}

/// How many findings there are.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Errors: the check fails if there is one.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Findings that are excepted; they are not among the others.
    pub excepted: usize,
}

/// How bad a finding is.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum JsonSeverity {
    /// It fails, or does not do what it says.
    Error,
    /// It is unwise, or fails for some launches.
    Warning,
    /// Something to know.
    Note,
}

/// One finding.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonFinding<'r> {
    /// The rule's id, such as `FW2001`.
    pub rule: &'r str,
    /// For `FW6001`: which rule of a rule file it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_name: Option<&'r str>,
    /// How bad it is.
    pub severity: JsonSeverity,
    /// The rule's title.
    pub title: &'r str,
    /// What is wrong here.
    pub message: &'r str,
    /// What was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<&'r str>,
    /// What is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<&'r str>,
    /// What to do.
    pub fix: &'r str,
    /// The regions it is wrong in; empty if in all.
    pub regions: &'r [String],
    /// Where it is in the template.
    pub place: JsonPlace<'r>,
    /// The Rust line that added it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rust: Option<JsonRust<'r>>,
    /// Why it is excepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'r str>,
}

/// A place in a template.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonPlace<'r> {
    /// The file, as a path from where the check ran.
    pub file: &'r str,
    /// The line, counted from 1; 0 if the file as a whole is meant.
    pub line: u32,
    /// The character in the line, counted from 1; 0 if the file as a whole is meant.
    pub column: u32,
    /// The resource's logical id, or the parameter's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logical_id: Option<&'r str>,
    /// The way into the template as a JSON pointer.
    pub path: &'r str,
}

/// A line of Rust.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonRust<'r> {
    /// The file, relative to the workspace.
    pub file: &'r str,
    /// The line, counted from 1.
    pub line: u32,
}

/// The report's text.
#[must_use]
pub fn write(report: &Report) -> String {
    let excepted = report.excepted.iter();
    let excepted = excepted.map(|one| finding(&one.finding, Some(one.reason.as_str())));
    let json = JsonReport {
        format: FORMAT,
        generator: format!("formwork-check {}", env!("CARGO_PKG_VERSION")),
        data: DATA.iter().map(|data| JsonData { name: data.name, date: data.date }).collect(),
        regions: &report.regions,
        templates: report.templates,
        summary: Summary {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            notes: report.count(Severity::Note),
            excepted: report.excepted.len(),
        },
        findings: report.findings.iter().map(|one| finding(one, None)).collect(),
        excepted: excepted.collect(),
        matrix: report.matrix.as_ref().map(matrix),
    };
    // Nothing in these types can fail to be JSON.
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}

fn matrix(matrix: &Matrix) -> BTreeMap<&str, BTreeMap<&str, JsonAvailability>> {
    let cell = |availability: &Availability| match availability {
        Availability::There => JsonAvailability::There,
        Availability::Missing => JsonAvailability::Missing,
        Availability::Unused => JsonAvailability::Unused,
        Availability::Unknown => JsonAvailability::Unknown,
    };
    let row = |(kind, cells)| {
        let cells: &Vec<(String, Availability)> = cells;
        let by_region = cells.iter().map(|(region, it)| (region.as_str(), cell(it)));
        let kind: &String = kind;
        (kind.as_str(), by_region.collect())
    };
    matrix.iter().map(row).collect()
}

fn finding<'r>(finding: &'r Finding, reason: Option<&'r str>) -> JsonFinding<'r> {
    let Finding { rule, place, .. } = finding;
    JsonFinding {
        rule: rule.id,
        rule_name: finding.named.as_deref(),
        severity: match rule.severity {
            Severity::Error => JsonSeverity::Error,
            Severity::Warning => JsonSeverity::Warning,
            Severity::Note => JsonSeverity::Note,
        },
        title: rule.title,
        message: &finding.message,
        given: finding.given.as_deref(),
        allowed: finding.allowed.as_deref(),
        fix: finding.fix.as_deref().unwrap_or(rule.mend),
        regions: &finding.regions,
        place: JsonPlace {
            file: &place.file,
            line: place.line,
            column: place.column,
            logical_id: place.logical_id.as_deref(),
            path: &place.path,
        },
        rust: place.rust.as_ref().map(|(file, line)| JsonRust { file, line: *line }),
        reason,
    }
}
