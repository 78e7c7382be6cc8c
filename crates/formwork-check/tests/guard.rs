//! Rule files: the baseline fires and does not, bad input is an answer, exceptions name one rule, AWS's own rules work
//! unchanged.

#![cfg(feature = "guard")]
#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use formwork::assembly::{Assembly, Settings};
use formwork::prelude::*;
use formwork_check::finding::Finding;
use formwork_check::guard;
use formwork_check::subject::Subject;
use serde_json::Value;

fn baseline() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guard")
}

fn found(template: &str, rules: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut subject = Subject::of_text("case.yaml", template.as_bytes(), &[], &mut findings);
    guard::check(&mut subject, &[rules.to_owned()], &mut findings);
    findings
}

/// Rules of rule files, each with the resource that breaks it.
fn named<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
) -> impl Iterator<Item = (&'f str, &'f str)> {
    findings.into_iter().filter_map(|it| {
        Some((it.named.as_deref()?, it.place.logical_id.as_deref().unwrap_or_default()))
    })
}

/// What the baseline finds in the cases, all in one run of the engine: the rule, the line of the case, and what it says.
#[test]
fn each_rule_of_the_baseline_fires_and_does_not() {
    let cases =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baseline.txt"))
            .unwrap();
    let directory = support::directory("baseline");
    let (mut rule, mut paths, mut expected) = ("", Vec::new(), Vec::new());
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (number, line) in cases.lines().enumerate() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        if rest.is_empty() && !kind.is_empty() {
            rule = kind;
        }
        if !["bad", "good", "unknown"].contains(&kind) {
            continue;
        }
        kinds.entry(rule).or_default().push(kind);
        let (id, resources) = rest.split_at(rest.find('{').unwrap());
        let path = directory.join(format!("line-{}.yaml", number + 1));
        std::fs::write(&path, format!("Resources: {resources}\n")).unwrap();
        paths.push(path);
        expected.push((rule, id.trim()));
    }
    // One run for all: each reads the rule files again.
    let mut findings = Vec::new();
    let mut subject = Subject::read(&paths, &[], &mut findings);
    guard::check(&mut subject, &[baseline()], &mut findings);
    let mut said = String::new();
    for (template, (rule, id)) in subject.templates.iter().zip(expected) {
        let of_it = findings.iter().filter(|it| it.place.file == template.file);
        let own = named(of_it).filter(|(name, _)| *name == rule).collect::<Vec<_>>();
        let is_right = match id {
            "" => own.is_empty(),
            id => !own.is_empty() && own.iter().all(|(_, of)| *of == id),
        };
        if !is_right {
            let _ = writeln!(said, "{}: {rule}: found {own:?}", template.name);
        }
    }
    for finding in &findings {
        if finding.named.is_none() || finding.message.contains("is not met") {
            let _ = writeln!(said, "{}", support::line(finding));
        }
    }
    assert!(said.is_empty(), "{said}");
    let mut files: Vec<_> = std::fs::read_dir(baseline()).unwrap().map(Result::unwrap).collect();
    files.sort_by_key(std::fs::DirEntry::path);
    let texts = files.iter().map(|file| std::fs::read_to_string(file.path()).unwrap());
    let rules: Vec<_> = texts.flat_map(|text| guard::outline::outline(&text)).collect();
    assert_eq!(rules.len(), kinds.len(), "cases of rules that are not there");
    for rule in rules {
        for kind in ["bad", "good", "unknown"] {
            let has = kinds.get(rule.name.as_str()).is_some_and(|kinds| kinds.contains(&kind));
            assert!(has, "`{}` has no `{kind}`", rule.name);
        }
        let is_sourced = rule.source.is_some_and(|source| source.starts_with("https://"));
        assert!(is_sourced && !rule.comment.is_empty(), "`{}` says nothing or not why", rule.name);
    }
}

