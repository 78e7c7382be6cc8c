//! Cycles: resources that wait for each other for ever.

use super::Index;
use super::references::raw_names;
use crate::node::{Node, Piece, Target};
use crate::problem::Problem;
use crate::template::Template;

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    let edges: Vec<Vec<usize>> = index
        .resources
        .iter()
        .map(|entry| {
            let mut edges = Vec::new();
            let mut add = |name: Named| {
                let id = match name {
                    Named::Target(target) if target.belongs_to(template.owner) => target.id(),
                    Named::Target(_) => return,
                    Named::Text(name) => name.split('.').next().unwrap_or(name),
                };
                edges.extend(index.by_id.get(id));
            };
            entry.properties.iter().for_each(|(_, node)| targets(*node, &mut add));
            if let Some(options) = &entry.options {
                options.depends_on.iter().for_each(|target| add(Named::Target(*target)));
                options.metadata.iter().for_each(|(_, node)| targets(*node, &mut add));
            }
            edges
        })
        .collect();
    for cycle in find(&edges) {
        let ids: Vec<_> = cycle.iter().map(|at| index.resources[*at].target.id()).collect();
        let first = &index.resources[cycle[0]].target;
        let path = format!("`{}` → `{}`", ids.join("` → `"), ids[0]);
        let mut problem = Problem::new(
            Some(first.added()),
            template.name(),
            format!("resources wait for each other: {path}"),
        );
        for at in &cycle[1..] {
            let target = index.resources[*at].target;
            problem = problem.also(&format!("`{}` is added at", target.id()), target.added());
        }
        problems.push(problem.note(
            "name one of them in text instead of referring to it, or move what refers into a resource of its own",
        ));
    }
}

/// What a node refers to: a thing, or a name in text of the author's own.
enum Named {
    Target(Target),
    Text(&'static str),
}

/// Calls `found` for everything that the node refers to.
fn targets(node: Node, found: &mut impl FnMut(Named)) {
    match node {
        Node::Ref(target) => found(Named::Target(target)),
        Node::GetAtt(attribute) => found(Named::Target(attribute.target)),
        Node::List(items) => items.iter().for_each(|item| targets(*item, found)),
        Node::Map(entries) => entries.iter().for_each(|(_, value)| targets(*value, found)),
        Node::Call(call) => targets(call.argument, found),
        Node::Sub(pieces) => pieces.iter().for_each(|piece| match piece {
            Piece::Value(_, value) => targets(*value, found),
            Piece::Raw(text) => raw_names(text).flatten().for_each(|name| found(Named::Text(name))),
            Piece::Text(_) => {}
        }),
        Node::Bool(_)
        | Node::Integer(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Name(_)
        | Node::NoValue
        | Node::Key(_) => {}
    }
}

/// One cycle of each knot of the graph, without recursion: a long chain must not exhaust the stack.
fn find(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; edges.len()];
    let mut cycles = Vec::new();
    for start in 0..edges.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // The path from `start`, each node with the next of its edges to look at.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        marks[start] = Mark::Open;
        while let Some((at, next)) = path.last_mut() {
            let Some(to) = edges[*at].get(*next).copied() else {
                marks[*at] = Mark::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[to] {
                Mark::New => {
                    marks[to] = Mark::Open;
                    path.push((to, 0));
                }
                Mark::Open => {
                    let from = path.iter().position(|(node, _)| *node == to).unwrap_or(0);
                    let cycle: Vec<usize> = path[from..].iter().map(|(node, _)| *node).collect();
                    if !cycles
                        .iter()
                        .any(|known: &Vec<usize>| known.iter().any(|n| cycle.contains(n)))
                    {
                        cycles.push(cycle);
                    }
                }
                Mark::Done => {}
            }
        }
    }
    cycles
}
