//! What a template says of itself before any value in it is asked for: parameters, conditions, and the
//! entries of its sections with all loops expanded.

use std::cell::Cell;

use indexmap::{IndexMap, IndexSet};

use super::assume::{Choices, Truth};
use super::expand::Expanded;
use super::machine::{ALL_WORK, Machine};
use super::{Known, Surroundings, Term, Text};
use crate::read::{Problem, Scalar, Tree};

#[derive(Debug)]
pub(super) struct Facts<'t> {
    pub(super) root: &'t Tree,
    pub(super) surroundings: Surroundings,
    pub(super) parameters: IndexMap<String, Known>,
    pub(super) choices: Choices,
    /// What the caller knows of resources, by `Topic` or `Topic.Arn`.
    pub(super) learned: IndexMap<String, Known>,
    pub(super) conditions: IndexMap<String, Term<'t>>,
    pub(super) decided: IndexMap<String, Truth>,
    pub(super) resources: Vec<Expanded<'t>>,
    pub(super) outputs: Vec<Expanded<'t>>,
    /// Whether `resources` are all.
    pub(super) is_complete: bool,
    /// Every logical id, if all are known.
    pub(super) ids: Option<IndexSet<String>>,
    /// How much work all questions together may still make.
    pub(super) work: Cell<usize>,
    /// Whether a question was too much.
    pub(super) is_spent: Cell<bool>,
}

/// A text of more bytes is no list that a parameter may have.
const MOST_LIST: usize = 100_000;

impl<'t> Facts<'t> {
    pub(super) fn new(
        root: &'t Tree,
        surroundings: &Surroundings,
        given: &IndexMap<String, Known>,
    ) -> (Self, Vec<Problem>) {
        let mut facts = Facts {
            root,
            surroundings: surroundings.clone(),
            parameters: IndexMap::new(),
            choices: Choices::new(),
            learned: IndexMap::new(),
            conditions: IndexMap::new(),
            decided: IndexMap::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            is_complete: true,
            ids: None,
            work: Cell::new(ALL_WORK),
            is_spent: Cell::new(false),
        };
        let mut problems = facts.take_parameters(given);
        let (conditions, _) = facts.section("Conditions", &mut problems);
        let (resources, is_complete) = facts.section("Resources", &mut problems);
        let (outputs, _) = facts.section("Outputs", &mut problems);
        for condition in conditions {
            if let Some(name) = condition.key.whole() {
                let term =
                    Term { tree: condition.tree, scope: condition.scope.clone(), when: None };
                facts.conditions.insert(name.to_owned(), term);
            }
        }
        let id = |resource: &Expanded| resource.key.whole().map(str::to_owned);
        let is_changed = !facts.macros().is_empty() || resources.iter().any(is_macro);
        facts.is_complete = is_complete && !is_changed;
        facts.ids = resources.iter().map(id).collect::<Option<_>>().filter(|_| facts.is_complete);
        facts.resources = resources;
        facts.outputs = outputs;
        facts.decided = facts.decide_all(&mut problems);
        (facts, problems)
    }

