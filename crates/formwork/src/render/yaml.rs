//! Lays a document out as YAML: block style throughout, two spaces a level, lists indented under their
//! key, nothing wrapped, nothing folded.
//!
//! A tag never stands on a node that has one already, because YAML forbids it: the inner intrinsic is
//! then written in the long form.

use super::Sink;
use super::scalar::{self, Spelling};

/// Writes YAML.
#[derive(Debug, Default)]
pub struct YamlWriter {
    out: String,
    frames: Vec<Frame>,
    after: After,
}

/// What was written last, as far as what comes next depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum After {
    /// Nothing but comments.
    #[default]
    Start,
    /// A whole line.
    Line,
    /// A `key:`.
    Key,
    /// The `- ` of an item.
    Dash,
    /// A `!Tag`.
    Tag,
}

/// A map, list or intrinsic that is not closed.
#[derive(Debug)]
struct Frame {
    /// How far its own lines are indented.
    column: usize,
    /// How far the lines of what stands in it are indented.
    child: usize,
    /// Whether nothing stands in it yet.
    empty: bool,
    /// What it stands behind.
    opened: After,
}

impl YamlWriter {
    /// A writer with an empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lines of comment; for the top of the document, before everything else. A character that is not
    /// seen, and might end the line for some reader, becomes a space.
    pub fn comment(&mut self, text: &str) {
        for line in text.split('\n') {
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                self.out.extend(line.chars().map(|c| if scalar::is_shown(c) { c } else { ' ' }));
            }
            self.out.push('\n');
        }
    }

    /// The document's text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    /// How far the lines of a map or list that begins here are indented.
    fn child(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.child)
    }

    /// Begins the item of a list if that is where the next value goes.
    fn item(&mut self) {
        if self.after == After::Line {
            self.line();
            self.out.push_str("- ");
            self.after = After::Dash;
        }
    }

    /// Begins a line of the innermost map or list.
    fn line(&mut self) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let first = std::mem::replace(&mut frame.empty, false);
        if first && matches!(frame.opened, After::Dash | After::Start) {
            return;
        }
        if first {
            self.out.push('\n');
        }
        scalar::spaces(&mut self.out, frame.column);
    }

    fn space(&mut self) {
        if matches!(self.after, After::Key | After::Tag) {
            self.out.push(' ');
        }
    }

    fn open(&mut self) {
        let column = self.child();
        self.frames.push(Frame { column, child: column + 2, empty: true, opened: self.after });
        self.after = After::Line;
    }

    fn close(&mut self, nothing: &str) {
        if let Some(Frame { empty: true, opened, .. }) = self.frames.pop() {
            self.after = opened;
            self.bare(nothing);
        }
        self.after = After::Line;
    }

    /// A scalar that is spelled already.
    fn bare(&mut self, text: &str) {
        self.space();
        self.out.push_str(text);
        self.end();
    }

    fn end(&mut self) {
        self.out.push('\n');
        self.after = After::Line;
    }
}

impl Sink for YamlWriter {
    fn begin_map(&mut self) {
        self.item();
        self.open();
    }

    fn key(&mut self, key: &str) {
        self.line();
        match scalar::spelling(key, true) {
            Spelling::Plain => self.out.push_str(key),
            Spelling::Single => scalar::single_quoted(&mut self.out, key),
            Spelling::Double | Spelling::Literal => scalar::double_quoted(&mut self.out, key),
        }
        self.out.push(':');
        self.after = After::Key;
    }

    fn end_map(&mut self) {
        self.close("{}");
    }

    fn begin_list(&mut self) {
        self.item();
        self.open();
    }

    fn end_list(&mut self) {
        self.close("[]");
    }

    fn begin_call(&mut self, name: &str, tag: Option<&str>) {
        self.item();
        if let Some(tag) = tag.filter(|_| self.after != After::Tag) {
            self.space();
            self.out.push('!');
            self.out.push_str(tag);
            let child = self.child();
            self.frames.push(Frame { column: child, child, empty: false, opened: self.after });
            self.after = After::Tag;
        } else {
            self.open();
            self.key(name);
        }
    }

    fn end_call(&mut self) {
        self.frames.pop();
    }

    fn get_att(&mut self, id: &str, attribute: &str) {
        self.item();
        // A reader splits the short form at its first dot.
        if self.after == After::Tag || id.contains('.') {
            self.begin_call("Fn::GetAtt", Some("GetAtt"));
            self.begin_list();
            self.text(id);
            self.text(attribute);
            self.end_list();
            self.end_call();
            return;
        }
        self.space();
        self.out.push_str("!GetAtt ");
        self.after = After::Dash;
        let simple =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if id.starts_with(|c: char| c.is_ascii_alphabetic()) && simple(id) && simple(attribute) {
            self.out.push_str(id);
            self.out.push('.');
            self.out.push_str(attribute);
            self.end();
        } else {
            self.text(&format!("{id}.{attribute}"));
        }
    }

    fn text(&mut self, text: &str) {
        self.item();
        self.space();
        match scalar::spelling(text, false) {
            Spelling::Plain => self.out.push_str(text),
            Spelling::Single => scalar::single_quoted(&mut self.out, text),
            Spelling::Double => scalar::double_quoted(&mut self.out, text),
            Spelling::Literal => {
                let indent = self.child().max(2);
                scalar::literal(&mut self.out, text, indent);
            }
        }
        self.end();
    }

    fn integer(&mut self, number: i64) {
        self.item();
        self.space();
        scalar::integer(&mut self.out, number);
        self.end();
    }

    fn number(&mut self, number: f64) {
        self.item();
        self.space();
        scalar::number(&mut self.out, number);
        self.end();
    }

    fn boolean(&mut self, value: bool) {
        self.item();
        self.bare(if value { "true" } else { "false" });
    }
}
