//! Reads rule files: the only module of this family that touches a file. Never looks into one.

use std::path::{Path, PathBuf};

use super::IS_NO_RULE_FILE;
use super::grammar::at;
use crate::finding::{Finding, Place, shown};
use crate::subject::{self, UNREADABLE};

/// The most bytes of one rule file; the largest of AWS's own has 15,000.
const MOST_BYTES: usize = 1_000_000;

/// The most files of one run, and the most directories that are looked into.
const MOST_FILES: usize = 2_000;
const MOST_DIRECTORIES: usize = 10_000;

/// How names of rule files end, as Guard's own program has it.
const ENDINGS: [&str; 2] = ["guard", "ruleset"];

/// A rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// The file, as a path from where the check runs, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Reads files, and all rule files below directories, in the order of their names. What cannot be read is a finding.
pub fn read(paths: &[PathBuf], findings: &mut Vec<Finding>) -> Vec<RuleFile> {
    let mut rules: Vec<RuleFile> = Vec::new();
    for path in paths {
        let found = if path.is_dir() { below(path, findings) } else { vec![path.clone()] };
        for path in found {
            let name = subject::shown_path(&path);
            if rules.iter().any(|file| file.name == name) {
                continue;
            }
            if rules.len() == MOST_FILES {
                let message = format!("more than {MOST_FILES} rule files; no more are read");
                findings.push(Finding::new(UNREADABLE, Place::file(&name), message));
                return rules;
            }
            rules.extend(file(&path, name, findings));
        }
    }
    rules
}

fn below(top: &Path, findings: &mut Vec<Finding>) -> Vec<PathBuf> {
    let name = subject::shown_path(top);
    let mut refuse = |message: String| {
        findings.push(Finding::new(UNREADABLE, Place::file(&name), message));
    };
    let (mut found, mut open, mut seen) = (Vec::new(), vec![top.to_owned()], 0);
    while let Some(directory) = open.pop() {
        seen += 1;
        if seen > MOST_DIRECTORIES {
            refuse(format!("more than {MOST_DIRECTORIES} directories; no more are looked into"));
            break;
        }
        let entries =
            std::fs::read_dir(&directory).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let shown_path = shown(&subject::shown_path(&directory));
                refuse(format!("`{shown_path}` cannot be read: {error}"));
                continue;
            }
        };
        for entry in entries {
            // A link to a directory might lead back here.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(entry.path());
            } else if entry
                .path()
                .extension()
                .is_some_and(|it| ENDINGS.iter().any(|one| it == *one))
            {
                found.push(entry.path());
            }
        }
    }
    if found.is_empty() {
        refuse(format!("`{}` has no rule file: their names end in `.guard`", shown(&name)));
    }
    found.sort();
    found
}

fn file(path: &Path, name: String, findings: &mut Vec<Finding>) -> Option<RuleFile> {
    let bytes = subject::bytes(path, &name, MOST_BYTES, findings)?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(RuleFile { name, text }),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let good = String::from_utf8_lossy(good);
            let line = good.matches('\n').count() + 1;
            let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let message = "this is not UTF-8";
            findings.push(Finding::new(IS_NO_RULE_FILE, at(&name, line, column), message));
            None
        }
    }
}
