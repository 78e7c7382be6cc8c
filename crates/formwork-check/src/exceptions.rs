//! Exceptions that the Rust source makes next to a resource, each with a reason: which findings they cover, and which of
//! them cover nothing any more.

use std::collections::BTreeSet;

use crate::families;
use crate::finding::{Finding, Rule, Severity, shown};
use crate::guard;
use crate::subject::{self, CheckedTemplate, Subject};

/// The rules about exceptions themselves.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW9010",
        severity: Severity::Warning,
        title: "an exception that no longer applies",
        why: "The resource does not break the rule that it is excepted from. The exception would hide the next one that does.",
        mend: "Remove the `.except(…)`.",
        source: "CONTRIBUTING.md",
    },
    Rule {
        id: "FW9011",
        severity: Severity::Error,
        title: "an exception from no rule",
        why: "There is no rule of this id, or it is one of the input's, from which nothing can be excepted, or it stands for all rules of \
              rule files.",
        mend: "Correct the id; `docs/rules.md` lists them. One of a rule file is named behind a colon, such as `FW6001:keys_rotate`.",
        source: "CONTRIBUTING.md",
    },
    Rule {
        id: "FW9012",
        severity: Severity::Note,
        title: "an exception from a rule that no given file has",
        why: "None of the rule files of this run has a rule of that name, so the exception was not looked at. Another file may have it.",
        mend: "Correct the name, or give the file with `--rules` as well.",
        source: "CONTRIBUTING.md",
    },
];

const IDLE: &Rule = Rule::of(RULES, "FW9010");
const UNKNOWN: &Rule = Rule::of(RULES, "FW9011");
const ELSEWHERE: &Rule = Rule::of(RULES, "FW9012");

/// Whether nothing can be excepted from a rule: those of the input, of rule files as such, and of exceptions.
fn is_fixed(id: &str) -> bool {
    subject::RULES.iter().chain(RULES).any(|rule| rule.id == id) || guard::is_of_files(id)
}

/// The rule that an exception is from, and which one of a rule file, if it is one from which there are any.
fn rule_of(exception: &str) -> Option<(&'static Rule, Option<&str>)> {
    let (id, name) = match exception.split_once(':') {
        Some((id, name)) => (id, Some(name)),
        None => (exception, None),
    };
    let rule = families::rules().find(|rule| rule.id == id && !is_fixed(id))?;
    (name.is_some() == (id == guard::NAMED)).then_some((rule, name))
}

/// A finding that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excepted {
    /// What was found.
    pub finding: Finding,
    /// Why it does not count, as the Rust source says.
    pub reason: String,
}

/// Takes out of the findings what is excepted, and adds what is wrong with the exceptions.
pub fn apply(subject: &Subject, findings: &mut Vec<Finding>) -> Vec<Excepted> {
    let mut used = BTreeSet::new();
    let mut excepted = Vec::new();
    findings.retain(|finding| {
        let Some((template, id, reason)) = reason(subject, finding) else { return true };
        used.insert((template.file.clone(), id.to_owned(), finding.id()));
        excepted.push(Excepted { finding: finding.clone(), reason: reason.to_owned() });
        false
    });
    for template in &subject.templates {
        let resources = template.entry.iter().flat_map(|entry| &entry.resources);
        for (id, resource) in resources {
            for (rule, reason) in &resource.exceptions {
                judge(subject, template, id, rule, reason, &used, findings);
            }
        }
    }
    excepted
}

/// The exception that covers a finding.
fn reason<'s>(
    subject: &'s Subject,
    finding: &'s Finding,
) -> Option<(&'s CheckedTemplate, &'s str, &'s str)> {
    let id = finding.place.logical_id.as_deref()?;
    if is_fixed(finding.rule.id) || finding.place.path.starts_with("/Parameters/") {
        return None;
    }
    let template = subject.templates.iter().find(|template| template.file == finding.place.file)?;
    let reason = template.resource(id)?.exceptions.get(&finding.id())?;
    Some((template, id, reason))
}

fn judge(
    subject: &Subject,
    template: &CheckedTemplate,
    id: &str,
    rule: &str,
    reason: &str,
    used: &BTreeSet<(String, String, String)>,
    findings: &mut Vec<Finding>,
) {
    let place = || template.place_of(&format!("/Resources/{id}"));
    let Some((known, name)) = rule_of(rule) else {
        let message = format!(
            "`{}` is excepted from `{}`, which is no rule that allows it",
            shown(id),
            shown(rule)
        );
        findings.push(Finding::new(UNKNOWN, place(), message).given(shown(reason)));
        return;
    };
    if let Some(name) = name {
        // Without rule files nothing is known of their rules.
        let Some(run) = &subject.rules_run else { return };
        if !run.names.contains(name) {
            if run.is_whole {
                let message = format!(
                    "`{}` is excepted from `{}`, which no rule file of this run has",
                    shown(id),
                    shown(rule)
                );
                findings.push(Finding::new(ELSEWHERE, place(), message).given(shown(reason)));
            }
            return;
        }
    }
    // What is wrong in one region only is not found by a run for others.
    let launched = subject.launch.iter().flat_map(|launch| &launch.regions);
    let is_whole = launched.into_iter().all(|region| subject.regions.contains(region));
    if is_whole && !used.contains(&(template.file.clone(), id.to_owned(), rule.to_owned())) {
        let message = format!(
            "`{}` is excepted from `{}` ({}), which it does not break",
            shown(id),
            shown(rule),
            known.title
        );
        let fix = format!("remove `.except(\"{}\", …)`", shown(rule));
        findings.push(Finding::new(IDLE, place(), message).given(shown(reason)).fix(fix));
    }
}
