//! From the engine's way into a template to the line that a person wrote. Never says whether a rule is right.

use formwork::read::Tree;

use super::engine::Broken;
use crate::finding::{Finding, Rule};
use crate::subject::CheckedTemplate;

/// The finding of a rule that is not met.
pub(super) fn finding(template: &CheckedTemplate, broken: Broken, rule: &'static Rule) -> Finding {
    let root = &template.document.root;
    let path = known(root, &broken.path);
    let position = position(root, &path);
    let place = template.place(position, &path);
    let Broken { rule: name, said, missing, .. } = broken;
    let said = if said.is_empty() { "not met".to_owned() } else { said };
    Finding {
        rule,
        place,
        message: format!("{name}: {said}"),
        given: None,
        allowed: missing.map(|missing| format!("{missing} to be there")),
        fix: None,
        regions: Vec::new(),
    }
}

/// The longest beginning of a way that leads to something, as a JSON pointer. The engine does not escape `/` in keys.
fn known(root: &Tree, path: &str) -> String {
    let (mut at, mut found) = (root, String::new());
    let mut rest = path.trim_start_matches('/');
    while !rest.is_empty() {
        let Some((key, tree, length)) = step(at, rest) else { break };
        found.push('/');
        found.push_str(&key.replace('~', "~0").replace('/', "~1"));
        at = tree;
        rest = rest[length..].trim_start_matches('/');
    }
    found
}

fn step<'t>(tree: &'t Tree, rest: &str) -> Option<(String, &'t Tree, usize)> {
    let next = rest.split('/').next().unwrap_or_default();
    if let Some(items) = tree.as_list() {
        return Some((next.to_owned(), items.get(next.parse::<usize>().ok()?)?, next.len()));
    }
    let fits = |key: &str| {
        rest.strip_prefix(key).is_some_and(|behind| behind.is_empty() || behind.starts_with('/'))
    };
    let entries = tree.as_map()?.iter().filter(|entry| fits(&entry.key));
    let entry = entries.max_by_key(|entry| entry.key.len())?;
    Some((entry.key.clone(), &entry.value, entry.key.len()))
}

/// Where the key of a value stands, for a value that goes over lines begins below it.
fn position(root: &Tree, path: &str) -> formwork::read::Position {
    let (parent, key) = path.rsplit_once('/').unwrap_or_default();
    let key = key.replace("~1", "/").replace("~0", "~");
    let entry = root.at(parent).and_then(|tree| tree.entry(&key));
    let value = root.at(path).unwrap_or(root);
    entry.map_or(value.span().start, |entry| entry.key_span.start)
}
