//! What cannot be written, and where it stands. Never a matter of CloudFormation's own rules: those are
//! for `check`.

use std::fmt;

use super::{MAX_DEPTH, MAX_KEY_BYTES, MAX_KEY_CHARS};
use crate::node::Key;

/// A value that cannot be written, and the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderError(Box<Place>);

#[derive(Clone, Debug, PartialEq)]
struct Place {
    /// From the inside out, as it is found.
    steps: Vec<Step>,
    fault: Fault,
}

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a map's entry.
    Key(String),
    /// To a list's item, counted from 0.
    Index(usize),
}

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// A key has more than [`MAX_KEY_CHARS`] characters or [`MAX_KEY_BYTES`] bytes.
    LongKey(String),
    /// A key holds a line break.
    BrokenKey(String),
    /// A number is infinite or not a number.
    NotFinite(f64),
    /// More than [`MAX_DEPTH`] maps, lists and intrinsics stand in each other.
    TooDeep,
    /// Nothing is known of this asset or template.
    UnknownKey(Key),
}

impl RenderError {
    /// Why the value cannot be written.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.0.fault
    }

    /// The way from the document's root to the value.
    #[must_use]
    pub fn path(&self) -> Vec<&Step> {
        self.0.steps.iter().rev().collect()
    }

    /// The same error, seen from one level further out.
    #[must_use]
    pub fn inside(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }
}

impl From<Fault> for RenderError {
    fn from(fault: Fault) -> Self {
        RenderError(Box::new(Place { steps: Vec::new(), fault }))
    }
}

impl std::error::Error for RenderError {}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 12;
        for step in self.0.steps.iter().rev().take(SHOWN) {
            match step {
                Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        match self.0.steps.len() {
            0 => f.write_str("the document")?,
            length if length > SHOWN => f.write_str("/…")?,
            _ => {}
        }
        write!(f, ": {}", self.0.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::LongKey(key) => write!(
                f,
                "the key `{}…` has {} characters in {} bytes; at most {MAX_KEY_CHARS} in {MAX_KEY_BYTES} are allowed: \
                 shorten it, or make it a value",
                key.chars().take(40).collect::<String>().escape_debug(),
                key.chars().count(),
                key.len(),
            ),
            Fault::BrokenKey(key) => write!(
                f,
                "the key `{}` holds a line break; a key is one line: remove the break, or make it a value",
                key.escape_debug(),
            ),
            Fault::NotFinite(number) => {
                write!(f, "{number} cannot be written; only finite numbers are allowed: give one")
            }
            Fault::TooDeep => write!(
                f,
                "maps, lists and intrinsics stand in each other more than {MAX_DEPTH} deep; nothing reads that: \
                 flatten the value",
            ),
            Fault::UnknownKey(Key::Template(name) | Key::Version(name)) => write!(
                f,
                "the template `{name}` has no place in the release; only stacks that are part of it have one: nest the stack",
            ),
            Fault::UnknownKey(Key::Release) => {
                write!(
                    f,
                    "the release has no name here; only a template of an assembly has one: synthesize it"
                )
            }
            Fault::UnknownKey(Key::Asset(name) | Key::AssetHash(name)) => write!(
                f,
                "the asset `{name}` has no place in the release; only assets that are part of it have one: add the asset",
            ),
        }
    }
}
