//! How long a policy is as IAM counts: JSON without white space between its parts.
//!
//! What a reference will be is not known when a program runs, so a caller says how long it takes each to
//! be. Nothing in here knows a limit; [`limits`](super::limits) has them.

use super::problems::documents;
use crate::node::{Call, Function, Node, Piece, Target, TargetKind};
use crate::source::Source;

/// The length of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Characters of JSON. Of two branches of an `Fn::If`, the longer one.
    pub characters: usize,
    /// Whether nothing had to be estimated.
    pub exact: bool,
}

/// The length of a node as JSON. `estimate` says how many characters a reference, an attribute or an
/// intrinsic that cannot be seen through will have; [`estimate`](fn@estimate) is one to begin with.
///
/// ```
/// use formwork::iam::size::json_len;
/// use formwork::{IntoNode, object};
/// let node = object([("Effect", "Allow")]).into_node();
/// assert_eq!(json_len(node, &|_| 0).characters, r#"{"Effect":"Allow"}"#.len());
/// ```
#[must_use]
pub fn json_len(node: Node, estimate: &dyn Fn(Node) -> usize) -> Size {
    let mut meter = Meter { estimate, exact: true };
    let characters = meter.value(node);
    Size { characters, exact: meter.exact }
}

/// The lengths of the inline policies in the property `Policies` of a role, group or user together, as IAM
/// counts them against one quota.
#[must_use]
pub fn inline_len(policies: Node, estimate: &dyn Fn(Node) -> usize) -> Size {
    let documents = documents(policies);
    // Two documents in one place are the branches of an `Fn::If`: the longer one counts.
    let mut places: Vec<(String, Size)> = Vec::new();
    for (path, document) in documents {
        let size = json_len(document, estimate);
        match places.iter_mut().find(|(known, _)| *known == path) {
            Some((_, other)) => {
                let exact = other.exact && size.exact && other.characters == size.characters;
                *other = Size { characters: other.characters.max(size.characters), exact };
            }
            None => places.push((path, size)),
        }
    }
    places.into_iter().fold(Size { characters: 0, exact: true }, |sum, (_, size)| Size {
        characters: sum.characters + size.characters,
        exact: sum.exact && size.exact,
    })
}

/// How long a reference is likely to be at most: pseudo parameters by their longest value; everything else
/// 128 characters, which hardly any name or ARN exceeds.
#[must_use]
pub fn estimate(node: Node) -> usize {
    let Node::Ref(target) = node else { return 128 };
    match target.id() {
        "AWS::AccountId" => 12,
        "AWS::Partition" => "aws-us-gov".len(),
        "AWS::Region" => "ap-southeast-1".len(),
        "AWS::URLSuffix" => "amazonaws.com.cn".len(),
        "AWS::StackId" => 230,
        _ => 128,
    }
}

struct Meter<'a> {
    estimate: &'a dyn Fn(Node) -> usize,
    exact: bool,
}

impl Meter<'_> {
    fn value(&mut self, node: Node) -> usize {
        match node {
            Node::NoValue => 0,
            Node::Bool(value) => value.to_string().len(),
            Node::Integer(number) => number.to_string().len(),
            Node::Number(number) => number.to_string().len(),
            Node::List(items) => {
                let there = items.iter().filter(|item| **item != Node::NoValue);
                bracketed(there.map(|item| self.value(*item)))
            }
            Node::Map(entries) => {
                let there = entries.iter().filter(|(_, value)| *value != Node::NoValue);
                bracketed(there.map(|(key, value)| escaped(key) + 3 + self.value(*value)))
            }
            Node::Call(Call { function: Function::If, argument: Node::List([_, a, b]) }) => {
                let (a, b) = (self.value(*a), self.value(*b));
                self.longer(a, b)
            }
            other => 2 + self.text(other),
        }
    }

    /// What a node adds to the text that it stands in.
    fn text(&mut self, node: Node) -> usize {
        match node {
            Node::Text(text) => escaped(text),
            Node::Name(target) => escaped(target.id()),
            Node::Bool(_) | Node::Integer(_) | Node::Number(_) => self.value(node),
            Node::Sub(pieces) => pieces.iter().map(|piece| self.piece(*piece)).sum(),
            Node::Call(Call { function: Function::If, argument: Node::List([_, a, b]) }) => {
                let (a, b) = (self.text(*a), self.text(*b));
                self.longer(a, b)
            }
            Node::Call(Call {
                function: Function::Join,
                argument: Node::List([Node::Text(separator), Node::List(items)]),
            }) => {
                let separators = escaped(separator) * items.len().saturating_sub(1);
                separators + items.iter().map(|item| self.text(*item)).sum::<usize>()
            }
            other => {
                self.exact = false;
                (self.estimate)(other)
            }
        }
    }

    fn piece(&mut self, piece: Piece) -> usize {
        match piece {
            Piece::Text(text) => escaped(text),
            Piece::Value(_, node) => self.text(node),
            Piece::Raw(text) => self.raw(text),
        }
    }

    /// `${Name}` is a reference, `${!Name}` the literal text `${Name}`.
    fn raw(&mut self, text: &'static str) -> usize {
        let Some((before, rest)) = text.split_once("${") else { return escaped(text) };
        let Some((name, after)) = rest.split_once('}') else { return escaped(text) };
        let here = match (name.strip_prefix('!'), name.split_once('.')) {
            (Some(literal), _) => escaped(literal) + "${}".len(),
            (None, Some((id, attribute))) => self.text(Node::get_att(named(id), attribute)),
            (None, None) => self.text(Node::Ref(named(name))),
        };
        escaped(before) + here + self.raw(after)
    }

    fn longer(&mut self, a: usize, b: usize) -> usize {
        self.exact &= a == b;
        a.max(b)
    }
}

fn named(id: &'static str) -> Target {
    Target::new(TargetKind::Named, id, None, Source::here())
}

/// The parts with commas between them, in brackets.
fn bracketed(parts: impl Iterator<Item = usize>) -> usize {
    parts.map(|part| part + 1).sum::<usize>().max(1) + 1
}

/// The characters of a text as JSON, without its quotes.
fn escaped(text: &str) -> usize {
    let length = |character| match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => 1,
    };
    text.chars().map(length).sum()
}
