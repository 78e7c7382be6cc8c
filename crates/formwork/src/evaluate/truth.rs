//! Conditions, and the functions that only rules may use, in three values: yes, no, and undecided.

use super::assume::{Question, Truth, pair};
use super::machine::{Machine, place};
use super::{Known, Scope};
use crate::read::Tree;

const PAIR: &str = "it takes a list of two values";

impl Machine<'_, '_> {
    /// Whether the condition of this name holds.
    pub(super) fn named(&mut self, name: &str, from: &Tree) -> Truth {
        let question = Question::Named(name.to_owned());
        if let Some(answer) = self.assumptions.answer(&question) {
            return Ok(answer);
        }
        if self.script.is_none()
            && let Some(truth) = self.facts.decided.get(name)
        {
            return truth.clone();
        }
        if let Some(truth) = self.decided.get(name) {
            return truth.clone();
        }
        let facts = self.facts;
        let Some(condition) = facts.conditions.get(name) else {
            self.note(
                from,
                format!(
                    "there is no condition `{name}`: define it in `Conditions`, or correct the name"
                ),
            );
            return Err(question.into());
        };
        if self.open.iter().any(|open| open == name) {
            self.note(from, format!("the condition `{name}` depends on itself: break the circle"));
            return Err(question.into());
        }
        self.open.push(name.to_owned());
        let truth = self.truth(condition.tree, &condition.scope);
        self.open.pop();
        self.decided.insert(name.to_owned(), truth.clone());
        truth
    }

    /// Whether the condition of this name holds, decided by assumption if by nothing else.
    pub(super) fn decide(&mut self, name: &str, from: &Tree) -> bool {
        loop {
            match self.named(name, from) {
                Ok(answer) => return answer,
                Err(question) => self.assume(*question),
            }
        }
    }

    /// Whether what was written holds.
    pub(super) fn truth(&mut self, tree: &Tree, scope: &Scope) -> Truth {
        let undecided = || Err(Question::Place(place("a condition", tree, scope)).into());
        if !self.spend(1 + self.assumptions.count(), tree) {
            return self.known_place(undecided());
        }
        let truth = self.level(tree, |machine| machine.function_truth(tree, scope));
        self.known_place(truth.flatten().unwrap_or_else(undecided))
    }

    /// An answer that was assumed for a place before.
    fn known_place(&self, truth: Truth) -> Truth {
        truth.or_else(|question| match &*question {
            Question::Place(_) => self.assumptions.answer(&question).ok_or(question),
            _ => Err(question),
        })
    }

    fn function_truth(&mut self, tree: &Tree, scope: &Scope) -> Option<Truth> {
        const USAGE: &str =
            "a condition is a function such as `Fn::Equals`, or `Condition` and a name";
        let Some((name, argument)) = tree.intrinsic() else {
            self.note(tree, format!("this is no condition; {USAGE}: write one"));
            return None;
        };
        match name {
            "Condition" => {
                let name = self.name(argument, scope)?;
                Some(self.named(&name, argument))
            }
            "Fn::And" => self.any(name, argument, scope, false),
            "Fn::Or" => self.any(name, argument, scope, true),
            "Fn::Not" => match argument.as_list() {
                Some([inner]) => Some(self.truth(inner, scope).map(|answer| !answer)),
                _ => self.no_condition(name, "it takes a list of one condition", tree),
            },
            "Fn::Equals" => match argument.as_list() {
                Some([left, right]) => {
                    let (left, right) = (self.value(left, scope), self.value(right, scope));
                    Some(self.equal(&left, &right))
                }
                _ => self.no_condition(name, PAIR, tree),
            },
            "Fn::Contains" | "Fn::EachMemberEquals" | "Fn::EachMemberIn" => {
                match argument.as_list() {
                    Some([left, right]) => {
                        let (left, right) = (self.value(left, scope), self.value(right, scope));
                        let count = |value: &Known| match value {
                            Known::List(items) => items.len(),
                            _ => 1,
                        };
                        if !self.spend(count(&left) * count(&right), tree) {
                            return None;
                        }
                        members(name, &left, &right).map(Ok)
                    }
                    _ => self.no_condition(name, PAIR, tree),
                }
            }
            _ => self.no_condition(name, USAGE, tree),
        }
    }

    fn no_condition(&mut self, name: &str, usage: &str, tree: &Tree) -> Option<Truth> {
        self.note(tree, format!("`{name}` is not written as it must be in a condition: {usage}"));
        None
    }

    /// `Fn::Or` if `wanted` is true; `Fn::And`, which looks for one that does not hold, if it is false.
    fn any(&mut self, name: &str, argument: &Tree, scope: &Scope, wanted: bool) -> Option<Truth> {
        let Some(conditions) = argument.as_list().filter(|list| !list.is_empty()) else {
            return self.no_condition(name, "it takes a list of 2 to 10 conditions", argument);
        };
        let mut result = Ok(!wanted);
        for condition in conditions {
            match self.truth(condition, scope) {
                Ok(answer) if answer == wanted => return Some(Ok(wanted)),
                Ok(_) => {}
                Err(question) => result = result.and(Err(question)),
            }
        }
        Some(result)
    }

    fn equal(&self, left: &Known, right: &Known) -> Truth {
        let (mut left, mut right) = (comparable(left), comparable(right));
        if is_unknown(&right) && !is_unknown(&left) {
            std::mem::swap(&mut left, &mut right);
        }
        if let Some(same) = left.same(&right) {
            return Ok(same);
        }
        if let (Known::Text(a), Known::Text(b)) = (&left, &right)
            && let Some((source, text)) = pair(a, b)
            && let Some(allowed) = self.facts.choices.get(source)
        {
            match allowed.as_slice() {
                [only] if only == text => return Ok(true),
                allowed if !allowed.iter().any(|allowed| allowed == text) => return Ok(false),
                _ => {}
            }
        }
        let question = Question::Equal(left, right);
        if let Some(answer) = self.assumptions.answer(&question) {
            return Ok(answer);
        }
        let Question::Equal(left, right) = &question else { return Err(question.into()) };
        let fixed =
            self.assumptions.apply(left.clone()).same(&self.assumptions.apply(right.clone()));
        fixed.ok_or_else(|| question.into())
    }
}

/// The value as a text if it is none already, so that the same question looks the same.
fn comparable(value: &Known) -> Known {
    value.to_text().map_or_else(|| value.clone(), Known::Text)
}

fn is_unknown(value: &Known) -> bool {
    matches!(value, Known::Text(text) if text.as_unknown().is_some())
}

/// What the functions of rules over lists find.
fn members(name: &str, left: &Known, right: &Known) -> Option<bool> {
    let Known::List(list) = left else { return None };
    match (name, right) {
        ("Fn::Contains", value) => has(list, value),
        ("Fn::EachMemberEquals", value) => all(list.iter().map(|member| member.same(value))),
        (_, Known::List(allowed)) => all(list.iter().map(|member| has(allowed, member))),
        _ => None,
    }
}

fn has(list: &[Known], value: &Known) -> Option<bool> {
    all(list.iter().map(|member| member.same(value).map(|same| !same))).map(|none| !none)
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}
