//! The Data Scientist: opens Studio, reviews code and models. What is done *in* Studio is done with the project's own role; here
//! is nothing that reads data, makes anything, or changes who may what.

use formwork::prelude::*;
use formwork_aws::{codecommit, codepipeline, sagemaker};

use super::super::functions;
use super::{
    all_log_groups, all_pipelines, all_repositories, no_records, read_logs, read_parameters,
};
use crate::names;
use crate::tags::{PERSONA, USER_EMAIL};

/// Opening a profile. By tag it must be the person's own; the admin's is never open.
pub(in super::super) fn studio(domain: Handle<sagemaker::Domain>, by_tag: Condition) -> Policy {
    use sagemaker::actions as may;
    use sagemaker::condition_keys::resource_tag;
    let profiles = sub!("{}/{domain}/*", names::arn("sagemaker", "user-profile"));
    let address = condition::variable(condition::aws::principal_tag(USER_EMAIL));
    Policy::new([
        allow([
            Action::raw("sagemaker:Describe*"),
            Action::raw("sagemaker:List*"),
            may::GetSearchSuggestions,
            may::Search,
        ])
        .on_all("consoles ask for everything and show what is there")
        .id("Look"),
        no_records(),
        allow(may::CreatePresignedDomainUrl)
            .on(profiles)
            .when(condition::string_equals(resource_tag(USER_EMAIL), address).only_if(by_tag))
            .id("Open"),
        deny(may::CreatePresignedDomainUrl).on(functions::admin_profile(domain)).id("NotTheAdmins"),
        // The same by its tag: SageMaker sees no case in names, IAM does.
        deny(may::CreatePresignedDomainUrl)
            .on(profiles)
            .when(condition::string_equals(resource_tag(PERSONA), "admin"))
            .id("NotTheAdminsByTag"),
        read_logs([names::arn("logs", "log-group:/aws/sagemaker/*")]),
        all_log_groups(),
    ])
}

/// Pull requests, model versions, and the approval between staging and production.
pub(in super::super) fn review() -> Policy {
    let pipelines = ["*_build_pipeline", "*_deploy_pipeline"];
    Policy::new([
        allow([
            sagemaker::actions::BatchDescribeModelPackage,
            sagemaker::actions::UpdateModelPackage,
        ])
        .on(names::arn("sagemaker", "model-package/*"))
        .id("Models"),
        allow(pull_requests()).on(names::arn("codecommit", "*-project-repo")).id("Repositories"),
        all_repositories(),
        allow([Action::raw("codepipeline:Get*"), Action::raw("codepipeline:List*")])
            .on(pipelines.map(|name| names::arn("codepipeline", name)))
            .id("Pipelines"),
        all_pipelines(),
        allow(codepipeline::actions::PutApprovalResult)
            .on(names::arn("codepipeline", "*_deploy_pipeline/DeployStaging/ApproveDeployment"))
            .id("Deployment"),
        read_parameters(),
    ])
}

/// Reading a repository and working with pull requests. Rules of approval are not for those whom they bind.
fn pull_requests() -> Vec<Action> {
    use codecommit::actions as may;
    vec![
        Action::raw("codecommit:BatchDescribe*"),
        Action::raw("codecommit:BatchGet*"),
        may::CreatePullRequest,
        Action::raw("codecommit:Describe*"),
        may::EvaluatePullRequestApprovalRules,
        Action::raw("codecommit:Get*"),
        may::GitPull,
        Action::raw("codecommit:List*"),
        Action::raw("codecommit:MergePullRequestBy*"),
        Action::raw("codecommit:PostComment*"),
        may::UpdateComment,
        may::UpdatePullRequestApprovalState,
        may::UpdatePullRequestDescription,
        may::UpdatePullRequestStatus,
        may::UpdatePullRequestTitle,
    ]
}
