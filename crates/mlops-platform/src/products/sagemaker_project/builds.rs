//! The project's build projects: one for each role and image that its pipelines' actions need, not one for each action.
//!
//! An action names its buildspec, which is always one of the platform's repository; a build that is started by hand finds none.
//! They run outside the VPC, because they need the internet for packages of the platform and for SageMaker's images.

use formwork::prelude::*;
use formwork_aws::{codebuild, iam, kms, logs, s3};

use super::roles::Roles;
use super::{Inputs, names as own};
use crate::products::{ARTIFACTS_BUCKET, platform};
use crate::stacks::deploy_infra::parameters::KMS_KEY_ARN;

/// The build projects, by what they run.
#[derive(Clone, Copy)]
pub(super) struct Builds {
    /// The platform's own scripts.
    pub(super) scripts: Handle<codebuild::Project>,
    /// The definition of the project's pipeline.
    pub(super) code: Handle<codebuild::Project>,
    /// The project's Dockerfiles.
    pub(super) docker: Handle<codebuild::Project>,
}

/// What tells one from another.
struct Build {
    id: &'static str,
    purpose: &'static str,
    description: &'static str,
    role: Handle<iam::Role>,
    privileged: bool,
}

pub(super) fn add(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    bucket: Handle<s3::Bucket>,
    roles: Roles,
) -> Builds {
    let mut build = |build: Build| add_build(t, input, key, bucket, &build);
    Builds {
        scripts: build(Build {
            id: "ScriptsProject",
            purpose: "scripts",
            description: "runs the platform's scripts",
            role: roles.build,
            privileged: false,
        }),
        code: build(Build {
            id: "CodeProject",
            purpose: "code",
            description: "runs the definition of its pipeline",
            role: roles.code,
            privileged: false,
        }),
        docker: build(Build {
            id: "DockerProject",
            purpose: "docker",
            description: "builds its images",
            role: roles.code,
            // Docker runs in the build's own container.
            privileged: true,
        }),
    }
}

fn add_build(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    bucket: Handle<s3::Bucket>,
    build: &Build,
) -> Handle<codebuild::Project> {
    let project = input.project_name;
    let name = own::build(project, build.purpose);
    // The platform's key, because its policy lets CloudWatch encrypt logs.
    let group = t.add(
        format!("{}Logs", build.id),
        logs::LogGroup::new()
            .log_group_name(sub!("/aws/codebuild/{name}"))
            .kms_key_id(platform(KMS_KEY_ARN))
            .retention_in_days(30)
            .tags(project_tags!(logs, input))
            .delete_with_stack(),
    );
    let variable = |name: &'static str, value: Value<String>| {
        codebuild::EnvironmentVariable::new(codebuild::EnvironmentVariableRequired { name, value })
    };
    let environment = codebuild::Environment::new(codebuild::EnvironmentRequired {
        compute_type: "BUILD_GENERAL1_SMALL",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        type_: "LINUX_CONTAINER",
    })
    .privileged_mode(build.privileged)
    .environment_variables([
        variable("PROJECT", val(project)),
        variable("PROJECT_ID", val(input.project_id)),
        variable("ARTIFACTS_BUCKET", val(platform(ARTIFACTS_BUCKET))),
        variable("PROJECT_BUCKET", val(bucket)),
    ]);
    let to_the_group = codebuild::CloudWatchLogsConfig::new("ENABLED").group_name(group);
    t.add(
        build.id,
        codebuild::Project::new(codebuild::ProjectRequired {
            artifacts: codebuild::Artifacts::new("CODEPIPELINE"),
            environment,
            service_role: build.role.arn(),
            source: codebuild::Source::new("CODEPIPELINE"),
        })
        .name(name)
        .description(sub!("Project {project}: {}", build.description))
        .encryption_key(key.arn())
        .logs_config(codebuild::LogsConfig::new().cloud_watch_logs(to_the_group))
        .timeout_in_minutes(60)
        .tags(project_tags!(codebuild, input)),
    )
}
