//! From a place in a template to its line, its resource and the Rust that wrote it.

use std::path::{Component, Path};

use formwork::read::{Position, Tree};

use super::CheckedTemplate;
use crate::finding::Place;

impl CheckedTemplate {
    /// The place of a value to which this JSON pointer leads.
    #[must_use]
    pub fn place_at(&self, value: &Tree, pointer: &str) -> Place {
        self.place(value.span().start, pointer)
    }

    /// A place in the template, with a JSON pointer to it.
    #[must_use]
    pub fn place(&self, position: Position, pointer: &str) -> Place {
        let logical_id = logical_id(pointer);
        let rust = logical_id.as_ref().and_then(|id| self.rust(pointer, id));
        Place {
            file: self.file.clone(),
            line: position.line,
            column: position.column,
            logical_id,
            path: pointer.to_owned(),
            rust,
        }
    }

    /// The place of the key or item to which a JSON pointer leads; of the template if it leads nowhere.
    #[must_use]
    pub fn place_of(&self, pointer: &str) -> Place {
        let (parent, last) = pointer.rsplit_once('/').unwrap_or_default();
        let key = key(last);
        let root = self.root();
        let entry = root.at(parent).and_then(|parent| parent.entry(&key));
        let position = match entry {
            Some(entry) => entry.key_span.start,
            None => root.at(pointer).unwrap_or(root).span().start,
        };
        self.place(position, pointer)
    }

    /// The Rust line of a resource or parameter, as the manifest says; none that leads out of where the check runs.
    fn rust(&self, pointer: &str, id: &str) -> Option<(String, u32)> {
        let entry = self.entry.as_ref()?;
        let source = if pointer.starts_with("/Parameters/") {
            &entry.parameters.iter().find(|parameter| parameter.name == id)?.source
        } else {
            &entry.resources.get(id)?.source
        };
        let (file, line) = source.rsplit_once(':')?;
        let is_plain = |part| matches!(part, Component::Normal(_));
        let is_inside = !file.is_empty() && Path::new(file).components().all(is_plain);
        let line = line.parse().ok().filter(|line| *line > 0)?;
        is_inside.then(|| (file.to_owned(), line))
    }
}

/// The key that a part of a JSON pointer stands for.
fn key(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// The resource or parameter that a JSON pointer leads into; of one in loops, the id as it was written there.
fn logical_id(pointer: &str) -> Option<String> {
    let mut parts = pointer.strip_prefix('/')?.split('/');
    if !matches!(parts.next()?, "Resources" | "Parameters") {
        return None;
    }
    loop {
        let id = key(parts.next()?);
        if !id.starts_with("Fn::ForEach::") {
            return (!id.is_empty()).then_some(id);
        }
        // The loop's third item is its body.
        if parts.next()? != "2" {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::logical_id;

    #[test]
    fn pointers_lead_into_resources() {
        for (pointer, expected) in [
            ("/Resources/Topic/Properties/Name", Some("Topic")),
            ("/Resources/Topic", Some("Topic")),
            ("/Parameters/Name/Default", Some("Name")),
            ("/Resources/Fn::ForEach::Topics/2/Topic${Name}/Type", Some("Topic${Name}")),
            ("/Resources/Fn::ForEach::A/2/Fn::ForEach::B/2/T${A}${B}", Some("T${A}${B}")),
            ("/Resources/Fn::ForEach::Topics/1/0", None),
            ("/Outputs/Name/Value", None),
            ("/Resources", None),
            ("", None),
        ] {
            assert_eq!(logical_id(pointer).as_deref(), expected, "{pointer}");
        }
    }
}
