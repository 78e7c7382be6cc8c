//! Prints what belongs to the crate as a whole: `lib.rs`, the manifest, the README.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::schema_header;
use crate::plan::Plan;
use crate::services::SMALL;

/// `src/lib.rs`.
pub fn lib(plan: &Plan) -> String {
    let mut out = schema_header(plan);
    out.push_str(LIB);
    out.push_str("\n#[rustfmt::skip]\npub mod meanings;\n");
    for service in &plan.services {
        let _ = write!(out, "\n#[cfg(feature = \"{}\")]\n#[rustfmt::skip]\npub mod {};\n", service.feature, service.module);
    }
    for (name, _) in plan.iam.iter().filter(|(_, module)| !module.with_resources) {
        let _ = write!(out, "\n#[rustfmt::skip]\npub mod {name};\n");
    }
    out
}

const LIB: &str = r#"
//! Every resource type of AWS CloudFormation for `formwork`, generated from the registry's schemas.
//!
//! One module and one feature a service, none by default: `ec2::Vpc` needs the feature `ec2`. The smallest
//! services share the feature `small`; `all` switches on everything. The README lists them, and the rules
//! by which things are named.

#![allow(
    clippy::all,
    clippy::pedantic,
    unused_qualifications,
    reason = "generated: every name follows AWS's"
)]
"#;

/// `Cargo.toml`.
pub fn manifest(plan: &Plan) -> String {
    let mut out = schema_header(plan).replacen("//", "#", 1);
    out.push_str(MANIFEST);
    let all: BTreeSet<&str> = plan.services.iter().map(|service| service.feature.as_str()).collect();
    out.push_str("# every service\nall = [\n");
    for feature in &all {
        let _ = writeln!(out, "    \"{feature}\",");
    }
    out.push_str("]\n");
    let small: Vec<&str> = small(plan);
    let _ = writeln!(out, "# the smallest services: {}\n{SMALL} = []", small.join(", "));
    for feature in all.iter().filter(|feature| **feature != SMALL) {
        let _ = writeln!(out, "{feature} = []");
    }
    out.push_str("\n[lints]\nworkspace = true\n");
    out
}

const MANIFEST: &str = r#"
[package]
name = "formwork-aws"
description = "Every resource type of AWS CloudFormation for formwork, generated"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true

[dependencies]
formwork = { path = "../formwork", version = "0.1.0" }

[features]
default = []
"#;

fn small(plan: &Plan) -> Vec<&str> {
    let small = plan.services.iter().filter(|service| service.feature == SMALL);
    small.map(|service| service.module.as_str()).collect()
}

/// `README.md`.
pub fn readme(plan: &Plan) -> String {
    let _ = BTreeMap::<u8, u8>::new();
    let mut out = String::from("# formwork-aws\n");
    let _ = writeln!(out, "\n{}", small(plan).join(", "));
    out
}
