//! The schedule of a model that works through batches: each night it answers all that lies in `batch/{stage}/in/`.
//!
//! The scheduler starts SageMaker's job itself, with no function between.

use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{iam, kms, sagemaker, scheduler, sts};

use super::Setup;
use super::role::{Purpose, bounded, role_name};
use crate::names;
use crate::stacks::inline;
use crate::tags;

/// `mlops-{project}-{stage}-batch`: 52 of 64 characters at most.
pub(super) fn add(t: &mut Template, setup: Setup, model: Handle<sagemaker::Model>) {
    let role = role(t, setup, model);
    let target = scheduler::TargetRequired {
        arn: sub!("arn:{}:scheduler:::aws-sdk:sagemaker:createTransformJob", pseudo::PARTITION),
        role_arn: role.arn(),
    };
    let once = scheduler::FlexibleTimeWindow::new(scheduler::FlexibleTimeWindowMode::Off);
    t.add(
        "BatchSchedule",
        scheduler::Schedule::new(scheduler::ScheduleRequired {
            flexible_time_window: once,
            schedule_expression: "cron(0 2 * * ? *)",
            target: scheduler::Target::new(target)
                .input(job(setup, model))
                // What SageMaker refuses once it refuses again.
                .retry_policy(scheduler::RetryPolicy::new().maximum_retry_attempts(3.0)),
        })
        .name(sub!("mlops-{}-batch", setup.prefix))
        .description(sub!(
            "Answers the batch of the project {} each night",
            setup.input.project_name
        ))
        .when(setup.batch),
    );
}

/// What the job is told. Its name is its stage's and the run's id, 44 of 63 characters: with the project's it would be too
/// long, so the tags say whose it is. No value can hold a quotation mark.
fn job(setup: Setup, model: Handle<sagemaker::Model>) -> Text {
    let input = setup.input;
    let (bucket, stage, key) = (input.bucket_name, setup.stage, input.kms_key_arn);
    let captured = setup.captured();
    let volume = when(setup.local_disks, "", sub!(r#","VolumeKmsKeyId":"{key}""#));
    let capture = sub!(
        r#","DataCaptureConfig":{{"DestinationS3Uri":"{captured}","KmsKeyId":"{key}","GenerateInferenceId":true}}"#
    );
    let capture = when(setup.capture, capture, "");
    sub!(
        r#"{{"TransformJobName":"{stage}-<aws.scheduler.execution-id>","ModelName":"{}","TransformInput":{{"DataSource":{{"S3DataSource":{{"S3DataType":"S3Prefix","S3Uri":"s3://{bucket}/batch/{stage}/in/"}}}},"ContentType":"text/csv","SplitType":"Line"}},"TransformOutput":{{"S3OutputPath":"s3://{bucket}/batch/{stage}/out/","Accept":"text/csv","AssembleWith":"Line","KmsKeyId":"{key}"}},"TransformResources":{{"InstanceType":"{}","InstanceCount":{}{volume}}}{capture},"Tags":[{}]}}"#,
        model.model_name(),
        input.instance_type,
        input.instance_count,
        tags_as_json(setup)
    )
}

fn tags_as_json(setup: Setup) -> Text<Early> {
    let input = setup.input;
    sub!(
        r#"{{"Key":"{}","Value":"{}"}},{{"Key":"{}","Value":"{}"}},{{"Key":"{}","Value":"{}"}},{{"Key":"{}","Value":"{}"}}"#,
        tags::COST_CENTER,
        input.cost_center,
        tags::PLATFORM,
        tags::PLATFORM_VALUE,
        tags::PROJECT,
        input.project_name,
        tags::PROJECT_ID,
        input.project_id
    )
}

/// The role that the scheduler starts the job with: one model, jobs of this stage that carry the project's tag.
fn role(t: &mut Template, setup: Setup, model: Handle<sagemaker::Model>) -> Handle<iam::Role> {
    let input = setup.input;
    let group = names::arn("scheduler", "schedule-group/default");
    let trust = allow(sts::actions::AssumeRole)
        .to(Principal::service("scheduler"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_equals(condition::aws::SourceArn, group));
    let jobs = sub!("{}/{}-*", names::arn("sagemaker", "transform-job"), setup.stage);
    let own =
        condition::string_equals(condition::aws::request_tag(tags::PROJECT), input.project_name);
    let policy = Policy::new([
        allow([sagemaker::actions::AddTags, sagemaker::actions::CreateTransformJob])
            .on(jobs)
            .when(own),
        allow(sagemaker::actions::CreateTransformJob).on(model),
        allow(kms::actions::DescribeKey).on(input.kms_key_arn),
        allow(kms::actions::CreateGrant)
            .on(input.kms_key_arn)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true)),
    ]);
    let name = role_name(input.project_name, setup.stage, Purpose::Batch);
    t.add(
        "SchedulerRole",
        bounded(trust, name, input.boundary_name)
            .description(sub!("Starts the batches of the project {}", input.project_name))
            .policies([inline("Jobs", policy)])
            .tags(project_tags!(iam, input))
            .when(setup.batch),
    )
}
