//! The roles of models and monitors: their names, their boundary, and what a model needs.
//!
//! Each is below one path and has the boundary, because the stack set's role makes no others.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::{cloudwatch, ec2, ecr, iam, kms, logs, s3, sts};

use super::Setup;
use crate::names;
use crate::stacks::inline;

/// What a role is for, as its name ends.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// To run a model.
    Model,
    /// To start a batch.
    Batch,
    /// To run the jobs of monitors.
    Monitor,
    /// To make monitors.
    Monitors,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Purpose::Model => "model",
            Purpose::Batch => "batch",
            Purpose::Monitor => "monitor",
            Purpose::Monitors => "monitors",
        }
    }
}

/// `{region}-{project}-{stage}-{purpose}`: 64 of 64 characters at most.
pub(crate) fn role_name(project: Input<String>, stage: Value<String>, purpose: Purpose) -> Text {
    sub!("{}-{project}-{stage}-{}", pseudo::REGION, purpose.word())
}

/// A role for this service of AWS, in the path and within the boundary without which the stack set can make none.
pub(crate) fn bounded(trust: Statement, name: Text, boundary: Input<String>) -> iam::Role {
    let arn = sub!("arn:{}:iam::{}:policy/{boundary}", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    iam::Role::new(Policy::new([trust]))
        .role_name(name)
        .path(names::INFERENCE_PATH)
        .permissions_boundary(arn)
}

/// SageMaker, for what runs in this account.
pub(crate) fn trusts_sagemaker() -> Statement {
    allow([sts::actions::AssumeRole, sts::actions::SetSourceIdentity])
        .to(Principal::service("sagemaker"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
}

/// What anything that runs in the network needs of it.
pub(crate) fn network(group: Input<String>, in_vpc: Condition) -> [Statement; 3] {
    use ec2::actions as may;
    let interfaces = names::arn("ec2", "network-interface/*");
    let groups = names::arn("ec2", "security-group");
    [
        allow([
            may::DescribeDhcpOptions,
            may::DescribeNetworkInterfaces,
            may::DescribeSecurityGroups,
            may::DescribeSubnets,
            may::DescribeVpcs,
        ])
        .on_all("EC2's descriptions know no resource"),
        allow(may::CreateNetworkInterface).on((
            interfaces,
            names::arn("ec2", "subnet/*"),
            sub!("{groups}/{group}"),
        )),
        allow([
            may::CreateNetworkInterfacePermission,
            may::DeleteNetworkInterface,
            may::DeleteNetworkInterfacePermission,
        ])
        .on(interfaces),
    ]
    .map(|statement| statement.only_if(in_vpc))
}

/// The project's key: what is stored is encrypted with it, and volumes too.
pub(crate) fn key(key: Input<kms::KeyArn>) -> [Statement; 2] {
    [
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
        ])
        .on(key),
        allow(kms::actions::CreateGrant)
            .on(key)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true)),
    ]
}

/// Logs into these groups, and metrics of SageMaker.
pub(crate) fn speaks(groups: [Text<Early>; 2]) -> [Statement; 2] {
    let metrics = condition::string_like(cloudwatch::condition_keys::Namespace, "/aws/sagemaker/*");
    [
        allow([
            logs::actions::CreateLogGroup,
            logs::actions::CreateLogStream,
            logs::actions::DescribeLogStreams,
            logs::actions::PutLogEvents,
        ])
        .on(groups),
        allow(cloudwatch::actions::PutMetricData).on_all("metrics know no resource").when(metrics),
    ]
}

/// The role that the model runs with.
pub(super) fn inference(t: &mut Template, setup: Setup) -> Handle<iam::Role> {
    let input = setup.input;
    let name = role_name(input.project_name, setup.stage, Purpose::Model);
    let network = network(input.security_group_id, setup.in_vpc);
    let run = images(setup).into_iter().chain(network);
    t.add(
        "InferenceRole",
        bounded(trusts_sagemaker(), name, input.boundary_name)
            .description(sub!("Runs the model of the project {}", input.project_name))
            .policies([
                inline("Data", data(setup).into_iter().collect()),
                inline("Run", run.collect()),
            ])
            .tags(project_tags!(iam, input)),
    )
}

/// What models are made of, what they are asked, and what they answer.
fn data(setup: Setup) -> Vec<Statement> {
    let input = setup.input;
    let (bucket, stage) = (input.bucket_name, setup.stage);
    let arn = sub!("arn:{}:s3:::{bucket}", pseudo::PARTITION);
    let groups =
        ["log-group:/aws/sagemaker/Endpoints/*", "log-group:/aws/sagemaker/TransformJobs*"];
    let mut statements = vec![
        allow([s3::actions::GetBucketLocation, s3::actions::ListBucket]).on(arn),
        allow(s3::actions::GetObject)
            .on((sub!("{arn}/models/*"), sub!("{arn}/batch/{stage}/in/*"))),
        allow([s3::actions::AbortMultipartUpload, s3::actions::PutObject])
            .on((sub!("{arn}/monitor/{stage}/capture/*"), sub!("{arn}/batch/{stage}/out/*"))),
    ];
    statements.extend(key(input.kms_key_arn));
    statements.extend(speaks(groups.map(|group| names::arn("logs", group))));
    statements
}

/// The project's own image, or one of SageMaker's.
fn images(setup: Setup) -> [Statement; 3] {
    let input = setup.input;
    let (partition, region) = (pseudo::PARTITION, pseudo::REGION);
    let administrator = input.administrator_account_id;
    let project = input.project_name;
    let pull = [
        ecr::actions::BatchCheckLayerAvailability,
        ecr::actions::BatchGetImage,
        ecr::actions::GetDownloadUrlForLayer,
    ];
    let ours = [val::<AccountId>(pseudo::ACCOUNT_ID), val(administrator)];
    let others = condition::string_not_equals(condition::aws::ResourceAccount, ours);
    [
        allow(ecr::actions::GetAuthorizationToken).on_all("a token is for all repositories"),
        allow(pull).on(sub!(
            "arn:{partition}:ecr:{region}:{administrator}:repository/{project}-repository-*"
        )),
        // SageMaker's own images are in accounts of AWS, other ones in each region.
        allow(pull).on(sub!("arn:{partition}:ecr:{region}:*:repository/*")).when(others),
    ]
}
