//! House rules that no lint knows: length of files, a purpose at the head of each module, a reason beside each dependency,
//! nothing unfinished.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::run::workspace;

/// The most lines of a file that a person writes; generated ones are not looked at.
const LONGEST: usize = 500;

/// What unfinished code says of itself; written apart so that this file does not say it.
const UNFINISHED: &[&str] =
    &["todo\u{21}", "unimplemented\u{21}", "TO\u{44}O", "FIX\u{4d}E", "MEAS\u{55}RED"];

pub(crate) fn run() -> Result<(), Failure> {
    let mut faults = Vec::new();
    for folder in ["crates", "xtask", "examples"] {
        for file in files(&workspace().join(folder))? {
            let shown = file.strip_prefix(workspace()).unwrap_or(&file).display().to_string();
            let text = fs::read_to_string(&file).unwrap_or_default();
            match file.extension().and_then(|extension| extension.to_str()) {
                Some("rs") => rust(&shown, &text, &mut faults),
                Some("py") => unfinished(&shown, &text, &mut faults),
                _ if shown.ends_with("Cargo.toml") => manifest(&shown, &text, &mut faults),
                _ => {}
            }
        }
    }
    for page in fs::read_dir(workspace())?.chain(fs::read_dir(workspace().join("docs"))?) {
        let page = page?.path();
        if page.extension().is_some_and(|extension| extension == "md") {
            let shown = page.strip_prefix(workspace()).unwrap_or(&page).display().to_string();
            unfinished(&shown, &fs::read_to_string(&page)?, &mut faults);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure(faults.join("\n"))) }
}

fn rust(shown: &str, text: &str, faults: &mut Vec<String>) {
    if text.starts_with("// @generated") {
        return;
    }
    let lines = text.lines().count();
    // A program that a compile-fail test compiles, and a golden of the generator, open as a user's file would.
    let data = shown.contains("/tests/ui/")
        || shown.contains("/tests/data/")
        || shown.contains("/tests/cases/");
    if lines > LONGEST {
        faults.push(format!(
            "{shown}: {lines} lines, and a file that one reads in a sitting has {LONGEST} at most"
        ));
    }
    if !data && !text.starts_with("//!") {
        faults.push(format!("{shown}: the module does not open with its purpose"));
    }
    unfinished(shown, text, faults);
}

fn unfinished(shown: &str, text: &str, faults: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|word| line.contains(**word)) {
            faults.push(format!("{shown}:{}: `{word}`: finish it or leave it out", number + 1));
        }
    }
}

/// Each dependency of a crate has a comment above it or beside it, or inherits from a line that has one.
fn manifest(shown: &str, text: &str, faults: &mut Vec<String>) {
    if text.contains("@generated") {
        return;
    }
    let mut section = "";
    let mut before = "";
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies]")
            && line.split_once('=').is_some_and(|(name, _)| !name.starts_with([' ', '#', '"']))
            && !before.starts_with('#')
            && !line.contains('#')
        {
            faults.push(format!("{shown}: `{line}` has no reason beside it"));
        }
        before = line;
    }
}

/// Every file below a directory, without build output.
fn files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if !path.is_dir() {
                found.push(path);
            } else if !path.ends_with("target") && !path.ends_with("__pycache__") {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
