//! Prints the module of a service: which files it has, and what it passes on.

use std::fmt::Write;

use super::schema_header;
use crate::model::Service;
use crate::plan::Plan;

/// The `mod.rs` of a service.
pub fn module(service: &Service, plan: &Plan) -> String {
    let mut out = schema_header(plan);
    let _ = writeln!(
        out,
        "\n//! The resource types of `{}`, and what belongs to them.\n",
        service.name
    );
    let shared = !service.shared.structs.is_empty() || !service.shared.enums.is_empty();
    let files = service.resources.iter().map(|resource| resource.file.as_str());
    let mut files: Vec<&str> = files.chain(shared.then_some("shared")).collect();
    files.sort_unstable();
    for file in &files {
        let _ = writeln!(out, "mod {file};");
    }
    out.push('\n');
    for file in &files {
        let _ = writeln!(out, "pub use {file}::*;");
    }
    if plan.shared.keys().any(|(module, _)| *module == service.module) {
        let _ = writeln!(out, "pub use crate::meanings::{}::*;", service.module);
    }
    if let Some(module) = plan.iam.get(&service.module) {
        out.push_str(super::iam::declarations(module));
    }
    out
}
