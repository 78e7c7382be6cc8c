//! The profile, and what frees it of apps and spaces before it is deleted.

use formwork::prelude::*;
use formwork_aws::sagemaker;

use super::{Inputs, Names, of_project, platform};
use crate::custom::StudioCleanup;
use crate::names;
use crate::stacks::deploy_infra::parameters::DOMAIN_ID;
use crate::tags::{PLATFORM, PLATFORM_VALUE, PROJECT, PROJECT_ID, USER_EMAIL};

/// With the project's role. SageMaker adds a profile's security groups to the domain's, so it has none of its own: that of jobs
/// would let others reach its apps. What `JupyterLab` starts with is left to the pipeline, which knows the
/// lifecycle configuration of the day: an update of the stack must not set it back.
pub(super) fn add(t: &mut Template, input: Inputs, names: Names) -> Handle<sagemaker::UserProfile> {
    let settings =
        sagemaker::UserProfileUserSettings::new().execution_role(of_project(input, "role-arn"));
    let profile = t.add(
        "UserProfile",
        sagemaker::UserProfile::new(sagemaker::UserProfileRequired {
            domain_id: platform(DOMAIN_ID),
            user_profile_name: names.profile,
        })
        .user_settings(settings)
        .tags(tags(input))
        .delete_with_stack(),
    );
    let cleanup = StudioCleanup {
        domain_id: None,
        // It holds the domain's id too. Nothing here is read of a parameter: a custom resource may not get it resolved.
        user_profile_arn: Some(profile.user_profile_arn()),
    };
    let function = names::arn("lambda", "function:mlops-studio-cleanup");
    t.add("UserCleanup", Custom::new(function, cleanup).service_timeout(3600));
    profile
}

/// A profile's tags cannot be changed, so there is none that may: another cost center would ask for a second profile of the same
/// name. What runs in the profile gets the project's cost center by other ways.
fn tags(input: Inputs) -> [sagemaker::Tag; 4] {
    let tag =
        |key, value: Value<String>| sagemaker::Tag::new(sagemaker::TagRequired { key, value });
    [
        tag(PLATFORM, val(PLATFORM_VALUE)),
        tag(PROJECT, val(input.project_name)),
        tag(PROJECT_ID, val(input.project_id)),
        tag(USER_EMAIL, val(input.user_email)),
    ]
}
