//! The stacks, one module each: what the link deploys, which is the entry point and what it nests, and the bucket that the
//! link's release is in, which the publisher deploys.

pub mod deploy_infra;
pub mod entry_point;
pub mod release_bucket;
pub mod sc_project;
pub mod sm_tag_lambda;
pub mod stackset_admin_role;
pub mod stackset_execution_role;

use formwork::prelude::*;
use formwork_aws::iam;

/// A policy that a role holds itself.
pub(crate) fn inline(name: &'static str, document: Policy) -> iam::PolicyProperty {
    iam::PolicyProperty::new(iam::PolicyPropertyRequired {
        policy_name: name,
        policy_document: document,
    })
}
