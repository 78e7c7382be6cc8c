//! What several tests need: a directory of their own, and the program run in it.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use formwork_check::families;
use formwork_check::finding::Finding;
use formwork_check::report::Report;
use formwork_check::subject::Subject;
use serde_json::Value;

/// What is found in a text, in the order of a report.
pub fn check(text: &str, regions: &[String]) -> (Subject, Vec<Finding>) {
    let mut findings = Vec::new();
    let subject = Subject::of_text("t.yaml", text.as_bytes(), regions, &mut findings);
    families::check(&subject, &mut findings);
    let findings = Report::new(&subject, findings).findings;
    (subject, findings)
}

/// An empty directory of this test's own.
pub fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Writes files below a directory.
pub fn write(directory: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Runs the program in a directory.
pub fn run(directory: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork-check"));
    command.args(words).current_dir(directory).output().unwrap()
}

/// Runs it with at most 1 GB of memory and ten seconds of a processor, and so that it says nothing beside its report.
pub fn bounded(directory: &Path, words: &[&str]) -> (Output, String) {
    let mut command = Command::new("sh");
    let limits = "ulimit -v 1000000; ulimit -t 10; exec \"$0\" \"$@\"";
    command.args(["-c", limits, env!("CARGO_BIN_EXE_formwork-check")]);
    let output = command.args(words).current_dir(directory).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.stderr.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    (output, text)
}

/// What it says as JSON.
pub fn json(directory: &Path, words: &[&str]) -> Value {
    let output = run(directory, &[&["--format", "json"], words].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Rule, file and line of each finding.
pub fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let shown = findings.iter().map(|finding| {
        let place = &finding["place"];
        format!(
            "{} {}:{}",
            finding["rule"].as_str().unwrap(),
            place["file"].as_str().unwrap(),
            place["line"]
        )
    });
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    shown
}

/// A finding on one line.
pub fn line(finding: &Finding) -> String {
    let place = &finding.place;
    let rust =
        place.rust.as_ref().map(|(file, line)| format!(" [{file}:{line}]")).unwrap_or_default();
    format!(
        "{:?} {} {}:{} {}{rust}: {} | given {:?} | fix {:?}",
        finding.rule.severity,
        finding.rule.id,
        place.file,
        place.line,
        place.path,
        finding.message,
        finding.given,
        finding.fix
    )
}
