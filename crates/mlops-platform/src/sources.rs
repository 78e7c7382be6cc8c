//! The platform's own sources as an asset: what a customer's copy of the platform begins with.
//!
//! It holds what `cargo xtask synth` and `cargo xtask test` need, so that whoever clones the copy can go on with it, and not what
//! they write.

use std::path::Path;

use formwork::Asset;

/// What belongs to the sources, one a line, relative to the workspace: whoever adds a file or a directory beside these names
/// it here. The build that compares a checkout with what was launched reads the same list.
///
/// Below these, hidden files and [`LEFT_BEHIND`] are left out: whatever else lies in somebody's working copy, such as
/// `.env`, does not get into the bucket.
pub const INCLUDE: &str = include_str!("../assets/scripts/source-include.txt");

/// Directories that tools write, left out at any depth.
pub const LEFT_BEHIND: [&str; 2] = ["__pycache__", "target"];

/// CodeCommit takes at most 20 MB, compressed, as the first content of a repository.
pub const LIMIT: u64 = 20_000_000;

/// The workspace, zipped.
#[must_use]
pub fn asset() -> Asset {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let included = INCLUDE.lines().filter(|line| !line.is_empty());
    choose(Asset::directory("aws-enterprise-mlops-platform-init", workspace), included)
}

/// Restricts a directory to the included paths, by the rule that `assets/scripts/build_release.py` follows too.
pub fn choose(directory: Asset, included: impl IntoIterator<Item = &'static str>) -> Asset {
    let asset = included.into_iter().fold(directory.except_hidden(), Asset::only);
    LEFT_BEHIND.into_iter().fold(asset, Asset::except_directories)
}
