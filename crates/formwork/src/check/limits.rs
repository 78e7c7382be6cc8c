//! CloudFormation's limits on a template.
//!
//! Source of the numbers: "Understand CloudFormation quotas", AWS CloudFormation User Guide.

use super::{Index, flatten};
use crate::node::Node;
use crate::problem::Problem;
use crate::template::{Entry, Template};

const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const MAPPINGS: usize = 200;
const MAPPING_ROWS: usize = 200;
const OUTPUTS: usize = 200;
/// Bytes of a template's description.
const DESCRIPTION: usize = 1_024;
/// Bytes of a parameter's value, so of its default too.
const PARAMETER_VALUE: usize = 4_096;
/// Bytes of a template that is read from S3.
const SIZE_LIMIT: usize = 1_000_000;

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    let mut limit = |what: &str, given: usize, allowed: usize, cure: &str| {
        if given > allowed {
            problems.push(
                Problem::new(Some(template.added), template.name(), format!("too many {what}"))
                    .given(given)
                    .allowed(format!("{allowed} in a template"))
                    .note(cure),
            );
        }
    };
    let resources = expanded(&template.resources);
    limit("resources", resources, RESOURCES, "move some into a nested stack");
    limit("parameters", template.inputs.len(), PARAMETERS, "hand some over as one list");
    limit("mappings", template.mappings.len(), MAPPINGS, "merge tables that share their rows");
    let outputs = expanded(&template.outputs);
    limit("outputs", outputs, OUTPUTS, "join some into one list");
    for (target, rows) in &template.mappings {
        if rows.len() > MAPPING_ROWS {
            let message = format!("mapping `{}` has too many rows", target.id());
            problems.push(
                Problem::new(Some(target.added()), template.name(), message)
                    .given(rows.len())
                    .allowed(format!("{MAPPING_ROWS} in a mapping")),
            );
        }
    }
    texts(template, index, problems);
}

fn texts(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    if template.description.len() > DESCRIPTION {
        problems.push(
            Problem::new(Some(template.added), template.name(), "the description is too long")
                .given(format!("{} bytes", template.description.len()))
                .allowed(format!("{DESCRIPTION} bytes")),
        );
    }
    for (_, spec) in &template.inputs {
        if let Some(Node::Text(default)) = spec.default
            && default.len() > PARAMETER_VALUE
        {
            let message = format!("the default of parameter `{}` is too long", spec.name);
            problems.push(
                Problem::new(Some(spec.declared), template.name(), message)
                    .given(format!("{} bytes", default.len()))
                    .allowed(format!("{PARAMETER_VALUE} bytes")),
            );
        }
        described(template, spec.name, spec.description, spec.declared, problems);
    }
    for output in &index.outputs {
        described(template, output.name, output.description, output.added, problems);
    }
}

/// Descriptions of parameters and outputs: 4,000 and 1,024 bytes.
fn described(
    template: &Template,
    name: &str,
    description: &str,
    source: crate::source::Source,
    problems: &mut Vec<Problem>,
) {
    const LONGEST: usize = 1_024;
    if description.len() > LONGEST {
        problems.push(
            Problem::new(
                Some(source),
                template.name(),
                format!("the description of `{name}` is too long"),
            )
            .given(format!("{} bytes", description.len()))
            .allowed(format!("{LONGEST} bytes")),
        );
    }
}

/// How many entries there are once loops over literal lists are unrolled.
fn expanded<T>(entries: &[Entry<T>]) -> usize {
    let count = |entry: &Entry<T>| match entry {
        Entry::One(_) => 1,
        Entry::Loop { values: Node::List(values), body, .. } => values.len() * expanded(body),
        Entry::Loop { body, .. } => {
            let mut inner = Vec::new();
            flatten(body, &mut inner);
            inner.len()
        }
    };
    entries.iter().map(count).sum()
}

/// Says that the rendered text is too large, if it is.
pub(crate) fn limit_of_size(template: &Template, bytes: usize, problems: &mut Vec<Problem>) {
    if bytes > SIZE_LIMIT {
        problems.push(
            Problem::new(Some(template.added), template.name(), "the template is too large")
                .given(format!("{bytes} bytes"))
                .allowed(format!("{SIZE_LIMIT} bytes"))
                .note("move some of it into a nested stack, or long texts into assets"),
        );
    }
}
