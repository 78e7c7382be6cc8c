//! From the engine's way into a template to the line that a person wrote. Never says whether a rule is right.

use formwork::read::Tree;
use serde_json::{Map, Value};

use super::NOT_MET;
use super::engine::json;
use super::report::Broken;
use crate::finding::Finding;
use crate::subject::{CheckedTemplate, stack_resources};

/// What the engine is shown of a template: resources in loops stand beside the others, by the ids that they are written with.
/// Nothing without resources: the engine would have nothing to look at, and rules that look for some would fail.
pub(super) fn template(root: &Tree) -> Option<String> {
    let resources = root.get("Resources")?.as_map()?;
    let mut shown = json(root);
    if resources.iter().any(|entry| entry.key.starts_with("Fn::")) {
        let all = stack_resources(root).into_iter().map(|(id, tree)| (id.to_owned(), json(tree)));
        shown["Resources"] = Value::Object(all.collect::<Map<String, Value>>());
    }
    Some(shown.to_string())
}

/// The finding of a rule that is not met.
pub(super) fn finding(template: &CheckedTemplate, broken: Broken) -> Finding {
    let root = template.root();
    let path = known(root, &broken.path);
    let place = template.place_of(&path);
    let Broken { rule: name, said, missing, .. } = broken;
    let (said, fix) = parts(&said);
    let said = if said.is_empty() { format!("the rule `{name}` is not met") } else { said };
    let except = || format!("do so, or say why not: `.except(\"{}:{name}\", \"…\")`", NOT_MET.id);
    let fix = fix.or_else(|| place.rust.is_some().then(except));
    Finding {
        allowed: missing.map(|missing| format!("`{missing}` to be there")),
        fix,
        named: Some(name),
        ..Finding::new(NOT_MET, place, said)
    }
}

/// What an author says is wrong, and what to do, as AWS's authors tell the two apart.
fn parts(said: &str) -> (String, Option<String>) {
    let split = ["[Fix]:", "[FIX]:", "Fix:"].iter().find_map(|mark| said.split_once(mark));
    let Some((wrong, fix)) = split else { return (said.to_owned(), None) };
    let wrong = wrong.trim();
    let wrong = wrong.strip_prefix("Violation:").unwrap_or(wrong).trim();
    (wrong.to_owned(), Some(fix.trim().to_owned()).filter(|fix| !fix.is_empty()))
}

/// The longest beginning of a way that leads to something, as a JSON pointer. The engine does not escape `/` in keys.
fn known(root: &Tree, path: &str) -> String {
    let (mut at, mut found) = (root, String::new());
    let mut rest = path.trim_start_matches('/');
    if let Some((inside, loops, length)) = in_loop(root, rest) {
        (at, found, rest) = (inside, loops, rest[length..].trim_start_matches('/'));
    }
    while !rest.is_empty() {
        let Some((key, tree, length)) = step(at, rest) else { break };
        push(&mut found, &key);
        at = tree;
        rest = rest[length..].trim_start_matches('/');
    }
    found
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// The resource in a loop that a way leads to, the pointer to it, and how much of the way that is.
fn in_loop<'t>(root: &'t Tree, path: &str) -> Option<(&'t Tree, String, usize)> {
    let rest = path.strip_prefix("Resources/")?;
    let mut open = vec![(root.get("Resources")?, "/Resources".to_owned())];
    let mut is_outer = true;
    while let Some((tree, pointer)) = open.pop() {
        if !is_outer
            && let Some((key, inside, length)) = step(tree, rest)
            && !key.starts_with("Fn::")
        {
            let mut pointer = pointer;
            push(&mut pointer, &key);
            return Some((inside, pointer, "Resources/".len() + length));
        }
        is_outer = false;
        for entry in tree.as_map().into_iter().flatten() {
            if entry.key.starts_with("Fn::ForEach::")
                && let Some(body) = entry.value.as_list().and_then(|items| items.get(2))
            {
                let mut pointer = pointer.clone();
                push(&mut pointer, &entry.key);
                open.push((body, pointer + "/2"));
            }
        }
    }
    None
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
