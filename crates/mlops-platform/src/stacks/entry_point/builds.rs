//! The build projects of `mlops_platform_deploy`: one for each action, each with a role of its own and its own log group.
//!
//! They run outside the VPC, because they need the internet for crates and wheels. Each runs one buildspec of the
//! customer's own copy of the platform.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{codebuild, iam, kms, logs, s3, sts};

use super::Inputs;
use super::deployer;
use super::permissions as may;
use crate::names;
use crate::stacks::inline;
use crate::tags::tags;

/// The projects, by the action that runs each.
#[derive(Clone, Copy)]
pub(super) struct Builds {
    pub(super) init: Handle<codebuild::Project>,
    pub(super) build: Handle<codebuild::Project>,
    pub(super) deploy: Handle<codebuild::Project>,
    pub(super) packages: Handle<codebuild::Project>,
}

/// What every project is made with.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub(super) input: Inputs,
    pub(super) key: Handle<kms::Key>,
    pub(super) artifacts: Handle<s3::Bucket>,
    pub(super) has_boundary: Condition,
}

/// What tells one project from another.
struct Project {
    id: &'static str,
    /// The project's name, its action's and its buildspec's.
    name: &'static str,
    description: &'static str,
    role: &'static str,
    compute: &'static str,
    minutes: i64,
    policies: Vec<(&'static str, Vec<Statement>)>,
    managed: Option<Handle<iam::ManagedPolicy>>,
}

pub(super) fn add(t: &mut Template, shared: Shared) -> Builds {
    let key = shared.key;
    let managed = deployer::managed(t);
    let mut project = |project: Project| add_project(t, shared, project);
    Builds {
        init: project(Project {
            id: "InitRepoProject",
            name: "init_mlops_platform_repo",
            description: "Makes sure that the platform's repository has the branch dev",
            role: "init",
            compute: "BUILD_GENERAL1_SMALL",
            minutes: 60,
            policies: vec![("Repository", vec![may::branch_the_repository()])],
            managed: None,
        }),
        build: project(Project {
            id: "ModelRepoProject",
            name: "build_base_model_repo",
            description: "Synthesizes the platform and puts the release into the artifacts bucket",
            role: "build",
            compute: "BUILD_GENERAL1_MEDIUM",
            minutes: 60,
            policies: vec![("Release", may::write_the_release())],
            managed: None,
        }),
        deploy: project(Project {
            id: "DeployPlatformProject",
            name: "deploy_platform",
            description: "Updates the platform's stack with the release",
            role: "deployer",
            compute: "BUILD_GENERAL1_SMALL",
            minutes: 180,
            policies: deployer::policies(shared.input, key, shared.has_boundary),
            managed: Some(managed),
        }),
        packages: project(Project {
            id: "CodeArtifactProject",
            name: "build_codeartifact",
            description: "Puts the governed Python packages into CodeArtifact",
            role: "packages",
            compute: "BUILD_GENERAL1_SMALL",
            minutes: 60,
            policies: vec![("Packages", may::publish_packages())],
            managed: None,
        }),
    }
}

fn add_project(t: &mut Template, shared: Shared, project: Project) -> Handle<codebuild::Project> {
    let (name, cost_center) = (project.name, shared.input.cost_center);
    let group = t.add(
        format!("{}Logs", project.id),
        logs::LogGroup::new()
            .log_group_name(format!("/aws/codebuild/{name}"))
            .kms_key_id(shared.key.arn())
            .retention_in_days(90)
            .tags(tags!(logs, cost_center))
            .delete_with_stack(),
    );
    let own = ("Build", may::run_a_build(name, shared.key));
    let policies = std::iter::once(own)
        .chain(project.policies)
        .map(|(name, statements)| inline(name, Policy::new(statements)));
    let boundary = shared.input.permissions_boundary_arn;
    let mut role = iam::Role::new(trust(name))
        .role_name(names::platform_role(project.role))
        .description(format!("The build project {name}"))
        .permissions_boundary(when(shared.has_boundary, boundary, no_value()))
        .policies(policies.collect::<Vec<_>>())
        .tags(tags!(iam, cost_center));
    if let Some(policy) = project.managed {
        role = role.managed_policy_arns([policy.policy_arn()]);
    }
    let role = t.add(format!("{}Role", project.id), role);
    let variable = |name: &'static str, value: Value<String>| {
        codebuild::EnvironmentVariable::new(codebuild::EnvironmentVariableRequired { name, value })
    };
    let environment = codebuild::Environment::new(codebuild::EnvironmentRequired {
        compute_type: project.compute,
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        type_: "LINUX_CONTAINER",
    })
    .environment_variables([
        variable("ACTION", val(name)),
        variable("ARTIFACTS_BUCKET", val(shared.artifacts)),
        variable("ROOT_STACK", val(pseudo::STACK_NAME)),
        variable("BRANCH_NAME", val(shared.input.branch_name)),
        variable("REPOSITORY", val(names::PLATFORM_REPOSITORY)),
    ]);
    let buildspec = format!("crates/mlops-platform/assets/buildspecs/{name}.yaml");
    t.add(
        project.id,
        codebuild::Project::new(codebuild::ProjectRequired {
            artifacts: codebuild::Artifacts::new("CODEPIPELINE"),
            environment,
            service_role: role.arn(),
            source: codebuild::Source::new("CODEPIPELINE").build_spec(buildspec),
        })
        .name(name)
        .description(project.description)
        .encryption_key(shared.key.arn())
        .logs_config(
            codebuild::LogsConfig::new().cloud_watch_logs(
                codebuild::CloudWatchLogsConfig::new("ENABLED").group_name(group),
            ),
        )
        .timeout_in_minutes(project.minutes)
        .tags(tags!(codebuild, cost_center)),
    )
}

/// CodeBuild, for this one project of this account.
fn trust(project: &'static str) -> Policy {
    let project = sub!("{}/{project}", names::arn("codebuild", "project"));
    Policy::new([allow(sts::actions::AssumeRole)
        .to(Principal::service("codebuild"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_equals(condition::aws::SourceArn, project))])
}
