//! Family 1: every property of every resource against the registry's schemas.
//!
//! A template is read once for each subject, in its first region and with no parameter known but by its default;
//! what varies by region or by parameters is another family's, which may hold concrete values to the schemas
//! too. What a macro may change is not judged, and said to be so.

mod demands;
mod fields;
mod formats;
mod forms;
mod globals;
pub(crate) mod kinds;
mod launched;
pub(crate) mod model;
mod neighbours;
mod records;
mod rules;
mod scalars;
#[cfg(test)]
mod tests;
mod together;
mod unknown;
mod validate;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use formwork::evaluate::{Evaluation, Known, Resource, Surroundings};
use formwork::nearest::nearest;
use formwork::read::{Position, Segment, pointer};
use indexmap::IndexMap;

pub use kinds::WRONG_KIND;
pub use rules::*;

use crate::finding::{Finding, Room, Rule};
use crate::registry;
use crate::subject::{CheckedTemplate, Subject};
use crate::value::{Fields, Value, Views, What};
use validate::{Validator, Violation};

/// The transform of which the schemas know the types.
const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

/// Checks every resource of every template.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let region = subject.regions.first().map_or("us-east-1", String::as_str);
    for template in &subject.templates {
        Checked::new(template, Views::new(template.root(), region)).check(findings);
    }
}

/// Checks what one launch makes of a template: every value is as concrete as the launch makes it.
pub fn check_launch(
    template: &CheckedTemplate,
    around: &Surroundings,
    parameters: &IndexMap<String, Known>,
    findings: &mut Vec<Finding>,
) {
    let launch = Evaluation::new(template.root(), around, parameters);
    Checked::new(template, Views::of_launch(template.root(), Rc::new(launch))).check(findings);
}

/// What one launch makes of a template, of which resources are held to their schemas one by one.
pub(crate) struct Launched<'t> {
    checked: Checked<'t>,
    /// The place of each resource by its id.
    places: OnceCell<HashMap<String, usize>>,
}

impl<'t> Launched<'t> {
    pub(crate) fn new(template: &'t CheckedTemplate, views: Views<'t>) -> Self {
        Launched { checked: Checked::new(template, views), places: OnceCell::new() }
    }

    pub(crate) fn views(&self) -> &Views<'t> {
        &self.checked.views
    }

    pub(crate) fn resources(&self) -> &[Resource<'t>] {
        &self.checked.resources
    }

    /// The resource of this id, if it is there.
    pub(crate) fn resource(&self, id: &str) -> Option<&Resource<'t>> {
        let all = &self.checked.resources;
        let places = self.places.get_or_init(|| {
            let place = |(at, one): (usize, &Resource<'t>)| Some((one.id.whole()?.to_owned(), at));
            all.iter().enumerate().filter_map(place).collect()
        });
        all.get(*places.get(id)?)
    }

    pub(crate) fn check_one(&self, resource: &Resource<'_>, findings: &mut Vec<Finding>) {
        self.checked.resource(resource, findings);
    }
}

/// The macros of a template that may change every resource.
pub(crate) fn foreign_macros<'t>(evaluation: &Evaluation<'t>) -> Vec<&'t str> {
    let macros = evaluation.macros().into_iter();
    macros.filter(|name| *name != SERVERLESS && !is_harmless(name)).collect()
}

struct Checked<'t> {
    template: &'t CheckedTemplate,
    views: Views<'t>,
    resources: Vec<Resource<'t>>,
    kinds: HashMap<String, String>,
    room: RefCell<Room>,
}

impl<'t> Checked<'t> {
    fn new(template: &'t CheckedTemplate, views: Views<'t>) -> Self {
        let resources = views.always.resources();
        let kinds = resources
            .iter()
            .filter_map(|resource| {
                Some((resource.id.whole()?.to_owned(), resource.kind.whole()?.to_owned()))
            })
            .collect();
        Checked { template, views, resources, kinds, room: RefCell::default() }
    }

    fn check(&self, findings: &mut Vec<Finding>) {
        let foreign = foreign_macros(&self.views.always);
        if !foreign.is_empty() {
            let message = format!("the macro {} may change every resource", foreign.join(", "));
            let at = self
                .template
                .root()
                .entry("Transform")
                .map_or(Position::START, |entry| entry.key_span.start);
            findings.push(self.finding(&MACRO, at, "/Transform", message));
            return;
        }
        for resource in &self.resources {
            self.resource(resource, findings);
        }
        if !self.views.is_launch() {
            self.globals(findings);
            self.neighbours(findings);
        }
        findings.extend(self.views.spent(self.template));
    }

