//! The stacks that one launch makes: a template, and those that it nests, each evaluated with what it is handed.

use std::cell::Cell;
use std::collections::BTreeSet;

use formwork::evaluate::{Evaluation, Known, Surroundings};
use indexmap::IndexMap;

use super::scene::any_launch;
use crate::subject::Subject;

/// How many stacks of one launch are looked at.
const MOST: usize = 200;

/// How many bytes of templates one question evaluates, over all launches.
const MOST_BYTES: usize = 256 << 20;

/// What is left of them.
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) fn new() -> Self {
        Budget(Cell::new(MOST_BYTES))
    }

    /// Whether a template may be evaluated once more.
    fn spend(&self, subject: &Subject, template: usize) -> bool {
        let bytes = subject.texts.get(&subject.templates[template].file).map_or(0, String::len);
        let left = self.0.get().checked_sub(bytes + 1);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// One stack of a launch.
pub(super) struct Instance<'e, 't> {
    /// The place of its template.
    pub(super) template: usize,
    pub(super) evaluation: &'e Evaluation<'t>,
    /// The logical ids of the nested stacks on the way to it; the template's name at the root.
    pub(super) path: String,
    /// The same of the stack around it.
    pub(super) parent: String,
    /// Whether it is made in every launch.
    pub(super) is_there: bool,
}

/// The templates that no other nests.
pub(super) fn roots(subject: &Subject) -> Vec<usize> {
    let nested: BTreeSet<usize> = subject.nests.values().copied().collect();
    (0..subject.templates.len()).filter(|at| !nested.contains(at)).collect()
}

/// Visits the stacks that a launch of a template makes. Without `given` no parameter is known.
pub(super) fn walk(
    subject: &Subject,
    root: usize,
    region: &str,
    given: Option<&IndexMap<String, Known>>,
    budget: &Budget,
    visit: &mut impl FnMut(&Instance<'_, '_>),
) {
    if !budget.spend(subject, root) {
        return;
    }
    let template = &subject.templates[root];
    let evaluation = match given {
        None => any_launch(template.root(), region),
        Some(given) => {
            let around = Surroundings::of_region(region).in_account(Surroundings::EXAMPLE_ACCOUNT);
            Evaluation::new(template.root(), &around, given)
        }
    };
    let mut open = vec![(root, evaluation, template.name.clone(), String::new(), true)];
    let mut seen = 0;
    while let Some((at, evaluation, path, parent, is_there)) = open.pop() {
        seen += 1;
        if seen > MOST {
            return;
        }
        visit(&Instance {
            template: at,
            evaluation: &evaluation,
            path: path.clone(),
            parent,
            is_there,
        });
        let mut nested = Vec::new();
        for resource in evaluation.resources() {
            let Some(id) = resource.id.whole() else { continue };
            let Some(child) = subject.nests.get(&(at, id.to_owned())) else { continue };
            if !budget.spend(subject, *child) {
                break;
            }
            let parameters = resource.property("Parameters").map(|term| evaluation.value(&term));
            let inside = evaluation.nested(subject.templates[*child].root(), parameters.as_ref());
            let is_there = is_there && resource.exists == Some(true);
            nested.push((*child, inside, format!("{path}/{id}"), path.clone(), is_there));
        }
        nested.reverse();
        open.extend(nested);
    }
}
