//! The role with which Service Catalog makes and removes what the platform's products consist of.
//!
//! It makes roles, but only with the boundary of projects, and it gives them no right that the boundary lacks. It reads and
//! writes no object of a bucket that it makes. Keys name it in their own policies, so it has no right on any other.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{
    cloudformation, codebuild, codecommit, codepipeline, events, iam, kms, lambda, logs, s3,
    sagemaker, ssm,
};

use super::Setup;
use crate::names;
use crate::products::boundary::denials_arn;
use crate::stacks::inline;
use crate::tags::{PLATFORM, PLATFORM_VALUE, PROJECT};

pub(super) fn add(t: &mut Template, setup: Setup) -> Handle<iam::Role> {
    t.add(
        "LaunchRole",
        setup
            .role("sc-launch", "servicecatalog")
            .description("With this role Service Catalog makes projects and their users")
            .policies([
                inline("Stacks", Policy::new(stacks(setup))),
                inline("Storage", Policy::new(storage())),
                inline("Roles", Policy::new(roles(setup.boundary))),
                inline("Pipelines", Policy::new(pipelines())),
                inline("Studio", Policy::new(studio(setup))),
            ]),
    )
}

/// The products' stacks, their templates, and what these read. CloudFormation resolves references to parameters and calls
/// functions of custom resources with this role's rights.
fn stacks(setup: Setup) -> [Statement; 7] {
    let bucket = names::bucket_arn("artifacts");
    let provisioning = s3::condition_keys::existing_object_tag("servicecatalog:provisioning");
    let products = sub!("{}/SC-{}-pp-*", names::arn("cloudformation", "stack"), pseudo::ACCOUNT_ID);
    [
        allow([
            Action::raw("cloudformation:*ChangeSet"),
            cloudformation::actions::CancelUpdateStack,
            cloudformation::actions::ContinueUpdateRollback,
            cloudformation::actions::CreateStack,
            cloudformation::actions::DeleteStack,
            cloudformation::actions::DescribeStackEvents,
            cloudformation::actions::DescribeStackResources,
            cloudformation::actions::DescribeStacks,
            cloudformation::actions::GetTemplate,
            cloudformation::actions::ListStackResources,
            cloudformation::actions::SetStackPolicy,
            cloudformation::actions::TagResource,
            cloudformation::actions::UntagResource,
            cloudformation::actions::UpdateStack,
        ])
        .on(products),
        allow([cloudformation::actions::GetTemplateSummary, cloudformation::actions::ValidateTemplate])
            .on_all("a template that is not launched yet is no resource"),
        // Of the users' product each project has a copy of its own.
        allow(s3::actions::GetObject).on([
            sub!("{bucket}/templates/*"),
            sub!("{bucket}/assets/*"),
            sub!("{bucket}/projects/*/smuser.*"),
        ]),
        allow(s3::actions::GetObject)
            .on_all("Service Catalog's own buckets have no name that is known, but their objects are tagged")
            .when(condition::string_equals(provisioning, "true")),
        allow(kms::actions::Decrypt).on(setup.input.platform_key_arn),
        allow(ssm::actions::GetParameters).on(names::arn("ssm", "parameter/mlops/platform/*")),
        allow(lambda::actions::InvokeFunction).on([
            names::arn("lambda", "function:mlops-studio-cleanup"),
            names::arn("lambda", "function:mlops-project-cleanup"),
        ]),
    ]
}

/// A project's bucket, key, repository and parameters.
fn storage() -> Vec<Statement> {
    [bucket()].into_iter().chain(key()).chain(repository_and_parameters()).collect()
}

