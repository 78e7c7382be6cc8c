//! What handlers may call and our use does not need, or is not to have: reviewed one by one.
//!
//! A line says which property or use the action is for, or who has the right instead; what a role lacks by mistake has no line.

/// Actions that need not be allowed.
pub struct Needless {
    /// The deployer, or a pattern.
    pub of: &'static str,
    /// The type, or a pattern.
    pub resource_type: &'static str,
    /// The actions, or patterns.
    pub actions: &'static [&'static str],
    /// Why.
    pub why: &'static str,
}

const fn needless(
    of: &'static str,
    resource_type: &'static str,
    actions: &'static [&'static str],
    why: &'static str,
) -> Needless {
    Needless { of, resource_type, actions, why }
}

/// What types take whose schemas name no handlers.
pub const SILENT: &[(&str, &[&str])] = &[
    (
        "AWS::CodeBuild::Project",
        &[
            "codebuild:BatchGetProjects",
            "codebuild:CreateProject",
            "codebuild:DeleteProject",
            "codebuild:UpdateProject",
            "iam:PassRole",
        ],
    ),
    // CloudFormation calls their functions with the rights of who deploys.
    ("Custom::", &["lambda:InvokeFunction"]),
];

pub const NEEDLESS: &[Needless] = &[
    needless(
        "*",
        "AWS::CloudFormation::Stack",
        &["cloudformation:SetStackPolicy", "cloudformation:UpdateTerminationProtection"],
        "for StackPolicyBody and EnableTerminationProtection, which no nested stack has",
    ),
    needless(
        "*",
        "AWS::CodeCommit::Repository",
        &["codecommit:PutRepositoryTriggers", "codecommit:UpdateRepositoryName"],
        "for Triggers, which none has, and for another name, which none gets",
    ),
    needless(
        "launch role",
        "AWS::CodeCommit::Repository",
        &["s3:GetObjectVersion"],
        "for Code.S3.ObjectVersion; a key of a release has its hash in it instead",
    ),
    needless(
        "*",
        "AWS::CodePipeline::Pipeline",
        &[
            "codepipeline:DisableStageTransition",
            "codepipeline:EnableStageTransition",
            "codestar-connections:PassConnection",
        ],
        "for DisableInboundStageTransitions and sources outside of AWS, which no pipeline has",
    ),
    needless(
        "launch role",
        "AWS::CodePipeline::Pipeline",
        &["codepipeline:StartPipelineExecution"],
        "for RestartExecutionOnUpdate, which only the project's own pipeline has",
    ),
    needless(
        "*",
        "AWS::EC2::FlowLog",
        &["autoscaling:DescribeTags", "logs:CreateLogDelivery", "logs:DeleteLogDelivery"],
        "for logs that go to S3 or Firehose, or are of other things than a VPC",
    ),
    needless(
        "deployer",
        "*",
        &["iam:CreateServiceLinkedRole"],
        "the first launch makes service-linked roles, with the launching person's rights",
    ),
    needless(
        "*",
        "AWS::EC2::VPCEndpoint",
        &["vpc-lattice:CreateServiceNetworkVpcEndpointAssociation", "vpce:AllowMultiRegion"],
        "for endpoints of service networks and of other regions",
    ),
    needless(
        "*",
        "AWS::IAM::ManagedPolicy",
        &[
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:AttachUserPolicy",
            "iam:DetachGroupPolicy",
            "iam:DetachRolePolicy",
            "iam:DetachUserPolicy",
        ],
        "for Groups, Roles and Users; here a role names its policies",
    ),
    needless(
        "*",
        "AWS::IAM::Role",
        &["iam:DeleteRolePermissionsBoundary"],
        "denied on purpose: a role with a boundary keeps one",
    ),
    needless(
        "*",
        "AWS::KMS::Key",
        &["kms:DisableKey", "kms:EnableKey"],
        "for Enabled, which no key sets",
    ),
    needless(
        "deployer",
        "AWS::KMS::Key",
        &["kms:CreateKey"],
        "the first launch makes the platform's one key; it is kept, and needed for this role to be there",
    ),
    needless(
        "*",
        "AWS::Lambda::Function",
        &[
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "elasticfilesystem:DescribeMountTargets",
            "lambda:DeleteFunctionCodeSigningConfig",
            "lambda:DeleteFunctionConcurrency",
            "lambda:GetCodeSigningConfig",
            "lambda:GetLayerVersion",
            "lambda:PassCapacityProvider",
            "lambda:PublishVersion",
            "lambda:PutFunctionCodeSigningConfig",
            "lambda:PutFunctionConcurrency",
            "lambda:PutFunctionRecursionConfig",
            "lambda:PutFunctionScalingConfig",
            "lambda:PutRuntimeManagementConfig",
            "s3files:ListMountTargets",
        ],
        "for VPC, file systems, layers, signed code, versions, reserved concurrency: no function has any",
    ),
    needless(
        "execution role of stack sets",
        "AWS::Lambda::Function",
        &["kms:Encrypt", "kms:GenerateDataKey", "s3:GetObject", "s3:GetObjectVersion"],
        "for a key of the function's own and code in a bucket; the monitor's function has its code inline",
    ),
    needless(
        "*",
        "AWS::Logs::LogGroup",
        &[
            "firehose:TagDeliveryStream",
            "logs:CreateLogDelivery",
            "logs:DeleteIndexPolicy",
            "logs:DeleteResourcePolicy",
            "logs:PutBearerTokenAuthentication",
            "logs:PutDataProtectionPolicy",
            "logs:PutIndexPolicy",
            "logs:PutLogGroupDeletionProtection",
            "logs:PutResourcePolicy",
        ],
        "for policies, indices and protection of a group, which none has",
    ),
    needless(
        "*",
        "AWS::S3::Bucket",
        &[
            "s3:*BucketMetadata*",
            "s3:DeleteBucketWebsite",
            "s3:PutAccelerateConfiguration",
            "s3:PutAnalyticsConfiguration",
            "s3:PutBucketAbac",
            "s3:PutBucketAcl",
            "s3:PutBucketCORS",
            "s3:PutBucketNotification",
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketWebsite",
            "s3:PutIntelligentTieringConfiguration",
            "s3:PutInventoryConfiguration",
            "s3:PutMetricsConfiguration",
            "s3:PutReplicationConfiguration",
            "s3tables:*",
        ],
        "for properties that no bucket has",
    ),
    needless(
        "*",
        "AWS::S3::Bucket",
        &["s3:DeleteObject", "s3:PutObjectAcl"],
        "for the test object of a replication; whoever deploys reaches no object of a bucket",
    ),
    needless(
        "*",
        "AWS::SNS::Topic",
        &["sns:PutDataProtectionPolicy"],
        "for DataProtectionPolicy, which no topic has",
    ),
    needless(
        "deployer",
        "AWS::SageMaker::Domain",
        &["kms:GenerateDataKeyWithoutPlainText", "sagemaker:CreateApp", "sagemaker:DeleteApp"],
        "the first launch makes the domain; it has no app of its own, and those of people the function mlops-studio-cleanup ends",
    ),
    needless(
        "*",
        "AWS::SageMaker::Domain",
        &["sagemaker:DescribeApp", "sagemaker:DescribeImage", "sagemaker:DescribeImageVersion"],
        "for custom images and apps of the domain, which it has none of",
    ),
    needless(
        "*",
        "AWS::SageMaker::UserProfile",
        &[
            "identitystore:DescribeUser",
            "identitystore:ListUsers",
            "sagemaker:DescribeImage",
            "sagemaker:DescribeImageVersion",
            "sso:DescribeInstance",
            "sso:ListInstances",
        ],
        "for domains with IAM Identity Center and for custom images; ours signs in by IAM and has none",
    ),
    needless(
        "*",
        "AWS::ServiceCatalog::CloudFormationProduct",
        &["codestar-connections:*"],
        "for SourceConnection: no template comes from a repository outside of AWS",
    ),
    needless(
        "CloudFormation role of a project",
        "AWS::ServiceCatalog::CloudFormationProduct",
        &[
            "cloudformation:GetTemplate",
            "servicecatalog:DisassociateServiceActionFromProvisioningArtifact",
        ],
        "for ImportFromPhysicalId and service actions, which the product has none of",
    ),
    needless(
        "*",
        "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
        &["iam:GetGroup", "iam:GetUser"],
        "for users and groups; principals of the portfolio are roles",
    ),
    needless(
        "* of a project",
        "AWS::ServiceCatalog::LaunchRoleConstraint",
        &["servicecatalog:DeleteConstraint", "servicecatalog:UpdateConstraint"],
        "no condition knows which product a constraint is of; it never changes, and mlops-project-cleanup removes it",
    ),
];
