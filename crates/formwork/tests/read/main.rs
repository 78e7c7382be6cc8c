//! What is read of a template: values, places, problems; and that what is written is read back.
#![cfg(feature = "read")]

mod cases;
mod hostile;
mod round_trip;
mod tree;

use formwork::read::{Content, Scalar, Tree};
use serde_json::{Map, Value, json};

/// What a tree means, as JSON.
fn meaning(tree: &Tree) -> Value {
    match tree.content() {
        Content::Scalar(..) => match tree.as_scalar() {
            None | Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(value)) => json!(value),
            Some(Scalar::Integer(number)) => json!(number),
            Some(Scalar::Number(number)) => json!(number),
            Some(Scalar::Text(text)) => json!(text),
        },
        Content::List(items) => items.iter().map(meaning).collect(),
        Content::Map(entries) => {
            let entry = |entry: &formwork::read::Entry| (entry.key.clone(), meaning(&entry.value));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}
