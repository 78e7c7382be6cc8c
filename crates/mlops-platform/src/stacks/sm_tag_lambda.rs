//! The function that gives what belongs to a project the project's tags: jobs, models, endpoints and apps, also those that
//! somebody makes by hand in Studio.
//!
//! It hears of them by SageMaker's own events, by `CloudTrail` where the account has a trail, and once an hour looks for
//! what both missed. What it cannot do in the end waits in a queue, and an alarm says so.

use formwork::iam::Statement;
use formwork::node::Node;
use formwork::prelude::*;
use formwork_aws::{cloudwatch, events, iam, kms, lambda, logs, sagemaker, sns, sqs, ssm, sts};

use crate::forms;
use crate::stacks::inline;
use crate::tags::{self, tags};
use crate::{code, names};

/// The stack.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "sm-tag-lambda",
    "sm-tag-lambda-stack: gives what belongs to a project the project's tags",
    define,
);

/// The name of the function, of which policies speak.
const FUNCTION: &str = "sm-tag-lambda";

/// The name of the queue and of its alarm.
const DEAD_LETTERS: &str = "mlops-sm-tag-dead-letters";

/// What the entry point hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Cost center that every resource is tagged with.
    #[input(group = "Cost", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// ARN of the platform's key, which encrypts the function's log.
    #[input(group = "Access", label = "Platform key", form = forms::KEY_ARN)]
    pub platform_key_arn: Input<kms::KeyArn>,
    /// ARN of a managed policy that bounds every role. Empty for none.
    #[input(
        group = "Access",
        label = "Permissions boundary",
        default = "",
        form = forms::BOUNDARY_ARN
    )]
    pub permissions_boundary_arn: Input<Arn>,
    /// ARN of the topic that hears if something could not be tagged.
    #[input(
        group = "Notification",
        label = "Topic",
        pattern = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$",
        explain = "the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:mlops-project-ready"
    )]
    pub ready_topic_arn: Input<sns::TopicArn>,
}

/// What other stacks use.
#[derive(Outputs)]
pub struct Outputs {
    /// ARN of the function.
    pub function_arn: Value<lambda::FunctionArn>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());
    let queue = dead_letters(t, input);
    let function = function(t, input, has_boundary, queue);
    let mut rule = |id: &str, rule: events::Rule| {
        let target = events::TargetRequired { arn: function.arn(), id: "TagFunction" };
        let rule =
            rule.targets([events::Target::new(target)]).tags(tags::of_rule(input.cost_center));
        let rule = t.add(format!("{id}Rule"), rule);
        let called = lambda::PermissionRequired {
            action: lambda::actions::InvokeFunction.name(),
            function_name: function,
            principal: "events.amazonaws.com",
        };
        t.add(format!("{id}Permission"), lambda::Permission::new(called).source_arn(rule.arn()));
    };
    rule(
        "StateChange",
        events::Rule::new()
            .name("mlops-sm-tag-state-change")
            .description("Something of SageMaker begins, ends or changes")
            .event_pattern(state_changes()),
    );
    rule(
        "ApiCall",
        events::Rule::new()
            .name("mlops-sm-tag-api-call")
            .description(
                "What SageMaker does not tell of by itself; heard only where a trail logs it",
            )
            .event_pattern(api_calls()),
    );
    rule(
        "Reconcile",
        events::Rule::new()
            .name("mlops-sm-tag-reconcile")
            .description("Looks for what no event told of")
            .schedule_expression("rate(1 hour)"),
    );
    Outputs { function_arn: function.arn() }
}

/// What SageMaker tells of in every account.
fn state_changes() -> Value<Json> {
    val(object([
        ("source", any_of(["aws.sagemaker"])),
        (
            "detail-type",
            any_of([
                "SageMaker Endpoint State Change",
                "SageMaker HyperParameter Tuning Job State Change",
                "SageMaker Model Building Pipeline Execution Status Change",
                "SageMaker Model Package State Change",
                "SageMaker Processing Job State Change",
                "SageMaker Training Job State Change",
                "SageMaker Transform Job State Change",
            ]),
        ),
    ]))
}

/// What only a trail that logs management events tells of.
fn api_calls() -> Value<Json> {
    let made = object([
        ("eventSource", any_of(["sagemaker.amazonaws.com"])),
        (
            "eventName",
            any_of([
                "CreateApp",
                "CreateExperiment",
                "CreateModel",
                "CreateModelPackageGroup",
                "CreatePipeline",
                "CreateSpace",
                "CreateTrial",
            ]),
        ),
        // A call that failed made nothing.
        ("errorCode", Node::list(vec![any(object([("exists", false)]))])),
    ]);
    val(object([
        ("source", any_of(["aws.sagemaker"])),
        ("detail-type", any_of(["AWS API Call via CloudTrail"])),
        ("detail", any(made)),
    ]))
}

