//! Puts a tree together from what a parser finds, on a stack of its own, within the limits.
//!
//! Knows nothing of YAML's or JSON's grammar. What is wrong but does not stop the reading is collected.

use super::Limits;
use super::problem::{Position, Problem, Problems, Span, excerpt};
use super::tag::{self, Tag};
use super::tree::{Content, Entry, Style, Tree};

/// After so many problems the reading ends.
const MAX_PROBLEMS: usize = 100;

/// How many bytes the keys on the way to a value may have together, so that every way can be written out.
const LONGEST_WAY: usize = 8_192;

pub(super) struct Builder<'l> {
    limits: &'l Limits,
    open: Vec<Open>,
    depth: usize,
    /// The bytes of all keys that are open.
    way: usize,
    nodes: usize,
    root: Option<Tree>,
    problems: Vec<Problem>,
}

/// A list or map that is not closed.
struct Open {
    content: OpenContent,
    /// Where it begins, with its tag.
    span: Span,
    tag: Option<Tag>,
    /// What its depth counts.
    depth: usize,
    /// Where the last thing in it ends.
    end: Position,
}

enum OpenContent {
    List(Vec<Tree>),
    Map(Vec<Entry>, Option<(String, Span)>),
}

impl<'l> Builder<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Builder {
            limits,
            open: Vec::new(),
            depth: 0,
            way: 0,
            nodes: 0,
            root: None,
            problems: Vec::new(),
        }
    }

    /// The tree, unless something was wrong.
    pub(super) fn finish(self) -> Result<Tree, Problems> {
        match (Problems::of(self.problems), self.root) {
            (Some(problems), _) => Err(problems),
            (None, Some(root)) if !root.is_null() => Ok(root),
            (None, root) => {
                Err(Problem::empty(root.map_or(Position::START, |root| root.span().start)).into())
            }
        }
    }

    /// All problems with one more that ended the reading.
    pub(super) fn refuse(mut self, problem: Problem) -> Problems {
        self.problems.push(problem.clone());
        Problems::of(self.problems).unwrap_or_else(|| problem.into())
    }

    /// How deep lists, maps and intrinsics may stand in each other.
    pub(super) fn max_depth(&self) -> usize {
        self.limits.depth
    }

    /// Notes something wrong that the reading survives.
    pub(super) fn note(
        &mut self,
        position: Position,
        message: impl Into<String>,
    ) -> Result<(), Problem> {
        let problem = Problem::new(position, message);
        if self.problems.len() + 1 >= MAX_PROBLEMS {
            return Err(problem);
        }
        self.problems.push(problem);
        Ok(())
    }

    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: Style,
        span: Span,
        tag: Option<Tag>,
    ) -> Result<(), Problem> {
        self.count(1, span.start)?;
        if self.wants_key() {
            return self.key(text, style, span, tag);
        }
        // What stands behind a tag is a text: `!Ref 1` is no number, and `!GetAZs` alone no null.
        let is_text = matches!(tag, Some(Tag::Text | Tag::Intrinsic(_)));
        let style = if is_text && style == Style::Plain { Style::Quoted } else { style };
        // A copy of just its length: a parser's own text has 129 bytes of room for one letter.
        let tree = Tree::new(Content::Scalar(text.to_owned(), style), span);
        self.tagged(tree, tag)
    }

    pub(super) fn begin_list(&mut self, span: Span, tag: Option<Tag>) -> Result<(), Problem> {
        self.begin(OpenContent::List(Vec::new()), span, tag)
    }

    pub(super) fn begin_map(&mut self, span: Span, tag: Option<Tag>) -> Result<(), Problem> {
        self.begin(OpenContent::Map(Vec::new(), None), span, tag)
    }

    /// Closes the innermost list or map; `end` is where its bracket ends if it has one.
    pub(super) fn end(&mut self, end: Option<Position>) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        self.depth -= open.depth;
        let span = Span { start: open.span.start, end: end.unwrap_or(open.end) };
        let content = match open.content {
            OpenContent::List(items) => Content::List(items),
            OpenContent::Map(entries, _) => {
                self.refuse_twice(&entries)?;
                Content::Map(entries)
            }
        };
        self.tagged(Tree::new(content, span), open.tag)
    }

    fn begin(&mut self, content: OpenContent, span: Span, tag: Option<Tag>) -> Result<(), Problem> {
        self.count(1, span.start)?;
        if self.wants_key() {
            let message =
                "a list or map as a key; a key is one text: quote it if it is meant as text";
            return Err(Problem::new(span.start, message));
        }
        let depth = 1 + usize::from(matches!(tag, Some(Tag::Intrinsic(_))));
        self.depth += depth;
        if self.depth > self.limits.depth {
            return Err(too_deep(span.start, self.limits.depth));
        }
        self.open.push(Open { content, span, tag, depth, end: span.end });
        Ok(())
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: OpenContent::Map(_, None), .. }))
    }

    fn key(
        &mut self,
        text: &str,
        style: Style,
        span: Span,
        tag: Option<Tag>,
    ) -> Result<(), Problem> {
        if let Some(Tag::Intrinsic(_)) = tag {
            self.note(span.start, "a tag on a key; only values may have one: remove it")?;
        }
        if style == Style::Plain && text.is_empty() {
            self.note(span.start, "nothing stands in front of the `:`; a key is needed there: write one, or remove the `:`")?;
        }
        if style == Style::Plain && text == "<<" {
            self.note(
                span.start,
                "a merge key (`<<`); CloudFormation knows none: write its entries out",
            )?;
        }
        self.way += text.len();
        if self.way > LONGEST_WAY {
            let message = format!(
                "the keys on the way to here have more than {LONGEST_WAY} bytes; no more are read: shorten them"
            );
            return Err(Problem::new(span.start, message));
        }
        if let Some(Open { content: OpenContent::Map(_, key), .. }) = self.open.last_mut() {
            *key = Some((text.to_owned(), span));
        }
        Ok(())
    }

    /// Adds a value to what is open, as the argument of its tag's intrinsic.
    fn tagged(&mut self, tree: Tree, tag: Option<Tag>) -> Result<(), Problem> {
        let Some(Tag::Intrinsic(name)) = tag else {
            self.add(tree);
            return Ok(());
        };
        let span = tree.span();
        self.count(1, span.start)?;
        let argument = if name == "Fn::GetAtt" { self.split(tree)? } else { tree };
        let length = u32::try_from("!".len() + tag::short(name).len()).unwrap_or_default();
        let end = Position { column: span.start.column + length, ..span.start };
        let key_span = Span { start: span.start, end };
        let entry = Entry { key: name.to_owned(), key_span, value: argument };
        if self.depth + 1 > self.limits.depth {
            return Err(too_deep(span.start, self.limits.depth));
        }
        self.add(Tree::new(Content::Map(vec![entry]), span));
        Ok(())
    }

    /// `a.b.c` of a `!GetAtt` as the list of `a` and `b.c`.
    fn split(&mut self, tree: Tree) -> Result<Tree, Problem> {
        let Content::Scalar(text, style) = tree.content() else {
            return Ok(tree);
        };
        let span = tree.span();
        let Some((id, attribute)) = text.split_once('.') else {
            let text = excerpt(text);
            let message = format!(
                "`!GetAtt {text}` names no attribute; it is a logical id, a dot and an attribute: write `!GetAtt {text}.Name`"
            );
            self.note(span.start, message)?;
            return Ok(tree);
        };
        self.count(2, span.start)?;
        if self.depth + 2 > self.limits.depth {
            return Err(too_deep(span.start, self.limits.depth));
        }
        let part = |text: &str| Tree::new(Content::Scalar(text.to_owned(), *style), span);
        Ok(Tree::new(Content::List(vec![part(id), part(attribute)]), span))
    }

    fn add(&mut self, tree: Tree) {
        let end = tree.span().end;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(tree);
            return;
        };
        open.end = open.end.max(end);
        match &mut open.content {
            OpenContent::List(items) => items.push(tree),
            OpenContent::Map(entries, key) => {
                if let Some((key, key_span)) = key.take() {
                    self.way -= key.len();
                    entries.push(Entry { key, key_span, value: tree });
                }
            }
        }
    }

    fn count(&mut self, nodes: usize, position: Position) -> Result<(), Problem> {
        self.nodes += nodes;
        if self.nodes > self.limits.nodes {
            let most = self.limits.nodes;
            return Err(Problem::new(
                position,
                format!("more than {most} keys and values; no more are read: split the input"),
            ));
        }
        Ok(())
    }

    fn refuse_twice(&mut self, entries: &[Entry]) -> Result<(), Problem> {
        const FEW: usize = 8;
        if entries.len() <= FEW {
            for (index, entry) in entries.iter().enumerate() {
                if let Some(first) = entries[..index].iter().find(|first| first.key == entry.key) {
                    self.twice(first, entry)?;
                }
            }
            return Ok(());
        }
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        let mut first = sorted[0];
        for entry in &sorted[1..] {
            if first.key == entry.key {
                self.twice(first, entry)?;
            } else {
                first = entry;
            }
        }
        Ok(())
    }

    fn twice(&mut self, first: &Entry, second: &Entry) -> Result<(), Problem> {
        let key = excerpt(&second.key);
        let line = first.key_span.start.line;
        self.note(
            second.key_span.start,
            format!("the key `{key}` is already on line {line}; a key may stand only once in a map: remove or rename one"),
        )
    }
}

pub(super) fn too_deep(position: Position, most: usize) -> Problem {
    let message = format!(
        "lists, maps and intrinsics stand in each other more than {most} deep; no more is read: flatten them"
    );
    Problem::new(position, message)
}
