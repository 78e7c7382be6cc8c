//! The report for people: each finding with an excerpt of the Rust line that added the resource, or of the template where
//! there is none. Reads Rust files below the directory that the check runs in, and nothing else.

use std::collections::HashMap;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::matrix;
use crate::finding::{Finding, Place, Severity, shown_within};
use crate::report::Report;
use crate::subject::Subject;

/// The longest line that an excerpt is made of, in bytes.
const LONGEST: usize = 1_000;

/// The largest file that an excerpt is made of, in bytes.
const LARGEST: u64 = 4_000_000;

/// The whole report.
#[must_use]
pub fn write(report: &Report, subject: &Subject, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut sources = Sources { subject, rust: HashMap::new(), lines: HashMap::new() };
    let mut text = String::new();
    for finding in &report.findings {
        let place = Excerpt::of(&finding.place, &mut sources);
        let group = group(finding, &place);
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{}\n", renderer.render(&[group]));
    }
    for excepted in &report.excepted {
        let Finding { place, message, .. } = &excepted.finding;
        let file = at(place);
        let reason = shown_within(&excepted.reason, LONGEST);
        let _ = writeln!(
            text,
            "excepted[{}]: {message}\n  --> {file}\n   = reason: {reason}\n",
            excepted.finding.id()
        );
    }
    if let Some(matrix) = &report.matrix {
        text += &matrix::write(matrix);
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(report));
    text
}

fn at(place: &Place) -> String {
    match &place.rust {
        Some((file, line)) => format!("{file}:{line}"),
        None => format!("{}:{}:{}", place.file, place.line, place.column),
    }
}

/// The last line.
fn summary(report: &Report) -> String {
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    let excepted = match report.excepted.len() {
        0 => String::new(),
        number => format!(", {number} excepted"),
    };
    let regions = match report.regions.as_slice() {
        [one] => one.clone(),
        several => count(several.len(), "region"),
    };
    format!(
        "{}, {}, {}{excepted} in {} for {regions}",
        count(report.count(Severity::Error), "error"),
        count(report.count(Severity::Warning), "warning"),
        count(report.count(Severity::Note), "note"),
        count(report.templates, "template"),
    )
}

fn group<'a>(finding: &'a Finding, excerpt: &'a Excerpt) -> Group<'a> {
    let level = match finding.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.id());
    let mut group = Group::with_title(title).elements(excerpt.elements());
    let mut note = |name: &'static str, text: String| {
        let message = Level::NOTE.with_name(name).message(text);
        group = std::mem::replace(&mut group, Group::with_title(Level::NOTE.primary_title("")))
            .element(message);
    };
    if !finding.place.path.is_empty() {
        note("at", shown_within(&finding.place.path, 200));
    }
    for (name, text) in [("given", &finding.given), ("allowed", &finding.allowed)] {
        if let Some(text) = text {
            note(name, text.clone());
        }
    }
    if !finding.regions.is_empty() {
        note("in", finding.regions.join(", "));
    }
    note("help", finding.fix.clone().unwrap_or_else(|| in_line(finding.rule.mend)));
    group
}

