//! A value against the constraints of a parameter: allowed values, pattern, lengths, bounds.
//!
//! Patterns are regular expressions in Java's style, with look-around; `regress` runs the ECMAScript
//! subset of these, which is all that parameters are seen to use.

use crate::input::InputSpec;
use crate::node::Node;

/// Why `value` cannot be the value of the parameter: what is allowed instead.
pub(super) fn refused(spec: &InputSpec, value: &str) -> Option<String> {
    let items: Vec<&str> =
        if spec.list { value.split(',').map(str::trim).collect() } else { vec![value] };
    not_listed(spec, &items)
        .or_else(|| unmatched(spec, &items))
        .or_else(|| length(spec, value))
        .or_else(|| bounds(spec, &items))
}

/// The regular expression; CloudFormation wants the whole value to match.
pub(super) fn anchored(pattern: &str) -> Result<regress::Regex, regress::Error> {
    regress::Regex::with_flags(&format!("^(?:{pattern})$"), "u")
        .or_else(|_| regress::Regex::new(&format!("^(?:{pattern})$")))
}

fn not_listed(spec: &InputSpec, items: &[&str]) -> Option<String> {
    if spec.allowed.is_empty() {
        return None;
    }
    let listed = |item: &str| spec.allowed.iter().any(|one| is(one, item));
    let allowed: Vec<String> = spec.allowed.iter().map(literal).collect();
    bad(spec, items, |item| !listed(item), || format!("one of {}", allowed.join(", ")))
}

fn unmatched(spec: &InputSpec, items: &[&str]) -> Option<String> {
    let pattern = spec.pattern?;
    let regex = anchored(pattern).ok()?;
    let explain = spec.explain.map(|explain| format!(" ({explain})")).unwrap_or_default();
    let allowed = || format!("the pattern `{pattern}`{explain}");
    bad(spec, items, |item| regex.find(item).is_none(), allowed)
}

/// What is allowed instead of the items that are bad, each of them named if it is a list; `None` if none is bad.
fn bad(
    spec: &InputSpec,
    items: &[&str],
    is_bad: impl Fn(&str) -> bool,
    allowed: impl FnOnce() -> String,
) -> Option<String> {
    let bad: Vec<String> =
        items.iter().filter(|item| is_bad(item)).map(|item| format!("`{item}`")).collect();
    match &bad[..] {
        [] => None,
        _ if !spec.list => Some(allowed()),
        [one] => Some(format!("for its item {one}: {}", allowed())),
        several => Some(format!("for its items {}: {}", several.join(", "), allowed())),
    }
}

fn is(node: &Node, text: &str) -> bool {
    literal(node) == format!("`{text}`")
}

fn literal(node: &Node) -> String {
    match node {
        Node::Text(text) => format!("`{text}`"),
        Node::Integer(number) => format!("`{number}`"),
        Node::Number(number) => format!("`{number}`"),
        other => format!("`{other:?}`"),
    }
}

fn length(spec: &InputSpec, value: &str) -> Option<String> {
    let count = value.chars().count();
    let long = |bound: u32| usize::try_from(bound).unwrap_or(usize::MAX);
    match (spec.min_length.map(long), spec.max_length.map(long)) {
        (Some(min), _) if count < min => Some(format!("at least {min} characters")),
        (_, Some(max)) if count > max => Some(format!("at most {max} characters")),
        _ => None,
    }
}

fn bounds(spec: &InputSpec, items: &[&str]) -> Option<String> {
    if !spec.parameter_type.contains("Number") {
        return None;
    }
    let number = |item: &str| item.parse::<f64>();
    let below = |min: f64| move |item: &str| number(item).is_ok_and(|number| number < min);
    let above = |max: f64| move |item: &str| number(item).is_ok_and(|number| number > max);
    bad(spec, items, |item| number(item).is_err(), || "a number".to_owned())
        .or_else(|| {
            spec.min.and_then(|min| bad(spec, items, below(min), || format!("at least {min}")))
        })
        .or_else(|| {
            spec.max.and_then(|max| bad(spec, items, above(max), || format!("at most {max}")))
        })
}
