//! What the loops around a place hand in, and the place with it. Never copies a tree: the body of a loop
//! stands there once, and is read once for each item.

use std::fmt;
use std::sync::Arc;

use super::{Part, Text};
use crate::read::Tree;

/// The identifiers of the `Fn::ForEach` around a place, each with the item of its turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Option<Arc<Binding>>);

#[derive(Debug, PartialEq, Eq)]
struct Binding {
    identifier: String,
    item: Text,
    /// The item in messages.
    shown: String,
    outer: Scope,
}

/// A value of a template together with what is known of its place.
#[derive(Clone, Debug)]
pub struct Term<'t> {
    /// What was written.
    pub tree: &'t Tree,
    /// The loops around it.
    pub scope: Scope,
    /// The condition without which it is not there at all, such as its resource's.
    pub when: Option<String>,
}

impl<'t> From<&'t Tree> for Term<'t> {
    fn from(tree: &'t Tree) -> Self {
        Term { tree, scope: Scope::default(), when: None }
    }
}

impl<'t> From<&Term<'t>> for Term<'t> {
    fn from(term: &Term<'t>) -> Self {
        term.clone()
    }
}

impl<'t> Term<'t> {
    /// What stands under a key of it, under the same loops and condition.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Term<'t>> {
        Some(self.with(self.tree.get(key)?))
    }

    /// Another value of the same place.
    #[must_use]
    pub fn with(&self, tree: &'t Tree) -> Term<'t> {
        Term { tree, scope: self.scope.clone(), when: self.when.clone() }
    }
}

impl Scope {
    pub(super) fn bind(&self, identifier: &str, item: Text) -> Scope {
        let outer = self.clone();
        let (identifier, shown) = (identifier.to_owned(), item.brief());
        Scope(Some(Arc::new(Binding { identifier, item, shown, outer })))
    }

    /// The item of the innermost loop with this identifier.
    #[must_use]
    pub fn get(&self, identifier: &str) -> Option<&Text> {
        let mut scope = self;
        while let Some(binding) = &scope.0 {
            if binding.identifier == identifier {
                return Some(&binding.item);
            }
            scope = &binding.outer;
        }
        None
    }

    /// The text with the items of loops in it: `${Id}` as they are, `&{Id}` with only their letters and
    /// digits, as AWS documents `Fn::ForEach`.
    pub(super) fn fill(&self, text: &str) -> Text {
        let mut filled = Text::default();
        let mut rest = text;
        while self.0.is_some() {
            let Some((at, length, item)) = self.placeholder(rest) else { break };
            filled.push_str(&rest[..at]);
            let bare = rest[at..].starts_with('&');
            filled.append(&if bare { alphanumeric(item) } else { item.clone() });
            rest = &rest[at + length..];
        }
        filled.push_str(rest);
        filled
    }

    /// The first place in a text that a loop fills: where, how many bytes, with what.
    fn placeholder(&self, text: &str) -> Option<(usize, usize, &Text)> {
        let starts = text.match_indices('{').filter(|(at, _)| text[..*at].ends_with(['$', '&']));
        starts.into_iter().find_map(|(at, _)| {
            let length = text[at + 1..].bytes().take(MOST_NAME).position(|byte| byte == b'}')?;
            let name = &text[at + 1..at + 1 + length];
            let item = self.get(name)?;
            Some((at - 1, name.len() + "${}".len(), item))
        })
    }
}

/// No identifier is longer than a logical id, in bytes.
const MOST_NAME: usize = 255;

fn alphanumeric(item: &Text) -> Text {
    let mut text = Text::default();
    for part in item.parts() {
        match part {
            Part::Known(known) => {
                let kept: String = known.chars().filter(char::is_ascii_alphanumeric).collect();
                text.push_str(&kept);
            }
            // Another value than the item itself, so that it must not pass for it.
            Part::Unknown(unknown) => {
                let source = format!("letters and digits of {}", unknown.source());
                text.push(Part::Unknown(super::Unknown::new(source)));
            }
        }
    }
    text
}

/// The items, innermost first: ` for Team=Red`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scope = self;
        while let Some(binding) = &scope.0 {
            write!(f, " for {}={}", binding.identifier, binding.shown)?;
            scope = &binding.outer;
        }
        Ok(())
    }
}
