//! The Full Stack Developer: changes the platform by pushing to its repository, and watches what becomes of it. Nothing is made
//! directly, and no project's data is read.

use formwork::prelude::*;
use formwork_aws::{ce, cloudformation, codeartifact, codebuild, codecommit, codepipeline, sts};

use super::{all_log_groups, all_pipelines, all_repositories, read_logs, read_parameters};
use crate::names::{
    self, PACKAGE_DOMAIN, PACKAGE_REPOSITORY, PLATFORM_BUILDS, PLATFORM_PIPELINE,
    PLATFORM_REPOSITORY,
};

/// What the logical id of this stack puts into its name: the root's own name stands before it.
const NESTED_AS: &str = "-DeployInfraStack-";

/// The platform's functions.
const FUNCTIONS: [&str; 3] = ["mlops-*", "sm-tag-lambda", "studio-project-ready-notify"];

/// The platform's repository: everything but the repository itself and its rules.
pub(in super::super) fn repository() -> Policy {
    use codecommit::actions as may;
    let write = [
        Action::raw("codecommit:BatchDescribe*"),
        Action::raw("codecommit:BatchGet*"),
        may::CreateBranch,
        may::CreateCommit,
        may::CreatePullRequest,
        may::CreateUnreferencedMergeCommit,
        may::DeleteBranch,
        may::DeleteFile,
        Action::raw("codecommit:Describe*"),
        may::EvaluatePullRequestApprovalRules,
        Action::raw("codecommit:Get*"),
        may::GitPull,
        may::GitPush,
        Action::raw("codecommit:List*"),
        Action::raw("codecommit:MergeBranchesBy*"),
        Action::raw("codecommit:MergePullRequestBy*"),
        Action::raw("codecommit:PostComment*"),
        may::PutFile,
        may::UpdateComment,
        may::UpdatePullRequestApprovalState,
        may::UpdatePullRequestDescription,
        may::UpdatePullRequestStatus,
        may::UpdatePullRequestTitle,
    ];
    Policy::new([
        allow(write).on(names::arn("codecommit", PLATFORM_REPOSITORY)).id("Repository"),
        all_repositories(),
    ])
}

/// The platform's pipeline, its builds and functions, and every stack of the platform.
pub(in super::super) fn watch() -> Policy {
    let pipeline = names::arn("codepipeline", PLATFORM_PIPELINE);
    let projects =
        PLATFORM_BUILDS.map(|name| sub!("{}/{name}", names::arn("codebuild", "project")));
    let groups = names::arn("logs", "log-group:/aws");
    let logs: Vec<_> = PLATFORM_BUILDS
        .map(|name| sub!("{groups}/codebuild/{name}"))
        .into_iter()
        .chain(FUNCTIONS.map(|name| sub!("{groups}/lambda/{name}")))
        .collect();
    let root = pseudo::STACK_NAME.split(NESTED_AS).select(0);
    let stack = names::arn("cloudformation", "stack");
    let products = sub!("{stack}/SC-{}-pp-*", pseudo::ACCOUNT_ID);
    Policy::new([
        allow([
            Action::raw("codepipeline:Get*"),
            Action::raw("codepipeline:List*"),
            codepipeline::actions::StartPipelineExecution,
            codepipeline::actions::StopPipelineExecution,
        ])
        .on(pipeline)
        .id("Pipeline"),
        allow(codepipeline::actions::RetryStageExecution).on(sub!("{pipeline}/*")).id("Retry"),
        all_pipelines(),
        allow([codebuild::actions::BatchGetBuilds, codebuild::actions::ListBuildsForProject])
            .on(projects)
            .id("Builds"),
        read_logs(logs),
        all_log_groups(),
        allow([
            Action::raw("cloudformation:Describe*"),
            Action::raw("cloudformation:Get*"),
            Action::raw("cloudformation:List*"),
        ])
        .on([sub!("{stack}/{root}/*"), sub!("{stack}/{root}-*"), products])
        .id("Stacks"),
        allow([
            cloudformation::actions::ListStacks,
            cloudformation::actions::ListStackSets,
            Action::raw("servicecatalog:Describe*"),
        ])
        .on_all("consoles ask for everything and show what is there")
        .id("Look"),
        read_parameters(),
    ])
}

/// Reading and publishing packages.
pub(in super::super) fn packages() -> Policy {
    use codeartifact::actions as may;
    let of = |kind| names::arn("codeartifact", kind);
    let domain = sub!("{}/{PACKAGE_DOMAIN}", of("domain"));
    let repository = sub!("{}/{PACKAGE_DOMAIN}/{PACKAGE_REPOSITORY}", of("repository"));
    let packages = sub!("{}/{PACKAGE_DOMAIN}/{PACKAGE_REPOSITORY}/*", of("package"));
    Policy::new([
        allow([may::DescribeDomain, may::GetAuthorizationToken, may::ListRepositoriesInDomain])
            .on(domain)
            .id("Domain"),
        allow([
            may::DescribeRepository,
            may::GetRepositoryEndpoint,
            may::ListPackages,
            may::ReadFromRepository,
        ])
        .on(repository)
        .id("Read"),
        allow([
            may::DescribePackage,
            may::DescribePackageVersion,
            may::GetPackageVersionAsset,
            may::GetPackageVersionReadme,
            may::ListPackageVersionAssets,
            may::ListPackageVersions,
            may::PublishPackageVersion,
            may::PutPackageMetadata,
        ])
        .on(packages)
        .id("Publish"),
        allow(sts::actions::GetServiceBearerToken)
            .on_all("a token is of the caller, not of a resource")
            .when(condition::string_equals(
                sts::condition_keys::AWSServiceName,
                "codeartifact.amazonaws.com",
            ))
            .id("Token"),
    ])
}

/// What the platform costs, and the tag by which that is told.
pub(in super::super) fn cost() -> Policy {
    Policy::new([allow([
        Action::raw("ce:Get*"),
        ce::actions::ListCostAllocationTags,
        ce::actions::UpdateCostAllocationTagsStatus,
    ])
    .on_all("costs are of the account")
    .id("Cost")])
}
