//! What a project may do with SageMaker: everything with what is called after the project or carries its tag, nothing with what
//! carries another's. Jobs run in the platform's network, on encrypted volumes.
//!
//! What it may not do although this allows it, such as changing endpoints that are deployed by approval, the denials of all
//! projects' roles say (`boundary.rs`).

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::iam::{actions::PassRole, condition_keys::PassedToService};
use formwork_aws::sagemaker::{actions as may, condition_keys as key};

use super::{Inputs, names as own};
use crate::names;
use crate::products::boundary::READS;
use crate::products::platform;
use crate::stacks::deploy_infra::parameters::{
    COMPUTE_SECURITY_GROUP_ID, SUBNET_ID_1, SUBNET_ID_2,
};
use crate::tags::PROJECT;

/// What makes, uses, changes and removes jobs, models, endpoints, features and what is noted of experiments. By what their names
/// end in, because a role's policies may not be long.
const WORK: [&str; 20] = [
    "sagemaker:*Endpoint",
    "sagemaker:*EndpointConfig",
    "sagemaker:*FeatureGroup",
    "sagemaker:*Pipeline",
    "sagemaker:*PipelineExecution",
    "sagemaker:*Record",
    "sagemaker:*Trial",
    "sagemaker:*TrialComponent",
    "sagemaker:CreateExperiment",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateModel",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    "sagemaker:DeleteExperiment",
    "sagemaker:DeleteModel",
    "sagemaker:Stop*Job",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:UpdateExperiment",
    "sagemaker:UpdateFeatureMetadata",
];

/// What is called after the project, by kind: a pattern over all kinds would also meet `user-profile/{domain}/{project}-x`. Only
/// kinds of jobs end in `-job`.
const KINDS: [&str; 6] =
    ["*-job", "endpoint*", "experiment*", "feature-group", "model", "pipeline"];

pub(super) fn statements(input: Inputs) -> Vec<Statement> {
    let project = input.project_name;
    let everything = names::arn("sagemaker", "*");
    let called = KINDS.map(|kind| sub!("{}/{project}-*", names::arn("sagemaker", kind)));
    // Clarify calls the endpoint that it makes for an analysis as it is told, and that endpoint's configuration after itself.
    let clarify = names::arn("sagemaker", "endpoint-config/sm-clarify-*");
    let experiment = sub!("{}/{project}", names::arn("sagemaker", "experiment*"));
    let package =
        ["model-package-group", "model-package"].map(|kind| names::arn("sagemaker", kind));
    let [group, version] = package.map(|kind| sub!("{kind}/{project}-models"));
    let tag = condition::aws::resource_tag(PROJECT);
    let work = WORK.map(Action::raw);
    vec![
        allow(READS.map(Action::raw)).on_all("lists and searches know no resource"),
        allow(work).on(called).on((experiment, clarify)),
        // Versions carry no tags, so of packages the group's name alone decides.
        allow(Action::raw("sagemaker:*ModelPackage")).on((group, sub!("{version}/*"))),
        // The SDK tags a pipeline again when it updates it.
        allow(may::AddTags).on(sub!("{}/{project}-*", names::arn("sagemaker", "pipeline"))),
        // Of what is being made the request says the tags, of what is there it has them.
        allow(work)
            .on(everything)
            .when(condition::string_equals(condition::aws::request_tag(PROJECT), project)),
        allow(work).on(everything).when(condition::string_equals(tag, project)),
        // Tags are given to what is being made; what is there keeps whose it is.
        allow(may::AddTags).on(everything).when(condition::null(key::TaggingAction, false)),
        // SageMaker itself names what it notes of a job, and tags it with nothing.
        allow([
            may::AddAssociation,
            may::AssociateTrialComponent,
            may::BatchPutMetrics,
            may::CreateAction,
            may::CreateArtifact,
            may::CreateContext,
            may::UpdateTrialComponent,
        ])
        .on(["action/*", "artifact/*", "context/*", "experiment-trial-component/*"]
            .map(|kind| names::arn("sagemaker", kind))),
        // The role itself, by its name: a policy that referred to it would wait for it.
        allow(PassRole)
            .on(own::role_arn(project, own::PROJECT))
            .when(condition::string_equals(PassedToService, "sagemaker.amazonaws.com")),
    ]
    .into_iter()
    .chain(refusals())
    .collect()
}

/// Jobs run in the platform's network, not in another that the account may have. That they name one at all, the denials of all
/// projects' roles see to, which do not know the platform's; whatever names none is not met here.
fn refusals() -> [Statement; 2] {
    let subnets = [SUBNET_ID_1, SUBNET_ID_2].map(platform);
    let groups = platform(COMPUTE_SECURITY_GROUP_ID);
    let others = [
        condition::string_not_equals(key::VpcSubnets, subnets),
        condition::string_not_equals(key::VpcSecurityGroupIds, groups),
    ];
    others.map(|other| {
        deny(Action::raw("sagemaker:Create*"))
            .on_all("any job")
            .when(condition::for_any_value(other))
    })
}
