//! Values that are written out, as the comparisons of several values read them. Compares nothing itself.

use formwork::read::Position;

use super::validate::Violation;
use crate::finding::Rule;
use crate::value::{Fields, Value, What};

/// Adds what is wrong on the way from the properties, and what is allowed there.
pub(super) fn say(
    found: &mut Vec<Violation>,
    rule: &'static Rule,
    at: Position,
    path: &[&str],
    message: String,
    allowed: &str,
) {
    let path = path.iter().map(|key| (*key).to_owned()).collect();
    let allowed = Some(allowed.to_owned());
    found.push(Violation { rule, at, path, message, given: None, allowed, fix: None });
}

/// A map of which all keys are known.
pub(super) fn map(value: &Value) -> Option<&Fields> {
    match &value.what {
        What::Map(fields) if !fields.is_open => Some(fields),
        _ => None,
    }
}

/// The items of a list; none of anything else.
pub(super) fn list(value: &Value) -> &[Value] {
    match &value.what {
        What::List(items) => items,
        _ => &[],
    }
}

/// A whole number that is written out.
pub(super) fn number(fields: &Fields, key: &str) -> Option<i64> {
    fields.get(key).filter(|value| !value.is_default)?.as_text()?.trim().parse().ok()
}

/// A text that is written out.
pub(super) fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    let value = fields.get(name)?;
    value.as_text().filter(|_| !value.is_default && value.others.is_empty())
}
