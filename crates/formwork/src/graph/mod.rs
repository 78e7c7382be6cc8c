//! Pictures of stacks, drawn from the templates in memory: what a stack holds, and what needs what.
//!
//! A [`Graph`] is made of templates; a [`Picture`] shows it whole ([`Graph::overview`]) or some stacks of it
//! ([`Graph::detail`]); a picture is written as SVG, Mermaid or DOT. All of it is pure, and the same templates give the
//! same bytes. An arrow always points the way that things are made: from what is needed to what needs it.

mod dot;
mod face;
mod layout;
mod measure;
mod mermaid;
mod order;
mod picture;
mod route;
mod svg;
mod words;

use crate::check::{Index, needs};
use crate::stack::is_by_default;
use crate::template::{Child, Template};

pub use picture::Picture;

/// Stacks, their resources, and what needs what.
///
/// ```
/// use formwork::prelude::*;
/// use formwork::graph::Graph;
///
/// const STACK: Stack<(), ()> = Stack::new("things", "Two things", define);
///
/// fn define(t: &mut Template, _: ()) {
///     let first = t.add("First", Raw::new("AWS::New::Thing"));
///     t.add("Second", Raw::new("AWS::New::Thing").set("After", first));
/// }
///
/// let graph = Graph::of(&STACK.template());
/// assert!(graph.overview().mermaid().contains("2 things"));
/// assert!(graph.detail(&["things".to_owned()])?.mermaid().contains("n0 --> n1"));
/// # Ok::<(), formwork::Problems>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Graph {
    stacks: Vec<StackNode>,
    links: Vec<StackLink>,
}

/// A stack, or a template that is released for others to launch.
#[derive(Clone, Debug)]
struct StackNode {
    /// The template's name.
    name: &'static str,
    standing: Standing,
    description: &'static str,
    resources: Vec<ResourceNode>,
    needs: Vec<Edge>,
}

/// How a stack comes to be.
#[derive(Clone, Debug)]
enum Standing {
    /// It is launched by itself, under this name.
    Launched(String),
    /// Another stack nests it, under this logical id.
    Nested(&'static str),
    /// It is only put into the release.
    Released,
}

#[derive(Clone, Debug)]
struct ResourceNode {
    id: &'static str,
    type_name: &'static str,
    /// The name of the template, if it is a nested stack.
    nests: Option<&'static str>,
}

/// That one resource of a stack needs another.
#[derive(Clone, Debug)]
struct Edge {
    /// What is needed.
    from: usize,
    /// What needs it.
    to: usize,
    /// Only `DependsOn` says so.
    waits: bool,
    /// The inputs of a nested stack that are fed by it.
    inputs: Vec<&'static str>,
}

/// That one stack gives something to another, or must be there before it.
#[derive(Clone, Debug)]
struct StackLink {
    from: usize,
    to: usize,
    kind: LinkKind,
    /// The inputs of `to` that `from` feeds.
    inputs: Vec<&'static str>,
    /// The outputs of `to` that `from` reads: a parent reads those of what it nests.
    outputs: Vec<&'static str>,
}

/// Why a link is there; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LinkKind {
    /// `from` nests `to`.
    Nests,
    /// `from` puts the template `to` into the release.
    Releases,
    /// Outputs of `from` are inputs of `to`.
    Gives,
    /// `DependsOn`.
    Waits,
}

impl Graph {
    /// The graph of one stack that is launched by itself, with all that it nests and releases.
    #[must_use]
    pub fn of(template: &Template) -> Self {
        Self::launched(std::iter::once((template, template.name())))
    }

