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
///
/// ```
/// use formwork::asset::Content;
/// let notes = Content::Text { extension: "md", text: "# Notes" };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file, taken as it is.
    File(PathBuf),
    /// A directory, zipped so that the same files give the same bytes on every machine and day.
    Directory {
        /// The directory.
        path: PathBuf,
        /// What of it is packed, and of each further directory.
        choice: Choice,
        /// Further directories, whose files are put beside those of the first.
        more: Vec<PathBuf>,
    },
    /// A text, with the extension of the file that it becomes.
    Text {
        /// The extension without a dot.
        extension: &'static str,
        /// The text.
        text: &'static str,
    },
}

/// What of a directory is packed. Paths are relative to it and have `/`; nothing chosen means all of it.
///
/// ```
/// use formwork::asset::{Choice, Content};
/// let all = Content::Directory { path: "handlers".into(), choice: Choice::default(), more: vec![] };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Paths that are packed, with all below them; if empty, everything is.
    only: Vec<&'static str>,
    /// Paths that are left out, with all below them.
    except: Vec<&'static str>,
    /// Names of directories that are left out at any depth.
    directories: Vec<&'static str>,
    /// Whether names that begin with `.` are left out at any depth.
    hidden: bool,
}

impl Choice {
    /// Whether a file is packed, or a directory is looked into. Asked from the top down: no `except` above it applies.
    pub(crate) fn takes(&self, path: &str, directory: bool) -> bool {
        if self.except.contains(&path) {
            return false;
        }
        let leads_to = |one: &&str| below(one, path).is_some_and(|rest| !rest.is_empty());
        if directory && self.only.iter().any(leads_to) {
            return true;
        }
        if self.only.is_empty() {
            return self.is_plain(path, directory);
        }
        // What is named is taken whatever it is called; the rules hold for what is below it.
        let mut rests = self.only.iter().filter_map(|one| below(path, one));
        rests.any(|rest| self.is_plain(rest, directory))
    }

    fn is_plain(&self, rest: &str, directory: bool) -> bool {
        let mut parts = rest.split('/').peekable();
        while let Some(part) = parts.next() {
            let is_directory = directory || parts.peek().is_some();
            if (self.hidden && part.starts_with('.'))
                || (is_directory && self.directories.contains(&part))
            {
                return false;
            }
        }
        true
    }
}

/// What a path is called below another: nothing if the two are the same.
fn below<'a>(path: &'a str, above: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(above)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

impl Asset {
    /// A file, taken as it is. The path is read when the assembly is made.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let page = t.asset(Asset::file("page", "site/index.html"));
    /// # }
    /// ```
    #[track_caller]
    pub fn file(name: &'static str, path: impl Into<PathBuf>) -> Self {
        Asset { name, content: Content::File(path.into()), added: Source::here() }
    }

    /// A directory, zipped reproducibly: sorted paths, one date, only the executable bit of the modes.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let code = t.asset(Asset::directory("code", "handlers"));
    /// # }
    /// ```
    #[track_caller]
    pub fn directory(name: &'static str, path: impl Into<PathBuf>) -> Self {
        let content =
            Content::Directory { path: path.into(), choice: Choice::default(), more: Vec::new() };
        Asset { name, content, added: Source::here() }
    }

    /// A text that the program holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let motd = t.asset(Asset::text("motd", "txt", "Welcome"));
    /// # }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn text(name: &'static str, extension: &'static str, text: &'static str) -> Self {
        Asset { name, content: Content::Text { extension, text }, added: Source::here() }
    }

    /// Puts the files of a further directory beside those of the first, as if both were one: variants of an asset keep in a
    /// directory of their own only what they do not share. No file hides another: a path that two of the directories have
    /// is refused. What else is said of the asset holds for each of its directories.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// let shop = Asset::directory("shop", "shops/common").with_directory("shops/berlin").except("tests");
    /// ```
    #[must_use]
    pub fn with_directory(mut self, path: impl Into<PathBuf>) -> Self {
        if let Content::Directory { more, .. } = &mut self.content {
            more.push(path.into());
        }
        self
    }

    /// Packs nothing of a directory but this path, such as `src` or `.config/rules.toml`, and what other calls name.
    /// It need not be there. [`except_hidden`](Self::except_hidden) and [`except_directories`](Self::except_directories)
    /// hold for what is below it, not for the path itself: a hidden file that is named is packed.
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// let code = Asset::directory("code", "handlers").only("src").only(".python-version").except_hidden();
    /// ```
    #[must_use]
    pub fn only(self, path: &'static str) -> Self {
        self.choose(|choice| choice.only.push(path))
    }

    /// Leaves a path of a directory out, such as `tests` or `src/draft.py`, also where [`only`](Self::only) names it.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let code = Asset::directory("code", "handlers").except("tests").except("src/draft.py");
    /// ```
    #[must_use]
    pub fn except(self, path: &'static str) -> Self {
        self.choose(|choice| choice.except.push(path))
    }

    /// Leaves every directory of this name out, such as `__pycache__`, at any depth. A file of this name is packed.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let code = Asset::directory("code", "handlers").except_directories("__pycache__");
    /// ```
    #[must_use]
    pub fn except_directories(self, name: &'static str) -> Self {
        self.choose(|choice| choice.directories.push(name))
    }

    /// Leaves everything out whose name begins with `.`, at any depth: `.env`, an editor's folders, its lock files.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let site = Asset::directory("site", "public").except_hidden();
    /// ```
    #[must_use]
    pub fn except_hidden(self) -> Self {
        self.choose(|choice| choice.hidden = true)
    }

    fn choose(mut self, change: impl FnOnce(&mut Choice)) -> Self {
        if let Content::Directory { choice, .. } = &mut self.content {
            change(choice);
        }
        self
    }
}

/// An asset that was added to a template. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let hello = t.asset(Asset::text("hello", "txt", "hello"));
/// t.add("Copy", Raw::new("AWS::New::Copy").set("Key", hello.key()).set("Hash", hello.hash()));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AssetHandle(&'static str);

impl AssetHandle {
    pub(crate) fn new(name: &'static str) -> Self {
        AssetHandle(name)
    }

    /// Its key in the release bucket.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # let text = rendered(|t, ()| {
    /// let hello = t.asset(Asset::text("hello", "txt", "hello"));
    /// t.add("Copy", Raw::new("AWS::New::Copy").set("Key", hello.key()));
    /// # });
    /// assert!(text.contains("Key: assets/hello."));
    /// # fn rendered(define: fn(&mut Template, ())) -> String {
    /// #     let template = Stack::new("example", "An example", define).template();
    /// #     let assembly = formwork::assembly::Assembly::new().with(template);
    /// #     assembly.synth(Default::default()).unwrap().templates.remove(0).text
    /// # }
    /// ```
    #[must_use]
    pub fn key(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::Asset(self.0)))))
    }

    /// The SHA-256 in its key, 64 hexadecimal digits.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let hello = t.asset(Asset::text("hello", "txt", "hello"));
    /// t.add("Copy", Raw::new("AWS::New::Copy").set("Version", hello.hash()));
    /// # }
    /// ```
    #[must_use]
    pub fn hash(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::AssetHash(self.0)))))
    }
}
