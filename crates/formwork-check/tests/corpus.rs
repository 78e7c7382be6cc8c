//! Compares with what cfn-lint says of public templates: only where `FORMWORK_CORPUS` names a directory with them.
//!
//! It prints a table by rule and never needs the templates: without the variable there is nothing to do. The
//! directory holds templates, and a `cfn-lint-*.json` that maps each file to cfn-lint's findings. With
//! `FORMWORK_CORPUS_MISSED` the templates are named of which only cfn-lint finds an error, with `FORMWORK_CORPUS_ALL`
//! every finding of ours in templates with errors.

#![allow(missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use formwork_check::families;
use formwork_check::finding::{Finding, Severity};
use formwork_check::subject::Subject;
use serde_json::Value;

/// Templates of which cfn-lint says nothing and we do, rightly: each with the reason.
const DEFENDED: &[(&str, &str, &str)] = &[
    (
        "aws-cloudformation-templates/APIGateway/apigateway_lambda_integration.json",
        "FW1004",
        "`Rain::Embed` is of a program before CloudFormation, which refuses the map where code belongs",
    ),
    (
        "aws-cloudformation-templates/APIGateway/apigateway_lambda_integration.yaml",
        "FW9002",
        "`!Rain::Embed` is of a program before CloudFormation, which refuses the tag",
    ),
    (
        "aws-cloudformation-templates/CloudFormation/CustomResources/getfromjson/src/getfromjson.yml",
        "FW9002",
        "`!Rain::Embed` is of a program before CloudFormation, which refuses the tag",
    ),
];

#[test]
fn compared_with_cfn_lint() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS").map(PathBuf::from) else { return };
    let expected = expected(&corpus);
    // So that templates that name others by their paths find them.
    std::env::set_current_dir(&corpus).expect("the corpus is a directory");
    let mut table: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut their_table: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut undefended = Vec::new();
    let (mut clean, mut faulty, mut flagged) = (0, 0, 0);
    for (file, theirs) in &expected {
        let ours = errors(Path::new(file));
        let by_rule: BTreeSet<&str> = ours.iter().map(|finding| finding.rule.id).collect();
        for id in &by_rule {
            let row = table.entry((*id).to_owned()).or_default();
            row[0] += 1;
            row[usize::from(theirs.is_empty()) + 1] += 1;
        }
        for id in theirs.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            let row = their_table.entry(id).or_default();
            row[0] += 1;
            row[1] += usize::from(!ours.is_empty());
        }
        if theirs.is_empty() {
            clean += 1;
            let new = ours.iter().filter(|finding| !is_defended(file, finding.rule.id));
            undefended.extend(new.map(|finding| show(file, finding)));
        } else {
            faulty += 1;
            flagged += usize::from(!ours.is_empty());
            if std::env::var_os("FORMWORK_CORPUS_ALL").is_some() {
                for finding in &ours {
                    println!("ours: {}", show(file, finding));
                }
            }
            if ours.is_empty() && std::env::var_os("FORMWORK_CORPUS_MISSED").is_some() {
                println!("missed: {file}: {theirs:?}");
            }
        }
    }
    println!(
        "| rule | templates | of those with errors by cfn-lint | of those without |\n|---|---|---|---|"
    );
    for (rule, [all, both, only]) in &table {
        println!("| {rule} | {all} | {both} | {only} |");
    }
    println!("\n| cfn-lint's rule | templates | of those with errors by ours |\n|---|---|---|");
    for (rule, [all, both]) in &their_table {
        println!("| {rule} | {all} | {both} |");
    }
    println!("without errors by cfn-lint: {clean}, with: {faulty}, of which flagged: {flagged}");
    assert!(
        undefended.is_empty(),
        "{} errors in templates without errors:\n{}",
        undefended.len(),
        undefended.join("\n")
    );
}

fn is_defended(file: &str, rule: &str) -> bool {
    DEFENDED.iter().any(|(known, id, reason)| *known == file && *id == rule && !reason.is_empty())
}

fn errors(file: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subject = Subject::read(&[file.to_owned()], &[], &mut findings);
    families::check(&subject, &mut findings);
    let name = file.to_string_lossy();
    let is_of_file = |finding: &Finding| finding.place.file == name;
    findings.retain(|it| it.rule.severity == Severity::Error && is_of_file(it));
    findings
}

fn show(file: &str, finding: &Finding) -> String {
    let Finding { rule, place, message, given, allowed, .. } = finding;
    let allowed = allowed.as_deref().map(|text| text.chars().take(90).collect::<String>());
    format!(
        "{file}:{}:{} {} {} {message} {given:?} {allowed:?}",
        place.line, place.column, rule.id, place.path
    )
}

/// File to the errors that cfn-lint found.
fn expected(corpus: &Path) -> BTreeMap<String, Vec<String>> {
    let listing = std::fs::read_dir(corpus).expect("the corpus is a directory");
    let mut reports = listing.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("cfn-lint-") && name.ends_with(".json")
    });
    let report = reports.next().expect("the corpus has cfn-lint's findings");
    let text = std::fs::read_to_string(report).expect("cfn-lint's findings can be read");
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).expect("they are JSON");
    let rules = |found: &Value| match found {
        Value::Array(found) => found
            .iter()
            .filter_map(|finding| finding[0].as_str().map(str::to_owned))
            .filter(|rule| rule.starts_with('E'))
            .collect(),
        // It gave no answer.
        _ => vec!["none".to_owned()],
    };
    all.iter().map(|(file, found)| (file.clone(), rules(found))).collect()
}
