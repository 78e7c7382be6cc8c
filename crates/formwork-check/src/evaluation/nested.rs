//! What a stack hands to those that it nests: held to their parameters, and their launch.

use formwork::evaluate::{Known, Resource};
use formwork::read::{Segment, Tree, pointer};
use indexmap::IndexMap;

use super::parameters;
use super::rules::HANDED;
use crate::finding::{Finding, shown};
use crate::schema::Launched;
use crate::subject::Subject;

/// The template that a resource nests and the parameters that it is given in this launch, unless it refuses them.
pub(super) fn handed(
    subject: &Subject,
    parent: usize,
    resource: &Resource<'_>,
    launched: &Launched<'_>,
    found: &mut Vec<Finding>,
) -> Option<(usize, IndexMap<String, Known>)> {
    let id = resource.id.whole()?;
    let child = *subject.nests.get(&(parent, id.to_owned()))?;
    let root = subject.templates[child].root();
    let term = resource.property("Parameters");
    let given = match &term {
        None => IndexMap::new(),
        Some(term) => match launched.views().always.value(term) {
            Known::Map(given) => given,
            Known::Absent => IndexMap::new(),
            _ => return None,
        },
    };
    let before = found.len();
    for (name, value) in &given {
        let Some(parameter) = parameters::named(root, name) else { continue };
        let Some(text) = text(value) else { continue };
        let Some(allowed) = parameter.refusal(&text) else { continue };
        let path = ["Resources", id, "Properties", "Parameters", name].map(Segment::Key);
        let template = &subject.templates[parent];
        let written = term.as_ref().and_then(|term| term.tree.get(name));
        let at = written.or(term.as_ref().map(|term| term.tree));
        let place = match at {
            Some(tree) => template.place(Tree::span(tree).start, &pointer(&path)),
            None => template.place(resource.position, &pointer(&path)),
        };
        let child = shown(&subject.templates[child].name);
        let message = format!("`{child}` refuses what it is given as `{}`", shown(name));
        found.push(Finding::new(HANDED, place, message).given(shown(&text)).allowed(allowed));
    }
    // Whether a stack is there that only the launch knows of is not guessed.
    (found.len() == before && resource.exists == Some(true)).then_some((child, given))
}

/// A value as a parameter takes it, if all of it is known.
fn text(value: &Known) -> Option<String> {
    match value {
        Known::List(items) => {
            let items: Option<Vec<&str>> = items.iter().map(Known::whole).collect();
            Some(items?.join(","))
        }
        value => value.whole().map(str::to_owned),
    }
}
