//! What is to be seen: boxes, groups and arrows with their words, before anything has a place.
//!
//! The overview shows stacks, each with what it holds; the detail shows the resources of chosen stacks, grouped by service.

use std::fmt::Write as _;

use super::{Graph, LinkKind, StackNode, Standing, words};
use crate::assembly::all_known;
use crate::problem::Problems;

/// A picture, to be written as [`svg`](Picture::svg), [`mermaid`](Picture::mermaid) or [`dot`](Picture::dot).
#[derive(Clone, Debug, Default)]
pub struct Picture {
    pub(super) title: String,
    /// What a person is told who does not see the picture.
    pub(super) description: String,
    /// Whether arrows go to the right; else they go down.
    pub(super) sideways: bool,
    pub(super) groups: Vec<Group>,
    pub(super) nodes: Vec<Node>,
    pub(super) links: Vec<Link>,
}

/// The resources of one service in one stack.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) stack: String,
    pub(super) title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Launched,
    Nested,
    Released,
    Resource,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) title: String,
    /// How it comes to be, or its type.
    pub(super) caption: String,
    /// What its author says of it.
    pub(super) description: &'static str,
    /// What it holds: a service, and how many of what.
    pub(super) holds: Vec<(String, String)>,
    pub(super) group: usize,
}

impl Node {
    /// What stands in the box, line by line.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts = vec![self.title.clone(), self.caption.clone()];
        texts.extend((!self.description.is_empty()).then(|| self.description.to_owned()));
        texts.extend(self.holds.iter().map(|(service, kinds)| format!("{service}: {kinds}")));
        texts
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A stack makes another, and hands over what is named.
    Nests,
    /// Something is handed over.
    Data,
    /// One is there before the other.
    Waits,
    /// A template is put into the release.
    Releases,
}

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: LineKind,
    /// What is handed over.
    pub(super) names: Vec<&'static str>,
    /// What is handed back.
    pub(super) back: Vec<&'static str>,
}

/// The most names on an arrow.
const MOST_NAMES: usize = 5;

impl Link {
    /// The words on the arrow, in lines of their own: what is handed over, and what is handed back.
    pub(super) fn label(&self) -> Vec<String> {
        let list = |names: &[&str]| match names.len() {
            0 => None,
            count if count > MOST_NAMES + 1 => {
                let shown = names[..MOST_NAMES].join(", ");
                Some(format!("{shown} and {} more", count - MOST_NAMES))
            }
            _ => Some(names.join(", ")),
        };
        match (list(&self.names), list(&self.back)) {
            (given, None) => given.into_iter().collect(),
            (given, Some(back)) => {
                given.into_iter().chain([format!("gives back: {back}")]).collect()
            }
        }
    }
}

impl Graph {
    /// One box for each stack, with what it holds, and what stacks give to each other.
    #[must_use]
    pub fn overview(&self) -> Picture {
        let nodes: Vec<Node> = self.stacks.iter().map(stack).collect();
        let links: Vec<Link> = self
            .links
            .iter()
            .map(|link| Link {
                from: link.from,
                to: link.to,
                kind: match link.kind {
                    LinkKind::Nests => LineKind::Nests,
                    LinkKind::Gives => LineKind::Data,
                    LinkKind::Releases => LineKind::Releases,
                    LinkKind::Waits => LineKind::Waits,
                },
                names: link.inputs.clone(),
                back: link.outputs.clone(),
            })
            .collect();
        let names: Vec<&str> = self.stacks.iter().map(|stack| stack.name).collect();
        let title = match names[..] {
            [] => "No stacks".to_owned(),
            [one] => format!("The stack {one}"),
            [first, ..] => format!("{first} and the stacks that it makes"),
        };
        Picture { title, nodes, links, ..Picture::default() }.described()
    }

    /// The resources of these stacks and what needs what, grouped by service.
    ///
    /// # Errors
    /// A name that no stack has, with the nearest that one has.
    pub fn detail(&self, names: &[String]) -> Result<Picture, Problems> {
        let known: Vec<&str> = self.stacks.iter().map(|stack| stack.name).collect();
        all_known(names, &known)?;
        let mut chosen: Vec<&StackNode> = Vec::new();
        for name in names {
            let stack = self.stacks.iter().find(|stack| stack.name == name);
            chosen.extend(stack.filter(|stack| chosen.iter().all(|one| one.name != stack.name)));
        }
        let names: Vec<&str> = chosen.iter().map(|stack| stack.name).collect();
        let title = format!("Resources of {}", names.join(", "));
        let mut picture = Picture { title, sideways: true, ..Picture::default() };
        for stack in chosen {
            picture.add_resources(stack);
        }
        Ok(picture.described())
    }
}