/// A bucket's settings, and no object: the pattern also meets buckets that are not the platform's. All settings are read,
/// because CloudFormation asks for each that it knows, of which there are more from time to time.
fn bucket() -> Statement {
    allow([
        Action::raw("s3:Get*Configuration"),
        Action::raw("s3:GetBucket*"),
        s3::actions::CreateBucket,
        s3::actions::DeleteBucket,
        s3::actions::DeleteBucketPolicy,
        s3::actions::ListBucket,
        s3::actions::ListTagsForResource,
        s3::actions::PutBucketLogging,
        s3::actions::PutBucketOwnershipControls,
        s3::actions::PutBucketPolicy,
        s3::actions::PutBucketPublicAccessBlock,
        s3::actions::PutBucketTagging,
        s3::actions::PutBucketVersioning,
        s3::actions::PutEncryptionConfiguration,
        s3::actions::PutLifecycleConfiguration,
        s3::actions::TagResource,
        s3::actions::UntagResource,
    ])
    .on(sub!("arn:{}:s3:::*-{}", pseudo::PARTITION, pseudo::ACCOUNT_ID))
}

/// A new key and its alias. Whatever else the role does to a key, the key's own policy allows it.
fn key() -> [Statement; 3] {
    let alias = sub!("{}/{}-*", names::arn("kms", "alias"), pseudo::REGION);
    let of_platform =
        condition::string_equals(condition::aws::request_tag(PLATFORM), PLATFORM_VALUE);
    let of_project = condition::null(condition::aws::request_tag(PROJECT), false);
    [
        allow(kms::actions::CreateKey)
            .on_all("a new key has no name")
            .when(of_platform)
            .when(of_project),
        allow(kms::actions::TagResource)
            .on(names::arn("kms", "key/*"))
            .when(of_platform)
            .when(of_project),
        allow([kms::actions::CreateAlias, kms::actions::DeleteAlias, kms::actions::UpdateAlias])
            .on(alias),
    ]
}

fn repository_and_parameters() -> [Statement; 3] {
    [
        allow([
            codecommit::actions::ListRepositories,
            kms::actions::ListAliases,
            ssm::actions::DescribeParameters,
        ])
        .on_all("lists and searches know no resource"),
        allow([
            codecommit::actions::CreateCommit,
            codecommit::actions::CreateRepository,
            codecommit::actions::DeleteRepository,
            codecommit::actions::GetRepository,
            codecommit::actions::GetRepositoryTriggers,
            codecommit::actions::ListTagsForResource,
            codecommit::actions::TagResource,
            codecommit::actions::UntagResource,
            codecommit::actions::UpdateRepositoryDescription,
            codecommit::actions::UpdateRepositoryEncryptionKey,
        ])
        .on(names::arn("codecommit", "*-project-repo")),
        allow([
            ssm::actions::AddTagsToResource,
            ssm::actions::DeleteParameter,
            ssm::actions::GetParameter,
            ssm::actions::GetParameters,
            ssm::actions::ListTagsForResource,
            ssm::actions::PutParameter,
            ssm::actions::RemoveTagsFromResource,
        ])
        .on(names::arn("ssm", "parameter/mlops/projects/*")),
    ]
}

/// Roles of projects. Whatever gives one a right asks for the boundary; without that this role could make an administrator.
fn roles(boundary: Value<Arn>) -> [Statement; 6] {
    use iam::actions as role;
    let roles = sub!(
        "arn:{}:iam::{}:role/mlops/{}-*",
        pseudo::PARTITION,
        pseudo::ACCOUNT_ID,
        pseudo::REGION
    );
    let bounded = condition::arn_equals(iam::condition_keys::PermissionsBoundary, boundary);
    let attached = condition::arn_equals(iam::condition_keys::PolicyARN, denials_arn());
    let services = ["codebuild", "codepipeline", "events", "sagemaker"];
    [
        allow([
            role::CreateRole,
            role::PutRolePermissionsBoundary,
            role::PutRolePolicy,
            role::UpdateAssumeRolePolicy,
        ])
        .on(roles)
        .when(bounded),
        // The one policy that products attach.
        allow(role::AttachRolePolicy).on(roles).when(bounded).when(attached),
        allow(role::DetachRolePolicy).on(roles).when(attached),
        // What gives no right asks for no boundary: it may have been another when the role was made.
        allow([
            role::DeleteRole,
            role::DeleteRolePolicy,
            role::GetRole,
            role::GetRolePolicy,
            role::ListAttachedRolePolicies,
            role::ListRolePolicies,
            role::ListRoleTags,
            role::TagRole,
            role::UntagRole,
            role::UpdateRole,
            role::UpdateRoleDescription,
        ])
        .on(roles),
        allow(role::PassRole).on(roles).when(condition::string_equals(
            iam::condition_keys::PassedToService,
            services.map(|service| format!("{service}.amazonaws.com")),
        )),
        deny(role::DeleteRolePermissionsBoundary).on(roles),
    ]
}

