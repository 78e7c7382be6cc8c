//! What a run has to say, in an order that does not depend on who found it first. Writes nothing: `output` does.

use std::collections::BTreeMap;

use crate::exceptions::{self, Excepted};
use crate::finding::{Finding, MOST, Place, Severity, shown_within};
use crate::regions::Matrix;
use crate::subject::{Subject, TOO_MUCH};

/// All that a run found.
#[derive(Clone, Debug)]
pub struct Report {
    /// What is wrong: by file, line and column, then by rule.
    pub findings: Vec<Finding>,
    /// What the Rust source makes an exception of, in the same order.
    pub excepted: Vec<Excepted>,
    /// The regions it was checked for.
    pub regions: Vec<String>,
    /// How many templates were read.
    pub templates: usize,
    /// Which resource types are in which regions, if it was asked for.
    pub matrix: Option<Matrix>,
}

impl Report {
    /// The report of what was found in a subject.
    #[must_use]
    pub fn new(subject: &Subject, mut findings: Vec<Finding>) -> Self {
        let mut excepted = exceptions::apply(subject, &mut findings);
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        findings.dedup();
        limit(&mut findings);
        findings.iter_mut().for_each(shorten);
        excepted.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        excepted.dedup();
        let templates = subject.templates.len();
        let regions = subject.regions.clone();
        Report { findings, excepted, regions, templates, matrix: None }
    }

    /// The same with which resource types are in which regions.
    #[must_use]
    pub fn with_matrix(self, matrix: Matrix) -> Self {
        Report { matrix: Some(matrix), ..self }
    }

    /// How many findings are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.rule.severity == severity).count()
    }

    /// Whether anything is wrong that fails.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// Takes out what is too much, and says so.
fn limit(findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    findings.retain(|finding| {
        let of = (finding.place.file.clone(), finding.rule.id);
        let count = counts.entry(of).or_default();
        *count += 1;
        *count <= MOST
    });
    for ((file, rule), _) in counts.into_iter().filter(|(_, count)| *count > MOST) {
        let message = format!("more than {MOST} findings of {rule}; the others are not said");
        findings.push(Finding::new(TOO_MUCH, Place::file(&file), message));
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
}

/// The most characters of one text of a finding.
const LONGEST: usize = 2_000;

/// Whatever a rule put into its texts, a report stays readable, and nothing in it commands a terminal.
fn shorten(finding: &mut Finding) {
    let texts = [&mut finding.given, &mut finding.allowed, &mut finding.fix];
    for text in texts.into_iter().flatten().chain([&mut finding.message]) {
        let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !is_plain || text.len() > LONGEST {
            *text = shown_within(text, LONGEST);
        }
    }
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let place = &finding.place;
    (
        (&place.file, place.line, place.column, finding.id(), &place.path),
        (&finding.message, &finding.given, &finding.allowed, &finding.fix, &finding.regions),
    )
}
