//! Mappings: two levels of keys, and texts or lists below them.

use formwork::read::Tree;

use super::rules::RULES;
use super::{Shape, kind};
use crate::finding::{Rule, shown};

const WRONG: &Rule = Rule::of(RULES, "FW8025");

pub(super) fn check(shape: &mut Shape<'_>) {
    for mapping in shape.section("Mappings").iter().filter(|it| !it.key.starts_with("Fn::")) {
        let Some(rows) = level(shape, &mapping.value, &[&mapping.key]) else { continue };
        for row in rows.iter().filter(|it| !it.key.starts_with("Fn::")) {
            let path = [mapping.key.as_str(), row.key.as_str()];
            let Some(cells) = level(shape, &row.value, &path) else { continue };
            for cell in cells.iter().filter(|it| it.key != "Fn::Transform") {
                if shape.is_full() {
                    return;
                }
                let path = ["Mappings", path[0], path[1], cell.key.as_str()];
                if !cell.key.chars().all(|c| c.is_ascii_alphanumeric()) {
                    let place = shape.key(cell, &path);
                    let message = format!(
                        "the key `{}` has other signs than letters and digits",
                        shown(&cell.key)
                    );
                    shape.say(WRONG, place, message).allowed =
                        Some("letters and digits".to_owned());
                }
                let is_scalar = |tree: &Tree| tree.as_str().is_some();
                let is_right = match cell.value.as_list() {
                    Some(items) => items.iter().all(is_scalar),
                    None => is_scalar(&cell.value),
                };
                if !is_right {
                    let place = shape.at(&cell.value, &path);
                    let message = format!(
                        "the value of `{}` is {} where a text or a list of texts belongs",
                        shown(&cell.key),
                        what(&cell.value)
                    );
                    shape.say(WRONG, place, message);
                }
            }
        }
    }
}

fn what(tree: &Tree) -> &'static str {
    if tree.as_list().is_some() { "a list of other things" } else { kind(tree) }
}

/// The entries of a level, if it is one.
fn level<'t>(
    shape: &mut Shape<'_>,
    tree: &'t Tree,
    path: &[&str],
) -> Option<&'t [formwork::read::Entry]> {
    if tree.is_null() {
        return None;
    }
    let is_function =
        tree.intrinsic().is_some_and(|(name, _)| name != "Fn::Transform" && name != "Condition");
    match tree.as_map() {
        Some(entries) if !is_function => Some(entries),
        _ => {
            let path = [&["Mappings"], path].concat();
            let place = shape.at(tree, &path);
            let message =
                format!("`{}` is {} where a map belongs", shown(path[path.len() - 1]), kind(tree));
            shape.say(WRONG, place, message);
            None
        }
    }
}
