//! Says of templates what can be known before they are deployed, each thing at its line.
//!
//! It works on an assembly or on any template file, and never on the program that made it. [`Subject`] is what is
//! checked; each family of rules looks at it by itself; [`check`] asks them all. Only `subject` reads files, and
//! nothing in here writes any, prints, or calls AWS.

pub mod attributes;
mod data;
pub mod finding;
mod pattern;
pub mod regions;
pub mod schema;
pub mod subject;
mod value;

pub use data::source as schemas_source;
pub use finding::{Finding, Place, Rule, Severity};
pub use subject::{CheckedTemplate, Subject};

/// A family of rules.
type Family = fn(&Subject, &mut Vec<Finding>);

const FAMILIES: &[Family] = &[schema::check, attributes::check, regions::check];

/// All rules, by family.
pub const RULES: &[&[Rule]] = &[schema::RULES, attributes::RULES, regions::RULES, subject::RULES];

/// Everything that is found, by file and place.
#[must_use]
pub fn check(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    for family in FAMILIES {
        family(subject, &mut findings);
    }
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    findings
}

fn key(finding: &Finding) -> (&str, u32, u32, &str, &str) {
    let place = &finding.place;
    (&place.file, place.line, place.column, finding.rule.id, &finding.message)
}
