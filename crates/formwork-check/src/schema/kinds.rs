//! Ids of one kind where another belongs, as far as the schemas' formats say which kind that is.
//!
//! Only what is certainly another kind counts: what an unknown function or another template gives may be any.

use std::collections::HashMap;

use crate::finding::{Rule, Severity};
use crate::registry;
use crate::value::Origin;

const RETURNS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html";

/// An id of one kind where another belongs.
pub const WRONG_KIND: Rule = Rule {
    id: "FW2102",
    severity: Severity::Error,
    title: "an id of one kind where another belongs",
    why: "The service does not find what the id names.",
    mend: "Refer to a resource of the kind that belongs there, or read the right attribute with `Fn::GetAtt`.",
    source: RETURNS,
};

/// What `Ref` gives where the schemas' formats speak of the type: its id, name or ARN.
const REFS: [(&str, &str); 14] = [
    ("AWS::CertificateManager::Certificate", "AWS::ACM::Certificate.Arn"),
    ("AWS::EC2::Image", "AWS::EC2::Image.Id"),
    ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroup.Id"),
    ("AWS::EC2::Subnet", "AWS::EC2::Subnet.Id"),
    ("AWS::EC2::VPC", "AWS::EC2::VPC.Id"),
    ("AWS::IAM::Role", "AWS::IAM::Role.Name"),
    ("AWS::KMS::Alias", "AWS::KMS::Alias.AliasName"),
    ("AWS::KMS::Key", "AWS::KMS::Key.Id"),
    ("AWS::Lambda::Function", "AWS::Lambda::Function.Name"),
    ("AWS::Logs::LogGroup", "AWS::Logs::LogGroup.Name"),
    ("AWS::Route53::HostedZone", "AWS::Route53::HostedZone.Id"),
    ("AWS::S3::Bucket", "AWS::S3::Bucket.Name"),
    ("AWS::SNS::Topic", "AWS::SNS::Topic.Arn"),
    ("AWS::SQS::Queue", "AWS::SQS::Queue.Url"),
];

/// Formats of which values of certain others are taken too.
const TAKEN: [(&str, &str); 4] = [
    // A key is named by its id, its ARN or an alias in most places, whatever its format says.
    ("AWS::KMS::", "AWS::KMS::"),
    // A zone's target may be any service's zone.
    ("AWS::Route53::AliasTarget.", "AWS::"),
    ("AWS::Lambda::Function.Arn", "AWS::Lambda::"),
    ("AWS::EC2::SecurityGroup.Name", "AWS::EC2::SecurityGroup.Id"),
];

/// What to say of an id of another kind than `format`; nothing if it may be right.
pub(crate) fn mismatch(
    format: &str,
    origin: &Origin,
    resources: &HashMap<String, String>,
) -> Option<String> {
    let (wanted, field) = format.rsplit_once('.').filter(|_| format.starts_with("AWS::"))?;
    let is_list = field == "Ids" || field == "Names";
    let single = field.strip_suffix('s').filter(|_| is_list).unwrap_or(field);
    let (id, read) = match origin {
        Origin::Resource(id) => (id, None),
        Origin::Attribute(id, name) => (id, Some(name)),
        _ => return None,
    };
    let kind = resources.get(id).filter(|kind| is_plain(kind))?;
    if kind == wanted && read.is_some_and(|name| name == single || name.ends_with("Id")) {
        return None;
    }
    let given = match read {
        None => of_reference(kind)?,
        Some(name) => of_attribute(kind, name)?,
    };
    let wanted = format!("{wanted}.{single}");
    let taken =
        TAKEN.iter().any(|(format, start)| wanted.starts_with(format) && given.starts_with(start));
    if given == wanted || taken {
        return None;
    }
    let shown = match read {
        None => format!("`Ref` of `{id}`"),
        Some(name) => format!("`{name}` of `{id}`"),
    };
    Some(format!("{shown} gives {} where {} belongs", words(&given), words(&wanted)))
}

/// Whether what the type gives is what the schemas say.
fn is_plain(kind: &str) -> bool {
    kind.starts_with("AWS::")
        && !kind.starts_with("AWS::Serverless::")
        && !kind.starts_with("AWS::CloudFormation::")
}

fn of_reference(kind: &str) -> Option<String> {
    if let Some((_, given)) = REFS.iter().find(|(known, _)| *known == kind) {
        return Some((*given).to_owned());
    }
    let schema = registry::schema(kind)?;
    let [name] = schema.primary_identifier.as_slice() else { return None };
    let prop = schema.property(name)?;
    if let Some(format) = prop.format.as_ref().filter(|format| format.starts_with("AWS::")) {
        return Some(format.clone());
    }
    // What another service makes may stand for it; only EC2's ids never do.
    let is_own = name.ends_with("Id") && kind.starts_with("AWS::EC2::");
    is_own.then(|| format!("{kind}.Id"))
}

fn of_attribute(kind: &str, name: &str) -> Option<String> {
    let schema = registry::schema(kind)?;
    let format = schema.property(name).and_then(|prop| prop.format.clone());
    if let Some(format) = format.filter(|format| format.starts_with("AWS::")) {
        return Some(format);
    }
    let is_known = REFS.iter().any(|(known, _)| *known == kind);
    (name == "Arn" && is_known).then(|| format!("{kind}.Arn"))
}

/// `AWS::EC2::VPC.Id` as words.
fn words(format: &str) -> String {
    match format.rsplit_once('.') {
        Some((kind, field)) => {
            let field = match field {
                "Id" => "the id",
                "Arn" => "the ARN",
                "Url" => "the URL",
                _ => "the name",
            };
            format!("{field} of an `{kind}`")
        }
        None => format.to_owned(),
    }
}
