//! The stack set of a project's monitors in production. It has an instance once there is a model to watch.

use formwork::prelude::*;
use formwork_aws::{cloudformation, iam, kms, s3};

use super::inference::Stage;
use super::monitor::ModelQualityProblem;
use super::sagemaker_project::{InferenceType, ProblemType};
use super::stack_set::{StackSet, text};
use crate::forms;
use crate::names;

/// The stack. The deploy pipeline of the project names it `{project}-monitor-stackset`.
pub const STACK: Stack<Inputs, ()> = Stack::new(
    "monitor-stackset",
    "monitor-stackset: the stack set that watches a project's model in production",
    define,
);

/// What the project's deploy pipeline gives: of the project, and of the version that it deployed.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the project.
    #[input(form = forms::PROJECT_NAME)]
    pub project_name: Input<String>,
    /// Id that SageMaker gave the project.
    #[input(form = forms::PROJECT_ID)]
    pub project_id: Input<String>,
    /// Cost center that everything of the project is tagged with.
    #[input(form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Stage that is watched.
    #[input(default = Stage::Prod)]
    pub stage: Input<Stage>,
    /// Whether past data say what is right.
    pub problem_type: Input<ProblemType>,
    /// Whether the model answers at once or works through batches.
    pub inference_type: Input<InferenceType>,
    /// Version of the model that is deployed. Empty while there is none.
    #[input(default = "", form = forms::OPTIONAL_MODEL_PACKAGE_ARN)]
    pub model_package_arn: Input<Arn>,
    /// Account that the model is deployed into.
    #[input(form = forms::ACCOUNT_ID)]
    pub target_account_id: Input<AccountId>,
    /// Role with which CloudFormation administers stack sets.
    #[input(form = forms::ROLE_ARN)]
    pub administration_role_arn: Input<iam::RoleArn>,
    /// Role with which the stack set works in the account.
    #[input(form = forms::ROLE_NAME)]
    pub execution_role_name: Input<String>,
    /// Policy that bounds the roles made there. Empty for the platform's own.
    #[input(default = "", form = forms::OPTIONAL_POLICY_NAME)]
    pub boundary_name: Input<String>,
    /// Where the template of an instance is.
    #[input(form = forms::URL)]
    pub template_url: Input<String>,
    /// Bucket of the project.
    #[input(form = forms::BUCKET_NAME)]
    pub bucket_name: Input<s3::BucketName>,
    /// Key of the project.
    #[input(form = forms::KEY_ARN)]
    pub kms_key_arn: Input<kms::KeyArn>,
    /// Subnets that jobs run in, comma-joined. Empty where the account has no network for them.
    #[input(default = "", form = forms::SUBNET_IDS)]
    pub vpc_subnets: Input<String>,
    /// Security group of jobs. Empty where the account has no network for them.
    #[input(default = "", form = forms::OPTIONAL_SECURITY_GROUP_ID)]
    pub security_group_id: Input<String>,
    /// Key of the platform. It encrypts the function's log where that is in this account.
    #[input(default = "", form = forms::OPTIONAL_KEY_ARN)]
    pub platform_key_arn: Input<kms::KeyArn>,
    /// Topic that alarms speak to. Empty for none.
    #[input(default = "", form = forms::OPTIONAL_TOPIC_ARN)]
    pub ready_topic_arn: Input<Arn>,
    /// Statistics of the data that the model was trained with.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub data_quality_statistics: Input<String>,
    /// What data keep to.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub data_quality_constraints: Input<String>,
    /// What the model's quality keeps to.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub model_quality_constraints: Input<String>,
    /// What kind of answer the quality is measured of.
    #[input(default = ModelQualityProblem::BinaryClassification)]
    pub model_quality_problem_type: Input<ModelQualityProblem>,
    /// Where labels are put that became known later. Empty for none: then nobody watches quality and bias.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub ground_truth_uri: Input<String>,
    /// Where the prediction is in an answer: a column, counted from 0, or a path in JSON.
    #[input(
        default = "0",
        max_length = 256,
        pattern = r#"^[^"{}]*$"#,
        explain = "a column or a path in JSON"
    )]
    pub inference_attribute: Input<String>,
    /// Where the probability is in an answer.
    #[input(
        default = "1",
        max_length = 256,
        pattern = r#"^[^"{}]*$"#,
        explain = "a column or a path in JSON"
    )]
    pub probability_attribute: Input<String>,
    /// From which probability on the prediction is positive.
    #[input(default = "", form = forms::OPTIONAL_SHARE)]
    pub probability_threshold: Input<String>,
    /// Where the features are in a request. Empty for CSV.
    #[input(
        default = "",
        max_length = 256,
        pattern = r#"^[^"{}]*$"#,
        explain = "a path in JSON, or empty"
    )]
    pub features_attribute: Input<String>,
    /// What bias keeps to.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub bias_constraints: Input<String>,
    /// How bias is measured. Empty for not at all.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub bias_config_uri: Input<String>,
    /// What attributions keep to. Empty for not at all.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub explainability_constraints: Input<String>,
    /// How answers are explained. Empty for not at all.
    #[input(default = "", form = forms::OPTIONAL_S3_URI)]
    pub explainability_config_uri: Input<String>,
}

