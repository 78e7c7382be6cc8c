//! An assembly directory read as a release: every file checked against the manifest before anything is sent.
//!
//! Reads the directory and nothing else; sends nothing. Whoever wrote the manifest, no file outside the directory is read.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use formwork::assembly::{BranchEntry, FORMAT, LaunchEntry, MANIFEST, Manifest};

use crate::digest;
use crate::failure::Failure;
use crate::progress::size;
use crate::record::{self, Record, RecordedObject};

/// The largest object that S3 takes in one request. Source: "Uploading objects", Amazon S3 User Guide.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

/// A release, ready to be sent.
#[derive(Clone, Debug)]
pub struct Release {
    /// What its bucket will say of it.
    pub record: Record,
    /// The text of the entry point.
    pub entry_point: Vec<u8>,
    /// Everything with a lasting key, the entry point's copy included, smallest first.
    pub objects: Vec<Object>,
}

/// An object to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key in the bucket.
    pub key: String,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The file that holds them.
    pub file: PathBuf,
}

/// Where an assembly came from, as its publisher knows it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The branch it is published for.
    pub branch: Option<String>,
    /// The git commit it was made from.
    pub commit: Option<String>,
    /// Whether the working tree had changes.
    pub dirty: bool,
}

impl Release {
    /// Reads and checks the assembly in a directory.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn read(directory: &Path, origin: Origin) -> Result<Self, Failure> {
        Self::of(manifest(directory)?, directory, origin)
    }

    /// The same, with the manifest that was read already.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn of(manifest: Manifest, directory: &Path, origin: Origin) -> Result<Self, Failure> {
        let entry = root(&manifest, directory)?;
        let mut objects = listed(&manifest);
        check(directory, &mut objects, &entry)?;
        let at = objects.iter().position(|object| object.key == entry);
        let root = at.map(|at| objects.remove(at));
        let root = root.ok_or_else(|| Failure::one(format!("`{entry}` is not in the manifest")))?;
        let entry_point = fs::read(&root.file).map_err(|error| unreadable(&root.file, &error))?;
        let stem = entry.rsplit_once('.').map_or(entry.as_str(), |(stem, _)| stem);
        let lasting = format!("templates/{stem}.{}.{}", root.sha256, extension(&entry));
        objects.push(Object { key: lasting, ..root.clone() });
        objects.sort_by(|a, b| (a.bytes, &a.key).cmp(&(b.bytes, &b.key)));
        let mut recorded: Vec<RecordedObject> = objects.iter().map(Object::recorded).collect();
        recorded.sort_by(|a, b| a.key.cmp(&b.key));
        let record = Record {
            format: record::FORMAT,
            id: root.sha256,
            branch: origin.branch,
            commit: origin.commit,
            dirty: origin.dirty,
            generator: manifest.generator,
            schemas: manifest.schemas,
            entry_point: entry,
            launch: manifest.launch,
            objects: recorded,
        };
        Ok(Release { record, entry_point, objects })
    }
}

impl Object {
    fn recorded(&self) -> RecordedObject {
        RecordedObject { key: self.key.clone(), sha256: self.sha256.clone(), bytes: self.bytes }
    }
}

/// The manifest of an assembly directory.
///
/// # Errors
/// Why there is none that this program can read.
pub fn manifest(directory: &Path) -> Result<Manifest, Failure> {
    let file = directory.join(MANIFEST);
    let text = fs::read(&file).map_err(|error| {
        Failure::one(format!(
            "there is no assembly in `{}`: {MANIFEST} cannot be read: {error}\n  make one with `cargo xtask synth`",
            directory.display()
        ))
    })?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| {
        Failure::one(format!(
            "`{}` is not a manifest of this version: {error}\n  make it again with `cargo xtask synth`",
            file.display()
        ))
    })?;
    if manifest.format == FORMAT {
        return Ok(manifest);
    }
    Err(Failure::one(format!(
        "`{}` has format {}, this program reads {FORMAT}\n  make it again with `cargo xtask synth`",
        file.display(),
        manifest.format
    )))
}

