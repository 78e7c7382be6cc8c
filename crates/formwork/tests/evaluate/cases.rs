//! Runs the cases in `cases/`, each a template with a question and its answer.

use formwork::evaluate::Evaluation;
use formwork::read::Tree;

use super::{evaluation, parse, show, shown};

#[test]
fn functions() {
    run(include_str!("cases/functions.yaml"));
}

#[test]
fn conditions() {
    run(include_str!("cases/conditions.yaml"));
}

fn run(source: &str) {
    let cases = parse(source);
    let mut wrong = Vec::new();
    for case in cases.root.as_list().expect("a list of cases") {
        let name = text(case, "case").expect("a case has a name");
        let region = text(case, "region").unwrap_or("us-east-1");
        let evaluation = evaluation(case, region, case.get("given"));
        for (what, expected, found) in answers(case, &evaluation) {
            if expected != found {
                wrong.push(format!("{name}: {what}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is asked of a case, what it expects, and what comes out.
fn answers(case: &Tree, evaluation: &Evaluation<'_>) -> Vec<(&'static str, String, String)> {
    let mut answers = Vec::new();
    if let (Some(of), Some(gives)) = (case.get("of"), text(case, "gives")) {
        answers.push(("value", gives.to_owned(), show(&evaluation.value(of))));
    }
    if let (Some(of), Some(expected)) = (case.get("of"), case.get("alternatives")) {
        let found = evaluation.alternatives(of);
        assert!(found.is_complete, "{case:?}");
        let values: Vec<String> = found.values.iter().map(show).collect();
        answers.push(("alternatives", texts(Some(expected)).join("\n"), values.join("\n")));
        return answers;
    }
    if let Some(expected) = text(case, "holds") {
        let show = |name: &str| format!("{name}={}", shown(evaluation.condition(name)));
        let found: Vec<String> = evaluation.conditions().map(show).collect();
        answers.push(("conditions", expected.to_owned(), found.join(" ")));
    }
    if let Some(expected) = text(case, "asserts") {
        let assertions = evaluation.assertions();
        let show = |a: &formwork::evaluate::Assertion<'_>| format!("{}={}", a.rule, shown(a.holds));
        let found: Vec<String> = assertions.iter().map(show).collect();
        answers.push(("assertions", expected.to_owned(), found.join(" ")));
    }
    let problems = evaluation.problems();
    if let Some(count) = text(case, "count") {
        answers.push(("count of problems", count.to_owned(), problems.len().to_string()));
    } else {
        let found: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        answers.push(("problems", texts(case.get("problems")).join("\n"), found.join("\n")));
    }
    answers
}

fn text<'t>(case: &'t Tree, key: &str) -> Option<&'t str> {
    case.get(key)?.as_str()
}

fn texts(list: Option<&Tree>) -> Vec<&str> {
    list.and_then(Tree::as_list).unwrap_or_default().iter().filter_map(Tree::as_str).collect()
}