/// The values of a key of an event's pattern.
fn any_of<const N: usize>(texts: [&'static str; N]) -> Node {
    Node::list(texts.map(any).to_vec())
}

/// Events that could not be handled, and the alarm that says that there are some.
fn dead_letters(t: &mut Template, input: Inputs) -> Handle<sqs::Queue> {
    let queue = t.add(
        "TagDeadLetterQueue",
        sqs::Queue::new()
            .queue_name(DEAD_LETTERS)
            .message_retention_period(14 * 24 * 60 * 60)
            .sqs_managed_sse_enabled(true)
            .tags(tags!(sqs, input.cost_center))
            .delete_with_stack(),
    );
    let in_the_clear = deny(sqs::actions::All)
        .on(queue.arn())
        .to(Principal::any())
        .when(condition::is_bool(condition::aws::SecureTransport, false))
        .id("TlsOnly");
    t.add(
        "TagDeadLetterQueuePolicy",
        sqs::QueuePolicy::new(sqs::QueuePolicyRequired {
            policy_document: Policy::new([in_the_clear]),
            queues: [queue.queue_url()],
        }),
    );
    let dimension = cloudwatch::DimensionRequired { name: "QueueName", value: queue.queue_name() };
    t.add(
        "TagDeadLetterAlarm",
        cloudwatch::Alarm::new()
            .alarm_name(DEAD_LETTERS)
            .alarm_description(
                "Something of a project could not be tagged: the queue has the events",
            )
            .namespace("AWS/SQS")
            .metric_name("ApproximateNumberOfMessagesVisible")
            .dimensions([cloudwatch::Dimension::new(dimension)])
            .statistic(cloudwatch::AlarmStatistic::Maximum)
            .period(300)
            .evaluation_periods(1)
            .threshold(0)
            .comparison_operator(cloudwatch::ComparisonOperator::GreaterThanThreshold)
            // A queue that nobody uses has no data.
            .treat_missing_data(cloudwatch::TreatMissingData::NotBreaching)
            .alarm_actions([input.ready_topic_arn])
            .tags(tags!(cloudwatch, input.cost_center)),
    );
    queue
}

fn function(
    t: &mut Template,
    input: Inputs,
    has_boundary: Condition,
    queue: Handle<sqs::Queue>,
) -> Handle<lambda::Function> {
    let group = t.add(
        "TagFunctionLogs",
        logs::LogGroup::new()
            .log_group_name(format!("/aws/lambda/{FUNCTION}"))
            .kms_key_id(input.platform_key_arn)
            .retention_in_days(30)
            .tags(tags!(logs, input.cost_center))
            .delete_with_stack(),
    );
    let trust = Policy::new([allow(sts::actions::AssumeRole).to(Principal::service("lambda"))]);
    let role = t.add(
        "TagFunctionRole",
        iam::Role::new(trust)
            .role_name(names::platform_role("sm-tag"))
            .description("Gives what belongs to a project the project's tags")
            .permissions_boundary(when(has_boundary, input.permissions_boundary_arn, no_value()))
            .policies([inline("Function", Policy::new(policy(queue)))])
            .tags(tags!(iam, input.cost_center)),
    );
    t.add(
        "TagFunction",
        lambda::Function::new(lambda::FunctionRequired {
            code: lambda::Code::new().zip_file(code::SM_TAG),
            role: role.arn(),
        })
        .function_name(FUNCTION)
        .description("Gives what belongs to a project the project's tags")
        .runtime(lambda::Runtime::Python3_12)
        .handler("index.handler")
        .memory_size(256)
        // The hourly search stops short of its end by itself, and goes on an hour later.
        .timeout(300)
        .dead_letter_config(lambda::DeadLetterConfig::new().target_arn(queue.arn()))
        .tags(tags!(optional lambda, input.cost_center))
        .depends_on(group),
    )
}

/// What the function does, and nothing else. It counts what has no project by what it writes into its log.
fn policy(queue: Handle<sqs::Queue>) -> [Statement; 6] {
    let tagged = KINDS.map(|kind| names::arn("sagemaker", kind));
    let asked = ["endpoint-config/*", "user-profile/*"].map(|kind| names::arn("sagemaker", kind));
    [
        allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
            .on(sub!("{}/{FUNCTION}:*", names::arn("logs", "log-group:/aws/lambda"))),
        allow(sqs::actions::SendMessage).on(queue.arn()),
        allow(sagemaker::actions::AddTags).on(tagged),
        // An endpoint's or an app's project is found by what it belongs to.
        allow([Action::raw("sagemaker:Describe*"), sagemaker::actions::ListTags])
            .on(tagged)
            .on(asked),
        allow([
            sagemaker::actions::ListApps,
            sagemaker::actions::ListEndpoints,
            sagemaker::actions::ListExperiments,
            sagemaker::actions::ListHyperParameterTuningJobs,
            sagemaker::actions::ListModelPackageGroups,
            sagemaker::actions::ListModelPackages,
            sagemaker::actions::ListModels,
            sagemaker::actions::ListPipelines,
            sagemaker::actions::ListProcessingJobs,
            sagemaker::actions::ListSpaces,
            sagemaker::actions::ListTrainingJobs,
            sagemaker::actions::ListTransformJobs,
            sagemaker::actions::ListTrialComponents,
            sagemaker::actions::ListTrials,
        ])
        .on_all("lists know no resource"),
        allow([ssm::actions::GetParametersByPath, ssm::actions::ListTagsForResource])
            .on(names::arn("ssm", "parameter/mlops/projects/*")),
    ]
}

/// What can be tagged.
const KINDS: [&str; 14] = [
    "app/*",
    "endpoint/*",
    "experiment/*",
    "experiment-trial/*",
    "experiment-trial-component/*",
    "hyper-parameter-tuning-job/*",
    "model/*",
    "model-package/*",
    "model-package-group/*",
    "pipeline/*",
    "processing-job/*",
    "space/*",
    "training-job/*",
    "transform-job/*",
];