/// A sentence of a table as the end of a message: in lower case and without a full stop.
fn in_line(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// A line that is shown, or the places where nothing can be.
struct Excerpt {
    line: Option<Line>,
    /// Further places, each a file, a line and a column.
    others: Vec<(String, u32, u32)>,
}

struct Line {
    file: String,
    number: u32,
    text: String,
    marked: std::ops::Range<usize>,
    label: Option<&'static str>,
}

impl Excerpt {
    fn of(place: &Place, sources: &mut Sources<'_>) -> Self {
        let template = (place.file.clone(), place.line, place.column);
        if let Some((file, number)) = &place.rust {
            let line = sources.rust_line(file, *number).map(|text| {
                let begin = text.len() - text.trim_start().len();
                let marked = begin..text.trim_end().len().max(begin + 1).min(text.len());
                let label = Some("added here");
                Line { file: file.clone(), number: *number, text, marked, label }
            });
            let mut others = vec![template];
            if line.is_none() {
                others.insert(0, (file.clone(), *number, 1));
            }
            return Excerpt { line, others };
        }
        let text = sources.template_line(&place.file, place.line);
        let line = text.map(|text| {
            let marked = marked(&text, place.column);
            Line { file: place.file.clone(), number: place.line, text, marked, label: None }
        });
        let others = if line.is_none() { vec![template] } else { Vec::new() };
        Excerpt { line, others }
    }

    fn elements(&self) -> Vec<Element<'_>> {
        let mut elements = Vec::new();
        if let Some(line) = &self.line {
            let mark = AnnotationKind::Primary.span(line.marked.clone()).label(line.label);
            let snippet = Snippet::source(line.text.as_str()).line_start(line.number as usize);
            elements.push(snippet.path(line.file.as_str()).annotation(mark).into());
        }
        for (file, line, column) in &self.others {
            let origin = Origin::path(file.as_str());
            elements.push(match line {
                0 => origin.into(),
                line => origin.line(*line as usize).char_column(*column as usize).into(),
            });
        }
        elements
    }
}

/// The word of a line that begins in this column; a tag together with its argument.
fn marked(line: &str, column: u32) -> std::ops::Range<usize> {
    let skipped = column.saturating_sub(1) as usize;
    let start = line.char_indices().nth(skipped).map_or(line.len(), |(at, _)| at);
    let tag = match line[start..].split_once(' ') {
        Some((tag, argument)) if tag.starts_with('!') && !argument.trim().is_empty() => {
            tag.len() + 1
        }
        _ => 0,
    };
    start..start + tag + word(&line[start + tag..])
}

/// The bytes of the word at the start of a text.
fn word(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(text.len(), |at| at + 2),
        Some(bracket @ ('[' | '{')) => bracket.len_utf8(),
        _ => {
            let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
            let end = text.find(ends).unwrap_or(text.len());
            end - usize::from(text[..end].ends_with(':'))
        }
    }
}

/// Lines of files, each file read once.
struct Sources<'s> {
    subject: &'s Subject,
    rust: HashMap<String, Option<String>>,
    /// Where each line of a file begins.
    lines: HashMap<String, Vec<usize>>,
}

impl Sources<'_> {
    fn template_line(&mut self, file: &str, line: u32) -> Option<String> {
        let text = self.subject.texts.get(file)?;
        nth(&mut self.lines, file, text, line)
    }

    fn rust_line(&mut self, file: &str, line: u32) -> Option<String> {
        let text = self.rust.entry(file.to_owned()).or_insert_with(|| read(file));
        nth(&mut self.lines, file, text.as_deref()?, line)
    }
}

/// A Rust file of here; `Place::rust` has only paths that do not climb, and a link must not either.
fn read(file: &str) -> Option<String> {
    let here = std::env::current_dir().ok()?.canonicalize().ok()?;
    let path = here.join(file).canonicalize().ok()?;
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    let metadata = path.metadata().ok()?;
    if !path.starts_with(&here) || !is_rust || !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    std::fs::read_to_string(path).ok()
}

/// A line of a text, if it is there and not too long.
fn nth(
    lines: &mut HashMap<String, Vec<usize>>,
    file: &str,
    text: &str,
    line: u32,
) -> Option<String> {
    let starts = lines.entry(file.to_owned()).or_insert_with(|| {
        let bytes = text.as_bytes();
        let breaks = (0..bytes.len()).filter(|at| match bytes[*at] {
            b'\n' => true,
            // Alone it breaks a line too, as YAML has it.
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        std::iter::once(0).chain(breaks.map(|at| at + 1)).collect()
    });
    let start = *starts.get((line as usize).checked_sub(1)?)?;
    let end = starts.get(line as usize).map_or(text.len(), |next| next - 1);
    let line = text[start..end].trim_end_matches('\r');
    (line.len() <= LONGEST && !line.trim().is_empty()).then(|| line.to_owned())
}
