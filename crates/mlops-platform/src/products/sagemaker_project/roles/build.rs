//! The role of the builds that run the platform's own scripts, for the project and for its users.
//!
//! It writes what pipelines and people's apps rely on, so no code of the project ever runs with it.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{cloudformation, iam, kms, s3, sagemaker, ssm};

use super::{Of, Role, artifacts, logs};
use crate::names;
use crate::products::platform;
use crate::products::sagemaker_project::names as own;
use crate::stacks::deploy_infra::parameters::{DOMAIN_ID, KMS_KEY_ARN};
use crate::tags::PROJECT_ID;

/// What scripts note of the project in Systems Manager.
const NOTED: [&str; 5] =
    ["lifecycle-config-arn", "extension-key", "model-package-group", "experiment", "status"];

pub(super) fn add(t: &mut Template, of: Of) -> Handle<iam::Role> {
    let project = of.input.project_name;
    let builds = [own::build(project, "scripts"), own::user_builds(project)];
    of.role(
        t,
        Role {
            id: "BuildRole",
            purpose: own::BUILD,
            description: "builds that run the platform's scripts",
            service: "codebuild",
            sources: builds.map(own::build_arn).into(),
            policies: vec![
                ("Build", build(of, builds)),
                ("Storage", storage(of)),
                ("Project", project_statements(of)),
                ("Studio", studio(of)),
            ],
        },
    )
}

/// The build itself: its log, what it is handed and what it hands on.
fn build(of: Of, builds: [formwork::Text<formwork::Early>; 2]) -> Vec<Statement> {
    let kept = [s3::actions::GetObject, s3::actions::GetObjectVersion, s3::actions::PutObject];
    let mut statements = vec![
        logs(builds),
        of.use_the_key(),
        of.stop(["project", "build", "deploy"]),
        of.parameters(),
    ];
    statements.extend(artifacts(kept));
    statements
}

/// Templates are read as they were released, and written for this project only.
fn storage(of: Of) -> Vec<Statement> {
    let project = of.input.project_name;
    let artifacts = names::bucket_arn("artifacts");
    vec![
        allow(s3::actions::GetObject)
            .on([sub!("{artifacts}/templates/*"), sub!("{artifacts}/assets/*")]),
        allow([s3::actions::GetObject, s3::actions::PutObject])
            .on((sub!("{artifacts}/projects/{project}/*"), sub!("{}/studio/*", of.bucket.arn()))),
        allow([kms::actions::Decrypt, kms::actions::DescribeKey, kms::actions::GenerateDataKey])
            .on(platform(KMS_KEY_ARN)),
    ]
}

/// What the scripts read of the project's stacks and models, and what they note.
fn project_statements(of: Of) -> Vec<Statement> {
    use sagemaker::actions as may;
    let (project, id) = (of.input.project_name, of.input.project_id);
    let parameters = names::arn("ssm", "parameter/mlops/projects");
    let sagemaker = |kind| names::arn("sagemaker", kind);
    let models = (
        sub!("{}/{project}-models", sagemaker("model-package-group")),
        sub!("{}/{project}-models/*", sagemaker("model-package")),
    );
    vec![
        allow(cloudformation::actions::DescribeStacks).on(own::stack_arns(project)),
        // One whose creation failed is in the way of the next run. It goes with the role that it was made with.
        allow(cloudformation::actions::DeleteStack)
            .on(own::stack_arns(project))
            .when(condition::string_equals(condition::aws::resource_tag(PROJECT_ID), id)),
        allow([ssm::actions::AddTagsToResource, ssm::actions::PutParameter])
            .on(NOTED.map(|name| sub!("{parameters}/{project}/{name}"))),
        allow([may::DescribeModelPackage, may::DescribeModelPackageGroup]).on(models),
        allow(may::ListModelPackages).on_all("a list knows no resource"),
        allow([may::AddTags, may::CreateExperiment, may::DescribeExperiment])
            .on(sub!("{}/{project}", sagemaker("experiment"))),
    ]
}

/// What apps start with, and who has them. Another project's profiles and configurations may be called alike, so tags decide: the
/// denials of all projects' roles keep off what has another's, and a profile that is changed must have this one's.
fn studio(of: Of) -> Vec<Statement> {
    use sagemaker::actions as may;
    let (project, id) = (of.input.project_name, of.input.project_id);
    let in_domain = |kind| names::arn("sagemaker", kind);
    let profiles = sub!("{}/{}/*-{project}", in_domain("user-profile"), platform(DOMAIN_ID));
    vec![
        allow([
            may::AddTags,
            may::CreateStudioLifecycleConfig,
            may::DeleteStudioLifecycleConfig,
            may::DescribeStudioLifecycleConfig,
        ])
        .on(sub!("{}/{project}-lcc-*", in_domain("studio-lifecycle-config"))),
        // A configuration that somebody's profile or space starts with stays.
        allow([may::ListSpaces, may::ListStudioLifecycleConfigs, may::ListUserProfiles])
            .on_all("lists know no resource"),
        allow(may::DescribeSpace).on(sub!("{}/{}/*", in_domain("space"), platform(DOMAIN_ID))),
        allow([may::DescribeUserProfile, may::ListTags]).on(profiles),
        allow(may::UpdateUserProfile)
            .on(profiles)
            .when(condition::string_equals(condition::aws::resource_tag(PROJECT_ID), id)),
        of.hand_on_the_project_role(),
    ]
}
