//! Texts: that none holds a character that no reader of a template takes.

use super::Index;
use crate::node::Node;
use crate::problem::Problem;
use crate::template::Template;

/// What a text may hold of the control characters.
pub(super) const CURE: &str =
    "leave it out: of the control characters only tabs and line feeds may stand in a text";

/// The first control character that is neither a tab nor a line feed, as Unicode names it.
pub(super) fn control(text: &str) -> Option<String> {
    let odd = text.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n'))?;
    Some(format!("U+{:04X}", u32::from(odd)))
}

/// Looks at the texts beside the values; `references` looks at those in values.
pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    let mut look = |what: &str, text: &str, source| {
        let Some(odd) = control(text) else { return };
        let message = format!("{what} holds the control character {odd}");
        problems.push(Problem::new(Some(source), template.name(), message).note(CURE));
    };
    look("the description", template.description, template.added);
    for (_, spec) in &template.inputs {
        let texts = [
            ("description", Some(spec.description)),
            ("group", spec.group),
            ("label", spec.label),
            ("pattern", spec.pattern),
            ("explanation", spec.explain),
        ];
        for (what, text) in texts {
            let what = format!("the {what} of parameter `{}`", spec.name);
            look(&what, text.unwrap_or_default(), spec.declared);
        }
        for node in spec.default.iter().chain(&spec.allowed) {
            look(&format!("a value of parameter `{}`", spec.name), literal(node), spec.declared);
        }
    }
    for (target, rows) in &template.mappings {
        for (_, node) in rows.iter().flat_map(|(_, columns)| columns) {
            look(&format!("a cell of mapping `{}`", target.id()), literal(node), target.added());
        }
    }
    for (name, rule) in &template.rules {
        for (_, message) in &rule.assertions {
            let what = format!("a message of rule `{name}`");
            look(&what, message, rule.added.unwrap_or(template.added));
        }
    }
    for output in &index.outputs {
        let what = format!("the description of output `{}`", output.name);
        look(&what, output.description, output.added);
    }
}

fn literal(node: &Node) -> &'static str {
    if let Node::Text(text) = node { text } else { "" }
}
