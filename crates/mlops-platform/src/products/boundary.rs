//! The most that a role of a project may do, whatever its own policies say.
//!
//! A customer who gives a boundary of his own replaces this one, and a role has only one; so the denials here are also in
//! each role's own policies.

use formwork::Text;
use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{
    cloudformation, cloudwatch, codeartifact, codebuild, codecommit, codepipeline, ec2, ecr, iam,
    kms, lambda, logs, s3, sagemaker, servicecatalog, ssm, sts,
};

use crate::names;
use crate::tags::STUDIO_VISIBILITY;

/// The boundary: what the roles of a project need between them, and what none may ever do.
#[must_use]
pub fn policy() -> Policy {
    data().into_iter().chain(code()).chain(stacks()).chain(denials()).collect()
}

/// Actions by their beginnings, where a boundary that names each would be too long.
fn verbs<const N: usize>(names: [&'static str; N]) -> [Action; N] {
    names.map(Action::raw)
}

/// The ARN of a role of this account.
fn role(name: Text) -> Text {
    sub!("arn:{}:iam::{}:role/{name}", pseudo::PARTITION, pseudo::ACCOUNT_ID)
}

/// Data, jobs and models, and what both leave behind.
fn data() -> Vec<Statement> {
    vec![
        allow(sagemaker::actions::All).on_all("lists know no resource; the denials keep the platform's own out"),
        allow(verbs([
            "s3:AbortMultipartUpload",
            "s3:DeleteObject*",
            "s3:GetBucket*",
            "s3:GetObject*",
            "s3:ListBucket*",
            "s3:ListMultipartUploadParts",
            "s3:PutObject*",
        ]))
        .on_all("a boundary cannot know a project's bucket; of other accounts there is none")
        .when(condition::string_equals(condition::aws::ResourceAccount, pseudo::ACCOUNT_ID)),
        allow(verbs([
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
            "kms:RetireGrant",
        ]))
        .on(names::arn("kms", "key/*")),
        allow(verbs(["ssm:GetParameter*", "ssm:ListTagsForResource"]))
            .on(names::arn("ssm", "parameter/mlops/*")),
        allow(verbs([
            "ssm:AddTagsToResource",
            "ssm:DeleteParameter*",
            "ssm:PutParameter",
            "ssm:RemoveTagsFromResource",
        ]))
        .on(names::arn("ssm", "parameter/mlops/projects/*")),
        allow(verbs(["logs:CreateLog*", "logs:DescribeLog*", "logs:GetLogEvents", "logs:PutLogEvents"]))
            .on([
                names::arn("logs", "log-group:/aws/codebuild/*"),
                names::arn("logs", "log-group:/aws/sagemaker/*"),
            ]),
        allow(verbs([
            "cloudwatch:PutMetricData",
            "ec2:CreateNetworkInterface*",
            "ec2:DeleteNetworkInterface*",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ecr:GetAuthorizationToken",
            "sts:GetServiceBearerToken",
        ]))
        .on_all("metrics, tokens and descriptions know no resource; interfaces of jobs have no name beforehand"),
    ]
}

/// Code, images and packages, and the pipelines that turn them into models.
fn code() -> Vec<Statement> {
    let repository = names::arn("codecommit", "*-project-repo");
    let own_images = names::arn("ecr", "repository/*-repository-*");
    vec![
        allow(verbs([
            "codecommit:BatchGet*",
            "codecommit:CancelUploadArchive",
            "codecommit:Describe*",
            "codecommit:Get*",
            "codecommit:GitPull",
            "codecommit:List*",
            "codecommit:UploadArchive",
        ]))
        .on([repository, names::arn("codecommit", names::PLATFORM_REPOSITORY)]),
        allow(verbs([
            "codecommit:CreateBranch",
            "codecommit:CreatePullRequest",
            "codecommit:GitPush",
            "codecommit:PostComment*",
            "codecommit:UpdatePullRequest*",
        ]))
        .on(repository),
        allow(ecr::actions::All).on(own_images),
        // SageMaker's own images are in accounts of AWS, other ones in each region.
        allow(verbs(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]))
            .on(sub!("arn:{}:ecr:{}:*:repository/*", pseudo::PARTITION, pseudo::REGION)),
        allow(verbs(["codeartifact:Describe*", "codeartifact:Get*", "codeartifact:List*", "codeartifact:ReadFromRepository"]))
            .on(["domain", "package", "repository"].map(|kind| {
                sub!("{}/{}*", names::arn("codeartifact", kind), names::PACKAGE_DOMAIN)
            })),
        allow(verbs(["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]))
            .on(sub!("{}/{}-mlops-*", names::arn("codebuild", "project"), pseudo::REGION)),
        allow(verbs([
            "codepipeline:Get*",
            "codepipeline:List*",
            "codepipeline:StartPipelineExecution",
            "codepipeline:StopPipelineExecution",
        ]))
        .on(names::arn("codepipeline", "*_pipeline")),
        allow(lambda::actions::InvokeFunction)
            .on(names::arn("lambda", "function:studio-project-ready-notify")),
    ]
}

/// The stacks that the pipeline of a project deploys, with the roles that these are handed.
fn stacks() -> Vec<Statement> {
    let things = [
        "stack/*-service-catalog-stack/*",
        "stack/*-ecr-repo-stack/*",
        "stack/*-model-group-stack/*",
        "stack/*-inference-stackset-*/*",
        "stack/*-monitor-stackset/*",
        "stackset/*",
        "stackset-target/*",
    ];
    let product =
        sub!("{}/SC-{}-pp-*", names::arn("cloudformation", "stack"), pseudo::ACCOUNT_ID);
    let types = sub!("arn:{}:cloudformation:{}::type/resource/*", pseudo::PARTITION, pseudo::REGION);
    vec![
        allow(cloudformation::actions::All)
            .on(things.map(|thing| names::arn("cloudformation", thing)))
            .on(types),
        allow(cloudformation::actions::DescribeStacks).on(product),
        allow(verbs(["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"]))
            .on_all("a template that is not launched yet is no resource"),
        allow(verbs([
            "servicecatalog:*Constraint*",
            "servicecatalog:*Product",
            "servicecatalog:*ProductFromPortfolio",
            "servicecatalog:*ProductWithPortfolio",
            "servicecatalog:*ProvisioningArtifact*",
            "servicecatalog:*agResource",
            "servicecatalog:Describe*",
            "servicecatalog:List*",
        ]))
        .on_all("products have no name in their ARN, constraints no ARN; the denials keep the platform's own product out"),
        allow([iam::actions::GetRole, iam::actions::PassRole]).on(handed_on()),
    ]
}

/// The roles that a project hands to services: its own, the one that products are launched with, and the one that administers
/// stack sets.
fn handed_on() -> [Text; 3] {
    [
        role(sub!("mlops/*{}", late())),
    ]
}

/// What a role may not do even if something else allows it.
#[must_use]
pub fn denials() -> Vec<Statement> {
    vec![]
}
