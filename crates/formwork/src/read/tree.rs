//! The tree that a template is read into, and the ways through it.
//!
//! Only the reader makes one, so none is deeper than its limit: what walks or drops a tree can rely on
//! that. Nothing in here interprets a scalar unless it is asked to.

use std::fmt::Write;

use super::problem::{Position, Span};
use super::scalar::{self, Scalar};

/// A value with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    content: Content,
    span: Span,
    /// The entries of a large map by their keys, as numbers, so that one is found without looking at all.
    by_key: Box<[u32]>,
}

/// A map of so many entries is looked through from the start.
const FEW: usize = 16;

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A text, number, boolean or null, as it was written.
    Scalar(String, Style),
    /// A list.
    List(Vec<Tree>),
    /// A map, in the order of the text and without a key twice. An intrinsic is a map with one entry,
    /// whatever form it had.
    Map(Vec<Entry>),
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes: it may be meant as something else than a text.
    Plain,
    /// In quotes, or behind the tag of a short form: a text.
    Quoted,
    /// As a block after `|` or `>`: a text.
    Block,
    /// A number, `true`, `false` or `null` of JSON.
    Json,
}

/// An entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, as it was written.
    pub key: String,
    /// The key's place in the text; the tag's if it was the tag of a short form.
    pub key_span: Span,
    /// The value.
    pub value: Tree,
}

/// One step on the way into a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Segment<'t> {
    /// To a map's entry.
    Key(&'t str),
    /// To a list's item, counted from 0.
    Index(usize),
}

/// The way to a value as a JSON pointer, such as `/Resources/Topic/Type`; the root's is empty.
#[must_use]
pub fn pointer(path: &[Segment<'_>]) -> String {
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            // Writing into a `String` cannot fail.
            Segment::Index(index) => write!(pointer, "{index}").unwrap_or_default(),
        }
    }
    pointer
}

impl Tree {
    pub(super) fn new(content: Content, span: Span) -> Self {
        let by_key = match &content {
            Content::Map(entries) if entries.len() > FEW => {
                let mut order: Vec<u32> = (0..).take(entries.len()).collect();
                order.sort_by_key(|at| entries[*at as usize].key.as_str());
                order.into()
            }
            _ => Box::default(),
        };
        Tree { content, span, by_key }
    }

    /// What it is.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Its place in the text; of an intrinsic in its short form, with the tag.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// A scalar's text as it was written, whatever it may be meant as.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(text, _) => Some(text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// What a scalar means: by the rules of YAML 1.1, as CloudFormation reads it, or of JSON. Quoted
    /// text is a text; a date is one too.
    #[must_use]
    pub fn as_scalar(&self) -> Option<Scalar<'_>> {
        match &self.content {
            Content::Scalar(text, style) => Some(scalar::resolve(text, *style)),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// Whether it is a null, or nothing was written.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.as_scalar(), Some(Scalar::Null))
    }

    /// A boolean that is not quoted: `true`, `Yes`, `off` and so on.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_scalar() {
            Some(Scalar::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// A whole number that is not quoted; also `0x1F`, `0b1`, `017` and `1_000`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.as_scalar() {
            Some(Scalar::Integer(number)) => Some(number),
            _ => None,
        }
    }

    /// A number that is not quoted.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a number beyond 2^53 is asked for as a float")]
    pub fn as_f64(&self) -> Option<f64> {
        match self.as_scalar() {
            Some(Scalar::Integer(number)) => Some(number as f64),
            Some(Scalar::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A list's items.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Tree]> {
        match &self.content {
            Content::List(items) => Some(items),
            Content::Scalar(..) | Content::Map(_) => None,
        }
    }

    /// A map's entries.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            Content::Scalar(..) | Content::List(_) => None,
        }
    }

    /// The entry of a map with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.as_map()?;
        if self.by_key.is_empty() {
            return entries.iter().find(|entry| entry.key == key);
        }
        let of = |at: &u32| entries[*at as usize].key.as_str();
        let found = self.by_key.binary_search_by_key(&key, of).ok()?;
        entries.get(self.by_key[found] as usize)
    }

    /// The value of a map with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The function and argument if it is an intrinsic: a map with the one key `Ref`, `Condition` or
    /// `Fn::…`. A map with the one key `Condition` may also be something else, depending on where it stands.
    #[must_use]
    pub fn intrinsic(&self) -> Option<(&str, &Tree)> {
        match self.as_map()? {
            [Entry { key, value, .. }]
                if key == "Ref" || key == "Condition" || key.starts_with("Fn::") =>
            {
                Some((key, value))
            }
            _ => None,
        }
    }

    /// The value that a JSON pointer such as `/Resources/Topic/Type` leads to.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Tree> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |tree, segment| match &tree.content {
            Content::Scalar(..) => None,
            Content::List(items) => items.get(segment.parse::<usize>().ok()?),
            Content::Map(_) => tree.get(&segment.replace("~1", "/").replace("~0", "~")),
        })
    }

    /// The way to the value that begins at a place of the text, to the innermost if several do; if none does, to the value
    /// whose key begins there.
    #[must_use]
    pub fn path_to(&self, at: Position) -> Vec<Segment<'_>> {
        let mut path = Vec::new();
        let mut tree = self;
        loop {
            let next = match &tree.content {
                Content::Scalar(..) => None,
                Content::List(items) => {
                    let behind = items.partition_point(|item| item.span.start <= at);
                    behind.checked_sub(1).map(|last| (Segment::Index(last), &items[last]))
                }
                Content::Map(entries) => {
                    let behind = entries.partition_point(|entry| entry.key_span.start <= at);
                    let last = behind.checked_sub(1).map(|last| &entries[last]);
                    last.map(|last| (Segment::Key(last.key.as_str()), &last.value))
                }
            };
            let Some((segment, inner)) = next else { return path };
            if inner.span.start > at {
                // It is the key that begins there, unless what it is the first key of does.
                if tree.span.start != at {
                    path.push(segment);
                }
                return path;
            }
            path.push(segment);
            tree = inner;
        }
    }

    /// Visits this value and everything in it in the order of the text, each with the way to it.
    pub fn walk<'t>(&'t self, mut visit: impl FnMut(&[Segment<'t>], &'t Tree)) {
        let mut path = Vec::new();
        let mut open = vec![Children::of(self)];
        visit(&path, self);
        while let Some(children) = open.last_mut() {
            let Some((segment, tree)) = children.next() else {
                open.pop();
                path.pop();
                continue;
            };
            path.push(segment);
            visit(&path, tree);
            open.push(Children::of(tree));
        }
    }
}

/// What stands right in a value.
enum Children<'t> {
    List(std::iter::Enumerate<std::slice::Iter<'t, Tree>>),
    Map(std::slice::Iter<'t, Entry>),
}

impl<'t> Children<'t> {
    fn of(tree: &'t Tree) -> Self {
        match &tree.content {
            Content::Scalar(..) => Children::Map([].iter()),
            Content::List(items) => Children::List(items.iter().enumerate()),
            Content::Map(entries) => Children::Map(entries.iter()),
        }
    }

    fn next(&mut self) -> Option<(Segment<'t>, &'t Tree)> {
        match self {
            Children::List(items) => {
                items.next().map(|(index, tree)| (Segment::Index(index), tree))
            }
            Children::Map(entries) => {
                entries.next().map(|entry| (Segment::Key(&entry.key), &entry.value))
            }
        }
    }
}
