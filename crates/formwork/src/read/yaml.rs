//! Reads YAML: turns the parser's events into a tree, and its complaints into ours.
//!
//! Anchors and aliases are refused, as CloudFormation's documentation does, so nothing ever grows
//! beyond the size of its text.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::build::{self, Builder};
use super::problem::{Position, Problem, Span};
use super::tag::{self, Tag};
use super::tree::Style;

type SaphyrTag<'t> = std::borrow::Cow<'t, saphyr_parser::Tag>;

pub(super) fn read(text: &str, builder: &mut Builder<'_>) -> Result<(), Problem> {
    refuse_controls(text)?;
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| complaint(&error, text, builder))?;
        let ended = span.start != span.end;
        let span = Span { start: position(span.start), end: position(span.end) };
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag_of(builder, anchor, tag.as_ref(), span)?;
                builder.scalar(&value, style_of(style), span, tag)?;
            }
            Event::SequenceStart(anchor, tag) => {
                let tag = tag_of(builder, anchor, tag.as_ref(), span)?;
                builder.begin_list(span, tag)?;
            }
            Event::MappingStart(anchor, tag) => {
                let tag = tag_of(builder, anchor, tag.as_ref(), span)?;
                builder.begin_map(span, tag)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.end(ended.then_some(span.end))?,
            Event::Alias(_) => {
                builder.note(
                    span.start,
                    "an alias (`*`); CloudFormation knows none: write the value out",
                )?;
                builder.scalar(&format!("alias at {}", span.start), Style::Quoted, span, None)?;
            }
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let message = "a second document begins; a template is one document: remove what follows, or the `---`";
                    return Err(Problem::new(span.start, message));
                }
            }
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
        }
    }
    Ok(())
}

fn tag_of(
    builder: &mut Builder<'_>,
    anchor: usize,
    tag: Option<&SaphyrTag<'_>>,
    span: Span,
) -> Result<Option<Tag>, Problem> {
    if anchor != 0 {
        builder.note(
            span.start,
            "an anchor (`&`); CloudFormation knows none: remove it and write out what refers to it",
        )?;
    }
    match tag.map(|tag| tag::tag(&tag.handle, &tag.suffix)) {
        None => Ok(None),
        Some(Ok(tag)) => Ok(Some(tag)),
        Some(Err(message)) => builder.note(span.start, message).map(|()| None),
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn position(marker: Marker) -> Position {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: number(marker.line()), column: number(marker.col()).saturating_add(1) }
}

/// YAML allows no control characters but tabs and line breaks.
fn refuse_controls(text: &str) -> Result<(), Problem> {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..)
            && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    let Some(at) = text.find(|c| !allowed(c)) else {
        return Ok(());
    };
    let code = text[at..].chars().next().map_or(0, u32::from);
    let message = format!(
        "the control character U+{code:04X}; YAML allows none: write it as an escape in double quotes"
    );
    Err(Problem::new(Position::START.after(&text[..at]), message))
}

/// The first tab in an indentation, from a line on: the parser names where the value begins that goes on there.
fn tab(text: &str, from: Position) -> Option<Position> {
    let first = from.line.saturating_sub(1) as usize;
    let found = text.lines().enumerate().skip(first).find_map(|(number, line)| {
        let indentation = &line[..line.len() - line.trim_start().len()];
        let before = &indentation[..indentation.find('\t')?];
        Some((number, before.chars().count()))
    });
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
    found.map(|(line, column)| Position { line: number(line), column: number(column) })
}

/// What the parser complains of, in our words where it is a usual mistake.
fn complaint(error: &ScanError, text: &str, builder: &Builder<'_>) -> Problem {
    let mut position = position(*error.marker());
    let info = error.info();
    let line = text.lines().nth(position.line.saturating_sub(1) as usize).unwrap_or_default();
    let behind: String =
        line.chars().skip(position.column.saturating_sub(1) as usize).take(1).collect();
    let indentation = &line[..line.len() - line.trim_start().len()];
    let message = if info.contains("recursion limit") {
        return build::too_deep(position, builder.max_depth());
    } else if info.contains("tab") || indentation.contains('\t') {
        position = tab(text, position).unwrap_or(position);
        "a tab in the indentation; YAML allows only spaces there: replace it".to_owned()
    } else if behind == "!" && info.contains("did not find expected") {
        "a tag behind a tag; YAML allows one: write the inner one in its long form, such as `Fn::Sub:`, on a line of its own"
            .to_owned()
    } else if info.contains("unknown anchor") {
        "an alias (`*`); CloudFormation knows none: write the value out, or quote it if it is a text".to_owned()
    } else if info.contains("handle wasn't declared") {
        "a tag with a prefix that is not declared; only the short forms of intrinsics are allowed: remove it".to_owned()
    } else if info.contains("mapping values are not allowed") {
        "a `:` where no key can be; check the indentation, or quote the text if it holds a `: `"
            .to_owned()
    } else if info.contains("<document start>") {
        "something follows where the template has ended; check the indentation, brackets and quotes up to here".to_owned()
    } else {
        format!("this is no YAML: {info}; check the indentation, brackets and quotes up to here")
    };
    Problem::new(position, message)
}
