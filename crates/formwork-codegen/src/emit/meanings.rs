//! Prints the meanings that formats name: those used across services, in modules that no feature switches.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::schema_header;
use crate::docs::code;
use crate::meanings::{Shared, parameter_type};
use crate::plan::Plan;

/// `src/meanings.rs`.
pub fn file(plan: &Plan) -> String {
    let mut out = schema_header(plan);
    out.push_str(
        "\n//! What texts mean across services. Each service's module has its own of these too.\n",
    );
    let modules: BTreeSet<&String> = plan.shared.keys().map(|(module, _)| module).collect();
    for module in modules {
        let _ = write!(out, "\n/// Meanings that `{module}` gives.\npub mod {module} {{\n");
        let members = plan.shared.iter().filter(|((home, _), _)| home == module);
        let members: Vec<(&str, &Shared)> =
            members.map(|((_, name), meaning)| (name.as_str(), meaning)).collect();
        declarations(module, &members, &mut out);
        for (name, meaning) in members {
            for narrower in &meaning.narrower {
                let _ =
                    writeln!(out, "\n    impl formwork::Is<{name}> for formwork::{narrower} {{}}");
            }
        }
        out.push_str("}\n");
    }
    out
}

fn declarations(module: &str, members: &[(&str, &Shared)], out: &mut String) {
    out.push_str("    formwork::meanings! {\n");
    for (name, meaning) in members {
        let formats: Vec<String> = meaning.formats.iter().map(|format| code(format)).collect();
        let broader: Vec<String> =
            meaning.broader.iter().map(|(home, name)| path(module, home, name)).collect();
        let broader =
            if broader.is_empty() { String::new() } else { format!(": {}", broader.join(", ")) };
        let parameter =
            parameter_type(module, name).map(|kind| format!(" = \"{kind}\"")).unwrap_or_default();
        let _ = writeln!(
            out,
            "        /// {}.\n        {name}{broader}{parameter};",
            formats.join(" or ")
        );
    }
    out.push_str("    }\n");
}

fn path(module: &str, home: &str, name: &str) -> String {
    match home {
        "" => format!("formwork::{name}"),
        _ if home == module => name.to_owned(),
        _ => format!("super::{home}::{name}"),
    }
}
