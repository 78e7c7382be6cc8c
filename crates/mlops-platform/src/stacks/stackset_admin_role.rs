//! The role with which CloudFormation administers the platform's stack sets: it may assume the execution role, and
//! nothing else.
//!
//! The names that CloudFormation uses by itself are not taken: they are global in an account, and a second region or
//! another tool may own them.

use formwork::prelude::*;
use formwork_aws::{iam, sts};

use crate::forms;
use crate::stacks::inline;
use crate::tags::tags;
use crate::{names, parameters};

/// The policy that bounds the roles of models and monitors, by its name.
pub const INFERENCE_BOUNDARY_NAME: &str = "inference-boundary-name";

/// The stack.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "stackset-admin-role",
    "stackset-admin-role: the role with which CloudFormation administers the stack sets of projects",
    define,
);

/// What the entry point hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the execution role, the same in every account.
    #[input(form = forms::ROLE_NAME)]
    pub execution_role_name: Input<String>,
    /// Cost center that every resource is tagged with.
    #[input(form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Accounts that stack sets may deploy into. Empty for any account that trusts this one.
    #[input(
        default = "",
        pattern = r"^(\d{12})?$",
        explain = "account ids of 12 digits, or nothing"
    )]
    pub target_account_ids: Input<List<AccountId>>,
    /// ARN of a managed policy that bounds the role. Empty for none.
    #[input(default = "", form = forms::BOUNDARY_ARN)]
    pub permissions_boundary_arn: Input<Arn>,
}

/// What other stacks use.
#[derive(Outputs)]
pub struct Outputs {
    /// ARN that each stack set names as its administration role.
    pub administration_role_arn: Value<iam::RoleArn>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let opt_in = t.condition("OptIn", pseudo::REGION.is("eu-south-1"));
    let has_targets = t.condition("HasTargets", !input.target_account_ids.is_empty_list());
    let has_boundary = t.condition("HasBoundary", !input.permissions_boundary_arn.is_empty());

    let name = input.execution_role_name;
    let assume = allow(sts::actions::AssumeRole)
        .on(sub!("arn:{}:iam::*:role/{name}", pseudo::PARTITION))
        .when(
            condition::string_equals(condition::aws::ResourceAccount, input.target_account_ids)
                .only_if(has_targets),
        );
    let role = t.add(
        "AdministrationRole",
        iam::Role::new(trust(opt_in))
            .role_name(names::stackset_admin_role(val(pseudo::ACCOUNT_ID)))
            .description("With this role CloudFormation administers the stack sets of projects")
            .permissions_boundary(when(has_boundary, input.permissions_boundary_arn, no_value()))
            .policies([inline("AssumeExecutionRole", Policy::new([assume]))])
            .tags(tags!(iam, input.cost_center)),
    );
    // What pipelines of projects name when they make stack sets.
    let (own, of_targets) = ("stackset-admin-role-arn", "stackset-execution-role-name");
    parameters::add(t, "AdminRoleArnParam", own, role.arn(), input.cost_center);
    parameters::add(t, "ExecutionRoleNameParam", of_targets, name, input.cost_center);
    parameters::add(
        t,
        "InferenceBoundaryNameParam",
        INFERENCE_BOUNDARY_NAME,
        boundary_name(input, has_boundary),
        input.cost_center,
    );
    Outputs { administration_role_arn: role.arn() }
}

/// The name of the policy that bounds the roles of models and monitors: the customer's, which has this name in all accounts,
/// else the platform's own.
fn boundary_name(input: Inputs, has_boundary: Condition) -> Value<String> {
    // One more separator, so that there is a second part of nothing too.
    let given = sub!("{}:policy/", input.permissions_boundary_arn).split(":policy/").select(1);
    let own = names::inference_boundary(val(pseudo::ACCOUNT_ID));
    val(when(has_boundary, given, own))
}

/// CloudFormation, for stack sets of this account. In a region that an account must opt into, CloudFormation comes with
/// the name that it has there too.
fn trust(opt_in: Condition) -> Policy {
    let stack_sets = names::arn("cloudformation", "stackset/*");
    let regional = Principal::regional_service("cloudformation", pseudo::REGION);
    Policy::new([allow(sts::actions::AssumeRole)
        .to((Principal::service("cloudformation"), when(opt_in, regional, no_value())))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .when(condition::arn_like(condition::aws::SourceArn, stack_sets))])
}
