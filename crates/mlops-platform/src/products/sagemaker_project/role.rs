//! The role that a project's notebooks, jobs and pipelines work with. Who has it reaches the project's own, and nothing of any
//! other project.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{codecommit, ecr, iam, kms, logs, s3, sagemaker, ssm, sts};

use super::{Inputs, models, names as own};
use crate::names;
use crate::products::boundary::denials_arn;
use crate::products::{PRODUCT_BOUNDARY_ARN, ROLE_PATH, platform};
use crate::stacks::deploy_infra::parameters::{KMS_KEY_ARN, VPC_ID};
use crate::stacks::inline;

/// `{region}-{project}-project-role`: 60 of 64 characters at most.
pub(super) fn add(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    bucket: Handle<s3::Bucket>,
    repository: Handle<codecommit::Repository>,
) -> Handle<iam::Role> {
    let project = input.project_name;
    let trust = allow([sts::actions::AssumeRole, sts::actions::SetSourceIdentity])
        .to(Principal::service("sagemaker"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID));
    let inline =
        |name: &'static str, statements: Vec<Statement>| inline(name, Policy::new(statements));
    t.add(
        "ProjectRole",
        iam::Role::new(Policy::new([trust]))
            .role_name(own::role(project, own::PROJECT))
            .path(ROLE_PATH)
            .description(sub!("Notebooks, jobs and pipelines of the project {project}"))
            .permissions_boundary(platform(PRODUCT_BOUNDARY_ARN))
            .managed_policy_arns([denials_arn()])
            .policies([
                inline("Data", data(input, key, bucket)),
                inline("Models", models::statements(input)),
                inline("Studio", studio()),
                inline("Code", code(input, repository)),
            ])
            .tags(project_tags!(iam, input))
            .except("FW4102", "a test counts it with the longest names that a launch can give")
            .except(
                "FW5022",
                "some pages of AWS's name the group for packages too; it costs nothing",
            ),
    )
}

/// The project's bucket, keys, parameters and logs.
fn data(input: Inputs, key: Handle<kms::Key>, bucket: Handle<s3::Bucket>) -> Vec<Statement> {
    let project = input.project_name;
    let own = names::arn("ssm", "parameter/mlops");
    let for_aws = condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true);
    let in_sagemaker = condition::string_like(
        formwork_aws::cloudwatch::condition_keys::Namespace,
        "/aws/sagemaker/*",
    );
    vec![
        // The feature store's offline part asks for the bucket's list of access and gives each object one.
        allow([s3::actions::GetBucketAcl, s3::actions::GetBucketLocation, s3::actions::ListBucket])
            .on(bucket.arn()),
        allow([
            s3::actions::AbortMultipartUpload,
            s3::actions::DeleteObject,
            s3::actions::GetObject,
            s3::actions::ListMultipartUploadParts,
            s3::actions::PutObject,
            s3::actions::PutObjectAcl,
        ])
        .on(sub!("{}/*", bucket.arn())),
        allow(s3::actions::GetObject).on(sub!("{}/assets/seed*", names::bucket_arn("artifacts"))),
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
            kms::actions::GenerateDataKeyWithoutPlaintext,
            Action::raw("kms:ReEncrypt*"),
        ])
        .on(key.arn()),
        // The volumes of spaces are encrypted with the domain's key.
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::GenerateDataKeyWithoutPlaintext,
        ])
        .on(platform(KMS_KEY_ARN)),
        allow(kms::actions::CreateGrant).on((key.arn(), platform(KMS_KEY_ARN))).when(for_aws),
        allow([
            ssm::actions::GetParameter,
            ssm::actions::GetParameters,
            ssm::actions::GetParametersByPath,
            ssm::actions::ListTagsForResource,
        ])
        .on((
            sub!("{own}/platform/*"),
            sub!("{own}/projects/{project}"),
            sub!("{own}/projects/{project}/*"),
        )),
        allow([
            logs::actions::CreateLogGroup,
            logs::actions::CreateLogStream,
            logs::actions::DescribeLogStreams,
            logs::actions::PutLogEvents,
        ])
        .on(names::arn("logs", "log-group:/aws/sagemaker/*")),
        // All projects' jobs write into the same groups, each into a stream that is called after it.
        allow(logs::actions::GetLogEvents).on(sub!(
            "{}:log-stream:{project}-*",
            names::arn("logs", "log-group:/aws/sagemaker/*")
        )),
        allow(formwork_aws::cloudwatch::actions::PutMetricData)
            .on_all("metrics know no resource")
            .when(in_sagemaker),
    ]
}

