//! Reads `check.toml`: cases of launches that must work. Knows no template; everything has its place in the file.
//!
//! Everything that is wrong with the file is said at once. Of text that is no TOML nothing is tried; of TOML, what can be
//! understood.

use std::ops::Range;

use formwork::nearest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::rules::NOT_WRITTEN;
use crate::finding::{Finding, Place, shown};

/// How many faults of the file's text are said.
const MOST_FAULTS: usize = 20;

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Cases {
    /// What parameters are in each case that does not say otherwise.
    pub(super) parameters: Vec<Given>,
    pub(super) cases: Vec<Written>,
}

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) place: Place,
}

/// A parameter with its value.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) name: Word,
    pub(super) value: Word,
}

/// A case as it was written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) name: Word,
    /// Which templates: names, in which `*` stands for any characters.
    pub(super) templates: Vec<Word>,
    pub(super) account: Option<String>,
    pub(super) stack: Option<String>,
    pub(super) parameters: Vec<Given>,
    /// The parameters that have their longest values.
    pub(super) longest: Which,
    /// The parameters that have each of their allowed values in turn.
    pub(super) each: Which,
}

/// Which parameters.
#[derive(Debug, Default)]
pub(super) enum Which {
    #[default]
    None,
    All,
    These(Vec<Word>),
}

/// Reads the text of a file of this name.
pub(super) fn read(file: &str, text: &str, findings: &mut Vec<Finding>) -> Cases {
    let behind = text.match_indices('\n').map(|(at, _)| at + 1);
    let lines = std::iter::once(0).chain(behind).collect();
    let mut reader = Reader { file, text, lines, findings };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(MOST_FAULTS) {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        reader.refuse(error.span().unwrap_or(0..0), &format!("this is no TOML: {message}"), None);
    }
    let mut cases = Cases::default();
    if !errors.is_empty() {
        return cases;
    }
    for (key, value) in sorted(root.get_ref()) {
        match key.get_ref().as_ref() {
            "parameters" => cases.parameters = reader.parameters(value),
            "case" => cases.cases = reader.cases(value),
            other => reader.unknown_key(key, other, &["case", "parameters"]),
        }
    }
    cases
}

type Value<'i> = Spanned<DeValue<'i>>;

