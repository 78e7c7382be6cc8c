//! What is checked: templates that were read, and what the manifest says of them.
//!
//! Whatever is given, reading ends: files, depths and numbers of values are limited, and what cannot be read is a finding
//! with its file, line and column. No path of a manifest or template leads to a file outside of its directory.

mod assembly;
mod file;
mod nested;
mod place;

pub(crate) use file::bytes;
pub(crate) use file::shown_path;
pub(crate) use nested::{of_stack, resources as stack_resources};

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use formwork::assembly::{LaunchEntry, MANIFEST, TemplateEntry};
use formwork::read::{Document, Tree};

use crate::finding::{Finding, Place, Rule, Severity, shown};

/// The region that is checked for where nothing names one.
pub const USUAL_REGION: &str = "us-east-1";

/// How many templates one run reads.
const MOST_TEMPLATES: usize = 2_000;

/// How many bytes of templates one run reads: a hundred stacks of 120 KB.
const MOST_BYTES: usize = 12_000_000;

/// The bytes of a template that CloudFormation reads from S3.
pub(crate) const LAUNCHED: usize = 1_000_000;

/// The rules of the input itself.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW9001",
        severity: Severity::Error,
        title: "a file cannot be read",
        why: "What cannot be read cannot be checked: a file that is not there, is no file, or is larger than 10 MB.",
        mend: "Correct the path, or make the file smaller. CloudFormation itself takes templates of 1 MB.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    },
    Rule {
        id: "FW9002",
        severity: Severity::Error,
        title: "a file is no template",
        why: "CloudFormation refuses it: text that is cut short, is neither YAML nor JSON, is not UTF-8, has a key twice, an \
              anchor or alias, an unknown tag or a tab in the indentation, or is nested too deep.",
        mend: "Correct the line that the message names.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html",
    },
    Rule {
        id: "FW9003",
        severity: Severity::Error,
        title: "the manifest cannot be understood",
        why: "`manifest.json` says what the assembly holds. One that is cut short, or of another version, says nothing.",
        mend: "Make the assembly again with the program that wrote it.",
        source: "crates/formwork/manifest.schema.json",
    },
    Rule {
        id: "FW9004",
        severity: Severity::Error,
        title: "the manifest and the templates do not agree",
        why: "A template was changed after it was written, or the manifest lists what is not there. The Rust lines of such a \
              report would be wrong, and what was reviewed would not be what is released.",
        mend: "Make the assembly again instead of editing it.",
        source: "crates/formwork/manifest.schema.json",
    },
    Rule {
        id: "FW9005",
        severity: Severity::Error,
        title: "a path leads out of the assembly",
        why: "An assembly is a directory. A manifest that names files outside of it, also through a link, would have \
              them read and published.",
        mend: "Name files below the assembly's directory, with `/`.",
        source: "crates/formwork/manifest.schema.json",
    },
    Rule {
        id: "FW9006",
        severity: Severity::Error,
        title: "templates nest each other in a circle",
        why: "CloudFormation would make stacks in stacks until its quota ends it.",
        mend: "Let one of them take the other's outputs as parameters instead of nesting it.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html",
    },
    Rule {
        id: "FW9007",
        severity: Severity::Note,
        title: "not everything was looked at",
        why: "A check ends in seconds whatever it is given, and one of its bounds was reached. What is not looked at may be \
              wrong.",
        mend: "Make the template smaller, or mend what is said of it first.",
        source: "ARCHITECTURE.md",
    },
];

pub(crate) const UNREADABLE: &Rule = Rule::of(RULES, "FW9001");
const NO_TEMPLATE: &Rule = Rule::of(RULES, "FW9002");
const NO_MANIFEST: &Rule = Rule::of(RULES, "FW9003");
const DISAGREES: &Rule = Rule::of(RULES, "FW9004");
const CLIMBS: &Rule = Rule::of(RULES, "FW9005");
const CIRCLE: &Rule = Rule::of(RULES, "FW9006");
pub(crate) const TOO_MUCH: &Rule = Rule::of(RULES, "FW9007");

