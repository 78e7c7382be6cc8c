//! Reads rule files: the only module of this family that touches a file. Never parses one.

use std::path::{Path, PathBuf};

use super::Failure;

/// The most bytes of one rule file; the largest of AWS's own has 15,000.
const MOST_BYTES: u64 = 1_000_000;

/// A rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// What it is called in messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Reads files, and all `*.guard` files below directories, in the order of their names.
///
/// # Errors
/// A file that cannot be read, is too large or not UTF-8; a directory without rule files.
pub fn read(paths: &[PathBuf]) -> Result<Vec<RuleFile>, Failure> {
    let mut rules = Vec::new();
    for path in paths {
        if !path.is_dir() {
            rules.push(file(path)?);
            continue;
        }
        let found = below(path)?;
        if found.is_empty() {
            return Err(Failure(format!(
                "{}: there is no rule file: their names end in `.guard`",
                path.display()
            )));
        }
        for path in found {
            rules.push(file(&path)?);
        }
    }
    Ok(rules)
}

fn below(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut found, mut open) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(directory) = open.pop() {
        let unreadable = |error: std::io::Error| {
            Failure(format!("cannot read {}: {error}", directory.display()))
        };
        for entry in std::fs::read_dir(&directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // A link to a directory might lead back here.
            if entry.file_type().map_err(unreadable)?.is_dir() {
                open.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "guard") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn file(path: &Path) -> Result<RuleFile, Failure> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| Failure(format!("cannot read {name}: {error}"));
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    if bytes > MOST_BYTES {
        return Err(Failure(format!(
            "{name} has {bytes} bytes; a rule file has at most {MOST_BYTES}: split it"
        )));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    Ok(RuleFile { name, text })
}