/// The branch of this name.
///
/// # Errors
/// The branches that there are, if it is none of them.
pub fn branch<'l>(launch: &'l LaunchEntry, name: &str) -> Result<&'l BranchEntry, Failure> {
    launch.branches.iter().find(|branch| branch.name == name).ok_or_else(|| {
        let names: Vec<&str> = launch.branches.iter().map(|branch| branch.name.as_str()).collect();
        Failure::one(format!("there is no branch `{name}`\n  allowed: {}", names.join(", ")))
    })
}

/// The file of the one template that is launched.
fn root(manifest: &Manifest, directory: &Path) -> Result<String, Failure> {
    if let Some(launch) = &manifest.launch {
        return Ok(launch.template.clone());
    }
    let files = manifest.templates.iter().map(|one| one.file.as_str());
    let roots = files.filter(|file| !digest::is_lasting(file));
    match roots.collect::<Vec<_>>()[..] {
        [one] => Ok(one.to_owned()),
        ref roots => Err(Failure::one(format!(
            "the assembly in `{}` has {} templates that can be launched ({}), a release has one\n  \
             say which with `Assembly::launched_from`",
            directory.display(),
            roots.len(),
            roots.join(", ")
        ))),
    }
}

/// What the manifest says there is.
fn listed(manifest: &Manifest) -> Vec<Object> {
    let templates = manifest.templates.iter().map(|one| (&one.file, &one.sha256, one.bytes));
    let assets = manifest.assets.iter().map(|one| (&one.file, &one.sha256, one.bytes));
    let objects = templates.chain(assets).map(|(file, sha256, bytes)| Object {
        key: file.clone(),
        sha256: sha256.clone(),
        bytes,
        file: PathBuf::new(),
    });
    objects.collect()
}

/// Finds every file and holds it against the manifest.
fn check(directory: &Path, objects: &mut [Object], entry: &str) -> Result<(), Failure> {
    let mut problems = twice(objects);
    for object in objects {
        match checked(directory, object, entry) {
            Ok(file) => object.file = file,
            Err(problem) => problems.push(problem),
        }
    }
    Failure::unless_none(problems)
}

/// Files that are listed more than once: the second entry would be sent under a key that has its object already.
fn twice(objects: &[Object]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let again = objects.iter().filter(|object| !seen.insert(&object.key));
    again.map(|object| format!("`{}` is listed twice in {MANIFEST}", object.key)).collect()
}

fn checked(directory: &Path, object: &Object, entry: &str) -> Result<PathBuf, String> {
    let key = &object.key;
    if !Path::new(key).components().all(|part| matches!(part, Component::Normal(_)))
        || key.contains(['\\', '\0'])
        || key.is_empty()
    {
        return Err(format!(
            "`{key}` in {MANIFEST} leads out of the assembly\n  allowed: a path below its directory, with `/`"
        ));
    }
    if key != entry && !digest::is_lasting(key) {
        return Err(format!(
            "`{key}` in {MANIFEST} does not name its content, so that the next release could not replace it\n  \
             allowed: `templates/` or `assets/`, with a SHA-256 between dots; only `{entry}` is without"
        ));
    }
    if object.bytes > LARGEST {
        return Err(format!(
            "`{key}` is too large: {}\n  allowed: {}, which S3 takes at once",
            size(object.bytes),
            size(LARGEST)
        ));
    }
    let file = directory.join(key);
    // A link is followed only as long as it stays inside.
    let inside = file.canonicalize().and_then(|to| Ok(to.starts_with(directory.canonicalize()?)));
    match inside {
        Ok(true) => {}
        Ok(false) => return Err(format!("`{}` leads out of the assembly", file.display())),
        Err(error) => return Err(unreadable(&file, &error).0.concat()),
    }
    let hashed = File::open(&file).and_then(digest::of_reader);
    let (sha256, bytes) = hashed.map_err(|error| unreadable(&file, &error).0.concat())?;
    if (&sha256, bytes) != (&object.sha256, object.bytes) {
        return Err(format!(
            "`{}` was changed after it was synthesized\n  given: SHA-256 {sha256}, {bytes} bytes\n  \
             expected: SHA-256 {}, {} bytes\n  run `cargo xtask synth` again",
            file.display(),
            object.sha256,
            object.bytes
        ));
    }
    Ok(file)
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::one(format!(
        "`{}`, which {MANIFEST} lists, cannot be read: {error}\n  run `cargo xtask synth` again",
        file.display()
    ))
}

fn extension(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}
