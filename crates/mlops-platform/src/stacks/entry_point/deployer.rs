//! What `deploy_platform` may do. CloudFormation changes every resource of the platform with this role's rights, so it reaches
//! all of them, and by their names and tags nothing else.
//!
//! It can create roles whose names begin with the region, so where no permissions boundary is set it is as strong as an
//! administrator: `docs/platform.md` says so. With one, every role that it makes has to have it.

use formwork::iam::{Action, Clause, Statement};
use formwork::prelude::*;
use formwork_aws::{cloudformation, iam, kms, lambda, s3, ssm};

use super::Inputs;
use crate::names;
use crate::tags::{PLATFORM, PLATFORM_VALUE};

/// All actions of these services whose names begin so: a platform's update reads, makes, changes and removes.
fn verbs<const N: usize>(names: [&'static str; N]) -> Vec<Action> {
    names.into_iter().map(Action::raw).collect()
}

fn of_platform() -> Clause {
    condition::string_equals(condition::aws::resource_tag(PLATFORM), PLATFORM_VALUE)
}

fn for_platform() -> Clause {
    condition::string_equals(condition::aws::request_tag(PLATFORM), PLATFORM_VALUE)
}

/// The policies of the role, by name. Together they stay below the 10,240 characters of a role.
pub(super) fn policies(
    input: Inputs,
    key: Handle<kms::Key>,
    has_boundary: Condition,
) -> Vec<(&'static str, Vec<Statement>)> {
    vec![
        ("Stacks", stacks(key)),
        ("Roles", roles(input, has_boundary)),
        ("Storage", storage()),
        ("Code", code()),
        ("Network", network()),
        ("Studio", studio()),
    ]
}

/// The root stack and what it nests, read from the release in the region's own bucket.
fn stacks(key: Handle<kms::Key>) -> Vec<Statement> {
    let bucket = names::bucket_arn("artifacts");
    let stack = names::arn("cloudformation", "stack");
    vec![
        allow(verbs([
            "cloudformation:*ChangeSet*",
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:Describe*",
            "cloudformation:GetTemplate*",
            "cloudformation:ListStackResources",
            "cloudformation:UpdateStack",
        ]))
        .on([sub!("{stack}/{}/*", pseudo::STACK_NAME), sub!("{stack}/{}-*/*", pseudo::STACK_NAME)]),
        allow([
            cloudformation::actions::GetTemplateSummary,
            cloudformation::actions::ValidateTemplate,
        ])
        .on_all("a template that is not launched yet has no resource"),
        allow(s3::actions::GetObject).on([
            sub!("{bucket}/templates/*"),
            sub!("{bucket}/assets/*"),
            sub!("{bucket}/{}", crate::launch::TEMPLATE),
        ]),
        allow([
            kms::actions::CreateGrant,
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
        ])
        .on(key.arn()),
        allow(lambda::actions::InvokeFunction).on(names::arn("lambda", "function:mlops-*")),
        allow(ssm::actions::GetParameters).on(names::arn("ssm", "parameter/mlops/platform/*")),
    ]
}

/// Roles and policies whose names begin with the region, and to whom they may be handed.
fn roles(input: Inputs, has_boundary: Condition) -> Vec<Statement> {
    let (partition, account, region) = (pseudo::PARTITION, pseudo::ACCOUNT_ID, pseudo::REGION);
    let roles = sub!("arn:{partition}:iam::{account}:role/{region}-*");
    let with_boundary = condition::arn_equals(
        iam::condition_keys::PermissionsBoundary,
        input.permissions_boundary_arn,
    );
    vec![
        allow([iam::actions::CreateRole, iam::actions::PutRolePermissionsBoundary])
            .on(roles)
            .when(with_boundary.only_if(has_boundary)),
        allow(verbs([
            "iam:AttachRolePolicy",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole*",
            "iam:List*Role*",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:Update*Role*",
        ]))
        .on(roles),
        allow(verbs([
            "iam:CreatePolicy*",
            "iam:DeletePolicy*",
            "iam:GetPolicy*",
            "iam:ListPolicy*",
            "iam:SetDefaultPolicyVersion",
            "iam:TagPolicy",
            "iam:UntagPolicy",
        ]))
        .on(sub!("arn:{partition}:iam::{account}:policy/{region}-mlops-*")),
        allow(iam::actions::PassRole).on(roles).when(condition::string_equals(
            iam::condition_keys::PassedToService,
            [
                "codebuild.amazonaws.com",
                "codepipeline.amazonaws.com",
                "events.amazonaws.com",
                "lambda.amazonaws.com",
                "sagemaker.amazonaws.com",
                "servicecatalog.amazonaws.com",
                "vpc-flow-logs.amazonaws.com",
            ],
        )),
    ]
}

/// Buckets, keys, logs, parameters, queues and topics.
fn storage() -> Vec<Statement> {
    let buckets =
        sub!("arn:{}:s3:::{}-{}-mlops-*", pseudo::PARTITION, pseudo::ACCOUNT_ID, pseudo::REGION);
    vec![
        allow(verbs([
            "s3:CreateBucket",
            "s3:DeleteBucket*",
            "s3:Get*Configuration",
            "s3:GetBucket*",
            "s3:Put*Configuration",
            "s3:PutBucket*",
        ]))
        .on(buckets),
        allow(kms::actions::CreateKey).on_all("a new key has no name").when(for_platform()),
        allow(verbs([
            "kms:*Alias",
            "kms:*KeyRotation",
            "kms:*ResourceTags",
            "kms:*agResource",
            "kms:Describe*",
            "kms:Get*",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:UpdateKeyDescription",
        ]))
        .on(names::arn("kms", "key/*"))
        .when(of_platform()),
        allow(verbs(["kms:*Alias"])).on(sub!(
            "{}/{}-mlops-*",
            names::arn("kms", "alias"),
            pseudo::REGION
        )),
        allow(verbs([
            "logs:*LogGroup*",
            "logs:*RetentionPolicy",
            "logs:*agResource",
            "logs:*TagsForResource",
            "logs:*KmsKey",
        ]))
        .on(names::arn("logs", "log-group:*")),
        allow(verbs(["ssm:*Parameter*", "ssm:*TagsTo*", "ssm:*TagsFor*", "ssm:*TagsFrom*"]))
            .on(names::arn("ssm", "parameter/mlops/*")),
        allow(ssm::actions::DescribeParameters).on_all("a search has no resource"),
        allow(verbs(["sqs:*Queue*"])).on(names::arn("sqs", "mlops-*")),
        allow(verbs(["sns:*Topic*", "sns:*ubscri*", "sns:*agResource", "sns:ListTagsForResource"]))
            .on(names::arn("sns", "mlops-*")),
    ]
}

/// Functions, rules, alarms, builds, pipelines, the repository, packages.
fn code() -> Vec<Statement> {
    vec![
        allow(verbs([
            "lambda:*Function*",
            "lambda:*Permission",
            "lambda:*agResource",
            "lambda:ListTags",
        ]))
        .on([
            names::arn("lambda", "function:mlops-*"),
            names::arn("lambda", "function:sm-tag-lambda"),
            names::arn("lambda", "function:studio-project-ready-notify"),
        ]),
        allow(verbs(["events:*Rule*", "events:*Targets", "events:*agResource", "events:ListT*"]))
            .on(names::arn("events", "rule/mlops-*")),
        allow(verbs([
            "cloudwatch:*Alarm*",
            "cloudwatch:*agResource",
            "cloudwatch:ListTagsForResource",
        ]))
        .on(names::arn("cloudwatch", "alarm:mlops-*")),
        allow(verbs(["codebuild:*Project*"])).on([
            "init_mlops_platform_repo",
            "build_base_model_repo",
            "deploy_platform",
            "build_codeartifact",
        ]
        .map(|name| sub!("{}/{name}", names::arn("codebuild", "project")))),
        allow(verbs([
            "codepipeline:*Pipeline*",
            "codepipeline:*agResource",
            "codepipeline:ListTagsForResource",
        ]))
        .on(names::arn("codepipeline", "mlops_platform_deploy")),
        allow(verbs([
            "codecommit:*Repository*",
            "codecommit:*agResource",
            "codecommit:ListTagsForResource",
        ]))
        .on(names::arn("codecommit", names::PLATFORM_REPOSITORY)),
        allow(verbs([
            "codeartifact:*Domain*",
            "codeartifact:*Repository*",
            "codeartifact:*agResource",
            "codeartifact:ListTagsForResource",
        ]))
        .on([
            names::arn("codeartifact", "domain/mlops"),
            names::arn("codeartifact", "repository/mlops/*"),
        ]),
    ]
}

/// The VPC and what is in it: found by the platform's tag, described without.
fn network() -> Vec<Statement> {
    let things = [
        "vpc/*",
        "subnet/*",
        "route-table/*",
        "security-group/*",
        "security-group-rule/*",
        "vpc-endpoint/*",
        "vpc-flow-log/*",
    ];
    let things = things.map(|thing| names::arn("ec2", thing));
    vec![
        allow(verbs(["ec2:Describe*", "ec2:GetManagedPrefixListEntries"]))
            .on_all("descriptions know no resource"),
        allow(verbs([
            "ec2:CreateTags",
            "ec2:CreateVpc*",
            "ec2:CreateSubnet",
            "ec2:CreateRouteTable",
            "ec2:CreateSecurityGroup",
            "ec2:CreateFlowLogs",
        ]))
        .on(things)
        .when(for_platform()),
        allow(verbs([
            "ec2:Associate*",
            "ec2:Authorize*",
            "ec2:Create*",
            "ec2:Delete*",
            "ec2:Disassociate*",
            "ec2:Modify*",
            "ec2:Revoke*",
            "ec2:Update*",
        ]))
        .on(things)
        .when(of_platform()),
    ]
}

/// The domain and its admin's profile, the portfolio and its product.
fn studio() -> Vec<Statement> {
    vec![
        allow(verbs(["sagemaker:*Domain", "sagemaker:*UserProfile", "sagemaker:*Tags"]))
            .on([names::arn("sagemaker", "domain/*"), names::arn("sagemaker", "user-profile/*")]),
        allow(verbs([
            "servicecatalog:*Constraint*",
            "servicecatalog:*Portfolio*",
            "servicecatalog:*Product*",
            "servicecatalog:*ProvisioningArtifact*",
            "servicecatalog:*agResource",
        ]))
        .on([
            sub!(
                "arn:{}:catalog:{}:{}:portfolio/*",
                pseudo::PARTITION,
                pseudo::REGION,
                pseudo::ACCOUNT_ID
            ),
            sub!(
                "arn:{}:catalog:{}:{}:product/*",
                pseudo::PARTITION,
                pseudo::REGION,
                pseudo::ACCOUNT_ID
            ),
            sub!(
                "arn:{}:servicecatalog:{}:{}:*",
                pseudo::PARTITION,
                pseudo::REGION,
                pseudo::ACCOUNT_ID
            ),
        ]),
        allow(verbs([
            "servicecatalog:*Constraint*",
            "servicecatalog:List*",
            "servicecatalog:Search*",
        ]))
        .on_all("constraints and searches know no resource"),
    ]
}
