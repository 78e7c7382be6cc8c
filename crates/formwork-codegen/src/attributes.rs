//! What can be read of a resource: its `Ref` and its `GetAtt` attributes, and what each of them means.
//!
//! Only texts, numbers, Booleans and lists of these become attributes: CloudFormation can do nothing with
//! an object. Nothing here names a method: `model` does.

use std::collections::BTreeSet;

use crate::error::{Result, error};
use crate::meanings::{Meaning, SharedMeanings, is_arn};
use crate::raw::{Arena, Kind};
use crate::schema::{Schema, Schemas};
use crate::services;
use crate::source::GetAtt;
use crate::words::{camel, overlap};

/// Types whose `Ref` is one property although several name a resource, or another property than the one
/// that names it; from the "Return values" of each type's page.
const REF: &[(&str, &str)] = &[
    ("AWS::ApiGateway::Authorizer", "AuthorizerId"),
    ("AWS::ApiGateway::Deployment", "DeploymentId"),
    ("AWS::ApiGateway::Model", "ModelName"),
    ("AWS::ApiGateway::RequestValidator", "RequestValidatorId"),
    ("AWS::ApiGateway::Resource", "ResourceId"),
    ("AWS::ApiGateway::Stage", "StageName"),
    ("AWS::ApiGatewayV2::ApiMapping", "ApiMappingId"),
    ("AWS::ApiGatewayV2::Authorizer", "AuthorizerId"),
    ("AWS::ApiGatewayV2::Deployment", "DeploymentId"),
    ("AWS::ApiGatewayV2::Integration", "IntegrationId"),
    ("AWS::ApiGatewayV2::IntegrationResponse", "IntegrationResponseId"),
    ("AWS::ApiGatewayV2::Model", "ModelId"),
    ("AWS::ApiGatewayV2::Route", "RouteId"),
    ("AWS::ApiGatewayV2::RouteResponse", "RouteResponseId"),
    ("AWS::ApiGatewayV2::Stage", "StageName"),
    ("AWS::Cognito::UserPoolClient", "ClientId"),
    ("AWS::EC2::EIP", "PublicIp"),
    // Only outside of every VPC would it be the name.
    ("AWS::EC2::SecurityGroup", "GroupId"),
    ("AWS::ECS::Service", "ServiceArn"),
    ("AWS::SSM::MaintenanceWindowTarget", "WindowTargetId"),
    ("AWS::SSM::MaintenanceWindowTask", "WindowTaskId"),
    ("AWS::SecretsManager::Secret", "Arn"),
];

/// One attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name, with dots: `Endpoint.Address`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What can be read of a resource.
#[derive(Clone, Debug)]
pub struct Readable {
    /// What its `Ref` means.
    pub reference: Meaning,
    /// Its attributes, by name.
    pub attributes: Vec<Attribute>,
    /// The meanings that stand beside it.
    pub own: BTreeSet<String>,
}

/// Refuses entries of the table that change nothing, because the schema says the same by now.
pub fn check_table(schemas: &Schemas) -> Result<()> {
    let stale = |(type_name, property): &&(&str, &str)| {
        schemas.get(*type_name).is_none_or(|schema| schema.primary_identifier == [*property])
    };
    let stale: Vec<&str> = REF.iter().filter(stale).map(|(type_name, _)| *type_name).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(error!(
        "`Ref` of these types is what the schemas say: remove them from REF in attributes.rs\n  {}",
        stale.join("\n  ")
    ))
}

/// What can be read of the resource at `root`.
pub fn read(
    schema: &Schema,
    get_att: &GetAtt,
    arena: &Arena,
    root: usize,
    shared: &SharedMeanings,
) -> Readable {
    let reader = Reader { schema, get_att, arena, root, shared };
    let reference = reader.reference();
    let listed = get_att.names.get(&schema.type_name).into_iter().flatten();
    let names: BTreeSet<&String> = listed.chain(&schema.read_only_properties).collect();
    let attribute = |name: &String| {
        reader.kind(name, &reference).map(|kind| Attribute { name: name.clone(), kind })
    };
    let attributes: Vec<Attribute> =
        names.into_iter().filter(|name| !name.contains('*')).filter_map(attribute).collect();
    let kinds = attributes.iter().map(|attribute| attribute.kind.innermost());
    let own = kinds.filter_map(|kind| match kind {
        Kind::Meaning(Meaning::Own(name)) => Some(name.clone()),
        _ => None,
    });
    let mut own: BTreeSet<String> = own.collect();
    if let Meaning::Own(name) = &reference {
        own.insert(name.clone());
    }
    Readable { reference, attributes, own }
}

