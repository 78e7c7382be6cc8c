//! What a person sees who types `cargo xtask …`: exit codes, messages, files. Cases are data with one runner.

#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of this test's own, empty.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a directory below target");
    path
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask starts")
}

/// The words, the exit code, what stderr begins with.
const REFUSED: &[(&[&str], i32, &str)] = &[
    (&[], 2, "Commands of the Formwork workspace"),
    (&["sinth"], 2, "error: unrecognized subcommand 'sinth'"),
    (&["synth", "--format", "toml"], 2, "error: invalid value 'toml' for '--format <FORMAT>'"),
    (
        &["synth", "stackset-admin-rol"],
        1,
        "error: there is no stack `stackset-admin-rol`\n  did you mean `stackset-admin-role`?\n",
    ),
    (&["check", "--format", "xml"], 2, "error: invalid value 'xml' for '--format <FORMAT>'"),
    (&["check", "--region", "Milan"], 2, "error: invalid value 'Milan' for '--region <REGION>'"),
    (
        &["check", "--out", "out", "a.yaml"],
        2,
        "error: the argument '--out <DIR>' cannot be used with",
    ),
    (&["bucket-template"], 2, "error: the following required arguments were not provided"),
    (
        &["bucket-template", "--branch", "mian"],
        1,
        "error: there is no branch `mian`\n  did you mean `main`?\n  allowed: main, develop\n",
    ),
    (&["graph", "--format", "png"], 2, "error: invalid value 'png' for '--format <FORMAT>'"),
    (
        &["graph", "deploy-infr"],
        1,
        "error: there is no stack `deploy-infr`\n  did you mean `deploy-infra`?\n",
    ),
    (&["launch-links"], 2, "error: the following required arguments were not provided"),
    (
        &["launch-links", "--format", "json", "--region", "eu-wst-1", "--branch", "mian"],
        1,
        "error: there is no branch `mian`\n  did you mean `main`?\n  allowed: main, develop\n\
         error: there is no region `eu-wst-1`\n  did you mean `eu-west-1`?\n",
    ),
    (
        &["launch-links", "--format", "rst", "--check", "page.rst"],
        2,
        "error: the argument '--format <FORMAT>' cannot be used with '--check <FILE>'",
    ),
    (&["launch-links", "--check", "no/such/page"], 1, "error: no/such/page cannot be read: "),
    (
        &["launch-links", "--check", "page.rst", "--branch", "mian"],
        1,
        "error: there is no branch `mian`\n  did you mean `main`?\n  allowed: main, develop\n",
    ),
    (
        &["publish"],
        2,
        "error: the following required arguments were not provided:\n  --branch <BRANCH>",
    ),
    (
        &["publish", "--branch", "develp", "--to", "target/nowhere"],
        1,
        "error: there is no branch `develp`\n  did you mean `develop`?\n  allowed: main, develop\n",
    ),
    (
        &["publish", "--branch", "main", "--to", "target/nowhere", "--bucket", "x"],
        2,
        "error: the argument '--to <DIR>' cannot be used with '--bucket <NAME>'",
    ),
    (&["verify"], 2, "error: the following required arguments were not provided"),
    (
        &["verify", "--to", "target/nowhere"],
        1,
        "error: there is no directory `target/nowhere`: publish into it",
    ),
    (
        &["rollback", "--directory", "target/nowhere", "--to", "abc"],
        1,
        "error: there is no directory",
    ),
    (
        &["prune", "--directory", "target/nowhere"],
        2,
        "error: the following required arguments were not provided",
    ),
    (&["test", "everything"], 1, "error: there is no step `everything`\n  there are: "),
];

#[test]
fn wrong_words_are_refused() {
    for (arguments, code, message) in REFUSED {
        let output = xtask(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}\n{stderr}");
        assert!(stderr.starts_with(message), "{arguments:?}\n{stderr}");
        assert!(output.stdout.is_empty(), "{arguments:?} printed something to stdout");
    }
}

#[test]
fn synth_writes_and_says_what() {
    let out = directory("synth");
    let out_text = out.to_str().expect("UTF-8");
    let first = xtask(&["synth", "--out", out_text]);
    assert_eq!(first.status.code(), Some(0));
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(said.contains("  wrote   mlops_entry_point.yaml\n"), "{said}");
    assert!(out.join("mlops_entry_point.yaml").is_file() && out.join("manifest.json").is_file());
    let again = xtask(&["synth", "--out", out_text]);
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.ends_with("unchanged\n") && !said.contains("wrote"), "{said}");
    let json = xtask(&["synth", "--out", out_text, "--format", "json", "stackset-admin-role"]);
    assert_eq!(json.status.code(), Some(0));
    assert!(!out.join("mlops_entry_point.yaml").exists(), "a stale root template is removed");
}

