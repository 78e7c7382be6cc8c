//! Cycles: resources that wait for each other for ever.

use super::{Index, needs};
use crate::problem::Problem;
use crate::template::{ResourceEntry, Template};

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    let needed = |entry: &&ResourceEntry| -> Vec<usize> {
        needs::of_resource(template, index, entry).iter().map(|need| need.resource).collect()
    };
    let edges: Vec<Vec<usize>> = index.resources.iter().map(needed).collect();
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
