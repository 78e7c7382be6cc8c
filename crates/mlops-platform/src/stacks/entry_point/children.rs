//! The stacks that the entry point nests, each at its own logical id: the platform setup page names them by it.

use formwork::prelude::*;
use formwork::{Nested, Outputs};
use formwork_aws::kms;

use super::Inputs;
use super::buckets::Buckets;
use crate::custom::ReleaseCopy;
use crate::stacks::{
    deploy_infra, sc_project, sm_tag_lambda, stackset_admin_role, stackset_execution_role,
};
use crate::tags::{self, PLATFORM_VALUE};

/// The nested stacks.
#[derive(Clone, Copy)]
pub(super) struct Children {
    pub(super) infra: Handle<Nested<deploy_infra::Outputs>>,
    pub(super) project: Handle<Nested<sc_project::Outputs>>,
    execution: Handle<Nested<stackset_execution_role::Outputs>>,
    administration: Handle<Nested<stackset_admin_role::Outputs>>,
    tagging: Handle<Nested<sm_tag_lambda::Outputs>>,
}

impl Children {
    /// All of them, for what must wait until the platform is there.
    pub(super) fn all(&self) -> impl formwork::Dependencies + use<> {
        (self.execution, self.administration, self.infra, self.tagging, self.project)
    }
}

/// What the children are given besides the launch form's answers.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) key: Handle<kms::Key>,
    pub(super) buckets: &'a Buckets,
    pub(super) copy: Handle<Custom<ReleaseCopy>>,
    pub(super) accounts: [Value<AccountId>; 2],
}

pub(super) fn add(t: &mut Template, input: Inputs, given: Given<'_>) -> Children {
    let execution = execution(t, input);
    let administration = administration(t, input, execution, given.accounts);
    let infra = infra(t, input, given.key);
    let tagging = tagging(t, input, given.key, infra);
    let project = project(t, input, given, infra);

    t.add_dependency(execution, given.copy);
    t.add_dependency(administration, given.copy);
    t.add_dependency(infra, given.copy);
    t.add_dependency(tagging, (given.copy, administration));
    t.add_dependency(project, (given.copy, administration));
    Children { infra, project, execution, administration, tagging }
}

/// What every child has. It may take as long as a domain takes, and goes when the platform goes.
fn child<O: Outputs>(name: &'static str, nested: Nested<O>, input: Inputs) -> Nested<O> {
    nested
        .timeout_in_minutes(90)
        .delete_with_stack()
        .tag(tags::COST_CENTER, input.cost_center)
        .tag(tags::PLATFORM, PLATFORM_VALUE)
        .tag(tags::STACK, name)
}

fn execution(t: &mut Template, input: Inputs) -> Handle<Nested<stackset_execution_role::Outputs>> {
    let stack = stackset_execution_role::STACK.with(stackset_execution_role::Inputs {
        administrator_account_id: by_default(),
        cost_center: input.cost_center,
        permissions_boundary_arn: input.permissions_boundary_arn,
    });
    t.nest("StacksetExecutionRole", child("stackset-execution-role", stack, input))
}

fn administration(
    t: &mut Template,
    input: Inputs,
    execution: Handle<Nested<stackset_execution_role::Outputs>>,
    accounts: [Value<AccountId>; 2],
) -> Handle<Nested<stackset_admin_role::Outputs>> {
    let stack = stackset_admin_role::STACK.with(stackset_admin_role::Inputs {
        execution_role_name: give(execution.execution_role_name),
        cost_center: input.cost_center,
        target_account_ids: give(accounts),
        permissions_boundary_arn: input.permissions_boundary_arn,
    });
    t.nest("StacksetAdminRole", child("stackset-admin-role", stack, input))
}

fn infra(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
) -> Handle<Nested<deploy_infra::Outputs>> {
    let stack = deploy_infra::STACK.with(deploy_infra::Inputs {
        cost_center: input.cost_center,
        platform_key_arn: give(key.arn()),
        trusted_principal_arns: input.trusted_principal_arns,
        saml_provider_arn: input.saml_provider_arn,
        data_science_admin_permission_set: input.data_science_admin_permission_set,
        data_scientist_permission_set: input.data_scientist_permission_set,
        full_stack_developer_permission_set: input.full_stack_developer_permission_set,
        studio_access_control: input.studio_access_control,
        permissions_boundary_arn: input.permissions_boundary_arn,
        vpc_cidr: input.vpc_cidr,
        availability_zone_1: input.availability_zone_1,
        availability_zone_2: input.availability_zone_2,
        endpoint_tier: input.endpoint_tier,
        studio_storage_on_delete: input.studio_storage_on_delete,
        allow_public_py_pi: input.allow_public_py_pi,
        staging_account_id: input.staging_account_id,
        prod_account_id: input.prod_account_id,
        notification_email: input.notification_email,
    });
    t.nest("DeployInfraStack", child("deploy-infra-stack", stack, input))
}

fn tagging(
    t: &mut Template,
    input: Inputs,
    key: Handle<kms::Key>,
    infra: Handle<Nested<deploy_infra::Outputs>>,
) -> Handle<Nested<sm_tag_lambda::Outputs>> {
    let stack = sm_tag_lambda::STACK.with(sm_tag_lambda::Inputs {
        cost_center: input.cost_center,
        platform_key_arn: give(key.arn()),
        permissions_boundary_arn: input.permissions_boundary_arn,
        ready_topic_arn: give(infra.ready_topic_arn),
    });
    t.nest("SmTagLambdaStack", child("sm-tag-lambda-stack", stack, input))
}

fn project(
    t: &mut Template,
    input: Inputs,
    given: Given<'_>,
    infra: Handle<Nested<deploy_infra::Outputs>>,
) -> Handle<Nested<sc_project::Outputs>> {
    let stack = sc_project::STACK.with(sc_project::Inputs {
        cost_center: input.cost_center,
        artifacts_bucket_name: give(given.buckets.artifacts),
        platform_key_arn: give(given.key.arn()),
        permissions_boundary_arn: input.permissions_boundary_arn,
        data_science_admin_role_arn: give(infra.data_science_admin_role_arn),
        data_scientist_role_arn: give(infra.data_scientist_role_arn),
        studio_default_execution_role_arn: give(infra.studio_default_execution_role_arn),
        product_role_permission: input.product_role_permission,
        domain_id: give(infra.domain_id),
        sagemaker_provided_templates: input.sagemaker_provided_templates,
    });
    t.nest("ScProjectStack", child("sc-project-stack", stack, input))
}
