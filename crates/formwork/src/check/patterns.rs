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
    if !spec.allowed.is_empty()
        && let Some(item) = items.iter().find(|item| !spec.allowed.iter().any(|one| is(one, item)))
    {
        let allowed: Vec<String> = spec.allowed.iter().map(literal).collect();
        return Some(named(spec, item, &format!("one of {}", allowed.join(", "))));
    }
    if let Some(pattern) = spec.pattern
        && let Ok(regex) = anchored(pattern)
        && let Some(item) = items.iter().find(|item| regex.find(item).is_none())
    {
        let explain = spec.explain.map(|explain| format!(" ({explain})")).unwrap_or_default();
        return Some(named(spec, item, &format!("the pattern `{pattern}`{explain}")));
    }
    length(spec, value).or_else(|| bounds(spec, &items))
}

/// The regular expression; CloudFormation wants the whole value to match.
pub(super) fn anchored(pattern: &str) -> Result<regress::Regex, regress::Error> {
    regress::Regex::with_flags(&format!("^(?:{pattern})$"), "u")
        .or_else(|_| regress::Regex::new(&format!("^(?:{pattern})$")))
}

fn named(spec: &InputSpec, item: &str, allowed: &str) -> String {
    if spec.list { format!("for its item `{item}`: {allowed}") } else { allowed.to_owned() }
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
    for item in items {
        let Ok(number) = item.parse::<f64>() else {
            return Some(named(spec, item, "a number"));
        };
        if let Some(min) = spec.min
            && number < min
        {
            return Some(named(spec, item, &format!("at least {min}")));
        }
        if let Some(max) = spec.max
            && number > max
        {
            return Some(named(spec, item, &format!("at most {max}")));
        }
    }
    None
}
