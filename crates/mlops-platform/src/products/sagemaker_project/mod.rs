//! The product "SageMaker Project": what Studio's "Create project" makes.
//!
//! It holds what a project owns for as long as it lives, and longer: its key, its bucket and its repository stay when the
//! project is deleted. What else a project has, its pipelines make, in stacks that this one does not own and takes away
//! when it goes.

mod builds;
mod cleanup;
mod key;
mod models;
mod names;
mod parameters;
mod pipelines;
mod role;
mod roles;
mod storage;
mod triggers;

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{iam, s3};

use super::platform;
use crate::forms;
use crate::stacks::deploy_infra::parameters as platform_parameters;

/// The stack. Service Catalog names it.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "smproject",
    "smproject: a project of the MLOps platform, with its key, bucket, repository, roles and pipelines",
    define,
);

/// What kind of problem the project's models solve.
#[derive(Clone, Copy, Choices)]
pub enum ProblemType {
    /// Past data say what is right.
    #[choice("supervised")]
    Supervised,
    /// Nobody knows what is right.
    #[choice("unsupervised")]
    Unsupervised,
}

/// How the project's models are used.
#[derive(Clone, Copy, Choices)]
pub enum InferenceType {
    /// By an endpoint that answers at once.
    #[choice("real-time")]
    RealTime,
    /// By a job that works through a batch.
    #[choice("batch")]
    Batch,
}

/// What the form of "Create project" asks for. SageMaker itself fills in the first two and does not show them.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the project. SageMaker fills it in.
    #[input(
        name = "SageMakerProjectName",
        group = "SageMaker",
        label = "Name of the project",
        form = forms::PROJECT_NAME
    )]
    pub project_name: Input<String>,
    /// Id of the project. SageMaker fills it in.
    #[input(
        name = "SageMakerProjectId",
        group = "SageMaker",
        label = "Id of the project",
        form = forms::PROJECT_ID
    )]
    pub project_id: Input<String>,
    /// What the project is for.
    #[input(
        group = "Project",
        label = "Description",
        default = "",
        max_length = 256,
        // With braces somebody could have the stack read a parameter or a secret.
        pattern = "^[^{}]*$",
        explain = "256 characters at most, without { and }"
    )]
    pub project_description: Input<String>,
    /// Cost center that everything of the project is tagged with.
    #[input(group = "Project", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Role whose holders may read the project's reports in the console, or DEFAULT for the platform's data scientists.
    #[input(
        name = "DataScientistRoleARN",
        group = "Project",
        label = "Role of data scientists",
        default = "DEFAULT",
        pattern = r"^(DEFAULT|arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+)$",
        explain = "DEFAULT, or the ARN of a role that exists, such as arn:aws:iam::123456789012:role/data-scientist"
    )]
    pub data_scientist_role_arn: Input<Arn>,
    /// Whether past data say what is right.
    #[input(
        group = "Project",
        label = "Type of problem",
        default = ProblemType::Supervised,
        explain = "supervised or unsupervised"
    )]
    pub problem_type: Input<ProblemType>,
    /// Whether models answer at once or work through batches.
    #[input(
        group = "Project",
        label = "Type of inference",
        default = InferenceType::RealTime,
        explain = "real-time or batch"
    )]
    pub inference_type: Input<InferenceType>,
}

/// What Service Catalog shows of a project.
#[derive(Outputs)]
pub struct Outputs {
    /// Bucket of the project's data and models.
    pub bucket_name: Value<s3::BucketName>,
    /// Where git finds the project's repository.
    pub repository_clone_url: Value<String>,
    /// Role that the project's notebooks and jobs work with.
    pub project_role_arn: Value<iam::RoleArn>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let other_role =
        t.condition("HasDataScientistRole", input.data_scientist_role_arn.is_not("DEFAULT"));
    let data_scientist: Value<Arn> = val(when(
        other_role,
        input.data_scientist_role_arn,
        platform(platform_parameters::DATA_SCIENTIST_ROLE_ARN),
    ));
    let key = key::add(t, input, data_scientist);
    let bucket = storage::bucket(t, input, key, data_scientist);
    let repository = storage::repository(t, input);
    let role = role::add(t, input, key, bucket, repository);
    let roles = roles::add(t, roles::Of { input, key, bucket, repository });
    let owned = parameters::Owned { key, bucket, repository, role, roles, data_scientist };
    let known = parameters::add(t, input, &owned);
    let builds = builds::add(t, input, key, bucket, roles);

    let parts = pipelines::Parts { input, key, repository, roles, builds };
    // A pipeline runs as soon as it is made, and its scripts read what is known of the project.
    let build = pipelines::build(t, parts, known.clone());
    let deploy = pipelines::deploy(t, parts, known.clone());
    let merge = triggers::merge(t, input, roles.trigger, repository, build);
    let approval = triggers::approval(t, input, roles.trigger, deploy);
    let project = pipelines::project(t, parts, (known.clone(), merge, approval));
    cleanup::add(t, input, (role, roles.all(), known, [build, deploy, project], [merge, approval]));
    Outputs {
        bucket_name: val(bucket),
        repository_clone_url: repository.clone_url_http(),
        project_role_arn: role.arn(),
    }
}

/// A stage, and the account that models run in; the same as this one if the customer named no other.
struct InStage {
    id: &'static str,
    /// How its folders in the project's bucket are called.
    folder: &'static str,
    account: String,
}

fn stages() -> [InStage; 2] {
    let stage = |id, folder, account| InStage { id, folder, account: platform(account) };
    [
        stage("Staging", "staging", platform_parameters::STAGING_ACCOUNT_ID),
        stage("Production", "prod", platform_parameters::PROD_ACCOUNT_ID),
    ]
}

/// The roles that models and monitors run with, in whatever account.
pub(super) fn inference_roles() -> Text<Early> {
    sub!("arn:{}:iam::*:role{}*", pseudo::PARTITION, crate::names::INFERENCE_PATH)
}

/// A statement for the role that reads reports. Whoever makes a project names it, so it is one of this account, and not
/// that of the Data Science Admin, who could name himself.
fn of_reader(statement: Statement, reader: Value<Arn>) -> Statement {
    let name = crate::names::persona_role("datascience-admin");
    let admin = sub!("arn:{}:iam::{}:role/{name}", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    statement
        .to(Principal::aws(reader))
        .when(condition::string_equals(condition::aws::PrincipalAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_not_like(condition::aws::PrincipalArn, admin))
}
