//! The code of the platform's Lambda functions, as it goes inline into a template.
//!
//! `cr_common.py` is joined in front of each handler of a custom resource: the two are one file in the function.

/// The largest code that goes inline: 16 KiB. A person reads these templates before launching them; larger code becomes
/// an asset.
pub const INLINE_LIMIT: usize = 16 * 1024;

macro_rules! handler {
    ($file:literal) => {
        concat!(
            include_str!("../assets/lambda/cr_common.py"),
            "\n",
            include_str!(concat!("../assets/lambda/", $file)),
        )
    };
}

/// The handler of `Custom::ReleaseCopy`.
pub const RELEASE_COPY: &str = handler!("release_copy.py");

/// The handler of `Custom::EmptyBucket`.
pub const EMPTY_BUCKET: &str = handler!("empty_bucket.py");

/// The handler of `Custom::DeletionGuard`.
pub const DELETION_GUARD: &str = handler!("deletion_guard.py");

/// The handler of `Custom::NetworkPlan`.
pub const NETWORK_PLAN: &str = handler!("network_plan.py");

/// The handler of `Custom::StudioCleanup`.
pub const STUDIO_CLEANUP: &str = handler!("studio_cleanup.py");

/// The handler of `Custom::StudioStorageCleanup`.
pub const STUDIO_STORAGE: &str = handler!("studio_storage.py");

/// The handler of `Custom::ProjectCleanup`.
pub const PROJECT_CLEANUP: &str = handler!("project_cleanup.py");

/// The handler of `Custom::ModelMonitor`.
pub const MODEL_MONITOR: &str = handler!("model_monitor.py");

/// The handler of `Custom::ProvidedTemplates`.
pub const PROVIDED_TEMPLATES: &str = handler!("provided_templates.py");

/// The handler that tags what belongs to projects. It answers no custom resource.
pub const SM_TAG: &str = include_str!("../assets/lambda/sm_tag.py");

/// The function that the pipelines of projects end with. It answers no custom resource.
pub const PROJECT_READY_NOTIFY: &str = include_str!("../assets/lambda/project_ready_notify.py");

const _: () = {
    let inline = [
        RELEASE_COPY,
        EMPTY_BUCKET,
        DELETION_GUARD,
        NETWORK_PLAN,
        STUDIO_CLEANUP,
        STUDIO_STORAGE,
        PROJECT_CLEANUP,
        MODEL_MONITOR,
        PROVIDED_TEMPLATES,
        SM_TAG,
        PROJECT_READY_NOTIFY,
    ];
    let mut index = 0;
    while index < inline.len() {
        assert!(inline[index].len() <= INLINE_LIMIT);
        index += 1;
    }
};
