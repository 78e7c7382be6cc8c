//! The deletion guard: made last and so deleted first, it refuses the deletion of the platform while projects or their users
//! still need it.

use formwork::prelude::*;
use formwork_aws::lambda;

use super::children::Children;
use crate::custom::DeletionGuard;
use crate::tags::PLATFORM_VALUE;

/// Adds the guard. Whatever else the stack makes must be among `last`, or be needed by one of them.
pub(super) fn add(
    t: &mut Template,
    function: Handle<lambda::Function>,
    children: &Children,
    last: impl formwork::Dependencies,
) {
    let guarded = DeletionGuard {
        domain_id: val(children.infra.domain_id),
        portfolio_id: val(children.project.portfolio_id),
        platform_name: val(PLATFORM_VALUE),
    };
    let guard = Custom::new(function.arn(), guarded).service_timeout(180);
    t.add("DeletionGuard", guard.depends_on(last));
}
