//! Puts a `Fn::Sub` together from the pieces its author wrote.
//!
//! Text that was literal stays literal: no `${` of it, and none that only arises where two pieces meet,
//! ever becomes a reference. Text without a reference becomes a plain text without `Fn::Sub`.

use std::borrow::Cow;

use super::{Fault, MAX_DEPTH, RenderError, Result, Writer, is_looped, scalar};
use crate::node::{Node, Piece};

/// A `Fn::Sub` in the making.
struct Draft<'n> {
    text: String,
    /// Whether it becomes a `Fn::Sub`; if not, nothing is escaped.
    escaped: bool,
    /// All pieces of the outermost `Fn::Sub`.
    pieces: &'n [Piece],
    variables: Vec<Variable<'n>>,
}

struct Variable<'n> {
    /// The name that the author gave.
    wanted: &'static str,
    /// The name that it got.
    name: Cow<'static, str>,
    value: &'n Node,
}

impl Writer<'_> {
    /// A `Fn::Sub`, or the text that it comes to.
    pub(super) fn sub(&mut self, pieces: &[Piece]) -> Result {
        let escaped = refers(pieces, 0)?;
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let mut draft = Draft { text, escaped, pieces, variables: Vec::new() };
        self.pieces(&mut draft, pieces)?;
        if !escaped {
            self.sink.text(&draft.text);
        } else if draft.variables.is_empty() {
            self.intrinsic("Fn::Sub", Some("Sub"), |w| w.text(&draft.text))?;
        } else {
            self.intrinsic("Fn::Sub", Some("Sub"), |w| w.with_variables(&draft))?;
        }
        self.scratch = draft.text;
        Ok(())
    }

    fn with_variables(&mut self, draft: &Draft<'_>) -> Result {
        let entry = |w: &mut Self, variable: &Variable<'_>| w.entry(&variable.name, variable.value);
        let map = |w: &mut Self| {
            w.map(|w| draft.variables.iter().try_for_each(|variable| entry(w, variable)))
        };
        self.list([true, false], |w, text| if text { w.text(&draft.text) } else { map(w) })
    }

    fn pieces<'n>(&mut self, draft: &mut Draft<'n>, pieces: &'n [Piece]) -> Result {
        for piece in pieces {
            match piece {
                Piece::Text(text) => draft.literal(text),
                Piece::Raw(text) => draft.raw(text),
                Piece::Value(name, value) => self.value(draft, name, value)?,
            }
        }
        Ok(())
    }

    fn value<'n>(&mut self, draft: &mut Draft<'n>, name: &'static str, value: &'n Node) -> Result {
        match value {
            Node::Text(text) => draft.literal(text),
            Node::Bool(value) => draft.literal(if *value { "true" } else { "false" }),
            Node::Integer(number) => scalar::integer(&mut draft.text, *number),
            Node::Number(number) if !number.is_finite() => {
                return Err(Fault::NotFinite(*number).into());
            }
            Node::Number(number) => scalar::number(&mut draft.text, *number),
            Node::Key(key) => draft.literal(&self.resolve(key)?),
            Node::Name(target) => draft.literal(target.id()),
            // A reference in the text of a `Fn::Sub` holds no other reference.
            Node::Ref(target) if is_looped(target.id()) => draft.variable(name, value),
            Node::GetAtt(attribute) if is_looped(attribute.target.id()) => {
                draft.variable(name, value);
            }
            Node::Ref(target) => draft.reference(&[target.id()]),
            Node::NoValue => draft.reference(&["AWS::NoValue"]),
            Node::GetAtt(attribute) => {
                draft.reference(&[attribute.target.id(), ".", attribute.name]);
            }
            Node::Sub(inner) => self.pieces(draft, inner)?,
            Node::List(_) | Node::Map(_) | Node::Call(_) => draft.variable(name, value),
        }
        Ok(())
    }
}

