//! Resources, and conditions, that wait for each other. A circle of which some step is never taken together with the
//! others is none.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::Look;
use super::collect::{Holder, Kind, Use};
use super::dangling::{Answer, LONGEST_WAY, Solver, Way, condition_of, way_of};
use super::rules::RULES;
use crate::finding::{Finding, Rule, shown};
use crate::subject::Subject;

const RESOURCES: &Rule = Rule::of(RULES, "FW2004");
const CONDITIONS: &Rule = Rule::of(RULES, "FW2005");

/// How many circles of one template are looked at.
const MOST: usize = 50;

/// How many steps of a circle a message names.
const SHOWN: usize = 20;

/// Who needs whom, and where it says so.
type Graph<'u, 't> = BTreeMap<&'t str, Vec<(&'t str, &'u Use<'t>)>>;

pub(super) fn check(look: &Look<'_>, subject: &Subject, findings: &mut Vec<Finding>) {
    let conditions = graph(look, |one| match (one.holder, one.kind) {
        (Holder::Condition(name), Kind::Condition(other)) => Some((name, other)),
        _ => None,
    });
    for circle in circles(&conditions) {
        say(look, CONDITIONS, "conditions depend on each other", &circle, findings);
    }
    // What AWS SAM makes of references is not what is written.
    if look.names.is_changed() {
        return;
    }
    let resources = graph(look, |one| match (one.holder, one.kind) {
        (
            Holder::Resource(id),
            Kind::Ref(other) | Kind::Attribute(other, _) | Kind::DependsOn(other),
        ) if one.loops.is_empty() && look.names.resource(other).is_some() => Some((id, other)),
        _ => None,
    });
    let mut solvers: Option<Vec<Solver<'_>>> = None;
    for circle in circles(&resources) {
        let way = together(look, &circle);
        let is_possible = way.is_empty()
            || solvers
                .get_or_insert_with(|| {
                    let regions = subject.regions_of(look.template).iter();
                    regions.map(|region| Solver::new(look, region)).collect()
                })
                .iter_mut()
                .any(|solver| solver.ask(&way) == Answer::Possible);
        if is_possible {
            say(look, RESOURCES, "resources wait for each other", &circle, findings);
        }
    }
}

fn graph<'u, 't>(
    look: &'u Look<'t>,
    edge: impl Fn(&Use<'t>) -> Option<(&'t str, &'t str)>,
) -> Graph<'u, 't> {
    let mut graph = Graph::new();
    for one in &look.uses.list {
        if let Some((from, to)) = edge(one) {
            graph.entry(from).or_default().push((to, one));
        }
    }
    graph
}

/// The conditions under which every step of a circle is taken.
fn together<'t>(look: &Look<'t>, circle: &[&Use<'t>]) -> Way<'t> {
    let mut way = Way::new();
    for one in circle {
        let own = condition_of(look, one.holder).map(|name| (name, true));
        for step in own.into_iter().chain(way_of(look, one)) {
            if way.len() <= LONGEST_WAY && !way.contains(&step) {
                way.push(step);
            }
        }
    }
    way
}

/// The shortest circles, each with the uses it is made of; each node begins at most one, and is in none that was found.
fn circles<'u, 't>(graph: &Graph<'u, 't>) -> Vec<Vec<&'u Use<'t>>> {
    let knots = knots(graph);
    let mut seen: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for start in graph.keys() {
        let Some(knot) = knots.get(start) else { continue };
        if found.len() >= MOST || seen.contains(start) {
            continue;
        }
        if let Some((names, circle)) = shortest(graph, start, |name| knots.get(name) == Some(knot))
        {
            seen.extend(names);
            found.push(circle);
        }
    }
    found
}

/// The shortest way from a node back to it, within its knot.
fn shortest<'u, 't>(
    graph: &Graph<'u, 't>,
    start: &'t str,
    is_inside: impl Fn(&str) -> bool,
) -> Option<(Vec<&'t str>, Vec<&'u Use<'t>>)> {
    let mut came: HashMap<&str, (&'t str, &'u Use<'t>)> = HashMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for (to, one) in graph.get(at).into_iter().flatten() {
            if !is_inside(to) || came.contains_key(to) {
                continue;
            }
            came.insert(to, (at, one));
            if *to != start {
                open.push_back(to);
                continue;
            }
            let (mut names, mut uses) = (Vec::new(), Vec::new());
            let mut step = start;
            loop {
                let (from, one) = came[step];
                names.push(from);
                uses.push(one);
                step = from;
                if step == start {
                    uses.reverse();
                    return Some((names, uses));
                }
            }
        }
    }
    None
}

/// A number for every node, the same for those that reach each other; without recursion, for chains may be long. One
/// that is in no circle has a number of its own.
fn knots<'t>(graph: &Graph<'_, 't>) -> HashMap<&'t str, usize> {
    // By Kosaraju: in the order in which they are left, against the arrows.
    let mut order = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for start in graph.keys() {
        if !seen.insert(start) {
            continue;
        }
        let mut way = vec![(*start, 0)];
        while let Some((at, next)) = way.last_mut() {
            let Some((to, _)) = graph.get(at).and_then(|edges| edges.get(*next)) else {
                order.push(*at);
                way.pop();
                continue;
            };
            *next += 1;
            if seen.insert(to) {
                way.push((to, 0));
            }
        }
    }
    let mut back: HashMap<&str, Vec<&'t str>> = HashMap::new();
    for (from, edges) in graph {
        for (to, _) in edges {
            back.entry(to).or_default().push(from);
        }
    }
    let mut knots: HashMap<&'t str, usize> = HashMap::new();
    for (number, start) in order.iter().rev().enumerate() {
        let mut open = vec![*start];
        while let Some(at) = open.pop() {
            if knots.contains_key(at) {
                continue;
            }
            knots.insert(at, number);
            open.extend(back.get(at).into_iter().flatten());
        }
    }
    knots
}

fn say(
    look: &Look<'_>,
    rule: &'static Rule,
    what: &str,
    circle: &[&Use<'_>],
    findings: &mut Vec<Finding>,
) {
    let name = |one: &Use<'_>| match one.holder {
        Holder::Resource(name) | Holder::Output(name) | Holder::Condition(name) => shown(name),
        Holder::Rule | Holder::Globals => String::new(),
    };
    let Some(first) = circle.first() else { return };
    let more = circle.len().saturating_sub(SHOWN);
    let shown = &circle[..circle.len() - more];
    let mut names: Vec<String> = shown.iter().map(|one| format!("`{}`", name(one))).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.push(format!("`{}`", name(first)));
    let place = look.template.place(first.position, &first.path());
    let ways: Vec<String> = shown.iter().map(|one| one.path()).collect();
    let message = format!("{what}: {}", names.join(" → "));
    findings.push(Finding::new(rule, place, message).given(ways.join(", ")));
}
