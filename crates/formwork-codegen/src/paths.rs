//! Which properties are read-only, replace the resource, and so on: walks the path lists of a schema over
//! its structs.
//!
//! A definition may be used in several places, and a path list may name only one of them. So every way to
//! a struct is walked, and a field remembers what held of it on each. What lies behind a read-only
//! property is not reached.

use std::collections::BTreeSet;

use crate::raw::{Arena, Flags, Kind};
use crate::schema::Schema;

/// Which list of the schema a path comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    ReadOnly,
    WriteOnly,
    CreateOnly,
    MayCreateOnly,
    Deprecated,
}

/// What is left of a path, as seen from a struct.
type Rest<'a> = (List, Vec<&'a str>);

/// Marks the fields of everything that is reached from `root`.
pub fn mark(schema: &Schema, arena: &mut Arena, root: usize) {
    let lists = [
        (List::ReadOnly, &schema.read_only_properties),
        (List::WriteOnly, &schema.write_only_properties),
        (List::CreateOnly, &schema.create_only_properties),
        (List::MayCreateOnly, &schema.conditional_create_only_properties),
        (List::Deprecated, &schema.deprecated_properties),
    ];
    let paths =
        lists.into_iter().flat_map(|(list, paths)| paths.iter().map(move |path| (list, path)));
    let paths = paths.map(|(list, path)| (list, path.split('.').collect())).collect();
    let mut walk = Walk { arena, seen: BTreeSet::new() };
    walk.structure(root, &paths, Flags::default());
}

struct Walk<'a, 'b> {
    arena: &'a mut Arena,
    seen: BTreeSet<(usize, BTreeSet<Rest<'b>>, Flags)>,
}

impl<'b> Walk<'_, 'b> {
    /// `inherited` is what holds of the property that the struct stands in.
    fn structure(&mut self, index: usize, paths: &BTreeSet<Rest<'b>>, inherited: Flags) {
        if !self.seen.insert((index, paths.clone(), inherited)) {
            return;
        }
        for field in 0..self.arena.structs[index].fields.len() {
            let (name, kind) = {
                let field = &self.arena.structs[index].fields[field];
                (field.name.clone(), field.kind.clone())
            };
            let below: BTreeSet<Rest<'b>> =
                paths.iter().filter_map(|rest| step(rest, &name)).collect();
            let flags = flags(&below, inherited);
            self.arena.structs[index].fields[field].flags.push(flags);
            if let (Kind::Struct(inner), false) = (kind.innermost(), flags.read_only) {
                let inherited = Flags { deprecated: false, write_only: false, ..flags };
                self.structure(*inner, &below, inherited);
            }
        }
    }
}

/// The path as seen from behind the property `name`, if it leads there. Elements are passed over: some
/// schemas write `*` for them and some write nothing.
fn step<'b>((list, path): &Rest<'b>, name: &str) -> Option<Rest<'b>> {
    let path = match path.first() {
        Some(&"*") => &path[1..],
        _ => path,
    };
    (path.first() == Some(&name)).then(|| (*list, path[1..].to_vec()))
}

fn flags(below: &BTreeSet<Rest<'_>>, inherited: Flags) -> Flags {
    let ends = |list: List| {
        below.iter().any(|(l, path)| *l == list && path.iter().all(|part| *part == "*"))
    };
    Flags {
        read_only: ends(List::ReadOnly),
        write_only: ends(List::WriteOnly),
        replaces: inherited.replaces || ends(List::CreateOnly),
        may_replace: inherited.may_replace || ends(List::MayCreateOnly),
        deprecated: ends(List::Deprecated),
    }
}
