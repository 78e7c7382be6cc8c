//! Nested stacks: which template each is of, and that none nests itself.
//!
//! Templates without a manifest may name others by a path, as `aws cloudformation package` takes it. Such a path is
//! followed to a template below the directory that the check runs in, and nowhere else.

use std::path::Path;

use formwork::read::{Entry, Tree};

use super::{CIRCLE, Subject, file};
use crate::finding::{Finding, Rule, shown};

/// All resources as they are written, those in loops too.
pub(crate) fn resources(root: &Tree) -> Vec<(&str, &Tree)> {
    let mut found = Vec::new();
    let mut open: Vec<&[Entry]> =
        root.get("Resources").and_then(Tree::as_map).into_iter().collect();
    while let Some(entries) = open.pop() {
        for entry in entries {
            if entry.key.starts_with("Fn::ForEach::") {
                let body = entry.value.as_list().and_then(|list| list.get(2)?.as_map());
                open.extend(body);
            } else if !entry.key.starts_with("Fn::") {
                found.push((entry.key.as_str(), &entry.value));
            }
        }
    }
    found
}

/// The properties of a nested stack, if the resource is one.
pub(crate) fn of_stack(resource: &Tree) -> Option<&Tree> {
    let kind = resource.get("Type")?.as_str()?;
    STACKS.iter().any(|(stack, _)| *stack == kind).then(|| resource.get("Properties"))?
}

/// The types that nest a template, each with the property that says which.
const STACKS: [(&str, &str); 2] =
    [("AWS::CloudFormation::Stack", "TemplateURL"), ("AWS::Serverless::Application", "Location")];

impl Subject {
    /// Reads the templates that templates without a manifest name by their paths, and those that these name.
    pub(super) fn follow_files(&mut self, findings: &mut Vec<Finding>) {
        let mut at = 0;
        while at < self.templates.len() {
            for (id, path) in self.named_files(at) {
                let shown = file::shown_path(&path);
                self.read_file(&path, findings);
                let child = self.templates.iter().position(|template| template.file == shown);
                if let Some(child) = child {
                    self.nests.insert((at, id), child);
                }
            }
            at += 1;
        }
        if self.templates.iter().any(|template| template.entry.is_none()) {
            self.refuse_circles(CIRCLE, findings);
        }
    }

    /// The nested stacks of a template whose `TemplateURL` is the path of a file.
    fn named_files(&self, at: usize) -> Vec<(String, std::path::PathBuf)> {
        let template = &self.templates[at];
        if template.entry.is_some() {
            return Vec::new();
        }
        let folder = Path::new(&template.file).parent().unwrap_or(Path::new(""));
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let named = resources(template.root()).into_iter().filter_map(|(id, resource)| {
            let properties = of_stack(resource)?;
            let url = STACKS.iter().find_map(|(_, property)| properties.get(property))?.as_str()?;
            if url.contains("://") || url.contains(['\0', '\\', '$', '{']) {
                return None;
            }
            // The path of what is really there, without `..`, so that one file is read once.
            let path = folder.join(url).canonicalize().ok()?;
            let is_inside = here.as_ref().is_ok_and(|here| path.starts_with(here));
            (is_inside && path.is_file()).then(|| (id.to_owned(), path))
        });
        named.collect()
    }

    /// Says of each template that nests itself, by way of others or not, and cuts the circle.
    pub(super) fn refuse_circles(&mut self, rule: &'static Rule, findings: &mut Vec<Finding>) {
        let mut edges = vec![Vec::new(); self.templates.len()];
        for ((parent, id), child) in &self.nests {
            edges[*parent].push((id.clone(), *child));
        }
        // 0: not seen, 1: on the way to here, 2: done.
        let mut marks = vec![0_u8; edges.len()];
        for start in 0..edges.len() {
            let mut way = if marks[start] == 0 { vec![(start, 0)] } else { Vec::new() };
            while let Some((at, next)) = way.last_mut() {
                let at = *at;
                marks[at] = 1;
                let Some((id, child)) = edges[at].get(*next).cloned() else {
                    marks[at] = 2;
                    way.pop();
                    continue;
                };
                *next += 1;
                match marks[child] {
                    0 => way.push((child, 0)),
                    1 => {
                        let from = way.iter().position(|(step, _)| *step == child).unwrap_or(0);
                        let names = way[from..].iter().map(|(step, _)| *step).chain([child]);
                        let names = names.map(|step| shown(&self.templates[step].name));
                        let message = format!(
                            "templates nest each other in a circle: `{}`",
                            names.collect::<Vec<_>>().join("` → `")
                        );
                        let place = self.templates[at].place_of(&format!("/Resources/{id}"));
                        findings.push(Finding::new(rule, place, message));
                        self.nests.remove(&(at, id));
                    }
                    _ => {}
                }
            }
        }
    }
}
