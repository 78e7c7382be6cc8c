//! Reads one file within limits. Never follows anything in it.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

use formwork::read::{Document, Limits, Problems, parse_within};

use super::{NO_TEMPLATE, UNREADABLE};
use crate::finding::{Finding, Place, Rule, shown};

/// What a template may have: ten times what CloudFormation takes.
const TEMPLATE: Limits = Limits { bytes: 10_000_000, nodes: 1_000_000, depth: 200 };

/// The path as reports have it: from where the check runs if it is below that, with `/`.
pub(crate) fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => parts.push(String::new()),
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts.join("/")
}

/// A template's text and what it says.
pub(super) fn template(
    path: &Path,
    shown: &str,
    findings: &mut Vec<Finding>,
) -> Option<(String, Document)> {
    parsed(bytes(path, shown, TEMPLATE.bytes, findings)?, shown, findings)
}

/// The same of bytes that were read.
pub(super) fn parsed(
    bytes: Vec<u8>,
    shown: &str,
    findings: &mut Vec<Finding>,
) -> Option<(String, Document)> {
    match parse_within(&bytes, &TEMPLATE) {
        Ok(document) => Some((String::from_utf8(bytes).unwrap_or_default(), document)),
        Err(problems) => {
            say(&problems, NO_TEMPLATE, shown, findings);
            None
        }
    }
}

/// The problems of a text as findings.
pub(super) fn say(
    problems: &Problems,
    rule: &'static Rule,
    file: &str,
    findings: &mut Vec<Finding>,
) {
    for problem in problems.list() {
        let (line, column) = (problem.position.line, problem.position.column);
        let place = Place { line, column, ..Place::file(file) };
        findings.push(Finding::new(rule, place, &problem.message));
    }
}

/// A file's bytes if there are at most so many.
pub(crate) fn bytes(
    path: &Path,
    file: &str,
    most: usize,
    findings: &mut Vec<Finding>,
) -> Option<Vec<u8>> {
    let mut refuse = |message: String| {
        findings.push(Finding::new(UNREADABLE, Place::file(file), message));
        None
    };
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            return refuse(format!("`{}` is no file", shown(file)));
        }
        Ok(metadata) if metadata.len() > most as u64 => {
            let given = metadata.len();
            return refuse(format!(
                "`{}` has {given} bytes; at most {most} are read: split it",
                shown(file)
            ));
        }
        Ok(_) => {}
        Err(error) => return refuse(format!("`{}` cannot be read: {error}", shown(file))),
    }
    let mut bytes = Vec::new();
    // It may have grown since.
    let read = File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() > most => {
            refuse(format!("`{}` has more than {most} bytes; no more are read", shown(file)))
        }
        Ok(_) => Some(bytes),
        Err(error) => refuse(format!("`{}` cannot be read: {error}", shown(file))),
    }
}