struct Reader<'a> {
    schema: &'a Schema,
    get_att: &'a GetAtt,
    arena: &'a Arena,
    root: usize,
    shared: &'a SharedMeanings,
}

impl Reader<'_> {
    fn resource(&self) -> &str {
        services::resource(&self.schema.type_name)
    }

    /// The property that `Ref` returns; none if it returns several at once.
    fn identifier(&self) -> Option<&str> {
        let known = REF.iter().find(|(type_name, _)| *type_name == self.schema.type_name);
        match (known, self.schema.primary_identifier.as_slice()) {
            (Some((_, property)), _) => Some(property),
            (None, [property]) => Some(property),
            _ => None,
        }
    }

    fn reference(&self) -> Meaning {
        let Some(property) = self.identifier() else {
            return Meaning::Own(format!("{}Ref", camel(self.resource())));
        };
        match self.lookup(property) {
            Some(Kind::Meaning(meaning)) => meaning.clone(),
            _ => self.named(&overlap(&camel(self.resource()), &camel(property))),
        }
    }

    /// The shared meaning of that name if the service has one, else one beside the resource.
    fn named(&self, name: &str) -> Meaning {
        let module = services::module(services::of_type(&self.schema.type_name));
        let key = (module, name.to_owned());
        if self.shared.contains_key(&key) {
            Meaning::Shared(key.0, key.1)
        } else {
            Meaning::Own(key.1)
        }
    }

    fn lookup(&self, path: &str) -> Option<&Kind> {
        let (mut index, mut parts) = (self.root, path.split('.').peekable());
        loop {
            let part = parts.next()?;
            let field = self.arena.structs[index].fields.iter().find(|field| field.name == part)?;
            match (&field.kind, parts.peek()) {
                (kind, None) => return Some(kind),
                (Kind::Struct(inner), Some(_)) => index = *inner,
                (_, Some(_)) => return None,
            }
        }
    }

    fn settable(&self, path: &str) -> bool {
        let (mut index, mut settable) = (self.root, true);
        for part in path.split('.') {
            let Some(field) =
                self.arena.structs[index].fields.iter().find(|field| field.name == part)
            else {
                return false;
            };
            settable &= field.settable();
            if let Kind::Struct(inner) = &field.kind {
                index = *inner;
            }
        }
        settable
    }

    fn kind(&self, name: &str, reference: &Meaning) -> Option<Kind> {
        let kind = match self.lookup(name) {
            Some(kind) => kind.clone(),
            None => self.listed_kind(name)?,
        };
        let kind = match kind {
            Kind::Text => self.text(name, reference),
            Kind::Enum(_) if !self.settable(name) => Kind::Text,
            Kind::List(inner) => match *inner {
                Kind::Enum(_) if !self.settable(name) => Kind::List(Box::new(Kind::Text)),
                inner => Kind::List(Box::new(inner)),
            },
            kind => kind,
        };
        let scalar = |kind: &Kind| {
            !matches!(kind, Kind::Json | Kind::Struct(_) | Kind::List(_) | Kind::Map(_))
        };
        let readable = match &kind {
            Kind::List(inner) => scalar(inner),
            kind => scalar(kind),
        };
        readable.then_some(kind)
    }

    /// An attribute that is no property.
    fn listed_kind(&self, name: &str) -> Option<Kind> {
        match self.get_att.types.get(&self.schema.type_name)?.get(name)?.as_str() {
            "string" => Some(Kind::Text),
            "integer" => Some(Kind::Integer),
            "number" => Some(Kind::Number),
            "boolean" => Some(Kind::Boolean),
            _ => None,
        }
    }

    /// What a text attribute means: what `Ref` returns, the resource's own ARN, any ARN, or just text.
    fn text(&self, name: &str, reference: &Meaning) -> Kind {
        let resource = camel(self.resource());
        let property = camel(name.rsplit('.').next().unwrap_or(name));
        let full = overlap(&resource, &property);
        let meaning = if self.identifier() == Some(name) {
            reference.clone()
        } else if !name.contains('.') && is_arn(&full) && full.len() == resource.len() + "Arn".len()
        {
            self.named(&full)
        } else if is_arn(&property) {
            Meaning::Language("Arn")
        } else {
            match self.named(&full) {
                meaning @ Meaning::Shared(..) if !name.contains('.') => meaning,
                _ => return Kind::Text,
            }
        };
        Kind::Meaning(meaning)
    }
}
