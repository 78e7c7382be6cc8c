//! The AWS Enterprise MLOps Platform: one link deploys it, in 13 regions.
//!
//! `stacks` holds what the link deploys, one module a stack; `launch` where it is launched from. Nothing in
//! here writes a file: [`assembly`] hands everything to whoever does.

pub mod code;
pub mod custom;
pub mod forms;
pub mod launch;
pub mod names;
pub mod parameters;
mod pipelines;
pub mod products;
pub mod sources;
pub mod stacks;
pub mod tags;

use formwork::assembly::Assembly;
use formwork::launch::LaunchBranch;

/// Everything that is released: the entry point and what it nests.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new()
        .with_named(stacks::entry_point::STACK.template(), launch::STACK_NAME)
        .made_with(formwork_aws::SCHEMAS)
        .launched_from(launch::PAGE)
}

/// The stack that a publisher launches before the first release of a branch: its bucket, and the role that publishes into it.
#[must_use]
pub fn release_bucket(branch: &LaunchBranch) -> Assembly {
    Assembly::new().with(stacks::release_bucket::template(branch))
}
