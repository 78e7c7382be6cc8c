//! Everything that projects stand on: a network without a way to the internet, the Studio domain, who people are and what
//! they may do, the packages, and the topic that tells of new projects.
//!
//! Products read what is in here from Systems Manager and build the names of functions, so neither may be renamed.

mod endpoints;
mod functions;
mod inputs;
mod network;
mod notify;
mod packages;
pub mod parameters;
mod personas;
mod policies;
mod studio;
mod trust;

use formwork::prelude::*;
use formwork_aws::{codeartifact, ec2, iam, sagemaker, sns};

pub use inputs::{EndpointTier, Inputs, StorageOnDelete, StudioAccess, YesNo};

use crate::tags::tags;

/// The stack.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "deploy-infra",
    "deploy-infra-stack: network, Studio domain, personas, packages and notification",
    define,
);

/// What other stacks use.
#[derive(Outputs)]
pub struct Outputs {
    /// The VPC.
    pub vpc_id: Value<ec2::VpcId>,
    /// Subnets for jobs, endpoints and apps.
    pub subnet_ids: Value<List<ec2::SubnetId>>,
    /// Security group for jobs, endpoints and apps.
    pub compute_security_group_id: Value<ec2::SecurityGroupId>,
    /// The Studio domain.
    pub domain_id: Value<sagemaker::DomainId>,
    /// ARN of the Studio domain.
    pub domain_arn: Value<sagemaker::DomainArn>,
    /// Where the console shows the Studio domain and its profiles.
    pub studio_url: Value<String>,
    /// Role of profiles that belong to no project.
    pub studio_default_execution_role_arn: Value<iam::RoleArn>,
    /// Role of data science admins.
    pub data_science_admin_role_arn: Value<iam::RoleArn>,
    /// Name of the role of data science admins.
    pub data_science_admin_role_name: Value<String>,
    /// Role of data scientists.
    pub data_scientist_role_arn: Value<iam::RoleArn>,
    /// Name of the role of data scientists.
    pub data_scientist_role_name: Value<String>,
    /// Role of full stack developers.
    pub full_stack_developer_role_arn: Value<iam::RoleArn>,
    /// Name of the role of full stack developers.
    pub full_stack_developer_role_name: Value<String>,
    /// Domain of the Python packages.
    pub code_artifact_domain_name: Value<String>,
    /// Repository of the Python packages.
    pub code_artifact_repository_name: Value<String>,
    /// ARN of the repository of the Python packages.
    pub code_artifact_repository_arn: Value<codeartifact::RepositoryArn>,
    /// Where pip finds the Python packages, without the `simple/` at the end.
    pub code_artifact_endpoint: Value<String>,
    /// Topic that tells of new projects and of alarms.
    pub ready_topic_arn: Value<sns::TopicArn>,
}

/// What every part of the stack is given.
#[derive(Clone, Copy)]
struct Setup {
    input: Inputs,
    has_boundary: Condition,
    has_staging_account: Condition,
    has_prod_account: Condition,
}

impl Setup {
    fn new(t: &mut Template, input: Inputs) -> Self {
        Setup {
            input,
            has_boundary: t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty()),
            has_staging_account: t
                .condition("HasStagingAccount", !input.staging_account_id.is_empty()),
            has_prod_account: t.condition("HasProdAccount", !input.prod_account_id.is_empty()),
        }
    }

    /// A role with what every role of the stack has; its name is a contract, its boundary the customer's.
    fn role(self, name: formwork::Text<formwork::Early>, trust: Policy) -> iam::Role {
        let boundary = self.input.permissions_boundary_arn;
        iam::Role::new(trust)
            .role_name(name)
            .permissions_boundary(when(self.has_boundary, boundary, no_value()))
            .tags(tags!(iam, self.input.cost_center))
    }

    /// The tags of something of the network, which the console shows by its name.
    fn named(self, name: &'static str) -> [ec2::Tag; 3] {
        let [cost_center, platform] = tags!(ec2, self.input.cost_center);
        [ec2::Tag::new(ec2::TagRequired { key: "Name", value: name }), cost_center, platform]
    }
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let setup = Setup::new(t, input);
    let services = endpoints::services(t, input);
    let plan = functions::network_plan(t, setup, services);
    let network = network::add(t, setup, plan);
    let endpoints = endpoints::add(t, setup, services, &network);

    let (domain, default_role) = studio::domain(t, setup, &network, endpoints);
    let personas = personas::add(t, setup, domain);
    studio::admin_profile(t, setup, domain, personas.data_science_admin);

    let packages = packages::add(t, input);
    let studio_url = studio::url(domain);
    let topic = notify::add(t, setup, studio_url);

    let outputs = Outputs {
        vpc_id: val(network.vpc),
        subnet_ids: val(network.subnets),
        compute_security_group_id: network.compute.group_id(),
        domain_id: val(domain),
        domain_arn: domain.domain_arn(),
        studio_url,
        studio_default_execution_role_arn: default_role.arn(),
        data_science_admin_role_arn: personas.data_science_admin.arn(),
        data_science_admin_role_name: val(personas.data_science_admin),
        data_scientist_role_arn: personas.data_scientist.arn(),
        data_scientist_role_name: val(personas.data_scientist),
        full_stack_developer_role_arn: personas.full_stack_developer.arn(),
        full_stack_developer_role_name: val(personas.full_stack_developer),
        code_artifact_domain_name: packages.domain.name(),
        code_artifact_repository_name: packages.repository.name(),
        code_artifact_repository_arn: packages.repository.arn(),
        code_artifact_endpoint: packages.endpoint,
        ready_topic_arn: val(topic),
    };
    parameters::add(t, setup, network.subnets, &outputs);
    outputs
}
