//! Compares with what cloudformation-validate says of public templates, rule by rule: only where `FORMWORK_CORPUS` names a
//! directory with them and `FORMWORK_VALIDATE` the file that `findings.py` wrote.
//!
//! `theirs.txt` has a line for each of its rules: those of ours that look for the same, and why one side finds what
//! the other does not; `ours.txt` the same for ours. A difference without a reason fails. The table is a section of
//! `docs/compared.md`; `INSTA_UPDATE=always` writes it to `tests/compared`, where the page takes it from. With `FORMWORK_COMPARED` set to ids of rules, of
//! either side, each finding is printed that the other side lacks.

#![allow(missing_docs, reason = "a test")]

mod findings;
mod page;
mod reasons;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use formwork_check::families;
use formwork_check::finding::Severity;

use findings::{Corpus, Ours, Theirs};
use reasons::{OURS, Reasons, Scope, THEIRS};

/// What was found by both, by one only, and in templates of which we refuse the whole text.
#[derive(Default)]
struct Row {
    both: usize,
    only: usize,
    refused: usize,
    templates: BTreeSet<String>,
}

/// Rows by the id of a rule.
type Rows = BTreeMap<String, Row>;

#[test]
fn compared_with_cloudformation_validate() {
    let corpus = std::env::var_os("FORMWORK_CORPUS").map(PathBuf::from);
    let file = std::env::var_os("FORMWORK_VALIDATE").map(PathBuf::from);
    let Some((corpus, file)) = corpus.zip(file) else { return };
    let corpus = Corpus::read(&corpus, &file);
    let theirs = Reasons::parse(THEIRS);
    let (their_rows, our_rows) = rows(&corpus, &theirs);
    let ours = Reasons::parse(OURS);
    let mut faults = unknown(&theirs, &ours);
    for (rule, row) in their_rows.iter().filter(|(rule, _)| !rule.starts_with('I')) {
        if row.only > 0 && theirs.why(rule).is_empty() {
            faults.push(format!("{rule}: {} findings that we lack, and no reason", row.only));
        }
    }
    for (rule, row) in &our_rows {
        if row.only > 0 && severity(rule) != Severity::Note && ours.why(rule).is_empty() {
            faults.push(format!("{rule}: {} findings that it lacks, and no reason", row.only));
        }
    }
    faults.extend(theirs.idle(|rule| their_rows.contains_key(rule)));
    faults.extend(ours.idle(|rule| our_rows.get(rule).is_some_and(|row| row.only > 0)));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    page::hold(&page::section(&corpus, &theirs, &ours, &their_rows, &our_rows));
}

#[test]
fn the_page_has_each_rule_of_the_tables() {
    let page = page::committed();
    for table in [THEIRS, OURS] {
        for rule in Reasons::parse(table).rules() {
            assert!(page.contains(&format!("\n| {rule} |")), "the page lacks {rule}");
        }
    }
}

/// Names of rules that there are not.
fn unknown(theirs: &Reasons, ours: &Reasons) -> Vec<String> {
    let known: BTreeSet<&str> = families::rules().map(|rule| rule.id).collect();
    let named = theirs.same().flat_map(|(rule, same)| same.iter().map(move |id| (rule, *id)));
    let named = named.chain(ours.rules().map(|rule| ("ours", rule)));
    let unknown = named.filter(|(_, id)| !known.contains(id));
    unknown.map(|(rule, id)| format!("{rule}: there is no rule {id}")).collect()
}

/// Counts the findings of each side.
fn rows(corpus: &Corpus, reasons: &Reasons) -> (Rows, Rows) {
    let shown = std::env::var("FORMWORK_COMPARED").unwrap_or_default();
    let (mut theirs, mut ours) = (Rows::new(), Rows::new());
    for (file, found) in &corpus.templates {
        let refused = found.ours.iter().any(|one| one.rule == "FW9002");
        let mut matched = vec![false; found.ours.len()];
        for finding in &found.theirs {
            let mut is_found = false;
            for (index, our) in found.ours.iter().enumerate() {
                if is_same(finding, our, reasons) {
                    is_found = true;
                    matched[index] = true;
                }
            }
            let row = theirs.entry(finding.rule.clone()).or_default();
            row.templates.insert(file.clone());
            match (is_found, refused) {
                (true, _) => row.both += 1,
                (false, true) => row.refused += 1,
                (false, false) => row.only += 1,
            }
            if !is_found && !refused && shown.contains(finding.rule.as_str()) {
                println!("{file}:{} {} {}", finding.line, finding.id, finding.message);
            }
        }
        for (our, is_found) in found.ours.iter().zip(matched) {
            let row = ours.entry(our.rule.to_owned()).or_default();
            row.templates.insert(file.clone());
            *(if is_found { &mut row.both } else { &mut row.only }) += 1;
            if !is_found && shown.contains(our.rule) {
                println!("{file}:{} {} {}", our.line, our.path, our.message);
            }
        }
    }
    (theirs, ours)
}

/// Whether both say the same: their rules look for the same, and it is at one line, one property or one of them in the
/// other; what a whole template breaks is the same wherever it is said.
fn is_same(their: &Theirs, our: &Ours, reasons: &Reasons) -> bool {
    if !reasons.is_same(&their.rule, our.rule) {
        return false;
    }
    let is_there = their.line == our.line && their.line > 0;
    let is_in = !their.id.is_empty() && their.id == our.id;
    let shared = || their.way.iter().zip(&our.way).all(|(a, b)| a == b);
    is_there
        || match reasons.scope(&their.rule) {
            Scope::Template => true,
            Scope::Entity => is_in,
            Scope::Property => is_in && shared(),
        }
}

fn severity(rule: &str) -> Severity {
    families::rules().find(|known| known.id == rule).map_or(Severity::Note, |known| known.severity)
}
