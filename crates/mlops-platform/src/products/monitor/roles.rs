//! The two roles: what the jobs of monitors may do, and what the function may that makes monitors.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{ecr, iam, kms, lambda, logs, s3, sagemaker, scheduler, sts};

use super::Setup;
use crate::names;
use crate::products::inference::{
    Purpose, bounded, key, network, role_name, speaks, trusts_sagemaker,
};
use crate::stacks::inline;

/// The definitions of jobs, by kind.
const DEFINITIONS: [&str; 4] = [
    "data-quality-job-definition",
    "model-quality-job-definition",
    "model-bias-job-definition",
    "model-explainability-job-definition",
];

/// What jobs run with: they read what the model was asked and what it should keep to, and write reports.
pub(super) fn of_jobs(t: &mut Template, setup: Setup) -> Handle<iam::Role> {
    let input = setup.input;
    let name = role_name(input.project_name, setup.stage, Purpose::Monitor);
    let network = network(input.security_group_id, setup.in_vpc);
    let run = images(setup).into_iter().chain(network).chain(explanations(setup));
    t.add(
        "MonitorRole",
        bounded(trusts_sagemaker(), name, input.boundary_name)
            .description(sub!("Watches the model of the project {}", input.project_name))
            .policies([
                inline("Data", data(setup).into_iter().collect()),
                inline("Run", run.collect()),
            ])
            .tags(project_tags!(iam, input)),
    )
}

fn bucket(setup: Setup) -> Text<Early> {
    sub!("arn:{}:s3:::{}", pseudo::PARTITION, setup.input.bucket_name)
}

fn data(setup: Setup) -> Vec<Statement> {
    let (bucket, stage) = (bucket(setup), setup.stage);
    let jobs = "log-group:/aws/sagemaker/ProcessingJobs";
    let mut statements = vec![
        allow([s3::actions::GetBucketLocation, s3::actions::ListBucket]).on(bucket),
        allow(s3::actions::GetObject).on((
            sub!("{bucket}/batch/{stage}/*"),
            sub!("{bucket}/models/*"),
            sub!("{bucket}/monitor/*"),
        )),
        allow([s3::actions::AbortMultipartUpload, s3::actions::PutObject])
            .on(sub!("{bucket}/monitor/{stage}/reports/*")),
    ];
    statements.extend(key(setup.input.kms_key_arn));
    statements.extend(speaks([
        names::arn("logs", jobs),
        names::arn("logs", "log-group:/aws/sagemaker/ProcessingJobs:*"),
    ]));
    statements
}

fn images(setup: Setup) -> [Statement; 2] {
    [
        allow(ecr::actions::GetAuthorizationToken).on_all("a token is for all repositories"),
        allow([
            ecr::actions::BatchCheckLayerAvailability,
            ecr::actions::BatchGetImage,
            ecr::actions::GetDownloadUrlForLayer,
        ])
        .on(setup.images.repositories),
    ]
}

/// To explain answers, the job runs the model at an endpoint of its own, which it names itself and removes.
fn explanations(setup: Setup) -> [Statement; 2] {
    let endpoints = ["endpoint/sm-clarify-*", "endpoint-config/sm-clarify-*"]
        .map(|kind| names::arn("sagemaker", kind));
    let models = names::arn("sagemaker", "model/*");
    [
        allow([
            sagemaker::actions::AddTags,
            sagemaker::actions::CreateEndpoint,
            sagemaker::actions::CreateEndpointConfig,
            sagemaker::actions::DeleteEndpoint,
            sagemaker::actions::DeleteEndpointConfig,
            sagemaker::actions::DescribeEndpoint,
            sagemaker::actions::DescribeEndpointConfig,
            sagemaker::actions::InvokeEndpoint,
        ])
        .on(endpoints),
        allow(sagemaker::actions::DescribeModel).on(models).when(condition::string_equals(
            condition::aws::resource_tag(crate::tags::PROJECT),
            setup.input.project_name,
        )),
    ]
    .map(|statement| statement.only_if(setup.explains))
}

