//! Every rule fires where it should and nowhere else. Each directory of `cases` is one input; a comment `# FW2001` at the
//! end of a line says what is found there, and nothing else may be. The golden has the words that people read.

#![allow(missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use formwork_check::cli::Format;
use formwork_check::families::{self, Family};
use formwork_check::output;
use formwork_check::report::Report;
use formwork_check::subject::Subject;

fn cases() -> Vec<PathBuf> {
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap();
    let mut cases: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn files(case: &Path) -> Vec<String> {
    let names = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// What the comments say.
fn expected(case: &Path) -> Vec<String> {
    let mut expected = Vec::new();
    for file in files(case) {
        let text = fs::read_to_string(case.join(&file)).unwrap();
        for (number, line) in text.lines().enumerate() {
            let Some((_, rules)) = line.split_once(" # ") else { continue };
            expected.extend(rules.split(' ').map(|rule| format!("{rule} {file}:{}", number + 1)));
        }
    }
    expected.sort();
    expected
}

fn family(case: &Path) -> &'static Family {
    let id = case.file_name().unwrap().to_str().unwrap();
    let is_family = |family: &&Family| family.rules.iter().any(|rule| rule.id == id);
    families::FAMILIES.iter().find(is_family).unwrap()
}

/// What the rules of a case's own family find; the other families have cases of their own.
fn report(case: &Path, family: &Family) -> (Subject, Report) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths: Vec<PathBuf> =
        files(case).iter().map(|file| case.strip_prefix(here).unwrap().join(file)).collect();
    let mut findings = Vec::new();
    let subject = Subject::read(&paths, &[], &mut findings);
    family.check.unwrap()(&subject, &mut findings);
    let report = Report::new(&subject, findings);
    (subject, report)
}

#[test]
fn every_rule_fires_just_where_it_should() {
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for case in cases() {
        let family = family(&case);
        let (subject, report) = report(&case, family);
        let found = report.findings.iter().map(|finding| {
            let file = finding.place.file.rsplit('/').next().unwrap();
            format!("{} {file}:{}", finding.rule.id, finding.place.line)
        });
        let mut found: Vec<String> = found.collect();
        found.sort();
        assert_eq!(found, expected(&case), "{}", case.display());
        let name = case.file_name().unwrap().to_string_lossy();
        let text = output::write(Format::Human, &report, &subject, false);
        let golden = family.name.to_lowercase().replace(' ', "_");
        *said.entry(golden).or_default() += &["## ", &name, "\n\n", &text, "\n"].concat();
    }
    for (family, said) in said {
        insta::assert_snapshot!(family, said);
    }
}

#[test]
fn every_rule_has_a_case_that_fires_and_one_that_does_not() {
    let mut fires = BTreeSet::new();
    let mut silent = 0;
    for case in cases() {
        fires.extend(expected(&case).into_iter().filter_map(|one| one.get(..6).map(str::to_owned)));
        silent += usize::from(case.join("silent.yaml").exists());
    }
    assert_eq!(silent, cases().len(), "each case has a template of which nothing is said");
    // Those of sizes and of several regions are made by other tests, as those of the input and of exceptions are.
    let elsewhere =
        ["FW4101", "FW4102", "FW4104", "FW4106", "FW4107", "FW7041", "FW7053", "FW7061", "FW7062"];
    // What is a table of resources, launches, statements or rule files is with it: `schema.rs`, `evaluation.rs`, `iam.rs`,
    // `guard.rs`.
    let tables = ["FW1", "FW21", "FW3", "FW42", "FW43", "FW5", "FW6", "FW9"];
    let is_of_table = |id: &str| tables.iter().any(|start| id.starts_with(start));
    let missing: Vec<&str> = families::rules()
        .map(|rule| rule.id)
        .filter(|id| !fires.contains(*id) && !is_of_table(id) && !elsewhere.contains(id))
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "these rules have no case");
}

#[test]
fn ids_are_unique_and_every_rule_says_what_it_must() {
    let mut ids = BTreeSet::new();
    for rule in families::rules() {
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        let number = rule.id.strip_prefix("FW").unwrap();
        assert!(number.len() == 4 && number.bytes().all(|it| it.is_ascii_digit()), "{}", rule.id);
        assert!(!rule.title.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
        assert!(rule.mend.ends_with('.') && !rule.source.is_empty(), "{}", rule.id);
    }
}
