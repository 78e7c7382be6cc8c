//! Rules 5xxx: every policy document of a template, wherever it stands, against what IAM knows.
//!
//! Values go through the evaluator; what only the launch knows matches as a wildcard, so that a rule speaks only where it
//! holds whatever the launch brings. `check` is pure. It never asks AWS, and never reads a policy that the template does
//! not hold, such as AWS's managed ones.

pub mod access;
mod actions;
mod conditions;
mod consistent;
mod document;
mod escalation;
mod grammar;
pub mod pattern;
mod places;
mod principals;
mod rules;
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Evaluation, Known, Resource, Surroundings, Term};
use formwork::read::{Position, Tree, pointer};

use crate::finding::{Finding, Place, Room};
use crate::subject::{CheckedTemplate, Subject, TOO_MUCH};
use document::{Document, Reader};
use places::{Kind, PLACES};
pub use rules::RULES;

/// Checks the policies of every template.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    pattern::patiently(MOST_STEPS, || check_all(subject, findings));
}

/// How many steps a run may take to compare texts: a platform of twenty templates takes some hundred thousand.
const MOST_STEPS: u64 = 100_000_000;

fn check_all(subject: &Subject, findings: &mut Vec<Finding>) {
    let regions = one_of_each_partition(&subject.regions);
    for template in &subject.templates {
        let mut report = Report {
            template,
            seen: BTreeSet::new(),
            room: Room::default(),
            id: String::new(),
            findings,
        };
        for region in &regions {
            let surroundings = Surroundings::of_region(region);
            let partition = surroundings.partition.clone();
            let root = &template.document.root;
            let evaluation = Evaluation::new(root, &surroundings, &unknown_parameters(root));
            check_launch(&evaluation, &partition, &mut report);
        }
        if pattern::is_spent() {
            let message = "the policies take too long to compare; from here on none is looked at";
            let place = Place::file(&template.file);
            findings.push(Finding::new(TOO_MUCH, place, message));
            return;
        }
    }
}

/// A default is only what counts if a launch gives nothing else: no parameter is known.
fn unknown_parameters(root: &Tree) -> indexmap::IndexMap<String, Known> {
    let declared = root.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
    let unknown = |name: &String| (name.clone(), Known::unknown(format!("Parameters.{name}")));
    declared.iter().map(|entry| unknown(&entry.key)).collect()
}

/// ARNs differ between partitions, and nothing else of a policy does between regions.
fn one_of_each_partition(regions: &[String]) -> Vec<String> {
    let mut found = BTreeMap::new();
    for region in regions {
        found.entry(Surroundings::of_region(region).partition).or_insert_with(|| region.clone());
    }
    if found.is_empty() { vec!["us-east-1".to_owned()] } else { found.into_values().collect() }
}

fn check_launch(evaluation: &Evaluation<'_>, partition: &str, report: &mut Report<'_, '_>) {
    let resources = evaluation.resources();
    let (shapes, boundaries) = (document::shapes(&resources), boundaries(evaluation, &resources));
    let reader = Reader { evaluation, shapes: &shapes, boundaries: &boundaries };
    let mut identity: Vec<Document> = Vec::new();
    let mut owned: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for resource in &resources {
        let documents = documents(resource, &reader);
        for document in &documents {
            report.id.clone_from(&document.logical_id);
            grammar::check(document, report);
            let looks: [fn(&Document, &str, &mut Report<'_, '_>); 5] = [
                actions::check,
                |document, _, report| conditions::check(document, report),
                |document, _, report| consistent::check(document, report),
                |document, _, report| wide::check(document, report),
                |document, _, report| principals::check(document, report),
            ];
            for look in looks {
                if !report.patiently(|report| look(document, partition, report)) {
                    return;
                }
            }
        }
        let first = identity.len();
        identity.extend(documents.into_iter().filter(|it| it.kind == Kind::Identity));
        if identity.len() > first {
            for owner in owners(resource, evaluation) {
                owned.entry(owner).or_default().extend(first..identity.len());
            }
        }
    }
    // Several that have the same policies are one.
    let sets: BTreeSet<Vec<usize>> = owned.into_values().collect();
    for set in sets {
        let documents: Vec<&Document> = set.iter().map(|at| &identity[*at]).collect();
        if !report.patiently(|report| escalation::check(&documents, report)) {
            return;
        }
    }
}

