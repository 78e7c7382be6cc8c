//! The Launch Stack links are those of the platform setup page, byte for byte. `data/links.txt` holds them as the page
//! has them: a name and a URL a line.

#![allow(missing_docs, reason = "a test")]

use formwork::launch::LaunchFormat;
use mlops_platform::launch::{BRANCHES, PAGE, REGIONS};

const LINKS: &str = include_str!("data/links.txt");

fn render(format: LaunchFormat) -> String {
    PAGE.render(format, &BRANCHES, &REGIONS)
}

fn links() -> Vec<(&'static str, &'static str)> {
    LINKS.lines().map(|line| line.split_once(": ").expect("a name and a URL")).collect()
}

#[test]
fn every_format_has_every_link() {
    assert_eq!(links().len(), 26, "two branches, 13 regions");
    let json: Vec<serde_json::Value> = serde_json::from_str(&render(LaunchFormat::Json)).unwrap();
    let urls: Vec<&str> = json.iter().map(|link| link["url"].as_str().unwrap()).collect();
    assert_eq!(urls, links().iter().map(|(_, url)| *url).collect::<Vec<_>>());
    let (rst, markdown, html) =
        (render(LaunchFormat::Rst), render(LaunchFormat::Markdown), render(LaunchFormat::Html));
    for (name, url) in links() {
        let target = format!(
            "\n.. |{name}| image:: images/cloudformation-launch-stack.png\n.. _{name}: {url}\n"
        );
        assert!(rst.contains(&target), "{target}");
        assert!(rst.contains(&format!("     - |{name}|_\n")), "{name}");
        assert!(markdown.contains(&format!("]({url}) |")), "{url}");
        assert!(html.contains(&format!("href=\"{}\"", url.replace('&', "&amp;"))), "{url}");
    }
}

#[test]
fn links_fill_in_parameters_that_the_entry_point_has() {
    let assembly = mlops_platform::assembly();
    let synthesized = assembly.synth(formwork::assembly::Settings::default()).unwrap();
    let entry = &synthesized.template("mlops_entry_point").unwrap().entry;
    assert_eq!(entry.file, PAGE.template);
    assert_eq!(entry.stack_name.as_deref(), Some(PAGE.stack_name));
    for branch in BRANCHES {
        for (name, _) in branch.parameters {
            let known = entry.parameters.iter().any(|parameter| parameter.name == *name);
            assert!(known, "the link of `{}` fills in `{name}`", branch.name);
        }
        for parameter in &entry.parameters {
            let given = branch.parameters.iter().any(|(name, _)| *name == parameter.name);
            assert!(given || parameter.default.is_some(), "`{}` must be typed", parameter.name);
        }
    }
}

#[test]
fn names_that_there_are_not() {
    let problems = PAGE
        .selected(&["mian".to_owned()], &["eu-wst-1".to_owned(), "eu-west-1".to_owned()])
        .unwrap_err()
        .to_string();
    assert!(
        problems.starts_with("there is no branch `mian`\n  did you mean `main`?\n"),
        "{problems}"
    );
    assert!(
        problems.contains("there is no region `eu-wst-1`\n  did you mean `eu-west-1`?"),
        "{problems}"
    );
}
