//! `docs/personas.md` names what people see. Whatever it has in backticks is in a template, in what a template runs, or among
//! the files that people get; what only looks like a name is listed here.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeSet;
use std::path::Path;

use formwork::assembly::Settings;
use formwork::render::Format;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/personas.md");

/// Names that stand inside a longer text of a template: a policy, a function, a description.
const INSIDE: &[&str] = &[
    "/mlops/platform/force-delete",
    "<project>-models",
    "<project>-pipeline",
    "<project>-project-repo",
    "deploy-infra-stack",
    "model_config.yaml",
    "mlops-studio-storage",
    "sc-project-stack",
    "sm-tag-lambda-stack",
    "stackset-admin-role",
    "stackset-execution-role",
    "~/seedcode",
];

/// No names: values, addresses, parts of names, and words of git and S3.
const WORDS: &[&str] = &[
    "-",
    ".",
    "..",
    "<",
    "<account_id>",
    "<project>",
    "<region>",
    "<user>",
    "@",
    "+",
    "_",
    "_.:/=+@-",
    "10.0.0.0/8",
    "<user>@example.com",
    "Fakename@example.com",
    "a-b@example.com",
    "a.b@example.com",
    "aws:",
    "batch/staging/in/",
    "dev",
    "fake.name+x@example.com",
    "fake-name-x-<project>",
    "mlops-platform",
    "monitor/prod/reports/",
    "platform.md",
    "~/<project>",
    "…-inference",
    "…-training",
    "…-transform",
];

/// A name as the page writes it.
fn written(text: &str) -> String {
    [
        ("${AWS::Region}", "<region>"),
        ("${AWS::AccountId}", "<account_id>"),
        ("${SageMakerProjectName}", "<project>"),
        ("${ProjectName}", "<project>"),
        ("${User}", "<user>"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (ours, theirs)| text.replace(ours, theirs))
}

/// What the page has in backticks, with its example put back into the form of all projects and users.
fn on_the_page() -> BTreeSet<String> {
    let mut parts = PAGE.split('`');
    parts.next();
    let mut found = BTreeSet::new();
    while let (Some(name), Some(_)) = (parts.next(), parts.next()) {
        assert!(!name.contains('\n'), "`{name}` goes over the end of a line");
        let general = name.replace("mlops-demo-project", "<project>").replace("fakename", "<user>");
        found.insert(general);
    }
    found
}

/// The templates of the platform, by their names.
fn templates() -> Vec<(String, Value)> {
    let json = Settings { format: Format::Json, ..Settings::default() };
    let synthesized = mlops_platform::assembly().synth(json);
    let synthesized = synthesized.unwrap_or_else(|problems| panic!("{problems}"));
    synthesized
        .templates
        .into_iter()
        .map(|it| (it.entry.name.clone(), serde_json::from_str(&it.text).unwrap()))
        .collect()
}

/// Every key and every text of the templates, and the names of the files that the platform brings along.
fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, template) in templates() {
        collect(&template, &mut names);
    }
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), &mut names);
    names.insert(mlops_platform::launch::STACK_NAME.to_owned());
    names
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            names.extend(["staging", "prod"].map(|stage| written(text).replace("${Stage}", stage)));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Object(map) => {
            for (key, value) in map {
                names.insert(key.clone());
                collect(value, names);
            }
        }
        _ => {}
    }
}

fn files(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        names.insert(path.file_name().unwrap().to_string_lossy().into_owned());
        if path.is_dir() {
            files(&path, names);
        }
    }
}

#[test]
fn names_on_the_page_are_the_platforms() {
    let (page, names) = (on_the_page(), names());
    let listed = |list: &[&str], name: &str| list.contains(&name);
    let mut faults = Vec::new();
    for name in &page {
        let inside = names.iter().any(|text| text.contains(name.as_str()));
        match name.as_str() {
            it if listed(INSIDE, it) && !inside => faults.push(format!("`{it}` is in no text")),
            it if listed(INSIDE, it) || listed(WORDS, it) => {}
            it if !names.contains(it) => faults.push(format!("`{it}` is in no template")),
            _ => {}
        }
    }
    for name in [INSIDE, WORDS].concat() {
        if !page.contains(name) {
            faults.push(format!("`{name}` is listed here, but not on the page"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(page.len() > 80, "only {} names were looked at", page.len());
}

/// What the page's example is called, the project's product and all that its pipelines deploy take: one pattern for all.
#[test]
fn every_template_takes_the_same_projects() {
    let mut seen = BTreeSet::new();
    for (name, template) in templates() {
        for parameter in ["SageMakerProjectName", "ProjectName"] {
            let pattern = &template["Parameters"][parameter]["AllowedPattern"];
            let expected = "^(?!mlops-platform$)[a-z0-9](-?[a-z0-9])*$";
            if !template["Parameters"][parameter].is_null() {
                assert_eq!(pattern, expected, "{name}: {parameter}; mlops-demo-project is a name");
                seen.insert(name.clone());
            }
        }
    }
    assert!(seen.contains("smproject") && seen.contains("smuser"), "{seen:?}");
}

/// The table of contents has each heading, in order, and nothing else.
#[test]
fn the_table_of_contents_is_complete() {
    let headings = PAGE.lines().filter_map(|line| {
        let (marks, title) = line.split_once(' ')?;
        let indent = match marks {
            "##" => "",
            "###" => "  ",
            _ => return None,
        };
        let anchor = title.to_lowercase().replace(' ', "-").replace(',', "");
        Some(format!("{indent}- [{title}](#{anchor})"))
    });
    let contents = PAGE.lines().filter(|line| line.trim_start().starts_with("- ["));
    assert_eq!(contents.collect::<Vec<_>>(), headings.collect::<Vec<_>>());
}

/// Whoever comes to a heading by a link on the page finds it there.
#[test]
fn links_on_the_page_lead_somewhere() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for target in PAGE.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0) {
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let text = match file {
            "" => PAGE.to_owned(),
            file => std::fs::read_to_string(docs.join(file)).unwrap(),
        };
        let anchor = |line: &str| {
            let (marks, title) = line.split_once(' ')?;
            let heading = !marks.is_empty() && marks.chars().all(|it| it == '#');
            heading.then(|| title.to_lowercase().replace(' ', "-").replace(',', ""))
        };
        let there = text.lines().filter_map(anchor).any(|it| it == heading);
        assert!(heading.is_empty() || there, "{target} leads nowhere");
    }
}
