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
    out.push_str("\n#[rustfmt::skip]\npub mod meanings;\nmod put;\n");
    for service in &plan.services {
        let _ = write!(
            out,
            "\n#[cfg(feature = \"{}\")]\n#[rustfmt::skip]\npub mod {};\n",
            service.feature, service.module
        );
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
    let all: BTreeSet<&str> =
        plan.services.iter().map(|service| service.feature.as_str()).collect();
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

/// `src/put.rs`.
pub fn put(plan: &Plan) -> String {
    schema_header(plan) + PUT
}

/// One call a setter, and one body for all setters of a kind: that is what keeps the crate cheap to compile.
const PUT: &str = r#"
//! Puts a property where it belongs: what every setter calls.

use formwork::node::Node;
use formwork::{Body, IntoList, IntoMap, IntoValue, Properties};

/// Whatever holds properties.
pub(crate) trait Holder {
    /// The same with one more.
    fn with(self, name: &'static str, node: Node) -> Self;
}

impl Holder for Body {
    fn with(mut self, name: &'static str, node: Node) -> Self {
        self.properties.put(name, node);
        self
    }
}

impl Holder for Properties {
    fn with(mut self, name: &'static str, node: Node) -> Self {
        self.put(name, node);
        self
    }
}

impl Holder for &mut Properties {
    fn with(self, name: &'static str, node: Node) -> Self {
        self.put(name, node);
        self
    }
}

/// A value.
pub(crate) fn value<H: Holder, T, P>(holder: H, name: &'static str, value: impl IntoValue<T, P>) -> H {
    holder.with(name, value.into_value().node())
}

/// A list.
pub(crate) fn list<H: Holder, T, P>(holder: H, name: &'static str, list: impl IntoList<T, P>) -> H {
    holder.with(name, list.into_list().node())
}

/// A map.
pub(crate) fn map<H: Holder, T, P>(holder: H, name: &'static str, map: impl IntoMap<T, P>) -> H {
    holder.with(name, map.into_map().node())
}
"#;