/// `{project}-monitor-stackset`: 49 of 128 characters at most.
fn define(t: &mut Template, input: Inputs) {
    let has_model = t.condition("HasModel", !input.model_package_arn.is_empty());
    let project = input.project_name;
    let stack_set = StackSet {
        name: val(sub!("{project}-monitor-stackset")),
        description: val(sub!("Watches the model of the project {project}")),
        administration_role_arn: input.administration_role_arn,
        execution_role_name: input.execution_role_name,
        template_url: input.template_url,
        account: input.target_account_id,
        has_model,
        tags: project_tags!(cloudformation, input),
    };
    let parameters = of_project(t, input).into_iter().chain(of_version(input)).collect();
    stack_set.add(t, "MonitorStackSet", parameters);
}

fn of_project(t: &mut Template, input: Inputs) -> Vec<(&'static str, Value<String>)> {
    let has_boundary = t.condition("HasBoundaryName", !input.boundary_name.is_empty());
    // CloudWatch Logs takes no key of another account.
    let here = t.condition("Here", input.target_account_id.is(pseudo::ACCOUNT_ID));
    let own = names::inference_boundary(val(pseudo::ACCOUNT_ID));
    vec![
        ("ProjectName", text(input.project_name)),
        ("ProjectId", text(input.project_id)),
        ("CostCenter", text(input.cost_center)),
        ("Stage", text(input.stage)),
        ("ProblemType", text(input.problem_type)),
        ("InferenceType", text(input.inference_type)),
        ("ModelPackageArn", text(input.model_package_arn)),
        ("BoundaryName", text(when(has_boundary, input.boundary_name, own))),
        ("BucketName", text(input.bucket_name)),
        ("KmsKeyArn", text(input.kms_key_arn)),
        ("VpcSubnets", text(input.vpc_subnets)),
        ("SecurityGroupId", text(input.security_group_id)),
        ("PlatformKeyArn", text(when(here, input.platform_key_arn, ""))),
        ("ReadyTopicArn", text(input.ready_topic_arn)),
    ]
}

fn of_version(input: Inputs) -> Vec<(&'static str, Value<String>)> {
    vec![
        ("DataQualityStatistics", text(input.data_quality_statistics)),
        ("DataQualityConstraints", text(input.data_quality_constraints)),
        ("ModelQualityConstraints", text(input.model_quality_constraints)),
        ("ModelQualityProblemType", text(input.model_quality_problem_type)),
        ("GroundTruthUri", text(input.ground_truth_uri)),
        ("InferenceAttribute", text(input.inference_attribute)),
        ("ProbabilityAttribute", text(input.probability_attribute)),
        ("ProbabilityThreshold", text(input.probability_threshold)),
        ("FeaturesAttribute", text(input.features_attribute)),
        ("BiasConstraints", text(input.bias_constraints)),
        ("BiasConfigUri", text(input.bias_config_uri)),
        ("ExplainabilityConstraints", text(input.explainability_constraints)),
        ("ExplainabilityConfigUri", text(input.explainability_config_uri)),
    ]
}
