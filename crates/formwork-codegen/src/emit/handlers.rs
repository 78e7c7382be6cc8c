//! Prints what handlers call: one text, which the crate carries as it is.

use std::fmt::Write;

use super::header;
use crate::error::{Result, error};
use crate::handlers::{HANDLERS, count, is_known};
use crate::plan::Plan;
use crate::source;

/// `src/handlers.txt`; fails if a type or an action is not in it.
pub fn table(plan: &Plan) -> Result<String> {
    let mut out = header(source::HANDLERS, &plan.handlers.release).replacen("//", "#", 1);
    out.push_str(HEAD);
    let (mut types, mut actions) = (0, 0);
    for (name, handlers) in &plan.handlers.types {
        types += 1;
        let _ = writeln!(out, "{name}");
        for handler in HANDLERS {
            let Some(called) = handlers.get(handler).filter(|called| !called.is_empty()) else {
                continue;
            };
            let _ = write!(out, " {handler}");
            for action in called {
                let mark = if is_known(action, &plan.handlers.iam) { "" } else { "?" };
                let _ = write!(out, " {mark}{action}");
            }
            out.push('\n');
        }
        actions += handlers.values().map(std::collections::BTreeSet::len).sum::<usize>();
    }
    let printed = count(&out);
    if printed != (types, actions) {
        return Err(error!(
            "{types} types with {actions} actions of handlers become {} with {}: the generator has a mistake",
            printed.0, printed.1
        ));
    }
    Ok(out)
}

const HEAD: &str = "\
# A type, then a line for each of its handlers with the IAM actions that it calls; `tag` has those that tags need. A type that
# stands alone names none. A `?` stands before what IAM does not know.
";

/// `src/handlers.rs`.
pub fn module(plan: &Plan) -> String {
    header(source::HANDLERS, &plan.handlers.release) + MODULE
}

const MODULE: &str = r#"
//! What CloudFormation calls for each resource type, as the registry's schemas say it: for `formwork::permissions`.

/// The table: `formwork::permissions::Handlers::read` reads it.
pub static TABLE: &str = include_str!("handlers.txt");
"#;
