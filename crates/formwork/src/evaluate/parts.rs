//! What a template creates, gives and asserts, with its loops expanded and without what is not there.

use super::expand::Expanded;
use super::facts::is_macro;
use super::{Evaluation, Scope, Term, Text};
use crate::read::{Position, Tree};

/// A resource that there is, or may be.
#[derive(Clone, Debug)]
pub struct Resource<'t> {
    /// Its logical id; a part is unknown in a loop over what only the launch knows, which stands for any
    /// number of resources.
    pub id: Text,
    /// Its type, such as `AWS::SNS::Topic`.
    pub kind: Text,
    /// Whether it is there; `None` if only the launch knows.
    pub exists: Option<bool>,
    /// Where its logical id stands.
    pub position: Position,
    /// All that is written of it.
    pub term: Term<'t>,
}

/// An output that there is, or may be.
#[derive(Clone, Debug)]
pub struct Output<'t> {
    /// Its name; a part is unknown in a loop over what only the launch knows.
    pub name: Text,
    /// Whether it is there; `None` if only the launch knows.
    pub exists: Option<bool>,
    /// Where its name stands.
    pub position: Position,
    /// Its value.
    pub value: Term<'t>,
    /// The name under which it is exported.
    pub export: Option<Term<'t>>,
}

/// What a rule asserts of the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion<'t> {
    /// The rule's name.
    pub rule: &'t str,
    /// What is said when it does not hold.
    pub description: Option<&'t str>,
    /// Whether it holds, as it does where the rule does not apply; `None` if only the launch knows.
    pub holds: Option<bool>,
    /// Where it stands.
    pub position: Position,
}

impl<'t> Resource<'t> {
    /// Something besides its properties, such as `DependsOn` or `Metadata`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Term<'t>> {
        self.term.get(name)
    }

    /// A property as it was written, if it stands in `Properties` by its name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Term<'t>> {
        self.attribute("Properties")?.get(name)
    }
}

impl<'t> Evaluation<'t> {
    /// The resources that are there or may be, in the template's order; see also
    /// [`has_unseen_resources`](Self::has_unseen_resources).
    #[must_use]
    pub fn resources(&self) -> Vec<Resource<'t>> {
        let mut resources = Vec::new();
        for entry in self.facts.resources.iter().filter(|entry| !is_macro(entry)) {
            let Some(kind) = entry.tree.get("Type").and_then(Tree::as_str) else {
                self.ask(|machine| {
                    machine.note(entry.tree, "a resource without a type: give a `Type`");
                });
                continue;
            };
            let (when, exists) = self.presence(entry);
            if exists == Some(false) {
                continue;
            }
            let (id, kind) = (entry.key.clone(), entry.scope.fill(kind));
            let term = Term { tree: entry.tree, scope: entry.scope.clone(), when };
            resources.push(Resource { id, kind, exists, position: entry.position, term });
        }
        resources
    }

    /// Whether there may be resources that [`resources`](Self::resources) does not show, because a macro
    /// makes them, or because a loop is not written as it must be or has too many turns.
    #[must_use]
    pub fn has_unseen_resources(&self) -> bool {
        !self.facts.is_complete
    }

    /// The outputs that are there or may be, in the template's order.
    #[must_use]
    pub fn outputs(&self) -> Vec<Output<'t>> {
        let mut outputs = Vec::new();
        for entry in self.facts.outputs.iter().filter(|entry| !is_macro(entry)) {
            let (when, exists) = self.presence(entry);
            if exists == Some(false) {
                continue;
            }
            let term = Term { tree: entry.tree, scope: entry.scope.clone(), when };
            let Some(value) = term.get("Value") else {
                self.ask(|machine| {
                    machine.note(entry.tree, "an output without a value: give a `Value`");
                });
                continue;
            };
            let export = term.get("Export").and_then(|export| export.get("Name"));
            let (name, position) = (entry.key.clone(), entry.position);
            outputs.push(Output { name, exists, position, value, export });
        }
        outputs
    }

    /// What the rules assert, in the template's order.
    #[must_use]
    pub fn assertions(&self) -> Vec<Assertion<'t>> {
        let rules = self.facts.root.get("Rules").and_then(Tree::as_map).unwrap_or_default();
        let mut found = Vec::new();
        for rule in rules {
            let applies =
                rule.value.get("RuleCondition").map_or(Some(true), |tree| self.holds(tree));
            let assertions = rule.value.get("Assertions").and_then(Tree::as_list);
            for assertion in assertions.unwrap_or_default() {
                let asserted = assertion.get("Assert").and_then(|tree| self.holds(tree));
                let holds = match (applies, asserted) {
                    (Some(false), _) | (_, Some(true)) => Some(true),
                    (Some(true), Some(false)) => Some(false),
                    _ => None,
                };
                let description = assertion.get("AssertDescription").and_then(Tree::as_str);
                let position = assertion.span().start;
                found.push(Assertion { rule: &rule.key, description, holds, position });
            }
        }
        found
    }

    /// The condition of an entry, and whether the entry is there.
    fn presence(&self, entry: &Expanded<'t>) -> (Option<String>, Option<bool>) {
        let scope: &Scope = &entry.scope;
        let condition = entry.tree.get("Condition");
        let when = condition.and_then(|tree| self.ask(|machine| machine.name(tree, scope)));
        let holds = match (condition, &when) {
            (None, _) => Some(true),
            (Some(tree), Some(name)) => self.ask(|machine| machine.named(name, tree).ok()),
            (Some(_), None) => None,
        };
        let exists = if entry.is_sure { holds } else { holds.filter(|holds| !holds) };
        (when, exists)
    }
}