/// What the function runs with that makes monitors: this project's, in this stage.
pub(super) fn of_function(
    t: &mut Template,
    setup: Setup,
    function: Text<Early>,
    jobs: Handle<iam::Role>,
) -> Handle<iam::Role> {
    let input = setup.input;
    let trust = allow(sts::actions::AssumeRole).to(Principal::service("lambda"));
    let name = role_name(input.project_name, setup.stage, Purpose::Monitors);
    let mut own = vec![
        allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
            .on(sub!("{}/{function}:*", names::arn("logs", "log-group:/aws/lambda"))),
        // It hands over to itself when its time is up.
        allow(lambda::actions::InvokeFunction)
            .on(sub!("{}:{function}", names::arn("lambda", "function"))),
        allow(iam::actions::PassRole).on(jobs.arn()).when(condition::string_equals(
            iam::condition_keys::PassedToService,
            "sagemaker.amazonaws.com",
        )),
        allow(kms::actions::DescribeKey).on(input.kms_key_arn),
        allow(kms::actions::CreateGrant)
            .on(input.kms_key_arn)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true)),
    ];
    own.extend(monitors(setup));
    own.extend(deployed(setup));
    t.add(
        "MonitorFunctionRole",
        bounded(trust, name, input.boundary_name)
            .description(sub!("Makes the monitors of the project {}", input.project_name))
            .policies([inline("Function", own.into_iter().collect())])
            .tags(project_tags!(iam, input)),
    )
}

fn monitors(setup: Setup) -> [Statement; 2] {
    let prefix = setup.prefix;
    let own = |kind: &'static str| sub!("{}/{prefix}-*", names::arn("sagemaker", kind));
    [
        allow([
            Action::raw("sagemaker:Create*JobDefinition"),
            Action::raw("sagemaker:Delete*JobDefinition"),
            Action::raw("sagemaker:Describe*JobDefinition"),
            sagemaker::actions::AddTags,
            sagemaker::actions::CreateMonitoringSchedule,
            sagemaker::actions::DeleteMonitoringSchedule,
            sagemaker::actions::DescribeMonitoringSchedule,
            sagemaker::actions::StopMonitoringSchedule,
            sagemaker::actions::UpdateMonitoringSchedule,
        ])
        .on(DEFINITIONS.map(own))
        .on(own("monitoring-schedule")),
        allow([
            sagemaker::actions::ListDataQualityJobDefinitions,
            sagemaker::actions::ListModelBiasJobDefinitions,
            sagemaker::actions::ListModelExplainabilityJobDefinitions,
            sagemaker::actions::ListModelQualityJobDefinitions,
        ])
        .on_all("lists know no resource"),
    ]
}

/// Which model is deployed, and the configuration in which the explaining job is told.
fn deployed(setup: Setup) -> [Statement; 5] {
    let (bucket, stage, prefix) = (bucket(setup), setup.stage, setup.prefix);
    let own = condition::string_equals(
        condition::aws::resource_tag(crate::tags::PROJECT),
        setup.input.project_name,
    );
    [
        allow([sagemaker::actions::DescribeEndpoint, sagemaker::actions::DescribeEndpointConfig])
            .on(["endpoint/*", "endpoint-config/*"].map(|kind| names::arn("sagemaker", kind)))
            .when(own),
        allow(scheduler::actions::GetSchedule)
            .on(sub!("{}/mlops-{prefix}-batch", names::arn("scheduler", "schedule/default"))),
        allow(s3::actions::GetObject).on((sub!("{bucket}/models/*"), sub!("{bucket}/monitor/*"))),
        allow(s3::actions::PutObject).on(sub!("{bucket}/monitor/{stage}/config/*")),
        allow([kms::actions::Decrypt, kms::actions::GenerateDataKey]).on(setup.input.kms_key_arn),
    ]
    .map(|statement| statement.only_if(setup.explains))
}