    /// The graph of several, each with the name that it is launched under.
    pub(crate) fn launched<'a>(roots: impl Iterator<Item = (&'a Template, &'a str)>) -> Self {
        let mut graph = Graph::default();
        for (template, stack_name) in roots {
            graph.stack(template, Standing::Launched(stack_name.to_owned()));
        }
        graph
    }

    /// Adds a stack and what it nests and releases; gives its position.
    fn stack(&mut self, template: &Template, standing: Standing) -> usize {
        let position = self.stacks.len();
        let index = Index::of(template);
        let nested = |id: &str| template.children.iter().find(|child| child.resource.id() == id);
        let resources = index.resources.iter().map(|entry| ResourceNode {
            id: entry.target.id(),
            type_name: entry.type_name,
            nests: nested(entry.target.id()).map(|child| child.template.name()),
        });
        self.stacks.push(StackNode {
            name: template.name(),
            standing,
            description: template.description,
            resources: resources.collect(),
            needs: edges(template, &index),
        });
        let stacks = template.children.iter().map(|child| {
            let resource = index.by_id.get(child.resource.id()).copied();
            (resource, self.stack(&child.template, Standing::Nested(child.resource.id())))
        });
        let stacks = stacks.collect();
        let family = Family { template, index: &index, parent: position, stacks };
        self.hand_over(&family);
        self.read_back(&family);
        for released in &template.released {
            let known = self.stacks.iter().position(|stack| {
                stack.name == released.name() && matches!(stack.standing, Standing::Released)
            });
            let to = known.unwrap_or_else(|| self.stack(released, Standing::Released));
            self.link(position, to, LinkKind::Releases);
        }
        position
    }

    /// What a stack and those that it nests give to these.
    fn hand_over(&mut self, family: &Family<'_>) {
        let Family { template, index, parent, .. } = *family;
        for (child, (resource, to)) in template.children.iter().zip(&family.stacks) {
            self.link(parent, *to, LinkKind::Nests);
            for (input, resources) in fed(template, index, child) {
                let stacks = resources.iter().map(|at| family.stack(*at).unwrap_or(parent));
                let mut from: Vec<usize> = stacks.collect();
                if from.is_empty() {
                    from.push(parent);
                }
                for from in from {
                    push_new(&mut self.link(from, *to, LinkKind::Gives).inputs, input);
                }
            }
            let entry = resource.map(|at| index.resources[at]);
            for need in entry.iter().flat_map(|entry| needs::of_resource(template, index, entry)) {
                let kind = if need.waits { LinkKind::Waits } else { LinkKind::Gives };
                if let Some(from) = family.stack(need.resource).filter(|from| from != to) {
                    self.link(from, *to, kind);
                }
            }
        }
    }

    /// What a stack reads of those that it nests.
    fn read_back(&mut self, family: &Family<'_>) {
        let Family { template, index, parent, .. } = *family;
        let mut read = Vec::new();
        for output in &index.outputs {
            needs::of_value(template, index, output.value, &mut read);
        }
        for (at, entry) in index.resources.iter().enumerate() {
            if family.stack(at).is_none() {
                read.extend(needs::of_resource(template, index, entry));
            }
        }
        for need in read {
            let output = need.attribute.and_then(|name| name.strip_prefix("Outputs."));
            if let (Some(to), Some(output)) = (family.stack(need.resource), output) {
                push_new(&mut self.link(parent, to, LinkKind::Nests).outputs, output);
            }
        }
    }

    /// The link between two stacks; the stronger kind holds.
    fn link(&mut self, from: usize, to: usize, kind: LinkKind) -> &mut StackLink {
        let known = self.links.iter().position(|link| (link.from, link.to) == (from, to));
        let at = known.unwrap_or_else(|| {
            let (inputs, outputs) = (Vec::new(), Vec::new());
            self.links.push(StackLink { from, to, kind, inputs, outputs });
            self.links.len() - 1
        });
        let link = &mut self.links[at];
        link.kind = link.kind.min(kind);
        link
    }
}

/// A stack with those that it nests.
struct Family<'a> {
    template: &'a Template,
    index: &'a Index<'a>,
    parent: usize,
    /// The resource of each nested stack, and its position in the graph.
    stacks: Vec<(Option<usize>, usize)>,
}

impl Family<'_> {
    /// The stack that a resource nests, if it does.
    fn stack(&self, resource: usize) -> Option<usize> {
        let nested = self.stacks.iter().find(|(at, _)| *at == Some(resource));
        nested.map(|(_, stack)| *stack)
    }
}

/// The inputs that are handed to a nested stack, each with the parent's resources that its value is made of.
fn fed(template: &Template, index: &Index<'_>, child: &Child) -> Vec<(&'static str, Vec<usize>)> {
    let given = child.given.iter().filter(|(_, node)| !is_by_default(*node));
    let of = |node| {
        let mut needs = Vec::new();
        needs::of_value(template, index, node, &mut needs);
        needs.iter().map(|need| need.resource).collect()
    };
    given.map(|(spec, node)| (spec.name, of(*node))).collect()
}

/// What needs what in one template: one edge from one resource to another, and none to itself.
fn edges(template: &Template, index: &Index<'_>) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for (to, entry) in index.resources.iter().enumerate() {
        let child = template.children.iter().find(|child| child.resource == entry.target);
        let fed = child.map_or_else(Vec::new, |child| fed(template, index, child));
        let first = edges.len();
        for need in needs::of_resource(template, index, entry) {
            let from = need.resource;
            match edges[first..].iter_mut().find(|edge| edge.from == from) {
                Some(edge) => edge.waits &= need.waits,
                None if from == to => {}
                None => {
                    let inputs = fed.iter().filter(|(_, resources)| resources.contains(&from));
                    let inputs = inputs.map(|(input, _)| *input).collect();
                    edges.push(Edge { from, to, waits: need.waits, inputs });
                }
            }
        }
    }
    edges
}

fn push_new(list: &mut Vec<&'static str>, item: &'static str) {
    if !list.contains(&item) {
        list.push(item);
    }
}
