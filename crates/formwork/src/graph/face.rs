//! What is written in a box or on an arrow, line by line, and how large that makes it.

use super::measure::Type;
use super::picture::{Link, Node, NodeKind, Picture};

/// A line of text: its place from the top left corner, the style of its letters, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) style: Style,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Heading,
    Title,
    Name,
    Caption,
    Body,
    Service,
    Label,
}

impl Style {
    /// Every style, its class, and how it is set.
    pub(super) const ALL: [Style; 7] = [
        Style::Heading,
        Style::Title,
        Style::Name,
        Style::Caption,
        Style::Body,
        Style::Service,
        Style::Label,
    ];

    pub(super) const fn class(self) -> &'static str {
        match self {
            Style::Heading => "h",
            Style::Title => "t",
            Style::Name => "n",
            Style::Caption => "c",
            Style::Body => "b",
            Style::Service => "s",
            Style::Label => "l",
        }
    }

    pub(super) const fn set(self) -> Type {
        match self {
            Style::Heading => Type { size: 20.0, bold: true },
            Style::Title => Type { size: 15.0, bold: true },
            Style::Name | Style::Service => Type { size: 12.0, bold: true },
            Style::Caption | Style::Label => Type { size: 11.0, bold: false },
            Style::Body => Type { size: 12.0, bold: false },
        }
    }

    /// From one line to the next.
    pub(super) fn leading(self) -> f64 {
        (self.set().size * 1.3).ceil()
    }
}

/// Lines and the size that they need.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Face {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
}

/// From the edge of a box to what is written in it.
const PAD: f64 = 12.0;

/// How wide the text of a stack is, and the column of services in it.
const STACK: f64 = 340.0;
const SERVICES: f64 = 134.0;

/// How wide words on an arrow are at most.
const LABEL: f64 = 190.0;

impl Face {
    /// The lines of one style, not wider than this.
    fn put(&mut self, x: f64, style: Style, text: &str, width: f64) {
        for text in style.set().wrapped(text, width) {
            // A line's place is that of its foot, four fifths down.
            let y = self.height + (style.leading() * 0.8).round();
            self.height += style.leading();
            self.width = self.width.max(x + style.set().width(&text));
            self.lines.push(Line { x, y, style, text });
        }
    }

    fn padded(mut self, x: f64, y: f64) -> Self {
        for line in &mut self.lines {
            line.x += x;
            line.y += y;
        }
        self.width = (self.width + 2.0 * x).ceil();
        self.height = (self.height + 2.0 * y).ceil();
        self
    }

    pub(super) fn of_node(node: &Node, picture: &Picture) -> Face {
        let mut face = Face::default();
        if picture.sideways {
            face.put(0.0, Style::Name, &node.title, 260.0);
            face.put(0.0, Style::Caption, &node.caption, 260.0);
            return face.padded(8.0, 5.0);
        }
        // What is launched stands alone in its layer and may be wide: two columns.
        let columns = if node.kind == NodeKind::Launched && node.holds.len() > 4 { 2 } else { 1 };
        let gap = 24.0;
        let width = if columns == 2 { 2.0 * STACK + gap } else { STACK };
        face.put(0.0, Style::Caption, &node.caption, width);
        face.put(0.0, Style::Title, &node.title, width);
        face.height += 2.0;
        face.put(0.0, Style::Body, node.description, width);
        face.height += 8.0;
        let top = face.height;
        let rows = node.holds.len().div_ceil(columns);
        let mut deepest = top;
        for (column, holds) in node.holds.chunks(rows.max(1)).enumerate() {
            face.height = top;
            let x = if column == 0 { 0.0 } else { STACK + gap };
            for (service, kinds) in holds {
                let start = face.height;
                face.put(x, Style::Service, service, SERVICES - 8.0);
                let left = std::mem::replace(&mut face.height, start);
                face.put(x + SERVICES, Style::Body, kinds, STACK - SERVICES);
                face.height = face.height.max(left) + 2.0;
            }
            deepest = deepest.max(face.height);
        }
        face.height = deepest;
        face.width = width;
        face.padded(PAD, PAD)
    }

    /// The words of an arrow, if it has any.
    pub(super) fn of_link(link: &Link) -> Option<Face> {
        let mut face = Face::default();
        for text in link.label() {
            face.height += if face.lines.is_empty() { 0.0 } else { 4.0 };
            face.put(0.0, Style::Label, &text, LABEL);
        }
        if face.lines.is_empty() { None } else { Some(face.padded(4.0, 2.0)) }
    }
}
