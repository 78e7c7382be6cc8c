//! What the check finds: a rule, a place, and what to do. Nothing in here looks at a template.

use std::collections::BTreeMap;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It fails, or does not do what it says.
    Error,
    /// It is unwise, or fails for some launches.
    Warning,
    /// Something to know, such as what could not be decided.
    Note,
}

impl Severity {
    /// Its name in reports: `error`, `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One thing that is looked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `FW` and four digits, of which the first is the family's.
    pub id: &'static str,
    /// How bad it is when it is found.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub mend: &'static str,
    /// Where AWS says so: a URL, or the title of the page.
    pub source: &'static str,
}

impl Rule {
    /// A line of a table of rules: its id, how bad it is, what, why, what to do, and where AWS says so.
    pub(crate) const fn new(
        id: &'static str,
        severity: Severity,
        title: &'static str,
        why: &'static str,
        mend: &'static str,
        source: &'static str,
    ) -> Self {
        Rule { id, severity, title, why, mend, source }
    }

    /// The rule of a table with this id.
    ///
    /// # Panics
    /// When there is none, which a constant made of it finds out as it is compiled.
    #[must_use]
    pub const fn of(rules: &'static [Rule], id: &str) -> &'static Rule {
        let mut at = 0;
        while at < rules.len() {
            if same(rules[at].id.as_bytes(), id.as_bytes()) {
                return &rules[at];
            }
            at += 1;
        }
        panic!("the table has no rule of this id")
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Where something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The template's file, or the manifest's, as a path from where the check runs.
    pub file: String,
    /// The line, counted from 1; 0 if the file as a whole is meant.
    pub line: u32,
    /// The character in the line, counted from 1; 0 if the file as a whole is meant.
    pub column: u32,
    /// The resource's logical id, or the parameter's name.
    pub logical_id: Option<String>,
    /// The way into the template as a JSON pointer, such as `/Resources/Topic/Properties`.
    pub path: String,
    /// The file and line of Rust that added it, as the manifest says.
    pub rust: Option<(String, u32)>,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: &str) -> Self {
        Place { file: file.to_owned(), ..Place::default() }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked for.
    pub rule: &'static Rule,
    /// For a rule that stands for many, those of rule files: which of them.
    pub named: Option<String>,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What was given.
    pub given: Option<String>,
    /// What is allowed.
    pub allowed: Option<String>,
    /// What to do here, where that can be said.
    pub fix: Option<String>,
    /// The regions that it is wrong in; none if in all.
    pub regions: Vec<String>,
}

impl Finding {
    /// A finding that says no more than what is wrong.
    #[must_use]
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Finding {
            rule,
            named: None,
            place,
            message,
            given: None,
            allowed: None,
            fix: None,
            regions: Vec::new(),
        }
    }

    /// The rule's id, with the name of the one of a rule file behind a colon: what an exception says.
    #[must_use]
    pub fn id(&self) -> String {
        match &self.named {
            Some(name) => format!("{}:{name}", self.rule.id),
            None => self.rule.id.to_owned(),
        }
    }

    /// Adds what was given.
    #[must_use]
    pub fn given(self, given: impl Into<String>) -> Self {
        Finding { given: Some(given.into()), ..self }
    }

    /// Adds what is allowed.
    #[must_use]
    pub fn allowed(self, allowed: impl Into<String>) -> Self {
        Finding { allowed: Some(allowed.into()), ..self }
    }

    /// Adds what to do.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Finding { fix: Some(fix.into()), ..self }
    }

    /// Adds the regions it is wrong in.
    #[must_use]
    pub fn regions(self, regions: Vec<String>) -> Self {
        Finding { regions, ..self }
    }
}

/// How many findings of one rule are said of one file; nobody reads more.
pub(crate) const MOST: usize = 1_000;

/// Counts the findings of one file, so that a rule that is broken everywhere does not collect more than is said.
#[derive(Debug, Default)]
pub(crate) struct Room(BTreeMap<&'static str, usize>);

impl Room {
    /// Whether one more of this rule is to be collected.
    pub(crate) fn takes(&mut self, rule: &'static Rule) -> bool {
        let count = self.0.entry(rule.id).or_default();
        *count += 1;
        // One more than is said, so that it is known that there are more.
        *count <= MOST + 1
    }

    /// Whether there is time to guess what was meant, which takes long where there is much that it may be.
    pub(crate) fn has_guess(&self, rule: &'static Rule) -> bool {
        self.0.get(rule.id).is_none_or(|count| *count <= MOST / 10)
    }

    /// Whether no more of this rule are collected.
    pub(crate) fn is_full(&self, rule: &'static Rule) -> bool {
        self.0.get(rule.id).is_some_and(|count| *count > MOST)
    }
}

/// A text of the input as it may stand in a message: not too long, and without control characters.
#[must_use]
pub fn shown(text: &str) -> String {
    shown_within(text, 80)
}

/// The same of a text of which more is to be read.
#[must_use]
pub fn shown_within(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            _ if index == most => {
                shown.push('…');
                break;
            }
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Characters that a terminal obeys, or that turn the direction of what stands around them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_a_terminal_obeys_is_not_shown() {
        assert_eq!(shown("a\u{1b}[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
        assert_eq!(shown(&"é".repeat(81)).chars().count(), 81);
    }
}
