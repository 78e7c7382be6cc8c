//! What the builds of `mlops_platform_deploy` may do, statement by statement.
//!
//! Resources are named by the fixed names that the platform gives them: a policy that referred to them would wait for what
//! waits for it.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{codeartifact, codebuild, codecommit, codepipeline, kms, logs, s3, ssm, sts};

use crate::names;

/// What CodePipeline does for the pipeline itself.
pub(super) fn run_the_pipeline(key: Handle<kms::Key>) -> Vec<Statement> {
    let mut statements = pipeline_artifacts();
    statements.extend([
        allow([
            codecommit::actions::CancelUploadArchive,
            codecommit::actions::GetBranch,
            codecommit::actions::GetCommit,
            codecommit::actions::GetRepository,
            codecommit::actions::GetUploadArchiveStatus,
            codecommit::actions::UploadArchive,
        ])
        .on(repository()),
        allow([codebuild::actions::BatchGetBuilds, codebuild::actions::StartBuild])
            .on(names::PLATFORM_BUILDS
                .map(|name| sub!("{}/{name}", names::arn("codebuild", "project")))),
        use_the_key(key),
    ]);
    statements
}

/// What every build needs: its own log group and the pipeline's artifacts.
pub(super) fn run_a_build(project: &'static str, key: Handle<kms::Key>) -> Vec<Statement> {
    let group = sub!("{}/{project}:*", names::arn("logs", "log-group:/aws/codebuild"));
    let mut statements = pipeline_artifacts();
    statements.extend([
        allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents]).on(group),
        use_the_key(key),
    ]);
    statements
}

fn pipeline_artifacts() -> Vec<Statement> {
    let bucket = names::bucket_arn("pipelines");
    vec![
        allow([s3::actions::GetObject, s3::actions::GetObjectVersion, s3::actions::PutObject])
            .on(sub!("{bucket}/{}/*", names::PLATFORM_PIPELINE_ARTIFACTS)),
        allow([
            s3::actions::GetBucketAcl,
            s3::actions::GetBucketLocation,
            s3::actions::GetBucketVersioning,
            s3::actions::ListBucket,
        ])
        .on(bucket),
    ]
}

fn use_the_key(key: Handle<kms::Key>) -> Statement {
    allow([
        kms::actions::Decrypt,
        kms::actions::DescribeKey,
        kms::actions::Encrypt,
        kms::actions::GenerateDataKey,
    ])
    .on(key.arn())
}

fn repository() -> formwork::Text<formwork::Early> {
    names::arn("codecommit", names::PLATFORM_REPOSITORY)
}

/// For `init_mlops_platform_repo`.
pub(super) fn branch_the_repository() -> Statement {
    allow([codecommit::actions::CreateBranch, codecommit::actions::GetBranch]).on(repository())
}

/// For `build_base_model_repo`: new objects of the release, and what the platform knows of itself.
pub(super) fn write_the_release() -> Vec<Statement> {
    let bucket = names::bucket_arn("artifacts");
    vec![
        allow([s3::actions::GetObject, s3::actions::PutObject]).on([
            sub!("{bucket}/templates/*"),
            sub!("{bucket}/assets/*"),
            sub!("{bucket}/{}", crate::launch::TEMPLATE),
        ]),
        allow(s3::actions::ListBucket).on(bucket),
        allow([ssm::actions::GetParameter, ssm::actions::GetParameters])
            .on(names::arn("ssm", "parameter/mlops/platform/*")),
    ]
}

/// For `build_codeartifact`.
pub(super) fn publish_packages() -> Vec<Statement> {
    vec![
        allow([codeartifact::actions::GetAuthorizationToken])
            .on(names::arn("codeartifact", "domain/mlops")),
        allow([
            codeartifact::actions::GetRepositoryEndpoint,
            codeartifact::actions::ReadFromRepository,
        ])
        .on(names::arn("codeartifact", "repository/mlops/mlops-codeartifact-repository")),
        allow([
            codeartifact::actions::ListPackageVersionAssets,
            codeartifact::actions::PublishPackageVersion,
        ])
        .on(names::arn("codeartifact", "package/mlops/mlops-codeartifact-repository/pypi/*")),
        // The token's own statement: STS knows no resource for it.
        allow(sts::actions::GetServiceBearerToken).on_all("a bearer token has no resource").when(
            condition::string_equals(
                sts::condition_keys::AWSServiceName,
                "codeartifact.amazonaws.com",
            ),
        ),
        allow(ssm::actions::GetParameters).on(names::arn("ssm", "parameter/mlops/platform/*")),
    ]
}

/// For the rule that starts the pipeline after a push.
pub(super) fn start_the_pipeline() -> Statement {
    allow(codepipeline::actions::StartPipelineExecution).on(pipeline_arn())
}

/// The ARN of `mlops_platform_deploy`.
pub(super) fn pipeline_arn() -> formwork::Text<formwork::Early> {
    names::arn("codepipeline", names::PLATFORM_PIPELINE)
}
