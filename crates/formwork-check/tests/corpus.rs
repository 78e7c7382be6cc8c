//! Compares with what cfn-lint says of public templates: only where `FORMWORK_CORPUS` names a directory with them.
//!
//! Without the variable there is nothing to do. The directory holds templates, and a `cfn-lint-*.json` that maps each
//! file to cfn-lint's findings. What comes out is committed as `tests/compared/corpus.md`, a part of `docs/compared.md`;
//! `INSTA_UPDATE=always` writes it. With `FORMWORK_CORPUS_MISSED` the findings are printed that only cfn-lint has, with
//! `FORMWORK_CORPUS_ALL` every finding of ours in templates with errors.

#![allow(missing_docs, reason = "a test")]

#[path = "compared/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
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

/// An error of cfn-lint's.
struct Theirs {
    rule: String,
    line: u32,
    path: String,
}

/// A template, with the errors of both.
struct Compared {
    file: String,
    theirs: Vec<Theirs>,
    ours: Vec<Finding>,
}

/// What came of one rule of theirs.
#[derive(Default)]
struct Row {
    templates: usize,
    flagged: usize,
    found: usize,
    by: BTreeMap<&'static str, usize>,
}

#[test]
fn compared_with_cfn_lint() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS").map(PathBuf::from) else { return };
    let corpus = corpus.canonicalize().expect("the corpus is there");
    let (version, expected) = expected(&corpus);
    // So that templates that name others by their paths find them.
    std::env::set_current_dir(&corpus).expect("the corpus is a directory");
    let all: Vec<Compared> = expected
        .into_iter()
        .map(|(file, theirs)| Compared { ours: errors(Path::new(&file)), file, theirs })
        .collect();
    print_findings(&all);
    let page = [totals(&all, &version), their_rules(&all), our_rules(&all), defended()];
    let undefended: Vec<String> =
        all.iter().filter(|one| one.theirs.is_empty()).flat_map(undefended).collect();
    assert!(
        undefended.is_empty(),
        "errors in templates without errors:\n{}",
        undefended.join("\n")
    );
    table::current(&table::directory().join("corpus.md"), &page.concat());
}

fn print_findings(all: &[Compared]) {
    let is_asked = |name| std::env::var_os(name).is_some();
    let ideas = table::read("cfn-lint.txt");
    for one in all.iter().filter(|one| !one.theirs.is_empty()) {
        if is_asked("FORMWORK_CORPUS_ALL") {
            for finding in &one.ours {
                let here = std::slice::from_ref(finding);
                let is_alone = !one.theirs.iter().any(|theirs| is_found(theirs, here, &ideas));
                println!(
                    "ours{}: {}",
                    if is_alone { " alone" } else { "" },
                    show(&one.file, finding)
                );
            }
        }
        if is_asked("FORMWORK_CORPUS_MISSED") {
            let missed = one.theirs.iter().filter(|theirs| !is_found(theirs, &one.ours, &ideas));
            for Theirs { rule, line, path } in missed {
                let flagged = if one.ours.is_empty() { "missed" } else { "not here" };
                println!("{flagged}: {rule} {}:{line} {path}", one.file);
            }
        }
    }
}

fn totals(all: &[Compared], version: &str) -> String {
    let faulty = all.iter().filter(|one| !one.theirs.is_empty());
    let (faulty, flagged) = faulty.fold((0, 0), |(faulty, flagged), one| {
        (faulty + 1, flagged + usize::from(!one.ours.is_empty()))
    });
    let clean = all.len() - faulty;
    let wrong = all.iter().filter(|one| one.theirs.is_empty() && !one.ours.is_empty()).count();
    println!("without errors by cfn-lint: {clean}, with: {faulty}, of which flagged: {flagged}");
    format!(
        "## cfn-lint {version}\n\nOf {} public templates (cfn-lint's own test fixtures, and AWS's samples), cfn-lint finds errors in \
         {faulty}. The check finds errors in {flagged} of these, {} %, and in {wrong} of the {clean} others, each \
         defended below. Both look for `us-east-1`.\n\nA finding of cfn-lint's counts as *found* where an error of ours stands on \
         its line, on its path, or right above or below it, or says the same of the resource in other words; a template counts as *flagged* if it has any error of ours. Notes and \
         warnings do not count on either side.\n\n",
        all.len(),
        flagged * 100 / faulty.max(1),
    )
}

