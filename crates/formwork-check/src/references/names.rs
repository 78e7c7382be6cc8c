//! The names of a template, and whether one is among them.

use formwork::read::Tree;

use super::collect::PSEUDO;
use crate::subject::stack_resources;

/// The names that a template defines.
#[derive(Debug)]
pub(super) struct Names<'t> {
    pub(super) parameters: Vec<&'t str>,
    /// Ids as they are written, in loops with their placeholders, and the resources.
    pub(super) resources: Vec<(&'t str, &'t Tree)>,
    pub(super) conditions: Vec<&'t str>,
    pub(super) mappings: Vec<&'t str>,
    /// What may make any name: macros.
    macros: Macros,
}

/// What transforms may do to names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Macros {
    /// Nothing.
    None,
    /// AWS SAM: resources get companions, whose ids begin with theirs.
    Serverless,
    /// Anything.
    Any,
}

impl<'t> Names<'t> {
    pub(super) fn of(root: &'t Tree) -> Self {
        let section = |name: &str| -> Vec<&'t str> {
            let entries = root.get(name).and_then(Tree::as_map).unwrap_or_default();
            entries.iter().map(|entry| entry.key.as_str()).collect()
        };
        Names {
            parameters: section("Parameters"),
            resources: stack_resources(root),
            conditions: section("Conditions"),
            mappings: section("Mappings"),
            macros: macros(root),
        }
    }

    /// Whether a macro may make names that nobody sees.
    pub(super) fn is_open(&self) -> bool {
        self.macros == Macros::Any
    }

    /// Whether a transform makes resources.
    pub(super) fn is_changed(&self) -> bool {
        self.macros != Macros::None
    }

    /// Whether there is, or may be, a resource of this id.
    pub(super) fn has_resource(&self, id: &str) -> bool {
        let may_be = self.macros == Macros::Serverless
            && (id.starts_with("ServerlessRestApi")
                || id.starts_with("ServerlessHttpApi")
                || self.resources.iter().any(|(known, _)| id.starts_with(known)));
        // What a module makes has the module's id in front.
        let is_module = |tree: &Tree| {
            tree.get("Type").and_then(Tree::as_str).is_some_and(|kind| kind.ends_with("::MODULE"))
        };
        let is_made = self.resources.iter().any(|(known, tree)| id.starts_with(known) && is_module(tree));
        may_be || is_made || self.resources.iter().any(|(known, _)| fits(known, id))
    }

    /// The resource of just this id.
    pub(super) fn resource(&self, id: &str) -> Option<&'t Tree> {
        self.resources.iter().find(|(known, _)| *known == id).map(|(_, tree)| *tree)
    }

    /// Whether a name of a section, such as a condition, is there or may be made by a loop.
    pub(super) fn has(section: &[&str], name: &str) -> bool {
        section.iter().any(|known| fits(known, name) || known.starts_with("Fn::"))
    }

    /// Everything that `Ref` can name.
    pub(super) fn referable(&self) -> Vec<&'t str> {
        let resources = self.resources.iter().map(|(id, _)| *id);
        self.parameters.iter().copied().chain(resources).chain(PSEUDO).collect()
    }
}

fn macros(root: &Tree) -> Macros {
    let mut found = Macros::None;
    if root.get("Fn::Transform").is_some() {
        return Macros::Any;
    }
    let Some(transform) = root.get("Transform") else { return found };
    let one = std::slice::from_ref(transform);
    for tree in transform.as_list().unwrap_or(one) {
        match tree.as_str() {
            Some("AWS::LanguageExtensions") => {}
            Some("AWS::Serverless-2016-10-31") if found == Macros::None => {
                found = Macros::Serverless;
            }
            Some("AWS::Serverless-2016-10-31") => {}
            _ => found = Macros::Any,
        }
    }
    found
}

/// Whether a name may be what a loop makes of a pattern such as `Topic${Name}`.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = literal_parts(pattern);
    if parts.len() == 1 {
        return pattern == name;
    }
    let last = parts.pop().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(parts[0]).and_then(|rest| rest.strip_suffix(last))
    else {
        return false;
    };
    for part in &parts[1..] {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// What stands around the placeholders `${…}` and `&{…}`.
fn literal_parts(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(start) = rest.find("${").or_else(|| rest.find("&{")) {
        let Some(length) = rest[start..].find('}') else { break };
        parts.push(&rest[..start]);
        rest = &rest[start + length + 1..];
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_of_loops() {
        for (pattern, name, expected) in [
            ("Topic", "Topic", true),
            ("Topic", "Topics", false),
            ("Topic${Name}", "TopicRed", true),
            ("Topic&{Name}", "TopicRed", true),
            ("Topic${Name}", "QueueRed", false),
            ("${A}Topic${B}End", "RedTopicBlueEnd", true),
            ("${A}Topic${B}End", "RedQueueBlueEnd", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
