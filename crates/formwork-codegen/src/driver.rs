//! The whole generator on one screen: fetch, patch, plan, print, count, write or compare.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::emit::Files;
use crate::error::{Result, error};
use crate::{count, emit, patch, plan, schema, source};

/// How many files a message names.
const SHOWN: usize = 20;

/// What a run did, for its last line.
#[derive(Debug)]
pub struct Report {
    /// The counts, of which each goes in and comes out.
    pub counts: String,
    /// The files that were written, or that differ if nothing is written.
    pub changed: Vec<String>,
}

/// Generates the crate at `target`. With `check`, nothing is written.
///
/// # Errors
/// A source that cannot be had or read, a patch that changes nothing, anything that goes in and does not come out, a file that
/// cannot be written.
pub fn run(target: &Path, work: &Path, check: bool) -> Result<Report> {
    let mut sources = source::fetch(work)?;
    patch::apply(&mut sources.schemas, patch::PATCHES)?;
    let schemas = schema::read(&sources.schemas)?;
    let plan = plan::plan(&schemas, &sources)?;
    let mut written = count::Counts::default();
    let files = emit::files(&plan, &mut written)?;
    let read = count::read(&sources.schemas);
    count::compare(&read, &written)?;
    let actions: usize = plan.iam.values().map(|module| module.actions.len()).sum();
    let counts = format!(
        "types {} = {}, properties {} = {}, enum values {} = {}, IAM actions {actions}",
        read.resources.len(),
        written.resources.len(),
        read.properties.len(),
        written.properties.len(),
        read.values.len(),
        written.values.len(),
    );
    let changed = differing(target, &files)?;
    if !check {
        write(target, &files, &changed)?;
    }
    Ok(Report { counts, changed })
}

/// The files that are not as they should be: another content, missing, or there without a reason.
fn differing(target: &Path, files: &Files) -> Result<Vec<String>> {
    let mut differ: BTreeSet<String> = BTreeSet::new();
    for (path, text) in files {
        if fs::read_to_string(target.join(path)).ok().as_ref() != Some(text) {
            differ.insert(path.clone());
        }
    }
    let source = target.join("src");
    for path in existing(&source)? {
        let shown = path.strip_prefix(target).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if !files.contains_key(&shown) {
            differ.insert(shown);
        }
    }
    Ok(differ.into_iter().collect())
}

/// Every file below `source`, which is generated as a whole.
fn existing(source: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![source.to_owned()]);
    while let Some(directory) = open.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(error!("cannot read {}: {e}", directory.display())),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

fn write(target: &Path, files: &Files, changed: &[String]) -> Result<()> {
    for path in changed {
        let place = target.join(path);
        let done = match files.get(path) {
            Some(text) => place
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&place, text)),
            None => fs::remove_file(&place),
        };
        done.map_err(|e| error!("cannot write {}: {e}", place.display()))?;
    }
    Ok(())
}

/// What `--check` says of files that differ.
#[must_use]
pub fn stale(changed: &[String]) -> String {
    let shown = changed[..changed.len().min(SHOWN)].join("\n  ");
    let more = changed.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    format!(
        "the generated code is not current: run `cargo xtask codegen` and commit what changes\n  {shown}{more}"
    )
}
