//! The platform's own sources as an asset: what a customer's copy of the platform begins with.
//!
//! It holds what `cargo xtask synth` needs and what a person edits, not what either writes.

use std::path::Path;

use formwork::Asset;

/// Paths that are left out, one a line, relative to the workspace. The build that compares a checkout with what was launched
/// reads the same list.
pub const EXCLUDE: &str = include_str!("../assets/scripts/source-exclude.txt");

/// CodeCommit takes at most 20 MB, compressed, as the first content of a repository.
pub const LIMIT: u64 = 20_000_000;

/// The workspace, zipped.
#[must_use]
pub fn asset() -> Asset {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let asset = Asset::directory("aws-enterprise-mlops-platform-init", workspace);
    EXCLUDE.lines().filter(|line| !line.is_empty()).fold(asset, Asset::except)
}
