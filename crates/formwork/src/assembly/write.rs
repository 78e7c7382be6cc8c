//! Puts an assembly on disk so that a reader always finds a whole one.
//!
//! Everything is written beside its place first. Then content-addressed files are moved in, then root templates,
//! then the manifest, and only then is removed what the old assembly had and the new one has not. What
//! stops in between leaves the old assembly, or the new one, and files that the next run removes.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Manifest, Synthesized, sha256};

/// The name of the manifest in an assembly directory.
pub const MANIFEST: &str = "manifest.json";

/// Where files are written before they are moved into place.
const STAGING: &str = ".synth";

/// What a write did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or have another content.
    pub changed: Vec<String>,
    /// Files that were there already with the same content.
    pub unchanged: Vec<String>,
    /// Files of an earlier assembly that were removed.
    pub removed: Vec<String>,
}

/// Why an assembly could not be put on disk, and what is there now.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct WriteError(Reason);

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error("`{}` is a file, but an assembly is a directory of files: name a directory", .0.display())]
    File(PathBuf),
    #[error("{fault}\n  {left}")]
    Stopped { fault: Fault, left: Left },
}

/// What could not be done to a file or directory.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be {action}: {error}", path.display())]
struct Fault {
    path: PathBuf,
    action: &'static str,
    error: io::Error,
}

/// In which state a write that stopped has left the directory.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum Left {
    #[error("no assembly was there, and none was written")]
    Nothing,
    #[error("the assembly that was there is untouched")]
    Old,
    #[error("files of the new assembly are in place, but not all: mend this and write it again")]
    Mixed,
    #[error(
        "the new assembly is in place; files of the old one are left, which the next run removes"
    )]
    New,
}

fn fault(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Fault {
    let path = path.to_owned();
    move |error| Fault { path, action, error }
}

fn stopped(left: Left) -> impl FnOnce(Fault) -> WriteError {
    move |fault| WriteError(Reason::Stopped { fault, left })
}

impl Synthesized {
    /// Writes the assembly into a directory, which is made if need be. Files that are there already with the same
    /// content are not touched.
    ///
    /// # Errors
    /// The file or directory that cannot be written, why, and what is there now: the old assembly, still whole,
    /// unless moving the new files into place had begun.
    pub fn write(&self, directory: &Path) -> Result<Written, WriteError> {
        if directory.is_file() {
            return Err(WriteError(Reason::File(directory.to_owned())));
        }
        let untouched = if directory.join(MANIFEST).is_file() { Left::Old } else { Left::Nothing };
        let mut files: Vec<(&str, &[u8])> = Vec::new();
        files.extend(self.assets.iter().map(|(entry, one)| (entry.file.as_str(), &one.bytes[..])));
        // Children first, so that a parent never names what is not there.
        files.extend(
            self.templates.iter().map(|one| (one.entry.file.as_str(), one.text.as_bytes())),
        );
        let mut manifest = serde_json::to_vec_pretty(&self.manifest())
            .map_err(|error| fault("written", &directory.join(MANIFEST))(error.into()))
            .map_err(stopped(untouched))?;
        manifest.push(b'\n');
        files.push((MANIFEST, &manifest));

        let old = listed(directory);
        let staging = directory.join(STAGING);
        let result = stage(directory, &staging, &files)
            .map_err(stopped(untouched))
            .and_then(|staged| install(directory, &staging, staged, untouched));
        // A staging directory that stays behind is removed by the next run.
        let _ = fs::remove_dir_all(&staging);
        let mut written = result?;
        let keep: HashSet<&str> = files.iter().map(|(file, _)| *file).collect();
        written.removed = sweep(directory, old, &keep).map_err(stopped(Left::New))?;
        Ok(written)
    }
}

type Staged = (Vec<String>, Vec<String>);

/// Writes what is new beside its place.
fn stage(directory: &Path, staging: &Path, files: &[(&str, &[u8])]) -> Result<Staged, Fault> {
    let (mut changed, mut unchanged) = (Vec::new(), Vec::new());
    let _ = fs::remove_dir_all(staging);
    fs::create_dir_all(staging).map_err(fault("made", staging))?;
    for (file, bytes) in files {
        let same = fs::read(directory.join(file)).is_ok_and(|there| there == *bytes);
        if same {
            unchanged.push((*file).to_owned());
            continue;
        }
        let beside = staging.join(file);
        if let Some(parent) = beside.parent() {
            fs::create_dir_all(parent).map_err(fault("made", parent))?;
        }
        fs::write(&beside, bytes).map_err(fault("written", &beside))?;
        changed.push((*file).to_owned());
    }
    Ok((changed, unchanged))
}

/// Moves what is new into its place, in the order in which it was staged.
fn install(
    directory: &Path,
    staging: &Path,
    (changed, unchanged): Staged,
    untouched: Left,
) -> Result<Written, WriteError> {
    make_room(directory, &changed).map_err(stopped(untouched))?;
    let mut left = untouched;
    for file in &changed {
        let place = directory.join(file);
        fs::rename(staging.join(file), &place)
            .map_err(fault("moved into place", &place))
            .map_err(stopped(left))?;
        left = Left::Mixed;
    }
    Ok(Written { changed, unchanged, removed: Vec::new() })
}

/// Finds whatever could stop a move before the first one.
fn make_room(directory: &Path, changed: &[String]) -> Result<(), Fault> {
    for file in changed {
        let place = directory.join(file);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(fault("made", parent))?;
        }
        if place.is_dir() {
            let error = io::Error::other("a directory is in its place: remove it");
            return Err(fault("written", &place)(error));
        }
    }
    Ok(())
}

