//! What is checked: the templates of an assembly, or any template file. The only module that reads files.

use std::fs;
use std::path::Path;

use formwork::assembly::{Manifest, TemplateEntry};
use formwork::read::{Document, Position, Problems, Tree, parse};

use crate::finding::{Finding, Place, Rule, Severity};

/// The regions that count where nobody names any, and no manifest has launch links.
pub const DEFAULT_REGIONS: [&str; 1] = ["us-east-1"];

const TEMPLATE: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html";

/// The rules on what is handed in.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW9001",
        severity: Severity::Error,
        title: "a file that cannot be read",
        why: "nothing can be said of it",
        mend: "correct the path, or what is wrong in the file",
        source: TEMPLATE,
    },
    Rule {
        id: "FW9002",
        severity: Severity::Error,
        title: "an assembly without a manifest that can be read",
        why: "the manifest says which templates there are",
        mend: "write the assembly again with `cargo xtask synth`",
        source: TEMPLATE,
    },
];

/// Everything that one run checks.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The templates.
    pub templates: Vec<CheckedTemplate>,
    /// The codes of the regions that they are for.
    pub regions: Vec<String>,
    /// What the assembly says of itself, if it is one.
    pub manifest: Option<Manifest>,
}

/// One template.
#[derive(Clone, Debug)]
pub struct CheckedTemplate {
    /// The stack's name in the program, or the file's.
    pub name: String,
    /// The file, as findings name it.
    pub file: String,
    /// What was read.
    pub document: Document,
    /// What the manifest says of it.
    pub entry: Option<TemplateEntry>,
}

impl Subject {
    /// Reads a path: a directory with a `manifest.json`, or a template.
    ///
    /// # Errors
    /// Findings: one for each thing that cannot be read.
    pub fn read(path: &Path) -> Result<Subject, Vec<Finding>> {
        if path.is_dir() { Subject::assembly(path) } else { Subject::template_file(path) }
    }

    /// Reads the templates that an assembly's manifest lists.
    ///
    /// # Errors
    /// Findings: one for each thing that cannot be read.
    pub fn assembly(directory: &Path) -> Result<Subject, Vec<Finding>> {
        let file = directory.join("manifest.json");
        let shown = file.display().to_string();
        let refuse =
            |message: String| vec![unreadable(&RULES[1], &shown, Position::START, message)];
        let text = fs::read_to_string(&file).map_err(|e| refuse(format!("cannot be read: {e}")))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|e| {
            let line = u32::try_from(e.line()).unwrap_or(1).max(1);
            let column = u32::try_from(e.column()).unwrap_or(1).max(1);
            let mut found = refuse(format!("is not what this version reads: {e}"));
            for finding in &mut found {
                (finding.place.line, finding.place.column) = (line, column);
            }
            found
        })?;
        let (mut templates, mut found) = (Vec::new(), Vec::new());
        for entry in &manifest.templates {
            let file = directory.join(&entry.file);
            match read_template(&file) {
                Ok(document) => templates.push(CheckedTemplate {
                    name: entry.name.clone(),
                    file: file.display().to_string(),
                    document,
                    entry: Some(entry.clone()),
                }),
                Err(findings) => found.extend(findings),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        let launched = manifest.launch.as_ref().map(|launch| launch.regions.clone());
        let regions =
            launched.filter(|regions| !regions.is_empty()).unwrap_or_else(default_regions);
        Ok(Subject { templates, regions, manifest: Some(manifest) })
    }

    /// Reads one template, YAML or JSON.
    ///
    /// # Errors
    /// Findings: everything that is wrong with the file.
    pub fn template_file(file: &Path) -> Result<Subject, Vec<Finding>> {
        let document = read_template(file)?;
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned());
        let shown = file.display().to_string();
        let template = CheckedTemplate {
            name: name.unwrap_or_else(|| shown.clone()),
            file: shown,
            document,
            entry: None,
        };
        Ok(Subject { templates: vec![template], regions: default_regions(), manifest: None })
    }

    /// A template that is in memory.
    ///
    /// # Errors
    /// Findings: everything that is wrong with the text.
    pub fn template_text(file: &str, text: &[u8]) -> Result<Subject, Vec<Finding>> {
        let document = parse(text).map_err(|problems| unread(file, &problems))?;
        let template =
            CheckedTemplate { name: file.to_owned(), file: file.to_owned(), document, entry: None };
        Ok(Subject { templates: vec![template], regions: default_regions(), manifest: None })
    }

    /// The same for these regions; none leaves them as they are.
    #[must_use]
    pub fn for_regions(mut self, regions: &[String]) -> Subject {
        if !regions.is_empty() {
            self.regions = regions.to_vec();
        }
        self
    }
}

impl CheckedTemplate {
    /// A place in it.
    #[must_use]
    pub fn place(&self, at: Position, logical_id: Option<&str>, path: String) -> Place {
        Place {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
            logical_id: logical_id.map(str::to_owned),
            path,
            rust: logical_id.and_then(|id| self.rust(id)),
        }
    }

    /// The Rust line that added a resource.
    fn rust(&self, logical_id: &str) -> Option<(String, u32)> {
        let resource = self.entry.as_ref()?.resources.get(logical_id)?;
        let (file, line) = resource.source.rsplit_once(':')?;
        Some((file.to_owned(), line.parse().ok()?))
    }

    /// The template's text as a tree.
    #[must_use]
    pub fn root(&self) -> &Tree {
        &self.document.root
    }
}

fn default_regions() -> Vec<String> {
    DEFAULT_REGIONS.map(str::to_owned).to_vec()
}

fn read_template(file: &Path) -> Result<Document, Vec<Finding>> {
    let shown = file.display().to_string();
    let bytes = fs::read(file).map_err(|e| {
        vec![unreadable(&RULES[0], &shown, Position::START, format!("cannot be read: {e}"))]
    })?;
    parse(&bytes).map_err(|problems| unread(&shown, &problems))
}

fn unread(file: &str, problems: &Problems) -> Vec<Finding> {
    let one = |problem: &formwork::read::Problem| {
        unreadable(&RULES[0], file, problem.position, problem.message.clone())
    };
    problems.list().iter().map(one).collect()
}

fn unreadable(rule: &'static Rule, file: &str, at: Position, message: String) -> Finding {
    Finding {
        rule,
        place: Place {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            logical_id: None,
            path: String::new(),
            rust: None,
        },
        message,
        given: None,
        allowed: None,
        fix: None,
        regions: Vec::new(),
    }
}
