//! Prints the actions and condition keys of each IAM prefix.

use std::fmt::Write;

use super::{Files, add, header};
use crate::error::Result;
use crate::iam::{IamModule, Key};
use crate::plan::Plan;
use crate::source;

/// The files of all modules.
pub fn files(plan: &Plan, files: &mut Files) -> Result<()> {
    for (name, module) in &plan.iam {
        add(files, &format!("src/{name}/actions.rs"), actions(module))?;
        if !module.keys.is_empty() {
            add(files, &format!("src/{name}/condition_keys.rs"), keys(module))?;
        }
        if !module.with_resources {
            let text = format!(
                "{}\n//! What IAM knows under `{}`: no resource type belongs to it.\n{}",
                header(source::IAM, ""),
                module.prefix,
                declarations(module)
            );
            add(files, &format!("src/{name}/mod.rs"), text)?;
        }
    }
    Ok(())
}

/// The lines of a service's module that make the actions and condition keys part of it.
pub fn declarations(module: &IamModule) -> &'static str {
    if module.keys.is_empty() {
        "\npub mod actions;\n"
    } else {
        "\npub mod actions;\npub mod condition_keys;\n"
    }
}

fn actions(module: &IamModule) -> String {
    let mut out = header(source::IAM, "");
    let _ = write!(
        out,
        "\n//! The IAM actions of `{}`.\n\n#![allow(non_upper_case_globals, reason = \"the names are IAM's\")]\n\nuse formwork::iam::Action;\n",
        module.prefix
    );
    for (name, action) in &module.actions {
        let _ = write!(
            out,
            "\n/// `{action}`.\npub const {name}: Action = Action::new(\"{action}\");\n"
        );
    }
    out
}

fn keys(module: &IamModule) -> String {
    let mut out = header(source::IAM, "");
    let _ = write!(
        out,
        "\n//! The condition keys of `{}`.\n\n#![allow(non_upper_case_globals, reason = \"the names are IAM's\")]\n\n",
        module.prefix
    );
    let typed = module.keys.values().any(|key| key.value.starts_with("condition::"));
    out.push_str(if typed {
        "use formwork::iam::{ConditionKey, condition};\n"
    } else {
        "use formwork::iam::ConditionKey;\n"
    });
    for (name, key) in &module.keys {
        out.push_str(&item(name, key));
    }
    out
}

fn item(name: &str, key: &Key) -> String {
    let Key { before, after, value } = key;
    match after {
        None => format!(
            "\n/// `{before}`.\npub const {name}: ConditionKey<{value}> = ConditionKey::new(\"{before}\");\n"
        ),
        Some(after) => format!(
            "\n/// `{before}…{after}`.\npub fn {name}(key: impl formwork::IntoName) -> ConditionKey<{value}> {{\n    ConditionKey::with(\"{before}\", key, \"{after}\")\n}}\n"
        ),
    }
}
