//! What takes away, first of all when the project is terminated, what its pipelines made: while the pipelines can still be
//! stopped, the role is there that their stacks go with, and nothing is gone yet if a user of the project stands in the way.

use formwork::prelude::*;

use super::{Inputs, names as own};
use crate::custom::ProjectCleanup;
use crate::names;

/// Adds the cleanup. Whatever else the stack makes must be among `last`, or be needed by one of them.
pub(super) fn add(t: &mut Template, input: Inputs, last: impl formwork::Dependencies) {
    let project = input.project_name;
    let stacks = own::STACKS.map(|name| own::stack(project, name));
    let of_project = ProjectCleanup {
        project_name: val(project),
        project_id: val(input.project_id),
        stack_names: val(stacks),
    };
    let function = names::arn("lambda", "function:mlops-project-cleanup");
    t.add(
        "SubStacksCleanup",
        // As long as CloudFormation waits at most: the function hands over to itself.
        Custom::new(function, of_project).service_timeout(3600).depends_on(last),
    );
}
