//! The sizes of policies and environments, as the least that they can come to. What only the launch knows counts nothing.

use formwork::evaluate::{Evaluation, Known, Part, Resource, Term};
use formwork::iam::limits::{LIMITS, ROLE_TRUST, ROLE_TRUST_AT_MOST};
use formwork::read::{Segment, Tree, pointer};

use super::{Look, NEAR, RULES, limit};
use crate::finding::{Finding, Place, Rule, shown};
use crate::subject::CheckedTemplate;

const POLICY: &Rule = Rule::of(RULES, "FW4106");
const ENVIRONMENT: &Rule = Rule::of(RULES, "FW4107");

/// Bytes of the names and values of a function's environment.
const ENVIRONMENT_BYTES: usize = 4_096;

pub(super) fn check(look: &Look<'_>, findings: &mut Vec<Finding>) {
    for resource in look.evaluation.resources() {
        check_resource(look.template, &look.evaluation, &resource, findings);
    }
}

/// The policies and the environment of one resource, as far as this evaluation knows them.
pub(crate) fn check_resource(
    template: &CheckedTemplate,
    evaluation: &Evaluation<'_>,
    resource: &Resource<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(kind) = resource.kind.whole() else { return };
    let look = Sizes { template, evaluation };
    for one in LIMITS.iter().filter(|one| one.resource_type == kind) {
        let Some(term) = resource.property(one.property) else { continue };
        let given = look.policies(&term, one.property == "Policies");
        // An account may ask for more in a trust policy: beyond the usual quota, it has to.
        let is_trust = one.property == "AssumeRolePolicyDocument";
        let most = if is_trust && given > ROLE_TRUST { ROLE_TRUST_AT_MOST } else { one.max };
        let place = || look.place(resource, term.tree, &[one.property]);
        if is_trust && given > ROLE_TRUST && given * 10 < most * 8 {
            let message =
                format!("`{}`: more than an account takes that has not asked for it", one.property);
            let finding = Finding::new(NEAR, place(), message);
            findings.push(
                finding
                    .given(format!("{given} characters at least"))
                    .allowed(format!("{ROLE_TRUST}, or {ROLE_TRUST_AT_MOST} once asked for")),
            );
        }
        let what = format!("`{}`", one.property);
        findings.extend(limit(POLICY, place, &what, given, most, " characters at least"));
    }
    if kind == "AWS::Lambda::Function" {
        look.environment(resource, findings);
    }
}

/// A template, and what its values come to.
struct Sizes<'t> {
    template: &'t CheckedTemplate,
    evaluation: &'t Evaluation<'t>,
}

impl Sizes<'_> {
    fn environment(&self, resource: &Resource<'_>, findings: &mut Vec<Finding>) {
        let Some(term) = resource.property("Environment").and_then(|it| it.get("Variables")) else {
            return;
        };
        let Known::Map(variables) = self.evaluation.value(&term) else { return };
        let given = variables.iter().map(|(name, value)| name.len() + known_bytes(value)).sum();
        let place = || self.place(resource, term.tree, &["Environment", "Variables"]);
        let most = ENVIRONMENT_BYTES;
        findings.extend(limit(
            ENVIRONMENT,
            place,
            "the environment",
            given,
            most,
            " bytes at least",
        ));
    }

    /// The characters of a policy, or of all policies of a list together.
    fn policies(&self, term: &Term<'_>, is_list: bool) -> usize {
        let value = self.evaluation.value(term);
        if !is_list {
            return json_length(&value);
        }
        let Known::List(policies) = value else { return 0 };
        policies.iter().filter_map(|policy| policy.get("PolicyDocument")).map(json_length).sum()
    }

    /// The place of a property; in a loop, of the value that stands in it.
    fn place(&self, resource: &Resource<'_>, tree: &Tree, property: &[&str]) -> Place {
        let id = resource.id.whole().map_or_else(|| shown(&resource.id.to_string()), str::to_owned);
        let mut path =
            vec![Segment::Key("Resources"), Segment::Key(&id), Segment::Key("Properties")];
        path.extend(property.iter().map(|name| Segment::Key(name)));
        let path = pointer(&path);
        if self.template.root().at(&path).is_some() {
            self.template.place_of(&path)
        } else {
            self.template.place_at(tree, &path)
        }
    }
}

fn known_bytes(value: &Known) -> usize {
    let parts = value.to_text();
    parts.map_or(0, |text| {
        let known = text.parts().iter().map(|part| match part {
            Part::Known(known) => known.len(),
            Part::Unknown(_) => 0,
        });
        known.sum()
    })
}

/// The characters of JSON without white space.
fn json_length(value: &Known) -> usize {
    match value {
        Known::Text(text) => {
            let known = text.parts().iter().map(|part| match part {
                Part::Known(known) => quoted(known) - 2,
                Part::Unknown(_) => 0,
            });
            2 + known.sum::<usize>()
        }
        Known::Number(_) | Known::Bool(_) => value.whole().map_or(0, str::len),
        Known::List(items) => {
            let parts = items.iter().filter(|item| **item != Known::Absent);
            let parts: Vec<usize> = parts.map(json_length).collect();
            1 + parts.iter().map(|part| part + 1).sum::<usize>().max(1)
        }
        Known::Map(entries) => {
            let parts = entries.iter().filter(|(_, value)| **value != Known::Absent);
            let parts = parts.map(|(key, value)| quoted(key) + 1 + json_length(value));
            1 + parts.map(|part| part + 1).sum::<usize>().max(1)
        }
        Known::Absent | Known::Unknown(_) => 0,
    }
}

/// The characters of a text in JSON, with its quotes.
fn quoted(text: &str) -> usize {
    serde_json::Value::from(text).to_string().chars().count()
}
