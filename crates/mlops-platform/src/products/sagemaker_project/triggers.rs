//! What starts the project's pipelines: a merge to `main`, and the approval of a model.

use formwork::prelude::*;
use formwork_aws::{codecommit, codepipeline, events, iam};

use super::{Inputs, names as own};
use crate::tags;

/// A merge starts the build pipeline.
pub(super) fn merge(
    t: &mut Template,
    input: Inputs,
    role: Handle<iam::Role>,
    repository: Handle<codecommit::Repository>,
    pipeline: Handle<codepipeline::Pipeline>,
) -> Handle<events::Rule> {
    let pattern = object([
        ("source", any(["aws.codecommit"])),
        ("detail-type", any(["CodeCommit Repository State Change"])),
        ("resources", any([repository.arn()])),
        (
            "detail",
            any(object([
                ("event", ["referenceUpdated"]),
                ("referenceType", ["branch"]),
                ("referenceName", ["main"]),
            ])),
        ),
    ]);
    let starts = Starts { id: "MergeRule", event: "merge", pipeline: "build" };
    t.add(starts.id, starts.rule(input, role).event_pattern(pattern).depends_on(pipeline))
}

/// The approval of a version of the project's model starts the deploy pipeline.
pub(super) fn approval(
    t: &mut Template,
    input: Inputs,
    role: Handle<iam::Role>,
    pipeline: Handle<codepipeline::Pipeline>,
) -> Handle<events::Rule> {
    let project = input.project_name;
    let pattern = object([
        ("source", any(["aws.sagemaker"])),
        ("detail-type", any(["SageMaker Model Package State Change"])),
        (
            "detail",
            any(object([
                ("ModelPackageGroupName", any([sub!("{project}-models")])),
                ("ModelApprovalStatus", any(["Approved"])),
            ])),
        ),
    ]);
    let starts = Starts { id: "ApprovalRule", event: "approval", pipeline: "deploy" };
    t.add(starts.id, starts.rule(input, role).event_pattern(pattern).depends_on(pipeline))
}

/// Which event starts which pipeline.
#[derive(Clone, Copy)]
struct Starts {
    id: &'static str,
    event: &'static str,
    pipeline: &'static str,
}

impl Starts {
    fn rule(self, input: Inputs, role: Handle<iam::Role>) -> events::Rule {
        let (project, Starts { event, pipeline, .. }) = (input.project_name, self);
        let target = events::Target::new(events::TargetRequired {
            arn: own::pipeline_arn(project, pipeline),
            id: "Pipeline",
        });
        let [cost_center, platform] = tags::of_rule(input.cost_center);
        let tag = |key, value| events::RuleTag::new().key(key).value(value);
        events::Rule::new()
            .name(own::rule(project, event))
            .description(sub!("Starts the {pipeline} pipeline of the project {project}"))
            .targets([target.role_arn(role.arn())])
            .tags([
                cost_center,
                platform,
                tag(tags::PROJECT, project),
                tag(tags::PROJECT_ID, input.project_id),
            ])
    }
}