/// The entries in the order in which they were written.
fn sorted<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(&'t Spanned<toml::de::DeString<'i>>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

struct Reader<'r> {
    file: &'r str,
    text: &'r str,
    /// Where each line begins.
    lines: Vec<usize>,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> Place {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = self.lines.partition_point(|start| *start <= span.start);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..span.start).unwrap_or_default();
        let (line, column) = (count(line), count(before.chars().count() + 1));
        Place { line, column, ..Place::file(self.file) }
    }

    fn refuse(&mut self, span: Range<usize>, message: &str, allowed: Option<&str>) {
        let mut finding = Finding::new(NOT_WRITTEN, self.place(&span), message);
        finding.allowed = allowed.map(str::to_owned);
        self.findings.push(finding);
    }

    fn unknown_key(&mut self, key: &Spanned<toml::de::DeString<'_>>, name: &str, known: &[&str]) {
        let message = format!("there is no key `{}` here", shown(name));
        let mut finding = Finding::new(NOT_WRITTEN, self.place(&key.span()), message);
        finding.allowed = Some(known.join(", "));
        finding.fix = nearest(name, known).map(|near| format!("write `{near}`"));
        self.findings.push(finding);
    }

    fn cases(&mut self, value: &Value<'_>) -> Vec<Written> {
        let Some(list) = value.get_ref().as_array() else {
            let allowed = "a table for each case, which begins with `[[case]]`";
            self.refuse(value.span(), "`case` is no list of tables", Some(allowed));
            return Vec::new();
        };
        list.iter().filter_map(|one| self.case(one)).collect()
    }

    fn case(&mut self, value: &Value<'_>) -> Option<Written> {
        const KEYS: [&str; 7] =
            ["template", "name", "parameters", "longest", "each", "account", "stack"];
        let Some(table) = value.get_ref().as_table() else {
            self.refuse(
                value.span(),
                "a case is a table",
                Some("a table that begins with `[[case]]`"),
            );
            return None;
        };
        let (mut name, mut templates) = (None, None);
        let (mut account, mut stack) = (None, None);
        let (mut parameters, mut longest, mut each) = (Vec::new(), Which::None, Which::None);
        for (key, value) in sorted(table) {
            match key.get_ref().as_ref() {
                "template" => {
                    templates = self.words(value, "the name of a template, or a list of them");
                }
                "name" => name = self.word(value),
                "parameters" => parameters = self.parameters(value),
                "longest" => longest = self.which(value),
                "each" => each = self.which(value),
                "account" => account = self.account(value),
                "stack" => stack = self.stack(value),
                other => self.unknown_key(key, other, &KEYS),
            }
        }
        for (key, is_missing) in [("template", templates.is_none()), ("name", name.is_none())] {
            if is_missing && !table.keys().any(|known| known.get_ref() == key) {
                self.refuse(value.span(), &format!("the case lacks `{key}`"), None);
            }
        }
        let (name, templates) = (name?, templates?);
        Some(Written { name, templates, account, stack, parameters, longest, each })
    }

    fn word(&mut self, value: &Value<'_>) -> Option<Word> {
        match value.get_ref().as_str() {
            Some(text) if !text.is_empty() => {
                Some(Word { text: text.to_owned(), place: self.place(&value.span()) })
            }
            _ => {
                self.refuse(value.span(), "this is no text", Some("a text in quotes, not empty"));
                None
            }
        }
    }

    fn words(&mut self, value: &Value<'_>, allowed: &str) -> Option<Vec<Word>> {
        match value.get_ref() {
            DeValue::String(_) => Some(vec![self.word(value)?]),
            DeValue::Array(list) if !list.is_empty() => {
                Some(list.iter().filter_map(|one| self.word(one)).collect())
            }
            _ => {
                self.refuse(
                    value.span(),
                    "this is neither a text nor a list of them",
                    Some(allowed),
                );
                None
            }
        }
    }

    fn which(&mut self, value: &Value<'_>) -> Which {
        const ALLOWED: &str = "\"all\", or a list of parameters";
        if value.get_ref().as_str() == Some("all") {
            return Which::All;
        }
        if value.get_ref().as_array().is_none() {
            self.refuse(value.span(), "this names no parameters", Some(ALLOWED));
            return Which::None;
        }
        self.words(value, ALLOWED).map_or(Which::None, Which::These)
    }

    fn account(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.word(value)?.text;
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text);
        }
        self.refuse(value.span(), "this is no account", Some("12 digits in quotes"));
        None
    }

    fn stack(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.word(value)?.text;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
        if begins && text.chars().all(fits) && text.len() <= 128 {
            return Some(text);
        }
        let allowed = "1 to 128 letters, digits and hyphens, of which the first is a letter";
        self.refuse(value.span(), "this is no name of a stack", Some(allowed));
        None
    }

    fn parameters(&mut self, value: &Value<'_>) -> Vec<Given> {
        let Some(table) = value.get_ref().as_table() else {
            let allowed = "a table such as { Name = \"value\" }";
            self.refuse(value.span(), "`parameters` is no table", Some(allowed));
            return Vec::new();
        };
        let mut parameters = Vec::new();
        for (key, value) in sorted(table) {
            if let Some(text) = self.value(value) {
                let word =
                    |text: String, span: Range<usize>| Word { text, place: self.place(&span) };
                let name = word(key.get_ref().to_string(), key.span());
                parameters.push(Given { name, value: word(text, value.span()) });
            }
        }
        parameters
    }

    /// A parameter's value as CloudFormation takes it: a text, or several with commas between them.
    fn value(&mut self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => return Some(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => {
                return Some(number.as_str().replace('_', ""));
            }
            DeValue::Float(number) => return Some(number.as_str().replace('_', "")),
            DeValue::Boolean(value) => return Some(value.to_string()),
            DeValue::Array(list) => {
                let is_one = |one: &Value<'_>| {
                    !matches!(one.get_ref(), DeValue::Array(_) | DeValue::Table(_))
                };
                if list.iter().all(is_one) {
                    let items: Option<Vec<String>> =
                        list.iter().map(|one| self.value(one)).collect();
                    return items.map(|items| items.join(","));
                }
            }
            _ => {}
        }
        let allowed = "a text, a number, a boolean, or a list of them";
        self.refuse(value.span(), "this is no value of a parameter", Some(allowed));
        None
    }
}
