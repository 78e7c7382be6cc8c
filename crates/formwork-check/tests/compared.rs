//! `docs/compared.md` is current: how the check compares with others. It is put together of what the comparison over public
//! templates wrote (`corpus.rs`), of probes that are checked here, and of a section on another check, where there is one.
//! `INSTA_UPDATE=always` writes it.

#![allow(missing_docs, reason = "a test")]

#[path = "compared/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use formwork_check::families;
use formwork_check::finding::Severity;
use formwork_check::subject::Subject;

const HEAD: &str = "<!-- Written by crates/formwork-check/tests/compared.rs and corpus.rs. Do not edit: change the data in \
                    crates/formwork-check/tests/compared and run the tests with INSTA_UPDATE=always. -->\n\n\
                    # How the check compares with others\n\n";

/// A template that breaks one rule of another check.
struct Probe {
    rule: String,
    text: String,
}

/// `== E1004` and a template behind it.
fn probes() -> Vec<Probe> {
    let text = fs::read_to_string(table::directory().join("probes.txt")).unwrap();
    let blocks = text.split("\n== ").skip(1).map(|block| block.split_once('\n').unwrap());
    blocks.map(|(rule, text)| Probe { rule: rule.to_owned(), text: text.to_owned() }).collect()
}

/// The rules that find an error in a template, and those that find a warning.
fn found(text: &str) -> [BTreeSet<&'static str>; 2] {
    let mut findings = Vec::new();
    let subject = Subject::of_text("probe.yaml", text.as_bytes(), &[], &mut findings);
    families::check(&subject, &mut findings);
    [Severity::Error, Severity::Warning].map(|severity| {
        findings
            .iter()
            .map(|it| it.rule)
            .filter(|it| it.severity == severity)
            .map(|it| it.id)
            .collect()
    })
}

/// The rules that do not occur in the public templates: as what a probe is found, or why not.
fn others(corpus: &str) -> String {
    let known = table::read("cfn-lint.txt");
    let mut probed: BTreeMap<String, [BTreeSet<&'static str>; 2]> = BTreeMap::new();
    for probe in probes() {
        let [errors, warnings] = found(&probe.text);
        let all = probed.entry(probe.rule).or_default();
        all[0].extend(errors);
        all[1].extend(warnings);
    }
    let mut text = "### Its other rules\n\nThese do not occur in the public templates. A small template that breaks each is found \
                    as these rules of ours; it is in `crates/formwork-check/tests/compared/probes.txt`.\n\n\
                    | rule | what | found as | or why not |\n|---|---|---|---|\n"
        .to_owned();
    let mut faults = Vec::new();
    let occurs = |rule: &str| corpus.contains(&format!("\n| {rule} |"));
    for (rule, row) in known.iter().filter(|(rule, _)| !occurs(rule)) {
        let reason = table::cell(Some(row), 2);
        let (errors, warnings) = match probed.get(rule) {
            Some([errors, warnings]) => (errors.clone(), warnings.clone()),
            None => Default::default(),
        };
        if errors.is_empty() == reason.is_empty() {
            faults.push(format!("{rule}: found as {errors:?}, and why not: {reason}"));
        }
        let mut ids: Vec<String> = errors.into_iter().map(str::to_owned).collect();
        if ids.is_empty() {
            ids.extend(warnings.into_iter().map(|id| format!("{id} (a warning)")));
        }
        let _ = writeln!(
            text,
            "| {rule} | {} | {} | {reason} |",
            table::cell(Some(row), 0),
            ids.join(", ")
        );
    }
    let idle = probed.keys().filter(|rule| !known.contains_key(*rule) || occurs(rule));
    faults.extend(idle.map(|rule| format!("{rule}: a probe that is not needed")));
    assert!(faults.is_empty(), "in cfn-lint.txt or probes.txt:\n{}", faults.join("\n"));
    text
}

#[test]
fn the_page_is_current() {
    let read = |name: &str| fs::read_to_string(table::directory().join(name));
    let corpus = read("corpus.md").unwrap();
    let other =
        read("cloudformation-validate.md").map(|text| format!("\n{text}")).unwrap_or_default();
    let page = [HEAD, &corpus, &others(&corpus), &other].concat();
    table::current(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compared.md"), &page);
}

#[test]
fn every_rule_of_ours_that_is_named_exists() {
    let ids: BTreeSet<&str> = families::rules().map(|rule| rule.id).collect();
    for (rule, row) in table::read("cfn-lint.txt") {
        for id in table::cell(Some(&row), 1).split(' ').filter(|id| !id.is_empty()) {
            assert!(ids.contains(id.trim_end_matches('*')), "{rule} names {id}");
        }
    }
    for rule in table::read("ours.txt").keys() {
        assert!(ids.contains(rule.as_str()), "{rule}");
    }
}
