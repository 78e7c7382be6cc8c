//! What is known of a template before a launch: values, conditions, all alternatives, resources; and that no
//! template, however wrong, makes a panic or endless work.
#![cfg(feature = "read")]

mod cases;
mod hostile;
mod random;
mod stacks;

use formwork::evaluate::{Evaluation, Known, Surroundings, Text};
use formwork::read::{Document, Tree};
use indexmap::IndexMap;

fn parse(source: &str) -> Document {
    formwork::read::parse(source.as_bytes())
        .unwrap_or_else(|problems| panic!("{problems}\n{source}"))
}

/// An evaluation in a region, with what is given written as a map of plain values.
fn evaluation<'t>(template: &'t Tree, region: &str, given: Option<&Tree>) -> Evaluation<'t> {
    let empty = Document { format: formwork::render::Format::Yaml, root: template.clone() };
    let reader = Evaluation::new(&empty.root, &Surroundings::of_region(region), &IndexMap::new());
    let given = match given.map(|given| reader.value(given)) {
        Some(Known::Map(given)) => given,
        _ => IndexMap::new(),
    };
    Evaluation::new(template, &Surroundings::of_region(region), &given)
}

/// A value as the cases write it: like JSON, with what is unknown in ‹› and without its place.
fn show(value: &Known) -> String {
    let list = |items: Vec<String>| items.join(",");
    match value {
        Known::Text(text) => format!("{:?}", show_text(text)).replace("\\'", "'"),
        Known::Number(number) => number.clone(),
        Known::Bool(value) => value.to_string(),
        Known::List(items) => format!("[{}]", list(items.iter().map(show).collect())),
        Known::Map(entries) => {
            let entry = |(key, value): (&String, &Known)| format!("{key:?}:{}", show(value));
            format!("{{{}}}", list(entries.iter().map(entry).collect()))
        }
        Known::Absent => "∅".to_owned(),
        Known::Unknown(unknown) => show_text(&Text::unknown(unknown.clone())),
    }
}

fn show_text(text: &Text) -> String {
    let mut shown = String::new();
    for piece in text.to_string().split_inclusive('›') {
        match piece.split_once(" at ") {
            Some((start, _)) => shown.extend([start, "›"]),
            None => shown.push_str(piece),
        }
    }
    shown
}

fn shown(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}
