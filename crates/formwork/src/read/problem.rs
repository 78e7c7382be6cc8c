//! Where something stands in a text, and what is wrong there. Never what a template may mean.

use std::fmt;

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
}

/// A stretch of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character behind the last.
    pub end: Position,
}

/// Something that is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub position: Position,
    /// What is wrong, what is allowed, what to do.
    pub message: String,
}

/// All that is wrong with a text, in the text's order; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Position {
    /// The first character of a text.
    pub const START: Position = Position { line: 1, column: 1 };

    /// The byte of `source` that this place is at; the line's end if the place is behind it.
    #[must_use]
    pub fn offset_in(self, source: &str) -> usize {
        let mut rest = source;
        for _ in 1..self.line {
            let behind = rest.find(['\n', '\r']).map_or("", |at| &rest[at..]);
            let broken = behind.strip_prefix("\r\n").or_else(|| behind.get(1..));
            rest = broken.unwrap_or_default();
        }
        let line = source.len() - rest.len();
        let column = self.column.saturating_sub(1) as usize;
        let rest = rest.split(['\n', '\r']).next().unwrap_or_default();
        line + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    }

    /// The place behind `text`, if that begins here.
    pub(super) fn after(mut self, text: &str) -> Self {
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            // A carriage return alone breaks a line too, as YAML has it.
            if byte == b'\n' || byte == b'\r' && bytes.peek() != Some(&b'\n') {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xC0 != 0x80 {
                self.column += 1;
            }
        }
        self
    }
}

impl Problem {
    pub(super) fn new(position: Position, message: impl Into<String>) -> Self {
        Problem { position, message: message.into() }
    }

    pub(super) fn empty(position: Position) -> Self {
        Problem::new(position, "the input is empty; a template is a map with `Resources`: give one")
    }
}

impl Problems {
    /// Every problem, at least one.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    /// These problems if there are any.
    pub(super) fn of(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by_key(|problem| problem.position);
        (!problems.is_empty()).then_some(Problems(problems))
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Problems(vec![problem])
    }
}

impl std::error::Error for Problem {}

impl std::error::Error for Problems {}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

/// The first characters of a text, as they may stand in a message.
pub(super) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut excerpt = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            _ if index == SHOWN => {
                excerpt.push('…');
                break;
            }
            c if c.is_control() => excerpt.extend(c.escape_default()),
            c => excerpt.push(c),
        }
    }
    excerpt
}
