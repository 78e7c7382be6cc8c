//! The families of rules, in the order in which they run. Nothing else lists a rule.

use crate::finding::{Finding, Rule};
use crate::subject::Subject;
use crate::{
    attributes, deployability, evaluation, exceptions, guard, iam, limits, references, regions,
    schema, shape, subject,
};

/// Rules that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What it is about, as the heading in `docs/rules.md`.
    pub name: &'static str,
    /// Its rules, by their ids.
    pub rules: &'static [Rule],
    /// What looks for them; nothing where the check itself does, before or after all others.
    pub check: Option<fn(&Subject, &mut Vec<Finding>)>,
}

/// All of them.
pub const FAMILIES: &[Family] = &[
    Family { name: "Schema", rules: schema::RULES, check: Some(schema::check) },
    Family { name: "References", rules: references::RULES, check: Some(references::check) },
    Family { name: "Attributes", rules: attributes::RULES, check: Some(attributes::check) },
    Family { name: "Regions", rules: regions::RULES, check: Some(regions::check) },
    Family { name: "Limits", rules: limits::RULES, check: Some(limits::check) },
    // Behind those whose rules it holds launches to, for it says nothing twice.
    Family { name: "Evaluation", rules: evaluation::RULES, check: Some(evaluation::check) },
    Family { name: "IAM", rules: iam::RULES, check: Some(iam::check) },
    Family { name: "Shape", rules: shape::RULES, check: Some(shape::check) },
    Family { name: "Rule files", rules: guard::RULES, check: None },
    Family {
        name: "Deployability",
        rules: deployability::RULES,
        check: Some(deployability::check),
    },
    Family { name: "Input", rules: subject::RULES, check: None },
    Family { name: "Exceptions", rules: exceptions::RULES, check: None },
];

/// Every rule, by family.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.rules)
}

/// Everything that the families find.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    for check in FAMILIES.iter().filter_map(|family| family.check) {
        check(subject, findings);
    }
}