#[test]
fn a_finding_says_where() {
    let template = "Resources:\n  Free:\n    Type: AWS::KMS::Key\n    Properties:\n      Enabled: true\n      EnableKeyRotation: false\n";
    let findings = found(template, &baseline());
    let rotate = findings.iter().find(|it| it.named.as_deref() == Some("keys_rotate")).unwrap();
    assert_eq!((rotate.place.line, rotate.place.column), (6, 7), "{rotate:?}");
    assert_eq!(rotate.place.path, "/Resources/Free/Properties/EnableKeyRotation");
    assert_eq!(rotate.place.logical_id.as_deref(), Some("Free"));
    assert_eq!(rotate.id(), "FW6001:keys_rotate");
}

/// A reviewed template of the platform, and a copy in which one line is another.
#[test]
fn a_broken_copy_of_the_platform_is_found_at_its_line() {
    let snapshot =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/mlops_entry_point.snap");
    let snapshot = std::fs::read_to_string(snapshot).unwrap();
    let template = snapshot.splitn(3, "---\n").nth(2).unwrap();
    assert_eq!(found(template, &baseline()), []);
    let rotates = "EnableKeyRotation: true";
    let line = 1 + template.lines().position(|line| line.trim() == rotates).unwrap();
    let findings = found(&template.replace(rotates, "EnableKeyRotation: false"), &baseline());
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(finding.named.as_deref(), Some("keys_rotate"));
    assert_eq!(finding.place.line as usize, line);
}

#[test]
fn resources_in_loops_are_looked_at() {
    let template = "Resources:\n  Fn::ForEach::Keys:\n  - Name\n  - [a, b]\n  - Key${Name}:\n      Type: AWS::KMS::Key\n      Properties: {EnableKeyRotation: false}\n";
    let findings = found(template, &baseline());
    let rotate = findings.iter().find(|it| it.named.as_deref() == Some("keys_rotate")).unwrap();
    assert_eq!(
        rotate.place.path,
        "/Resources/Fn::ForEach::Keys/2/Key${Name}/Properties/EnableKeyRotation"
    );
    assert_eq!(rotate.place.line, 7);
}

const TOPIC: &[u8] = b"Resources:\n  A: {Type: AWS::SNS::Topic}\n";

/// What is said of rule files, each with its line and column, all at once.
#[test]
fn bad_rule_files_are_named_with_their_line() {
    let directory = support::directory("rule_files");
    let nested = format!("rule a {{\n Resources {}\n}}\n", "[ Type exists ".repeat(200));
    let deep = format!(
        "rule a {{\n{} Resources exists\n{}}}\n",
        "when Resources exists {\n".repeat(40),
        "}\n".repeat(40)
    );
    let huge = "# long\n".repeat(200_000);
    support::write(
        &directory,
        &[
            ("t.yaml", TOPIC),
            (
                "rules/a.guard",
                b"rule a {\n  Resources exists\n}\n\nrule b {\n  Resources.* nonsense 7\n}\n",
            ),
            ("rules/b.guard", b"rule x {{ nonsense"),
            ("rules/c.guard", b"# fine\nrule a {\n  caf\xe9\n}\n"),
            ("rules/d.guard", nested.as_bytes()),
            ("rules/e.guard", deep.as_bytes()),
            ("rules/f.guard", huge.as_bytes()),
            ("rules/g.guard", b"rule a {\n  b\n}\nrule b {\n  a\n}\n"),
            ("rules/h.guard", b"rule f(p) {\n  f(%p)\n}\nrule a {\n  f(Resources)\n}\n"),
            ("rules/i.guard", b"let x = %y\nlet y = %x\nrule a {\n  %x exists\n}\n"),
            ("rules/j.guard", b"rule a {\n  let x = %x\n  %x exists\n}\n"),
            ("rules/k.guard", b"rule a {\n  missing\n}\n"),
            ("rules/l.guard", b"# nothing but a comment\n"),
            ("rules/m.guard", b"rule good {\n  Resources.* !exists <<none>>\n}\n"),
            ("empty/readme.txt", b"no rules"),
        ],
    );
    let words = ["t.yaml", "--rules", "rules", "--rules", "empty", "--rules", "nowhere.guard"];
    let start = Instant::now();
    let output = support::run(&directory, &words);
    assert!(start.elapsed() < Duration::from_secs(10), "it took {:?}", start.elapsed());
    assert_eq!(output.status.code(), Some(1));
    let report = support::json(&directory, &words);
    let found = support::found(&report);
    let expected = [
        "FW6001 t.yaml:2",
        "FW6002 rules/a.guard:6",
        "FW6002 rules/b.guard:1",
        "FW6002 rules/c.guard:3",
        "FW6002 rules/d.guard:2",
        "FW6002 rules/e.guard:41",
        "FW6002 rules/g.guard:1",
        "FW6002 rules/h.guard:1",
        "FW6002 rules/i.guard:1",
        "FW6002 rules/j.guard:2",
        "FW6002 rules/k.guard:2",
        "FW9001 empty:0",
        "FW9001 nowhere.guard:0",
        "FW9001 rules/f.guard:0",
    ];
    assert_eq!(found, expected, "{report:#}");
    let text = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!("rule_files", text);
}

