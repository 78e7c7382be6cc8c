//! Family 2, in part: attributes that `Fn::GetAtt` and `Fn::Sub` read and the type lacks.
//!
//! Only resources of types whose attributes are known are judged: those of custom resources, nested stacks,
//! modules and transforms may be anything.

use std::collections::{HashMap, HashSet};

use formwork::nearest::nearest;
use formwork::read::{Position, Segment, Tree, pointer};

use crate::finding::{Finding, Room, Rule, Severity};
use crate::functions;
use crate::registry;
use crate::schema::model::TypeSchema;
use crate::subject::{CheckedTemplate, Subject};

/// An attribute that the type lacks.
pub const UNKNOWN_ATTRIBUTE: Rule = Rule {
    id: "FW2101",
    severity: Severity::Error,
    title: "an attribute that the type lacks",
    why: "CloudFormation refuses the template.",
    mend: "Read an attribute that the type has.",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html",
};

/// The rules of this module.
pub const RULES: &[Rule] = &[UNKNOWN_ATTRIBUTE, crate::schema::WRONG_KIND];

/// Checks every attribute that is read.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    for template in &subject.templates {
        let (kinds, mut room) = (kinds(template.root()), Room::default());
        template.root().walk(|path, tree| {
            attribute(template, (&kinds, &mut room), path, tree, findings);
        });
    }
}

fn kinds(root: &Tree) -> HashMap<&str, &str> {
    let resources = root.get("Resources").and_then(Tree::as_map).unwrap_or_default();
    let kind =
        |entry: &formwork::read::Entry| entry.value.get("Type").and_then(Tree::as_str).is_some();
    resources
        .iter()
        .filter(|entry| kind(entry))
        .filter_map(|entry| Some((entry.key.as_str(), entry.value.get("Type")?.as_str()?)))
        .collect()
}

fn attribute(
    template: &CheckedTemplate,
    (kinds, room): (&HashMap<&str, &str>, &mut Room),
    path: &[Segment<'_>],
    tree: &Tree,
    findings: &mut Vec<Finding>,
) {
    // Elsewhere than in these a map with such a key is only data.
    if !matches!(path.first(), Some(Segment::Key("Resources" | "Outputs"))) {
        return;
    }
    match tree.intrinsic() {
        Some(("Fn::GetAtt", argument)) => {
            if let Some((id, name)) = functions::attribute(argument) {
                judge(template, (kinds, room), path, (id, name), tree.span().start, findings);
            }
        }
        Some(("Fn::Sub", argument)) => {
            let (text, own) = match argument.as_list() {
                Some([text, own]) => (text.as_str(), Some(own)),
                Some(_) => (None, None),
                None => (argument.as_str(), None),
            };
            let own = own.and_then(Tree::as_map).unwrap_or_default();
            let own: HashSet<&str> = own.iter().map(|entry| entry.key.as_str()).collect();
            for name in functions::placeholders(text.unwrap_or_default()) {
                if let Some(pair) = name.split_once('.').filter(|_| !own.contains(name)) {
                    judge(template, (kinds, room), path, pair, tree.span().start, findings);
                }
            }
        }
        _ => {}
    }
}

fn judge(
    template: &CheckedTemplate,
    (kinds, room): (&HashMap<&str, &str>, &mut Room),
    path: &[Segment<'_>],
    (id, name): (&str, &str),
    at: Position,
    findings: &mut Vec<Finding>,
) {
    let Some(kind) = kinds.get(id).filter(|kind| is_judged(kind, name)) else { return };
    let Some(schema) = registry::schema(kind).filter(|schema| !has(schema, name)) else { return };
    if !room.takes(&UNKNOWN_ATTRIBUTE) {
        return;
    }
    let known: Vec<&str> = schema.attributes.keys().map(String::as_str).collect();
    findings.push(Finding {
        rule: &UNKNOWN_ATTRIBUTE,
        named: None,
        place: template.place(at, &pointer(path)),
        message: format!("`{id}` is an `{kind}`, which has no attribute `{name}`"),
        given: Some(name.to_owned()),
        allowed: Some(known.join(", ")),
        fix: nearest(name, &known).map(|name| format!("read `{name}`")),
        regions: Vec::new(),
    });
}

fn is_judged(kind: &str, name: &str) -> bool {
    const ANY: [&str; 2] = [
        "AWS::CloudFormation::CustomResource",
        "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
    ];
    let is_open = ANY.contains(&kind)
        || kind.starts_with("AWS::Serverless::")
        || kind.ends_with("::MODULE")
        || is_stack(kind) && name.starts_with("Outputs.");
    kind.starts_with("AWS::") && !is_open && !name.contains("${")
}

fn is_stack(kind: &str) -> bool {
    kind == "AWS::CloudFormation::Stack"
}

/// Whether the attribute is there: by its name, or as a part of one that is.
fn has(schema: &TypeSchema, name: &str) -> bool {
    schema.attributes.contains_key(name)
        || schema.attributes.keys().any(|known| {
            name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
        })
}
