//! Works out one value: within a depth, within an amount of work, and under assumptions.
//!
//! The work is limited because a template of a few lines can describe a value of any size: loops in loops,
//! or a text that holds the same text twice that holds the same text twice. What is over a limit is
//! unknown, and noted.

use indexmap::IndexMap;

use super::assume::{Assumptions, Question, Truth};
use super::facts::Facts;
use super::text::GIVEN_UP;
use super::{Known, Scope, Text, Unknown};
use crate::read::{Content, Entry, Position, Problem, Scalar, Tree};

/// How deep values, functions and conditions may stand in each other, which is as deep as templates are written.
const DEEPEST: usize = crate::render::MAX_DEPTH;

/// How much work one question may make, in values and bytes of text: some ten times the largest template.
const WORK: usize = 10_000_000;

/// How much all questions to one evaluation may make together.
pub(super) const ALL_WORK: usize = 60_000_000;

/// After so many problems no more are noted.
pub(super) const MOST_PROBLEMS: usize = 1_000;

pub(super) struct Machine<'f, 't> {
    pub(super) facts: &'f Facts<'t>,
    pub(super) assumptions: Assumptions,
    /// Where undecided conditions are to be decided by assumption: the answers to give, in the order of
    /// the questions.
    pub(super) script: Option<Vec<bool>>,
    /// How many answers of the script are given.
    pub(super) given: usize,
    /// Named conditions that are being worked out.
    pub(super) open: Vec<String>,
    pub(super) decided: IndexMap<String, Truth>,
    pub(super) problems: Vec<Problem>,
    /// How much work is left.
    work: usize,
    depth: usize,
}

impl<'f, 't> Machine<'f, 't> {
    pub(super) fn new(facts: &'f Facts<'t>) -> Self {
        Machine {
            facts,
            assumptions: Assumptions::default(),
            script: None,
            given: 0,
            open: Vec::new(),
            decided: IndexMap::new(),
            problems: Vec::new(),
            work: WORK.min(facts.work.get()),
            depth: 0,
        }
    }

    /// The value of a tree.
    pub(super) fn value(&mut self, tree: &Tree, scope: &Scope) -> Known {
        if !self.spend(1, tree) {
            return self.unknown("a value", tree, scope);
        }
        match tree.content() {
            Content::Scalar(text, _) => self.scalar(text, tree, scope),
            Content::List(items) => self.deeper(tree, scope, |machine| {
                let values = items.iter().map(|item| machine.value(item, scope));
                Known::List(values.filter(|value| *value != Known::Absent).collect())
            }),
            Content::Map(entries) => match tree.intrinsic() {
                Some((name, argument)) if name != "Condition" && !is_loop(name) => {
                    self.deeper(tree, scope, |machine| {
                        machine.function(name, argument, tree, scope)
                    })
                }
                _ => self.deeper(tree, scope, |machine| machine.map(entries, tree, scope)),
            },
        }
    }

    fn scalar(&mut self, text: &str, tree: &Tree, scope: &Scope) -> Known {
        let filled = scope.fill(text);
        if !self.spend(filled.size(), tree) {
            return self.unknown("a text", tree, scope);
        }
        if filled.whole() != Some(text) {
            return Known::Text(filled);
        }
        match tree.as_scalar() {
            Some(Scalar::Bool(value)) => Known::Bool(value),
            Some(Scalar::Integer(_) | Scalar::Number(_)) => Known::Number(text.to_owned()),
            Some(Scalar::Text(_)) => Known::Text(filled),
            Some(Scalar::Null) | None => {
                self.note(
                    tree,
                    "a null; CloudFormation takes none: give a value, or `!Ref AWS::NoValue`",
                );
                self.unknown("a null", tree, scope)
            }
        }
    }

