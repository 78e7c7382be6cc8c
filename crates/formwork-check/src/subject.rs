//! What is checked: templates as they were read, and the regions they are for. Reads no file itself.

use formwork::assembly::TemplateEntry;
use formwork::read::{Document, Position};

use crate::finding::Place;

/// Everything that one run checks.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The templates; of an assembly, in the manifest's order.
    pub templates: Vec<CheckedTemplate>,
    /// The codes of the regions they are to be launched in.
    pub regions: Vec<String>,
}

/// A template that is checked.
#[derive(Clone, Debug)]
pub struct CheckedTemplate {
    /// Its name in the assembly; else the file's.
    pub name: String,
    /// The file, as the user named it.
    pub file: String,
    /// What it says.
    pub document: Document,
    /// What the manifest says of it.
    pub entry: Option<TemplateEntry>,
}

impl CheckedTemplate {
    /// A place in this template, with the Rust line of the resource it is in.
    #[must_use]
    pub fn place(&self, position: Position, logical_id: Option<&str>, path: String) -> Place {
        let resources = self.entry.as_ref().map(|entry| &entry.resources);
        let resource = logical_id.and_then(|id| resources?.get(id));
        let rust = resource.and_then(|resource| {
            let (file, line) = resource.source.rsplit_once(':')?;
            Some((file.to_owned(), line.parse().ok()?))
        });
        Place {
            file: self.file.clone(),
            line: position.line,
            column: position.column,
            logical_id: logical_id.map(ToOwned::to_owned),
            path,
            rust,
        }
    }
}
