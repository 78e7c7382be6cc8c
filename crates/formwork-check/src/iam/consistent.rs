//! Whether a statement can match at all: comparisons that contradict each other.

use std::collections::BTreeMap;

use super::conditions::Operator;
use super::document::{Clause, Document};
use super::pattern::{is_spent, is_unknown, meet, spend, without_variables};
use super::{Report, Says};

pub(super) fn check(document: &Document, report: &mut Report<'_, '_>) {
    for statement in &document.statements {
        // A key stands once under an operator, so that there are few comparisons of each.
        let mut of_keys: BTreeMap<(usize, String), Vec<&Clause>> = BTreeMap::new();
        for clause in &statement.conditions {
            let key = (clause.branch, clause.key.text.to_ascii_lowercase());
            of_keys.entry(key).or_default().push(clause);
        }
        for clauses in of_keys.values() {
            for (index, one) in clauses.iter().enumerate() {
                if is_spent() {
                    return;
                }
                for other in clauses[index + 1..].iter().filter(|other| contradict(one, other)) {
                    let (a, b) = (&one.operator.text, &other.operator.text);
                    let message =
                        format!("`{a}` and `{b}` of `{}` never hold together", other.key.text);
                    report.add("FW5040", other.key.at, Says::from(message));
                }
            }
        }
    }
}

fn contradict(one: &Clause, other: &Clause) -> bool {
    // Each value of the one may be compared with each of the other.
    if is_spent() || !spend(1 + one.values.len() * other.values.len()) {
        return false;
    }
    let (Some(a), Some(b)) =
        (Operator::read(&one.operator.text), Operator::read(&other.operator.text))
    else {
        return false;
    };
    let is_true =
        |clause: &Clause| clause.values.iter().all(|it| it.text.eq_ignore_ascii_case("true"));
    match (a.base, b.base) {
        ("Null", "Null") => false,
        ("Null", _) => is_true(one) && b.needs_key(),
        (_, "Null") => is_true(other) && a.needs_key(),
        _ if a.set.is_some() || b.set.is_some() || a.if_exists || b.if_exists => false,
        (x, y) if is_equal(x) && is_equal(y) => {
            let fit = |a: &str, b: &str| meet(&lower(a), &lower(b));
            !one.values.iter().any(|v| other.values.iter().any(|w| fit(&v.text, &w.text)))
        }
        ("StringEquals", "StringNotEquals") => all_in(one, other),
        ("StringNotEquals", "StringEquals") => all_in(other, one),
        _ => false,
    }
}

/// Operators that hold where a value is like the key's.
fn is_equal(base: &str) -> bool {
    ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike"].contains(&base)
}

fn lower(text: &str) -> String {
    without_variables(text).to_ascii_lowercase()
}

/// Whether every value that is wanted is refused as well.
fn all_in(wanted: &Clause, refused: &Clause) -> bool {
    let is_refused = |text: &str| refused.values.iter().any(|it| it.text == text);
    !wanted.values.is_empty()
        && wanted.values.iter().all(|it| !is_unknown(&it.text) && is_refused(&it.text))
}