/// Everything that one run checks.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The templates, children before their parents where the manifest lists them.
    pub templates: Vec<CheckedTemplate>,
    /// The codes of the regions to check for.
    pub regions: Vec<String>,
    /// Whether somebody said that it is launched in these regions; if not, they are a guess.
    pub regions_are_meant: bool,
    /// Where and how it is launched, as the manifest says.
    pub launch: Option<LaunchEntry>,
    /// Which template a nested stack is of: the place of the parent in `templates` and the stack's logical id, and the place
    /// of the child. Stacks of templates that are not here are missing.
    pub nests: BTreeMap<(usize, String), usize>,
    /// The text of each file that was read as a template, of rule files of which something is said, and of the file of cases.
    pub texts: BTreeMap<String, String>,
    /// Which rules of rule files were run; nothing if none were given.
    pub rules_run: Option<RulesRun>,
    /// Cases of launches that must work, if there is a file of them.
    pub cases: Option<CasesFile>,
}

/// Which rules of rule files were run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesRun {
    /// Their names.
    pub names: BTreeSet<String>,
    /// Whether all files could be read, so that there are no others.
    pub is_whole: bool,
}

/// The name that a file of cases has where nobody names another.
pub const CASES: &str = "check.toml";

/// A file of cases as it was read.
#[derive(Clone, Debug)]
pub struct CasesFile {
    /// The file, as a path from where the check runs, with `/`.
    pub file: String,
    /// All of it.
    pub text: String,
    /// Whether it is about this subject for sure: somebody named it, or an assembly is checked. If not, cases of other
    /// templates are none of this run's.
    pub is_strict: bool,
}

/// One template.
#[derive(Clone, Debug)]
pub struct CheckedTemplate {
    /// The stack's name in the program, or the file's.
    pub name: String,
    /// The file, as a path from where the check runs, with `/`.
    pub file: String,
    /// What was read.
    pub document: Document,
    /// What the manifest says of it.
    pub entry: Option<TemplateEntry>,
}

impl CheckedTemplate {
    /// All that was read.
    #[must_use]
    pub fn root(&self) -> &Tree {
        &self.document.root
    }

    /// What the manifest says of a resource.
    #[must_use]
    pub fn resource(&self, logical_id: &str) -> Option<&formwork::assembly::ResourceEntry> {
        self.entry.as_ref()?.resources.get(logical_id)
    }
}

impl Subject {
    /// Reads assemblies, for directories, and templates, for files. What is wrong with them is a finding, and the rest is
    /// checked all the same.
    #[must_use]
    pub fn read(paths: &[PathBuf], regions: &[String], findings: &mut Vec<Finding>) -> Subject {
        let mut subject = Subject::default();
        for path in paths {
            if path.is_dir() {
                subject.read_assembly(path, findings);
            } else if path.file_name().is_some_and(|name| name == MANIFEST) {
                subject.read_assembly(path.parent().unwrap_or(Path::new(".")), findings);
            } else {
                subject.read_file(path, findings);
            }
        }
        subject.follow_files(findings);
        subject.choose_regions(regions);
        subject
    }

    /// Reads the file of cases that somebody named, or `check.toml` where the check runs, if there is one.
    pub fn read_cases(&mut self, named: Option<&Path>, findings: &mut Vec<Finding>) {
        /// Bytes of a file of cases.
        const MOST: usize = 1_000_000;
        let path = named.unwrap_or(Path::new(CASES));
        if named.is_none() && !path.is_file() {
            return;
        }
        let is_strict = named.is_some() || self.templates.iter().any(|one| one.entry.is_some());
        let file = shown_path(path);
        let Some(bytes) = bytes(path, &file, MOST, findings) else { return };
        if let Ok(text) = String::from_utf8(bytes) {
            self.texts.entry(file.clone()).or_insert_with(|| text.clone());
            self.cases = Some(CasesFile { file, text, is_strict });
        } else {
            let message = format!("`{}` is not UTF-8", shown(&file));
            findings.push(Finding::new(UNREADABLE, Place::file(&file), message));
        }
    }

