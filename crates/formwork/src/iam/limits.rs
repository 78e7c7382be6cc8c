//! How long policies may be, as AWS documents it.
//!
//! IAM counts characters without white space; other services count bytes of what they are sent, which is JSON
//! without white space when CloudFormation sends it. Nothing in here measures; [`size`](super::size) does.

/// All inline policies of a role together.
pub const ROLE_INLINE: usize = 10_240;
/// All inline policies of a group together.
pub const GROUP_INLINE: usize = 5_120;
/// All inline policies of a user together.
pub const USER_INLINE: usize = 2_048;
/// A managed policy.
pub const MANAGED: usize = 6_144;
/// The trust policy of a role, unless the account asked for more.
pub const ROLE_TRUST: usize = 2_048;
/// The trust policy of a role, at the most that an account can ask for.
pub const ROLE_TRUST_AT_MOST: usize = 8_192;
/// The policy of a KMS key.
pub const KEY_POLICY: usize = 32_768;
/// The policy of a bucket.
pub const BUCKET_POLICY: usize = 20_480;
/// A service control policy of an organization.
pub const SERVICE_CONTROL: usize = 10_240;
/// A resource control policy of an organization.
pub const RESOURCE_CONTROL: usize = 5_120;

/// How long the policy may be that a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The resource type.
    pub resource_type: &'static str,
    /// The property.
    pub property: &'static str,
    /// The most characters or bytes.
    pub max: usize,
    /// Where AWS says so.
    pub source: &'static str,
}

/// How long the policy in this property may be, if AWS documents it and this table has it.
///
/// The inline policies of a role, user or group count together: the sum belongs to `Policies`.
///
/// ```
/// use formwork::iam::limits;
/// let managed = limits::of("AWS::IAM::ManagedPolicy", "PolicyDocument");
/// assert_eq!(managed.map(|limit| limit.max), Some(6_144));
/// ```
#[must_use]
pub fn of(resource_type: &str, property: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.resource_type == resource_type && limit.property == property)
}

const fn limit(
    (resource_type, property): (&'static str, &'static str),
    max: usize,
    source: &'static str,
) -> Limit {
    Limit { resource_type, property, max, source }
}

const IAM: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/// Every limit, by type and property.
pub const LIMITS: &[Limit] = &[
    limit(("AWS::IAM::Role", "Policies"), ROLE_INLINE, IAM),
    limit(("AWS::IAM::Role", "AssumeRolePolicyDocument"), ROLE_TRUST, IAM),
    limit(("AWS::IAM::RolePolicy", "PolicyDocument"), ROLE_INLINE, IAM),
    limit(("AWS::IAM::Group", "Policies"), GROUP_INLINE, IAM),
    limit(("AWS::IAM::GroupPolicy", "PolicyDocument"), GROUP_INLINE, IAM),
    limit(("AWS::IAM::User", "Policies"), USER_INLINE, IAM),
    limit(("AWS::IAM::UserPolicy", "PolicyDocument"), USER_INLINE, IAM),
    limit(("AWS::IAM::Policy", "PolicyDocument"), ROLE_INLINE, IAM),
    limit(("AWS::IAM::ManagedPolicy", "PolicyDocument"), MANAGED, IAM),
    limit(
        ("AWS::KMS::Key", "KeyPolicy"),
        KEY_POLICY,
        "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    ),
    limit(
        ("AWS::KMS::ReplicaKey", "KeyPolicy"),
        KEY_POLICY,
        "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    ),
    limit(
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        BUCKET_POLICY,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html",
    ),
    limit(
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        8_192,
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
    ),
    limit(
        ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
        20_480,
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
    ),
    limit(
        ("AWS::ECR::Repository", "RepositoryPolicyText"),
        10_240,
        "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
    ),
    limit(
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        20_480,
        "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html",
    ),
    limit(
        ("AWS::SSO::PermissionSet", "InlinePolicy"),
        32_768,
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html",
    ),
    limit(
        ("AWS::Logs::ResourcePolicy", "PolicyDocument"),
        5_120,
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html",
    ),
    limit(
        ("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
        7_168,
        "https://docs.aws.amazon.com/codeartifact/latest/APIReference/API_PutDomainPermissionsPolicy.html",
    ),
    limit(
        ("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument"),
        7_168,
        "https://docs.aws.amazon.com/codeartifact/latest/APIReference/API_PutRepositoryPermissionsPolicy.html",
    ),
    limit(
        ("AWS::EFS::FileSystem", "FileSystemPolicy"),
        20_000,
        "https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html",
    ),
];
