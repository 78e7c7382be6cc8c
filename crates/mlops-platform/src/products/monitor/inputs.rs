//! What the stack set of monitors gives.

use formwork::prelude::*;
use formwork_aws::{kms, s3};

use crate::forms;
use crate::products::inference::Stage;
use crate::products::sagemaker_project::{InferenceType, ProblemType};

/// What kind of answer a model's quality is measured of.
#[derive(Clone, Copy, Choices)]
pub enum ModelQualityProblem {
    /// One of two classes.
    #[choice("BinaryClassification")]
    BinaryClassification,
    /// One of several classes.
    #[choice("MulticlassClassification")]
    MulticlassClassification,
    /// A number.
    #[choice("Regression")]
    Regression,
}

/// What the stack set gives: of the project, and of the version that is deployed. Whoever trains a version says where its
/// baselines are; with braces in there he could have the stack read a parameter or a secret.
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
    pub stage: Input<Stage>,
    /// Whether past data say what is right.
    pub problem_type: Input<ProblemType>,
    /// Whether the model answers at once or works through batches.
    pub inference_type: Input<InferenceType>,
    /// Version of the model that is deployed.
    #[input(form = forms::MODEL_PACKAGE_ARN)]
    pub model_package_arn: Input<Arn>,
    /// Policy that bounds every role.
    #[input(form = forms::POLICY_NAME)]
    pub boundary_name: Input<String>,
    /// Bucket of the project.
    #[input(form = forms::BUCKET_NAME)]
    pub bucket_name: Input<s3::BucketName>,
    /// Key of the project.
    #[input(form = forms::KEY_ARN)]
    pub kms_key_arn: Input<kms::KeyArn>,
    /// Subnets that jobs run in. Empty where the account has no network for them.
    #[input(default = "", form = forms::EACH_SUBNET_ID)]
    pub vpc_subnets: Input<List<String>>,
    /// Security group of jobs. Empty where the account has no network for them.
    #[input(default = "", form = forms::OPTIONAL_SECURITY_GROUP_ID)]
    pub security_group_id: Input<String>,
    /// Key that the function's log is encrypted with. Empty for CloudWatch's own.
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
