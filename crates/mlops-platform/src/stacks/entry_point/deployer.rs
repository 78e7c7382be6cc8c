//! What `deploy_platform` may do. CloudFormation changes every resource of the platform with this role's rights, so it reaches
//! all of them, and by their names and tags nothing else.
//!
//! It can create roles whose names begin with the region, so where no permissions boundary is set it is as strong as an
//! administrator: `docs/platform.md` says so. With one, every role that it makes has to have it.

use formwork::iam::{Action, Clause, Statement};
use formwork::prelude::*;
use formwork_aws::{cloudformation, codecommit, ec2, iam, kms, lambda, logs, s3, sagemaker, ssm};

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

/// The policies that the role holds itself, by name. They stay below the 10,240 characters of a role together, and so the rest
/// is in [`managed`].
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
    ]
}

/// What the role may do with what people work in: the network, Studio, the portfolio.
pub(super) fn managed(t: &mut Template) -> Handle<iam::ManagedPolicy> {
    let statements = network().into_iter().chain(studio());
    t.add(
        "DeployPlatformProjectPolicy",
        iam::ManagedPolicy::new(statements.collect::<Policy>())
            .managed_policy_name(names::platform_role("deployer"))
            .description("What deploy_platform may do with network, Studio and portfolio"),
    )
}

/// The root stack and what it nests, read from the release in the region's own bucket.
fn stacks(key: Handle<kms::Key>) -> Vec<Statement> {
    let bucket = names::bucket_arn("artifacts");
    let stack = names::arn("cloudformation", "stack");
    vec![
        allow(verbs([
            "cloudformation:*ChangeSet*",
            "cloudformation:*agResource",
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:Describe*",
            "cloudformation:Get*",
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
        // Whatever gives a role a right, or gives the role to somebody, asks for the boundary.
        allow([
            iam::actions::AttachRolePolicy,
            iam::actions::CreateRole,
            iam::actions::PutRolePermissionsBoundary,
            iam::actions::PutRolePolicy,
            iam::actions::UpdateAssumeRolePolicy,
        ])
        .on(roles)
        .when(with_boundary.only_if(has_boundary)),
        allow(verbs([
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole*",
            "iam:List*Role*",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateRole*",
        ]))
        .on(roles),
        // The boundary binds this role too, so it may neither change it nor take it off.
        deny(verbs([
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy*",
            "iam:SetDefaultPolicyVersion",
        ]))
        .on(input.permissions_boundary_arn)
        .only_if(has_boundary),
        deny(iam::actions::DeleteRolePermissionsBoundary).on(roles).only_if(has_boundary),
        allow(verbs([
            "iam:CreatePolicy*",
            "iam:DeletePolicy*",
            "iam:GetPolicy*",
            "iam:ListEntitiesForPolicy",
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
            "s3:*agResource",
            "s3:CreateBucket",
            "s3:DeleteBucket*",
            "s3:Get*Configuration",
            "s3:GetBucket*",
            "s3:ListBucket",
            "s3:ListTagsForResource",
            "s3:Put*Configuration",
            "s3:PutBucket*",
        ]))
        .on(buckets),
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
            "logs:DeleteDataProtectionPolicy",
            "logs:GetDataProtectionPolicy",
            "logs:*agResource",
            "logs:*TagsForResource",
            "logs:*KmsKey",
        ]))
        .on(log_groups()),
        // What CloudFormation looks for when it reads a group, an alias, a repository.
        allow([
            codecommit::actions::ListRepositories,
            kms::actions::ListAliases,
            logs::actions::DescribeIndexPolicies,
            logs::actions::DescribeLogGroups,
            logs::actions::DescribeResourcePolicies,
        ])
        .on_all("lists are of all that there is"),
        allow(verbs(["ssm:*Parameter*", "ssm:*TagsTo*", "ssm:*TagsFor*", "ssm:*TagsFrom*"]))
            .on(names::arn("ssm", "parameter/mlops/*")),
        allow(ssm::actions::DescribeParameters).on_all("a search has no resource"),
        allow(verbs(["sqs:*Queue*"])).on(names::arn("sqs", "mlops-*")),
        allow(verbs([
            "sns:*Topic*",
            "sns:*ubscri*",
            "sns:*agResource",
            "sns:GetDataProtectionPolicy",
            "sns:ListTagsForResource",
        ]))
        .on(names::arn("sns", "mlops-*")),
    ]
}

/// The log groups of the platform's functions, builds and network; some actions name what is in a group too.
fn log_groups() -> Vec<formwork::Text<formwork::Early>> {
    let functions = ["mlops-", "sm-tag-lambda", "studio-project-ready-notify"];
    let functions = functions.map(|name| format!("log-group:/aws/lambda/{name}*"));
    let builds = names::PLATFORM_BUILDS.map(|name| format!("log-group:/aws/codebuild/{name}*"));
    let all = functions.into_iter().chain(builds).chain(["log-group:/mlops/*".to_owned()]);
    all.map(|group| names::arn("logs", group.leak())).collect()
}

