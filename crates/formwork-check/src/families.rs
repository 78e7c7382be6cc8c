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

/// Those that take their time and look at nothing that others found: they run beside the others.
const BESIDE: &[&str] = &["Regions", "IAM", "Deployability"];

/// Templates of more bytes are looked at by one family after the other, for each needs memory as it goes.
const MOST_BESIDE: usize = 3_000_000;

/// Room for what a thread calls, as much as a program's first has.
const STACK: usize = 8 << 20;

/// Everything that the families find, in their order.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let (beside, others): (Vec<&Family>, Vec<&Family>) =
        FAMILIES.iter().partition(|family| BESIDE.contains(&family.name));
    let run = |families: &[&Family], findings: &mut Vec<Finding>| {
        families.iter().filter_map(|family| family.check).for_each(|it| it(subject, findings));
    };
    let bytes: usize = subject.texts.values().map(String::len).sum();
    let mut more = Vec::new();
    let is_done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let started = (bytes <= MOST_BESIDE)
            .then(|| thread.spawn_scoped(scope, || run(&beside, &mut more)))
            .is_some_and(|thread| thread.is_ok());
        run(&others, findings);
        started
    });
    if !is_done {
        run(&beside, &mut more);
    }
    findings.append(&mut more);
}
