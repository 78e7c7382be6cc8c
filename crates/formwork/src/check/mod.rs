//! What synth refuses: everything that is wrong with a template whatever account it is launched in, and
//! that types cannot say.
//!
//! Each module looks at one thing and adds to one list, so that a run says all of its problems at once. What
//! needs AWS's schemas, a region or a set of parameters is not for here.

mod cycles;
mod exceptions;
mod exports;
mod inputs;
mod limits;
mod names;
pub(crate) mod needs;
mod patterns;
mod policies;
mod references;
mod texts;
mod written;

use std::collections::HashMap;

use crate::node::Target;
use crate::problem::Problem;
use crate::template::{Entry, OutputEntry, ResourceEntry, Template};

pub(crate) use exports::exports;
pub(crate) use limits::limit_of_size;

/// What the checks of one template found out on the way.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// A function needs the transform `AWS::LanguageExtensions`.
    pub(crate) language_extensions: bool,
    /// A function or transform is a macro of the account.
    pub(crate) macros: bool,
}

/// Everything that is wrong with this template alone.
pub(crate) fn template(template: &Template, problems: &mut Vec<Problem>) -> Facts {
    let index = Index::of(template);
    names::check(template, &index, problems);
    limits::check(template, &index, problems);
    texts::check(template, &index, problems);
    inputs::check(template, problems);
    let facts = references::check(template, &index, problems);
    cycles::check(template, &index, problems);
    policies::check(template, &index, problems);
    exceptions::check(template, &index, problems);
    facts
}

/// The template's resources and outputs, with those in loops, and where each id is.
pub(crate) struct Index<'a> {
    pub(crate) resources: Vec<&'a ResourceEntry>,
    pub(crate) outputs: Vec<&'a OutputEntry>,
    /// The position of a resource by its id; the first one if an id is taken twice.
    pub(crate) by_id: HashMap<&'static str, usize>,
    pub(crate) parameters: HashMap<&'static str, Target>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(template: &'a Template) -> Self {
        let mut resources = Vec::with_capacity(template.resources.len());
        flatten(&template.resources, &mut resources);
        let mut outputs = Vec::with_capacity(template.outputs.len());
        flatten(&template.outputs, &mut outputs);
        let mut by_id = HashMap::with_capacity(resources.len());
        for (position, resource) in resources.iter().enumerate() {
            by_id.entry(resource.target.id()).or_insert(position);
        }
        let parameters = template.inputs.iter().map(|(target, _)| (target.id(), *target)).collect();
        Index { resources, outputs, by_id, parameters }
    }
}

/// All entries, those in loops too.
pub(crate) fn flatten<'a, T>(entries: &'a [Entry<T>], into: &mut Vec<&'a T>) {
    for entry in entries {
        match entry {
            Entry::One(one) => into.push(one),
            Entry::Loop { body, .. } => flatten(body, into),
        }
    }
}
