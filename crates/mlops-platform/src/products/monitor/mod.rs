//! What watches a project's model in production: an instance of the project's stack set of monitors.
//!
//! CloudFormation's types for monitors are not in every region, and a template with an unknown type is refused even if no
//! resource of it is made. So there is one way for all regions: a function, and a custom resource for each monitor.

pub mod images;
mod inputs;
mod monitors;
mod roles;
mod violations;

use formwork::prelude::*;
use formwork_aws::{iam, lambda, logs};

use super::sagemaker_project::{InferenceType, ProblemType};
use super::stack_set::text;
use crate::code;
use images::Images;
pub use inputs::{Inputs, ModelQualityProblem};

/// The stack. CloudFormation names it after its stack set.
pub const STACK: Stack<Inputs, ()> =
    Stack::new("monitor", "monitor: what watches a project's model in one account", define);

/// What every part of the stack is given.
#[derive(Clone, Copy)]
struct Setup {
    input: Inputs,
    /// `{project}-{stage}`: 40 characters at most.
    prefix: Value<String>,
    stage: Value<String>,
    real_time: Condition,
    batch: Condition,
    in_vpc: Condition,
    images: Images,
    watches_quality: Condition,
    watches_bias: Condition,
    explains: Condition,
}

fn setup(t: &mut Template, input: Inputs) -> Setup {
    let (project, stage) = (input.project_name, text(input.stage));
    let supervised = t.condition("Supervised", input.problem_type.is(ProblemType::Supervised));
    // SageMaker asks for labels for bias as for quality.
    let labelled = t.condition("Labelled", supervised.and(!input.ground_truth_uri.is_empty()));
    let no_config = input.explainability_config_uri.is_empty();
    let explains = (!no_config).and(!input.explainability_constraints.is_empty());
    let no_subnets = input.vpc_subnets.is_empty_list();
    Setup {
        input,
        prefix: val(sub!("{project}-{stage}")),
        stage,
        real_time: t.condition("RealTime", input.inference_type.is(InferenceType::RealTime)),
        batch: t.condition("Batch", input.inference_type.is(InferenceType::Batch)),
        in_vpc: t.condition("InVpc", (!no_subnets).and(!input.security_group_id.is_empty())),
        images: images::images(t),
        watches_quality: labelled,
        watches_bias: t.condition("WatchesBias", labelled.and(!input.bias_config_uri.is_empty())),
        explains: t.condition("Explains", explains),
    }
}

fn define(t: &mut Template, input: Inputs) {
    let setup = setup(t, input);
    let role = roles::of_jobs(t, setup);
    let function = function(t, setup, role);
    monitors::add(t, setup, function, role);
    violations::add(t, setup);
}

/// `mlops-{project}-monitor`: 46 of 64 characters at most.
fn function(t: &mut Template, setup: Setup, jobs: Handle<iam::Role>) -> Handle<lambda::Function> {
    let input = setup.input;
    let name = sub!("mlops-{}-monitor", input.project_name);
    let has_key = t.condition("HasPlatformKey", !input.platform_key_arn.is_empty());
    let group = t.add(
        "MonitorFunctionLogs",
        logs::LogGroup::new()
            .log_group_name(sub!("/aws/lambda/{name}"))
            .kms_key_id(when(has_key, input.platform_key_arn, no_value()))
            .retention_in_days(30)
            .tags(project_tags!(logs, input))
            .delete_with_stack(),
    );
    let role = roles::of_function(t, setup, name, jobs);
    let [cost_center, platform] = crate::tags::tags!(optional lambda, input.cost_center);
    let own = |key, value| lambda::Tag::new(key).value(value);
    t.add(
        "MonitorFunction",
        lambda::Function::new(lambda::FunctionRequired {
            code: lambda::Code::new().zip_file(code::MODEL_MONITOR),
            role: role.arn(),
        })
        .function_name(name)
        .description(sub!("Makes and removes the monitors of the project {}", input.project_name))
        .runtime(lambda::Runtime::Python3_12)
        .handler("index.handler")
        .memory_size(256)
        .timeout(600)
        .tags([
            cost_center,
            platform,
            own(crate::tags::PROJECT, input.project_name),
            own(crate::tags::PROJECT_ID, input.project_id),
        ])
        .depends_on(group),
    )
}