    fn resource(&self, resource: &Resource<'_>, findings: &mut Vec<Finding>) {
        let Some(kind) = resource.kind.whole() else { return };
        let id = resource.id.to_string();
        let Some(schema) = registry::schema(schema_name(kind)) else {
            let rule = if is_amazons(kind) { &UNKNOWN_TYPE } else { &FOREIGN_TYPE };
            if self.room.borrow_mut().takes(rule) {
                findings.push(self.unknown_type(resource, kind, &id));
            }
            return;
        };
        if let Some(date) = &schema.shut_down {
            let message = format!("the service of `{kind}` was shut down on {date}");
            let path =
                pointer(&[Segment::Key("Resources"), Segment::Key(&id), Segment::Key("Type")]);
            let at =
                resource.term.get("Type").map_or(resource.position, |term| term.tree.span().start);
            findings.push(self.finding(&SHUT_DOWN, at, &path, message));
        }
        let sure = self.views.sure(resource);
        let given = resource.attribute("Properties").filter(|term| !term.tree.is_null());
        let given = given.map(|term| {
            if self.views.is_launch() {
                launched::value(&self.views, schema, &schema.top, &term, sure)
            } else {
                self.views.value(&term, sure)
            }
        });
        // Without any, all that are required are missing.
        let properties = given.filter(|value| !matches!(value.what, What::Absent));
        let properties = properties.unwrap_or_else(|| Value {
            at: resource.position,
            what: What::Map(Fields::default()),
            is_default: false,
            others: Vec::new(),
        });
        let has_globals =
            kind.starts_with("AWS::Serverless::") && self.template.root().get("Globals").is_some();
        let validator = Validator::new(schema, &self.kinds).partial(has_globals);
        let mut broken = validator.run(&properties);
        // Cases of launches give each parameter its extremes, which need not go together.
        if !self.views.is_launch() {
            broken.extend(together::check(kind, &properties));
            broken.extend(self.role_path(kind, &properties));
        }
        let is_transformed = kind.starts_with("AWS::Serverless::");
        let counts = |violation: &Violation| !is_transformed || is_kept(violation.rule);
        let broken =
            broken.into_iter().filter(counts).filter(|violation| !is_packaged(kind, violation));
        let mut room = self.room.borrow_mut();
        let said = broken.filter(|violation| room.takes(violation.rule));
        findings.extend(said.map(|violation| self.of(violation, &id)));
    }

    fn of(&self, violation: Violation, id: &str) -> Finding {
        let start = [Segment::Key("Resources"), Segment::Key(id), Segment::Key("Properties")];
        let rest = violation.path.iter().map(|key| Segment::Key(key));
        let path = pointer(&start.into_iter().chain(rest).collect::<Vec<_>>());
        self.at(violation, &path)
    }

    fn at(&self, violation: Violation, path: &str) -> Finding {
        let mut finding = self.finding(violation.rule, violation.at, path, violation.message);
        (finding.given, finding.allowed, finding.fix) =
            (violation.given, violation.allowed, violation.fix);
        finding
    }

    fn unknown_type(&self, resource: &Resource<'_>, kind: &str, id: &str) -> Finding {
        let written = resource.term.get("Type").map(|term| term.tree.span().start);
        let path = pointer(&[Segment::Key("Resources"), Segment::Key(id), Segment::Key("Type")]);
        let at = written.unwrap_or(resource.position);
        if !is_amazons(kind) {
            let message = format!("nothing is known of the type `{kind}`, which AWS does not make");
            return self.finding(&FOREIGN_TYPE, at, &path, message);
        }
        let message = format!("there is no resource type `{kind}`");
        let mut finding = self.finding(&UNKNOWN_TYPE, at, &path, message);
        finding.given = Some(kind.to_owned());
        if !self.room.borrow().has_guess(&UNKNOWN_TYPE) {
            return finding;
        }
        let mut known: Vec<&str> = registry::types().collect();
        known.sort_unstable();
        finding.fix = nearest(kind, &known).map(|name| format!("write `{name}`"));
        finding
    }

    fn finding(&self, rule: &'static Rule, at: Position, path: &str, message: String) -> Finding {
        Finding {
            rule,
            named: None,
            place: self.template.place(at, path),
            message,
            given: None,
            allowed: None,
            fix: None,
            regions: Vec::new(),
        }
    }
}

/// What is wrong of a transform's type whatever the transform makes of it: it takes short forms of most values.
fn is_kept(rule: &Rule) -> bool {
    [MISSING.id, UNKNOWN_PROPERTY.id, NOT_ALLOWED.id].contains(&rule.id)
}

/// Whether a path stands there that `aws cloudformation package` replaces.
fn is_packaged(kind: &str, violation: &Violation) -> bool {
    const PACKAGED: [(&str, &str); 5] = [
        ("AWS::ApiGateway::RestApi", "BodyS3Location"),
        ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle"),
        ("AWS::Lambda::Function", "Code"),
        ("AWS::Lambda::LayerVersion", "Content"),
        ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"),
    ];
    let is_text = violation.rule.id == WRONG_TYPE.id && violation.given.is_some();
    let [property] = violation.path.as_slice() else { return false };
    is_text && PACKAGED.contains(&(kind, property))
}

/// The type whose schema holds for a type.
pub(crate) fn schema_name(kind: &str) -> &str {
    if kind.starts_with("Custom::") { "AWS::CloudFormation::CustomResource" } else { kind }
}

/// Whether nobody but AWS can register a type of this name.
fn is_amazons(kind: &str) -> bool {
    !kind.ends_with("::MODULE")
        && (kind.starts_with("AWS::") || !kind.contains("::") || kind.starts_with("Alexa::"))
}

/// Macros of AWS that add resources or hooks and leave those alone that are written.
fn is_harmless(name: &str) -> bool {
    matches!(
        name,
        "AWS::CodeDeployBlueGreen"
            | "AWS::SecretsManager-2020-07-23"
            | "AWS::SecretsManager-2024-09-16"
    )
}
