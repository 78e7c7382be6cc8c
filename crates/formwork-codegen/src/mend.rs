//! Corrections of the schemas that only a check needs: where they refuse what AWS takes.
//!
//! Each has its reason and the page that proves it, like the patches of the generated crate, and is refused
//! once it changes nothing.

use crate::patch::Patch;

/// All corrections.
pub const MENDS: &[Patch] = &[];
