//! Rules 7xxx: whether a template that is right in each part can be launched, changed and deleted as a whole.
//!
//! What waits for what is followed through references and `DependsOn`, under every condition. A rule speaks only where the
//! order is certainly not said; an error, only where the service refuses it for certain. Of templates that a macro or a loop
//! changes, nothing is said about order. It never asks AWS what an account holds.

mod access;
mod code;
mod handover;
mod keep;
mod names;
mod needs;
mod network;
mod ordered;
mod roles;
mod rules;
mod scene;
mod stacks;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use formwork::evaluate::Evaluation;

use crate::finding::Finding;
use crate::subject::{CheckedTemplate, Subject, USUAL_REGION};
use scene::{Effort, Scene, any_launch};

pub use rules::RULES;

/// Everything that keeps a template from being launched, changed or deleted, or makes it unwise.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let effort = Effort::new();
    let first = subject.regions.first().map_or(USUAL_REGION, String::as_str);
    for template in &subject.templates {
        handover::check(subject, template, findings);
        let mut found = Vec::new();
        for region in regions(subject, template) {
            let evaluation = any_launch(template.root(), region);
            if found.is_empty() && !is_foreign(&evaluation) {
                keep::check(template, &mut found);
                access::check(template, &mut found);
                access::partitions(subject, template, &mut found);
            }
            // What is too large to be launched waits for nothing.
            if subject.is_launchable(template) {
                in_region(template, &evaluation, region, &effort, &mut found);
            }
        }
        // Once, in however many regions it is so.
        let mut seen = BTreeSet::new();
        found.retain(|one: &Finding| {
            seen.insert((one.rule.id, one.place.clone(), one.message.clone()))
        });
        findings.append(&mut found);
    }
    names::check_stacks(subject, first, findings);
    code::check(subject, findings);
}

/// What the order of resources and their names hang on.
fn in_region(
    template: &CheckedTemplate,
    evaluation: &Evaluation<'_>,
    region: &str,
    effort: &Effort,
    findings: &mut Vec<Finding>,
) {
    let Some(scene) = Scene::new(template, evaluation, region, effort) else {
        if evaluation.macros().is_empty() {
            names::check_loops(template, evaluation, findings);
        }
        return;
    };
    roles::check(&scene, findings);
    needs::check(&scene, findings);
    network::check(&scene, findings);
    ordered::check(&scene, findings);
    names::check(&scene, findings);
    handover::bodies(&scene, findings);
}

/// The regions to look at: one, unless conditions hang on it.
fn regions<'s>(subject: &'s Subject, template: &CheckedTemplate) -> Vec<&'s str> {
    let conditions = template.root().get("Conditions");
    let hangs = conditions.is_some_and(|tree| {
        keep::any_text(tree, |text| text == "AWS::Region" || text == "AWS::Partition")
    });
    let all = subject.regions_of(template).iter().map(String::as_str);
    let found: Vec<&str> = if hangs { all.collect() } else { all.take(1).collect() };
    if found.is_empty() { vec![USUAL_REGION] } else { found }
}

/// Whether a macro that nobody here knows may change everything. AWS SAM leaves what is not its own as it is.
fn is_foreign(evaluation: &Evaluation<'_>) -> bool {
    let is_known = |name: &&str| *name == "AWS::Serverless-2016-10-31";
    !evaluation.macros().iter().all(is_known)
}
