//! Functions with a role and a log group each, most of them behind custom resources.
//!
//! Their names are fixed, and may not change while a product stands: products build the ARNs of two of them. A policy speaks of
//! its function and log group by those names; one that referred to the function would wait for what waits for its role.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{cloudformation, ec2, efs, iam, lambda, logs, sagemaker, sts};

use super::Setup;
use super::endpoints::{self, Services};
use crate::custom::NetworkPlan;
use crate::stacks::inline;
use crate::tags::tags;
use crate::{code, names};

/// A function: its logical id, what its name, role and log group are called after, and what it is.
#[derive(Clone, Copy)]
pub(super) struct Function {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) role: &'static str,
    pub(super) description: &'static str,
    pub(super) code: &'static str,
    pub(super) seconds: i64,
}

/// Adds the function, its role and its log group.
pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    function: Function,
    may: Vec<Statement>,
) -> Handle<lambda::Function> {
    add_with(t, setup, function, may, |function| function)
}

/// The same for a function with settings of its own.
pub(super) fn add_with(
    t: &mut Template,
    setup: Setup,
    function: Function,
    may: Vec<Statement>,
    settings: impl FnOnce(lambda::Function) -> lambda::Function,
) -> Handle<lambda::Function> {
    let Function { id, name, role, description, code, seconds } = function;
    let group = t.add(
        format!("{id}Logs"),
        logs::LogGroup::new()
            .log_group_name(format!("/aws/lambda/{name}"))
            .kms_key_id(setup.input.platform_key_arn)
            .retention_in_days(30)
            .tags(tags!(logs, setup.input.cost_center))
            .delete_with_stack(),
    );
    let trust = Policy::new([allow(sts::actions::AssumeRole).to(Principal::service("lambda"))]);
    let log = allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
        .on(sub!("{}/{name}:*", names::arn("logs", "log-group:/aws/lambda")));
    let policy: Policy = std::iter::once(log).chain(may).collect();
    let role: Handle<iam::Role> = t.add(
        format!("{id}Role"),
        setup
            .role(names::platform_role(role), trust)
            .description(description)
            .policies([inline("Function", policy)]),
    );
    let function = lambda::Function::new(lambda::FunctionRequired {
        code: lambda::Code::new().zip_file(code),
        role: role.arn(),
    })
    .function_name(name)
    .description(description)
    .runtime(lambda::Runtime::Python3_12)
    .handler("index.handler")
    .memory_size(256)
    .timeout(seconds)
    .tags(tags!(optional lambda, setup.input.cost_center))
    .depends_on(group);
    t.add(id, settings(function))
}

/// Chooses the zones of the subnets: not every endpoint service is in every zone.
pub(super) fn network_plan(
    t: &mut Template,
    setup: Setup,
    services: Services,
) -> Handle<Custom<NetworkPlan>> {
    let look = allow([
        ec2::actions::DescribeAvailabilityZones,
        ec2::actions::DescribeManagedPrefixLists,
        ec2::actions::DescribeSubnets,
        ec2::actions::DescribeVpcEndpointServices,
    ])
    .on_all("EC2's descriptions know no resource");
    let function = add(
        t,
        setup,
        Function {
            id: "NetworkPlanFunction",
            name: "mlops-network-plan",
            role: "network-plan",
            description: "Chooses the availability zones of the platform's network",
            code: code::NETWORK_PLAN,
            seconds: 120,
        },
        vec![look],
    );
    let plan = NetworkPlan {
        services: val(endpoints::names(services)),
        az1: val(setup.input.availability_zone_1),
        az2: val(setup.input.availability_zone_2),
    };
    t.add("NetworkPlan", Custom::new(function.arn(), plan).service_timeout(180))
}

