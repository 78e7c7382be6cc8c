//! Puts what many launches found together: one finding a place and rule, with the cases and regions in which it is so.

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;

use super::rules::{HANDED, TRIAL};
use crate::finding::Finding;

/// How many cases a message names.
const MOST_LABELS: usize = 3;

/// How much a finding of a launch counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// The parameters allow such a launch.
    Possible,
    /// Somebody says that the launch must work.
    Named,
    /// Every launch is so.
    Certain,
}

/// Rule, file, line, column and path.
type Key = (&'static str, String, u32, u32, String);

#[derive(Default)]
pub(super) struct Collector(IndexMap<Key, Hit>);

struct Hit {
    finding: Finding,
    weight: Weight,
    labels: Vec<String>,
    regions: BTreeSet<usize>,
}

impl Collector {
    /// Adds what a launch in a region found. What weighs less than what is known already adds nothing.
    pub(super) fn add(&mut self, finding: &Finding, weight: Weight, label: &str, region: usize) {
        let place = &finding.place;
        let key =
            (finding.rule.id, place.file.clone(), place.line, place.column, place.path.clone());
        let new = || Hit {
            finding: finding.clone(),
            weight,
            labels: Vec::new(),
            regions: BTreeSet::new(),
        };
        let hit = self.0.entry(key).or_insert_with(new);
        if hit.weight < weight {
            *hit = new();
        }
        if hit.weight == weight {
            hit.regions.insert(region);
            if !hit.labels.iter().any(|known| known == label) {
                hit.labels.push(label.to_owned());
            }
        }
    }

    /// The findings, but for those that are `said` already.
    pub(super) fn finish(self, regions: &[String], said: &[Finding]) -> Vec<Finding> {
        let key = |rule: &'static str, finding: &Finding| {
            let place = &finding.place;
            (rule, place.file.clone(), place.line, place.path.clone())
        };
        let said: HashSet<_> = said.iter().map(|finding| key(finding.rule.id, finding)).collect();
        let is_new = |hit: &Hit| {
            let rule = hit.finding.rule;
            let is_ill_typed = rule == HANDED && said.contains(&key("FW2012", &hit.finding));
            !said.contains(&key(rule.id, &hit.finding)) && !is_ill_typed
        };
        self.0.into_values().filter(is_new).map(|hit| hit.finding(regions)).collect()
    }
}

impl Hit {
    fn finding(self, regions: &[String]) -> Finding {
        let mut finding = self.finding;
        if self.weight == Weight::Possible {
            finding.message = format!("{} ({})", finding.message, finding.rule.id);
            finding.rule = TRIAL;
        }
        if self.weight != Weight::Certain {
            finding.message += &labels(&self.labels);
        }
        if self.regions.len() < regions.len() {
            finding.regions = self.regions.iter().map(|at| regions[*at].clone()).collect();
        }
        finding
    }
}

/// The cases as they stand behind a message.
fn labels(labels: &[String]) -> String {
    const CASE: &str = "in the case ";
    let shown: Vec<&str> = labels.iter().take(MOST_LABELS).map(String::as_str).collect();
    let more = match labels.len().saturating_sub(MOST_LABELS) {
        0 => String::new(),
        1 => ", and in another case".to_owned(),
        more => format!(", and in {more} more cases"),
    };
    let names: Option<Vec<&str>> = shown.iter().map(|label| label.strip_prefix(CASE)).collect();
    match names {
        Some(names) if names.len() > 1 => format!(", in the cases {}{more}", names.join(", ")),
        _ => format!(", {}{more}", shown.join(", ")),
    }
}
