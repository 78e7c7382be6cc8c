//! The role of the builds that run the project's own code: its Dockerfiles and the definition of its pipeline.
//!
//! Whoever merges into the project decides what runs here, so it is trusted like a data scientist and no further: it writes no
//! parameter, template or profile, nothing that pipelines hand on, and no object of the project's bucket.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{codeartifact, ecr, iam, s3, sagemaker, sts};

use super::{Of, Role, artifacts, logs};
use crate::names;
use crate::products::sagemaker_project::names as own;

pub(super) fn add(t: &mut Template, of: Of) -> Handle<iam::Role> {
    let builds = ["code", "docker"].map(|purpose| own::build(of.input.project_name, purpose));
    of.role(
        t,
        Role {
            id: "CodeRole",
            purpose: own::CODE,
            description: "builds that run its own code",
            service: "codebuild",
            sources: builds.map(own::build_arn).into(),
            policies: vec![
                ("Build", build(of, builds)),
                ("Images", images(of)),
                ("Packages", packages()),
                ("Pipeline", pipeline(of)),
            ],
        },
    )
}

/// The build itself: its log, and what it is handed. It hands nothing on: who could write here could put another file in the
/// place of what the platform's own pipeline hands on.
fn build(of: Of, builds: [formwork::Text<formwork::Early>; 2]) -> Vec<Statement> {
    let mut statements = vec![logs(builds), of.use_the_key(), of.stop(["build"]), of.parameters()];
    statements.extend(artifacts([s3::actions::GetObject, s3::actions::GetObjectVersion]));
    statements
}

/// The project's images are pushed and pulled, SageMaker's own are pulled.
fn images(of: Of) -> Vec<Statement> {
    use ecr::actions as may;
    let pull = [may::BatchCheckLayerAvailability, may::BatchGetImage, may::GetDownloadUrlForLayer];
    let own = own::repository_arns(of.input.project_name);
    vec![
        allow(may::GetAuthorizationToken).on_all("a token is for all repositories"),
        allow(pull).on(own),
        allow([
            may::CompleteLayerUpload,
            may::DescribeImages,
            may::InitiateLayerUpload,
            may::ListImages,
            may::PutImage,
            may::UploadLayerPart,
        ])
        .on(own),
        // SageMaker's own images are in accounts of AWS, other ones in each region.
        allow(pull)
            .on(sub!("arn:{}:ecr:{}:*:repository/*", pseudo::PARTITION, pseudo::REGION))
            .when(condition::string_not_equals(
                condition::aws::ResourceAccount,
                pseudo::ACCOUNT_ID,
            )),
    ]
}

/// The governed Python packages.
fn packages() -> Vec<Statement> {
    use codeartifact::actions as may;
    let (domain, repository) = (names::PACKAGE_DOMAIN, names::PACKAGE_REPOSITORY);
    vec![
        allow(may::GetAuthorizationToken)
            .on(sub!("{}/{domain}", names::arn("codeartifact", "domain"))),
        allow([may::GetRepositoryEndpoint, may::ReadFromRepository])
            .on(sub!("{}/{domain}/{repository}", names::arn("codeartifact", "repository"))),
        allow(sts::actions::GetServiceBearerToken).on_all("a token has no ARN").when(
            condition::string_equals(
                sts::condition_keys::AWSServiceName,
                "codeartifact.amazonaws.com",
            ),
        ),
    ]
}

/// SageMaker's pipeline of the project is written and started; what it does, it does with the project's role.
fn pipeline(of: Of) -> Vec<Statement> {
    use sagemaker::actions as may;
    let project = of.input.project_name;
    vec![
        allow([
            may::AddTags,
            may::CreatePipeline,
            may::DescribePipeline,
            may::ListTags,
            may::StartPipelineExecution,
            may::UpdatePipeline,
        ])
        .on(sub!("{}/{project}-pipeline", names::arn("sagemaker", "pipeline"))),
        of.hand_on_the_project_role(),
    ]
}
