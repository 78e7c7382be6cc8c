//! The ways in which a template is handed over, each with a limit of its own below that of S3, which `limits` knows.

use formwork::evaluate::Known;

use super::rules::{NEARLY_FULL, NO_CALL};
use super::scene::Scene;
use crate::finding::{Finding, Place, shown};
use crate::subject::{CheckedTemplate, Subject};

/// Bytes of a template in a call.
const CALL: usize = 51_200;
/// Bytes of a template in an action of CodePipeline.
const PIPELINE: usize = 512 * 1024;

/// A template that stands alone: nobody says how it is handed over.
pub(super) fn check(subject: &Subject, template: &CheckedTemplate, findings: &mut Vec<Finding>) {
    let bytes = subject.texts.get(&template.file).map_or(0, String::len);
    if template.entry.is_some() || bytes <= CALL {
        return;
    }
    let is_beyond_pipeline = bytes > PIPELINE;
    let message = if is_beyond_pipeline {
        "neither a call nor an action of CodePipeline takes the template"
    } else {
        "no call takes the template in its body"
    };
    let most = if is_beyond_pipeline { PIPELINE } else { CALL };
    let finding = Finding::new(NO_CALL, Place::file(&template.file), message);
    findings.push(
        finding
            .given(format!("{bytes} bytes"))
            .allowed(format!("{most} bytes"))
            .fix("hand it over by a URL in S3: `aws cloudformation deploy --s3-bucket …`"),
    );
}

/// Templates that stand in another as a text.
pub(super) fn bodies(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for resource in scene.evaluation.resources() {
        if resource.kind.whole() != Some("AWS::CloudFormation::StackSet") {
            continue;
        }
        let Some(term) = resource.property("TemplateBody") else { continue };
        let Some(Known::Text(text)) = Some(scene.evaluation.value(&term)) else { continue };
        let bytes = text.parts().iter().fold(0, |sum, part| match part {
            formwork::evaluate::Part::Known(known) => sum + known.len(),
            formwork::evaluate::Part::Unknown(_) => sum,
        });
        let id = resource.id.whole().unwrap_or_default();
        let Some(at) = scene.nodes.iter().position(|node| node.id == id) else { continue };
        if bytes * 10 >= CALL * 8 && bytes <= CALL {
            let message = format!("the template in `{}` is not far below the limit", shown(id));
            let finding = Finding::new(NEARLY_FULL, scene.place_in(at, "TemplateBody"), message);
            findings.push(
                finding.given(format!("{bytes} bytes at least")).allowed(format!("{CALL} bytes")),
            );
        }
    }
}
