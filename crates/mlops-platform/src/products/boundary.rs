//! The most that a role of a project may do, whatever its own policies say.
//!
//! A customer who gives a boundary of his own replaces this one, and a role has only one; so the denials are also a policy
//! of their own, which every role of a project has attached.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{cloudformation, ecr, iam, lambda, s3, sagemaker, sts};

use crate::names;
use crate::tags::{PROJECT, STAGE, STUDIO_VISIBILITY};

/// What lists and tells, of whatever project it is.
pub(crate) const READS: [&str; 4] =
    ["sagemaker:BatchDescribe*", "sagemaker:Describe*", "sagemaker:List*", "sagemaker:Search"];

/// What runs in a network, if it is told which.
const IN_THE_VPC: [Action; 4] = [
    sagemaker::actions::CreateHyperParameterTuningJob,
    sagemaker::actions::CreateModel,
    sagemaker::actions::CreateProcessingJob,
    sagemaker::actions::CreateTrainingJob,
];

/// Volumes of these are encrypted by their hardware, and SageMaker refuses a key for them.
const LOCAL_VOLUMES: [&str; 7] =
    ["ml.*d.*", "ml.*dn.*", "ml.g5.*", "ml.g6*.*", "ml.p4*.*", "ml.p5*.*", "ml.trn*.*"];

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
            "lambda:ListFunctions",
            "sts:GetServiceBearerToken",
        ]))
        .on_all("metrics, tokens, lists and descriptions know no resource; interfaces of jobs have no name beforehand"),
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
            "codecommit:UpdatePullRequestDescription",
            "codecommit:UpdatePullRequestStatus",
            "codecommit:UpdatePullRequestTitle",
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
        allow(verbs([
            "cloudformation:CreateStackSet",
            "cloudformation:GetTemplateSummary",
            "cloudformation:ValidateTemplate",
        ]))
        .on_all("what is not there yet, a stack set or a template, is no resource"),
        // Of constraints it makes some and removes none: which product one is of, no condition knows.
        allow(verbs([
            "servicecatalog:*ProvisioningArtifact",
            "servicecatalog:*agResource",
            "servicecatalog:AssociateProduct*",
            "servicecatalog:CreateConstraint",
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
            role(val(sub!("mlops/{}-*", pseudo::REGION))),
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
        // What the platform's own pipeline hands from action to action is in the same bucket as what those of projects do.
        deny(s3::actions::All).on(sub!(
            "{}/{}/*",
            names::bucket_arn("pipelines"),
            names::PLATFORM_PIPELINE_ARTIFACTS
        )),
    ];
    own.into_iter().chain(of_other_projects()).chain(of_jobs()).chain(taken_back()).collect()
}

/// The project that a role is of: each has it as a tag, and none may tag roles.
fn own_project() -> Text<Early> {
    condition::variable(condition::aws::principal_tag(PROJECT))
}

/// What is another project's, and tags that would make it one's own.
fn of_other_projects() -> [Statement; 6] {
    let tag = condition::aws::resource_tag(PROJECT);
    let given = condition::aws::request_tag(PROJECT);
    let of_others = condition::string_not_equals(tag, own_project());
    let endpoint = names::arn("sagemaker", "endpoint");
    let project = own_project();
    [
        // A name that begins like the project's may be that of a longer-named project.
        deny_all_except(READS.map(Action::raw))
            .on_all("whatever is another project's")
            .when(of_others)
            .when(condition::null(tag, false)),
        // It lists what is in a feature group, so it is no mere list; what nobody tagged is nobody's.
        deny(sagemaker::actions::ListRecords).on_all("any feature group").when(of_others),
        deny(sagemaker::actions::All)
            .on_all("whatever is made or tagged")
            .when(condition::string_not_equals(given, project))
            .when(condition::null(given, false)),
        // By their tags profiles and projects say whose they are.
        deny([sagemaker::actions::AddTags, sagemaker::actions::DeleteTags]).on([
            "domain/*",
            "project/*",
            "user-profile/*",
        ]
        .map(|kind| names::arn("sagemaker", kind))),
        // What answers in staging and production is deployed by approval; of whatever project, because the name of one may begin like
        // that of another, whose clients would ask what answers there.
        deny([
            sagemaker::actions::CreateEndpoint,
            sagemaker::actions::DeleteEndpoint,
            sagemaker::actions::UpdateEndpoint,
            sagemaker::actions::UpdateEndpointWeightsAndCapacities,
        ])
        .on([sub!("{endpoint}/*-staging-endpoint"), sub!("{endpoint}/*-prod-endpoint")]),
        // What these run, and batches, has names that nobody knows before. Once it was gone, another could take its name.
        deny([sagemaker::actions::DeleteEndpointConfig, sagemaker::actions::DeleteModel])
            .on_all("whatever is deployed by approval")
            .when(condition::null(condition::aws::resource_tag(STAGE), false)),
    ]
}

/// Jobs without a network or with bare volumes, and with what would lend them rights.
fn of_jobs() -> [Statement; 5] {
    use sagemaker::actions as may;
    use sagemaker::condition_keys as key;
    let encrypted = [
        may::CreateHyperParameterTuningJob,
        may::CreateProcessingJob,
        may::CreateTrainingJob,
        may::CreateTransformJob,
    ];
    let models = sub!("{}/{}-*", names::arn("sagemaker", "model"), own_project());
    let model: condition::ConditionKey<List<Arn>> =
        key::ModelArn.untyped("an endpoint's configuration names a model for each variant");
    [
        deny(IN_THE_VPC).on_all("any job").when(condition::null(key::VpcSubnets, true)),
        deny(IN_THE_VPC).on_all("any job").when(condition::null(key::VpcSecurityGroupIds, true)),
        deny(encrypted)
            .on_all("any job")
            .when(condition::null(key::VolumeKmsKey, true))
            .when(condition::null(key::VolumeKmsKeyArn, true))
            .when(condition::for_all_values(condition::string_not_like(
                key::InstanceTypes,
                LOCAL_VOLUMES,
            ))),
        // A model runs with its own role, whoever uses it. That the key has each variant's, an account has to confirm.
        deny([may::CreateEndpointConfig, may::CreateTransformJob])
            .on_all("whatever uses a model")
            .when(condition::for_any_value(condition::arn_not_like(model, models))),
        // Nobody's role may make tables in Glue. A group without an offline store has none.
        deny(may::CreateFeatureGroup)
            .on_all("any feature group")
            .when(condition::null(key::FeatureGroupOfflineStoreS3Uri, false))
            .when(condition::is_bool(key::FeatureGroupDisableGlueTableCreation, false).if_exists()),
    ]
}

/// What the boundary's own permissions are too wide for.
fn taken_back() -> [Statement; 4] {
    let offered_in_studio = condition::aws::resource_tag(STUDIO_VISIBILITY);
    let to_be_offered = condition::aws::request_tag(STUDIO_VISIBILITY);
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
            "servicecatalog:*agResource",
            "servicecatalog:*ProductFromPortfolio",
            "servicecatalog:*ProductWithPortfolio",
        ]))
        .on_all("the product's id is in no name")
        .when(condition::null(offered_in_studio, false)),
        // Nor may another product look like it in Studio.
        deny(verbs([
            "servicecatalog:CreateProduct",
            "servicecatalog:TagResource",
            "servicecatalog:UpdateProduct",
        ]))
        .on_all("a product to be has no id")
        .when(condition::null(to_be_offered, false)),
        deny_all_except([iam::actions::All, sts::actions::All])
            .on_all("whatever is elsewhere; IAM is in no region, STS answers in any")
            .when(condition::string_not_equals(condition::aws::RequestedRegion, pseudo::REGION)),
    ]
}
