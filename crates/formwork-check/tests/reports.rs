//! The forms of the report: that committed pages and schemas are current, that SARIF is what GitHub takes, and that exceptions
//! are repeated with their reason.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use formwork::Stack;
use formwork::assembly::{Assembly, Settings};
use formwork::prelude::*;
use formwork_check::{families, pages};
use serde_json::Value;

/// Compares a committed file with what it is generated from; `INSTA_UPDATE=always` writes it.
fn current(path: &Path, text: &str) {
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(path, text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), text, "{} is stale", path.display());
}

#[test]
fn the_page_of_rules_is_current() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guard");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut baseline: Vec<_> = files
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            (format!("guard/{name}"), fs::read_to_string(file).unwrap())
        })
        .collect();
    baseline.sort();
    current(&page, &pages::rules(&baseline));
}

#[cfg(feature = "schema")]
#[test]
fn the_committed_schema_is_current() {
    let schema = schemars::schema_for!(formwork_check::output::json::JsonReport);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    current(&Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json"), &text);
}

#[derive(Inputs)]
struct Ask {
    /// Whether there is a topic.
    #[input(default = true)]
    asked: Input<bool>,
}

/// An assembly in which a reference may dangle, with these exceptions.
fn assembly(name: &str, except: &'static [(&'static str, &'static str)]) -> PathBuf {
    thread_local!(static EXCEPT: std::cell::Cell<&'static [(&'static str, &'static str)]> = const { std::cell::Cell::new(&[]) });
    EXCEPT.set(except);
    let stack = Stack::<Ask, ()>::new("excepted", "Excepted", |t, input| {
        let wanted = t.condition("Wanted", input.asked.is(true));
        let topic = t.add("Topic", Raw::new("AWS::SNS::Topic").when(wanted));
        let mail = Raw::new("AWS::SNS::Subscription")
            .set("TopicArn", any(topic))
            .set("Protocol", "email")
            .set("Endpoint", "a@example.com");
        let mail = EXCEPT.get().iter().fold(mail, |mail, (rule, why)| mail.except(rule, why));
        t.add("Mail", mail);
    });
    let directory = support::directory(name);
    let done = Assembly::new().with_named(stack.template(), "excepted").synth(Settings::default());
    done.unwrap().write(&directory.join("out")).unwrap();
    directory
}

fn rules(findings: &Value) -> Vec<&str> {
    findings.as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect()
}

#[test]
fn without_an_exception_it_is_found_at_the_rust_line() {
    let report = support::json(&assembly("found", &[]), &[]);
    assert_eq!(rules(&report["findings"]), ["FW2006"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["rust"]["file"], "crates/formwork-check/tests/reports.rs");
    assert_eq!(finding["place"]["logical_id"], "Mail");
}

#[test]
fn an_exception_takes_it_out_and_its_reason_is_repeated() {
    let directory = assembly("excepted", &[("FW2006", "it is always wanted")]);
    let report = support::json(&directory, &[]);
    assert_eq!(rules(&report["findings"]), Vec::<&str>::new());
    assert_eq!(rules(&report["excepted"]), ["FW2006"]);
    assert_eq!(report["excepted"][0]["reason"], "it is always wanted");
    let human = String::from_utf8(support::run(&directory, &[]).stdout).unwrap();
    assert!(human.contains("reason: it is always wanted"), "{human}");
    assert!(human.contains("0 errors, 0 warnings, 0 notes, 1 excepted"), "{human}");
}

#[test]
fn exceptions_that_do_not_apply_are_reported() {
    let except =
        &[("FW2006", "yes"), ("FW4106", "idle"), ("FW9999", "unknown"), ("FW9001", "fixed")];
    let report = support::json(&assembly("idle", except), &[]);
    assert_eq!(rules(&report["findings"]), ["FW9010", "FW9011", "FW9011"]);
    assert_eq!(report["findings"][0]["given"], "idle");
    assert_eq!(report["findings"][0]["rust"]["file"], "crates/formwork-check/tests/reports.rs");
}

#[test]
fn the_excerpt_is_of_the_rust_line() {
    let directory = assembly("excerpt", &[]);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let out = directory.join("out");
    let human =
        String::from_utf8(support::run(&workspace, &["--out", out.to_str().unwrap()]).stdout);
    let human = human.unwrap();
    assert!(human.contains("t.add(\"Mail\", mail);"), "{human}");
    assert!(human.contains("added here") && human.contains("/Resources/Mail"), "{human}");
}

/// What GitHub asks of a log, beside the schema: "SARIF support for code scanning".
#[test]
fn sarif_is_what_github_takes() {
    let directory = assembly("sarif", &[("FW4106", "idle")]);
    support::write(
        &directory,
        &[("a b:é.yaml", b"Resources:\n  A: {Type: AWS::SNS::Topic, DependsOn: [B, B]}\n")],
    );
    let output = support::run(&directory, &["--format", "sarif", "out", "a b:é.yaml"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let known = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(known.len(), families::rules().count());
    for rule in known {
        for text in [
            &rule["shortDescription"]["text"],
            &rule["fullDescription"]["text"],
            &rule["help"]["text"],
        ] {
            assert!(
                text.as_str().is_some_and(|text| !text.is_empty() && text.len() <= 1_024),
                "{rule}"
            );
        }
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4, "{results:#?}");
    let mut prints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(known[index]["id"], result["ruleId"]);
        assert!(
            prints
                .insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap())
        );
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            ["a%20b%3A%C3%A9.yaml", "crates/formwork-check/tests/reports.rs"].contains(&uri),
            "{uri}"
        );
        assert!(location["region"]["startLine"].as_u64().unwrap() > 0);
    }
}

#[test]
fn regions_and_versions() {
    let directory = support::directory("regions");
    support::write(&directory, &[("a.yaml", b"Resources:\n  A: {Type: AWS::SNS::Topic}\n")]);
    let report = support::json(&directory, &["--region", "eu-west-1,us-east-2", "a.yaml"]);
    assert_eq!(report["regions"], serde_json::json!(["eu-west-1", "us-east-2"]));
    assert_eq!(support::run(&directory, &["--region", "Dublin", "a.yaml"]).status.code(), Some(2));
    assert_eq!(support::run(&directory, &["--nonsense"]).status.code(), Some(2));
    let version = String::from_utf8(support::run(&directory, &["--version"]).stdout).unwrap();
    assert!(version.starts_with("formwork-check ") && version.contains(": 20"), "{version}");
}

#[test]
fn the_matrix_is_written_when_asked_for() {
    let directory = support::directory("matrix");
    let text = b"Resources:\n  A: {Type: AWS::Amplify::App, Properties: {Name: a}}\n";
    support::write(&directory, &[("a.yaml", text)]);
    let words = ["--matrix", "--region", "us-east-1,eu-south-2", "a.yaml"];
    let report = support::json(&directory, &words);
    let row =
        serde_json::json!({"AWS::Amplify::App": {"us-east-1": "there", "eu-south-2": "missing"}});
    assert_eq!(report["matrix"], row);
    let human = String::from_utf8(support::run(&directory, &words).stdout).unwrap();
    assert!(human.contains("\nAWS::Amplify::App  yes   NO\n"), "{human}");
    assert!(support::json(&directory, &["a.yaml"])["matrix"].is_null());
}

#[cfg(not(feature = "guard"))]
#[test]
fn without_the_engine_rule_files_are_refused() {
    let output = support::run(&support::directory("no_engine"), &["--rules", "mine.guard"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: this program was built without the engine"), "{said}");
    assert_eq!((said.lines().count(), output.stdout.len()), (1, 0), "{said}");
}

#[test]
fn limits() {
    let directory = support::directory("limits");
    let topics = |count: usize| {
        let one = |at: usize| format!("  T{at}: {{Type: AWS::SNS::Topic}}\n");
        "Resources:\n".to_owned() + &(0..count).map(one).collect::<String>()
    };
    let policy = |kind: &str, property: &str, length: usize| {
        let document =
            format!("{{Statement: [{{Effect: Allow, Action: '{}'}}]}}", "a".repeat(length));
        format!("Resources:\n  P:\n    Type: {kind}\n    Properties: {{{property}: {document}}}\n")
    };
    let variables = |length: usize| {
        let value = "v".repeat(length);
        format!(
            "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {{Environment: {{Variables: {{NAME: '{value}'}}}}}}\n"
        )
    };
    let described = |length: usize| format!("Description: {}\n{}", "d".repeat(length), topics(1));
    let managed = |length| policy("AWS::IAM::ManagedPolicy", "PolicyDocument", length);
    let trust = |length| policy("AWS::IAM::Role", "AssumeRolePolicyDocument", length);
    let cases: &[(String, &[&str])] = &[
        (topics(399), &[]),
        (topics(400), &["FW4102 t.yaml:1"]),
        (topics(501), &["FW4101 t.yaml:1"]),
        (topics(1) + "# " + &"x".repeat(1_000_000), &["FW4101 t.yaml:0"]),
        (managed(4_000), &[]),
        (managed(5_500), &["FW4102 t.yaml:4"]),
        (managed(6_200), &["FW4106 t.yaml:4"]),
        (trust(1_000), &[]),
        (trust(3_000), &["FW4102 t.yaml:4"]),
        (trust(9_000), &["FW4106 t.yaml:4"]),
        (variables(3_000), &[]),
        (variables(4_090), &["FW4102 t.yaml:4"]),
        (variables(4_100), &["FW4107 t.yaml:4"]),
        (described(1_024), &[]),
        (described(1_025), &["FW4104 t.yaml:1"]),
    ];
    for (text, expected) in cases {
        support::write(&directory, &[("t.yaml", text.as_bytes())]);
        let mut found = support::found(&support::json(&directory, &["t.yaml"]));
        // The resources are no longer than their limits ask.
        found.retain(|one| one.starts_with("FW41"));
        assert_eq!(found, *expected, "{}", &text[..text.len().min(200)]);
    }
}
