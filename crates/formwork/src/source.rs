//! A place in Rust source: where the author added a thing.

use std::panic::Location;

/// File, line and column of the author's Rust code. The file is as the compiler was given it: relative to
/// the workspace for a crate of one, so that it is the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The file.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

impl Source {
    /// The line that called the function which calls this one, if that is `#[track_caller]`.
    #[must_use]
    #[track_caller]
    pub fn here() -> Self {
        let location = Location::caller();
        Source { file: location.file(), line: location.line(), column: location.column() }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
