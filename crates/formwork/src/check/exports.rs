//! Exports: one name must not be given twice by the stacks of one assembly.

use std::collections::HashMap;

use super::flatten;
use crate::node::Node;
use crate::problem::Problem;
use crate::source::Source;
use crate::template::Template;

/// Looks at all templates of an assembly together.
pub(crate) fn exports(templates: &[&Template], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&str, (&str, &str, Source)> = HashMap::new();
    for template in templates {
        let mut outputs = Vec::new();
        flatten(&template.outputs, &mut outputs);
        for output in outputs {
            let Some(Node::Text(name)) = output.export else { continue };
            if let Some((stack, other, source)) = seen.get(name) {
                let message = format!("output `{}` exports `{name}`, which is taken", output.name);
                problems.push(
                    Problem::new(Some(output.added), template.name(), message)
                        .also(&format!("by output `{other}` of stack `{stack}` at"), *source)
                        .note("an export's name is unique in an account and region"),
                );
            } else {
                seen.insert(name, (template.name(), output.name, output.added));
            }
        }
    }
}