/// A rule that goes wrong is said, and takes no other with it.
#[test]
fn rules_that_cannot_be_run_are_said() {
    let directory = support::directory("stuck_rules");
    support::write(
        &directory,
        &[
            ("t.yaml", TOPIC),
            ("rules/a.guard", b"rule variable {\n  %nope exists\n}\n"),
            ("rules/b.guard", b"let x = parse_int(Resources.*.Type)\n\nrule text {\n  %x exists\n}\nrule condition when %x exists {\n  Resources exists\n}\n"),
            ("rules/d.guard", b"rule breaks {\n  Resources[ keys == 'A' ][ Type == 'x' ] !empty\n}\n"),
            ("rules/c.guard", b"rule good {\n  Resources.*.Type != 'AWS::SNS::Topic' <<no topics>>\n}\n"),
        ],
    );
    let words = ["t.yaml", "--rules", "rules"];
    let report = support::json(&directory, &words);
    let expected = [
        "FW6001 t.yaml:2",
        "FW6003 rules/a.guard:1",
        "FW6003 rules/b.guard:3",
        "FW6003 rules/b.guard:6",
        "FW6003 rules/d.guard:1",
    ];
    assert_eq!(support::found(&report), expected, "{report:#}");
    let output = support::run(&directory, &words);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!("stuck_rules", text);
}

#[test]
fn deep_templates_do_not_end_the_program() {
    let deep = |depth: usize| {
        format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::SNS::Topic\", \"Properties\": {}1{}}}}}}}",
            "{\"a\":".repeat(depth),
            "}".repeat(depth)
        )
    };
    let of = |depth| found(&deep(depth), &baseline());
    assert!(named(&of(10_000)).next().is_none(), "our reader refuses it");
    assert!(named(&of(180)).next().is_some());
}