/// An assembly that an earlier run wrote, from which zips are taken over.
#[derive(Debug)]
pub(super) struct Earlier {
    directory: PathBuf,
    manifest: Manifest,
}

impl Earlier {
    /// The assembly in a directory, if there is a whole one.
    pub(super) fn read(directory: &Path) -> Option<Self> {
        let text = fs::read(directory.join(MANIFEST)).ok()?;
        let manifest = serde_json::from_slice(&text).ok()?;
        Some(Earlier { directory: directory.to_owned(), manifest })
    }

    /// The zip of an asset with this hash, if it is there as the manifest says it was written.
    pub(super) fn zip(&self, name: &str, hash: &str) -> Option<Vec<u8>> {
        let entry = self.manifest.assets.iter().find(|one| one.name == name && one.hash == hash)?;
        if !is_inside(&entry.file) {
            return None;
        }
        let bytes = fs::read(self.directory.join(&entry.file)).ok()?;
        (sha256(&bytes) == entry.sha256).then_some(bytes)
    }
}

/// Whoever wrote a manifest, only files inside its directory count.
fn is_inside(file: &str) -> bool {
    Path::new(file).components().all(|part| matches!(part, Component::Normal(_)))
}

/// What the manifest that is there lists.
fn listed(directory: &Path) -> Vec<String> {
    let Some(Earlier { manifest, .. }) = Earlier::read(directory) else { return Vec::new() };
    let templates = manifest.templates.into_iter().map(|template| template.file);
    let files = templates.chain(manifest.assets.into_iter().map(|asset| asset.file));
    files.filter(|file| is_inside(file)).collect()
}

/// Removes what an earlier assembly had and this one has not: what its manifest listed, and content-addressed files
/// that a run which was stopped left behind. The user's own files stay.
fn sweep(directory: &Path, old: Vec<String>, keep: &HashSet<&str>) -> Result<Vec<String>, Fault> {
    let mut stale: BTreeSet<String> = old.into_iter().collect();
    for folder in ["templates", "assets"] {
        let entries = fs::read_dir(directory.join(folder)).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        stale.extend(names.filter(|name| is_hashed(name)).map(|name| format!("{folder}/{name}")));
    }
    let mut removed = Vec::new();
    for file in stale.into_iter().filter(|file| !keep.contains(file.as_str())) {
        let path = directory.join(&file);
        match fs::remove_file(&path) {
            Ok(()) => removed.push(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fault("removed", &path)(error)),
        }
    }
    for folder in ["templates", "assets"] {
        // Only an empty one goes.
        let _ = fs::remove_dir(directory.join(folder));
    }
    Ok(removed)
}

/// Whether the name is `<name>.<SHA-256>.<extension>`.
fn is_hashed(name: &str) -> bool {
    name.split('.')
        .any(|part| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
