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

/// The handler of `Custom::NetworkPlan`.
pub const NETWORK_PLAN: &str = handler!("network_plan.py");

/// The handler of `Custom::StudioCleanup`.
pub const STUDIO_CLEANUP: &str = handler!("studio_cleanup.py");

/// The handler of `Custom::StudioStorageCleanup`.
pub const STUDIO_STORAGE: &str = handler!("studio_storage.py");

const _: () = assert!(
    NETWORK_PLAN.len() <= INLINE_LIMIT
        && STUDIO_CLEANUP.len() <= INLINE_LIMIT
        && STUDIO_STORAGE.len() <= INLINE_LIMIT
);
const _: () = assert!(RELEASE_COPY.len() <= INLINE_LIMIT && EMPTY_BUCKET.len() <= INLINE_LIMIT);
