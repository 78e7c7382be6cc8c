//! A picture as SVG: no script, text in the fonts of the system, light and dark as the reader's system is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::face::{Face, Style};
use super::layout::{Laid, Net, Point, Rect, laid};
use super::order::{Arrow, Block, Plan};
use super::picture::{LineKind, NodeKind, Picture};

/// How many stacks stand side by side at most, so that the picture fits on a page.
const ABREAST: usize = 2;

/// The colours of lines of a picture in which arrows go to the right: one a group, over and over.
const HUES: usize = 6;

/// Around everything.
const MARGIN: f64 = 24.0;

/// Between parallel lines of a picture in which arrows go to the right.
const TRACK: f64 = 6.0;

/// What the name of a stack takes above its groups.
const HEADING: f64 = 32.0;

/// The length of a line of the legend.
const SAMPLE: f64 = 34.0;

/// The radius of a line's corners.
const CORNER: f64 = 6.0;

const LIGHT: &str = "--bg:#ffffff;--ink:#1c2733;--soft:#55616e;--line:#66778a;--box:#f5f7fa;--edge:#b7c2ce;\
                     --main:#e3f0fd;--main-edge:#1769c2;--nest:#eaf6ef;--nest-edge:#3d8f5f;--lane:#f7f9fb;\
                     --k0:#2563ad;--k1:#9c4a1a;--k2:#2f7d4f;--k3:#8a3f9e;--k4:#8a6d0b;--k5:#b0345a";
const DARK: &str = "--bg:#0d1117;--ink:#e6edf3;--soft:#a3b0bd;--line:#8494a5;--box:#1a212b;--edge:#465362;\
                    --main:#0f2a48;--main-edge:#5aa5f5;--nest:#11301f;--nest-edge:#4fb27a;--lane:#131922;\
                    --k0:#6ea8ee;--k1:#e09a66;--k2:#6cc28d;--k3:#c78fdb;--k4:#d0b64c;--k5:#ee88a6";

impl Picture {
    /// The picture as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut faces: Vec<Face> =
            self.nodes.iter().map(|node| Face::of_node(node, self)).collect();
        if self.sideways {
            self.make_room(&mut faces);
        }
        let words: Vec<Option<Face>> = self.links.iter().map(Face::of_link).collect();
        let laid = laid(&self.plan(&faces, &words), self.sideways);
        let mut page = Page { text: String::new(), picture: self, laid: &laid };
        page.write(&faces, &words);
        page.text
    }

    /// A box that many arrows go to is as high as they need.
    fn make_room(&self, faces: &mut [Face]) {
        let mut arrows = vec![0.0; faces.len()];
        self.links.iter().for_each(|link| arrows[link.to] += 1.0);
        for (face, arrows) in faces.iter_mut().zip(arrows) {
            face.height = face.height.max(arrows * TRACK + 8.0);
        }
    }

    fn plan(&self, faces: &[Face], words: &[Option<Face>]) -> Plan {
        let size = |face: &Face| {
            if self.sideways { (face.width, face.height) } else { (face.height, face.width) }
        };
        let block = |(face, at): (&Face, usize)| {
            let (along, across) = size(face);
            Block { along, across, lane: self.nodes[at].group }
        };
        let arrow = |(link, words): (&super::picture::Link, &Option<Face>)| Arrow {
            from: link.from,
            to: link.to,
            bundle: link.kind as usize,
            label: words.as_ref().map(size),
        };
        let lane = |at: usize| (if self.opens(at) { HEADING + 4.0 } else { 4.0 }, 8.0);
        let lanes = match self.groups.len() {
            0 => vec![(0.0, 0.0)],
            count => (0..count).map(lane).collect(),
        };
        Plan {
            blocks: faces.iter().zip(0..).map(block).collect(),
            arrows: self.links.iter().zip(words).map(arrow).collect(),
            lanes,
            most: if self.sideways { usize::MAX } else { ABREAST },
            gap: if self.sideways { 8.0 } else { 28.0 },
            track: if self.sideways { TRACK } else { 12.0 },
        }
    }
}

struct Page<'a> {
    text: String,
    picture: &'a Picture,
    laid: &'a Laid,
}

