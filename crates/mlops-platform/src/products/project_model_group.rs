//! The group that holds the versions of a project's models, with their approvals.
//!
//! It stays when the project is deleted: versions are evidence, and a group that has any cannot be deleted. Its policy lets in what
//! deploys and runs models in their accounts, and nobody else.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::sagemaker;

use super::sagemaker_project::inference_roles;
use crate::forms;
use crate::names;

/// The stack. A project's pipeline names it `{project}-model-group-stack`.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "project-model-group",
    "project-model-group: the group of a project's model versions",
    define,
);

/// What the project's pipeline hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the project.
    #[input(group = "Project", label = "Name of the project", form = forms::PROJECT_NAME)]
    pub project_name: Input<String>,
    /// Id of the project.
    #[input(group = "Project", label = "Id of the project", form = forms::PROJECT_ID)]
    pub project_id: Input<String>,
    /// Cost center that everything of the project is tagged with.
    #[input(group = "Project", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Accounts that models run in; this one if there are no others.
    #[input(group = "Models", label = "Accounts that models run in", form = forms::ACCOUNT_IDS)]
    pub stage_account_ids: Input<List<AccountId>>,
}

/// What others use of it.
#[derive(Outputs)]
pub struct Outputs {
    /// Name of the group.
    pub model_package_group_name: Value<String>,
    /// ARN of the group.
    pub model_package_group_arn: Value<sagemaker::ModelPackageGroupArn>,
}

/// `{project}-models`: 39 of 63 characters at most.
fn define(t: &mut Template, input: Inputs) -> Outputs {
    let project = input.project_name;
    let name = sub!("{project}-models");
    let group = t.add(
        "ModelPackageGroup",
        sagemaker::ModelPackageGroup::new(name)
            .model_package_group_description(sub!(
                "Versions of the models of the project {project}"
            ))
            .model_package_group_policy(Policy::new(policy(input)))
            .tags(project_tags!(sagemaker, input))
            .retain(),
    );
    Outputs {
        model_package_group_name: val(name),
        model_package_group_arn: group.model_package_group_arn(),
    }
}

/// In the accounts that models run in, what runs them reads a version, and what deploys them makes a model of it.
fn policy(input: Inputs) -> [Statement; 2] {
    let project = input.project_name;
    let versions = sub!("{}/{project}-models/*", names::arn("sagemaker", "model-package"));
    let accounts: Value<List<Arn>, _> = val(input
        .stage_account_ids
        .untyped("as a principal an account's id stands for the ARN of its root"));
    let execution = names::stackset_execution_role(val(pseudo::ACCOUNT_ID));
    let deploys = sub!("arn:{}:iam::*:role/{execution}", pseudo::PARTITION);
    [
        allow(sagemaker::actions::DescribeModelPackage)
            .on(versions)
            .to(Principal::aws(accounts))
            .when(condition::arn_like(condition::aws::PrincipalArn, (inference_roles(), deploys)))
            .id("ModelsRead"),
        // SageMaker asks for this of the version too, if another account makes a model of it.
        allow(sagemaker::actions::CreateModel)
            .on(versions)
            .to(Principal::aws(accounts))
            .when(condition::arn_like(condition::aws::PrincipalArn, deploys))
            .id("StackSetsDeploy"),
    ]
}
