//! The values of a launch that a schema says anything about. What it leaves open, such as a policy's document, is not worked
//! out once more for each launch.

use formwork::evaluate::Term;
use formwork::read::{Content, Entry};

use super::model::{Prop, TypeSchema};
use crate::value::{Field, Fields, Sure, Value, Views, What};

/// A value as far as its schema bounds it.
pub(super) fn value(
    views: &Views<'_>,
    schema: &TypeSchema,
    prop: &Prop,
    term: &Term<'_>,
    sure: Sure,
) -> Value {
    let prop = schema.target(prop);
    let at = term.tree.span().start;
    // Forms and conditions may look at anything.
    let has_forms = !prop.all_of.is_empty() || !prop.any_of.is_empty() || !prop.one_of.is_empty();
    if has_forms || !prop.if_then_else.is_empty() || prop.not.is_some() {
        return views.value(term, sure);
    }
    match term.tree.content() {
        Content::Map(_) | Content::List(_) if prop.is_open() => Value::unknown(at),
        Content::Map(entries) if is_plain(entries) && !prop.properties.is_empty() => {
            let field = |entry: &Entry| {
                let term = term.with(&entry.value);
                let value = match prop.properties.get(&entry.key) {
                    Some(prop) => value(views, schema, prop, &term, sure),
                    None => views.value(&term, sure),
                };
                Field { key: entry.key.clone(), at: entry.key_span.start, value }
            };
            let fields = entries.iter().map(field).collect();
            let what = What::Map(Fields { fields, is_open: false });
            Value { at, what, is_default: false, others: Vec::new() }
        }
        Content::List(items) if prop.unique_items != Some(true) => match &prop.items {
            Some(prop) => {
                let items =
                    items.iter().map(|item| value(views, schema, prop, &term.with(item), sure));
                let what = What::List(items.collect());
                Value { at, what, is_default: false, others: Vec::new() }
            }
            None => views.value(term, sure),
        },
        _ => views.value(term, sure),
    }
}

/// Whether a map is one as it was written, and no function.
fn is_plain(entries: &[Entry]) -> bool {
    entries.iter().all(|entry| {
        !entry.key.starts_with("Fn::") && !["Ref", "Condition"].contains(&entry.key.as_str())
    })
}

impl Prop {
    /// Whether a list or map may be anything.
    fn is_open(&self) -> bool {
        (self.types.has("object") || self.types.has("array") || self.types.0.is_empty())
            && self.properties.is_empty()
            && self.pattern_properties.is_empty()
            && self.additional_properties != Some(false)
            && self.required.is_empty()
            && self.items.is_none()
            && self.min_items.is_none()
            && self.max_items.is_none()
            && self.min_properties.is_none()
            && self.max_properties.is_none()
            && self.unique_items.is_none()
            && self.dependent_required.is_empty()
            && self.dependent_excluded.is_empty()
            && self.required_or.is_empty()
            && self.required_xor.is_empty()
            && self.absent.is_empty()
    }
}
