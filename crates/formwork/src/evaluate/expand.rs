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
    /// The entries of a map with those of its loops; false if they are not all there.
    pub(super) fn expand<'a>(
        &mut self,
        entries: &'a [Entry],
        scope: &Scope,
        is_sure: bool,
        expanded: &mut Vec<Expanded<'a>>,
    ) -> bool {
        let mut is_complete = true;
        for entry in entries {
            // What a loop makes is kept with its items: a few lines may describe a million.
            let room = if *scope == Scope::default() { 1 } else { size_of::<Expanded<'_>>() * 2 };
            if !self.spend(room + entry.key.len(), &entry.value) {
                return false;
            }
            if is_loop(&entry.key) {
                let turns = self
                    .level(&entry.value, |machine| machine.turns(entry, scope, is_sure, expanded));
                is_complete &= turns == Some(true);
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
        is_complete
    }

    fn turns<'a>(
        &mut self,
        entry: &'a Entry,
        scope: &Scope,
        is_sure: bool,
        expanded: &mut Vec<Expanded<'a>>,
    ) -> bool {
        let parts = entry.value.as_list().and_then(|list| match list {
            [identifier, collection, body] => {
                Some((identifier.as_str()?, collection, body.as_map()?))
            }
            _ => None,
        });
        let Some((identifier, collection, body)) = parts else {
            let usage = "it takes a list of an identifier, a collection and a map";
            self.malformed(&entry.key, usage, &entry.value, scope);
            return false;
        };
        let Some((items, is_list_sure)) = self.collection(identifier, collection, scope) else {
            return false;
        };
        items.into_iter().all(|item| {
            let is_affordable = self.spend(1 + item.size(), collection);
            let scope = scope.bind(identifier, item);
            is_affordable && self.expand(body, &scope, is_sure && is_list_sure, expanded)
        })
    }

    /// The items of a collection, and whether there are just these; `None` if it is no list.
    fn collection(
        &mut self,
        identifier: &str,
        tree: &Tree,
        scope: &Scope,
    ) -> Option<(Vec<Text>, bool)> {
        match self.value(tree, scope) {
            Known::List(items) => {
                let is_sure = !items.iter().any(Known::may_be_absent);
                Some((items.iter().map(|item| self.text_of(item, tree, scope)).collect(), is_sure))
            }
            Known::Unknown(unknown) => {
                let item = Unknown::new(format!("{identifier} of {}", unknown.source()));
                Some((vec![Text::unknown(item)], false))
            }
            _ => {
                let message =
                    "a collection that is no list; a loop goes over a list of texts: give one";
                self.note(tree, message);
                None
            }
        }
    }
}