/// Spaces and apps of whoever is signed in, and what any job of theirs needs of the network.
fn studio() -> Vec<Statement> {
    use formwork_aws::ec2::actions as network;
    use sagemaker::condition_keys as key;
    let domain = condition::variable(key::DomainId);
    let person = condition::variable(key::UserProfileName);
    let profile = sub!("{}/{domain}/{person}", names::arn("sagemaker", "user-profile"));
    let own = condition::arn_like(key::OwnerUserProfileArn, profile);
    // A shared space would let others work with this role.
    let private = condition::string_equals(key::SpaceSharingType, "Private");
    let [apps, spaces] =
        ["app", "space"].map(|kind| sub!("{}/{domain}/*", names::arn("sagemaker", kind)));
    let [interfaces, subnets, groups] =
        ["network-interface/*", "subnet/*", "security-group/*"].map(|kind| names::arn("ec2", kind));
    let vpc = sub!("{}/{}", names::arn("ec2", "vpc"), platform(VPC_ID));
    let in_the_vpc = condition::arn_equals(formwork_aws::ec2::condition_keys::Vpc, vpc);
    vec![
        allow([
            sagemaker::actions::CreateApp,
            sagemaker::actions::CreateSpace,
            sagemaker::actions::DeleteApp,
            sagemaker::actions::DeleteSpace,
            sagemaker::actions::UpdateSpace,
        ])
        .on([apps, spaces])
        .when(own)
        .when(private),
        allow([
            network::DescribeDhcpOptions,
            network::DescribeNetworkInterfaces,
            network::DescribeSecurityGroups,
            network::DescribeSubnets,
            network::DescribeVpcs,
        ])
        .on_all("EC2's descriptions know no resource"),
        // An interface that is being made is in no VPC yet; its subnet and groups are.
        allow(network::CreateNetworkInterface).on(interfaces),
        allow(network::CreateNetworkInterface).on([subnets, groups]).when(in_the_vpc),
        allow([
            network::CreateNetworkInterfacePermission,
            network::DeleteNetworkInterface,
            network::DeleteNetworkInterfacePermission,
        ])
        .on(interfaces)
        .when(in_the_vpc),
    ]
}

/// The repository, images and packages.
fn code(input: Inputs, repository: Handle<codecommit::Repository>) -> Vec<Statement> {
    use codecommit::actions as git;
    use formwork_aws::codeartifact::actions as package;
    let project = input.project_name;
    let main = condition::string_equals(codecommit::condition_keys::References, "refs/heads/main");
    let pull = [
        ecr::actions::BatchCheckLayerAvailability,
        ecr::actions::BatchGetImage,
        ecr::actions::GetDownloadUrlForLayer,
    ];
    let packages = [
        sub!("{}/{}", names::arn("codeartifact", "domain"), names::PACKAGE_DOMAIN),
        sub!(
            "{}/{}/{}",
            names::arn("codeartifact", "repository"),
            names::PACKAGE_DOMAIN,
            names::PACKAGE_REPOSITORY
        ),
    ];
    vec![
        allow([
            Action::raw("codecommit:BatchGet*"),
            Action::raw("codecommit:Describe*"),
            Action::raw("codecommit:Get*"),
            Action::raw("codecommit:List*"),
            Action::raw("codecommit:PostComment*"),
            git::CreateBranch,
            git::CreatePullRequest,
            git::GitPull,
            git::GitPush,
            git::UpdatePullRequestDescription,
            git::UpdatePullRequestStatus,
            git::UpdatePullRequestTitle,
        ])
        .on(repository.arn()),
        // `main` changes by pull requests only, which a persona merges.
        deny(git::GitPush)
            .on(repository.arn())
            .when(main)
            .when(condition::null(codecommit::condition_keys::References, false)),
        allow(pull).on(sub!("{}/{project}-repository-*", names::arn("ecr", "repository"))),
        // SageMaker's own images are in accounts of AWS, other ones in each region.
        allow(pull)
            .on(sub!("arn:{}:ecr:{}:*:repository/*", pseudo::PARTITION, pseudo::REGION))
            .when(condition::string_not_equals(
                condition::aws::ResourceAccount,
                pseudo::ACCOUNT_ID,
            )),
        allow(ecr::actions::GetAuthorizationToken).on_all("a token is for all repositories"),
        allow([
            package::GetAuthorizationToken,
            package::GetRepositoryEndpoint,
            package::ReadFromRepository,
        ])
        .on(packages),
        allow(sts::actions::GetServiceBearerToken).on_all("a token has no ARN").when(
            condition::string_equals(
                sts::condition_keys::AWSServiceName,
                "codeartifact.amazonaws.com",
            ),
        ),
    ]
}
