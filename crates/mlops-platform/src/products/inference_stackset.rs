//! The stack set of a project's model in one stage. The project's pipeline makes it before there is a model; then it has no
//! instance. The deploy pipeline names the model, and with that there is one.

use formwork::prelude::*;
use formwork_aws::{cloudformation, iam, kms, s3};

use super::inference::Stage;
use super::sagemaker_project::InferenceType;
use super::stack_set::{StackSet, text};
use crate::forms;
use crate::names;

/// The stack. Pipelines of the project name it `{project}-inference-stackset-{stage}`.
pub const STACK: Stack<Inputs, ()> = Stack::new(
    "inference-stackset",
    "inference-stackset: the stack set that deploys a project's model in one stage",
    define,
);

/// What the project's pipelines give.
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
    /// Stage that the model is deployed in.
    pub stage: Input<Stage>,
    /// Whether the model answers at once or works through batches.
    pub inference_type: Input<InferenceType>,
    /// Version of the model that is deployed. Empty while there is none.
    #[input(default = "", form = forms::OPTIONAL_MODEL_PACKAGE_ARN)]
    pub model_package_arn: Input<Arn>,
    /// Instances that the model runs on.
    #[input(default = "ml.m5.large", form = forms::INSTANCE_TYPE)]
    pub instance_type: Input<String>,
    /// How many of them.
    #[input(default = 1, min = 1, max = 10)]
    pub instance_count: Input<i64>,
    /// Whether requests and answers are kept for monitors.
    #[input(default = false)]
    pub capture_data: Input<bool>,
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
    /// Subnets that the model runs in, comma-joined. Empty where the account has no network for it.
    #[input(default = "", form = forms::SUBNET_IDS)]
    pub vpc_subnets: Input<String>,
    /// Security group of the model. Empty where the account has no network for it.
    #[input(default = "", form = forms::OPTIONAL_SECURITY_GROUP_ID)]
    pub security_group_id: Input<String>,
}

/// `{project}-inference-stackset-{stage}`: 59 of 128 characters at most.
fn define(t: &mut Template, input: Inputs) {
    let has_model = t.condition("HasModel", !input.model_package_arn.is_empty());
    let has_boundary = t.condition("HasBoundaryName", !input.boundary_name.is_empty());
    let own = names::inference_boundary(val(pseudo::ACCOUNT_ID));
    let (project, stage) = (input.project_name, text(input.stage));
    let parameters = vec![
        ("ProjectName", text(project)),
        ("ProjectId", text(input.project_id)),
        ("CostCenter", text(input.cost_center)),
        ("Stage", stage),
        ("InferenceType", text(input.inference_type)),
        ("ModelPackageArn", text(input.model_package_arn)),
        ("InstanceType", text(input.instance_type)),
        ("InstanceCount", text(input.instance_count.untyped("an instance's parameters are texts"))),
        ("CaptureData", text(input.capture_data.untyped("an instance's parameters are texts"))),
        ("AdministratorAccountId", text(pseudo::ACCOUNT_ID)),
        ("BoundaryName", text(when(has_boundary, input.boundary_name, own))),
        ("BucketName", text(input.bucket_name)),
        ("KmsKeyArn", text(input.kms_key_arn)),
        ("VpcSubnets", text(input.vpc_subnets)),
        ("SecurityGroupId", text(input.security_group_id)),
    ];
    let stack_set = StackSet {
        name: val(sub!("{project}-inference-stackset-{stage}")),
        description: val(sub!("Deploys the model of the project {project} in the stage {stage}")),
        administration_role_arn: input.administration_role_arn,
        execution_role_name: input.execution_role_name,
        template_url: input.template_url,
        account: input.target_account_id,
        has_model,
        tags: project_tags!(cloudformation, input),
    };
    stack_set.add(t, "InferenceStackSet", parameters);
}
