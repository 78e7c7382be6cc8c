//! What IAM would refuse in a policy, told from its tree alone.
//!
//! Only structure is looked at: a statement without actions, an action without its service, a comparison
//! without values. Nothing in here knows which actions exist or judges what a policy grants; both branches of
//! each `Fn::If` are looked at.

mod parts;

use crate::node::{Call, Function, Node, Target};
use parts::Statement;

/// Whether a value is a policy document, whoever wrote it: a map with statements that have an effect.
#[must_use]
pub fn is_policy(node: Node) -> bool {
    let Some(statements) = get(node, "Statement") else { return false };
    let mut statements = items(statements).into_iter().flat_map(variants).peekable();
    let empty = statements.peek().is_none() && get(node, "Version").is_some();
    empty || statements.any(|statement| get(statement, "Effect").is_some())
}

/// The policy documents in a value, such as the property `Policies` of a role, with the path to each from
/// there: `[0].PolicyDocument`, and nothing for a value that is one itself.
#[must_use]
pub fn documents(node: Node) -> Vec<(String, Node)> {
    let mut found = Vec::new();
    collect(node, "", &mut found);
    found
}

fn collect(node: Node, path: &str, found: &mut Vec<(String, Node)>) {
    match node {
        _ if is_policy(node) => found.push((path.to_owned(), node)),
        Node::Map(entries) => {
            for (key, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                collect(*value, &format!("{path}{dot}{key}"), found);
            }
        }
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(*item, &format!("{path}[{index}]"), found);
            }
        }
        _ if branching(node).is_some() => {
            for variant in variants(node) {
                collect(variant, path, found);
            }
        }
        _ => {}
    }
}

/// What IAM would refuse in a policy document, each said in one line, in the order of the document.
///
/// A value that is no document (a text, a reference) has no problems: nothing can be told of it.
///
/// ```
/// use formwork::iam::problems::problems;
/// use formwork::{IntoNode, any, object};
/// let document = object([("Version", any("2012-10-17")), ("Statement", any(Vec::<&str>::new()))]);
/// assert_eq!(problems(document.into_node()), ["the policy has no statement"]);
/// ```
#[must_use]
pub fn problems(document: Node) -> Vec<String> {
    let mut found = Vec::new();
    for document in variants(document) {
        if let Node::Map(_) = document {
            check(document, &mut found);
        }
    }
    found
}

fn check(document: Node, found: &mut Vec<String>) {
    match get(document, "Version") {
        None => found.push("the policy has no `Version`; write `2012-10-17`".to_owned()),
        Some(Node::Text("2012-10-17" | "2008-10-17")) => {}
        Some(other) => found.push(format!(
            "the policy's `Version` is {}; allowed: `2012-10-17`, and `2008-10-17` without policy variables",
            shown(other)
        )),
    }
    let Some(statements) = get(document, "Statement") else {
        found.push("the policy has no `Statement`".to_owned());
        return;
    };
    let statements = items(statements);
    if statements.is_empty() {
        found.push("the policy has no statement".to_owned());
    } else if let Some(when) = vanishes(statements.iter().copied()) {
        found.push(format!("{when} the policy has no statement"));
    }
    for (index, statement) in statements.iter().enumerate() {
        for variant in variants(*statement) {
            match variant {
                Node::Map(entries) => Statement::new(index, entries, found).check(),
                Node::List(_) => found.push(format!("statement {} is a list", index + 1)),
                _ => {}
            }
        }
    }
    repeated_ids(&statements, found);
}

/// A `Sid` twice, except where a condition of the template keeps the two apart.
fn repeated_ids(statements: &[Node], found: &mut Vec<String>) {
    let mut seen: Vec<(&str, Option<(Node, bool)>)> = Vec::new();
    for statement in statements {
        for (variant, branch) in branches(*statement) {
            let Some(Node::Text(id)) = get(variant, "Sid") else { continue };
            let meets = |other: Option<(Node, bool)>| {
                other.is_none() || branch.is_none() || other == branch
            };
            if seen.iter().any(|(known, other)| *known == id && meets(*other)) {
                found.push(format!("two statements have the `Sid` `{id}`"));
            }
            seen.push((id, branch));
        }
    }
}

/// The branches of a node that is an `Fn::If` with the condition and the side that each is on; else itself.
fn branches(node: Node) -> Vec<(Node, Option<(Node, bool)>)> {
    match branching(node) {
        Some((test, then, otherwise)) => {
            vec![(then, Some((test, true))), (otherwise, Some((test, false)))]
        }
        None => vec![(node, None)],
    }
}

/// The condition and the branches of an `Fn::If`.
fn branching(node: Node) -> Option<(Node, Node, Node)> {
    match node {
        Node::Call(Call {
            function: Function::If,
            argument: Node::List([test, then, otherwise]),
        }) => Some((*test, *then, *otherwise)),
        _ => None,
    }
}

/// Everything that a node may turn out to be.
fn variants(node: Node) -> Vec<Node> {
    match branching(node) {
        Some((_, then, otherwise)) => {
            let mut all = variants(then);
            all.extend(variants(otherwise));
            all
        }
        None if node == Node::NoValue => Vec::new(),
        None => vec![node],
    }
}

/// The elements of a list; a node that is none is its own only element.
fn items(node: Node) -> Vec<Node> {
    match node {
        Node::List(items) => items.iter().copied().filter(|item| *item != Node::NoValue).collect(),
        other => vec![other],
    }
}

/// The condition of the template that a node hangs on, and whether it must hold for the node to be there.
fn guard(node: Node) -> Option<(Target, bool)> {
    match branching(node)? {
        (Node::Name(condition), _, Node::NoValue) => Some((condition, true)),
        (Node::Name(condition), Node::NoValue, _) => Some((condition, false)),
        _ => None,
    }
}

/// When nothing of this is left, if all of it hangs on one condition of the template.
fn vanishes(nodes: impl IntoIterator<Item = Node>) -> Option<String> {
    let mut guards = nodes.into_iter().map(guard);
    let (condition, holds) = guards.next()??;
    let word = if holds { "without" } else { "with" };
    guards
        .all(|other| other == Some((condition, holds)))
        .then(|| format!("{word} the condition `{}`", condition.id()))
}

/// The value of a key of a map.
fn get(node: Node, key: &str) -> Option<Node> {
    let Node::Map(entries) = node else { return None };
    entries.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
}

/// A node as it is quoted in a message.
fn shown(node: Node) -> String {
    match node {
        Node::Text(text) => format!("`{text}`"),
        Node::Bool(_) | Node::Integer(_) | Node::Number(_) => "no text".to_owned(),
        Node::List(_) => "a list".to_owned(),
        Node::Map(_) => "a map".to_owned(),
        _ => "a reference".to_owned(),
    }
}