#[test]
fn an_out_that_is_a_file_stays_one() {
    let out = directory("blocked").join("out");
    fs::write(&out, "mine").expect("a file");
    let output = xtask(&["synth", "--out", out.to_str().expect("UTF-8")]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.starts_with("error: `") && stderr.contains("` is a file, but"), "{stderr}");
    assert_eq!(fs::read(&out).expect("the file"), b"mine");
}

#[test]
fn pictures_go_to_stdout_or_to_a_file() {
    let cases: &[(&[&str], &str)] = &[
        (&["graph"], "<svg "),
        (&["graph", "--format", "mermaid"], "---\ntitle: "),
        (&["graph", "--format", "dot", "deploy-infra", "sc-project"], "digraph {\n"),
    ];
    for (arguments, begins) in cases {
        let printed = xtask(arguments);
        let text = String::from_utf8_lossy(&printed.stdout).into_owned();
        assert_eq!(printed.status.code(), Some(0), "{arguments:?}");
        assert!(text.starts_with(begins) && printed.stderr.is_empty(), "{arguments:?}\n{text}");
        let file = directory("graph").join("picture");
        let out = ["--out", file.to_str().expect("UTF-8")];
        let written = xtask(&[arguments, &out[..]].concat());
        assert_eq!(written.status.code(), Some(0), "{arguments:?}");
        assert!(written.stdout.is_empty(), "{arguments:?}");
        assert_eq!(fs::read_to_string(&file).expect("the file"), text, "{arguments:?}");
    }
    let nowhere = directory("graph").join("no/such/place");
    let refused = xtask(&["graph", "--out", nowhere.to_str().expect("UTF-8")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("no/such/place cannot be written: "), "{said}");
}

#[test]
fn the_template_of_a_bucket_goes_to_stdout_or_to_a_file() {
    let cases: &[(&[&str], &str)] = &[
        (&["--branch", "main"], "    Default: aws-enterprise-mlops-platform\n"),
        (&["--branch", "develop"], "    Default: aws-enterprise-mlops-platform-develop\n"),
        (
            &["--branch", "develop", "--format", "json"],
            "      \"Default\": \"aws-enterprise-mlops-platform-develop\"",
        ),
    ];
    for (arguments, holds) in cases {
        let arguments = [&["bucket-template"], *arguments].concat();
        let printed = xtask(&arguments);
        let text = String::from_utf8_lossy(&printed.stdout).into_owned();
        assert_eq!(printed.status.code(), Some(0), "{arguments:?}");
        assert!(text.contains(holds) && printed.stderr.is_empty(), "{arguments:?}\n{text}");
        let file = directory("bucket").join("template");
        let out = ["--out", file.to_str().expect("UTF-8")];
        let written = xtask(&[&arguments, &out[..]].concat());
        assert_eq!(written.status.code(), Some(0), "{arguments:?}");
        assert!(written.stdout.is_empty(), "{arguments:?}");
        assert_eq!(fs::read_to_string(&file).expect("the file"), text, "{arguments:?}");
    }
    let nowhere = directory("bucket").join("no/such/place");
    let out = nowhere.to_str().expect("UTF-8");
    let refused = xtask(&["bucket-template", "--branch", "main", "--out", out]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("no/such/place cannot be written: "), "{said}");
}

#[test]
fn links_go_to_stdout_alone() {
    for format in ["rst", "markdown", "html", "json"] {
        let output = xtask(&["launch-links", "--format", format, "--branch", "develop"]);
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(output.stderr.is_empty(), "{format}");
        let text = String::from_utf8_lossy(&output.stdout);
        let encoded =
            "aws-enterprise-mlops-platform-develop.s3.amazonaws.com%2Fmlops_entry_point.yaml";
        assert_eq!(text.matches(encoded).count(), 13, "{format}");
    }
}

/// The words behind `launch-links`, the exit code, what stdout and what stderr is. `{dir}` is where the documents are.
const CHECKED: &[(&str, i32, &str, &str)] = &[
    ("--check {dir}/page.rst", 0, "{dir}/page.rst: 26 links, all current\n", ""),
    ("--check {dir}/main.html --branch main", 0, "{dir}/main.html: 13 links, all current\n", ""),
    (
        "--check {dir}/main.html --branch main --region eu-west-1",
        0,
        "{dir}/main.html: 1 link, current\n",
        "",
    ),
    (
        "--check {dir}/main.html --check {dir}/page.rst --check {dir}/none.md --check {dir}/bytes",
        1,
        "{dir}/page.rst: 26 links, all current\n",
        "error: {dir}/main.html: no link of `develop`: all 13 are missing\n  \
         `cargo xtask launch-links --format html` prints the current ones\n\
         error: {dir}/none.md has no launch link\n  \
         `cargo xtask launch-links --format markdown` prints the current ones\n\
         error: {dir}/bytes:2: this is not UTF-8\n  \
         give a text, such as reStructuredText or HTML\n",
    ),
    (
        "--check {dir}/stale.md --branch main",
        1,
        "",
        "error: {dir}/stale.md:5: the link of `main` for us-east-1 is stale\n  \
         `param_CostCenter`: given `54321`, expected `12345`\n\
         error: {dir}/stale.md: no link of `main` for eu-north-1\n  \
         `cargo xtask launch-links --format markdown` prints the current ones\n",
    ),
];

#[test]
fn links_in_documents_are_checked() {
    let directory = directory("links");
    let print = |arguments: &[&str]| {
        let output = xtask(&[&["launch-links"], arguments].concat());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let stale = print(&["--format", "markdown"])
        .replacen("CostCenter=12345", "CostCenter=54321", 1)
        .replacen("region=eu-north-1", "elsewhere", 1)
        .replacen("https://eu-north-1.console", "https://console", 1)
        .replacen("elsewhere#", "#/gone", 1);
    let documents = [
        ("page.rst", print(&["--format", "rst"]).into_bytes()),
        ("main.html", print(&["--format", "html", "--branch", "main"]).into_bytes()),
        ("none.md", b"# Nothing\n".to_vec()),
        ("bytes", b"one\n\xff\n".to_vec()),
        ("stale.md", stale.into_bytes()),
    ];
    for (name, bytes) in documents {
        fs::write(directory.join(name), bytes).expect("a document");
    }
    let directory = directory.to_str().expect("UTF-8");
    for (words, code, stdout, stderr) in CHECKED {
        let here = |text: &str| text.replace("{dir}", directory);
        let words: Vec<String> = words.split(' ').map(here).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = xtask(&[&["launch-links"], &words[..]].concat());
        assert_eq!(String::from_utf8_lossy(&output.stderr), here(stderr), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), here(stdout), "{words:?}");
        assert_eq!(output.status.code(), Some(*code), "{words:?}");
    }
}

#[test]
fn commands_go_to_stdout_alone() {
    let output = xtask(&["launch-links", "--format", "shell", "--region", "eu-central-1"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(
        text.starts_with("# main in eu-central-1, EU (Frankfurt)\naws cloudformation "),
        "{text}"
    );
    assert_eq!(text.matches("\naws cloudformation create-stack ").count(), 2, "{text}");
}

#[test]
fn a_release_goes_into_a_directory_and_is_read_back() {
    let home = directory("release");
    let (out, site) = (home.join("out"), home.join("site"));
    let [out, site] = [&out, &site].map(|path| path.to_str().expect("UTF-8"));
    assert!(xtask(&["synth", "--out", out]).status.success());
    let publish = ["publish", "--branch", "develop", "--out", out, "--to", site];
    let first = xtask(&publish);
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert_eq!(first.status.code(), Some(0), "{said}");
    assert!(said.contains("is current, the first here"), "{said}");
    let link = String::from_utf8_lossy(&first.stdout).into_owned();
    assert!(link.contains("param_BucketName=aws-enterprise-mlops-platform-develop"), "{link}");
    let verified = xtask(&["verify", "--to", site, "--out", out]);
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert_eq!(verified.status.code(), Some(0), "{said}");
    // The entry point and the five stacks that it nests, by their URLs.
    assert!(said.contains("6 URLs asked for by the links and templates of 13 regions"), "{said}");
    let again = xtask(&[&publish[..], &["--dry-run"]].concat());
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.stdout.is_empty() && said.contains("would send 0 objects"), "{said}");
    let listed = xtask(&["releases", "--directory", site]);
    assert!(
        String::from_utf8_lossy(&listed.stdout)
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("* "))
    );
}

#[test]
fn check_finds_nothing_wrong_with_the_platform_and_something_with_a_broken_template() {
    let done = xtask(&["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON alone");
    assert_eq!(report["summary"]["errors"], 0, "{report:#}");
    assert_eq!(report["regions"].as_array().map(Vec::len), Some(13));
    assert!(done.status.success());

    let file = directory("check").join("broken.yaml");
    fs::write(&file, "Resources:\n  Topic: {Type: AWS::SNS::Topic, DependsOn: Nobody}\n").unwrap();
    let refused = xtask(&["check", &file.to_string_lossy()]);
    let said = String::from_utf8_lossy(&refused.stdout);
    assert!(said.starts_with("error[FW2001]: `DependsOn` names `Nobody`"), "{said}");
    assert_eq!(refused.status.code(), Some(1));
}
