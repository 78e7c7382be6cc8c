//! A picture as a Mermaid flowchart, in the part of its syntax that every version reads: plain ids, quoted texts.

use std::fmt::Write as _;

use super::picture::{LineKind, Link, NodeKind, Picture};

impl Picture {
    /// The picture as a Mermaid flowchart, as Markdown on GitHub and GitLab shows it.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "---\ntitle: \"{}\"\n---", front(&self.title));
        let _ = writeln!(text, "flowchart {}", if self.sideways { "LR" } else { "TB" });
        if self.groups.is_empty() {
            (0..self.nodes.len()).for_each(|at| self.mermaid_node(&mut text, at, "  "));
        }
        (0..self.groups.len()).for_each(|at| self.mermaid_group(&mut text, at));
        self.links.iter().for_each(|link| mermaid_link(&mut text, link));
        self.classes(&mut text);
        text
    }

    fn mermaid_group(&self, text: &mut String, at: usize) {
        let group = &self.groups[at];
        if self.opens(at) {
            let _ = writeln!(text, "  subgraph s{at} [\"{}\"]", quoted(&group.stack));
        }
        let _ = writeln!(text, "    subgraph g{at} [\"{}\"]", quoted(&group.title));
        let members = (0..self.nodes.len()).filter(|node| self.nodes[*node].group == at);
        members.for_each(|node| self.mermaid_node(text, node, "      "));
        text.push_str("    end\n");
        if self.closes(at) {
            text.push_str("  end\n");
        }
    }

    fn mermaid_node(&self, text: &mut String, at: usize, indent: &str) {
        let mut lines: Vec<String> =
            self.nodes[at].texts().iter().map(|line| quoted(line)).collect();
        lines[0] = format!("<b>{}</b>", lines[0]);
        let _ = writeln!(text, "{indent}n{at}[\"{}\"]", lines.join("<br/>"));
    }

    fn classes(&self, text: &mut String) {
        for (kind, class, style) in [
            (NodeKind::Launched, "launched", "stroke-width:3px"),
            (NodeKind::Nested, "nested", "stroke-width:2px"),
            (NodeKind::Released, "released", "stroke-dasharray:5 4"),
        ] {
            let members = self.nodes.iter().enumerate().filter(|(_, node)| node.kind == kind);
            let members: Vec<String> = members.map(|(at, _)| format!("n{at}")).collect();
            if !members.is_empty() && (kind != NodeKind::Nested || self.sideways) {
                let _ = writeln!(text, "  classDef {class} {style}");
                let _ = writeln!(text, "  class {} {class}", members.join(","));
            }
        }
    }
}

fn mermaid_link(text: &mut String, link: &Link) {
    let arrow = match (link.kind, link.back.is_empty()) {
        (LineKind::Nests | LineKind::Data, true) => "-->",
        (LineKind::Nests | LineKind::Data, false) => "<-->",
        (LineKind::Waits | LineKind::Releases, _) => "-.->",
    };
    let lines: Vec<String> = link.label().iter().map(|line| quoted(line)).collect();
    let label = match &lines[..] {
        [] => String::new(),
        lines => format!("|\"{}\"|", lines.join("<br/>")),
    };
    let _ = writeln!(text, "  n{} {arrow}{label} n{}", link.from, link.to);
}

/// A text between quotation marks. Named entities are the one spelling that all versions show right; codes such as `#35;` come
/// out in pieces where a line is broken in them.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("&quot;"),
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '#' => quoted.push_str("&num;"),
            _ if letter.is_control() => quoted.push(' '),
            _ => quoted.push(letter),
        }
    }
    quoted
}

/// A text of the YAML before the flowchart.
fn front(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '"' | '\\')).collect()
}
