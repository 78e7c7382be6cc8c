//! The personas: roles that people switch to. What each may do is in `policies`.

use formwork::prelude::*;
use formwork_aws::{iam, sagemaker};

use super::trust::{self, Trusted};
use super::{Setup, StudioAccess, policies};
use crate::names;
use crate::stacks::inline;

/// The longest session: eight hours. A role that is switched to from another role has one hour, whatever this says.
const SESSION_SECONDS: i64 = 28_800;

/// The roles of the personas.
#[derive(Clone, Copy)]
pub(super) struct Personas {
    pub(super) data_science_admin: Handle<iam::Role>,
    pub(super) data_scientist: Handle<iam::Role>,
    pub(super) full_stack_developer: Handle<iam::Role>,
}

pub(super) fn add(t: &mut Template, setup: Setup, domain: Handle<sagemaker::Domain>) -> Personas {
    let input = setup.input;
    let trusted = Trusted::new(t, input);
    let by_tag = t.condition("ByTag", input.studio_access_control.is(StudioAccess::ByTag));
    let mut trust = |id, permission_set, how| trusted.statements(t, id, permission_set, how);
    let mut admin =
        trust("DataScienceAdmin", input.data_science_admin_permission_set, trust::assume());
    // The role is also what the admin's own Studio profile works with.
    admin.push(trust::sagemaker());
    let scientist = trust(
        "DataScientist",
        input.data_scientist_permission_set,
        trust::assume_with_own_address(),
    );
    let developer =
        trust("FullStackDeveloper", input.full_stack_developer_permission_set, trust::assume());

    let mut persona = |id, name, description, trust, policies| {
        t.add(
            id,
            setup
                .role(names::persona_role(name), Policy::new(trust))
                .description(description)
                .max_session_duration(SESSION_SECONDS)
                .policies(policies),
        )
    };
    Personas {
        data_science_admin: persona(
            "DataScienceAdminRole",
            "datascience-admin",
            "Data Science Admin: makes projects and their users",
            admin,
            vec![
                inline("Projects", policies::data_science_admin::projects()),
                inline(
                    "Studio",
                    policies::data_science_admin::studio(domain, input.platform_key_arn),
                ),
                inline("Watch", policies::data_science_admin::watch()),
            ],
        ),
        data_scientist: persona(
            "DataScientistRole",
            "datascientist",
            "Data Scientist: opens Studio, reviews code, approves models",
            scientist,
            vec![
                inline("Studio", policies::data_scientist::studio(domain, by_tag)),
                inline("Review", policies::data_scientist::review()),
            ],
        ),
        full_stack_developer: persona(
            "FullStackDeveloperRole",
            "full-stack-developer",
            "Full Stack Developer: changes the platform by its repository",
            developer,
            vec![
                inline("Repository", policies::full_stack_developer::repository()),
                inline("Watch", policies::full_stack_developer::watch()),
                inline("Packages", policies::full_stack_developer::packages()),
                inline("Cost", policies::full_stack_developer::cost()),
            ],
        ),
    }
}
