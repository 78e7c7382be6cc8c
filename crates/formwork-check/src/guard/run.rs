//! Rule files over a subject: what was found, at which lines, and which rules were run. Reads no file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::work::Done;
use super::{CANNOT_BE_RUN, RuleFile, grammar, places, read, work};
use crate::finding::{Finding, Place, shown};
use crate::subject::{RulesRun, Subject};

/// Reads rule files and runs them over every template. What is wrong with them is a finding, and the others are run all the
/// same.
pub fn check(subject: &mut Subject, paths: &[PathBuf], findings: &mut Vec<Finding>) {
    let before = findings.len();
    let files = read(paths, findings);
    let mut rules = BTreeMap::new();
    let mut good = Vec::new();
    for file in files {
        if let Some(names) = grammar::names(&file, findings) {
            for name in names {
                rules.entry(name).or_insert(good.len());
            }
            good.push(file);
            continue;
        }
        // For the excerpt of the line that is wrong.
        subject.texts.entry(file.name).or_insert(file.text);
    }
    let is_whole = findings.len() == before;
    let run = run(subject, &good, &rules, findings);
    let names = rules.into_keys().filter(|name| !run.contains(name)).collect();
    for file in good {
        if findings[before..].iter().any(|finding| finding.place.file == file.name) {
            subject.texts.entry(file.name).or_insert(file.text);
        }
    }
    subject.rules_run = Some(RulesRun { names, is_whole });
}

/// Runs files; gives the rules of which nothing is known afterwards.
fn run(
    subject: &Subject,
    files: &[RuleFile],
    rules: &BTreeMap<String, usize>,
    findings: &mut Vec<Finding>,
) -> BTreeSet<String> {
    let shown = subject.templates.iter().enumerate();
    let (numbers, templates): (Vec<usize>, Vec<String>) =
        shown.filter_map(|(at, template)| Some((at, places::template(template.root())?))).unzip();
    if files.is_empty() || templates.is_empty() {
        return BTreeSet::new();
    }
    let texts: Vec<&str> = files.iter().map(|file| file.text.as_str()).collect();
    let Done { outcomes, failed } = work::run(&texts, &templates);
    let mut lost = Lost { subject, files, of: BTreeMap::new() };
    let mut unknown = BTreeSet::new();
    for (file, template, why) in failed {
        let of_file: Vec<&String> =
            rules.iter().filter(|(_, of)| **of == file).map(|(name, _)| name).collect();
        // Of several rules the engine does not say which it was.
        let rule = if let [one] = of_file[..] { Some(one.clone()) } else { None };
        lost.add(file, rule, numbers[template], why.to_string());
        unknown.extend(of_file.into_iter().cloned());
    }
    for (at, outcome) in numbers.iter().zip(outcomes) {
        let template = &subject.templates[*at];
        let broken = outcome.broken.into_iter().map(|one| places::finding(template, one));
        findings.extend(once(broken.collect()));
        for (name, why) in outcome.stuck {
            lost.add(rules.get(&name).copied().unwrap_or_default(), Some(name.clone()), *at, why);
            unknown.insert(name);
        }
    }
    lost.say(findings);
    unknown
}

/// Of what a rule says of a resource again and again, the first; and what it says of no resource only if it does so of none.
fn once(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|it| (it.place.line, it.place.column));
    let what = |it: &Finding| (it.named.clone(), it.message.clone());
    let of_resources: BTreeSet<_> =
        findings.iter().filter(|it| it.place.logical_id.is_some()).map(what).collect();
    let mut seen = BTreeSet::new();
    findings.retain(|it| {
        let is_of_none = it.place.logical_id.is_none() && of_resources.contains(&what(it));
        !is_of_none && seen.insert((it.place.logical_id.clone(), what(it)))
    });
    findings
}

/// A rule file by its place, and a rule in it if it is known which.
type LostRule = (usize, Option<String>);

/// A template by its place, and what the engine says.
type Reason = (usize, String);

/// Rules that could not be run, on which templates and why.
struct Lost<'s> {
    subject: &'s Subject,
    files: &'s [RuleFile],
    of: BTreeMap<LostRule, Vec<Reason>>,
}

impl Lost<'_> {
    fn add(&mut self, file: usize, rule: Option<String>, template: usize, why: String) {
        self.of.entry((file, rule)).or_default().push((template, why));
    }

    /// One finding for each rule, at its line.
    fn say(self, findings: &mut Vec<Finding>) {
        for ((file, rule), on) in self.of {
            let file = &self.files[file];
            let (template, why) = &on[0];
            let template = shown(&self.subject.templates[*template].file);
            let others = match on.len() {
                1 => String::new(),
                number => format!(" and {} others", number - 1),
            };
            let (place, what) = match rule {
                Some(rule) => {
                    let place = grammar::definition(file, "rule", &rule);
                    (place, format!("the rule `{}`", shown(&rule)))
                }
                None => (Place::file(&file.name), "a rule".to_owned()),
            };
            let message =
                format!("{what} could not be run on `{template}`{others}: {}", one_line(why));
            findings.push(Finding::new(CANNOT_BE_RUN, place, message));
        }
    }
}

/// A text of the engine on one line, not too long.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    text[..end].to_owned()
}
