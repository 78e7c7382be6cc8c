//! Meanings: what a text is, from the format hints of the schemas and from what `Ref` returns.
//!
//! A meaning that a format names is used across services, so it stands in a module that no feature
//! switches off; the other meanings of a service stand beside the resource that gives them.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result, error};
use crate::services;
use crate::words::{camel, overlap};

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// One of the language's own, such as `Cidr`.
    Language(&'static str),
    /// One that a format names, by its service's module and its name.
    Shared(String, String),
    /// One that stands beside its resource in the same service.
    Own(String),
}

/// A shared meaning's own facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// The format that names it, or the formats that it is the union of.
    pub formats: BTreeSet<String>,
    /// Broader meanings that it also is: module and name; the language's have no module.
    pub broader: BTreeSet<(String, String)>,
    /// Meanings of the language that are this one too.
    pub narrower: BTreeSet<&'static str>,
}

/// All shared meanings, by module and name.
pub type SharedMeanings = BTreeMap<(String, String), Shared>;

/// Formats that say nothing a Rust type could: the text stays a `String`.
const PLAIN: &[&str] =
    &["date-time", "timestamp", "uri", "password", "string", "int64", "double", "json"];

/// A property with several relations takes a meaning of its own, which each of these is.
const UNIONS: &[(&[&str], &str, &str)] = &[
    (&["AWS::KMS::Alias.AliasName", "AWS::KMS::Key.Arn", "AWS::KMS::Key.Id"], "kms", "AnyKey"),
    (&["AWS::EC2::SecurityGroup.Id", "AWS::EC2::SecurityGroup.Name"], "ec2", "AnySecurityGroup"),
    (&["ipv4-network", "ipv6-network"], "ec2", "AnyCidr"),
];

/// The parameter types of CloudFormation that know more than `String`, by the meaning they hold.
const PARAMETER_TYPES: &[(&str, &str, &str)] = &[
    ("ec2", "ImageId", "AWS::EC2::Image::Id"),
    ("ec2", "InstanceId", "AWS::EC2::Instance::Id"),
    ("ec2", "KeyPairKeyName", "AWS::EC2::KeyPair::KeyName"),
    ("ec2", "SecurityGroupId", "AWS::EC2::SecurityGroup::Id"),
    ("ec2", "SecurityGroupName", "AWS::EC2::SecurityGroup::GroupName"),
    ("ec2", "SubnetId", "AWS::EC2::Subnet::Id"),
    ("ec2", "VolumeId", "AWS::EC2::Volume::Id"),
    ("ec2", "VpcId", "AWS::EC2::VPC::Id"),
    ("route53", "HostedZoneId", "AWS::Route53::HostedZone::Id"),
];

/// Meanings beside a resource that fit where one of a format is asked for: a replica key is a key.
const ALSO: &[(&str, &str, &[&str])] = &[("kms", "ReplicaKeyId", &["AnyKey", "KeyId"])];

/// The broader meanings of one that stands beside its resource: names in the same service's module.
pub fn also(module: &str, name: &str) -> &'static [&'static str] {
    ALSO.iter().find(|(m, n, _)| *m == module && *n == name).map_or(&[], |(.., broader)| broader)
}

/// The type of a parameter that holds this meaning, if it is not `String`.
pub fn parameter_type(module: &str, name: &str) -> Option<&'static str> {
    PARAMETER_TYPES.iter().find(|(m, n, _)| *m == module && *n == name).map(|(.., kind)| *kind)
}

/// Whether the text is an ARN, as its name says.
pub fn is_arn(name: &str) -> bool {
    name.ends_with("Arn")
}

/// The meaning of a text with these formats, one or several; noted in `shared` if it is a shared one.
pub fn of_formats(
    formats: &BTreeSet<&str>,
    shared: &mut SharedMeanings,
) -> Result<Option<Meaning>> {
    let singular: BTreeSet<&str> = formats.iter().map(|format| singular(format)).collect();
    let members: Vec<&str> =
        singular.into_iter().filter(|format| !PLAIN.contains(format)).collect();
    match members.as_slice() {
        [] => Ok(None),
        [format] => of_format(format, shared).map(Some),
        several => {
            let union = UNIONS.iter().find(|(known, ..)| *known == several);
            let (_, module, name) = union.ok_or_else(|| unknown(&several.join(" or ")))?;
            union_of(several, module, name, shared).map(Some)
        }
    }
}

fn unknown(format: &str) -> Error {
    error!(
        "the schemas have a new format `{format}`: give it a meaning in meanings.rs, or list it as plain"
    )
}

/// `AWS::EC2::SecurityGroup.Ids`, the format of a list, names what its elements are.
fn singular(format: &str) -> &str {
    let plural = format.ends_with(".Ids") || format.ends_with(".Names");
    if plural { &format[..format.len() - 1] } else { format }
}

fn of_format(format: &str, shared: &mut SharedMeanings) -> Result<Meaning> {
    match format {
        "ipv4-network" => return Ok(Meaning::Language("Cidr")),
        "ipv6-network" => return Ok(Meaning::Language("Ipv6Cidr")),
        _ => {}
    }
    let (type_name, property) = format.split_once('.').ok_or_else(|| unknown(format))?;
    let &[_, service, resource] = type_name.split("::").collect::<Vec<_>>().as_slice() else {
        return Err(unknown(format));
    };
    // The formats say ACM where the resource types say CertificateManager.
    let module =
        if service == "ACM" { "certificatemanager".to_owned() } else { services::module(service) };
    let name = overlap(&camel(resource), &camel(property));
    let entry = shared.entry((module.clone(), name.clone())).or_default();
    entry.formats.insert(format.to_owned());
    if is_arn(&name) {
        entry.broader.insert((String::new(), "Arn".to_owned()));
    }
    Ok(Meaning::Shared(module, name))
}

fn union_of(
    formats: &[&str],
    module: &str,
    name: &str,
    shared: &mut SharedMeanings,
) -> Result<Meaning> {
    let broader = (module.to_owned(), name.to_owned());
    let mut narrower = BTreeSet::new();
    for format in formats {
        match of_format(format, shared)? {
            Meaning::Shared(module, name) => {
                let member = shared.get_mut(&(module, name)).expect("of_format notes it");
                member.broader.insert(broader.clone());
            }
            Meaning::Language(name) => drop(narrower.insert(name)),
            Meaning::Own(_) => {}
        }
    }
    let entry = shared.entry(broader).or_default();
    entry.narrower.extend(narrower);
    entry.formats.extend(formats.iter().map(|&format| format.to_owned()));
    Ok(Meaning::Shared(module.to_owned(), name.to_owned()))
}
