//! The alarm that says that the model no longer keeps to what it was trained for.
//!
//! Monitors write a metric for each feature, `feature_baseline_drift_{feature}`, and an alarm can search for none. But a job
//! that found violations says so as it ends, whatever its kind; a rule counts these.

use formwork::node::Node;
use formwork::prelude::*;
use formwork_aws::{cloudwatch, events};

use super::Setup;
use crate::names;
use crate::tags;

/// `mlops-{project}-violations`: 49 of 64 characters at most.
pub(super) fn add(t: &mut Template, setup: Setup) {
    let input = setup.input;
    let name = sub!("mlops-{}-violations", input.project_name);
    let has_topic = t.condition("HasTopic", !input.ready_topic_arn.is_empty());
    let [cost_center, platform] = tags::of_rule(input.cost_center);
    let own = |key, value| events::RuleTag::new().key(key).value(value);
    t.add(
        "ViolationRule",
        events::Rule::new()
            .name(name)
            .description(sub!("A monitor of the project {} found violations", input.project_name))
            .event_pattern(pattern(setup))
            .tags([
                cost_center,
                platform,
                own(tags::PROJECT, input.project_name),
                own(tags::PROJECT_ID, input.project_id),
            ]),
    );
    let dimension = cloudwatch::DimensionRequired { name: "RuleName", value: name };
    t.add(
        "ViolationAlarm",
        cloudwatch::Alarm::new()
            .alarm_name(name)
            .alarm_description(sub!(
                "The model of the project {} drifts: see s3://{}/monitor/{}/reports/",
                input.project_name,
                input.bucket_name,
                setup.stage
            ))
            .namespace("AWS/Events")
            .metric_name("MatchedEvents")
            .dimensions([cloudwatch::Dimension::new(dimension)])
            .statistic(cloudwatch::AlarmStatistic::Sum)
            // As long as each hour's job finds some, it is one alarm.
            .period(3_600)
            .evaluation_periods(1)
            .threshold(0)
            .comparison_operator(cloudwatch::ComparisonOperator::GreaterThanThreshold)
            .treat_missing_data(cloudwatch::TreatMissingData::NotBreaching)
            .alarm_actions(when(has_topic, [input.ready_topic_arn], no_value()))
            .tags(project_tags!(cloudwatch, input)),
    );
}

/// A job of one of the four schedules ends with violations.
fn pattern(setup: Setup) -> Value<Json> {
    let schedule = |kind: &'static str| {
        sub!("{}/{}-{kind}", names::arn("sagemaker", "monitoring-schedule"), setup.prefix)
    };
    let schedules = ["dq", "mq", "bias", "shap"].map(schedule);
    let one = |value: Node| Node::list(vec![value]);
    let ended = object([
        ("ProcessingJobStatus", one(any("Completed"))),
        ("ExitMessage", one(any(object([("prefix", "CompletedWithViolations")])))),
        ("MonitoringScheduleArn", any(schedules)),
    ]);
    val(object([
        ("source", one(any("aws.sagemaker"))),
        ("detail-type", one(any("SageMaker Processing Job State Change"))),
        ("detail", any(ended)),
    ]))
}
