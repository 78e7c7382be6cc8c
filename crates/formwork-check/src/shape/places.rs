//! The entries of a section, those in loops too, each with the way to it.

use formwork::read::{Entry, Tree};

/// An entry, and the keys that lead to it.
pub(super) struct Found<'t> {
    pub(super) entry: &'t Entry,
    pub(super) path: Vec<&'t str>,
}

impl Found<'_> {
    /// The way to something in it.
    pub(super) fn to<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        self.path.iter().copied().chain(rest.iter().copied()).collect()
    }
}

/// The entries of a section; loops stand for what is in them, and other functions are left out.
pub(super) fn entries<'t>(root: &'t Tree, section: &'t str) -> Vec<Found<'t>> {
    let mut found = Vec::new();
    let start = root.get(section).and_then(Tree::as_map).unwrap_or_default();
    let mut open = vec![(vec![section], start)];
    while let Some((path, entries)) = open.pop() {
        for entry in entries {
            let path = [&path[..], &[entry.key.as_str()]].concat();
            if !entry.key.starts_with("Fn::") {
                found.push(Found { entry, path });
            } else if entry.key.starts_with("Fn::ForEach::") {
                let body = entry.value.as_list().and_then(|list| list.get(2)?.as_map());
                open.extend(body.map(|body| ([&path[..], &["2"]].concat(), body)));
            }
        }
    }
    found
}
