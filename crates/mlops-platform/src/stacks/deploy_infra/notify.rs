//! The topic that tells of new projects and of alarms, and the function that the pipelines of projects end with.

use formwork::prelude::*;
use formwork_aws::{codepipeline, kms, lambda, sns, ssm};

use super::Setup;
use super::functions::{self, Function};
use crate::tags::tags;
use crate::{code, names};

/// The topic's name.
const TOPIC: &str = "mlops-project-ready";

pub(super) fn add(t: &mut Template, setup: Setup, studio_url: Value<String>) -> Handle<sns::Topic> {
    let input = setup.input;
    let topic = t.add(
        "ReadyTopic",
        sns::Topic::new()
            .topic_name(TOPIC)
            .display_name("MLOps platform")
            .kms_master_key_id(input.platform_key_arn)
            .tags(tags!(sns, input.cost_center)),
    );
    t.add(
        "ReadyTopicPolicy",
        sns::TopicPolicy::new(sns::TopicPolicyRequired {
            policy_document: policy(setup, topic),
            topics: [topic],
        }),
    );
    let has_email = t.condition("HasEmail", !input.notification_email.is_empty());
    t.add(
        "ReadySubscription",
        sns::Subscription::new(sns::SubscriptionRequired {
            protocol: "email",
            topic_arn: topic.topic_arn(),
        })
        .endpoint(input.notification_email)
        .when(has_email),
    );
    function(t, setup, topic, studio_url);
    topic
}

/// This account, and alarms of the accounts that models run in.
fn policy(setup: Setup, topic: Handle<sns::Topic>) -> Policy {
    let accounts = (
        pseudo::ACCOUNT_ID,
        when(setup.has_staging_account, setup.input.staging_account_id, no_value()),
        when(setup.has_prod_account, setup.input.prod_account_id, no_value()),
    );
    Policy::new([
        allow([
            sns::actions::GetTopicAttributes,
            sns::actions::ListSubscriptionsByTopic,
            sns::actions::Publish,
            sns::actions::Subscribe,
        ])
        .on(topic.topic_arn())
        .to(Principal::account_root())
        .id("ThisAccount"),
        allow(sns::actions::Publish)
            .on(topic.topic_arn())
            .to(Principal::service("cloudwatch"))
            .when(condition::string_equals(condition::aws::SourceAccount, accounts))
            .id("Alarms"),
        deny(sns::actions::Publish)
            .on(topic.topic_arn())
            .to(Principal::any())
            .when(condition::is_bool(condition::aws::SecureTransport, false))
            .id("TlsOnly"),
    ])
}

/// Tells the people that a project is ready, and the pipeline that it was told.
fn function(t: &mut Template, setup: Setup, topic: Handle<sns::Topic>, studio_url: Value<String>) {
    let statements = vec![
        allow(sns::actions::Publish).on(topic.topic_arn()),
        allow([kms::actions::Decrypt, kms::actions::GenerateDataKey])
            .on(setup.input.platform_key_arn),
        allow([
            codepipeline::actions::PutJobFailureResult,
            codepipeline::actions::PutJobSuccessResult,
        ])
        .on_all("a job of a pipeline has no ARN; only who was given its id can answer it"),
        allow(ssm::actions::PutParameter)
            .on(names::arn("ssm", "parameter/mlops/projects/*/status")),
    ];
    functions::add_with(
        t,
        setup,
        Function {
            id: "ProjectReadyFunction",
            name: "studio-project-ready-notify",
            role: "project-ready",
            description: "Tells that a project is ready",
            code: code::PROJECT_READY_NOTIFY,
            seconds: 120,
        },
        statements,
        |function| {
            let topic = topic.topic_arn().untyped("the value of a variable is any text");
            let studio = studio_url.untyped("the value of a variable is any text");
            let variables = [("STUDIO_URL", studio), ("TOPIC_ARN", topic)];
            function.environment(lambda::Environment::new().variables(variables))
        },
    );
}