impl Page<'_> {
    fn write(&mut self, faces: &[Face], words: &[Option<Face>]) {
        let heading = Style::Heading.set().width(&self.picture.title);
        let legend: f64 = self.kinds().iter().map(|(_, says)| legend_width(says)).sum();
        let names =
            self.picture.groups.iter().map(|group| Style::Service.set().width(&group.title));
        let margin = names.map(|width| width.ceil() + 20.0).fold(0.0, f64::max);
        let width = (self.laid.width + margin).max(heading).max(legend) + 2.0 * MARGIN;
        let top = MARGIN + 62.0;
        let height = top + self.laid.height + MARGIN;
        self.head(width, height);
        self.line(&format!("<g transform=\"translate({} {top})\">", MARGIN + margin));
        self.lanes(margin);
        for net in &self.laid.nets {
            self.net(net);
        }
        for (at, face) in faces.iter().enumerate() {
            self.node(at, face);
        }
        for (at, face) in words.iter().enumerate() {
            if let (Some(face), Some(place)) = (face, self.laid.labels[at]) {
                self.words(at, face, place);
            }
        }
        self.line("</g>");
        self.line("</svg>");
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self, width: f64, height: f64) {
        let (width, height) = (number(width.ceil()), number(height.ceil()));
        self.line(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"graph-title graph-desc\">"
        ));
        let (title, description) =
            (escaped(&self.picture.title), escaped(&self.picture.description));
        self.line(&format!("<title id=\"graph-title\">{title}</title>"));
        self.line(&format!("<desc id=\"graph-desc\">{description}</desc>"));
        self.style();
        self.line("<rect class=\"bg\" width=\"100%\" height=\"100%\" rx=\"8\"/>");
        self.put(MARGIN, MARGIN + 18.0, Style::Heading, &self.picture.title.clone());
        self.legend();
    }

    fn style(&mut self) {
        self.line("<style>");
        self.line(&format!("svg{{{LIGHT}}}"));
        self.line(&format!("@media (prefers-color-scheme:dark){{svg{{{DARK}}}}}"));
        self.line("text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif;fill:var(--ink)}");
        for style in Style::ALL {
            let set = style.set();
            let weight = if set.bold { ";font-weight:600" } else { "" };
            let soft = matches!(style, Style::Caption | Style::Label);
            let fill = if soft { ";fill:var(--soft)" } else { "" };
            let anchor = if style == Style::Label { ";text-anchor:middle" } else { "" };
            self.line(&format!(
                ".{}{{font-size:{}px{weight}{fill}{anchor}}}",
                style.class(),
                set.size
            ));
        }
        self.line(
            ".bg{fill:var(--bg)}\n\
             .lane{fill:var(--lane);stroke:var(--edge);stroke-width:.5}\n\
             .node rect{fill:var(--box);stroke:var(--edge)}\n\
             .launched rect{fill:var(--main);stroke:var(--main-edge);stroke-width:2}\n\
             .nested rect{fill:var(--nest);stroke:var(--nest-edge)}\n\
             .released rect{stroke-dasharray:5 4}\n\
             .wire{fill:none;stroke:var(--line);stroke-width:1.25}\n\
             .waits .wire{stroke-dasharray:5 3}\n\
             .releases .wire{stroke-dasharray:1.5 3.5;stroke-linecap:round}\n\
             .head{fill:var(--line)}\n\
             .k0{--line:var(--k0)}.k1{--line:var(--k1)}.k2{--line:var(--k2)}\n\
             .k3{--line:var(--k3)}.k4{--line:var(--k4)}.k5{--line:var(--k5)}\n\
             .net:hover .wire{stroke:var(--main-edge);stroke-width:2.5}\n\
             .net:hover .head{fill:var(--main-edge)}",
        );
        let ground = if self.picture.sideways { "lane" } else { "bg" };
        self.line(&format!(".label rect{{fill:var(--{ground})}}"));
        self.line("</style>");
    }

    /// What each kind of line says; only those that are there.
    fn kinds(&self) -> Vec<(LineKind, &'static str)> {
        let mut kinds = vec![
            (LineKind::Nests, "hands over the inputs that are named"),
            (LineKind::Data, "is read by (Ref, GetAtt, Sub)"),
            (LineKind::Waits, "is there before (DependsOn)"),
            (LineKind::Releases, "puts into the release"),
        ];
        // Among stacks, what is handed over looks the same whoever gives it.
        let told = |kind| self.picture.sideways || kind != LineKind::Data;
        let there = |kind| self.picture.links.iter().any(|link| link.kind == kind);
        kinds.retain(|(kind, _)| told(*kind) && there(*kind));
        kinds
    }

    fn legend(&mut self) {
        let (mut x, y) = (MARGIN, MARGIN + 40.0);
        for (kind, says) in self.kinds() {
            let end = x + SAMPLE;
            let wire = format!("M{} {}H{}", number(x), number(y - 4.0), number(end));
            let head = head((end + 1.0, y - 4.0), (1.0, 0.0));
            self.line(&format!("<g class=\"net {}\">", class(kind)));
            self.line(&format!("<path class=\"wire\" d=\"{wire}\"/>"));
            self.line(&format!("<path class=\"head\" d=\"{head}\"/>"));
            self.line("</g>");
            self.put(end + 8.0, y, Style::Caption, says);
            x += legend_width(says);
        }
    }

    fn put(&mut self, x: f64, y: f64, style: Style, text: &str) {
        let (x, y, class, text) = (number(x), number(y), style.class(), escaped(text));
        self.line(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"));
    }

    /// The groups lie below each other, each with its name before its boxes.
    fn lanes(&mut self, margin: f64) {
        for (at, group) in self.picture.groups.iter().enumerate() {
            let (mut start, end) = self.laid.lanes[at];
            if self.picture.opens(at) {
                self.put(-margin, start + 20.0, Style::Title, &group.stack);
                start += HEADING;
            }
            let (width, height) = (self.laid.width + margin + 16.0, end - start - 4.0);
            let [x, y, width, height] = [-margin - 8.0, start, width, height].map(number);
            self.line(&format!(
                "<rect class=\"lane\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>"
            ));
            self.put(-margin, start + 18.0, Style::Service, &group.title);
        }
    }

    fn node(&mut self, at: usize, face: &Face) {
        let node = &self.picture.nodes[at];
        let kind = match node.kind {
            NodeKind::Launched => "launched",
            NodeKind::Nested => "nested",
            NodeKind::Released => "released",
            NodeKind::Resource => "resource",
        };
        let place = self.laid.blocks[at];
        self.line(&format!("<g class=\"node {kind}\">"));
        self.rect(place, 6.0);
        self.face(face, place);
        self.line("</g>");
    }

    fn rect(&mut self, Rect { x, y, width, height }: Rect, radius: f64) {
        let [x, y, width, height, radius] = [x, y, width, height, radius].map(number);
        self.line(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        ));
    }

    fn face(&mut self, face: &Face, place: Rect) {
        for line in &face.lines {
            self.put(place.x + line.x, place.y + line.y, line.style, &line.text);
        }
    }

    fn words(&mut self, at: usize, face: &Face, place: Rect) {
        let link = &self.picture.links[at];
        self.line("<g class=\"label\">");
        self.line(&format!("<title>{}</title>", escaped(&self.picture.said(link))));
        self.rect(place, 3.0);
        for line in &face.lines {
            self.put(place.x + face.width / 2.0, place.y + line.y, line.style, &line.text);
        }
        self.line("</g>");
    }

    fn net(&mut self, net: &Net) {
        let Some(first) = net.arrows.first() else { return };
        let links: Vec<_> = net.arrows.iter().map(|at| &self.picture.links[*at]).collect();
        let said = links.iter().map(|link| {
            format!("{} {}", self.picture.nodes[link.from].title, self.picture.said(link))
        });
        let title = said.collect::<Vec<_>>().join("\n");
        // What several arrows share is drawn once.
        let paths: BTreeSet<String> = net.lines.iter().map(|line| path(line)).collect();
        let wire: String = paths.into_iter().collect();
        let ahead = if self.picture.sideways { (1.0, 0.0) } else { (0.0, 1.0) };
        let back = (-ahead.0, -ahead.1);
        let mut heads = String::new();
        let turned = self.laid.turned[*first];
        for (at, point) in &net.heads {
            if !turned || !self.picture.links[*at].back.is_empty() {
                heads.push_str(&head(*point, ahead));
            }
        }
        if turned || links.iter().any(|link| !link.back.is_empty()) {
            heads.push_str(&head(net.start, back));
        }
        let hue = self.picture.nodes[links[0].from].group % HUES;
        let hue = if self.picture.sideways { format!(" k{hue}") } else { String::new() };
        self.line(&format!("<g class=\"net {}{hue}\">", class(links[0].kind)));
        self.line(&format!("<title>{}</title>", escaped(&title)));
        self.line(&format!("<path class=\"wire\" d=\"{wire}\"/>"));
        self.line(&format!("<path class=\"head\" d=\"{heads}\"/>"));
        self.line("</g>");
    }
}