fn their_rules(all: &[Compared]) -> String {
    let known = table::read("cfn-lint.txt");
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for one in all {
        let rules: BTreeSet<&str> = one.theirs.iter().map(|theirs| theirs.rule.as_str()).collect();
        for rule in rules {
            let row = rows.entry(rule).or_default();
            row.templates += 1;
            row.flagged += usize::from(!one.ours.is_empty());
            let theirs = one.theirs.iter().filter(|theirs| theirs.rule == rule);
            row.found += usize::from(theirs.clone().all(|it| is_found(it, &one.ours, &known)));
            let here = |finding: &&Finding| {
                theirs
                    .clone()
                    .any(|theirs| is_found(theirs, std::slice::from_ref(*finding), &known))
            };
            let by: BTreeSet<&str> = one.ours.iter().filter(here).map(|it| it.rule.id).collect();
            for id in by {
                *row.by.entry(id).or_default() += 1;
            }
        }
    }
    let mut text = "### Its rules in these templates\n\n*Found* are the templates in which each of its findings of the rule is \
                    found.\n\n| rule | what | templates | flagged | found | as | what is not found, and why |\n\
                    |---|---|--:|--:|--:|---|---|\n"
        .to_owned();
    let mut faults = Vec::new();
    for (rule, row) in &rows {
        let line = known.get(*rule);
        let reason = table::cell(line, 2);
        if line.is_none() || (reason.is_empty() && row.found < row.templates) {
            faults.push(format!(
                "{rule}: no reason why {} of {} are not found",
                row.templates - row.found,
                row.templates
            ));
        }
        if !reason.is_empty() && row.found == row.templates {
            faults.push(format!("{rule}: a reason, but nothing is missed"));
        }
        let mut by: Vec<(&str, usize)> = row.by.iter().map(|(id, count)| (*id, *count)).collect();
        by.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let by: Vec<&str> = by.into_iter().take(3).map(|(id, _)| id).collect();
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            text,
            "| {rule} | {} | {} | {} | {} | {} | {reason} |",
            table::cell(line, 0),
            row.templates,
            row.flagged,
            row.found,
            by.join(", ")
        );
    }
    assert!(faults.is_empty(), "in cfn-lint.txt:\n{}", faults.join("\n"));
    text + "\n"
}

/// Our rules that stand where cfn-lint has nothing.
fn our_rules(all: &[Compared]) -> String {
    let known = table::read("cfn-lint.txt");
    let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in all {
        let has = |id: &str, is_alone: bool| {
            let mut ours = one.ours.iter().filter(|finding| finding.rule.id == id);
            ours.any(|ours| {
                let ours = std::slice::from_ref(ours);
                !is_alone || !one.theirs.iter().any(|theirs| is_found(theirs, ours, &known))
            })
        };
        let ids: BTreeSet<&str> = one.ours.iter().map(|finding| finding.rule.id).collect();
        for id in ids {
            let row = rows.entry(id).or_default();
            row.0 += 1;
            row.1 += usize::from(has(id, true));
        }
    }
    let reasons = table::read("ours.txt");
    let mut text = "### Errors of ours where it has none\n\n| rule | templates | where cfn-lint says nothing | why |\n\
                    |---|--:|--:|---|\n"
        .to_owned();
    let mut faults = Vec::new();
    for (id, (templates, alone)) in &rows {
        let reason = table::cell(reasons.get(*id), 0);
        if (*alone > 0) == reason.is_empty() {
            faults.push(format!("{id}: {alone} alone, and the reason: {reason}"));
        }
        if *alone > 0 {
            let _ = writeln!(text, "| {id} | {templates} | {alone} | {reason} |");
        }
    }
    assert!(faults.is_empty(), "in ours.txt:\n{}", faults.join("\n"));
    text + "\n"
}