impl<'n> Draft<'n> {
    /// Text that means itself.
    fn literal(&mut self, text: &str) {
        if !self.escaped {
            self.text.push_str(text);
            return;
        }
        let mut rest = self.join(text);
        while let Some(at) = rest.find("${") {
            self.text.push_str(&rest[..at + 2]);
            self.text.push('!');
            rest = &rest[at + 2..];
        }
        self.text.push_str(rest);
    }

    /// Text in CloudFormation's spelling.
    fn raw(&mut self, text: &str) {
        let rest = if self.escaped { self.join(text) } else { text };
        self.text.push_str(rest);
    }

    /// Keeps a `$` at the end of what there is and a `{` at the start of `text` from becoming a
    /// reference; gives back what is left to write of `text`.
    fn join<'t>(&mut self, text: &'t str) -> &'t str {
        match text.strip_prefix('{') {
            Some(rest) if self.text.ends_with('$') => {
                self.text.push_str("{!");
                rest
            }
            _ => text,
        }
    }

    fn reference(&mut self, name: &[&str]) {
        self.text.push_str("${");
        for part in name {
            self.text.push_str(part);
        }
        self.text.push('}');
    }

    /// A value that a `Fn::Sub` can only take under a name of its own.
    fn variable(&mut self, wanted: &'static str, value: &'n Node) {
        let same = |known: &&Variable<'_>| known.wanted == wanted && known.value == value;
        let name = if let Some(known) = self.variables.iter().find(same) {
            known.name.clone()
        } else {
            let name = self.free_name(if wanted.is_empty() { "Value" } else { wanted });
            self.variables.push(Variable { wanted, name: name.clone(), value });
            name
        };
        self.reference(&[&name]);
    }

    /// `wanted`, or the first of `wanted2`, `wanted3` … that nothing else in this `Fn::Sub` is called.
    fn free_name(&self, wanted: &'static str) -> Cow<'static, str> {
        let free = |name: &str| {
            !self.variables.iter().any(|variable| variable.name == name)
                && !mentions(self.pieces, name)
        };
        if free(wanted) {
            return Cow::Borrowed(wanted);
        }
        let mut number = 2_u32;
        loop {
            let name = format!("{wanted}{number}");
            if free(&name) {
                return Cow::Owned(name);
            }
            number += 1;
        }
    }
}

/// Whether there is anything in it that needs a `Fn::Sub`.
fn refers(pieces: &[Piece], depth: usize) -> std::result::Result<bool, RenderError> {
    if depth > MAX_DEPTH {
        return Err(Fault::TooDeep.into());
    }
    let mut found = false;
    for piece in pieces {
        found |= match piece {
            Piece::Text(_) => false,
            Piece::Raw(text) => text.contains("${"),
            Piece::Value(_, Node::Sub(inner)) => refers(inner, depth + 1)?,
            Piece::Value(_, value) => !is_literal(value),
        };
    }
    Ok(found)
}

/// Whether a value is text that is known when it is written.
fn is_literal(value: &Node) -> bool {
    match value {
        Node::Bool(_)
        | Node::Integer(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Name(_)
        | Node::Key(_) => true,
        Node::List(_)
        | Node::Map(_)
        | Node::Ref(_)
        | Node::GetAtt(_)
        | Node::Sub(_)
        | Node::Call(_)
        | Node::NoValue => false,
    }
}

/// Whether a reference to `name` is written in it.
fn mentions(pieces: &[Piece], name: &str) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Raw(text) => text.split("${").skip(1).any(|rest| {
            let id = rest.split(['}', '.']).next().unwrap_or_default();
            id.trim() == name
        }),
        Piece::Value(_, Node::Ref(target)) => target.id() == name,
        Piece::Value(_, Node::GetAtt(attribute)) => attribute.target.id() == name,
        Piece::Value(_, Node::Sub(inner)) => mentions(inner, name),
        Piece::Text(_) | Piece::Value(..) => false,
    })
}
