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
