//! What a check says: rules, findings and their places. Nothing in here looks at a template.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It will not deploy, or not do what was written.
    Error,
    /// It deploys, and somebody will be sorry.
    Warning,
    /// Something that was not decided, or is good to know.
    Note,
}

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number: `FW1001`.
    pub id: &'static str,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What happens otherwise.
    pub why: &'static str,
    /// What to do.
    pub mend: &'static str,
    /// Where AWS says so.
    pub source: &'static str,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The template's file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
    /// The resource that it belongs to.
    pub logical_id: Option<String>,
    /// The JSON pointer of the value.
    pub path: String,
    /// The Rust file and line that added the resource, from the manifest.
    pub rust: Option<(String, u32)>,
}

/// What a rule found in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Where.
    pub place: Place,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What was given.
    pub given: Option<String>,
    /// What is allowed.
    pub allowed: Option<String>,
    /// What would mend it.
    pub fix: Option<String>,
    /// The regions in which it is so; empty if in all.
    pub regions: Vec<String>,
}
