//! The role with which stack sets work in an account: it makes endpoints and monitors of projects, and nothing else.
//!
//! The platform's own account gets it with the entry point. For a staging or production account the customer launches
//! this template there once, in the same region, with `AdministratorAccountId`.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{
    cloudformation, cloudwatch, ec2, ecr, events, iam, kms, lambda, logs, s3, sagemaker, scheduler,
    sts,
};

use crate::forms;
use crate::names;
use crate::stacks::inline;
use crate::tags::{self, tags};

/// The stack.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "stackset-execution-role",
    "stackset-execution-role: the role with which stack sets deploy models and monitors into this account",
    define,
);

/// What the entry point hands over, or a person who prepares a stage account types.
#[derive(Inputs)]
pub struct Inputs {
    /// Account that the platform was launched in. Empty for this account.
    #[input(
        group = "Accounts",
        label = "Account of the platform",
        default = "",
        form = forms::OPTIONAL_ACCOUNT_ID
    )]
    pub administrator_account_id: Input<AccountId>,
    /// Cost center that every resource is tagged with.
    #[input(group = "Cost", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// ARN of a managed policy that bounds every role. Empty for the platform's own boundary.
    #[input(
        group = "Access",
        label = "Permissions boundary",
        default = "",
        form = forms::BOUNDARY_ARN
    )]
    pub permissions_boundary_arn: Input<Arn>,
}

/// What other stacks use.
#[derive(Outputs)]
pub struct Outputs {
    /// Name of the role, the same in every account of the platform.
    pub execution_role_name: Value<String>,
    /// ARN of the role in this account.
    pub execution_role_arn: Value<iam::RoleArn>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let has_administrator =
        t.condition("HasAdministrator", !input.administrator_account_id.is_empty());
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());
    let no_boundary = t.condition("NoBoundary", !has_boundary);
    let administrator: Value<AccountId> =
        val(when(has_administrator, input.administrator_account_id, pseudo::ACCOUNT_ID));

    let own_boundary = t.add(
        "InferenceBoundary",
        iam::ManagedPolicy::new(inference_boundary(administrator))
            .managed_policy_name(names::inference_boundary(administrator))
            .description("The most that a role of a deployed model or monitor may do")
            .when(no_boundary),
    );
    let boundary: Value<Arn> =
        val(when(has_boundary, input.permissions_boundary_arn, own_boundary.policy_arn()));

    let role = t.add(
        "ExecutionRole",
        iam::Role::new(trust(administrator))
            .role_name(names::stackset_execution_role(administrator))
            .description("With this role stack sets deploy models and monitors of projects")
            .permissions_boundary(when(has_boundary, input.permissions_boundary_arn, no_value()))
            .policies([
                inline("Stacks", Policy::new(stacks())),
                inline("Models", Policy::new(models(administrator))),
                inline("Roles", Policy::new(roles(boundary))),
                inline("Monitors", Policy::new(monitors(administrator))),
            ])
            .tags(tags!(iam, input.cost_center))
            .except(
                "FW5020",
                "a model of a package of another account is refused without the package among the resources",
            ),
    );
    Outputs { execution_role_name: val(role), execution_role_arn: role.arn() }
}

/// Only the administration role of the platform's account. It is named by condition, because a role that is a
/// principal must exist beforehand, and that one is made after this.
fn trust(administrator: Value<AccountId>) -> Policy {
    let admin_role = names::stackset_admin_role(administrator);
    let arn = sub!("arn:{}:iam::{administrator}:role/{admin_role}", pseudo::PARTITION);
    Policy::new([allow(sts::actions::AssumeRole)
        .to(Principal::account(administrator))
        .when(condition::arn_equals(condition::aws::PrincipalArn, arn))])
}

/// CloudFormation calls itself with this role for each stack instance.
fn stacks() -> [Statement; 1] {
    [allow(cloudformation::actions::All).on(names::arn("cloudformation", "stack/StackSet-*"))]
}

