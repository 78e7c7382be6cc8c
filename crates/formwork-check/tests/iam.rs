//! The rules of policies: each fires on a policy that is wrong in one way, and not on the one beside it that is right.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use formwork_check::iam;
use formwork_check::subject::Subject;

/// The cases of a file: `== FW5010 what`, the policy that is wrong, `--`, the one that is right.
struct Case {
    rule: String,
    what: String,
    wrong: String,
    right: String,
}

fn cases() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies");
    let mut cases = Vec::new();
    for name in ["grammar", "actions", "conditions", "wide", "principals", "escalation"] {
        let path = directory.join(format!("{name}.txt"));
        let text = std::fs::read_to_string(&path).expect("cases");
        for case in text.split("\n== ").skip(1) {
            let (head, body) = case.split_once('\n').expect("a head");
            let (rule, what) = head.split_once(' ').expect("a rule and what it is about");
            let (wrong, right) = body.split_once("\n--\n").expect("two policies");
            let texts = [rule, what, wrong, right].map(ToOwned::to_owned);
            let [rule, what, wrong, right] = texts;
            cases.push(Case { rule, what, wrong, right });
        }
    }
    cases
}

/// Resources, or the statements of a role's policy where that is all there is.
fn template(text: &str) -> String {
    let indented = |by: usize| -> String {
        let lines = text.lines().map(|line| " ".repeat(by) + line + "\n");
        lines.collect()
    };
    if text.starts_with("- ") {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nResources:\n  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{}",
            indented(10)
        )
    } else {
        format!("Parameters: {{P: {{Type: String}}}}\nResources:\n{}", indented(2))
    }
}

fn found(text: &str) -> Vec<String> {
    let template = template(text);
    let mut findings = Vec::new();
    let subject = Subject::of_text("case.yaml", template.as_bytes(), &[], &mut findings);
    assert!(findings.is_empty(), "{findings:?}\n{template}");
    iam::check(&subject, &mut findings);
    findings.iter().map(support::line).collect()
}

#[test]
fn each_rule_fires_and_does_not() {
    let mut wrong = Vec::new();
    for case in cases() {
        let fires = |text: &str| found(text).iter().any(|line| line.contains(&case.rule));
        if !fires(&case.wrong) {
            wrong.push(format!("{} {}: silent: {:#?}", case.rule, case.what, found(&case.wrong)));
        }
        if fires(&case.right) {
            wrong.push(format!("{} {}: fires: {:#?}", case.rule, case.what, found(&case.right)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_has_a_case() {
    let cased: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    let rules: BTreeSet<String> = iam::RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(cased, rules);
}

#[test]
fn a_finding_says_where_and_what_instead() {
    let text = "- Effect: Alow\n  Action: s3:GetObjet\n  Resource: arn:aws:s3:::a/*";
    let found = found(text);
    let effect = found.iter().find(|line| line.contains("FW5005")).expect("it fires");
    assert!(
        effect
            .contains("case.yaml:9 /Resources/Policy/Properties/PolicyDocument/Statement/0/Effect"),
        "{effect}"
    );
    assert!(effect.contains("fix Some(\"Allow\")"), "{effect}");
    let action = found.iter().find(|line| line.contains("FW5010")).expect("it fires");
    assert!(action.contains("fix Some(\"s3:GetObject\")"), "{action}");
}

#[test]
fn odd_documents_are_no_panic() {
    for text in [
        "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: 7, Policies: {PolicyDocument: []}}}",
        "R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [[1]]}}}",
        "R: {Type: AWS::IAM::Policy, Properties: {PolicyDocument: '{\"Statement\": '}}",
        "R: {Type: AWS::IAM::Policy, Properties: {PolicyDocument: {Statement: {Effect: {}, Action: {a: 1}, Condition: 3}}}}",
        "R: {Type: AWS::IAM::Policy, Properties: {PolicyDocument: {Statement: {Condition: {Bool: 3, Null: [1]}}}}}",
        "R: {Type: AWS::IAM::Policy, Properties: {Roles: !Ref P, PolicyDocument: {Statement: {Action: ':', Resource: '::::::'}}}}",
    ] {
        found(text);
    }
}
