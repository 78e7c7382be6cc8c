//! What a release is put into: the few things that S3 and a directory can both do, each whole or not at all.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::progress::size;
use crate::url::ObjectUrl;

/// The largest object that is held in memory: far more than CloudFormation takes as a template, or the record of the largest release.
const SMALL: u64 = 32 * 1024 * 1024;

/// A place that holds releases. Every answer is the truth at one moment; conditions make sure that nobody changed it since.
pub trait Store: Sync {
    /// The place as messages name it, such as ``bucket `x` ``.
    fn name(&self) -> String;

    /// The bucket's name, if the place is one.
    fn bucket(&self) -> Option<&str> {
        None
    }

    /// How many calls it is worth to make at the same time.
    fn at_once(&self) -> usize;

    /// A small object with its version: a template or a record.
    ///
    /// # Errors
    /// The place cannot be reached or refuses, or what is there is larger than any such object.
    fn get(&self, key: &str) -> Result<Option<Held>, Failure>;

    /// What is known of an object without reading it whole.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn look(&self, key: &str) -> Result<Option<Seen>, Failure>;

    /// SHA-256 of an object's bytes, read whole but never held whole.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn hash(&self, key: &str) -> Result<Option<String>, Failure>;

    /// The objects whose keys begin so, sorted by key.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, Failure>;

    /// Puts an object in its place: all of it, or nothing.
    ///
    /// # Errors
    /// As [`get`](Self::get); a condition that does not hold is no error but [`Put::Refused`].
    fn put(&self, upload: &Upload<'_>) -> Result<Put, Failure>;

    /// What the place's own clock says: seconds since 1970.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn now(&self) -> Result<i64, Failure>;

    /// Removes objects; one that is not there is removed already.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn remove(&self, keys: &[String]) -> Result<(), Failure>;

    /// SHA-256 of what a URL gives that a link or a template holds.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn ask(&self, url: &ObjectUrl) -> Result<Option<String>, Failure> {
        self.hash(&url.key)
    }
}

/// Refuses an object that is too large to be held: a bucket may hold what no publisher wrote.
pub(crate) fn check_small(store: &dyn Store, key: &str, bytes: u64) -> Result<(), Failure> {
    if bytes <= SMALL {
        return Ok(());
    }
    Err(Failure::one(format!(
        "`{key}` in {} is no template or record: it has {}, at most {} are read",
        store.name(),
        size(bytes),
        size(SMALL)
    )))
}

/// An object's bytes, and the version that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// All of it.
    pub bytes: Vec<u8>,
    /// What [`Condition::Is`] takes.
    pub version: String,
}

/// An object that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of its bytes, if the place keeps it.
    pub sha256: Option<String>,
    /// What [`Condition::Is`] takes.
    pub version: String,
}

/// An object in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// When it was put there: seconds since 1970, by the place's own clock.
    pub put_at: i64,
}

/// An object on its way.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Its key.
    pub key: &'a str,
    /// What it holds.
    pub body: &'a Body,
    /// SHA-256 of that: 64 hexadecimal digits. The place refuses other bytes.
    pub sha256: &'a str,
    /// How many bytes it has.
    pub bytes: u64,
    /// The release that brings it.
    pub release: &'a str,
    /// Whether its key names its content, so that it may be kept in every cache for ever.
    pub lasting: bool,
    /// What must hold in its place.
    pub condition: &'a Condition,
}

/// Where an upload's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// In memory: entry points and records.
    Bytes(Vec<u8>),
    /// In a file, which is read while it is sent.
    File(PathBuf),
}

/// What must hold in the place of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is there: `If-None-Match: *`.
    Absent,
    /// This version is there: `If-Match`.
    Is(String),
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there, as this version.
    Done(String),
    /// The condition did not hold; nothing was changed.
    Refused,
}
