//! Reads an assembly directory: its manifest, then the templates that this lists, each held against what the manifest
//! says. Nothing of the manifest is believed that the templates can tell.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use formwork::assembly::{FORMAT, MANIFEST, Manifest, TemplateEntry, sha256};
use formwork::read::{Limits, parse_within};
use formwork::render::Format;

use super::{
    CIRCLE, CLIMBS, CheckedTemplate, DISAGREES, NO_MANIFEST, Subject, UNREADABLE, file, nested,
};
use crate::finding::{Finding, Place, shown};

/// What a manifest may have: 100 stacks of 500 resources fit.
const LIMITS: Limits = Limits { bytes: 20_000_000, nodes: 1_500_000, depth: 32 };

impl Subject {
    /// Reads the assembly in a directory.
    pub(super) fn read_assembly(&mut self, directory: &Path, findings: &mut Vec<Finding>) {
        let Some(manifest) = manifest(directory, findings) else { return };
        let shown_manifest = file::shown_path(&directory.join(MANIFEST));
        let mut disagree = |message: String| {
            findings.push(Finding::new(DISAGREES, Place::file(&shown_manifest), message));
        };
        if manifest.templates.is_empty() {
            disagree("the assembly has no template".to_owned());
        }
        let mut nests = Vec::new();
        let mut by_name = BTreeMap::new();
        for entry in manifest.templates {
            if by_name.contains_key(&entry.name) {
                let message = format!("the manifest lists two templates `{}`", shown(&entry.name));
                findings.push(Finding::new(DISAGREES, Place::file(&shown_manifest), message));
                continue;
            }
            let (name, children) = (entry.name.clone(), entry.nests.clone());
            if let Some(at) = self.read_entry(directory, &shown_manifest, entry, findings) {
                by_name.insert(name, at);
                nests.push((at, children));
            }
        }
        self.launch = self.launch.take().or(manifest.launch);
        for (parent, children) in nests {
            for (id, child) in children {
                let template = &self.templates[parent];
                let pointer = format!("/Resources/{id}");
                if template.root().at(&pointer).and_then(nested::of_stack).is_none() {
                    let message = format!(
                        "the manifest lists a nested stack `{}` that the template lacks",
                        shown(&id)
                    );
                    findings.push(Finding::new(DISAGREES, Place::file(&template.file), message));
                } else if let Some(child) = by_name.get(&child) {
                    self.nests.insert((parent, id), *child);
                } else {
                    let message = format!(
                        "`{}` nests the template `{}`, which the manifest lists nowhere or cannot be read",
                        shown(&id),
                        shown(&child)
                    );
                    findings.push(Finding::new(DISAGREES, template.place_of(&pointer), message));
                }
            }
        }
        self.refuse_circles(CIRCLE, findings);
    }

    /// Reads one template that the manifest lists; gives its place in `templates`.
    fn read_entry(
        &mut self,
        directory: &Path,
        manifest: &str,
        entry: TemplateEntry,
        findings: &mut Vec<Finding>,
    ) -> Option<usize> {
        let path = directory.join(&entry.file);
        if let Some(message) = leads_out(directory, &entry.file) {
            findings.push(Finding::new(CLIMBS, Place::file(manifest), message));
            return None;
        }
        let shown_file = file::shown_path(&path);
        if self.texts.contains_key(&shown_file) {
            let message = format!("the manifest lists the file `{}` twice", shown(&entry.file));
            findings.push(Finding::new(DISAGREES, Place::file(manifest), message));
            return None;
        }
        if !self.has_room(&path, &shown_file, findings) {
            return None;
        }
        let (text, document) = file::template(&path, &shown_file, findings)?;
        let template = CheckedTemplate {
            name: entry.name.clone(),
            file: shown_file,
            document,
            entry: Some(entry),
        };
        compare(&template, &text, findings);
        self.add(template, text, findings).then(|| self.templates.len() - 1)
    }
}

