//! The kinds of actions that the project's pipelines consist of.
//!
//! A build's first source is always the platform's repository, so that
//! buildspec and script are the platform's, whatever else it works on.

use formwork::prelude::*;
use formwork_aws::codebuild;
use formwork_aws::codepipeline::{
    ActionDeclaration, ActionTypeIdCategory as Category, InputArtifact, OutputArtifact,
};

use super::{NOTIFY, Parts};
use crate::names;
use crate::pipelines::{action, source};
use crate::products::sagemaker_project::names as own;
use crate::products::{INFRA_BRANCH_NAME, platform};

/// The artifact with the platform's repository.
pub(super) const PLATFORM: &str = "PlatformRepo";

/// The artifact with the project's repository.
pub(super) const PROJECT: &str = "ProjectRepo";

/// Where the commit of the project's repository is known by.
const PROJECT_SOURCE: &str = "ProjectSource";

/// What a build runs, where, on what and to which end.
#[derive(Clone, Copy)]
pub(super) struct Build {
    /// The action's name.
    pub(super) name: &'static str,
    /// The buildspec's name, by which the script knows that it is meant.
    pub(super) runs: &'static str,
    /// The pipeline that it is in, by its kind.
    pub(super) of: &'static str,
    pub(super) on: Handle<codebuild::Project>,
    /// One more variable, with its value.
    pub(super) with: Option<(&'static str, &'static str)>,
    /// Whether it works on the project's repository.
    pub(super) project: bool,
    /// The artifact that it makes.
    pub(super) makes: Option<&'static str>,
}

/// A file of an artifact.
#[derive(Clone, Copy)]
pub(super) struct File(pub(super) &'static str, pub(super) &'static str);

/// The platform's repository, at the branch that the platform itself follows.
pub(super) fn platform_source() -> ActionDeclaration {
    source("platform_repo", val(names::PLATFORM_REPOSITORY), val(platform(INFRA_BRANCH_NAME)))
        .output_artifacts([OutputArtifact::new(PLATFORM)])
}

/// The project's repository.
pub(super) fn project_source(parts: Parts) -> ActionDeclaration {
    source("project_repo", parts.repository.name(), val("main"))
        .output_artifacts([OutputArtifact::new(PROJECT)])
        .namespace(PROJECT_SOURCE)
}

/// A build.
pub(super) fn build(parts: Parts, build: Build) -> ActionDeclaration {
    let buildspec = format!("crates/mlops-platform/assets/buildspecs/{}.yaml", build.runs);
    let mut sources = vec![InputArtifact::new(PLATFORM)];
    if build.project {
        sources.push(InputArtifact::new(PROJECT));
    }
    let action = action(build.name, Category::Build, "CodeBuild")
        .configuration(object([
            ("ProjectName", any(build.on)),
            ("PrimarySource", any(PLATFORM)),
            ("BuildspecOverride", any(buildspec)),
            ("EnvironmentVariables", any(variables(parts, build))),
        ]))
        .input_artifacts(sources);
    match build.makes {
        Some(artifact) => action.output_artifacts([OutputArtifact::new(artifact)]),
        None => action,
    }
}

/// The variables of a build, as CodePipeline wants them: JSON in a text. By its own run's id a script can stop it.
fn variables(parts: Parts, build: Build) -> Value<String> {
    let pipeline = own::pipeline(parts.input.project_name, build.of);
    let one = |name: &str, value: &str| format!(r#"{{"name":"{name}","value":"{value}"}}"#);
    let mut rest = vec![one("PIPELINE_EXECUTION_ID", "#{codepipeline.PipelineExecutionId}")];
    if build.project {
        rest.push(one("COMMIT_ID", &format!("#{{{PROJECT_SOURCE}.CommitId}}")));
    }
    rest.extend(build.with.map(|(name, value)| one(name, value)));
    let (action, rest) = (one("ACTION", build.runs), rest.join(","));
    val(sub!(r#"[{action},{{"name":"PIPELINE","value":"{pipeline}"}},{rest}]"#))
}

/// A stack of the project, made or updated with the role of its own.
pub(super) fn stack(
    parts: Parts,
    name: &'static str,
    stack: &'static str,
    template: File,
    parameters: File,
) -> ActionDeclaration {
    let file = |File(artifact, name)| format!("{artifact}::{name}");
    let mut artifacts = vec![InputArtifact::new(template.0)];
    if parameters.0 != template.0 {
        artifacts.push(InputArtifact::new(parameters.0));
    }
    action(name, Category::Deploy, "CloudFormation")
        .configuration(object([
            ("ActionMode", any("CREATE_UPDATE")),
            ("StackName", any(own::stack(parts.input.project_name, stack))),
            ("Capabilities", any("CAPABILITY_NAMED_IAM")),
            ("RoleArn", any(parts.roles.cfn.arn())),
            ("TemplatePath", any(file(template))),
            ("TemplateConfiguration", any(file(parameters))),
        ]))
        .input_artifacts(artifacts)
}

/// Waits until somebody agrees, seven days at most.
pub(super) fn approval(name: &'static str, asks: &'static str) -> ActionDeclaration {
    action(name, Category::Approval, "Manual")
        .configuration(object([("CustomData", asks)]))
        .timeout_in_minutes(7 * 24 * 60)
        .run_order(2)
}

/// Tells people that the project is ready.
pub(super) fn notify(parts: Parts, name: &'static str) -> ActionDeclaration {
    action(name, Category::Invoke, "Lambda").configuration(object([
        ("FunctionName", any(NOTIFY)),
        ("UserParameters", any(parts.input.project_name)),
    ]))
}
