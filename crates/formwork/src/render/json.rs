//! Lays a document out as JSON: two spaces a level, one entry a line, the author's order, long forms.
//!
//! Nothing in here knows a short form, and nothing that JSON leaves open is used: no comments, no
//! trailing commas, no escapes but JSON's own.

use super::Sink;
use super::scalar;

/// Writes JSON.
#[derive(Debug, Default)]
pub struct JsonWriter {
    out: String,
    /// For every open map and list: whether it is empty, and whether it is a list.
    frames: Vec<(bool, bool)>,
}

impl JsonWriter {
    /// A writer with an empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The document's text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// Begins the line of an entry or item.
    fn line(&mut self) {
        let depth = self.frames.len();
        if let Some((empty, _)) = self.frames.last_mut() {
            if !std::mem::replace(empty, false) {
                self.out.push(',');
            }
            self.out.push('\n');
            scalar::spaces(&mut self.out, 2 * depth);
        }
    }

    /// Begins the item of a list if that is where the next value goes.
    fn item(&mut self) {
        if let Some((_, true)) = self.frames.last() {
            self.line();
        }
    }

    fn open(&mut self, bracket: char, list: bool) {
        self.item();
        self.out.push(bracket);
        self.frames.push((true, list));
    }

    fn close(&mut self, bracket: char) {
        if let Some((false, _)) = self.frames.pop() {
            self.out.push('\n');
            scalar::spaces(&mut self.out, 2 * self.frames.len());
        }
        self.out.push(bracket);
    }
}

impl Sink for JsonWriter {
    fn begin_map(&mut self) {
        self.open('{', false);
    }

    fn key(&mut self, key: &str) {
        self.line();
        scalar::json_string(&mut self.out, key);
        self.out.push_str(": ");
    }

    fn end_map(&mut self) {
        self.close('}');
    }

    fn begin_list(&mut self) {
        self.open('[', true);
    }

    fn end_list(&mut self) {
        self.close(']');
    }

    fn begin_call(&mut self, name: &str, _tag: Option<&str>) {
        self.begin_map();
        self.key(name);
    }

    fn end_call(&mut self) {
        self.end_map();
    }

    fn get_att(&mut self, id: &str, attribute: &str) {
        self.begin_call("Fn::GetAtt", None);
        self.begin_list();
        self.text(id);
        self.text(attribute);
        self.end_list();
        self.end_call();
    }

    fn text(&mut self, text: &str) {
        self.item();
        scalar::json_string(&mut self.out, text);
    }

    fn integer(&mut self, number: i64) {
        self.item();
        scalar::integer(&mut self.out, number);
    }

    fn number(&mut self, number: f64) {
        self.item();
        scalar::number(&mut self.out, number);
    }

    fn boolean(&mut self, value: bool) {
        self.item();
        self.out.push_str(if value { "true" } else { "false" });
    }
}