/// Functions, rules, alarms, builds, pipelines, the repository, packages.
fn code() -> Vec<Statement> {
    vec![
        allow(verbs([
            "lambda:*Function*",
            "lambda:*Permission",
            "lambda:*agResource",
            "lambda:GetPolicy",
            "lambda:GetRuntimeManagementConfig",
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
        allow(verbs(["codebuild:*Project*"])).on(names::PLATFORM_BUILDS
            .map(|name| sub!("{}/{name}", names::arn("codebuild", "project")))),
        allow(verbs([
            "codepipeline:*Pipeline*",
            "codepipeline:*agResource",
            "codepipeline:ListTagsForResource",
        ]))
        .on(names::arn("codepipeline", names::PLATFORM_PIPELINE)),
        allow(verbs([
            "codecommit:*Repository*",
            "codecommit:*agResource",
            "codecommit:CreateCommit",
            "codecommit:ListTagsForResource",
        ]))
        .on(names::arn("codecommit", names::PLATFORM_REPOSITORY)),
        allow(verbs([
            "codeartifact:*Domain*",
            "codeartifact:*ExternalConnection",
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
    let made = [
        "vpc/*",
        "subnet/*",
        "route-table/*",
        "security-group/*",
        "vpc-endpoint/*",
        "vpc-flow-log/*",
    ];
    let made = made.map(|kind| names::arn("ec2", kind));
    let changed = made.into_iter().chain([names::arn("ec2", "security-group-rule/*")]);
    vec![
        allow(verbs(["ec2:Describe*", "ec2:GetManagedPrefixListEntries"]))
            .on_all("descriptions know no resource"),
        // Tags only as something is made: whoever could tag what is there could then delete it.
        allow(ec2::actions::CreateTags).on(made).when(for_platform()).when(
            condition::string_equals(
                ec2::condition_keys::CreateAction,
                [
                    "CreateFlowLogs",
                    "CreateRouteTable",
                    "CreateSecurityGroup",
                    "CreateSubnet",
                    "CreateVpc",
                    "CreateVpcEndpoint",
                ],
            ),
        ),
        allow(verbs([
            "ec2:CreateVpc*",
            "ec2:CreateSubnet",
            "ec2:CreateRouteTable",
            "ec2:CreateSecurityGroup",
            "ec2:CreateFlowLogs",
        ]))
        .on(made)
        .when(for_platform()),
        allow(verbs([
            "ec2:Associate*",
            "ec2:Authorize*",
            "ec2:Create*",
            "ec2:Delete*",
            "ec2:Disassociate*",
            "ec2:Modify*",
            "ec2:Replace*",
            "ec2:Revoke*",
            "ec2:Update*",
        ]))
        .on(changed.collect::<Vec<_>>())
        .when(of_platform()),
    ]
}

/// The domain and its admin's profile, the portfolio and its product: made with the platform's tag, and by it changed.
fn studio() -> Vec<Statement> {
    let domains = [names::arn("sagemaker", "domain/*"), names::arn("sagemaker", "user-profile/*")];
    let catalog = ["portfolio/*", "product/*"].map(|kind| {
        let (partition, region, account) = (pseudo::PARTITION, pseudo::REGION, pseudo::ACCOUNT_ID);
        sub!("arn:{partition}:catalog:{region}:{account}:{kind}")
    });
    vec![
        allow([sagemaker::actions::CreateDomain, sagemaker::actions::CreateUserProfile])
            .on(domains)
            .when(for_platform()),
        // Tags only as something is made, as in the network.
        allow(sagemaker::actions::AddTags).on(domains).when(for_platform()).when(
            condition::string_equals(
                sagemaker::condition_keys::TaggingAction,
                ["CreateDomain", "CreateUserProfile"],
            ),
        ),
        allow(verbs([
            "sagemaker:*Tags",
            "sagemaker:DeleteDomain",
            "sagemaker:DeleteUserProfile",
            "sagemaker:UpdateDomain",
            "sagemaker:UpdateUserProfile",
        ]))
        .on(domains)
        .when(of_platform()),
        allow(verbs([
            "sagemaker:DescribeDomain",
            "sagemaker:DescribeUserProfile",
            "sagemaker:ListTags",
        ]))
        .on(domains),
        allow(verbs(["servicecatalog:CreatePortfolio", "servicecatalog:CreateProduct"]))
            .on(catalog)
            .when(for_platform()),
        allow(verbs([
            "servicecatalog:*PrincipalFromPortfolio",
            "servicecatalog:*PrincipalWithPortfolio",
            "servicecatalog:*ProvisioningArtifact",
            "servicecatalog:*agResource",
            "servicecatalog:CreateConstraint",
            "servicecatalog:DeletePortfolio",
            "servicecatalog:DeleteProduct",
            "servicecatalog:UpdatePortfolio",
            "servicecatalog:UpdateProduct",
        ]))
        .on(catalog)
        .when(of_platform()),
        allow(verbs([
            "servicecatalog:*ProductFromPortfolio",
            "servicecatalog:*ProductWithPortfolio",
            "servicecatalog:DeleteConstraint",
            "servicecatalog:Describe*",
            "servicecatalog:List*",
            "servicecatalog:Search*",
            "servicecatalog:UpdateConstraint",
        ]))
        .on_all("constraints, associations and searches know no resource"),
    ]
}
