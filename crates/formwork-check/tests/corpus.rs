//! The policies of public templates and of an assembly: nothing is called an error by mistake.
//!
//! Run where `FORMWORK_CORPUS` says where public templates are, with what cfn-lint says of them, and `FORMWORK_ASSEMBLY` where an
//! assembly is. `--nocapture` lists every finding, for a person to judge.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use formwork_check::finding::{Finding, Severity};
use formwork_check::iam;
use serde_json::Value;

/// The templates in which cfn-lint finds no error.
fn without_errors(corpus: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(corpus.join("cfn-lint-1.58.0.json")).expect("the answers");
    let answers: BTreeMap<String, Value> = serde_json::from_str(&text).expect("the answers");
    let is_error = |finding: &Value| finding[0].as_str().is_some_and(|id| id.starts_with('E'));
    let clean = |answer: &Value| answer.as_array().is_some_and(|all| !all.iter().any(is_error));
    answers.into_iter().filter(|(_, answer)| clean(answer)).map(|(file, _)| file).collect()
}

#[test]
fn public_templates() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else { return };
    let corpus = Path::new(&corpus);
    let clean = without_errors(corpus);
    let (mut findings, mut read): (Vec<Finding>, usize) = (Vec::new(), 0);
    for path in support::templates_below(corpus) {
        let shown = path.strip_prefix(corpus).unwrap_or(&path).display().to_string();
        let text = std::fs::read(&path).expect("a template");
        let Some(subject) = support::alone(&shown, &String::from_utf8_lossy(&text)) else {
            continue;
        };
        read += 1;
        iam::check(&subject, &mut findings);
    }
    for finding in &findings {
        println!("{}", support::line(finding));
    }
    assert!(read > 400, "{read} templates were read");
    let mistaken = findings
        .iter()
        .filter(|it| it.rule.severity == Severity::Error && clean.contains(&it.place.file));
    let mistaken: Vec<String> = mistaken.map(support::line).collect();
    assert!(mistaken.is_empty(), "errors where cfn-lint has none:\n{}", mistaken.join("\n"));
}

#[test]
fn an_assembly() {
    let Some(directory) = std::env::var_os("FORMWORK_ASSEMBLY") else { return };
    let subject = support::assembly(directory.as_ref());
    let mut findings: Vec<Finding> = Vec::new();
    let started = std::time::Instant::now();
    iam::check(&subject, &mut findings);
    println!("{:?}", started.elapsed());
    for finding in &findings {
        println!("{}", support::line(finding));
    }
    let errors = findings.iter().filter(|it| it.rule.severity == Severity::Error);
    assert_eq!(errors.map(support::line).collect::<Vec<_>>(), [""; 0]);
    let rust = findings.iter().filter(|it| it.place.rust.is_none()).count();
    assert_eq!(rust, 0, "a finding in an assembly has a Rust line");
}
