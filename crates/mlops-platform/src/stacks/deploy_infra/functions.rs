//! Functions with a role and a log group each: those behind custom resources, and the resources that need nothing else.
//!
//! Their names are fixed: products build the ARNs of two of them, and each policy speaks of its function's log group by name,
//! because a policy that referred to the group would still say nothing of when it is there.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{ec2, efs, iam, lambda, logs, sagemaker, sts};

use super::endpoints::{self, Services};
use super::{Setup, inline};
use crate::custom::NetworkPlan;
use crate::tags::tags;
use crate::{code, names};

/// A function: its logical id, what its name, role and log group are called after, and what it is.
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
    t.add(
        id,
        lambda::Function::new(lambda::FunctionRequired {
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
        .depends_on(group),
    )
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
    let vpc_arn = sub!("{}/{vpc}", names::arn("ec2", "vpc"));
    let of_sagemaker = condition::null(condition::aws::resource_tag(OF_SAGEMAKER), false);
    let in_the_vpc = condition::arn_equals(ec2::condition_keys::Vpc, vpc_arn);
    let statements = vec![
        allow([
            ec2::actions::DescribeNetworkInterfaces,
            ec2::actions::DescribeSecurityGroups,
            efs::actions::DescribeFileSystems,
        ])
        .on_all("these look for what there is"),
        allow(efs::actions::DescribeMountTargets)
            .on(names::arn("elasticfilesystem", "file-system/*")),
        allow([efs::actions::DeleteFileSystem, efs::actions::DeleteMountTarget])
            .on(names::arn("elasticfilesystem", "file-system/*"))
            .when(of_sagemaker),
        // It marks what it is to delete, so that a further try finds it.
        allow(efs::actions::TagResource)
            .on(names::arn("elasticfilesystem", "file-system/*"))
            .when(of_sagemaker)
            .when(condition::for_all_values(condition::string_equals(
                condition::aws::TagKeys,
                "mlops:delete-with",
            ))),
        // Nothing of a domain that still exists is touched.
        allow(sagemaker::actions::DescribeDomain).on(names::arn("sagemaker", "domain/*")),
        // Whoever deletes a mount target deletes its network interface.
        allow(ec2::actions::DeleteNetworkInterface)
            .on(names::arn("ec2", "network-interface/*"))
            .when(in_the_vpc),
        allow([
            ec2::actions::DeleteSecurityGroup,
            ec2::actions::RevokeSecurityGroupEgress,
            ec2::actions::RevokeSecurityGroupIngress,
        ])
        .on(names::arn("ec2", "security-group/*"))
        .when(in_the_vpc),
    ];
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

/// The tag that SageMaker gives the file system of a domain.
const OF_SAGEMAKER: &str = "ManagedByAmazonSageMakerResource";
