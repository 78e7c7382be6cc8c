//! Family 8: the template's own shape, which CloudFormation looks at before it asks any service: sections, the definitions
//! of parameters, mappings, outputs and rules, what a resource may hold beside its properties, and how functions are written.
//!
//! What names mean is the references' business, what properties hold the schemas'. Of a template that a macro rewrites only
//! its parameters are judged, for nothing else need come to CloudFormation as it stands here.

mod functions;
mod mappings;
mod outputs;
mod parameters;
mod places;
mod policies;
mod resources;
mod rules;
mod sections;
mod values;

use formwork::nearest::nearest;
use formwork::read::{Entry, Segment, Tree, pointer};

use crate::finding::{Finding, Place, Rule, shown};
use crate::subject::{CheckedTemplate, Subject};

pub use rules::RULES;

/// The transform that makes resources of those of AWS SAM.
const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

/// The transform that knows more functions, and allows them in more places.
const EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Everything that is wrong with the shape of all templates.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    for template in &subject.templates {
        let mut shape = Shape::new(template);
        shape.check();
        findings.append(&mut shape.findings);
    }
}

/// One template, and what was found in it.
struct Shape<'t> {
    template: &'t CheckedTemplate,
    root: &'t Tree,
    /// Whether a macro may make anything of it.
    is_open: bool,
    is_serverless: bool,
    /// Whether the language extensions work.
    is_extended: bool,
    findings: Vec<Finding>,
    /// How many bytes of ways into the template may still be kept.
    room: usize,
    /// How many names may still be guessed.
    guesses: usize,
}

/// How many bytes of ways into a template are kept: what is wrong everywhere is not said everywhere.
const ROOM: usize = 10_000_000;

/// What one finding counts besides its way.
const OF_ONE: usize = 10_000;

/// How many names are guessed in one template.
const MOST_GUESSES: usize = 1_000;

/// No longer name is guessed.
const LONGEST_NAME: usize = 300;

impl<'t> Shape<'t> {
    fn new(template: &'t CheckedTemplate) -> Self {
        let root = template.root();
        let transforms = transforms(root);
        let has = |name: &str| transforms.iter().any(|one| one.as_str() == Some(name));
        let is_known = |one: &&Tree| one.as_str().is_some_and(is_aws);
        let is_open =
            root.get("Fn::Transform").is_some() || !transforms.iter().all(|it| is_known(&it));
        Shape {
            template,
            root,
            is_open,
            is_serverless: has(SERVERLESS),
            is_extended: has(EXTENSIONS),
            findings: Vec::new(),
            room: ROOM,
            guesses: MOST_GUESSES,
        }
    }

    fn check(&mut self) {
        parameters::check(self);
        sections::transforms(self);
        if self.is_open {
            return;
        }
        sections::check(self);
        values::check(self);
        mappings::check(self);
        resources::check(self);
        outputs::check(self);
        sections::assertions(self);
        functions::check(self);
    }

    fn section(&self, name: &str) -> &'t [Entry] {
        self.root.get(name).and_then(Tree::as_map).unwrap_or_default()
    }

    /// The place of a value.
    fn at(&self, value: &Tree, path: &[&str]) -> Place {
        self.template.place_at(value, &way(path))
    }

    /// The place of a key.
    fn key(&self, entry: &Entry, path: &[&str]) -> Place {
        self.template.place(entry.key_span.start, &way(path))
    }

    fn say(&mut self, rule: &'static Rule, place: Place, message: String) -> &mut Finding {
        self.room = self.room.saturating_sub(place.path.len() + OF_ONE);
        self.findings.push(Finding::new(rule, place, message));
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Whether enough was said.
    fn is_full(&self) -> bool {
        self.room == 0
    }

    /// What was probably meant.
    fn guess(&mut self, name: &str, known: &[&str]) -> Option<String> {
        self.guesses = self.guesses.checked_sub(1)?;
        let near = if name.len() > LONGEST_NAME { None } else { nearest(name, known) };
        near.map(|name| format!("write `{name}`"))
    }

    /// A key that is none of those that are known.
    fn unknown(
        &mut self,
        rule: &'static Rule,
        entry: &Entry,
        path: &[&str],
        known: &[&str],
        what: &str,
    ) {
        if self.is_full() {
            return;
        }
        let place = self.key(entry, path);
        let message = format!("there is no {what} `{}`", shown(&entry.key));
        let near = self.guess(&entry.key, known);
        let finding = self.say(rule, place, message);
        finding.allowed = Some(known.join(", "));
        finding.fix = near;
    }
}

/// A JSON pointer.
fn way(path: &[&str]) -> String {
    pointer(&path.iter().map(|key| Segment::Key(key)).collect::<Vec<_>>())
}

/// The transforms of a whole template.
fn transforms(root: &Tree) -> &[Tree] {
    match root.get("Transform") {
        Some(transform) => transform.as_list().unwrap_or(std::slice::from_ref(transform)),
        None => &[],
    }
}

/// Whether it is a transform of AWS that leaves alone what is written.
fn is_aws(name: &str) -> bool {
    const OTHERS: [&str; 3] = [
        "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
    ];
    name == SERVERLESS || name == EXTENSIONS || OTHERS.contains(&name)
}

/// What a value is, in words.
fn kind(tree: &Tree) -> &'static str {
    match (tree.is_null(), tree.intrinsic(), tree.as_list(), tree.as_map()) {
        (true, ..) => "nothing",
        (_, Some((name, _)), ..) if name != "Condition" => "a function",
        (_, _, Some(_), _) => "a list",
        (.., Some(_)) => "a map",
        _ => "a text",
    }
}
