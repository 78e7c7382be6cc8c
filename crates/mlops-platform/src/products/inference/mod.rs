//! A project's model in one account and stage: an instance of the project's stack set. It answers by an endpoint, or works
//! through a batch each night.
//!
//! Nothing in here names the model or the endpoint's configuration: a new version of the model makes new ones, and the old
//! ones stay until the endpoint has moved.

mod batch;
mod endpoint;
mod role;

use formwork::prelude::*;
use formwork_aws::{kms, s3, sagemaker};

use crate::forms;

use super::sagemaker_project::InferenceType;
use super::stack_set::text;
use crate::tags::STAGE;

pub(crate) use role::{Purpose, bounded, key, network, role_name, speaks, trusts_sagemaker};

/// The stack. CloudFormation names it after its stack set.
pub const STACK: Stack<Inputs, Outputs> =
    Stack::new("inference", "inference: a project's model in one account and stage", define);

/// Where on its way a model is.
#[derive(Clone, Copy, Choices)]
pub enum Stage {
    /// Tried out.
    #[choice("staging")]
    Staging,
    /// At work.
    #[choice("prod")]
    Prod,
}

/// What the stack set gives.
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
    /// Version of the model.
    #[input(form = forms::MODEL_PACKAGE_ARN)]
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
    /// Account of the platform, which has the project's images and versions.
    #[input(form = forms::ACCOUNT_ID)]
    pub administrator_account_id: Input<AccountId>,
    /// Policy that bounds every role.
    #[input(form = forms::POLICY_NAME)]
    pub boundary_name: Input<String>,
    /// Bucket of the project.
    #[input(form = forms::BUCKET_NAME)]
    pub bucket_name: Input<s3::BucketName>,
    /// Key of the project.
    #[input(form = forms::KEY_ARN)]
    pub kms_key_arn: Input<kms::KeyArn>,
    /// Subnets that the model runs in. Empty where the account has no network for it.
    #[input(default = "", form = forms::EACH_SUBNET_ID)]
    pub vpc_subnets: Input<List<String>>,
    /// Security group of the model. Empty where the account has no network for it.
    #[input(default = "", form = forms::OPTIONAL_SECURITY_GROUP_ID)]
    pub security_group_id: Input<String>,
}

/// What is looked up by hand.
#[derive(Outputs)]
pub struct Outputs {
    /// Name of the model, which SageMaker's jobs know it by.
    pub model_name: Value<String>,
}

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
    capture: Condition,
    /// Whether the instances have disks of their own, for which SageMaker refuses a key: hardware encrypts them.
    local_disks: Condition,
}

impl Setup {
    /// The tags of what is deployed by approval.
    fn tags(self) -> [sagemaker::Tag; 5] {
        let [cost_center, platform, project, id] = project_tags!(sagemaker, self.input);
        let stage = sagemaker::TagRequired { key: STAGE, value: self.stage };
        [cost_center, platform, project, id, sagemaker::Tag::new(stage)]
    }

    /// Where what the model is asked, and answers, is kept.
    fn captured(self) -> formwork::Text {
        sub!("s3://{}/monitor/{}/capture", self.input.bucket_name, self.stage)
    }
}

/// Families of SageMaker's instances that EC2 lists with
/// [instance store volumes](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html) of their own.
///
/// They are asked for in a condition and not looked up in a mapping: only with a macro may `Fn::FindInMap` cut the family out of
/// the type.
pub const LOCAL_DISKS: [&str; 25] = [
    "c5d",
    "c6gd",
    "dl1",
    "g4dn",
    "g5",
    "g6",
    "g6e",
    "g7",
    "g7e",
    "m5d",
    "m6gd",
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6-b300",
    "p6e-gb200",
    "r5d",
    "r6gd",
    "r7gd",
    "trn1",
    "trn1n",
    "trn2",
];

fn setup(t: &mut Template, input: Inputs) -> Setup {
    let (project, stage) = (input.project_name, text(input.stage));
    let family = input.instance_type.split(".").select(1);
    let [first, others @ ..] = LOCAL_DISKS;
    let local = others.into_iter().fold(family.is(first), |test, one| test.or(family.is(one)));
    let no_subnets = input.vpc_subnets.is_empty_list();
    Setup {
        input,
        prefix: val(sub!("{project}-{stage}")),
        stage,
        real_time: t.condition("RealTime", input.inference_type.is(InferenceType::RealTime)),
        batch: t.condition("Batch", input.inference_type.is(InferenceType::Batch)),
        in_vpc: t.condition("InVpc", (!no_subnets).and(!input.security_group_id.is_empty())),
        capture: t.condition("Capture", input.capture_data.is(true)),
        local_disks: t.condition("LocalDisks", local),
    }
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let setup = setup(t, input);
    let role = role::inference(t, setup);
    let package = sagemaker::ContainerDefinition::new().model_package_name(input.model_package_arn);
    let groups = input.security_group_id.untyped("text, because it may be empty");
    let vpc = sagemaker::VpcConfig::new(sagemaker::VpcConfigRequired {
        security_group_ids: [groups],
        subnets: input.vpc_subnets.untyped("texts, because they may be empty"),
    });
    let model = t.add(
        "Model",
        sagemaker::Model::new()
            .containers([package])
            .execution_role_arn(role.arn())
            .enable_network_isolation(true)
            .vpc_config(when(setup.in_vpc, vpc, no_value()))
            .tags(setup.tags()),
    );
    endpoint::add(t, setup, model);
    batch::add(t, setup, model);
    Outputs { model_name: model.model_name() }
}
