//! What products, builds and functions read of this stack, below `/mlops/platform/` in Systems Manager.

use formwork::prelude::*;
use formwork::{IntoValue, Required};
use formwork_aws::ec2;

use super::{Outputs, Setup};
use crate::parameters;

/// The VPC.
pub const VPC_ID: &str = "vpc-id";
/// The first subnet. One parameter each, because a product cannot split what it reads.
pub const SUBNET_ID_1: &str = "subnet-id-1";
/// The second subnet.
pub const SUBNET_ID_2: &str = "subnet-id-2";
/// Both subnets, for scripts.
pub const SUBNET_IDS: &str = "subnet-ids";
/// The security group of jobs and endpoints.
pub const COMPUTE_SECURITY_GROUP_ID: &str = "compute-security-group-id";
/// The Studio domain.
pub const DOMAIN_ID: &str = "domain-id";
/// The Studio domain's ARN.
pub const DOMAIN_ARN: &str = "domain-arn";
/// The platform's key.
pub const KMS_KEY_ARN: &str = "kms-key-arn";
/// The role of data science admins.
pub const DATA_SCIENCE_ADMIN_ROLE_ARN: &str = "datascience-admin-role-arn";
/// The role of data scientists.
pub const DATA_SCIENTIST_ROLE_ARN: &str = "datascientist-role-arn";
/// The domain of the packages.
pub const CODE_ARTIFACT_DOMAIN: &str = "codeartifact-domain";
/// The repository of the packages.
pub const CODE_ARTIFACT_REPOSITORY: &str = "codeartifact-repository";
/// Where pip finds the packages.
pub const CODE_ARTIFACT_ENDPOINT: &str = "codeartifact-endpoint";
/// The account that models are tried out in.
pub const STAGING_ACCOUNT_ID: &str = "staging-account-id";
/// The account that models are in use in.
pub const PROD_ACCOUNT_ID: &str = "prod-account-id";
/// The topic that tells of new projects and of alarms.
pub const READY_TOPIC_ARN: &str = "ready-topic-arn";

pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    subnets: [Handle<ec2::Subnet>; 2],
    given: &Outputs,
) {
    let input = setup.input;
    // An empty value is refused, so an account that was not given is this one.
    let staging = when(setup.has_staging_account, input.staging_account_id, pseudo::ACCOUNT_ID);
    let prod = when(setup.has_prod_account, input.prod_account_id, pseudo::ACCOUNT_ID);
    let mut write = |id, name, value: Value<String>| {
        parameters::add(t, id, name, value, input.cost_center);
    };
    write("VpcIdParam", VPC_ID, text(given.vpc_id));
    write("SubnetId1Param", SUBNET_ID_1, text(subnets[0]));
    write("SubnetId2Param", SUBNET_ID_2, text(subnets[1]));
    write("SubnetIdsParam", SUBNET_IDS, text(join(",", subnets)));
    write(
        "ComputeSecurityGroupIdParam",
        COMPUTE_SECURITY_GROUP_ID,
        text(given.compute_security_group_id),
    );
    write("DomainIdParam", DOMAIN_ID, text(given.domain_id));
    write("DomainArnParam", DOMAIN_ARN, text(given.domain_arn));
    write("KmsKeyArnParam", KMS_KEY_ARN, text(input.platform_key_arn));
    write(
        "DataScienceAdminRoleArnParam",
        DATA_SCIENCE_ADMIN_ROLE_ARN,
        text(given.data_science_admin_role_arn),
    );
    write(
        "DataScientistRoleArnParam",
        DATA_SCIENTIST_ROLE_ARN,
        text(given.data_scientist_role_arn),
    );
    write("CodeArtifactDomainParam", CODE_ARTIFACT_DOMAIN, text(given.code_artifact_domain_name));
    write(
        "CodeArtifactRepositoryParam",
        CODE_ARTIFACT_REPOSITORY,
        text(given.code_artifact_repository_name),
    );
    write("CodeArtifactEndpointParam", CODE_ARTIFACT_ENDPOINT, text(given.code_artifact_endpoint));
    write("StagingAccountIdParam", STAGING_ACCOUNT_ID, text(staging));
    write("ProdAccountIdParam", PROD_ACCOUNT_ID, text(prod));
    write("ReadyTopicArnParam", READY_TOPIC_ARN, text(given.ready_topic_arn));
}

/// Without what it means, so that all are of one type.
fn text(value: impl IntoValue<String, Required>) -> Value<String> {
    val(value)
}