/// Pipelines, their builds with the logs of these, and what starts them.
fn pipelines() -> [Statement; 6] {
    let pipelines =
        ["*_project_pipeline", "*_user_pipeline", "*_build_pipeline", "*_deploy_pipeline"];
    let rules = ["rule/mlops-*-merge", "rule/mlops-*-approval"];
    [
        allow([
            codepipeline::actions::CreatePipeline,
            codepipeline::actions::DeletePipeline,
            codepipeline::actions::GetPipeline,
            codepipeline::actions::GetPipelineState,
            codepipeline::actions::ListTagsForResource,
            codepipeline::actions::TagResource,
            codepipeline::actions::UntagResource,
            codepipeline::actions::UpdatePipeline,
        ])
        .on(pipelines.map(|pipeline| names::arn("codepipeline", pipeline))),
        // Whoever updates a project has it set up anew.
        allow(codepipeline::actions::StartPipelineExecution)
            .on(names::arn("codepipeline", "*_project_pipeline")),
        allow([
            codebuild::actions::BatchGetProjects,
            codebuild::actions::CreateProject,
            codebuild::actions::DeleteProject,
            codebuild::actions::UpdateProject,
        ])
        .on(sub!("{}/{}-mlops-*", names::arn("codebuild", "project"), pseudo::REGION)),
        allow([
            logs::actions::AssociateKmsKey,
            logs::actions::CreateLogGroup,
            logs::actions::DeleteDataProtectionPolicy,
            logs::actions::DeleteLogGroup,
            logs::actions::DeleteRetentionPolicy,
            logs::actions::DisassociateKmsKey,
            logs::actions::GetDataProtectionPolicy,
            logs::actions::ListTagsForResource,
            logs::actions::PutRetentionPolicy,
            logs::actions::TagResource,
            logs::actions::UntagResource,
        ])
        .on(sub!(
            "{}/{}-mlops-*",
            names::arn("logs", "log-group:/aws/codebuild"),
            pseudo::REGION
        )),
        allow([
            logs::actions::DescribeIndexPolicies,
            logs::actions::DescribeLogGroups,
            logs::actions::DescribeResourcePolicies,
        ])
        .on_all("lists are of the whole account"),
        allow([
            events::actions::DeleteRule,
            events::actions::DescribeRule,
            events::actions::ListTagsForResource,
            events::actions::ListTargetsByRule,
            events::actions::PutRule,
            events::actions::PutTargets,
            events::actions::RemoveTargets,
            events::actions::TagResource,
            events::actions::UntagResource,
        ])
        .on(rules.map(|rule| names::arn("events", rule))),
    ]
}

/// Profiles of a project's users; the admin's own is not one.
fn studio(setup: Setup) -> [Statement; 2] {
    use sagemaker::actions as may;
    let profiles = sub!("{}/{}", names::arn("sagemaker", "user-profile"), setup.input.domain_id);
    [
        allow([
            may::AddTags,
            may::CreateUserProfile,
            may::DeleteTags,
            may::DeleteUserProfile,
            may::DescribeUserProfile,
            may::ListTags,
            may::UpdateUserProfile,
        ])
        .on(sub!("{profiles}/*")),
        deny([may::AddTags, may::DeleteTags, may::DeleteUserProfile, may::UpdateUserProfile])
            .on(sub!("{profiles}/ds-admin")),
    ]
}
