//! What is wrong, said to the person who can mend it.
//!
//! A [`Problem`] names the stack, the logical id, the property, what was given, what is allowed, what to do
//! and the Rust line. A run collects all of them; nothing in here decides what is wrong.

use crate::source::Source;

/// One thing that is wrong with a stack. Its `Display` is what the user reads.
///
/// ```text
/// src/network.rs:18:7: stack `network`: `Subnet` uses `Vpc`, which belongs to stack `shared`
///   added at src/shared.rs:11:17
///   hand it over as an input
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The Rust line that is to be mended.
    pub source: Option<Source>,
    /// The stack's name; empty where a run as a whole is at fault.
    pub stack: String,
    /// What is wrong, with logical id and property path, in lower case and without a full stop.
    pub message: String,
    /// Lines below: another place in the source, what was given, what is allowed, what to do.
    pub notes: Vec<String>,
}

impl Problem {
    /// A problem of a stack.
    #[must_use]
    pub fn new(source: Option<Source>, stack: &str, message: impl Into<String>) -> Self {
        Problem { source, stack: stack.to_owned(), message: message.into(), notes: Vec::new() }
    }

    /// Adds a line below the message.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what was given.
    #[must_use]
    pub fn given(self, given: impl std::fmt::Display) -> Self {
        self.note(format!("given: {given}"))
    }

    /// Adds what is allowed.
    #[must_use]
    pub fn allowed(self, allowed: impl std::fmt::Display) -> Self {
        self.note(format!("allowed: {allowed}"))
    }

    /// Adds where something else was added.
    #[must_use]
    pub fn also(self, what: &str, source: Source) -> Self {
        self.note(format!("{what} {source}"))
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(source) = self.source {
            write!(f, "{source}: ")?;
        }
        if !self.stack.is_empty() {
            write!(f, "stack `{}`: ", self.stack)?;
        }
        f.write_str(&self.message)?;
        for note in &self.notes {
            write!(f, "\n  {note}")?;
        }
        Ok(())
    }
}

/// All the problems of a run, in the order of the source.
///
/// `{}` is one problem after the other. `{:#}` is what a program says at its end, behind its own `error: `: each further
/// problem has that prefix too, and the last line of several counts them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(if f.alternate() { "\nerror: " } else { "\n" })?;
            }
            problem.fmt(f)?;
        }
        match self.0.len() {
            several @ 2.. if f.alternate() => {
                write!(f, "\n{several} problems, nothing was written")
            }
            _ => Ok(()),
        }
    }
}