fn defended() -> String {
    let mut text =
        "### Templates in which only we find errors\n\n| template | rule | why |\n|---|---|---|\n"
            .to_owned();
    for (file, rule, why) in DEFENDED {
        let _ = writeln!(text, "| `{file}` | {rule} | {why} |");
    }
    text + "\n"
}

fn undefended(one: &Compared) -> Vec<String> {
    let is_defended = |finding: &&Finding| {
        let mut known = DEFENDED.iter();
        known.any(|(file, id, _)| *file == one.file && *id == finding.rule.id)
    };
    one.ours.iter().filter(|it| !is_defended(it)).map(|it| show(&one.file, it)).collect()
}

/// Whether one of ours says what theirs does: they stand at one place, or it is known to be of the same idea and speaks of
/// the same resource. What is no template at all is read by neither.
fn is_found(theirs: &Theirs, ours: &[Finding], ideas: &BTreeMap<String, Vec<String>>) -> bool {
    let ids = table::cell(ideas.get(&theirs.rule), 1);
    let resource = |path: &str| path.split('/').take(3).collect::<Vec<_>>().join("/");
    // Of two resources that contradict each other, or of a circle of them, each check names its own.
    let is_idea = |finding: &Finding| {
        let is_here = resource(&finding.place.path) == resource(&theirs.path);
        ids.split(' ').any(|id| match id.strip_suffix('*') {
            Some(id) => id == finding.rule.id,
            None => id == finding.rule.id && is_here,
        })
    };
    ours.iter().any(|it| it.rule.id == "FW9002" || is_same(theirs, it) || is_idea(it))
}

/// Whether both stand at one place: on one line, or on paths of which one leads to the other.
fn is_same(theirs: &Theirs, ours: &Finding) -> bool {
    /// From here on a path leads to one value of one resource.
    const LEAST: usize = 4;
    let leads = |short: &str, long: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.starts_with('/')) && short.matches('/').count() >= LEAST
    };
    let (a, b) = (theirs.path.as_str(), ours.place.path.as_str());
    theirs.line == ours.place.line || (!a.is_empty() && a == b) || leads(a, b) || leads(b, a)
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

/// cfn-lint's version, and file to the errors that it found.
fn expected(corpus: &Path) -> (String, BTreeMap<String, Vec<Theirs>>) {
    let listing = std::fs::read_dir(corpus).expect("the corpus is a directory");
    let name =
        |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    let mut reports = listing.filter_map(name).filter_map(|name| {
        let version = name.strip_prefix("cfn-lint-")?.strip_suffix(".json")?.to_owned();
        Some((name, version))
    });
    let (name, version) = reports.next().expect("the corpus has cfn-lint's findings");
    let text = std::fs::read_to_string(corpus.join(name)).expect("cfn-lint's findings can be read");
    let all: BTreeMap<String, Value> = serde_json::from_str(&text).expect("they are JSON");
    let errors =
        |found: &Value| found.as_array().into_iter().flatten().filter_map(theirs).collect();
    (version, all.iter().map(|(file, found)| (file.clone(), errors(found))).collect())
}

fn theirs(finding: &Value) -> Option<Theirs> {
    let rule = finding[0].as_str().filter(|rule| rule.starts_with('E'))?.to_owned();
    let line = finding[1].as_u64().and_then(|line| u32::try_from(line).ok()).unwrap_or_default();
    let keys = finding[2].as_array().into_iter().flatten();
    let key = |key: &Value| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
    let path = keys.fold(String::new(), |path, one| {
        path + "/" + &key(one).replace('~', "~0").replace('/', "~1")
    });
    Some(Theirs { rule, line, path })
}
