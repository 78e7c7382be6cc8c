//! Studio: the domain, the admin's profile, and what frees both before they are deleted.
//!
//! At deletion apps and spaces go first, then the profile, the domain, what SageMaker left in the network, and the network.

use formwork::prelude::*;
use formwork_aws::{ec2, iam, sagemaker};

use super::functions::{self, ADMIN_PROFILE};
use super::network::Network;
use super::{Setup, trust};
use crate::custom::{StudioCleanup, StudioStorageCleanup};
use crate::names;
use crate::stacks::inline;
use crate::tags::{PERSONA, tags};

/// Adds the domain. Also returns the role of profiles that belong to no project.
pub(super) fn domain(
    t: &mut Template,
    setup: Setup,
    network: &Network,
    endpoints: Vec<Handle<ec2::VpcEndpoint>>,
) -> (Handle<sagemaker::Domain>, Handle<iam::Role>) {
    let role = default_role(t, setup);
    let storage = storage_cleanup(t, setup, network);
    let domain = t.add(
        "StudioDomain",
        sagemaker::Domain::new(sagemaker::DomainRequired {
            auth_mode: sagemaker::AuthMode::Iam,
            domain_name: sub!("{}-studio-domain", pseudo::REGION),
            default_user_settings: user_settings(role, network),
        })
        .app_network_access_type(sagemaker::AppNetworkAccessType::VpcOnly)
        .vpc_id(network.vpc)
        .subnet_ids(network.subnets)
        .kms_key_id(setup.input.platform_key_arn)
        .domain_settings(domain_settings())
        .tag_propagation(sagemaker::TagPropagation::Enabled)
        .tags(tags!(sagemaker, setup.input.cost_center))
        .depends_on((storage, endpoints, network.associations, network.ingress, network.egress))
        .delete_with_stack(),
    );
    (domain, role)
}

/// Where the console shows the domain: from there people open their own profiles.
pub(super) fn url(domain: Handle<sagemaker::Domain>) -> Value<String> {
    let region = pseudo::REGION;
    let console = sub!("https://{region}.console.aws.amazon.com/sagemaker/home");
    val(sub!("{console}?region={region}#/studio/{domain}"))
}

/// With this role alone one can do nothing but see where one is.
fn default_role(t: &mut Template, setup: Setup) -> Handle<iam::Role> {
    let domains = names::arn("sagemaker", "domain/*");
    let profiles = names::arn("sagemaker", "user-profile/*");
    // The domain is made with this role, so its id is not known yet.
    let look = Policy::new([
        allow(sagemaker::actions::DescribeDomain).on(domains),
        allow(sagemaker::actions::ListTags).on([domains, profiles]),
    ]);
    t.add(
        "StudioDefaultExecutionRole",
        setup
            .role(names::platform_role("studio-default"), Policy::new([trust::sagemaker()]))
            .description("Studio profiles that belong to no project")
            .policies([inline("Look", look)]),
    )
}

/// Runs after the domain is gone and before the network goes.
fn storage_cleanup(
    t: &mut Template,
    setup: Setup,
    network: &Network,
) -> Handle<Custom<StudioStorageCleanup>> {
    let function = functions::studio_storage(t, setup, network.vpc);
    let cleanup = StudioStorageCleanup {
        vpc_id: val(network.vpc),
        subnet_ids: val(network.subnets),
        mode: val(setup.input.studio_storage_on_delete),
    };
    t.add(
        "StudioStorageCleanup",
        Custom::new(function.arn(), cleanup).service_timeout(960).depends_on([
            network.compute,
            network.studio,
            network.endpoints,
        ]),
    )
}

/// What every profile starts with: the present Studio with `JupyterLab`, and the pages that projects need.
fn user_settings(role: Handle<iam::Role>, network: &Network) -> sagemaker::UserSettings {
    let idle = sagemaker::IdleSettings::new()
        .lifecycle_management(sagemaker::LifecycleManagement::Enabled)
        .idle_timeout_in_minutes(120)
        .min_idle_timeout_in_minutes(60)
        .max_idle_timeout_in_minutes(525_600);
    let disk =
        sagemaker::DefaultEbsStorageSettings::new(sagemaker::DefaultEbsStorageSettingsRequired {
            default_ebs_volume_size_in_gb: 20,
            maximum_ebs_volume_size_in_gb: 100,
        });
    sagemaker::UserSettings::new(role.arn())
        .security_groups([network.studio.group_id()])
        .studio_web_portal(sagemaker::StudioWebPortal::Enabled)
        .default_landing_uri("studio::")
        .auto_mount_home_efs(sagemaker::AutoMountHomeEfs::Enabled)
        .jupyter_lab_app_settings(
            sagemaker::JupyterLabAppSettings::new().app_lifecycle_management(
                sagemaker::AppLifecycleManagement::new().idle_settings(idle),
            ),
        )
        .space_storage_settings(
            sagemaker::DefaultSpaceStorageSettings::new().default_ebs_storage_settings(disk),
        )
        .sharing_settings(
            sagemaker::SharingSettings::new()
                .notebook_output_option(sagemaker::NotebookOutputOption::Disabled),
        )
        .studio_web_portal_settings(portal())
}

/// What is hidden. Never Projects, Pipelines, Models, Experiments, Training or Endpoints: projects are used through them.
fn portal() -> sagemaker::StudioWebPortalSettings {
    sagemaker::StudioWebPortalSettings::new()
        .hidden_ml_tools([
            sagemaker::MlTools::JumpStart,
            sagemaker::MlTools::AutoMl,
            sagemaker::MlTools::EmrClusters,
            sagemaker::MlTools::HyperPodClusters,
        ])
        .hidden_app_types([
            sagemaker::AppType::Canvas,
            sagemaker::AppType::RStudioServerPro,
            sagemaker::AppType::JupyterServer,
        ])
}

/// Calls made from Studio carry the name of the profile; containers cannot be built in it.
fn domain_settings() -> sagemaker::DomainSettings {
    sagemaker::DomainSettings::new()
        .execution_role_identity_config(sagemaker::ExecutionRoleIdentityConfig::UserProfileName)
        .docker_settings(
            sagemaker::DockerSettings::new()
                .enable_docker_access(sagemaker::EnableDockerAccess::Disabled),
        )
}

/// The profile in which data science admins work, and what frees the domain first of all at deletion.
pub(super) fn admin_profile(
    t: &mut Template,
    setup: Setup,
    domain: Handle<sagemaker::Domain>,
    role: Handle<iam::Role>,
) {
    // A profile's tags cannot be changed: with a cost center among them, another cost center would need another profile of
    // the same name. What runs in the profile gets the domain's.
    let [_, platform] = tags!(sagemaker, setup.input.cost_center);
    let persona = sagemaker::Tag::new(sagemaker::TagRequired { key: PERSONA, value: "admin" });
    let profile = t.add(
        "DsAdminProfile",
        sagemaker::UserProfile::new(sagemaker::UserProfileRequired {
            domain_id: domain,
            user_profile_name: ADMIN_PROFILE,
        })
        .user_settings(sagemaker::UserProfileUserSettings::new().execution_role(role.arn()))
        .tags([platform, persona])
        .delete_with_stack(),
    );
    let function = functions::studio_cleanup(t, setup, domain);
    let cleanup = StudioCleanup { domain_id: Some(val(domain)), user_profile_arn: None };
    t.add(
        "StudioCleanup",
        Custom::new(function.arn(), cleanup).service_timeout(3600).depends_on(profile),
    );
}
