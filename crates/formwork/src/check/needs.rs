//! What needs what: the references of values, and which resources of a template they lead to.
//!
//! The one place that walks values for this; cycles and pictures of stacks are made from it.

use super::Index;
use super::references::raw_names;
use super::written::{Written, written};
use crate::node::{Node, Piece, Target, TargetKind};
use crate::template::{ResourceEntry, Template};

/// That a resource, or a value, needs a resource of the same template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// The position of what is needed.
    pub(crate) resource: usize,
    /// The attribute that is read; none for a `Ref` and for `DependsOn`.
    pub(crate) attribute: Option<&'static str>,
    /// Only `DependsOn` says so, and nothing is read.
    pub(crate) waits: bool,
}

/// What a resource needs, in the order of its source.
pub(crate) fn of_resource(
    template: &Template,
    index: &Index<'_>,
    entry: &ResourceEntry,
) -> Vec<Need> {
    let mut needs = Vec::new();
    let nodes = entry.properties.iter().map(|(_, node)| *node);
    let options = entry.options.as_deref();
    nodes.for_each(|node| of_value(template, index, node, &mut needs));
    for target in options.iter().flat_map(|options| &options.depends_on) {
        let found = resource(template, index, Named::Target(*target, None));
        needs.extend(found.map(|need| Need { waits: true, ..need }));
    }
    for (_, node) in options.iter().flat_map(|options| &options.metadata) {
        of_value(template, index, *node, &mut needs);
    }
    needs
}

/// Adds what a value needs.
pub(crate) fn of_value(template: &Template, index: &Index<'_>, node: Node, needs: &mut Vec<Need>) {
    targets(node, &mut |name| needs.extend(resource(template, index, name)));
}

fn resource(template: &Template, index: &Index<'_>, name: Named) -> Option<Need> {
    let (id, attribute) = match name {
        // A parameter that has a resource's id is a problem of its own, and no need.
        Named::Target(target, _) if target.kind() == TargetKind::Parameter => return None,
        Named::Target(target, attribute) if target.belongs_to(template.owner) => {
            (target.id(), attribute)
        }
        Named::Target(..) => return None,
        Named::Text(id, attribute) => (id, attribute),
    };
    let resource = *index.by_id.get(id)?;
    Some(Need { resource, attribute, waits: false })
}

/// What a node refers to: a thing and the attribute that is read, or a name in text of the author's own.
#[derive(Clone, Copy)]
enum Named {
    Target(Target, Option<&'static str>),
    Text(&'static str, Option<&'static str>),
}

impl Named {
    /// `Name` or `Name.Attribute`.
    fn text(name: &'static str) -> Self {
        match name.split_once('.') {
            Some((id, attribute)) => Named::Text(id, Some(attribute)),
            None => Named::Text(name, None),
        }
    }
}

/// Calls `found` for everything that the node refers to.
fn targets(node: Node, found: &mut impl FnMut(Named)) {
    match node {
        Node::Ref(target) => found(Named::Target(target, None)),
        Node::GetAtt(attribute) => found(Named::Target(attribute.target, Some(attribute.name))),
        Node::List(items) => items.iter().for_each(|item| targets(*item, found)),
        Node::Map(entries) => {
            by_hand(entries, found);
            for (_, value) in entries {
                targets(*value, found);
            }
        }
        Node::Call(call) => targets(call.argument, found),
        Node::Sub(pieces) => pieces.iter().for_each(|piece| match piece {
            Piece::Value(_, value) => targets(*value, found),
            Piece::Raw(text) => raw_names(text).flatten().for_each(|name| found(Named::text(name))),
            Piece::Text(_) => {}
        }),
        Node::Bool(_)
        | Node::Integer(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Name(_)
        | Node::NoValue
        | Node::Key(_) => {}
    }
}

/// Calls `found` for what a map refers to that the author wrote as a function.
fn by_hand(entries: &'static [(&'static str, Node)], found: &mut impl FnMut(Named)) {
    match written(entries) {
        Some(Written::Ref(id)) => found(Named::Text(id, None)),
        Some(Written::GetAtt(id, attribute)) => found(Named::Text(id, attribute)),
        Some(Written::Sub(text, variables)) => {
            let own = |name: &str| variables.iter().any(|(known, _)| *known == name);
            let names = raw_names(text).flatten().filter(|name| !own(name));
            names.for_each(|name| found(Named::text(name)));
        }
        Some(Written::If(_)) | None => {}
    }
}
