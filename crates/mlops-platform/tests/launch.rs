//! The Launch Stack links are those of the platform setup page, byte for byte. `data/links.txt` holds them as the page
//! has them: a name and a URL a line.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeSet;

use formwork::launch::LaunchFormat;
use mlops_platform::launch::{BRANCHES, BUCKET, PAGE, REGIONS};

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
    let shell = render(LaunchFormat::Shell);
    for link in &json {
        let text = |key: &str| link[key].as_str().unwrap();
        assert!(text("command").contains(&format!("--template-url {} ", text("template_url"))));
        assert!(shell.contains(&format!("\n{}\n", text("command"))), "{link}");
    }
    assert_eq!(shell.matches("aws cloudformation create-stack").count(), 26);
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
    assert_eq!(entry.capabilities, PAGE.capabilities, "what a launch must acknowledge");
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
fn branches_have_buckets_and_links_of_their_own() {
    let distinct = |text: fn(&formwork::launch::LaunchBranch) -> &'static str| {
        BRANCHES.iter().map(text).collect::<BTreeSet<_>>().len()
    };
    assert_eq!(distinct(|branch| branch.name), BRANCHES.len());
    assert_eq!(distinct(|branch| branch.suffix), BRANCHES.len());
    for branch in BRANCHES {
        let bucket = match branch.name {
            "main" => BUCKET.to_owned(),
            name => format!("{BUCKET}-{name}"),
        };
        assert_eq!(branch.bucket, bucket);
        assert_eq!(branch.parameters[0], ("BucketName", branch.bucket));
        assert_eq!(
            PAGE.template_url(&branch),
            format!("https://{bucket}.s3.amazonaws.com/mlops_entry_point.yaml")
        );
    }
}

/// One region of each branch, in every format that a person reads.
#[test]
fn formats_as_they_were_reviewed() {
    let frankfurt = REGIONS.iter().find(|region| region.code == "eu-central-1").copied().unwrap();
    let mut insta = insta::Settings::clone_current();
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| {
        for (name, format) in [
            ("links.rst", LaunchFormat::Rst),
            ("links.markdown", LaunchFormat::Markdown),
            ("links.html", LaunchFormat::Html),
            ("links.shell", LaunchFormat::Shell),
        ] {
            insta::assert_snapshot!(name, PAGE.render(format, &BRANCHES, &[frankfurt]));
        }
    });
}

#[test]
fn the_page_is_small_and_stands_alone() {
    let html = render(LaunchFormat::Html);
    assert!(html.len() < 25_000, "{} bytes", html.len());
    for other in ["<script", " src=", "url(", "@import", " style=", " on"] {
        let attribute = html.split('<').any(|tag| tag.split('>').next().unwrap().contains(other));
        let found = if other.starts_with(' ') { attribute } else { html.contains(other) };
        assert!(!found, "`{other}` in the page");
    }
}

/// The platform setup page, as far as links go.
fn setup_page() -> String {
    let target = |(name, url): (&str, &str)| {
        format!(".. |{name}| image:: images/cloudformation-launch-stack.png\n.. _{name}: {url}\n\n")
    };
    format!(
        "Platform setup\n==============\n\n{}",
        links().into_iter().map(target).collect::<String>()
    )
}

/// What the setup page has, what a document has in its place everywhere, and what is said: all of it, or how it begins.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("&", "&amp;", "26 links"),
    ("/", "\\/", "26 links"),
    (
        "platform-develop",
        "platform-devel",
        "setup.rst:44: the link of `develop` for us-east-1 is stale\n  \
         `templateUrl`: given `https://aws-enterprise-mlops-platform-devel.s3.amazonaws.com/mlops_entry_point.yaml`, \
         expected `https://aws-enterprise-mlops-platform-develop.s3.amazonaws.com/mlops_entry_point.yaml`\n  \
         `param_BucketName`: given `aws-enterprise-mlops-platform-devel`, expected `aws-enterprise-mlops-platform-develop`\n\
         setup.rst:47: ",
    ),
    (
        "&param_BranchName=main",
        "",
        "setup.rst:44: the link of `develop` for us-east-1 is stale\n  `param_BranchName`: missing, expected `main`\n",
    ),
    (".. _eusouth1: https:", ".. _eusouth1: ", "setup.rst: no link of `main` for eu-south-1"),
    (
        "platform-develop",
        "platform",
        "setup.rst:44: the link of `main` for us-east-1 is stale\n  \
         `param_BranchName`: given `main`, and no such parameter is expected\n  \
         line 5 links the same with another target\n",
    ),
    (
        "console.aws.amazon.com",
        "console",
        "setup.rst:5: the link of `main` for us-east-1 is stale\n  `host`: given ",
    ),
    ("#/stacks", "", "setup.rst has no launch link"),
];

#[test]
fn documents_are_checked() {
    let check = |text: &str| match PAGE.check("setup.rst", text, &BRANCHES, &REGIONS) {
        Ok(count) => format!("{count} links"),
        Err(problems) => problems.to_string(),
    };
    assert_eq!(check(&setup_page()), "26 links");
    for (old, new, expected) in DOCUMENTS {
        let said = check(&setup_page().replace(old, new));
        assert!(said.starts_with(expected), "{old} -> {new}: {said}");
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
