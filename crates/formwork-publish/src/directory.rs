//! A directory that holds releases in the layout of a bucket: any web server that serves it serves the release.
//!
//! Files are written beside their place and moved in, so that a reader finds a whole one or none. One publisher at a time changes
//! anything: it holds a lock while it compares, writes and moves.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use formwork::assembly::sha256;

use crate::digest;
use crate::failure::Failure;
use crate::store::{Body, Condition, Held, Listed, Put, Seen, Store, Upload, check_small};

/// The folder for what is being written, and for the lock.
const STAGING: &str = ".publish";

/// The file in it that a publisher locks.
const LOCK: &str = "lock";

/// The file in it that is being written; the lock makes it the only one.
const HALF: &str = "half";

/// A directory on this machine.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The directory, which the first upload makes if it is not there.
    ///
    /// # Errors
    /// A file is in its place.
    pub fn open(root: &Path) -> Result<Self, Failure> {
        if root.exists() && !root.is_dir() {
            return Err(Failure::one(format!(
                "`{}` is a file, but releases need a directory: name a directory",
                root.display()
            )));
        }
        Ok(Directory { root: root.to_owned() })
    }

    fn place(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Whether a condition holds in the place of a key.
    fn holds(&self, condition: &Condition, key: &str) -> Result<bool, Failure> {
        Ok(match (condition, self.look(key)?) {
            (Condition::Absent, None) => true,
            (Condition::Is(wanted), Some(there)) => *wanted == there.version,
            _ => false,
        })
    }

    /// Holds the directory for one change, and gives the folder for what is being written, emptied of what a run that was
    /// stopped has left. The operating system lets go of it when the program ends, however it ends.
    fn lock(&self) -> Result<(PathBuf, File), Failure> {
        let staging = self.root.join(STAGING);
        fs::create_dir_all(&staging).map_err(|error| failed(&staging, "made", &error))?;
        let path = staging.join(LOCK);
        let file = File::create(&path).map_err(|error| failed(&path, "written", &error))?;
        file.lock().map_err(|error| failed(&path, "locked", &error))?;
        for entry in fs::read_dir(&staging).into_iter().flatten().flatten() {
            if entry.file_name() != LOCK {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok((staging, file))
    }
}

impl Store for Directory {
    fn name(&self) -> String {
        format!("directory `{}`", self.root.display())
    }

    fn at_once(&self) -> usize {
        1
    }

    fn get(&self, key: &str) -> Result<Option<Held>, Failure> {
        let place = self.place(key);
        fs::metadata(&place).map_or(Ok(()), |data| check_small(self, key, data.len()))?;
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(Held { version: sha256(&bytes), bytes })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(&place, "read", &error)),
        }
    }

    fn look(&self, key: &str) -> Result<Option<Seen>, Failure> {
        let place = self.place(key);
        match File::open(&place).and_then(digest::of_reader) {
            Ok((sha256, bytes)) => {
                Ok(Some(Seen { bytes, version: sha256.clone(), sha256: Some(sha256) }))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(&place, "read", &error)),
        }
    }

    fn hash(&self, key: &str) -> Result<Option<String>, Failure> {
        Ok(self.look(key)?.and_then(|seen| seen.sha256))
    }

    fn list(&self, prefix: &str) -> Result<Vec<Listed>, Failure> {
        let folder = prefix.rsplit_once('/').map_or("", |(folder, _)| folder);
        let place = self.place(folder);
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(failed(&place, "read", &error)),
        };
        let mut found = Vec::new();
        for entry in entries.flatten() {
            // What a link leads to is what a web server gives.
            let Ok(data) = fs::metadata(entry.path()) else { continue };
            let key = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if data.is_file() && key.starts_with(prefix) {
                let since = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                let put_at = since.map_or(0, |since| since.as_secs().cast_signed());
                found.push(Listed { key, bytes: data.len(), put_at });
            }
        }
        found.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(found)
    }

    fn put(&self, upload: &Upload<'_>) -> Result<Put, Failure> {
        let place = self.place(upload.key);
        let (staging, _lock) = self.lock()?;
        if !self.holds(upload.condition, upload.key)? {
            return Ok(Put::Refused);
        }
        let beside = staging.join(HALF);
        let moved = stage(&beside, upload).and_then(|()| {
            if let Some(parent) = place.parent() {
                fs::create_dir_all(parent).map_err(|error| failed(parent, "made", &error))?;
            }
            fs::rename(&beside, &place).map_err(|error| failed(&place, "written", &error))
        });
        if moved.is_err() {
            let _ = fs::remove_file(&beside);
        }
        moved.map(|()| Put::Done(upload.sha256.to_owned()))
    }

    fn now(&self) -> Result<i64, Failure> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(since.map_or(0, |since| since.as_secs().cast_signed()))
    }

    fn remove(&self, keys: &[String]) -> Result<(), Failure> {
        if keys.is_empty() {
            return Ok(());
        }
        let _lock = self.lock()?;
        for key in keys {
            let place = self.place(key);
            match fs::remove_file(&place) {
                Err(error) if !is_absent(&error) => return Err(failed(&place, "removed", &error)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Writes an upload beside its place, through to the disk, and makes sure that it is what it should be.
fn stage(beside: &Path, upload: &Upload<'_>) -> Result<(), Failure> {
    let copied = File::create(beside).and_then(|mut file| {
        let (sha256, _) = match upload.body {
            Body::Bytes(bytes) => digest::of_copy(&bytes[..], &mut file)?,
            Body::File(from) => digest::of_copy(File::open(from)?, &mut file)?,
        };
        // What is renamed before it is on the disk may be empty after a power cut.
        file.sync_all()?;
        Ok(sha256)
    });
    let sha256 = copied.map_err(|error| failed(beside, "written", &error))?;
    if sha256 == upload.sha256 {
        return Ok(());
    }
    Err(Failure::one(format!(
        "`{}` changed while it was published: run `cargo xtask synth` and publish again",
        upload.key
    )))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn failed(path: &Path, action: &str, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "\n  make room and publish again"
        }
        io::ErrorKind::PermissionDenied => "\n  publish as a user who may write there",
        _ => "",
    };
    Failure::one(format!("`{}` cannot be {action}: {error}{advice}", path.display()))
}
