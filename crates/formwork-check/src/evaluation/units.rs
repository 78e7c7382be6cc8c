//! The parts of a template that are looked at by themselves. Knows no launch.

use formwork::read::{Content, Entry, Tree};

use super::needs::{Needs, Reader};

/// A part of a template that is looked at by itself.
pub(super) struct Unit {
    pub(super) what: Part,
    pub(super) needs: Needs,
    /// The places of what it needs in `names`.
    pub(super) names: Vec<usize>,
    /// Whether it holds a function that may fail.
    pub(super) may_fail: bool,
}

#[derive(PartialEq, Eq)]
pub(super) enum Part {
    /// A resource by its id.
    Resource(String),
    /// All resources, because loops make them.
    Resources,
    Outputs,
    /// Functions in conditions.
    Conditions,
    /// What the template asserts of its parameters.
    Rules,
}

/// The parts of a template, each with what it depends on; nothing if that is too much.
pub(super) fn units<'t>(root: &'t Tree, reader: &mut Reader<'t>) -> Option<Vec<Unit>> {
    let mut units = Vec::new();
    let entries = root.get("Resources").and_then(Tree::as_map).unwrap_or_default();
    let mut add = |what, needs, may_fail| {
        units.push(Unit { what, needs, names: Vec::new(), may_fail });
    };
    if root.get("Conditions").is_some_and(may_fail) {
        let mut needs = reader.conditions();
        (needs.direct, needs.by_region) = (needs.names.clone(), needs.region);
        add(Part::Conditions, needs, false);
    }
    if let Some(rules) = root.get("Rules") {
        add(Part::Rules, reader.rules(rules), false);
    }
    if entries.iter().any(|entry| entry.key.starts_with("Fn::")) {
        add(Part::Resources, reader.all(), true);
    } else {
        for Entry { key, value, .. } in entries {
            add(Part::Resource(key.clone()), reader.resource(value), may_fail(value));
        }
    }
    if let Some(outputs) = root.get("Outputs") {
        let has_exports = |entry: &Entry| entry.value.get("Export").is_some();
        if outputs.as_map().unwrap_or_default().iter().any(has_exports) {
            add(Part::Outputs, reader.section(outputs), false);
        }
    }
    (!reader.is_spent()).then_some(units)
}

/// Whether a function stands in it that may fail.
fn may_fail(tree: &Tree) -> bool {
    const FUNCTIONS: [&str; 3] = ["Fn::FindInMap", "Fn::Select", "Fn::Cidr"];
    match tree.content() {
        Content::Scalar(..) => false,
        Content::List(items) => items.iter().any(may_fail),
        Content::Map(entries) => entries
            .iter()
            .any(|entry| FUNCTIONS.contains(&entry.key.as_str()) || may_fail(&entry.value)),
    }
}