/// What one kind of line and its words take of the legend.
fn legend_width(says: &str) -> f64 {
    SAMPLE + 8.0 + Style::Caption.set().width(says) + 24.0
}

const fn class(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Nests => "nests",
        LineKind::Data => "data",
        LineKind::Waits => "waits",
        LineKind::Releases => "releases",
    }
}

/// A line with round corners.
fn path(points: &[Point]) -> String {
    let at = |(x, y): Point| format!("{} {}", number(x), number(y));
    let mut path = format!("M{}", at(points[0]));
    for corner in points.windows(3) {
        let [before, here, behind] = [corner[0], corner[1], corner[2]];
        let length = |a: Point, b: Point| (a.0 - b.0).abs() + (a.1 - b.1).abs();
        let radius = CORNER.min(length(before, here) / 2.0).min(length(here, behind) / 2.0);
        let toward = |to: Point| {
            let share = radius / length(here, to).max(f64::EPSILON);
            (here.0 + (to.0 - here.0) * share, here.1 + (to.1 - here.1) * share)
        };
        let _ = write!(path, "L{}Q{} {}", at(toward(before)), at(here), at(toward(behind)));
    }
    let _ = write!(path, "L{}", at(points[points.len() - 1]));
    path
}

/// The point of an arrow that ends here and goes that way.
fn head((x, y): Point, (ahead_x, ahead_y): (f64, f64)) -> String {
    let (long, half) = (8.0, 3.5);
    let (foot_x, foot_y) = (x - ahead_x * long, y - ahead_y * long);
    let corner = |side: f64| {
        format!("{} {}", number(foot_x - ahead_y * side), number(foot_y + ahead_x * side))
    };
    format!("M{} {}L{}L{}Z", number(x), number(y), corner(half), corner(-half))
}

/// A number with one digit after the point at most.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // `-0` is a number too, but nobody writes it.
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            // XML holds no other control character, however it is written.
            _ if letter.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}