fn stack(stack: &StackNode) -> Node {
    let (kind, caption) = match &stack.standing {
        Standing::Launched(name) => (NodeKind::Launched, format!("Launch Stack: {name}")),
        Standing::Nested(id) => (NodeKind::Nested, format!("nested stack {id}")),
        Standing::Released => (NodeKind::Released, "template that others launch".to_owned()),
    };
    let title = stack.name.to_owned();
    // A description may begin with the stack's name, which the box says already.
    let description = match stack.description.split_once(": ") {
        Some((name, rest)) if name.starts_with(stack.name) && !name.contains(' ') => rest,
        _ => stack.description,
    };
    Node { kind, title, caption, description, holds: sums(stack), group: 0 }
}

/// What a stack holds by service: in the order in which its source first adds something of each, and last the services that
/// only serve the others.
fn sums(stack: &StackNode) -> Vec<(String, String)> {
    let mut services: Vec<(String, Vec<(&str, usize)>)> = Vec::new();
    for resource in stack.resources.iter().filter(|resource| resource.nests.is_none()) {
        let service = words::service(resource.type_name);
        let known = services.iter().position(|(name, _)| *name == service);
        let at = known.unwrap_or_else(|| {
            services.push((service, Vec::new()));
            services.len() - 1
        });
        let kinds = &mut services[at].1;
        match kinds.iter_mut().find(|(kind, _)| *kind == resource.type_name) {
            Some((_, count)) => *count += 1,
            None => kinds.push((resource.type_name, 1)),
        }
    }
    let said = |kinds: Vec<(&str, usize)>| {
        let words: Vec<String> =
            kinds.into_iter().map(|(kind, count)| words::counted(count, kind)).collect();
        words.join(", ")
    };
    services.sort_by_key(|(service, _)| words::serves(service));
    services.into_iter().map(|(service, kinds)| (service, said(kinds))).collect()
}

impl Picture {
    fn add_resources(&mut self, stack: &StackNode) {
        let (first_node, first_group) = (self.nodes.len(), self.groups.len());
        for resource in &stack.resources {
            let (kind, service, caption) = match resource.nests {
                Some(name) => {
                    (NodeKind::Nested, "Nested stacks".to_owned(), format!("nests {name}"))
                }
                None => (
                    NodeKind::Resource,
                    words::service(resource.type_name),
                    words::short(resource.type_name).to_owned(),
                ),
            };
            let groups = &self.groups[first_group..];
            let known = groups.iter().position(|group| group.title == service);
            let group = first_group + known.unwrap_or(groups.len());
            if known.is_none() {
                self.groups.push(Group { stack: stack.name.to_owned(), title: service });
            }
            let (title, description, holds) = (resource.id.to_owned(), "", Vec::new());
            self.nodes.push(Node { kind, title, caption, description, holds, group });
        }
        self.links.extend(stack.needs.iter().map(|edge| Link {
            from: first_node + edge.from,
            to: first_node + edge.to,
            kind: if edge.waits { LineKind::Waits } else { LineKind::Data },
            names: edge.inputs.clone(),
            back: Vec::new(),
        }));
    }

    /// Whether a group is the first of its stack.
    pub(super) fn opens(&self, group: usize) -> bool {
        group == 0 || self.groups[group].stack != self.groups[group - 1].stack
    }

    /// Whether a group is the last of its stack.
    pub(super) fn closes(&self, group: usize) -> bool {
        group + 1 == self.groups.len() || self.opens(group + 1)
    }

    /// Says in words what the picture shows.
    fn described(mut self) -> Self {
        let said: Vec<String> = (0..self.nodes.len()).map(|at| self.said_of(at)).collect();
        self.description = said.join(".\n");
        self
    }

    fn said_of(&self, at: usize) -> String {
        let node = &self.nodes[at];
        let mut said = format!("{} ({})", node.title, node.caption);
        let holds: Vec<&str> = node.holds.iter().map(|(_, kinds)| kinds.as_str()).collect();
        if !holds.is_empty() {
            let _ = write!(said, " holds {}", holds.join(", "));
        }
        for link in self.links.iter().filter(|link| link.from == at) {
            let _ = write!(said, "; {}", self.said(link));
        }
        said
    }

    /// An arrow in words, without the one that it begins at.
    pub(super) fn said(&self, link: &Link) -> String {
        let to = &self.nodes[link.to].title;
        let names = link.names.join(", ");
        let mut said = match link.kind {
            LineKind::Nests if names.is_empty() => format!("makes {to}"),
            LineKind::Nests => format!("makes {to} and gives it {names}"),
            LineKind::Data if names.is_empty() => format!("is read by {to}"),
            LineKind::Data => format!("gives {to} {names}"),
            LineKind::Waits => format!("is there before {to}"),
            LineKind::Releases => format!("puts {to} into the release"),
        };
        if !link.back.is_empty() {
            let _ = write!(said, ", which gives back {}", link.back.join(", "));
        }
        said
    }
}