/// Models, endpoints and batch transforms. Their names begin with a project's, which this role cannot know, so they
/// must carry the project's tag.
fn models(administrator: Value<AccountId>) -> [Statement; 4] {
    use sagemaker::actions as sm;
    let kinds = [
        "model/*",
        "endpoint/*",
        "endpoint-config/*",
        "transform-job/*",
        "data-quality-job-definition/*",
        "model-quality-job-definition/*",
        "model-bias-job-definition/*",
        "model-explainability-job-definition/*",
        "monitoring-schedule/*",
    ];
    let of_projects = kinds.map(|kind| names::arn("sagemaker", kind));
    let request_names_project = condition::null(condition::aws::request_tag(tags::PROJECT), false);
    let belongs_to_project = condition::null(condition::aws::resource_tag(tags::PROJECT), false);
    [
        allow([
            sm::AddTags,
            sm::CreateDataQualityJobDefinition,
            sm::CreateEndpoint,
            sm::CreateEndpointConfig,
            sm::CreateModel,
            sm::CreateModelBiasJobDefinition,
            sm::CreateModelExplainabilityJobDefinition,
            sm::CreateModelQualityJobDefinition,
            sm::CreateMonitoringSchedule,
            sm::CreateTransformJob,
        ])
        .on(of_projects)
        .when(request_names_project),
        allow([
            // Another cost center changes tags of what is there.
            sm::AddTags,
            sm::DeleteDataQualityJobDefinition,
            sm::DeleteEndpoint,
            sm::DeleteEndpointConfig,
            sm::DeleteModel,
            sm::DeleteModelBiasJobDefinition,
            sm::DeleteModelExplainabilityJobDefinition,
            sm::DeleteModelQualityJobDefinition,
            sm::DeleteMonitoringSchedule,
            sm::DeleteTags,
            sm::StartMonitoringSchedule,
            sm::StopMonitoringSchedule,
            sm::StopTransformJob,
            sm::UpdateEndpoint,
            sm::UpdateEndpointWeightsAndCapacities,
            sm::UpdateMonitoringSchedule,
        ])
        .on(of_projects)
        .when(belongs_to_project),
        // The versions of a project's model are in the platform's account; they carry no tags.
        allow([sm::CreateModel, sm::DescribeModelPackage]).on(versions(administrator)),
        // Reading what is not there yet must answer "not found", whatever its tags.
        allow([
            sm::DescribeDataQualityJobDefinition,
            sm::DescribeEndpoint,
            sm::DescribeEndpointConfig,
            sm::DescribeModel,
            sm::DescribeModelBiasJobDefinition,
            sm::DescribeModelExplainabilityJobDefinition,
            sm::DescribeModelQualityJobDefinition,
            sm::DescribeMonitoringSchedule,
            sm::DescribeTransformJob,
            sm::ListTags,
        ])
        .on(of_projects),
    ]
}

/// The versions of all projects' models.
fn versions(administrator: Value<AccountId>) -> Value<Arn> {
    let (partition, region) = (pseudo::PARTITION, pseudo::REGION);
    val(sub!("arn:{partition}:sagemaker:{region}:{administrator}:model-package/*-models/*"))
}

