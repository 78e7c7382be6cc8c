//! The functions that make texts.

use indexmap::IndexMap;

use super::machine::Machine;
use super::{Known, Part, Scope, Text, Unknown};
use crate::read::Tree;

impl Machine<'_, '_> {
    pub(super) fn sub(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        const USAGE: &str = "it takes a text, or a list of a text and a map of its variables";
        let (template, variables) = match argument.as_list() {
            None => (argument, None),
            Some([template, variables]) => match variables.as_map() {
                Some(entries) => (template, Some(entries)),
                None => return self.malformed("Fn::Sub", USAGE, tree, scope),
            },
            Some(_) => return self.malformed("Fn::Sub", USAGE, tree, scope),
        };
        let Some(written) = template.as_str() else {
            return self.malformed("Fn::Sub", USAGE, tree, scope);
        };
        let mut values = IndexMap::new();
        for entry in variables.unwrap_or_default() {
            let name = scope.fill(&entry.key);
            let value = self.text(&entry.value, scope);
            if let Some(name) = name.whole() {
                values.insert(name.to_owned(), value);
            }
        }
        let filled = scope.fill(written);
        if !self.spend(filled.size(), tree) {
            return self.unknown("Fn::Sub", tree, scope);
        }
        let mut text = Text::default();
        for part in filled.parts() {
            match part {
                Part::Known(known) => {
                    let left = self.substitute(known, &values, &mut text, template, scope);
                    // Beside what a loop does not know, a name may have been cut in two.
                    if !left.is_empty() && filled.whole().is_none() {
                        return self.unknown("Fn::Sub", tree, scope);
                    }
                    text.push_str(left);
                }
                Part::Unknown(unknown) => text.push(Part::Unknown(unknown.clone())),
            }
        }
        text.into()
    }

    /// Writes a text with its `${…}` replaced; gives back what begins with a `${` that nothing closes.
    fn substitute<'w>(
        &mut self,
        written: &'w str,
        values: &IndexMap<String, Text>,
        text: &mut Text,
        tree: &Tree,
        scope: &Scope,
    ) -> &'w str {
        let mut rest = written;
        while let Some(at) = rest.find("${") {
            let Some(end) = rest[at..].find('}') else {
                text.push_str(&rest[..at]);
                return &rest[at..];
            };
            text.push_str(&rest[..at]);
            let name = &rest[at + "${".len()..at + end];
            rest = &rest[at + end + 1..];
            if let Some(literal) = name.strip_prefix('!') {
                text.push_str("${");
                text.push_str(literal);
                text.push_str("}");
                continue;
            }
            let value = self.variable(name.trim(), values, tree, scope);
            // A text beyond what is allowed to be worked out is no longer followed.
            if !self.spend(1 + value.size(), tree) {
                text.push(Part::Unknown(Unknown::new(super::machine::place(
                    "Fn::Sub", tree, scope,
                ))));
                return "";
            }
            text.append(&value);
        }
        text.push_str(rest);
        ""
    }

    fn variable(
        &mut self,
        name: &str,
        values: &IndexMap<String, Text>,
        tree: &Tree,
        scope: &Scope,
    ) -> Text {
        if let Some(value) = values.get(name) {
            return value.clone();
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-');
        if name.is_empty() || !name.chars().all(fits) {
            self.note(tree, format!("`${{{name}}}` names nothing; a name has letters, digits, `:` and `.`: correct it, or write `${{!{name}}}` if it is meant as text"));
            return Text::unknown(Unknown::new(super::machine::place("Fn::Sub", tree, scope)));
        }
        let value = match name.split_once('.') {
            Some((id, attribute)) => self.attribute(id, attribute, tree),
            None => self.reference(name, tree, scope),
        };
        self.text_of(&value, tree, scope)
    }

    pub(super) fn base64(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        match self.text(argument, scope).whole() {
            Some(text) if self.spend(text.len() * 2, tree) => Known::text(&encode(text.as_bytes())),
            _ => self.unknown("Fn::Base64", tree, scope),
        }
    }

    /// `Fn::ToJsonString` of `AWS::LanguageExtensions`.
    pub(super) fn json_string(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        let value = self.value(argument, scope);
        match value {
            Known::List(_) | Known::Map(_) if !has_gap(&value) => {
                let mut text = Text::default();
                json(&value, &mut text);
                text.into()
            }
            Known::List(_) | Known::Map(_) | Known::Unknown(_) => {
                self.unknown("Fn::ToJsonString", tree, scope)
            }
            _ => self.malformed("Fn::ToJsonString", "it takes a list or a map", tree, scope),
        }
    }
}

/// Whether something in it may be absent, with the comma beside it.
fn has_gap(value: &Known) -> bool {
    match value {
        Known::List(items) => items.iter().any(has_gap),
        Known::Map(entries) => entries.values().any(has_gap),
        value => value.may_be_absent(),
    }
}

fn json(value: &Known, out: &mut Text) {
    match value {
        Known::Text(text) => {
            out.push_str("\"");
            for part in text.parts() {
                match part {
                    Part::Known(known) => {
                        let quoted = serde_json::Value::from(known.as_str()).to_string();
                        out.push_str(&quoted[1..quoted.len() - 1]);
                    }
                    Part::Unknown(unknown) => out.push(as_json(unknown)),
                }
            }
            out.push_str("\"");
        }
        Known::Number(number) if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
            out.push_str(number);
        }
        Known::Number(number) => out.push(as_json(&Unknown::new(number))),
        Known::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Known::List(items) => {
            out.push_str("[");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                json(item, out);
            }
            out.push_str("]");
        }
        Known::Map(entries) => {
            out.push_str("{");
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push_str(":");
                json(value, out);
            }
            out.push_str("}");
        }
        Known::Unknown(unknown) => out.push(as_json(unknown)),
        Known::Absent => out.push_str("null"),
    }
}

/// What is unknown looks other in JSON than by itself: quoted, perhaps, and with escapes.
fn as_json(unknown: &Unknown) -> Part {
    Part::Unknown(Unknown::new(format!("JSON of {}", unknown.source())))
}

/// Base64 of RFC 4648, with padding.
fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or_default())
        });
        for digit in 0..4 {
            let used = digit <= chunk.len();
            let digit = DIGITS[bits >> (18 - 6 * digit) & 63];
            encoded.push(if used { char::from(digit) } else { '=' });
        }
    }
    encoded
}
