//! What a rule is and what it finds. Nothing in here prints.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A launch fails, or what it makes cannot work.
    Error,
    /// It deploys, and is very likely not what was meant.
    Warning,
    /// Worth a look.
    Note,
}

/// A rule: one line of the table that documents it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Its id, such as `FW1001`; never given to another rule.
    pub id: &'static str,
    /// How bad what it finds is.
    pub severity: Severity,
    /// What it finds.
    pub title: &'static str,
    /// What happens if nothing is done.
    pub why: &'static str,
    /// What to do.
    pub mend: &'static str,
    /// Where AWS says so.
    pub source: &'static str,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The template.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
    /// The resource, if it is in one.
    pub logical_id: Option<String>,
    /// The way to it as a JSON pointer.
    pub path: String,
    /// The Rust file and line that added the resource, if the manifest says so.
    pub rust: Option<(String, u32)>,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq)]
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
    /// What to write instead.
    pub fix: Option<String>,
    /// The regions in which it is so; all if there are none.
    pub regions: Vec<String>,
}
