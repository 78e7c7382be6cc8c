//! The Data Science Admin: makes and removes projects and their users, watches their pipelines. Neither the infrastructure nor
//! a project's data is within reach.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{
    cloudformation, codebuild, codepipeline, iam, kms, logs, sagemaker, servicecatalog, tag,
};

use super::super::functions;
use super::{all_log_groups, all_pipelines, no_records, read_logs, read_parameters};
use crate::names;

/// Projects are products: `SageMaker` passes a project on to Service Catalog with the rights of who asked for it.
pub(in super::super) fn projects() -> Policy {
    use sagemaker::actions as may;
    use servicecatalog::actions as catalog;
    Policy::new([
        allow([
            may::AddTags,
            may::CreateProject,
            may::DeleteProject,
            may::DescribeProject,
            may::ListTags,
            may::UpdateProject,
        ])
        .on(names::arn("sagemaker", "project/*"))
        .id("Projects"),
        // Which products there are is a matter of the portfolio.
        allow(catalog::ProvisionProduct).on(names::arn("catalog", "product/*")).id("Launch"),
        // What one session, or one admin, began, the next must be able to end.
        allow([catalog::TerminateProvisionedProduct, catalog::UpdateProvisionedProduct])
            .on_all("a provisioned product has no ARN that a policy could name")
            .when(condition::string_equals(servicecatalog::condition_keys::AccountLevel, "self"))
            .id("ChangeAndEnd"),
        allow([
            Action::raw("servicecatalog:Describe*"),
            Action::raw("servicecatalog:List*"),
            Action::raw("servicecatalog:Search*"),
            catalog::ScanProvisionedProducts,
            may::GetSagemakerServicecatalogPortfolioStatus,
            tag::actions::GetResources,
        ])
        .on_all("Studio and the consoles ask for everything and show what is there")
        .id("Look"),
    ])
}

/// Studio, by the admin's own profile and no other.
pub(in super::super) fn studio(
    domain: Handle<sagemaker::Domain>,
    key: Input<kms::KeyArn>,
) -> Policy {
    use sagemaker::actions as may;
    use sagemaker::condition_keys::{OwnerUserProfileArn, SpaceSharingType, TaggingAction};
    let of_domain = |kind| sub!("{}/{domain}/*", names::arn("sagemaker", kind));
    let profile = functions::admin_profile(domain);
    let (apps, spaces) = (of_domain("app"), of_domain("space"));
    let own_and_private = |statement: Statement| {
        statement
            .when(condition::arn_equals(OwnerUserProfileArn, profile))
            .when(condition::string_equals(SpaceSharingType, "Private"))
    };
    Policy::new([
        allow([Action::raw("sagemaker:List*"), may::GetSearchSuggestions, may::Search])
            .on_all("lists and searches are of everything")
            .id("Look"),
        no_records(),
        allow([
            may::DescribeApp,
            may::DescribeDomain,
            may::DescribeSpace,
            may::DescribeUserProfile,
        ])
        .on((
            sub!("{}/{domain}", names::arn("sagemaker", "domain")),
            of_domain("user-profile"),
            apps,
            spaces,
        ))
        .id("Domain"),
        allow(may::CreatePresignedDomainUrl).on(profile).id("OwnProfile"),
        own_and_private(allow([may::CreateSpace, may::DeleteSpace, may::UpdateSpace]).on(spaces))
            .id("OwnSpaces"),
        own_and_private(allow([may::CreateApp, may::DeleteApp]).on(apps)).id("OwnApps"),
        allow(may::AddTags)
            .on([apps, spaces])
            .when(condition::string_equals(TaggingAction, ["CreateApp", "CreateSpace"]))
            .id("TagWhatIsMade"),
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::GenerateDataKeyWithoutPlaintext,
        ])
        .on(key)
        .id("Volumes"),
        allow(kms::actions::CreateGrant)
            .on(key)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true))
            .id("VolumesByGrant"),
        allow([
            logs::actions::CreateLogGroup,
            logs::actions::CreateLogStream,
            logs::actions::PutLogEvents,
        ])
        .on([
            names::arn("logs", "log-group:/aws/sagemaker/studio"),
            names::arn("logs", "log-group:/aws/sagemaker/studio:*"),
        ])
        .id("LogsOfApps"),
    ])
}

/// The pipelines that make projects and users, what they build, and the stacks of both.
pub(in super::super) fn watch() -> Policy {
    use cloudformation::actions as stack;
    let (account, region) = (pseudo::ACCOUNT_ID, pseudo::REGION);
    let pipelines = ["*_project_pipeline", "*_user_pipeline"];
    let personas = ["datascience-admin", "datascientist", "full-stack-developer"].map(|persona| {
        sub!("arn:{}:iam::{account}:role/{}", pseudo::PARTITION, names::persona_role(persona))
    });
    let builds = sub!("{}/{region}-mlops-*", names::arn("codebuild", "project"));
    let build_logs = sub!("{}/{region}-mlops-*", names::arn("logs", "log-group:/aws/codebuild"));
    Policy::new([
        allow([Action::raw("codepipeline:Get*"), Action::raw("codepipeline:List*")])
            .on(pipelines.map(|name| names::arn("codepipeline", name)))
            .id("Pipelines"),
        allow(codepipeline::actions::RetryStageExecution)
            .on(["*_project_pipeline/*", "*_user_pipeline/*"]
                .map(|name| names::arn("codepipeline", name)))
            .id("Retry"),
        all_pipelines(),
        allow(codebuild::actions::BatchGetBuilds).on(builds).id("Builds"),
        read_logs([build_logs]),
        all_log_groups(),
        allow([
            stack::DescribeStackEvents,
            stack::DescribeStackResource,
            stack::DescribeStackResources,
            stack::DescribeStacks,
            stack::ListStackResources,
        ])
        .on(sub!("{}/SC-{account}-pp-*", names::arn("cloudformation", "stack")))
        .id("StacksOfProducts"),
        allow(iam::actions::GetRole).on(personas).id("Personas"),
        read_parameters(),
    ])
}