/// The manifest of a directory, if it is one of this version.
fn manifest(directory: &Path, findings: &mut Vec<Finding>) -> Option<Manifest> {
    let path = directory.join(MANIFEST);
    let shown_path = file::shown_path(&path);
    if !path.exists() {
        let message = format!("there is no `{shown_path}`, so the directory is no assembly");
        let fix = "make one with `cargo xtask synth`, or name templates";
        findings.push(Finding::new(UNREADABLE, Place::file(&shown_path), message).fix(fix));
        return None;
    }
    let bytes = file::bytes(&path, &shown_path, LIMITS.bytes, findings)?;
    let mut refuse = |line: usize, column: usize, message: String| {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place =
            Place { line: number(line), column: number(column), ..Place::file(&shown_path) };
        findings.push(Finding::new(NO_MANIFEST, place, message));
    };
    // Read by our own reader first, for that refuses a key twice, and what is too deep.
    match parse_within(&bytes, &LIMITS) {
        Ok(document) if document.format == Format::Json => {}
        Ok(_) => {
            refuse(1, 1, "a manifest is JSON, and this is YAML".to_owned());
            return None;
        }
        Err(problems) => {
            file::say(&problems, NO_MANIFEST, &shown_path, findings);
            return None;
        }
    }
    let version = serde_json::from_slice::<Version>(&bytes).map(|version| version.format);
    if let Ok(other) = version
        && other != FORMAT
    {
        refuse(1, 1, format!("the manifest has format {other}; this program reads {FORMAT}"));
        return None;
    }
    match serde_json::from_slice(&bytes) {
        Ok(manifest) => Some(manifest),
        Err(error) => {
            refuse(
                error.line(),
                error.column(),
                format!("this is no manifest of format {FORMAT}: {}", shown(&error.to_string())),
            );
            None
        }
    }
}

/// What every version of the manifest begins with.
#[derive(serde::Deserialize)]
struct Version {
    format: u32,
}

/// Why a file is not one of the assembly's, if it is not.
fn leads_out(directory: &Path, file: &str) -> Option<String> {
    let is_plain = |part| matches!(part, Component::Normal(_));
    if file.is_empty() || file.contains(['\\', '\0']) || !Path::new(file).components().all(is_plain)
    {
        return Some(format!(
            "the manifest names `{}`, which leads out of the assembly",
            shown(file)
        ));
    }
    // A link is followed only as long as it stays inside. What is not there is said by who reads it.
    let (Ok(top), Ok(to)) = (directory.canonicalize(), directory.join(file).canonicalize()) else {
        return None;
    };
    (!to.starts_with(top))
        .then(|| format!("`{}` is a link that leads out of the assembly", shown(file)))
}

/// Holds a template against what the manifest says of it.
fn compare(template: &CheckedTemplate, text: &str, findings: &mut Vec<Finding>) {
    let Some(entry) = &template.entry else { return };
    let place = Place::file(&template.file);
    let mut disagree = |place: Place, message: String| {
        findings.push(Finding::new(DISAGREES, place, message));
    };
    let given = sha256(text.as_bytes());
    if given != entry.sha256 || text.len() as u64 != entry.bytes {
        let message = "the file was changed after the manifest was written".to_owned();
        let finding = Finding::new(DISAGREES, place, message);
        findings.push(
            finding.given(format!("SHA-256 {given}, {} bytes", text.len())).allowed(format!(
                "SHA-256 {}, {} bytes",
                shown(&entry.sha256),
                entry.bytes
            )),
        );
        // What else differs follows from that.
        return;
    }
    let written: BTreeMap<&str, &formwork::read::Tree> =
        nested::resources(template.root()).into_iter().collect();
    for (id, resource) in &entry.resources {
        match written.get(id.as_str()) {
            None => {
                let message = format!(
                    "the manifest lists a resource `{}` that the template lacks",
                    shown(id)
                );
                disagree(Place::file(&template.file), message);
            }
            Some(tree) => {
                let given = tree.get("Type").and_then(formwork::read::Tree::as_str);
                if given.is_some_and(|given| given != resource.resource_type) {
                    let message = format!(
                        "`{}` has the type `{}`, and in the manifest `{}`",
                        shown(id),
                        shown(given.unwrap_or_default()),
                        shown(&resource.resource_type)
                    );
                    disagree(template.place_of(&format!("/Resources/{id}")), message);
                }
            }
        }
    }
}