    /// The macros of the whole template that may change anything in it.
    pub(super) fn macros(&self) -> Vec<&'t str> {
        let transform = self.root.get("Transform");
        let list = transform.and_then(Tree::as_list).unwrap_or_default();
        let one = transform.filter(|tree| tree.as_list().is_none());
        let name = |tree: &'t Tree| tree.as_str().or_else(|| tree.get("Name")?.as_str());
        let names = list.iter().chain(one).map(|tree| name(tree).unwrap_or("Fn::Transform"));
        let included = self.root.get("Fn::Transform").map(|_| "Fn::Transform");
        names.filter(|name| *name != "AWS::LanguageExtensions").chain(included).collect()
    }

    /// A section's entries, and whether they are all there.
    fn section(&self, name: &str, problems: &mut Vec<Problem>) -> (Vec<Expanded<'t>>, bool) {
        let mut expanded = Vec::new();
        let mut is_complete = true;
        let mut machine = Machine::new(self);
        match self.root.get(name) {
            None => {}
            Some(section) => match section.as_map() {
                Some(entries) => {
                    is_complete =
                        machine.expand(entries, &super::Scope::default(), true, &mut expanded);
                }
                None => machine
                    .note(section, format!("`{name}` is no map: write one entry for each name")),
            },
        }
        problems.append(&mut machine.problems);
        (expanded, is_complete)
    }

    fn decide_all(&self, problems: &mut Vec<Problem>) -> IndexMap<String, Truth> {
        let mut machine = Machine::new(self);
        for (name, condition) in &self.conditions {
            // What it says is kept in `decided`.
            drop(machine.named(name, condition.tree));
        }
        problems.append(&mut machine.problems);
        machine.decided
    }

    fn take_parameters(&mut self, given: &IndexMap<String, Known>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let declared = self.root.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
        for parameter in declared {
            let given = given.get(&parameter.key).filter(|given| **given != Known::Absent);
            let value = parameter_value(&parameter.key, &parameter.value, given);
            if let (Known::Unknown(unknown), Some(allowed)) = (&value, allowed(&parameter.value)) {
                let choices = self.choices.entry(unknown.source().to_owned());
                choices
                    .and_modify(|choices| choices.retain(|choice| allowed.contains(choice)))
                    .or_insert(allowed);
            }
            self.parameters.insert(parameter.key.clone(), value);
        }
        for name in given.keys().filter(|name| !self.parameters.contains_key(*name)) {
            let position = self.root.get("Parameters").unwrap_or(self.root).span().start;
            let message = format!(
                "a value is given for the parameter `{name}`, which the template does not have: remove it, or correct the name"
            );
            problems.push(Problem { position, message });
        }
        problems
    }
}

/// What is put in by a macro instead of an entry.
pub(super) fn is_macro(entry: &Expanded<'_>) -> bool {
    entry.key.whole() == Some("Fn::Transform")
}

/// What `Ref` of a parameter gives. Lists are texts with commas, each item without the spaces around it; an
/// empty text is a list of one empty text.
fn parameter_value(name: &str, declared: &Tree, given: Option<&Known>) -> Known {
    let kind = declared.get("Type").and_then(Tree::as_str).unwrap_or("String");
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        return Known::unknown(name);
    }
    let value = match given {
        Some(given) => given.seen_inside(),
        None => match declared.get("Default").and_then(written) {
            Some(default) => Known::text(&default),
            None => return Known::unknown(name),
        },
    };
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    match (value, is_list) {
        (Known::Map(_), _) => Known::unknown(name),
        (Known::List(items), true) => Known::List(items),
        (Known::List(items), false) => {
            with_commas(&items).map_or_else(|| Known::unknown(name), Known::from)
        }
        // A parameter that may not be given is still there: it has its default then.
        (Known::Unknown(unknown), false) => Known::Unknown(unknown.or_absent(false)),
        (value, false) => value.to_text().map_or(Known::Absent, Known::from),
        (value, true) => match value.whole() {
            Some(text) if text.len() <= MOST_LIST => {
                Known::List(text.split(',').map(|item| Known::text(item.trim())).collect())
            }
            // What is unknown in it may hold commas.
            _ => Known::unknown(name),
        },
    }
}

/// A list as a nested stack's parameter takes it.
fn with_commas(items: &[Known]) -> Option<Text> {
    let mut text = Text::default();
    for (index, item) in items.iter().enumerate() {
        if item.may_be_absent() {
            return None;
        }
        if index > 0 {
            text.push_str(",");
        }
        text.append(&item.to_text()?);
    }
    Some(text)
}

/// The texts that a parameter may have, unless it is a list, of which they are the items.
fn allowed(declared: &Tree) -> Option<Vec<String>> {
    let kind = declared.get("Type").and_then(Tree::as_str)?;
    if !(kind == "String" || kind == "Number" || kind.starts_with("AWS::EC2::")) {
        return None;
    }
    declared.get("AllowedValues")?.as_list()?.iter().map(written).collect()
}

/// A scalar as a parameter takes it.
fn written(tree: &Tree) -> Option<String> {
    match tree.as_scalar()? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Integer(_) | Scalar::Number(_) | Scalar::Text(_) => {
            tree.as_str().map(str::to_owned)
        }
    }
}
