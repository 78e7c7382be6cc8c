//! What each persona may do, and nothing about who may become one.
//!
//! Names of projects, pipelines and repositories are patterns: projects come and go without a change of the platform.

pub(super) mod data_science_admin;
pub(super) mod data_scientist;
pub(super) mod full_stack_developer;

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{codecommit, codepipeline, logs, sagemaker, ssm};

use crate::names;

/// What the platform and its projects say of themselves in Systems Manager.
fn read_parameters() -> Statement {
    use ssm::actions as may;
    allow([may::GetParameter, may::GetParameters, may::GetParametersByPath])
        .on(names::arn("ssm", "parameter/mlops/*"))
        .id("Parameters")
}

/// Logs of these groups, each given without what follows its name.
fn read_logs(groups: impl IntoIterator<Item = Text<Early>>) -> Statement {
    use logs::actions as may;
    let groups_and_streams = groups.into_iter().flat_map(|group| [group, sub!("{group}:*")]);
    allow([may::DescribeLogStreams, may::FilterLogEvents, may::GetLogEvents])
        .on(groups_and_streams.collect::<Vec<_>>())
        .id("Logs")
}

/// The names of all log groups, by which the console finds one.
fn all_log_groups() -> Statement {
    allow(logs::actions::DescribeLogGroups).on_all("the list is of all groups").id("AllLogGroups")
}

/// What a feature store holds is read by a list too, and is no business of whoever may see what there is.
fn no_records() -> Statement {
    deny(sagemaker::actions::ListRecords)
        .on(names::arn("sagemaker", "feature-group/*"))
        .id("NoRecords")
}

/// The console's list of pipelines.
fn all_pipelines() -> Statement {
    allow(codepipeline::actions::ListPipelines)
        .on_all("the list is of all pipelines")
        .id("AllPipelines")
}

/// The console's list of repositories.
fn all_repositories() -> Statement {
    allow(codecommit::actions::ListRepositories)
        .on_all("the list is of all repositories")
        .id("AllRepositories")
}