    fn map(&mut self, entries: &[Entry], tree: &Tree, scope: &Scope) -> Known {
        let mut map = IndexMap::new();
        let mut expanded = Vec::new();
        if !self.expand(entries, scope, true, &mut expanded) {
            return self.unknown("a map", tree, scope);
        }
        for item in expanded {
            let Some(key) = item.key.whole().filter(|_| item.is_sure).map(str::to_owned) else {
                return self.unknown("a map", tree, scope);
            };
            // What a macro adds to a map may be anything.
            if key == "Fn::Transform" {
                return self.unknown("Fn::Transform", tree, scope);
            }
            match self.value(item.tree, &item.scope) {
                Known::Absent => {}
                value => drop(map.insert(key, value)),
            }
        }
        Known::Map(map)
    }

    /// A value as text, if it can be written as one; what is absent is an empty text.
    pub(super) fn text(&mut self, tree: &Tree, scope: &Scope) -> Text {
        let value = self.value(tree, scope);
        self.text_of(&value, tree, scope)
    }

    pub(super) fn text_of(&mut self, value: &Known, tree: &Tree, scope: &Scope) -> Text {
        match value.to_text() {
            Some(text) => text,
            None if *value == Known::Absent => Text::default(),
            None => {
                self.note(tree, "a list or map where a text is needed: give one text");
                Text::unknown(Unknown::new(place("a text", tree, scope)))
            }
        }
    }

    /// Something unknown that comes from here.
    pub(super) fn unknown(&self, what: &str, tree: &Tree, scope: &Scope) -> Known {
        // Where everything is given up, not even its place is written down.
        if self.work == 0 {
            Known::unknown(GIVEN_UP)
        } else {
            Known::unknown(place(what, tree, scope))
        }
    }

    /// Takes over what another machine has left.
    pub(super) fn go_on_from(&mut self, work: usize) {
        self.work = self.work.min(work);
    }

    /// How much work is left.
    pub(super) fn left(&self) -> usize {
        self.work
    }

    /// Something unknown, because it was not written as it must be.
    pub(super) fn malformed(
        &mut self,
        name: &str,
        usage: &str,
        tree: &Tree,
        scope: &Scope,
    ) -> Known {
        self.note(tree, format!("`{name}` is not written as it must be: {usage}"));
        self.unknown(name, tree, scope)
    }

    /// Goes on one level deeper, if that is allowed.
    fn deeper(&mut self, tree: &Tree, scope: &Scope, go: impl FnOnce(&mut Self) -> Known) -> Known {
        self.level(tree, go).unwrap_or_else(|| self.unknown("a value", tree, scope))
    }

    pub(super) fn level<T>(&mut self, tree: &Tree, go: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.note(tree, format!("more than {DEEPEST} values, functions and conditions stand in each other; what is deeper is not worked out: flatten them"));
            return None;
        }
        self.depth += 1;
        let result = go(self);
        self.depth -= 1;
        Some(result)
    }

    /// Takes so much from the work that is left; false if there is too little.
    pub(super) fn spend(&mut self, amount: usize, tree: &Tree) -> bool {
        let all = &self.facts.work;
        if let Some(left) = self.work.checked_sub(amount) {
            self.work = left;
            all.set(all.get().saturating_sub(amount));
            return true;
        }
        if !self.facts.is_spent.replace(true) {
            self.note(
                tree,
                "too much to work out: loops or texts in each other grow beyond any template",
            );
        }
        all.set(all.get().saturating_sub(self.work));
        self.work = 0;
        false
    }

    pub(super) fn note(&mut self, tree: &Tree, message: impl Into<String>) {
        self.note_at(tree.span().start, message);
    }

    pub(super) fn note_at(&mut self, position: Position, message: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { position, message: message.into() });
        }
    }

    /// Decides by assumption what nothing else decides.
    pub(super) fn assume(&mut self, question: Question) {
        let script = self.script.get_or_insert_default();
        let answer = script.get(self.given).copied().unwrap_or(true);
        if self.given >= script.len() {
            script.push(answer);
        }
        self.given += 1;
        self.assumptions.assume(question, answer, &self.facts.choices);
        self.decided.clear();
    }
}

pub(super) fn is_loop(key: &str) -> bool {
    key.starts_with("Fn::ForEach::")
}

/// The source of what is unknown: what it is, and where.
pub(super) fn place(what: &str, tree: &Tree, scope: &Scope) -> String {
    format!("{what} at {}{scope}", tree.span().start)
}
