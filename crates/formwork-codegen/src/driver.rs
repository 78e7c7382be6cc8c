//! The whole generator on one screen: fetch, patch, generate, write or compare.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Result, error};
use crate::source::Sources;
use crate::{access, attributes, count, emit, handlers, patch, plan, schema, source};

/// How many files a message names.
const SHOWN: usize = 20;

/// What was generated, before anything is written.
#[derive(Debug)]
pub struct Generated {
    /// The files of the crate, by path.
    pub files: BTreeMap<String, String>,
    /// What went in and came out, in one line.
    pub counts: String,
}

/// What a run did, for its last line.
#[derive(Debug)]
pub struct Report {
    /// What went in and came out.
    pub counts: String,
    /// The files that were written, or that differ if nothing is written.
    pub changed: Vec<String>,
}

/// Where `formwork-check` keeps what it knows of IAM, seen from `formwork-aws`.
const ACCESS: &str = "../formwork-check/src/iam/access.txt";

/// Generates the crate at `target`, and the table of IAM beside it. With `check`, nothing is written.
///
/// # Errors
/// A source that cannot be had or read, a patch or a table's entry that changes nothing, anything that
/// goes in and does not come out, a file that cannot be written.
pub fn run(target: &Path, work: &Path, check: bool) -> Result<Report> {
    let mut sources = source::fetch(work)?;
    patch::apply(&mut sources.schemas, patch::PATCHES)?;
    attributes::check_table(&schema::read(&sources.schemas)?)?;
    let Generated { files, counts } = generate(&sources)?;
    let mut changed = differing(target, &files)?;
    if !check {
        write(target, &files, &changed)?;
    }
    let table = access::table(&sources.access, &sources.iam_date)?;
    if fs::read_to_string(target.join(ACCESS)).ok().as_ref() != Some(&table) {
        let table = BTreeMap::from([(ACCESS.to_owned(), table)]);
        if !check {
            write(target, &table, &[ACCESS.to_owned()])?;
        }
        changed.push(ACCESS.to_owned());
    }
    Ok(Report { counts, changed })
}

/// Generates from sources that are patched already. Pure.
///
/// # Errors
/// A schema that the generator does not understand, or anything that goes in and does not come out.
pub fn generate(sources: &Sources) -> Result<Generated> {
    let schemas = schema::read(&sources.schemas)?;
    let plan = plan::plan(&schemas, sources)?;
    let mut written = count::Counts::default();
    let files = emit::files(&plan, &mut written)?;
    let read = count::read(&sources.schemas);
    count::compare(&read, &written)?;
    let actions: usize = plan.iam.values().map(|module| module.actions.len()).sum();
    let (handled, called) = handlers::count(&files["src/handlers.txt"]);
    let counts = format!(
        "{}, IAM actions {actions}, types of handlers {} = {handled}, actions that they call {called}",
        count::summary(&read, &written),
        sources.handlers.len()
    );
    Ok(Generated { files, counts })
}

/// What `--check` says of files that differ.
#[must_use]
pub fn stale(changed: &[String]) -> String {
    let shown = changed[..changed.len().min(SHOWN)].join("\n  ");
    let more = match changed.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    format!(
        "the generated code is not current: run `cargo xtask codegen` and commit what changes\n  {shown}{more}"
    )
}

/// The files that are not as they should be: another content, missing, or there without a reason.
fn differing(target: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut differ: BTreeSet<String> = BTreeSet::new();
    for (path, text) in files {
        if fs::read_to_string(target.join(path)).ok().as_ref() != Some(text) {
            differ.insert(path.clone());
        }
    }
    for path in existing(&target.join("src"))? {
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
        for entry in entries {
            let path =
                entry.map_err(|e| error!("cannot read {}: {e}", directory.display()))?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

/// Writes what differs and removes what is there without a reason, with directories that are left empty.
fn write(target: &Path, files: &BTreeMap<String, String>, changed: &[String]) -> Result<()> {
    for path in changed {
        let place = target.join(path);
        let directory = place.parent().unwrap_or(target);
        let done = match files.get(path) {
            Some(text) => fs::create_dir_all(directory).and_then(|()| fs::write(&place, text)),
            None => fs::remove_file(&place).map(|()| {
                // Fails, rightly, where other files are left.
                let _ = fs::remove_dir(directory);
            }),
        };
        done.map_err(|e| error!("cannot write {}: {e}", place.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_written_and_what_is_stale_goes() {
        let target = std::env::temp_dir().join(format!("formwork-codegen-{}", std::process::id()));
        let files = |names: &[&str]| -> BTreeMap<String, String> {
            names.iter().map(|name| (format!("src/{name}"), format!("// {name}\n"))).collect()
        };
        let old = files(&["kept.rs", "old/gone.rs"]);
        write(&target, &old, &differing(&target, &old).expect("all differ")).expect("written");
        let new = files(&["kept.rs", "new/here.rs"]);
        let changed = differing(&target, &new).expect("some differ");
        assert_eq!(changed, ["src/new/here.rs", "src/old/gone.rs"]);
        assert!(stale(&changed).ends_with("src/new/here.rs\n  src/old/gone.rs"));
        write(&target, &new, &changed).expect("written");
        assert_eq!(differing(&target, &new).expect("compared"), [""; 0]);
        assert!(!target.join("src/old").exists());
        fs::remove_dir_all(target).expect("removed");
    }
}