/// Roles of models and monitors. Whatever gives one a right asks for the boundary; without that this role could make
/// itself an administrator.
fn roles(boundary: Value<Arn>) -> [Statement; 4] {
    use iam::actions as role;
    let inference_roles =
        sub!("arn:{}:iam::{}:role/mlops/inference/*", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    [
        allow([
            role::AttachRolePolicy,
            role::CreateRole,
            role::DeleteRolePolicy,
            role::DetachRolePolicy,
            role::PutRolePermissionsBoundary,
            role::PutRolePolicy,
            role::UpdateAssumeRolePolicy,
            role::UpdateRole,
            role::UpdateRoleDescription,
        ])
        .on(inference_roles)
        .when(condition::arn_equals(iam::condition_keys::PermissionsBoundary, boundary)),
        // These give nobody a right.
        allow([
            role::DeleteRole,
            role::GetRole,
            role::GetRolePolicy,
            role::ListAttachedRolePolicies,
            role::ListRolePolicies,
            role::ListRoleTags,
            role::TagRole,
            role::UntagRole,
        ])
        .on(inference_roles),
        allow(role::PassRole).on(inference_roles).when(condition::string_equals(
            iam::condition_keys::PassedToService,
            ["sagemaker.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com"],
        )),
        deny(role::DeleteRolePermissionsBoundary).on(inference_roles),
    ]
}

/// The function behind a monitor, its logs, alarms and schedules, and the keys that all of it is encrypted with.
fn monitors(administrator: Value<AccountId>) -> [Statement; 8] {
    let functions = names::arn("lambda", "function:mlops-*");
    let groups = ["log-group:/aws/lambda/mlops-*", "log-group:/aws/lambda/mlops-*:*"];
    let (partition, region) = (pseudo::PARTITION, pseudo::REGION);
    // A stage account reads models that the platform's account has encrypted.
    let keys =
        (names::arn("kms", "key/*"), sub!("arn:{partition}:kms:{region}:{administrator}:key/*"));
    let of_platform = condition::null(condition::aws::resource_tag(tags::PLATFORM), false);
    [
        allow([
            lambda::actions::AddPermission,
            lambda::actions::CreateFunction,
            lambda::actions::DeleteFunction,
            lambda::actions::GetFunction,
            lambda::actions::GetFunctionCodeSigningConfig,
            lambda::actions::GetFunctionConfiguration,
            lambda::actions::GetFunctionRecursionConfig,
            lambda::actions::GetFunctionScalingConfig,
            lambda::actions::GetRuntimeManagementConfig,
            lambda::actions::InvokeFunction,
            lambda::actions::ListTags,
            lambda::actions::RemovePermission,
            lambda::actions::TagResource,
            lambda::actions::UntagResource,
            lambda::actions::UpdateFunctionCode,
            lambda::actions::UpdateFunctionConfiguration,
        ])
        .on(functions),
        allow([
            logs::actions::AssociateKmsKey,
            logs::actions::CreateLogGroup,
            logs::actions::DeleteDataProtectionPolicy,
            logs::actions::DeleteLogGroup,
            logs::actions::DeleteRetentionPolicy,
            logs::actions::DisassociateKmsKey,
            logs::actions::GetDataProtectionPolicy,
            logs::actions::ListTagsForResource,
            logs::actions::PutRetentionPolicy,
            logs::actions::TagResource,
            logs::actions::UntagResource,
        ])
        .on(groups.map(|group| names::arn("logs", group))),
        allow([
            logs::actions::DescribeIndexPolicies,
            logs::actions::DescribeLogGroups,
            logs::actions::DescribeResourcePolicies,
        ])
        .on_all("lists are of the whole account"),
        allow([
            cloudwatch::actions::DeleteAlarms,
            cloudwatch::actions::DescribeAlarms,
            cloudwatch::actions::ListTagsForResource,
            cloudwatch::actions::PutMetricAlarm,
            cloudwatch::actions::TagResource,
            cloudwatch::actions::UntagResource,
        ])
        .on(names::arn("cloudwatch", "alarm:mlops-*")),
        allow([
            scheduler::actions::CreateSchedule,
            scheduler::actions::DeleteSchedule,
            scheduler::actions::GetSchedule,
            scheduler::actions::UpdateSchedule,
        ])
        .on(names::arn("scheduler", "schedule/default/mlops-*")),
        allow([
            events::actions::DeleteRule,
            events::actions::DescribeRule,
            events::actions::ListTagsForResource,
            events::actions::ListTargetsByRule,
            events::actions::PutRule,
            events::actions::PutTargets,
            events::actions::RemoveTargets,
            events::actions::TagResource,
            events::actions::UntagResource,
        ])
        .on(names::arn("events", "rule/mlops-*")),
        allow([kms::actions::Decrypt, kms::actions::DescribeKey]).on(keys).when(of_platform),
        allow(kms::actions::CreateGrant)
            .on(keys)
            .when(of_platform)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true)),
    ]
}

