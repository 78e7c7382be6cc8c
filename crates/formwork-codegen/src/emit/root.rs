//! Prints what belongs to the crate as a whole: `lib.rs`, the manifest, what every setter calls.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::schema_header;
use crate::plan::Plan;
use crate::services::SMALL;
use crate::source;

/// `src/lib.rs`.
pub fn lib(plan: &Plan) -> String {
    let mut out = schema_header(plan);
    out.push_str(LIB);
    let (name, version, _) = source::SCHEMAS;
    let release = &plan.schema_version;
    let _ = writeln!(
        out,
        "\n/// What the types were generated from: the package, its version, and the release of the schemas in it.\n\
         pub const SCHEMAS: &str = \"{name} {version} ({release})\";"
    );
    out.push_str("\n#[rustfmt::skip]\npub mod handlers;\n#[rustfmt::skip]\npub mod meanings;\n#[allow(dead_code, reason = \"the features decide what is used\")]\nmod put;\n");
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
//! One module and one feature a service, none by default: `ec2::Vpc` needs the feature `ec2`. A service whose
//! resource types have eight properties or fewer together shares the feature `small`, because the crate registry allows
//! 300 features a crate; `all` switches on everything. [`meanings`], [`handlers`] and the modules of IAM alone,
//! such as [`sts`], need no feature.
//!
//! ```
//! # #[cfg(feature = "s3")] {
//! use formwork_aws::s3;
//! let versions = s3::VersioningConfiguration::new(s3::VersioningConfigurationStatus::Enabled);
//! let bucket = s3::Bucket::new().versioning_configuration(versions);
//! # }
//! ```
//!
//! The README says by which rules things are named.

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

/// The modules that share a feature.
pub fn small(plan: &Plan) -> Vec<&str> {
    let small = plan.services.iter().filter(|service| service.feature == SMALL);
    small.map(|service| service.module.as_str()).collect()
}

/// `src/put.rs`.
pub fn put(plan: &Plan) -> String {
    schema_header(plan) + PUT
}

/// One call a setter, and one body for all setters of a kind: that is what keeps the crate cheap to compile.
const PUT: &str = r"
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
pub(crate) fn value<H: Holder, T, P>(to: H, name: &'static str, it: impl IntoValue<T, P>) -> H {
    to.with(name, it.into_value().node())
}

/// A list.
pub(crate) fn list<H: Holder, T, P>(to: H, name: &'static str, it: impl IntoList<T, P>) -> H {
    to.with(name, it.into_list().node())
}

/// A map.
pub(crate) fn map<H: Holder, T, P>(to: H, name: &'static str, it: impl IntoMap<T, P>) -> H {
    to.with(name, it.into_map().node())
}
";
