//! IAM policies: documents that IAM would refuse for their shape, and sizes against the quotas.
//!
//! A size counts references as long as they are likely to get, so it can be wrong either way; only what is too long
//! without counting any reference is refused here. Which actions exist is not for here.

use super::Index;
use crate::iam::limits::{self, Limit};
use crate::iam::problems::{documents as documents_in, problems as problems_of};
use crate::iam::size::json_len;
use crate::node::Node;
use crate::problem::Problem;
use crate::template::{ResourceEntry, Template};

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    for resource in &index.resources {
        for (property, node) in &resource.properties {
            let documents = documents_in(*node);
            for (path, document) in &documents {
                for message in problems_of(*document) {
                    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
                    let path = format!("{property}{dot}{path}");
                    problems.push(problem(template, resource, &path, &message));
                }
            }
            if let Some(limit) = limits::of(resource.type_name, property) {
                size(template, resource, property, limit, &documents, problems);
            }
        }
    }
}

fn problem(template: &Template, resource: &ResourceEntry, path: &str, message: &str) -> Problem {
    let (id, source) = (resource.target.id(), resource.target.added());
    Problem::new(Some(source), template.name(), format!("`{id}.{path}`: {message}"))
}

fn size(
    template: &Template,
    resource: &ResourceEntry,
    property: &str,
    limit: &Limit,
    documents: &[(String, Node)],
    problems: &mut Vec<Problem>,
) {
    let at_least: usize =
        documents.iter().map(|(_, node)| json_len(*node, &|_| 0).characters).sum();
    if at_least > limit.max {
        problems.push(
            problem(template, resource, property, "the policy is too long")
                .given(format!("{at_least} characters without counting what references will be"))
                .allowed(format!("{} characters ({})", limit.max, limit.source))
                .note("join actions with a wildcard, or move statements into a managed policy"),
        );
    }
}
