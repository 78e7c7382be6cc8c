//! Family 4 on concrete values: every template in each target region, with each of several sets of parameters.
//!
//! Conditions are decided, functions computed, names and ARNs made concrete, and every limit and pattern is checked again. The
//! sets are the defaults, what the launch links fill in, the cases of `check.toml`, each value that a parameter allows,
//! and the longest values that parameters take. What a case breaks that somebody named is as bad as the rule says; what the
//! parameters only allow is a warning.
//!
//! A resource is looked at once for each set of values that it can depend on. Where a region is only written in texts, one
//! of each length stands for the others. Nothing here guesses a value: what no case gives stays unknown.

mod cases;
mod collect;
mod file;
mod launch;
mod made;
mod names;
mod needs;
mod nested;
mod parameters;
mod rules;
mod sample;
mod units;

use std::rc::Rc;

use formwork::evaluate::{Evaluation, Surroundings};
use indexmap::IndexMap;

pub use rules::RULES;

use crate::finding::{Finding, shown};
use crate::schema;
use crate::subject::Subject;
use cases::{Case, Kind};
use collect::Collector;
use launch::{LOOK, Launch, Trials};
use rules::UNDECIDED;

/// How many resources of launches are looked at in one run, together; the rest is said not to be tried.
const MOST: usize = 60_000;

/// Tries every template.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    if subject.regions.is_empty() {
        return;
    }
    let mut collector = Collector::default();
    let mut new = Vec::new();
    let (written, is_strict) = match &subject.cases {
        Some(file) => (file::read(&file.file, &file.text, &mut new), file.is_strict),
        None => (file::Cases::default(), false),
    };
    let all = cases::all(subject, &written, is_strict, &mut new);
    let mut launches: Vec<Vec<Launch>> = Vec::new();
    for (at, cases) in all.cases.iter().enumerate() {
        undecided(subject, at, cases, &mut new);
        if all.are_cut[at] {
            let message = format!("more than {} cases; no more are tried", cases::MOST);
            cut(subject, at, message, &mut new);
        }
        launches.push(in_every_region(subject, cases));
    }
    let mut left = MOST * LOOK;
    for at in parents_first(subject) {
        if !subject.is_launchable(&subject.templates[at]) {
            continue;
        }
        let root = subject.templates[at].root();
        let around = Surroundings::of_region(&subject.regions[0]);
        let evaluation = Evaluation::new(root, &around, &IndexMap::new());
        if !schema::foreign_macros(&evaluation).is_empty() {
            continue;
        }
        let Some(mut trials) = Trials::new(subject, at) else {
            let message =
                "what resources and conditions depend on is too much together; no launch is tried";
            cut(subject, at, message.to_owned(), &mut new);
            continue;
        };
        let own = std::mem::take(&mut launches[at]);
        let mut tried = 0;
        for launch in &own {
            if left == 0 {
                break;
            }
            for (child, handed) in trials.run(launch, &mut left, &mut collector) {
                launches[child].push(handed);
            }
            tried += 1;
        }
        if tried < own.len() {
            let count = own.len() - tried;
            let message =
                format!("{count} launches are not tried: all launches of this run are too many");
            cut(subject, at, message, &mut new);
        }
    }
    new.extend(collector.finish(&subject.regions, findings));
    findings.append(&mut new);
}

fn in_every_region(subject: &Subject, cases: &[Case]) -> Vec<Launch> {
    let mut launches = Vec::new();
    for case in cases {
        let case = Rc::new(case.clone());
        let regions = 0..subject.regions.len();
        launches.extend(regions.map(|region| Launch { case: Rc::clone(&case), region }));
    }
    launches
}

/// The templates, each before those that it nests.
fn parents_first(subject: &Subject) -> Vec<usize> {
    let mut parents = vec![0_usize; subject.templates.len()];
    for child in subject.nests.values() {
        parents[*child] += 1;
    }
    let mut open: Vec<usize> = (0..parents.len()).rev().filter(|at| parents[*at] == 0).collect();
    let mut order = Vec::new();
    while let Some(at) = open.pop() {
        order.push(at);
        let nested = subject.nests.range((at, String::new())..(at + 1, String::new()));
        for (_, child) in nested {
            parents[*child] -= 1;
            if parents[*child] == 0 {
                open.push(*child);
            }
        }
    }
    order
}

/// Says which conditions no case decides, where somebody named one.
fn undecided(subject: &Subject, at: usize, cases: &[Case], findings: &mut Vec<Finding>) {
    let template = &subject.templates[at];
    if template.root().get("Conditions").is_none() {
        return;
    }
    let mut open: Option<Vec<String>> = None;
    for case in cases.iter().filter(|case| case.kind == Kind::Named && case.changed.is_none()) {
        let around = Surroundings::of_region(&subject.regions[0]).in_account(&case.account);
        let around = match &case.stack {
            Some(name) => around.named(name),
            None => around,
        };
        let evaluation = Evaluation::new(template.root(), &around, &case.given);
        let is_open = |name: &&str| evaluation.condition(name).is_none();
        let names: Vec<String> =
            evaluation.conditions().filter(is_open).map(str::to_owned).collect();
        match &mut open {
            None => open = Some(names),
            Some(open) => open.retain(|name| names.contains(name)),
        }
    }
    let open = open.unwrap_or_default();
    if open.is_empty() {
        return;
    }
    let names: Vec<String> = open.iter().take(8).map(|name| shown(name)).collect();
    let more = if open.len() > names.len() { ", …" } else { "" };
    let message = format!(
        "no case decides the conditions `{}`{more}; both ways were tried",
        names.join("`, `")
    );
    let place = template.place_of("/Conditions");
    findings.push(Finding::new(UNDECIDED, place, message));
}

/// Says that there were too many cases.
fn cut(subject: &Subject, at: usize, message: String, findings: &mut Vec<Finding>) {
    let place = subject.templates[at].place_of("/Parameters");
    findings.push(Finding::new(UNDECIDED, place, message));
}