    /// The regions to look at a template for: only the first if it is larger than CloudFormation takes, for it is launched
    /// in none, and looking takes its time.
    #[must_use]
    pub fn regions_of(&self, template: &CheckedTemplate) -> &[String] {
        let is_too_large = !self.is_launchable(template);
        if is_too_large { self.regions.get(..1).unwrap_or_default() } else { &self.regions }
    }

    /// Whether a template is not larger than CloudFormation takes.
    #[must_use]
    pub fn is_launchable(&self, template: &CheckedTemplate) -> bool {
        self.texts.get(&template.file).is_none_or(|text| text.len() <= LAUNCHED)
    }

    /// A template that is in memory, for these regions.
    #[must_use]
    pub fn of_text(
        name: &str,
        text: &[u8],
        regions: &[String],
        findings: &mut Vec<Finding>,
    ) -> Subject {
        let mut subject = Subject::default();
        if let Some((text, document)) = file::parsed(text.to_vec(), name, findings) {
            let (name, file) = (name.to_owned(), name.to_owned());
            subject.add(CheckedTemplate { name, file, document, entry: None }, text, findings);
        }
        subject.choose_regions(regions);
        subject
    }

    fn choose_regions(&mut self, asked: &[String]) {
        let launched = self.launch.as_ref().map(|launch| launch.regions.clone());
        let launched = launched.filter(|regions| !regions.is_empty());
        self.regions_are_meant = !asked.is_empty() || launched.is_some();
        self.regions = match asked {
            [] => launched.unwrap_or_else(|| vec![USUAL_REGION.to_owned()]),
            asked => asked.to_vec(),
        };
        self.regions.dedup();
    }

    /// A template alone.
    fn read_file(&mut self, path: &Path, findings: &mut Vec<Finding>) {
        let shown = shown_path(path);
        if self.texts.contains_key(&shown) {
            return;
        }
        if !self.has_room(path, &shown, findings) {
            return;
        }
        let Some((text, document)) = file::template(path, &shown, findings) else { return };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.add(CheckedTemplate { name, file: shown, document, entry: None }, text, findings);
    }

    /// Whether one more file may be read.
    fn has_room(&self, path: &Path, shown: &str, findings: &mut Vec<Finding>) -> bool {
        let read: usize = self.texts.values().map(String::len).sum();
        let size = path.metadata().map_or(0, |file| file.len());
        // One that is too large by itself is refused as such.
        let fits = read == 0 || size <= MOST_BYTES.saturating_sub(read) as u64;
        if !fits {
            let message = format!(
                "the templates have more than {MOST_BYTES} bytes together; this one is not read"
            );
            let fix = "check some of them at a time";
            findings.push(Finding::new(UNREADABLE, Place::file(shown), message).fix(fix));
        }
        fits
    }

    fn add(
        &mut self,
        template: CheckedTemplate,
        text: String,
        findings: &mut Vec<Finding>,
    ) -> bool {
        if template.root().as_map().is_none() {
            let message = "this is no template: it is no map with `Resources`";
            findings.push(Finding::new(
                NO_TEMPLATE,
                template.place_at(template.root(), ""),
                message,
            ));
            return false;
        }
        if self.templates.len() >= MOST_TEMPLATES {
            if self.templates.len() == MOST_TEMPLATES {
                let message = format!("more than {MOST_TEMPLATES} templates; no more are read");
                findings.push(Finding::new(UNREADABLE, Place::file(&template.file), message));
            }
            return false;
        }
        self.texts.insert(template.file.clone(), text);
        self.templates.push(template);
        true
    }
}
