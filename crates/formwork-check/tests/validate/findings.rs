//! Reads what both sides say of each template. Judges nothing.

use std::collections::BTreeMap;
use std::path::Path;

use formwork_check::families;
use formwork_check::report::Report;
use formwork_check::subject::Subject;
use serde_json::Value;

/// What both say of all templates.
pub struct Corpus {
    /// What each of its rules looks for, in its words.
    pub rules: BTreeMap<String, String>,
    pub templates: BTreeMap<String, Found>,
}

/// What both say of one.
pub struct Found {
    pub theirs: Vec<Theirs>,
    pub ours: Vec<Ours>,
}

/// One of its findings.
pub struct Theirs {
    pub rule: String,
    pub line: u64,
    pub id: String,
    pub way: Vec<String>,
    pub message: String,
}

/// One of ours.
pub struct Ours {
    pub rule: &'static str,
    pub line: u64,
    pub id: String,
    pub way: Vec<String>,
    pub path: String,
    pub message: String,
}

impl Corpus {
    pub fn read(corpus: &Path, file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("its findings can be read");
        let all: Value = serde_json::from_str(&text).expect("its findings are JSON");
        let rules = entries(&all["rules"]);
        let templates = entries(&all["findings"]).map(|(name, found)| {
            let theirs = found.as_array().into_iter().flatten().map(theirs).collect();
            (name.clone(), Found { theirs, ours: ours(&corpus.join(name)) })
        });
        Corpus {
            templates: templates.collect(),
            rules: rules.map(|(id, what)| (id.clone(), text_of(what))).collect(),
        }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("`findings.py` wrote it").into_iter()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn theirs(found: &Value) -> Theirs {
    // `Properties.Tags.0.Key`, or with `/` outside of resources, where the way begins with the section and the name.
    let property = text_of(&found["property"]);
    let parts: Vec<&str> = property.split(['.', '/', '[', ']']).collect();
    let is_section = |part: &&&str| part.ends_with('s') && **part != "Properties";
    let skipped =
        if property.contains('/') { parts.first().filter(is_section).map_or(0, |_| 2) } else { 0 };
    Theirs {
        rule: text_of(&found["rule"]),
        line: found["line"].as_u64().unwrap_or_default(),
        id: text_of(&found["id"]),
        way: way(parts.into_iter().skip(skipped)),
        message: text_of(&found["message"]),
    }
}

fn ours(file: &Path) -> Vec<Ours> {
    let mut findings = Vec::new();
    let subject = Subject::read(&[file.to_owned()], &[], &mut findings);
    families::check(&subject, &mut findings);
    let findings = Report::new(&subject, findings).findings;
    let ours = findings.into_iter().map(|found| Ours {
        rule: found.rule.id,
        line: found.place.line.into(),
        // The name of an output stands in the way to it only.
        id: found.place.path.split('/').nth(2).unwrap_or_default().to_owned(),
        way: way(found.place.path.split('/').skip(3)),
        path: found.place.path,
        message: found.message,
    });
    ours.collect()
}

/// The names on the way to a value: without indices, and without the functions that both count differently.
fn way<'t>(parts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let is_name = |part: &&str| {
        !part.is_empty() && !part.starts_with("Fn::") && !part.bytes().all(|b| b.is_ascii_digit())
    };
    parts.filter(is_name).map(str::to_owned).collect()
}
