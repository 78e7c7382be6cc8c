//! Puts the comparisons of a statement together: one entry an operator, one entry a key.
//!
//! A comparison that the template's condition may drop takes its operator with it, and the whole block where
//! nothing else is in it, so that IAM never sees an empty one.

use super::{ANY, Clause};
use crate::condition::Condition;
use crate::iam::items::Items;
use crate::node::{Function, Node};

/// A key of one operator.
struct Entry {
    key: &'static str,
    values: Items,
    only_if: Option<Condition>,
}

/// The `Condition` of a statement, if it has comparisons.
pub(crate) fn block(clauses: &[Clause]) -> Option<Node> {
    let mut operators: Vec<(String, Vec<Entry>)> = Vec::new();
    for clause in clauses {
        let exists = if clause.or_absent { "IfExists" } else { "" };
        let operator = format!("{}{}{exists}", clause.quantifier, clause.operator);
        let index = operators.iter().position(|(known, _)| *known == operator);
        let index = index.unwrap_or_else(|| {
            operators.push((operator, Vec::new()));
            operators.len() - 1
        });
        add(&mut operators[index].1, clause);
    }
    if operators.is_empty() {
        return None;
    }
    let whole = shared(operators.iter().flat_map(|(_, entries)| entries));
    let written = operators.into_iter().map(|(operator, entries)| {
        let inner = shared(&entries);
        let entries = entries.into_iter().map(|entry| {
            let guard = if inner.is_some() { None } else { entry.only_if };
            (entry.key, guarded(guard, entry.values.node()))
        });
        let guard = if whole.is_some() { None } else { inner };
        (&*operator.leak(), guarded(guard, Node::map(entries.collect())))
    });
    Some(guarded(whole, Node::map(written.collect())))
}

/// Adds a comparison. Several that forbid values of one key are one that forbids them all; several that
/// demand values stay apart, and `problems` reports them, because IAM reads a list as "one of".
fn add(entries: &mut Vec<Entry>, clause: &Clause) {
    let known = entries.iter_mut().find(|entry| entry.key == clause.key);
    match known {
        Some(entry) if adds_up(entry, clause) => entry.values = entry.values.join(clause.values),
        _ => {
            entries.push(Entry { key: clause.key, values: clause.values, only_if: clause.only_if });
        }
    }
}

fn adds_up(entry: &Entry, clause: &Clause) -> bool {
    let forbids = clause.operator.contains("Not") && clause.quantifier != ANY;
    let fixed = entry.only_if.is_none() && clause.only_if.is_none();
    forbids && fixed && !entry.values.is_list() && !clause.values.is_list()
}

/// The condition of the template on which all of them hang, if there is one.
fn shared<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<Condition> {
    let mut conditions = entries.into_iter().map(|entry| entry.only_if);
    let first = conditions.next()??;
    conditions.all(|other| other.is_some_and(|other| other.target == first.target)).then_some(first)
}

fn guarded(condition: Option<Condition>, node: Node) -> Node {
    match condition {
        Some(condition) => Node::call(
            Function::If,
            Node::list(vec![Node::Name(condition.target), node, Node::NoValue]),
        ),
        None => node,
    }
}
