//! The names of a template, and whether one is among them.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use formwork::nearest::nearest;
use formwork::read::Tree;

use super::collect::PSEUDO;
use crate::subject::stack_resources;

/// The names that a template defines.
#[derive(Debug)]
pub(super) struct Names<'t> {
    pub(super) parameters: Section<'t>,
    /// Ids as they are written, in loops with their placeholders, and the resources.
    pub(super) resources: Vec<(&'t str, &'t Tree)>,
    pub(super) conditions: Section<'t>,
    pub(super) mappings: Section<'t>,
    /// The ids alone.
    pub(super) ids: Vec<&'t str>,
    /// Everything that `Ref` can name.
    pub(super) referable: Vec<&'t str>,
    /// The resources by their ids.
    by_id: HashMap<&'t str, &'t Tree>,
    /// The mappings that a function makes rows of.
    open_mappings: HashSet<&'t str>,
    /// The ids of resources in loops.
    patterns: Vec<&'t str>,
    /// The ids of modules, which begin those of what they make.
    modules: HashSet<&'t str>,
    /// What may make any name: macros.
    macros: Macros,
    /// How many names may still be compared to guess what was meant.
    guesses: Cell<usize>,
    /// How many names may still be held against the patterns of loops.
    fits: Cell<usize>,
}

/// The names of one section.
#[derive(Debug)]
pub(super) struct Section<'t> {
    pub(super) list: Vec<&'t str>,
    set: HashSet<&'t str>,
    /// Those that a loop makes others of.
    patterns: Vec<&'t str>,
    /// Whether a function makes some.
    is_open: bool,
}

impl<'t> Section<'t> {
    fn of(root: &'t Tree, name: &str) -> Self {
        let entries = root.get(name).and_then(Tree::as_map).unwrap_or_default();
        let list: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        Section {
            set: list.iter().copied().collect(),
            patterns: list.iter().copied().filter(|name| is_pattern(name)).collect(),
            is_open: list.iter().any(|name| name.starts_with("Fn::")),
            list,
        }
    }

    /// Whether there is just this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.set.contains(name)
    }
}

/// How many names are compared in one template to guess what was meant.
const MOST_GUESSES: usize = 100_000;

/// How many names of one template are held against patterns.
const MOST_FITS: usize = 1_000_000;

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
        let resources = stack_resources(root);
        let is_module = |tree: &Tree| {
            tree.get("Type").and_then(Tree::as_str).is_some_and(|kind| kind.ends_with("::MODULE"))
        };
        let ids: Vec<&str> = resources.iter().map(|(id, _)| *id).collect();
        let parameters = Section::of(root, "Parameters");
        let modules = resources.iter().filter(|(_, tree)| is_module(tree));
        Names {
            by_id: resources.iter().copied().collect(),
            patterns: ids.iter().copied().filter(|id| is_pattern(id)).collect(),
            referable: parameters.list.iter().chain(&ids).copied().chain(PSEUDO).collect(),
            ids,
            modules: modules.map(|(id, _)| *id).collect(),
            guesses: Cell::new(MOST_GUESSES),
            fits: Cell::new(MOST_FITS),
            parameters,
            resources,
            conditions: Section::of(root, "Conditions"),
            mappings: Section::of(root, "Mappings"),
            open_mappings: open_mappings(root),
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
        self.by_id.contains_key(id)
            || self.fits_any(&self.patterns, id)
            || starts(id).any(|start| self.modules.contains(start))
            || (self.macros == Macros::Serverless && self.may_be_companion(id))
    }

    /// Whether AWS SAM may make a resource of this id.
    fn may_be_companion(&self, id: &str) -> bool {
        id.starts_with("ServerlessRestApi")
            || id.starts_with("ServerlessHttpApi")
            || starts(id).any(|start| self.by_id.contains_key(start))
    }

    /// Whether a function makes rows of a mapping.
    pub(super) fn is_open_mapping(&self, name: &str) -> bool {
        self.open_mappings.contains(name)
    }

    /// The resource of just this id.
    pub(super) fn resource(&self, id: &str) -> Option<&'t Tree> {
        self.by_id.get(id).copied()
    }

    /// The known name that was probably meant. A template that is wrong everywhere has no guess at each place.
    pub(super) fn guess<'n>(&self, name: &str, known: &[&'n str]) -> Option<&'n str> {
        const LONGEST: usize = 300;
        let left = self.guesses.get().checked_sub(known.len())?;
        self.guesses.set(left);
        if name.len() > LONGEST { None } else { nearest(name, known) }
    }

    /// Whether a name of a section, such as a condition, is there or may be made by a loop.
    pub(super) fn has(&self, section: &Section<'_>, name: &str) -> bool {
        section.is_open || section.contains(name) || self.fits_any(&section.patterns, name)
    }

    /// Whether a name may be one that a loop makes; also said of what there is no patience for.
    fn fits_any(&self, patterns: &[&str], name: &str) -> bool {
        if patterns.is_empty() {
            return false;
        }
        let Some(left) = self.fits.get().checked_sub(patterns.len()) else {
            self.fits.set(0);
            return true;
        };
        self.fits.set(left);
        patterns.iter().any(|pattern| fits(pattern, name))
    }

    /// Whether some names were not held against the patterns of loops, for there are too many.
    pub(super) fn is_spent(&self) -> bool {
        self.fits.get() == 0
    }
}

fn is_pattern(name: &str) -> bool {
    name.contains(['$', '&'])
}

/// Everything that a name begins with, but for nothing; no id is longer than CloudFormation allows.
fn starts(name: &str) -> impl Iterator<Item = &str> {
    (1..=name.len().min(255)).filter_map(|end| name.get(..end))
}

fn open_mappings(root: &Tree) -> HashSet<&str> {
    let mappings = root.get("Mappings").and_then(Tree::as_map).unwrap_or_default();
    let is_open = |tree: &Tree| {
        tree.as_map().unwrap_or_default().iter().any(|entry| entry.key.starts_with("Fn::"))
    };
    mappings.iter().filter(|it| is_open(&it.value)).map(|it| it.key.as_str()).collect()
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
            Some("AWS::Serverless-2016-10-31") if found != Macros::Any => {
                found = Macros::Serverless;
            }
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
