//! The operators that compare a key with values, under IAM's names in snake case.

use super::key::{
    ArnKey, Binary, BinaryKey, BoolKey, ConditionKey, Date, DateKey, IpKey, IpRange, KeyType,
    Number, NumberKey, TextKey,
};
use super::{Clause, Presence};
use crate::iam::items::{Items, OneOrMore};
use crate::meaning::Arn;
use crate::node::{Call, Function, Node};

/// Conditions hold text: IAM's own examples write `"true"` and `"3600"`, and stores them so.
fn as_text(node: Node) -> Node {
    match node {
        Node::Bool(value) => Node::Text(if value { "true" } else { "false" }),
        Node::Integer(number) => Node::text(number.to_string()),
        Node::Number(number) if number.is_finite() => Node::text(number.to_string()),
        Node::List(items) => Node::list(items.iter().map(|item| as_text(*item)).collect()),
        Node::Call(Call {
            function: Function::If,
            argument: Node::List([test, branches @ ..]),
        }) => {
            let branches = branches.iter().map(|branch| as_text(*branch));
            Node::call(Function::If, Node::list(std::iter::once(*test).chain(branches).collect()))
        }
        other => other,
    }
}

fn clause<T, C>(operator: &'static str, key: &'static str, values: impl OneOrMore<T>) -> Clause<C> {
    Clause::new(operator, key, values.into_items().map(as_text))
}

/// `StringEquals`: the text is one of these, letter by letter.
#[must_use]
pub fn string_equals<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringEquals", key.name(), values)
}

/// `StringNotEquals`: the text is none of these.
#[must_use]
pub fn string_not_equals<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringNotEquals", key.name(), values)
}

/// `StringEqualsIgnoreCase`: the text is one of these, in upper or lower case.
#[must_use]
pub fn string_equals_ignore_case<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringEqualsIgnoreCase", key.name(), values)
}

/// `StringNotEqualsIgnoreCase`: the text is none of these, in upper or lower case.
#[must_use]
pub fn string_not_equals_ignore_case<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringNotEqualsIgnoreCase", key.name(), values)
}

/// `StringLike`: the text matches one of these patterns with `*` and `?`.
#[must_use]
pub fn string_like<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringLike", key.name(), values)
}

/// `StringNotLike`: the text matches none of these patterns with `*` and `?`.
#[must_use]
pub fn string_not_like<K: TextKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<String>,
) -> Clause<K::Count> {
    clause("StringNotLike", key.name(), values)
}

/// `ArnEquals`: the ARN matches one of these; `*` and `?` may stand in each part. To IAM the same as
/// [`arn_like`].
#[must_use]
pub fn arn_equals<K: ArnKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Arn>,
) -> Clause<K::Count> {
    clause("ArnEquals", key.name(), values)
}

/// `ArnNotEquals`: the ARN matches none of these. To IAM the same as [`arn_not_like`].
#[must_use]
pub fn arn_not_equals<K: ArnKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Arn>,
) -> Clause<K::Count> {
    clause("ArnNotEquals", key.name(), values)
}

/// `ArnLike`: the ARN matches one of these; `*` and `?` may stand in each part.
#[must_use]
pub fn arn_like<K: ArnKey>(key: ConditionKey<K>, values: impl OneOrMore<Arn>) -> Clause<K::Count> {
    clause("ArnLike", key.name(), values)
}

/// `ArnNotLike`: the ARN matches none of these.
#[must_use]
pub fn arn_not_like<K: ArnKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Arn>,
) -> Clause<K::Count> {
    clause("ArnNotLike", key.name(), values)
}

/// `NumericEquals`: the number is one of these.
#[must_use]
pub fn numeric_equals<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericEquals", key.name(), values)
}

/// `NumericNotEquals`: the number is none of these.
#[must_use]
pub fn numeric_not_equals<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericNotEquals", key.name(), values)
}

/// `NumericLessThan`: the number is less.
#[must_use]
pub fn numeric_less_than<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericLessThan", key.name(), values)
}

/// `NumericLessThanEquals`: the number is less or the same.
#[must_use]
pub fn numeric_less_than_equals<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericLessThanEquals", key.name(), values)
}

/// `NumericGreaterThan`: the number is greater.
#[must_use]
pub fn numeric_greater_than<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericGreaterThan", key.name(), values)
}

/// `NumericGreaterThanEquals`: the number is greater or the same.
#[must_use]
pub fn numeric_greater_than_equals<K: NumberKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Number>,
) -> Clause<K::Count> {
    clause("NumericGreaterThanEquals", key.name(), values)
}

/// `DateEquals`: the date is one of these.
#[must_use]
pub fn date_equals<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateEquals", key.name(), values)
}

/// `DateNotEquals`: the date is none of these.
#[must_use]
pub fn date_not_equals<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateNotEquals", key.name(), values)
}

/// `DateLessThan`: the date is earlier.
#[must_use]
pub fn date_less_than<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateLessThan", key.name(), values)
}

/// `DateLessThanEquals`: the date is earlier or the same.
#[must_use]
pub fn date_less_than_equals<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateLessThanEquals", key.name(), values)
}

/// `DateGreaterThan`: the date is later.
#[must_use]
pub fn date_greater_than<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateGreaterThan", key.name(), values)
}

/// `DateGreaterThanEquals`: the date is later or the same.
#[must_use]
pub fn date_greater_than_equals<K: DateKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Date>,
) -> Clause<K::Count> {
    clause("DateGreaterThanEquals", key.name(), values)
}

/// `Bool`: the key is `true`, or is `false`.
#[must_use]
pub fn is_bool<K: BoolKey>(key: ConditionKey<K>, values: impl OneOrMore<bool>) -> Clause<K::Count> {
    clause("Bool", key.name(), values)
}

/// `BinaryEquals`: the bytes are one of these, given in base 64.
#[must_use]
pub fn binary_equals<K: BinaryKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<Binary>,
) -> Clause<K::Count> {
    clause("BinaryEquals", key.name(), values)
}

/// `IpAddress`: the address is in one of these ranges.
#[must_use]
pub fn ip_address<K: IpKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<IpRange>,
) -> Clause<K::Count> {
    clause("IpAddress", key.name(), values)
}

/// `NotIpAddress`: the address is in none of these ranges.
#[must_use]
pub fn not_ip_address<K: IpKey>(
    key: ConditionKey<K>,
    values: impl OneOrMore<IpRange>,
) -> Clause<K::Count> {
    clause("NotIpAddress", key.name(), values)
}

/// `Null`: whether the request lacks the key: `true` if it must be missing, `false` if it must be there.
///
/// ```
/// use formwork::prelude::*;
/// let tagged = condition::null(condition::aws::request_tag("Owner"), false);
/// ```
#[must_use]
pub fn null<K: KeyType>(key: ConditionKey<K>, missing: bool) -> Clause<Presence> {
    Clause::new("Null", key.name(), Items::one(as_text(Node::Bool(missing))))
}
