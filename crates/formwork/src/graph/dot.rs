//! A picture in DOT, the language of Graphviz.

use std::fmt::Write as _;

use super::measure::Type;
use super::picture::{LineKind, Link, NodeKind, Picture};

/// How text is set in boxes, and how wide it is there at most.
const TYPE: Type = Type { size: 11.0, bold: false };
const WIDTH: f64 = 360.0;

impl Picture {
    /// The picture in DOT.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut text = String::from("digraph {\n");
        let direction = if self.sideways { "LR" } else { "TB" };
        let title = quoted(std::slice::from_ref(&self.title));
        let _ = writeln!(text, "  graph [rankdir={direction}, labelloc=t, label=\"{title}\"]");
        text.push_str("  graph [fontname=\"Helvetica\"]\n");
        text.push_str("  node [fontname=\"Helvetica\", fontsize=11, shape=box, style=rounded]\n");
        text.push_str("  edge [fontname=\"Helvetica\", fontsize=10]\n");
        if self.groups.is_empty() {
            (0..self.nodes.len()).for_each(|at| self.dot_node(&mut text, at, "  "));
        }
        (0..self.groups.len()).for_each(|at| self.dot_group(&mut text, at));
        self.links.iter().for_each(|link| dot_link(&mut text, link));
        text.push_str("}\n");
        text
    }

    fn dot_group(&self, text: &mut String, at: usize) {
        let group = &self.groups[at];
        if self.opens(at) {
            let label = quoted(std::slice::from_ref(&group.stack));
            let _ = writeln!(text, "  subgraph cluster_s{at} {{\n    label=\"{label}\"");
        }
        let label = quoted(std::slice::from_ref(&group.title));
        let _ = writeln!(text, "    subgraph cluster_g{at} {{\n      label=\"{label}\"");
        let members = (0..self.nodes.len()).filter(|node| self.nodes[*node].group == at);
        members.for_each(|node| self.dot_node(text, node, "      "));
        text.push_str("    }\n");
        if self.closes(at) {
            text.push_str("  }\n");
        }
    }

    fn dot_node(&self, text: &mut String, at: usize, indent: &str) {
        let node = &self.nodes[at];
        let style = match node.kind {
            NodeKind::Launched => ", penwidth=2.5",
            NodeKind::Nested => ", penwidth=1.5",
            NodeKind::Released => ", style=\"rounded,dashed\"",
            NodeKind::Resource => "",
        };
        let _ = writeln!(text, "{indent}n{at} [label=\"{}\"{style}]", quoted(&node.texts()));
    }
}

fn dot_link(text: &mut String, link: &Link) {
    let mut options = Vec::new();
    let label = link.label();
    if !label.is_empty() {
        options.push(format!("label=\"{}\"", quoted(&label)));
    }
    options.extend(match link.kind {
        LineKind::Nests | LineKind::Data => None,
        LineKind::Waits => Some("style=dashed".to_owned()),
        LineKind::Releases => Some("style=dotted".to_owned()),
    });
    if !link.back.is_empty() {
        options.push("dir=both".to_owned());
    }
    let options = match &options[..] {
        [] => String::new(),
        options => format!(" [{}]", options.join(", ")),
    };
    let _ = writeln!(text, "  n{} -> n{}{options}", link.from, link.to);
}

/// Lines as one text between quotation marks; if they are several, all are set to the left.
fn quoted(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().flat_map(|line| TYPE.wrapped(line, WIDTH)).collect();
    let mut quoted = String::new();
    for line in &lines {
        for letter in line.chars() {
            match letter {
                '"' | '\\' => quoted.extend(['\\', letter]),
                _ if letter.is_control() => quoted.push(' '),
                _ => quoted.push(letter),
            }
        }
        if lines.len() > 1 {
            quoted.push_str("\\l");
        }
    }
    quoted
}
