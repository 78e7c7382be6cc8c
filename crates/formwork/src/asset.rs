//! Assets: files that a template needs in the release bucket.
//!
//! An [`Asset`] says what is to be packed; the assembly packs it, at the rim. Its key carries the SHA-256
//! of its content: `assets/<name>.<hash>.<ext>`. Nothing in here reads a file.

use std::path::PathBuf;

use crate::node::{Key, Node};
use crate::phase::Early;
use crate::source::Source;
use crate::text::Text;

/// A file, a directory or a text that is put beside the templates.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let handler = t.asset(Asset::text("hello", "py", "def handler(event, context): return 'hello'"));
/// let key: Value<ObjectKey> = val(handler.key());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Asset {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
    pub(crate) added: Source,
}

/// What an asset is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file, taken as it is.
    File(PathBuf),
    /// A directory, zipped so that the same files give the same bytes on every machine and day.
    Directory {
        /// The directory.
        path: PathBuf,
        /// Paths below it, with `/`, that are left out; a directory's name leaves all of it out.
        except: Vec<&'static str>,
    },
    /// A text, with the extension of the file that it becomes.
    Text {
        /// The extension without a dot.
        extension: &'static str,
        /// The text.
        text: &'static str,
    },
}

impl Asset {
    /// A file, taken as it is. The path is read when the assembly is made.
    #[track_caller]
    pub fn file(name: &'static str, path: impl Into<PathBuf>) -> Self {
        Asset { name, content: Content::File(path.into()), added: Source::here() }
    }

    /// A directory, zipped reproducibly: sorted paths, one date, only the executable bit of the modes.
    #[track_caller]
    pub fn directory(name: &'static str, path: impl Into<PathBuf>) -> Self {
        let content = Content::Directory { path: path.into(), except: Vec::new() };
        Asset { name, content, added: Source::here() }
    }

    /// A text that the program holds.
    #[track_caller]
    #[must_use]
    pub fn text(name: &'static str, extension: &'static str, text: &'static str) -> Self {
        Asset { name, content: Content::Text { extension, text }, added: Source::here() }
    }

    /// Leaves a path of a directory out, such as `tests` or `src/draft.py`.
    #[must_use]
    pub fn except(mut self, path: &'static str) -> Self {
        if let Content::Directory { except, .. } = &mut self.content {
            except.push(path);
        }
        self
    }
}

/// An asset that was added to a template. It is `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct AssetHandle(&'static str);

impl AssetHandle {
    pub(crate) fn new(name: &'static str) -> Self {
        AssetHandle(name)
    }

    /// Its key in the release bucket.
    #[must_use]
    pub fn key(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::Asset(self.0)))))
    }

    /// The SHA-256 in its key, 64 hexadecimal digits.
    #[must_use]
    pub fn hash(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::AssetHash(self.0)))))
    }
}
