//! Parameters: defaults against their own constraints, and what a parent hands over against the child's.

use super::patterns::{anchored, refused};
use crate::input::InputSpec;
use crate::node::Node;
use crate::problem::Problem;
use crate::stack::is_by_default;
use crate::template::{Child, Template, join_list};

pub(super) fn check(template: &Template, problems: &mut Vec<Problem>) {
    for (_, spec) in &template.inputs {
        own(template, spec, problems);
    }
    for child in &template.children {
        for (spec, node) in &child.given {
            handed_over(template, child, spec, *node, problems);
        }
    }
}

fn own(template: &Template, spec: &InputSpec, problems: &mut Vec<Problem>) {
    let mut report = |message: String, notes: Vec<String>| {
        let mut problem = Problem::new(Some(spec.declared), template.name(), message);
        problem.notes = notes;
        problems.push(problem);
    };
    let name = spec.name;
    if let Some(pattern) = spec.pattern
        && let Err(error) = anchored(pattern)
    {
        let message = format!("the pattern of parameter `{name}` is not a regular expression");
        report(message, vec![format!("given: {pattern}"), error.to_string()]);
    }
    if (spec.min_length, spec.max_length) != (None, None) && spec.parameter_type.contains("Number")
    {
        let message = format!("parameter `{name}` is a number and has no length");
        report(message, vec!["use `min` and `max`".to_owned()]);
    }
    if (spec.min, spec.max) != (None, None) && !spec.parameter_type.contains("Number") {
        let message = format!("parameter `{name}` is no number and has no bounds");
        report(message, vec!["use `min_length`, `max_length` or `pattern`".to_owned()]);
    }
    if let Some((given, allowed)) = contradiction(spec) {
        // No default could satisfy both, so that nothing is said of the one that is there.
        let message = format!("the constraints of parameter `{name}` contradict each other");
        let notes = vec![format!("given: {given}"), format!("allowed: {allowed}")];
        return report(message, notes);
    }
    if let Some(value) = spec.default.and_then(literal)
        && let Some(allowed) = refused(spec, &value)
    {
        let message = format!("the default of parameter `{name}` breaks its own constraints");
        report(message, vec![format!("given: `{value}`"), format!("allowed: {allowed}")]);
    }
}

/// Two bounds that no value satisfies, and what they may be.
fn contradiction(spec: &InputSpec) -> Option<(String, &'static str)> {
    if let (Some(min), Some(max)) = (spec.min_length, spec.max_length)
        && min > max
    {
        let given = format!("`min_length = {min}` and `max_length = {max}`");
        return Some((given, "a `min_length` that is not above `max_length`"));
    }
    if let (Some(min), Some(max)) = (spec.min, spec.max)
        && min > max
    {
        let given = format!("`min = {min}` and `max = {max}`");
        return Some((given, "a `min` that is not above `max`"));
    }
    None
}

fn handed_over(
    template: &Template,
    child: &Child,
    spec: &InputSpec,
    node: Node,
    problems: &mut Vec<Problem>,
) {
    let (id, source) = (child.resource.id(), child.resource.added());
    let (stack, name) = (child.template.name(), spec.name);
    if is_by_default(node) {
        if spec.default.is_none() {
            let message = format!("`{id}`: input `{name}` of `{stack}` has no default");
            problems.push(
                Problem::new(Some(source), template.name(), message)
                    .also("declared at", spec.declared)
                    .note("give a value instead of `by_default()`"),
            );
        }
        return;
    }
    let node = if spec.list && matches!(node, Node::List(_)) { join_list(node) } else { node };
    if let Some(value) = literal(node)
        && let Some(allowed) = refused(spec, &value)
    {
        let message = format!("`{id}`: input `{name}` of `{stack}` refuses its value");
        problems.push(
            Problem::new(Some(source), template.name(), message)
                .given(format!("`{value}`"))
                .allowed(allowed)
                .also("declared at", spec.declared),
        );
    }
}

fn literal(node: Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.to_owned()),
        Node::Integer(number) => Some(number.to_string()),
        Node::Number(number) => Some(number.to_string()),
        Node::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
