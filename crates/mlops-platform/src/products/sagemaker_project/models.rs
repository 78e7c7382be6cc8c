//! What a project may do with SageMaker: everything with what is called after the project or carries its tag, nothing with what
//! carries another's. Jobs run in the platform's network, on encrypted volumes.
//!
//! The endpoints that are deployed by approval are out of its reach, though called after the project.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::iam::{actions::PassRole, condition_keys::PassedToService};
use formwork_aws::sagemaker::{actions as may, condition_keys as key};

use super::Inputs;
use crate::names;
use crate::tags::PROJECT;

/// What lists and tells, of whatever project it is.
const READS: [&str; 4] =
    ["sagemaker:BatchDescribe*", "sagemaker:Describe*", "sagemaker:List*", "sagemaker:Search"];

/// What makes, uses, changes and removes jobs, models, endpoints, features and what is noted of experiments. By what their names
/// end in, because a role's policies may not be long.
const WORK: [&str; 22] = [
    "sagemaker:*Endpoint",
    "sagemaker:*EndpointConfig",
    "sagemaker:*FeatureGroup",
    "sagemaker:*ModelPackage",
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
    "sagemaker:DeleteTags",
    "sagemaker:Stop*Job",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:UpdateExperiment",
    "sagemaker:UpdateFeatureMetadata",
];

/// Volumes of these are encrypted by their hardware, and SageMaker refuses a key for them.
const LOCAL_VOLUMES: [&str; 7] =
    ["ml.*d.*", "ml.*dn.*", "ml.g5.*", "ml.g6*.*", "ml.p4*.*", "ml.p5*.*", "ml.trn*.*"];

pub(super) fn statements(input: Inputs) -> Vec<Statement> {
    let project = input.project_name;
    let everything = names::arn("sagemaker", "*");
    let own = [sub!("{everything}/{project}"), sub!("{everything}/{project}-*")];
    let tag = condition::aws::resource_tag(PROJECT);
    let work = WORK.map(Action::raw);
    vec![
        allow(READS.map(Action::raw)).on_all("lists and searches know no resource"),
        allow(work).on(own),
        allow(may::AddTags).on(own),
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
        allow(PassRole)
            .on(role(project))
            .when(condition::string_equals(PassedToService, "sagemaker.amazonaws.com")),
    ]
    .into_iter()
    .chain(refusals(project))
    .collect()
}

/// The role itself, by its name: a policy that referred to it would wait for it.
fn role(project: Input<String>) -> Value<Arn> {
    val(sub!(
        "arn:{}:iam::{}:role/mlops/{}-{project}-project-role",
        pseudo::PARTITION,
        pseudo::ACCOUNT_ID,
        pseudo::REGION
    ))
}

fn refusals(project: Input<String>) -> [Statement; 5] {
    let tag = condition::aws::resource_tag(PROJECT);
    let jobs =
        [may::CreateHyperParameterTuningJob, may::CreateProcessingJob, may::CreateTrainingJob];
    let in_the_vpc = [&jobs[..], &[may::CreateModel]].concat();
    let encrypted = [&jobs[..], &[may::CreateTransformJob]].concat();
    let endpoint = names::arn("sagemaker", "endpoint");
    [
        // A name that begins like the project's may be that of a longer-named project.
        deny_all_except(READS.map(Action::raw))
            .on_all("whatever is another project's")
            .when(condition::string_not_equals(tag, project))
            .when(condition::null(tag, false)),
        deny([may::DeleteEndpoint, may::UpdateEndpoint, may::UpdateEndpointWeightsAndCapacities])
            .on([
                sub!("{endpoint}/{project}-staging-endpoint"),
                sub!("{endpoint}/{project}-prod-endpoint"),
            ]),
        deny(in_the_vpc.clone()).on_all("any job").when(condition::null(key::VpcSubnets, true)),
        deny(in_the_vpc).on_all("any job").when(condition::null(key::VpcSecurityGroupIds, true)),
        deny(encrypted)
            .on_all("any job")
            .when(condition::null(key::VolumeKmsKey, true))
            .when(condition::null(key::VolumeKmsKeyArn, true))
            .when(condition::for_all_values(condition::string_not_like(
                key::InstanceTypes,
                LOCAL_VOLUMES,
            ))),
    ]
}
