//! The most that a role of a project may do, whatever its own policies say.
//!
//! A customer who gives a boundary of his own replaces this one, and a role has only one; so the denials are also a policy
//! of their own, which every role of a project has attached.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{cloudformation, ecr, iam, lambda, sagemaker, sts};

use crate::names;
use crate::tags::STUDIO_VISIBILITY;

/// The boundary: what the roles of a project need between them. What it does not name it does not allow, so of the denials it
/// has only those that take something back.
#[must_use]
pub fn policy() -> Policy {
    data().into_iter().chain(code()).chain(stacks()).chain(taken_back()).collect()
}

/// Actions by their beginnings, where a boundary that names each would be too long.
fn verbs<const N: usize>(names: [&'static str; N]) -> [Action; N] {
    names.map(Action::raw)
}

/// The ARN of a role of this account, by its path and name.
fn role(name: Value<String>) -> Value<Arn> {
    val(sub!("arn:{}:iam::{}:role/{name}", pseudo::PARTITION, pseudo::ACCOUNT_ID))
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
    let packages =
        [("domain", ""), ("package", "/*"), ("repository", "/*")].map(|(kind, below)| {
            sub!("{}/{}{below}", names::arn("codeartifact", kind), names::PACKAGE_DOMAIN)
        });
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
        allow(verbs([
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ]))
        .on(sub!("arn:{}:ecr:{}:*:repository/*", pseudo::PARTITION, pseudo::REGION)),
        allow(verbs([
            "codeartifact:Describe*",
            "codeartifact:Get*",
            "codeartifact:List*",
            "codeartifact:ReadFromRepository",
        ]))
        .on(packages),
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
    let product = sub!("{}/SC-{}-pp-*", names::arn("cloudformation", "stack"), pseudo::ACCOUNT_ID);
    let types =
        sub!("arn:{}:cloudformation:{}::type/resource/*", pseudo::PARTITION, pseudo::REGION);
    vec![
        allow(cloudformation::actions::All)
            .on(things.map(|thing| names::arn("cloudformation", thing)))
            .on(types),
        allow(cloudformation::actions::DescribeStacks).on(product),
        allow(verbs(["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"]))
            .on_all("a template that is not launched yet is no resource"),
        allow(verbs([
            "servicecatalog:*Constraint",
            "servicecatalog:*ProvisioningArtifact",
            "servicecatalog:AssociateProduct*",
            "servicecatalog:CreateProduct",
            "servicecatalog:DeleteProduct",
            "servicecatalog:Describe*",
            "servicecatalog:DisassociateProduct*",
            "servicecatalog:List*",
            "servicecatalog:UpdateProduct",
        ]))
        .on_all("a product's ARN has no name, a constraint no ARN; the denials keep the platform's own product out"),
        // A project's own roles, the one that products are launched with, the one that administers stack sets.
        allow([iam::actions::GetRole, iam::actions::PassRole]).on([
            role(val("mlops/*")),
            role(val(names::platform_role("sc-launch"))),
            role(val(names::stackset_admin_role(val(pseudo::ACCOUNT_ID)))),
        ]),
    ]
}

/// The ARN of the policy with the denials, which products attach by its name.
#[must_use]
pub fn denials_arn() -> Value<Arn> {
    let name = names::project_denials();
    val(sub!("arn:{}:iam::{}:policy/{name}", pseudo::PARTITION, pseudo::ACCOUNT_ID))
}

/// What a role may not do even if something else allows it.
#[must_use]
pub fn denials() -> Vec<Statement> {
    let personas = ["datascience-admin", "datascientist", "full-stack-developer"]
        .map(|persona| role(val(names::persona_role(persona))));
    let own = [
        // No role of a project makes roles; stack sets do, with a role of their own.
        deny(verbs([
            "iam:Add*",
            "iam:Attach*",
            "iam:Create*",
            "iam:Delete*",
            "iam:Detach*",
            "iam:Put*",
            "iam:Remove*",
            "iam:Set*",
            "iam:Tag*",
            "iam:Untag*",
            "iam:Update*",
            "iam:Upload*",
        ]))
        .on_all("whatever it is of"),
        deny([iam::actions::All, sts::actions::AssumeRole]).on(personas),
        deny(verbs(["ssm:AddTags*", "ssm:Delete*", "ssm:Label*", "ssm:Put*", "ssm:RemoveTags*"]))
            .on(names::arn("ssm", "parameter/mlops/platform/*")),
    ];
    own.into_iter().chain(taken_back()).collect()
}

/// What the boundary's own permissions are too wide for.
fn taken_back() -> [Statement; 3] {
    let offered_in_studio = condition::aws::resource_tag(STUDIO_VISIBILITY);
    [
        // The domain, its people, projects and whether there are any: the platform's and the admin's.
        deny(verbs([
            "sagemaker:*SagemakerServicecatalogPortfolio",
            "sagemaker:CreateDomain",
            "sagemaker:CreatePresignedDomainUrl",
            "sagemaker:CreateProject",
            "sagemaker:CreateUserProfile",
            "sagemaker:DeleteDomain",
            "sagemaker:DeleteProject",
            "sagemaker:DeleteUserProfile",
            "sagemaker:UpdateDomain",
            "sagemaker:UpdateProject",
        ]))
        .on_all("whatever it is of"),
        // The product "SageMaker Project": whoever could change it could have anything made with the launch role.
        deny(verbs([
            "servicecatalog:*Constraint",
            "servicecatalog:*ProvisioningArtifact",
            "servicecatalog:*Product",
        ]))
        .on_all("the product's id is in no name")
        .when(condition::null(offered_in_studio, false)),
        deny_all_except([iam::actions::All, sts::actions::All])
            .on_all("whatever is elsewhere; IAM is in no region, STS answers in any")
            .when(condition::string_not_equals(condition::aws::RequestedRegion, pseudo::REGION)),
    ]
}