/// What a model, a batch schedule or a monitor may ever need; each role's own policy gives less.
fn inference_boundary(administrator: Value<AccountId>) -> Policy {
    let (partition, region) = (pseudo::PARTITION, pseudo::REGION);
    let inference_roles =
        sub!("arn:{partition}:iam::{}:role/mlops/inference/*", pseudo::ACCOUNT_ID);
    // Project buckets are named {project}-{account}.
    let buckets = (
        sub!("arn:{partition}:s3:::*-{administrator}"),
        sub!("arn:{partition}:s3:::*-{administrator}/*"),
    );
    Policy::new([
        allow([
            s3::actions::AbortMultipartUpload,
            s3::actions::GetBucketLocation,
            s3::actions::GetObject,
            s3::actions::ListBucket,
            s3::actions::PutObject,
        ])
        .on(buckets),
        allow([
            kms::actions::CreateGrant,
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
        ])
        .on((names::arn("kms", "key/*"), sub!("arn:{partition}:kms:{region}:{administrator}:key/*")))
        .when(condition::null(condition::aws::resource_tag(tags::PLATFORM), false)),
        allow([
            ecr::actions::BatchCheckLayerAvailability,
            ecr::actions::BatchGetImage,
            ecr::actions::GetDownloadUrlForLayer,
        ])
        // SageMaker's own images are in accounts of AWS, other ones in each region.
        .on(sub!("arn:{partition}:ecr:{region}:*:repository/*")),
        allow([
            sagemaker::actions::AddTags,
            sagemaker::actions::CreateTransformJob,
            sagemaker::actions::DescribeModelPackage,
            sagemaker::actions::DescribeTransformJob,
            sagemaker::actions::ListTags,
        ])
        .on((
            names::arn("sagemaker", "transform-job/*"),
            names::arn("sagemaker", "model/*"),
            sub!("arn:{partition}:sagemaker:{region}:{administrator}:model-package/*"),
        )),
        allow([
            Action::raw("sagemaker:Create*JobDefinition"),
            Action::raw("sagemaker:Delete*JobDefinition"),
            Action::raw("sagemaker:Describe*JobDefinition"),
            sagemaker::actions::AddTags,
            sagemaker::actions::CreateMonitoringSchedule,
            sagemaker::actions::DeleteMonitoringSchedule,
            sagemaker::actions::DescribeMonitoringSchedule,
            sagemaker::actions::StopMonitoringSchedule,
            sagemaker::actions::UpdateMonitoringSchedule,
        ])
        .on([
            names::arn("sagemaker", "data-quality-job-definition/*"),
            names::arn("sagemaker", "model-quality-job-definition/*"),
            names::arn("sagemaker", "model-bias-job-definition/*"),
            names::arn("sagemaker", "model-explainability-job-definition/*"),
            names::arn("sagemaker", "monitoring-schedule/*"),
        ]),
        // Which model an endpoint has is asked; to explain its answers, a job runs it at an endpoint of its own.
        allow([
            sagemaker::actions::DescribeEndpoint,
            sagemaker::actions::DescribeEndpointConfig,
            sagemaker::actions::DescribeModel,
        ])
        .on([
            names::arn("sagemaker", "endpoint/*"),
            names::arn("sagemaker", "endpoint-config/*"),
            names::arn("sagemaker", "model/*"),
        ]),
        allow([
            sagemaker::actions::AddTags,
            sagemaker::actions::CreateEndpoint,
            sagemaker::actions::CreateEndpointConfig,
            sagemaker::actions::DeleteEndpoint,
            sagemaker::actions::DeleteEndpointConfig,
            sagemaker::actions::InvokeEndpoint,
        ])
        .on([
            names::arn("sagemaker", "endpoint/sm-clarify-*"),
            names::arn("sagemaker", "endpoint-config/sm-clarify-*"),
        ]),
        allow(scheduler::actions::GetSchedule)
            .on(names::arn("scheduler", "schedule/default/mlops-*")),
        allow(lambda::actions::InvokeFunction).on(names::arn("lambda", "function:mlops-*-monitor")),
        allow([
            logs::actions::CreateLogGroup,
            logs::actions::CreateLogStream,
            logs::actions::DescribeLogStreams,
            logs::actions::PutLogEvents,
        ])
        .on([
            names::arn("logs", "log-group:/aws/sagemaker/*"),
            names::arn("logs", "log-group:/aws/lambda/mlops-*"),
            names::arn("logs", "log-group:/aws/lambda/mlops-*:*"),
        ]),
        allow(iam::actions::PassRole).on(inference_roles).when(condition::string_equals(
            iam::condition_keys::PassedToService,
            "sagemaker.amazonaws.com",
        )),
        allow(iam::actions::GetRole).on(inference_roles),
        allow([
            cloudwatch::actions::PutMetricData,
            ec2::actions::CreateNetworkInterface,
            ec2::actions::CreateNetworkInterfacePermission,
            ec2::actions::DeleteNetworkInterface,
            ec2::actions::DeleteNetworkInterfacePermission,
            ec2::actions::DescribeDhcpOptions,
            ec2::actions::DescribeNetworkInterfaces,
            ec2::actions::DescribeSecurityGroups,
            ec2::actions::DescribeSubnets,
            ec2::actions::DescribeVpcs,
            ecr::actions::GetAuthorizationToken,
            Action::raw("sagemaker:List*JobDefinitions"),
        ])
        .on_all(
            "metrics, tokens, lists and EC2's descriptions know no resource; the interfaces of a job in the VPC have no name beforehand",
        ),
    ])
}
