//! Expands `Fn::ForEach`, also in each other. A loop over what only the launch knows stands for one turn of
//! which the item is unknown.

use super::machine::{Machine, is_loop};
use super::{Known, Scope, Text, Unknown};
use crate::read::{Entry, Position, Tree};

/// An entry of a map, in a turn of the loops around it.
#[derive(Clone, Debug)]
pub(super) struct Expanded<'a> {
    pub(super) key: Text,
    pub(super) position: Position,
    pub(super) tree: &'a Tree,
    pub(super) scope: Scope,
    /// False if the loops around it may have any number of turns.
    pub(super) is_sure: bool,
}

impl Machine<'_, '_> {
    pub(super) fn expand<'a>(
        &mut self,
        entries: &'a [Entry],
        scope: &Scope,
        is_sure: bool,
        expanded: &mut Vec<Expanded<'a>>,
    ) {
        for entry in entries {
            if !self.spend(1 + entry.key.len(), &entry.value) {
                return;
            }
            if is_loop(&entry.key) {
                self.level(&entry.value, |machine| machine.turns(entry, scope, is_sure, expanded));
                continue;
            }
            expanded.push(Expanded {
                key: scope.fill(&entry.key),
                position: entry.key_span.start,
                tree: &entry.value,
                scope: scope.clone(),
                is_sure,
            });
        }
    }

    fn turns<'a>(
        &mut self,
        entry: &'a Entry,
        scope: &Scope,
        is_sure: bool,
        expanded: &mut Vec<Expanded<'a>>,
    ) {
        let parts = entry.value.as_list().and_then(|list| match list {
            [identifier, collection, body] => {
                Some((identifier.as_str()?, collection, body.as_map()?))
            }
            _ => None,
        });
        let Some((identifier, collection, body)) = parts else {
            let usage = "it takes a list of an identifier, a collection and a map";
            self.malformed(&entry.key, usage, &entry.value, scope);
            return;
        };
        let (items, is_list_sure) = self.collection(identifier, collection, scope);
        for item in items {
            if !self.spend(1 + item.size(), collection) {
                return;
            }
            let scope = scope.bind(identifier, item);
            self.expand(body, &scope, is_sure && is_list_sure, expanded);
        }
    }

    /// The items of a collection, and whether there are just these.
    fn collection(&mut self, identifier: &str, tree: &Tree, scope: &Scope) -> (Vec<Text>, bool) {
        match self.value(tree, scope) {
            Known::List(items) => {
                let is_sure = !items.iter().any(Known::may_be_absent);
                (items.iter().map(|item| self.text_of(item, tree, scope)).collect(), is_sure)
            }
            Known::Unknown(unknown) => {
                let item = Unknown::new(format!("{identifier} of {}", unknown.source()));
                (vec![Text::unknown(item)], false)
            }
            Known::Absent => (Vec::new(), true),
            Known::Text(_) | Known::Number(_) | Known::Bool(_) | Known::Map(_) => {
                self.note(
                    tree,
                    "a collection that is no list; a loop goes over a list of texts: give one",
                );
                (Vec::new(), false)
            }
        }
    }
}
