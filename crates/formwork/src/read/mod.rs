//! Reads a template, YAML or JSON, into a [`Tree`] in which every key and value knows its line and column.
//!
//! What CloudFormation would refuse is refused here: a key twice, anchors and aliases, tags that are no
//! intrinsic, more than one document. Short forms become long ones (`!GetAtt a.b` is split at its first
//! dot); plain text stays what was written, so `012` and `2012-10-17` are never numbers or dates unless
//! the caller asks for one.
//!
//! The input may be hostile: its size, depth and number of values are limited, nothing recurses into it,
//! and nothing in it is expanded. Nothing in here knows what a template means, reads a file, or panics.
//!
//! ```
//! let document = formwork::read::parse(b"Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n")?;
//! let kind = document.root.at("/Resources/Topic/Type").expect("the topic has a type");
//! assert_eq!(kind.as_str(), Some("AWS::SNS::Topic"));
//! assert_eq!(kind.span().start.to_string(), "3:11");
//!
//! let problems = formwork::read::parse(b"A: 1\nA: 2\n").expect_err("a key stands there twice");
//! assert_eq!(
//!     problems.to_string(),
//!     "2:1: the key `A` is already on line 1; a key may stand only once in a map: remove or rename one"
//! );
//! # Ok::<(), formwork::read::Problems>(())
//! ```

mod build;
mod json;
mod problem;
mod scalar;
mod tag;
mod tree;
mod yaml;

pub use problem::{Position, Problem, Problems, Span};
pub use scalar::Scalar;
pub use tree::{Content, Entry, Segment, Style, Tree, pointer};

use crate::render::Format;
use build::Builder;

/// A template as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it was written in.
    pub format: Format,
    /// Everything in it.
    pub root: Tree,
}

/// How much is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of text. CloudFormation itself takes 1 MB.
    pub bytes: usize,
    /// The most keys and values.
    pub nodes: usize,
    /// How deep lists, maps and intrinsics may stand in each other; never more than 1,000, so that
    /// dropping or cloning a tree cannot use up the stack.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 10_000_000, nodes: 1_000_000, depth: crate::render::MAX_DEPTH }
    }
}

/// Reads a template. Text that begins with `{` or `[` is JSON unless it only makes sense as YAML.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be found at once.
pub fn parse(source: &[u8]) -> Result<Document, Problems> {
    parse_within(source, &Limits::default())
}

/// Reads a template within other limits than the usual ones.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be found at once.
pub fn parse_within(source: &[u8], limits: &Limits) -> Result<Document, Problems> {
    const DEEPEST: usize = 1_000;
    let limits = &Limits { depth: limits.depth.min(DEEPEST), ..*limits };
    let text = text(source, limits)?;
    if !text.trim_start().starts_with(['{', '[']) {
        return read_yaml(text, limits);
    }
    let mut builder = Builder::new(limits);
    match json::read(text, &mut builder) {
        Ok(()) => Ok(Document { format: Format::Json, root: builder.finish()? }),
        Err(json::Stop::Refused(problem)) => Err(builder.refuse(problem)),
        // Maps and lists in braces and brackets are YAML too.
        Err(json::Stop::NotJson(problem)) => {
            read_yaml(text, limits).map_err(|_| Problems::from(problem))
        }
    }
}

fn read_yaml(text: &str, limits: &Limits) -> Result<Document, Problems> {
    let mut builder = Builder::new(limits);
    match yaml::read(text, &mut builder) {
        Ok(()) => Ok(Document { format: Format::Yaml, root: builder.finish()? }),
        Err(problem) => Err(builder.refuse(problem)),
    }
}

/// The bytes as text, without a byte order mark.
fn text<'s>(source: &'s [u8], limits: &Limits) -> Result<&'s str, Problems> {
    let start = Position::START;
    if source.len() > limits.bytes {
        let size = source.len();
        let most = limits.bytes;
        return Err(Problem::new(
            start,
            format!("the input has {size} bytes; at most {most} are read: split it"),
        )
        .into());
    }
    if matches!(source, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]) {
        return Err(Problem::new(
            start,
            "the input is UTF-16; only UTF-8 is allowed: save it as UTF-8",
        )
        .into());
    }
    let text = std::str::from_utf8(source).map_err(|error| {
        let read = String::from_utf8_lossy(&source[..error.valid_up_to()]);
        Problem::new(
            start.after(&read),
            "a byte that is not UTF-8; only UTF-8 is allowed: save the file as UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Problem::empty(start).into());
    }
    Ok(text)
}
