//! A release as it is described in its bucket: `releases/<id>.json`.
//!
//! A record is written once and never changed. It holds no time: when a release was published is what the bucket says of the
//! record's age. Its JSON Schema is committed as `release.schema.json`.

use formwork::assembly::LaunchEntry;
use serde::{Deserialize, Serialize};

use crate::digest::{is_lasting, is_sha256};

/// The folder of the records in a bucket.
pub const FOLDER: &str = "releases/";

/// The version of the record's format that this crate writes.
pub const FORMAT: u32 = 1;

/// What a release contains and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this format: 1.
    pub format: u32,
    /// The release's id: SHA-256 of its entry point, which names everything else. 64 hexadecimal digits.
    pub id: String,
    /// The branch that it was first published for.
    pub branch: Option<String>,
    /// The git commit that the assembly was made from; none if the publisher did not know it.
    pub commit: Option<String>,
    /// Whether the working tree had changes that the commit has not.
    pub dirty: bool,
    /// The program that wrote the assembly, with its version.
    pub generator: String,
    /// What the resource types were generated from.
    pub schemas: Option<String>,
    /// The key of the entry point where it is current: the only object that ever changes.
    pub entry_point: String,
    /// The parameters that launch links fill in, and the regions they lead to; none if nobody launches it by a link.
    pub launch: Option<LaunchEntry>,
    /// Every object of the release, sorted by key. The first of the keys that begin with `templates/` and end in the id is the
    /// entry point's lasting copy.
    pub objects: Vec<RecordedObject>,
}

/// One object of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordedObject {
    /// Its key in the bucket.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
}

impl Record {
    /// The key of a release's record.
    #[must_use]
    pub fn key(id: &str) -> String {
        format!("{FOLDER}{id}.json")
    }

    /// The id in the key of a record, if it is one.
    #[must_use]
    pub fn id_of(key: &str) -> Option<&str> {
        let id = key.strip_prefix(FOLDER)?.strip_suffix(".json")?;
        is_sha256(id).then_some(id)
    }

    /// The object that holds the entry point for good, from which it can be made current again.
    #[must_use]
    pub fn lasting_entry_point(&self) -> Option<&RecordedObject> {
        self.objects.iter().find(|object| object.sha256 == self.id)
    }

    /// The record's text, with a line break at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads the record of the release with this id.
    ///
    /// # Errors
    /// What is wrong with the text: a bucket may hold what no publisher wrote.
    pub fn read(text: &[u8], id: &str) -> Result<Self, String> {
        let record: Record = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if record.format != FORMAT {
            return Err(format!("its format is {}, this program reads {FORMAT}", record.format));
        }
        if record.id != id {
            return Err(format!("it is of release `{}`, but its key is that of {id}", record.id));
        }
        if let Some(other) = record.objects.iter().find(|object| !is_lasting(&object.key)) {
            return Err(format!("it names `{}`, which is no key of a release's object", other.key));
        }
        Ok(record)
    }

    /// What the commit column shows.
    #[must_use]
    pub fn commit_shown(&self) -> String {
        match (&self.commit, self.dirty) {
            (None, _) => "unknown".to_owned(),
            (Some(commit), false) => short(commit).to_owned(),
            (Some(commit), true) => format!("{}+changes", short(commit)),
        }
    }
}

/// The first 12 digits of an id, which people read and type.
#[must_use]
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
