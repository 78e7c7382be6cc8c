//! Templates for the tests: from texts, assemblies and directories.

use std::path::{Path, PathBuf};

use formwork::assembly::Manifest;
use formwork_check::finding::Finding;
use formwork_check::subject::{CheckedTemplate, Subject};

/// A template that stands alone.
pub fn alone(file: &str, text: &str) -> Option<Subject> {
    let document = formwork::read::parse(text.as_bytes()).ok()?;
    let template =
        CheckedTemplate { name: file.to_owned(), file: file.to_owned(), document, entry: None };
    Some(Subject { templates: vec![template], regions: vec!["us-east-1".to_owned()] })
}

/// The assembly in a directory.
#[allow(dead_code, reason = "each test takes what it needs")]
pub fn assembly(directory: &Path) -> Subject {
    let manifest = std::fs::read_to_string(directory.join("manifest.json")).expect("a manifest");
    let manifest: Manifest = serde_json::from_str(&manifest).expect("a manifest");
    let templates = manifest.templates.into_iter().map(|entry| {
        let text = std::fs::read(directory.join(&entry.file)).expect("a template");
        let document = formwork::read::parse(&text).expect("a template");
        let (name, file) = (entry.name.clone(), entry.file.clone());
        CheckedTemplate { name, file, document, entry: Some(entry) }
    });
    let regions = manifest.launch.map(|launch| launch.regions).unwrap_or_default();
    Subject { templates: templates.collect(), regions }
}

/// Every template below a directory, by its path.
#[allow(dead_code, reason = "each test takes what it needs")]
pub fn templates_below(directory: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                open.push(path);
            } else if ["yaml", "yml", "json", "template"].contains(&ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A finding on one line.
#[allow(dead_code, reason = "each test takes what it needs")]
pub fn line(finding: &Finding) -> String {
    let place = &finding.place;
    let rust =
        place.rust.as_ref().map(|(file, line)| format!(" [{file}:{line}]")).unwrap_or_default();
    format!(
        "{:?} {} {}:{} {}{rust}: {} | given {:?} | fix {:?}",
        finding.rule.severity,
        finding.rule.id,
        place.file,
        place.line,
        place.path,
        finding.message,
        finding.given,
        finding.fix
    )
}
