//! The endpoint of a model that answers at once, and how it moves to a new version: the new one runs beside the old one, and
//! goes again if it fails.

use formwork::prelude::*;
use formwork_aws::{cloudwatch, sagemaker};

use super::Setup;

/// The one variant that answers everything.
const VARIANT: &str = "AllTraffic";

/// How long the new version is watched while the old one still runs, in seconds.
const WATCHED: i64 = 600;

/// `{project}-{stage}-endpoint`: 49 of 63 characters at most.
pub(super) fn add(t: &mut Template, setup: Setup, model: Handle<sagemaker::Model>) {
    let input = setup.input;
    let name = sub!("{}-endpoint", setup.prefix);
    let variant = sagemaker::ProductionVariant::new(VARIANT)
        .model_name(model.model_name())
        .initial_instance_count(input.instance_count)
        .initial_variant_weight(1.0)
        .instance_type(input.instance_type.untyped("SageMaker has more types by the day"));
    let config = t.add(
        "EndpointConfig",
        sagemaker::EndpointConfig::new([variant])
            .kms_key_id(when(setup.local_disks, no_value(), input.kms_key_arn))
            .data_capture_config(when(setup.capture, capture(setup), no_value()))
            .tags(setup.tags())
            .when(setup.real_time),
    );
    let alarm = alarm(t, setup, val(name));
    let policy = sagemaker::BlueGreenUpdatePolicy::new(
        // A canary would be half of the instances at most, and there may be one.
        sagemaker::TrafficRoutingConfig::new(sagemaker::TrafficRoutingConfigType::AllAtOnce),
    )
    .termination_wait_in_seconds(WATCHED)
    .maximum_execution_timeout_in_seconds(3 * 60 * 60);
    let deployment = sagemaker::EndpointDeploymentConfig::new()
        .auto_rollback_configuration(sagemaker::AutoRollbackConfig::new([sagemaker::Alarm::new(
            alarm,
        )]))
        .blue_green_update_policy(policy);
    t.add(
        "Endpoint",
        sagemaker::Endpoint::new(config.endpoint_config_name())
            .endpoint_name(name)
            .deployment_config(deployment)
            .tags(setup.tags())
            .when(setup.real_time),
    );
}

/// Everything that the endpoint is asked and answers. What is not said to be CSV or JSON would be kept as base64, which
/// monitors of data do not read.
fn capture(setup: Setup) -> sagemaker::DataCaptureConfig {
    let of = |mode| sagemaker::CaptureOption::new(mode);
    let readable = sagemaker::CaptureContentTypeHeader::new()
        .csv_content_types(["text/csv"])
        .json_content_types(["application/json", "application/jsonlines"]);
    sagemaker::DataCaptureConfig::new(sagemaker::DataCaptureConfigRequired {
        capture_options: [of(sagemaker::CaptureMode::Input), of(sagemaker::CaptureMode::Output)],
        destination_s3_uri: setup.captured(),
        initial_sampling_percentage: 100,
    })
    .enable_capture(true)
    .kms_key_id(setup.input.kms_key_arn)
    .capture_content_type_header(readable)
}

/// More than one answer in ten is an error of the model. `mlops-{project}-{stage}-errors`: 53 of 255 characters at most.
fn alarm(t: &mut Template, setup: Setup, endpoint: Value<String>) -> Handle<cloudwatch::Alarm> {
    let dimension =
        |name, value| cloudwatch::Dimension::new(cloudwatch::DimensionRequired { name, value });
    t.add(
        "EndpointAlarm",
        cloudwatch::Alarm::new()
            .alarm_name(sub!("mlops-{}-errors", setup.prefix))
            .alarm_description(sub!(
                "{endpoint} answers with errors: a deployment that is under way is undone"
            ))
            .namespace("AWS/SageMaker")
            .metric_name("Invocation5XXErrors")
            .dimensions([
                dimension("EndpointName", endpoint),
                dimension("VariantName", val(VARIANT)),
            ])
            .statistic(cloudwatch::AlarmStatistic::Average)
            .period(60)
            .evaluation_periods(1)
            .threshold(0.1)
            .comparison_operator(cloudwatch::ComparisonOperator::GreaterThanThreshold)
            // An endpoint that nobody asks has no data.
            .treat_missing_data(cloudwatch::TreatMissingData::NotBreaching)
            .tags(project_tags!(cloudwatch, setup.input))
            .when(setup.real_time),
    )
}
