//! Which objects a launch in a region asks for, through everything that it nests or offers.
//!
//! Templates are evaluated with the parameters of the link. Nothing is fetched here.

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Evaluation, Known, Surroundings, Term, Text};
use formwork::read::{self, Document};
use indexmap::IndexMap;

use crate::digest::{self, FOLDERS};

/// Something that a launch asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ask {
    /// Who asks: `NetworkStack of mlops_entry_point.yaml`.
    pub by: String,
    /// What is asked for.
    pub what: Wanted,
}

/// An object as a template names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// By its URL.
    Url(String),
    /// By its key in a bucket that only the launch knows, such as the account's own copy of the release.
    Key(String),
}

/// The properties that name templates, by the types that have them. Source: AWS CloudFormation Template Reference.
const PROPERTIES: [(&str, &str); 3] = [
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::CloudFormation::StackSet", "TemplateURL"),
    ("AWS::ServiceCatalog::CloudFormationProduct", "ProvisioningArtifactParameters"),
];

/// The templates of a release, read once for all regions.
pub(crate) struct Templates(BTreeMap<String, Document>);

impl Templates {
    /// Reads the texts. What cannot be read is said.
    pub(crate) fn read(texts: &BTreeMap<String, Vec<u8>>, problems: &mut Vec<String>) -> Self {
        let mut documents = BTreeMap::new();
        for (key, text) in texts {
            match read::parse(text) {
                Ok(document) => drop(documents.insert(key.clone(), document)),
                Err(error) => {
                    problems.push(format!("`{key}` is no template that can be read: {error}"));
                }
            }
        }
        Templates(documents)
    }

    /// What a launch of the entry point asks for.
    pub(crate) fn asks(
        &self,
        entry_point: &str,
        region: &str,
        parameters: &IndexMap<String, String>,
        notes: &mut BTreeSet<String>,
    ) -> Vec<Ask> {
        let Some(document) = self.0.get(entry_point) else { return Vec::new() };
        let given = parameters.iter().map(|(name, value)| (name.clone(), Known::text(value)));
        let surroundings = Surroundings::of_region(region);
        let evaluation = Evaluation::new(&document.root, &surroundings, &given.collect());
        let mut walk = Walk { templates: self, notes, asks: Vec::new(), seen: BTreeSet::new() };
        walk.template(entry_point, &evaluation);
        walk.asks
    }
}

/// A walk from template to template.
struct Walk<'a> {
    templates: &'a Templates,
    notes: &'a mut BTreeSet<String>,
    asks: Vec<Ask>,
    /// Who asked for what already: templates may name each other.
    seen: BTreeSet<Ask>,
}

impl Walk<'_> {
    fn template(&mut self, name: &str, evaluation: &Evaluation<'_>) {
        if evaluation.has_unseen_resources() {
            self.notes.insert(format!("`{name}` has resources that only a macro knows"));
        }
        for resource in evaluation.resources() {
            let kind = resource.kind.whole().unwrap_or_default();
            let property = PROPERTIES.iter().find(|(known, _)| *known == kind);
            let Some(term) = property.and_then(|(_, name)| resource.property(name)) else {
                continue;
            };
            let by = format!("`{}` of `{name}`", resource.id);
            let parameters = resource.property("Parameters");
            let parameters = parameters.map(|parameters| evaluation.value(&parameters));
            for text in self.urls(evaluation, &term, &by) {
                self.ask(&by, &text, evaluation, parameters.as_ref());
            }
        }
    }

    /// Every URL that a property may come to.
    fn urls(&mut self, evaluation: &Evaluation<'_>, term: &Term<'_>, by: &str) -> Vec<Text> {
        let found = evaluation.alternatives(term);
        if !found.is_complete {
            self.notes.insert(format!(
                "{by} may ask for more than was followed: its conditions are too many"
            ));
        }
        let mut texts = Vec::new();
        found.values.iter().for_each(|value| collect(value, &mut texts));
        texts
    }

    fn ask(
        &mut self,
        by: &str,
        text: &Text,
        evaluation: &Evaluation<'_>,
        parameters: Option<&Known>,
    ) {
        let key = key_in(text);
        let what = match (text.whole(), &key) {
            (Some(url), _) => Wanted::Url(url.to_owned()),
            (None, Some(key)) => Wanted::Key(key.clone()),
            (None, None) => {
                self.notes.insert(format!("{by} asks for `{text}`, which only the launch knows"));
                return;
            }
        };
        let ask = Ask { by: by.to_owned(), what };
        if !self.seen.insert(ask.clone()) {
            return;
        }
        self.asks.push(ask);
        let templates = self.templates;
        if let Some((key, document)) = key.and_then(|key| templates.0.get_key_value(&key)) {
            self.template(key, &evaluation.nested(&document.root, parameters));
        }
    }
}

/// The texts in a value that are URLs of templates: itself, or what stands under `LoadTemplateFromURL`.
fn collect(value: &Known, texts: &mut Vec<Text>) {
    match value {
        Known::Map(entries) => entries.values().for_each(|value| collect(value, texts)),
        Known::List(items) => items.iter().for_each(|value| collect(value, texts)),
        Known::Absent => {}
        other => texts.extend(
            other
                .to_text()
                .filter(|text| text.prefix().starts_with("https://") || text.prefix().is_empty()),
        ),
    }
}

/// The content-addressed key that a URL ends in: what follows its bucket.
fn key_in(text: &Text) -> Option<String> {
    let end = text.suffix();
    let at = FOLDERS.iter().filter_map(|folder| end.rfind(folder)).max()?;
    let key = &end[at..];
    digest::is_lasting(key).then(|| key.to_owned())
}