/// The documents that stand in a resource.
fn documents(resource: &Resource<'_>, reader: &Reader<'_, '_>) -> Vec<Document> {
    let (Some(kind), Some(properties)) = (resource.kind.whole(), resource.attribute("Properties"))
    else {
        return Vec::new();
    };
    let id = resource.id.to_string();
    let mut found = Vec::new();
    for (_, path, policy) in PLACES.iter().filter(|(known, ..)| *known == kind) {
        if *policy == Kind::Control && !is_control(&properties) {
            continue;
        }
        let mut terms = vec![properties.clone()];
        for step in path.split('.') {
            let inner = terms.iter().filter_map(|term| term.get(step));
            terms = inner.flat_map(|term| Reader::leaves(&term)).collect();
        }
        let policy = if *policy == Kind::Identity && is_boundary(&id, reader) {
            Kind::Boundary
        } else {
            *policy
        };
        found.extend(terms.iter().filter_map(|term| reader.document(term, policy, kind, &id)));
    }
    found
}

/// What roles and users of the template have as their boundary.
fn boundaries(evaluation: &Evaluation<'_>, resources: &[Resource<'_>]) -> BTreeSet<String> {
    let boundary = |resource: &Resource<'_>| {
        let term = resource.property("PermissionsBoundary")?;
        name(&evaluation.value(&term))
    };
    resources.iter().filter_map(boundary).collect()
}

/// Whether a managed policy only bounds what others allow: it is called so, or something of the template has it as boundary.
fn is_boundary(id: &str, reader: &Reader<'_, '_>) -> bool {
    id.to_ascii_lowercase().contains("boundary") || reader.boundaries.contains(id)
}

/// Whether an organization's policy is one of IAM's grammar: there are policies of tags and backups too.
fn is_control(properties: &Term<'_>) -> bool {
    let kind = properties.get("Type").and_then(|term| term.tree.as_str().map(ToOwned::to_owned));
    matches!(kind.as_deref(), Some("SERVICE_CONTROL_POLICY"))
}

/// Who has the policies of a resource: the roles, users and groups that it names, or itself.
fn owners(resource: &Resource<'_>, evaluation: &Evaluation<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for property in ["Roles", "Users", "Groups", "RoleName", "UserName", "GroupName"] {
        let is_list = property.ends_with('s');
        let is_own = ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"]
            .iter()
            .any(|kind| resource.kind.whole() == Some(kind));
        let Some(term) = resource.property(property).filter(|_| is_list || !is_own) else {
            continue;
        };
        match evaluation.value(&term) {
            Known::List(items) => found.extend(items.iter().filter_map(name)),
            value => found.extend(name(&value)),
        }
    }
    if found.is_empty() { vec![resource.id.to_string()] } else { found }
}

fn name(value: &Known) -> Option<String> {
    match value {
        Known::Unknown(unknown) => Some(unknown.source().to_owned()),
        value => value.to_text().map(|text| text.to_string()),
    }
}

/// Collects findings of one template, each once though several regions have it.
struct Report<'t, 'f> {
    template: &'t CheckedTemplate,
    seen: BTreeSet<(&'static str, Position, String)>,
    room: Room,
    /// The resource that is looked at.
    id: String,
    findings: &'f mut Vec<Finding>,
}

/// What a finding says besides where it is.
#[derive(Default)]
struct Says {
    message: String,
    given: Option<String>,
    allowed: Option<String>,
    fix: Option<String>,
}

impl From<String> for Says {
    fn from(message: String) -> Self {
        Says { message, ..Says::default() }
    }
}

impl Says {
    fn given(self, given: &str) -> Self {
        Says { given: Some(pattern::shown(given)), ..self }
    }

    fn allowed(self, allowed: impl Into<String>) -> Self {
        Says { allowed: Some(allowed.into()), ..self }
    }

    fn fix(self, fix: impl Into<String>) -> Self {
        Says { fix: Some(fix.into()), ..self }
    }
}

impl Report<'_, '_> {
    /// Looks for something; what was found by then does not count if patience ends, for then answers mean nothing.
    fn patiently(&mut self, look: impl FnOnce(&mut Self)) -> bool {
        let before = self.findings.len();
        if !pattern::is_spent() {
            look(self);
        }
        if pattern::is_spent() {
            self.findings.truncate(before);
            return false;
        }
        true
    }

    fn add(&mut self, id: &str, at: Position, says: impl Into<Says>) {
        let (rule, says) = (rules::named(id), says.into());
        if !self.seen.insert((rule.id, at, says.message.clone())) {
            return;
        }
        if !self.room.takes(rule) {
            return;
        }
        let path = pointer(&self.template.root().path_to(at));
        let place = self.template.place(at, &path);
        let Says { message, given, allowed, fix } = says;
        self.findings.push(Finding {
            rule,
            named: None,
            place,
            message,
            given,
            allowed,
            fix,
            regions: Vec::new(),
        });
    }
}