/// Frees a domain or a profile of apps and spaces. Products use it for their own profiles.
pub(super) fn studio_cleanup(
    t: &mut Template,
    setup: Setup,
    domain: Handle<sagemaker::Domain>,
) -> Handle<lambda::Function> {
    use sagemaker::actions as may;
    let of_domain = |kind| sub!("{}/{domain}/*", names::arn("sagemaker", kind));
    let profiles = of_domain("user-profile");
    let name = "mlops-studio-cleanup";
    let statements = vec![
        allow([may::ListApps, may::ListSpaces, may::ListUserProfiles])
            .on_all("lists are of all domains; the handler asks for one"),
        allow([may::DeleteApp, may::DescribeApp]).on(of_domain("app")),
        allow([may::DeleteSpace, may::DescribeSpace]).on(of_domain("space")),
        allow(may::DescribeDomain).on(sub!("{}/{domain}", names::arn("sagemaker", "domain"))),
        // A profile's tags say whether a template made it.
        allow([may::DeleteUserProfile, may::DescribeUserProfile, may::ListTags]).on(profiles),
        deny(may::DeleteUserProfile).on(admin_profile(domain)),
        // A domain is cleared only while this very stack is deleted or rolls its creation back.
        allow(cloudformation::actions::DescribeStacks).on(pseudo::STACK_ID),
        // It hands over to itself when its time is up.
        allow(lambda::actions::InvokeFunction)
            .on(sub!("{}:{name}", names::arn("lambda", "function"))),
    ];
    add(
        t,
        setup,
        Function {
            id: "StudioCleanupFunction",
            name,
            role: "studio-cleanup",
            description: "Removes apps and spaces before a Studio domain or profile is deleted",
            code: code::STUDIO_CLEANUP,
            seconds: 900,
        },
        statements,
    )
}

/// The ARN of the profile that only data science admins may open.
pub(super) fn admin_profile(domain: Handle<sagemaker::Domain>) -> formwork::Text {
    sub!("{}/{domain}/{ADMIN_PROFILE}", names::arn("sagemaker", "user-profile"))
}

/// The name of the profile that only data science admins may open.
pub(super) const ADMIN_PROFILE: &str = "ds-admin";

/// Removes what SageMaker leaves in the network when a domain is deleted, and the home directories if they are not to stay.
pub(super) fn studio_storage(
    t: &mut Template,
    setup: Setup,
    vpc: Handle<ec2::Vpc>,
) -> Handle<lambda::Function> {
    let mut statements = clear_file_systems();
    statements.extend(clear_network(vpc));
    add(
        t,
        setup,
        Function {
            id: "StudioStorageFunction",
            name: "mlops-studio-storage",
            role: "studio-storage",
            description: "Clears the network of what a deleted Studio domain leaves in it",
            code: code::STUDIO_STORAGE,
            seconds: 900,
        },
        statements,
    )
}

/// File systems that SageMaker made, and of those only such whose domain is gone.
fn clear_file_systems() -> Vec<Statement> {
    let file_systems = names::arn("elasticfilesystem", "file-system/*");
    let domain_tag = condition::aws::resource_tag("ManagedByAmazonSageMakerResource");
    let of_sagemaker = condition::null(domain_tag, false);
    let mark = condition::string_equals(condition::aws::TagKeys, "mlops:delete-with");
    vec![
        allow(efs::actions::DescribeFileSystems).on_all("it looks for what there is"),
        allow(efs::actions::DescribeMountTargets).on(file_systems),
        allow([efs::actions::DeleteFileSystem, efs::actions::DeleteMountTarget])
            .on(file_systems)
            .when(of_sagemaker),
        // It marks what it is to delete, so that a further try finds it.
        allow(efs::actions::TagResource)
            .on(file_systems)
            .when(of_sagemaker)
            .when(condition::for_all_values(mark)),
        allow(sagemaker::actions::DescribeDomain).on(names::arn("sagemaker", "domain/*")),
    ]
}

/// Network interfaces and security groups, in this network and no other.
fn clear_network(vpc: Handle<ec2::Vpc>) -> Vec<Statement> {
    use ec2::actions as may;
    let vpc = sub!("{}/{vpc}", names::arn("ec2", "vpc"));
    let in_the_vpc = condition::arn_equals(ec2::condition_keys::Vpc, vpc);
    vec![
        allow([may::DescribeNetworkInterfaces, may::DescribeSecurityGroups])
            .on_all("EC2's descriptions know no resource"),
        // Whoever deletes a mount target deletes its network interface.
        allow(may::DeleteNetworkInterface)
            .on(names::arn("ec2", "network-interface/*"))
            .when(in_the_vpc),
        allow([
            may::DeleteSecurityGroup,
            may::RevokeSecurityGroupEgress,
            may::RevokeSecurityGroupIngress,
        ])
        .on(names::arn("ec2", "security-group/*"))
        .when(in_the_vpc),
    ]
}