/// An assembly with a key that breaks two rules, and these exceptions.
fn assembly(name: &str, except: &'static [(&'static str, &'static str)]) -> PathBuf {
    thread_local!(static EXCEPT: std::cell::Cell<&'static [(&'static str, &'static str)]> = const { std::cell::Cell::new(&[]) });
    EXCEPT.set(except);
    let stack = Stack::<(), ()>::new("excepted", "Excepted", |t, ()| {
        let key = Raw::new("AWS::KMS::Key").set("KeyPolicy", "p").retain();
        let key = EXCEPT.get().iter().fold(key, |key, (rule, why)| key.except(rule, why));
        t.add("Key", key);
    });
    let directory = support::directory(name);
    let done = Assembly::new().with_named(stack.template(), "excepted").synth(Settings::default());
    done.unwrap().write(&directory.join("out")).unwrap();
    directory
}

fn ids(findings: &Value) -> Vec<String> {
    let findings = findings.as_array().unwrap().iter();
    let ours = findings.filter(|it| ["FW6", "FW9"].contains(&&it["rule"].as_str().unwrap()[..3]));
    ours.map(|it| {
        [it["rule"].as_str(), it["rule_name"].as_str()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(":")
    })
    .collect()
}

#[test]
fn an_exception_names_one_rule() {
    const EXCEPT: &[(&str, &str)] = &[
        ("FW6001:keys_rotate", "it signs"),
        ("FW6001:topics_refuse_plain_http", "idle"),
        ("FW6001:no_such_rule", "of another file"),
        ("FW6001", "all of them"),
        ("FW6002", "of the files"),
        ("FW2001:keys_rotate", "not of a file"),
    ];
    let directory = assembly("one_rule", EXCEPT);
    let baseline = baseline();
    let report = support::json(&directory, &["--rules", baseline.to_str().unwrap()]);
    let found =
        ["FW6001:what_costs_money_has_tags", "FW9010", "FW9011", "FW9011", "FW9011", "FW9012"];
    let mut ids_found = ids(&report["findings"]);
    ids_found.sort();
    assert_eq!(ids_found, found, "{report:#}");
    assert_eq!(ids(&report["excepted"]), ["FW6001:keys_rotate"]);
    assert_eq!(report["excepted"][0]["reason"], "it signs");
    assert_eq!(report["excepted"][0]["rust"]["file"], "crates/formwork-check/tests/guard.rs");
    let human = support::run(&directory, &["--rules", baseline.to_str().unwrap()]).stdout;
    let human = String::from_utf8(human).unwrap();
    assert!(human.contains("excepted[FW6001:keys_rotate]: a key rotates"), "{human}");
    assert!(human.contains("error[FW6001:what_costs_money_has_tags]: "), "{human}");
}

#[test]
fn without_rule_files_nothing_is_said_of_their_exceptions() {
    let directory =
        assembly("no_rules", &[("FW6001:keys_rotate", "it signs"), ("FW6001:typo", "?")]);
    assert_eq!(ids(&support::json(&directory, &[])["findings"]), Vec::<String>::new());
}

#[test]
fn in_sarif_each_rule_is_one_of_its_own() {
    let directory = assembly("guard_sarif", &[("FW6001:keys_rotate", "it signs")]);
    let baseline = baseline();
    let words = ["--format", "sarif", "--rules", baseline.to_str().unwrap()];
    let log: Value = serde_json::from_slice(&support::run(&directory, &words).stdout).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut seen = Vec::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        seen.extend(result["ruleId"].as_str().filter(|id| id.starts_with("FW6")));
    }
    assert_eq!(seen, ["FW6001:what_costs_money_has_tags", "FW6001:keys_rotate"]);
}

/// AWS's rules for Control Tower, which `tests/requirements-rules.txt` names. `cargo xtask test` installs them and says where;
/// then they must be there. A plain `cargo test` goes without.
fn control_tower() -> Option<PathBuf> {
    let python = std::env::var_os("FORMWORK_RULES")?;
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("control-tower");
    let unpack = "import importlib.util, pathlib, sys, tarfile
at = pathlib.Path(importlib.util.find_spec('cdklabs').submodule_search_locations[0])
[package] = at.glob('cdk_validator_cfnguard/_jsii/*.tgz')
with tarfile.open(package) as archive:
    rules = [it for it in archive if it.name.startswith('package/rules/control-tower/') and it.name.endswith('.guard')]
    archive.extractall(sys.argv[1], rules, filter='data')
";
    let _ = std::fs::remove_dir_all(&home);
    let mut command = std::process::Command::new(python);
    let done = command.args(["-c", unpack]).arg(&home).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(home.join("package/rules/control-tower"))
}

#[test]
fn rules_that_aws_publishes_work_unchanged() {
    let Some(rules) = control_tower() else { return };
    let mut findings = Vec::new();
    let files = guard::read(std::slice::from_ref(&rules), &mut findings);
    assert_eq!((files.len(), findings.len()), (237, 0));
    let open = "Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: data
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeySpec: SYMMETRIC_DEFAULT
";
    let findings = found(open, &rules);
    let said: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
    for expected in ["[CT.S3.PR.1]", "[CT.S3.PR.2]", "[CT.KMS.PR.1]"] {
        assert!(said.iter().any(|it| it.contains(expected)), "{expected}: {said:#?}");
    }
    assert!(findings.iter().all(|it| it.named.is_some()), "{findings:#?}");
    assert!(findings.iter().all(|it| it.place.line > 1 && it.fix.is_some()), "{findings:#?}");
}
