//! Every rule fires where it should and nowhere else. Each directory of `cases` is one input; a comment `# FW2001` at the
//! end of a line says what is found there, and nothing else may be. The golden has the words that people read.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use formwork_check::families;

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

#[test]
fn every_rule_fires_just_where_it_should() {
    let mut said = String::new();
    for case in cases() {
        let files = files(&case);
        let words: Vec<&str> = files.iter().map(String::as_str).collect();
        let found = support::found(&support::json(&case, &words));
        assert_eq!(found, expected(&case), "{}", case.display());
        let output = support::run(&case, &words);
        let name = case.file_name().unwrap().to_string_lossy();
        said +=
            &["## ", &name, "\n\n", std::str::from_utf8(&output.stdout).unwrap(), "\n"].concat();
    }
    insta::assert_snapshot!("rules", said);
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
    // Those of sizes are made by another test, as those of the input and of exceptions are.
    let elsewhere = ["FW4101", "FW4102", "FW4104", "FW4106", "FW4107"];
    // What is a table of resources or statements is with it: `schema.rs`.
    let tables = ["FW1", "FW21", "FW3", "FW9"];
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
