//! What the two stack sets of a project have in common: one instance at most, in one account and this region, made with the
//! platform's own roles.

use formwork::prelude::*;
use formwork::{IntoValue, Required};
use formwork_aws::{cloudformation, iam};

/// Where a stack set works, with what, and whether it has anything to deploy.
pub(super) struct StackSet {
    pub(super) name: Value<String>,
    pub(super) description: Value<String>,
    pub(super) administration_role_arn: Input<iam::RoleArn>,
    pub(super) execution_role_name: Input<String>,
    pub(super) template_url: Input<String>,
    pub(super) account: Input<AccountId>,
    pub(super) has_model: Condition,
    pub(super) tags: [cloudformation::Tag; 4],
}

impl StackSet {
    /// Adds it. `parameters` are what each instance is launched with.
    #[track_caller]
    pub(super) fn add(
        self,
        t: &mut Template,
        id: &'static str,
        parameters: Vec<(&'static str, Value<String>)>,
    ) -> Handle<cloudformation::StackSet> {
        let targets = cloudformation::DeploymentTargets::new().accounts([self.account]);
        let instance =
            cloudformation::StackInstances::new(cloudformation::StackInstancesRequired {
                deployment_targets: targets,
                regions: [pseudo::REGION],
            });
        let parameters = parameters.into_iter().map(|(parameter_key, parameter_value)| {
            let both = cloudformation::ParameterRequired { parameter_key, parameter_value };
            cloudformation::Parameter::new(both)
        });
        t.add(
            id,
            cloudformation::StackSet::new(cloudformation::StackSetRequired {
                permission_model: cloudformation::PermissionModel::SelfManaged,
                stack_set_name: self.name,
            })
            .description(self.description)
            .administration_role_arn(self.administration_role_arn)
            .execution_role_name(self.execution_role_name)
            // Here too: the pipeline's action gives its capability to the stack around only.
            .capabilities([cloudformation::Capability::CapabilityNamedIam])
            .template_url(self.template_url)
            .parameters(parameters.collect::<Vec<_>>())
            .stack_instances_group(when(self.has_model, [instance], no_value()))
            .managed_execution(cloudformation::StackSetManagedExecution::new().active(true))
            .operation_preferences(
                cloudformation::OperationPreferences::new()
                    .failure_tolerance_count(0)
                    .max_concurrent_count(1),
            )
            .tags(self.tags),
        )
    }
}

/// Whatever an input means, an instance gets it as text.
pub(super) fn text(value: impl IntoValue<String, Required>) -> Value<String> {
    val(value)
}
