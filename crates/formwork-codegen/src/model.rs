//! The crate to be written, with every name and every Rust type decided.
//!
//! `build` turns what was read of a service into this; `emit` prints it. Nothing in here is optional or
//! ambiguous any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::attributes::{self, Readable};
use crate::docs;
use crate::error::Result;
use crate::meanings::{self, Meaning, SharedMeanings};
use crate::naming::{self, Group, Names};
use crate::raw::{Arena, Field, Flags, Kind, Notes};
use crate::schema::Schemas;
use crate::services;
use crate::source::GetAtt;
use crate::words::{snake, variants};

/// Setters that every resource has already: a property of such a name gets `_property` behind it.
const RESERVED_SETTERS: &[&str] = &[
    "add",
    "body",
    "creation_policy",
    "deletion_policy",
    "depends_on",
    "into_body",
    "into_node",
    "into_value",
    "new",
    "options",
    "properties",
    "raw_attribute",
    "resource_metadata",
    "retain",
    "set",
    "type_name",
    "untyped",
    "update_policy",
    "update_replace_policy",
    "when",
];

/// What a handle has already: an attribute of such a name gets `_attribute` behind it.
const RESERVED_ATTRIBUTES: &[&str] = &[
    "clone",
    "deref",
    "in_text",
    "into_node",
    "into_value",
    "logical_id",
    "of",
    "raw_attribute",
    "reference",
    "target",
];

/// Files of a service that hold no resource type.
const RESERVED_FILES: &[&str] = &["actions", "condition_keys", "mod", "shared"];

/// One service.
#[derive(Debug)]
pub struct Service {
    /// Its name in CloudFormation: `AWS::EC2`.
    pub name: String,
    /// Its module.
    pub module: String,
    /// The feature that switches it on.
    pub feature: String,
    /// Its resource types, by file.
    pub resources: Vec<Resource>,
    /// What several of them use.
    pub shared: Items,
}

/// Structs and enums of one file.
#[derive(Debug, Default)]
pub struct Items {
    /// Property types.
    pub structs: Vec<Struct>,
    /// Enums.
    pub enums: Vec<Choice>,
}

/// A resource type.
#[derive(Debug)]
pub struct Resource {
    /// `AWS::EC2::VPC`.
    pub type_name: String,
    /// The file, without `.rs`.
    pub file: String,
    /// Its properties.
    pub structure: Struct,
    /// The Rust type of what `Ref` means.
    pub reference: String,
    /// Meanings that stand in its file.
    pub own: Vec<OwnMeaning>,
    /// What `GetAtt` reads.
    pub attributes: Vec<Method>,
    /// What only it uses.
    pub items: Items,
}

/// A meaning that stands beside its resource.
#[derive(Debug)]
pub struct OwnMeaning {
    /// Its name.
    pub name: String,
    /// Whether it is what `Ref` returns.
    pub is_reference: bool,
    /// The type of a parameter that holds one.
    pub parameter_type: Option<&'static str>,
}

/// An attribute as a method.
#[derive(Debug)]
pub struct Method {
    /// `Endpoint.Address`.
    pub name: String,
    /// `endpoint_address`.
    pub method: String,
    /// The `T` of its `Value<T>`.
    pub rust_type: String,
}

/// A resource's properties or a property type.
#[derive(Debug)]
pub struct Struct {
    /// Its Rust name.
    pub name: String,
    /// AWS's page.
    pub page: Option<String>,
    /// Where it stands in the schemas: what it is counted under.
    pub origins: Vec<String>,
    /// Its properties that can be set, in the schema's order.
    pub properties: Vec<Property>,
}

impl Struct {
    /// The properties that must be there.
    pub fn required(&self) -> Vec<&Property> {
        self.properties.iter().filter(|property| property.required).collect()
    }
}

/// How a property takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `impl IntoValue<T>`.
    Value,
    /// `impl IntoList<T>`.
    List,
    /// `impl IntoMap<T>`.
    Map,
}

/// A property that can be set.
#[derive(Debug)]
pub struct Property {
    /// `CidrBlock`.
    pub name: String,
    /// `cidr_block`.
    pub setter: String,
    /// How it takes its value.
    pub takes: Takes,
    /// The `T`.
    pub rust_type: String,
    /// Whether it must be there.
    pub required: bool,
    /// What holds of it, for its documentation.
    pub constraints: String,
}

/// An enum of text.
#[derive(Debug)]
pub struct Choice {
    /// Its Rust name.
    pub name: String,
    /// The property or definition it is named after.
    pub wanted: String,
    /// Where it stands in the schemas: what its values are counted under.
    pub origins: Vec<String>,
    /// Variant and value, in the schema's order.
    pub values: Vec<(String, String)>,
}

/// Builds one service.
pub fn build(
    arena: &Arena,
    schemas: &Schemas,
    get_att: &GetAtt,
    shared: &SharedMeanings,
    module: &str,
    feature: &str,
) -> Result<Service> {
    let readable = |&root: &usize| {
        let schema = &schemas[&arena.structs[root].resource];
        (root, attributes::read(schema, get_att, arena, root, shared))
    };
    let readable: BTreeMap<usize, Readable> = arena.roots.iter().map(readable).collect();
    let names = naming::name(arena, &reserved(arena, &readable, shared, module))?;
    let files = files(arena);
    let builder = Builder {
        arena,
        names: &names,
        module,
        homes: homes(arena, &names, &files),
        files: &files,
    };
    let mut service = Service {
        name: service_name(&arena.structs[arena.roots[0]].resource),
        module: module.to_owned(),
        feature: feature.to_owned(),
        resources: readable
            .iter()
            .map(|(&root, readable)| builder.resource(root, readable))
            .collect(),
        shared: Items::default(),
    };
    builder.items(&mut service);
    Ok(service)
}

fn service_name(type_name: &str) -> String {
    type_name.rsplit_once("::").map_or(type_name, |(service, _)| service).to_owned()
}

/// Names that structs and enums must leave alone: those of resources and of meanings.
fn reserved(
    arena: &Arena,
    readable: &BTreeMap<usize, Readable>,
    shared: &SharedMeanings,
    module: &str,
) -> BTreeSet<String> {
    let mut reserved: BTreeSet<String> =
        shared.keys().filter(|(m, _)| m == module).map(|(_, name)| name.clone()).collect();
    for (&root, readable) in readable {
        let name = &arena.structs[root].wanted;
        reserved.extend(["", "Attributes", "Required"].map(|end| format!("{name}{end}")));
        reserved.extend(readable.own.iter().cloned());
    }
    reserved
}

/// The file of each resource type.
fn files(arena: &Arena) -> BTreeMap<String, String> {
    let file = |&root: &usize| {
        let resource = &arena.structs[root].resource;
        let file = snake(services::resource(resource));
        let file = if RESERVED_FILES.contains(&file.as_str()) { file + "_" } else { file };
        (resource.clone(), file)
    };
    arena.roots.iter().map(file).collect()
}

/// The file that several resource types share, as a home.
const SHARED: &str = "shared";

/// The file of each struct and enum: that of the resource type that alone uses it, or the shared one.
fn homes(
    arena: &Arena,
    names: &Names,
    files: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let home = |resources: BTreeSet<&String>| match Vec::from_iter(resources).as_slice() {
        [resource] => files[*resource].clone(),
        _ => SHARED.to_owned(),
    };
    let structs = names.structs.iter().map(|group| {
        let resources = group.members.iter().map(|&index| &arena.structs[index].resource);
        (group.name.clone(), home(resources.collect()))
    });
    let enums = names.enums.iter().map(|group| {
        let resources = group.members.iter().map(|&index| &arena.enums[index].resource);
        (group.name.clone(), home(resources.collect()))
    });
    structs.chain(enums).collect()
}

struct Builder<'a> {
    arena: &'a Arena,
    names: &'a Names,
    module: &'a str,
    /// The file of each struct and enum, by name.
    homes: BTreeMap<String, String>,
    files: &'a BTreeMap<String, String>,
}

impl Builder<'_> {
    fn resource(&self, root: usize, readable: &Readable) -> Resource {
        let structure = &self.arena.structs[root];
        let file = self.files[&structure.resource].clone();
        let mut taken = BTreeSet::new();
        let method = |attribute: &attributes::Attribute| Method {
            name: attribute.name.clone(),
            method: free(snake(&attribute.name), RESERVED_ATTRIBUTES, "_attribute", &mut taken),
            rust_type: self.rust_type(&attribute.kind, &file),
        };
        let own = readable.own.iter().map(|name| OwnMeaning {
            name: name.clone(),
            is_reference: readable.reference == Meaning::Own(name.clone()),
            parameter_type: meanings::parameter_type(self.module, name),
        });
        Resource {
            type_name: structure.resource.clone(),
            structure: self.structure(&structure.wanted, &[root], &file),
            reference: self.rust_type(&Kind::Meaning(readable.reference.clone()), &file),
            own: own.collect(),
            attributes: readable.attributes.iter().map(method).collect(),
            items: Items::default(),
            file,
        }
    }

    /// Puts the property types and enums into the files of the resource types that use them.
    fn items(&self, service: &mut Service) {
        for group in &self.names.structs {
            let home = &self.homes[&group.name];
            let structure = self.structure(&group.name, &group.members, home);
            items_of(service, home).structs.push(structure);
        }
        for group in &self.names.enums {
            items_of(service, &self.homes[&group.name]).enums.push(self.choice(group));
        }
    }

    fn structure(&self, name: &str, members: &[usize], home: &str) -> Struct {
        let first = &self.arena.structs[members[0]];
        let origins = members.iter().map(|&index| {
            let member = &self.arena.structs[index];
            format!("{}{}", member.resource, member.path)
        });
        let mut taken = BTreeSet::new();
        let property = |field: &Field| {
            let (notes, flags) = self.common(&field.name, members);
            let (takes, kind) = match &field.kind {
                Kind::List(inner) => (Takes::List, &**inner),
                Kind::Map(inner) => (Takes::Map, &**inner),
                kind => (Takes::Value, kind),
            };
            Property {
                name: field.name.clone(),
                setter: free(snake(&field.name), RESERVED_SETTERS, "_property", &mut taken),
                takes,
                rust_type: self.rust_type(kind, home),
                required: field.required,
                constraints: docs::constraints(&notes, flags),
            }
        };
        Struct {
            name: name.to_owned(),
            page: docs::page(&first.resource, &first.path),
            origins: origins.collect(),
            properties: first
                .fields
                .iter()
                .filter(|field| field.settable())
                .map(property)
                .collect(),
        }
    }

    /// What all members of a group agree on about one property.
    fn common(&self, name: &str, members: &[usize]) -> (Notes, Flags) {
        let fields = members.iter().filter_map(|&index| {
            self.arena.structs[index].fields.iter().find(|field| field.name == name)
        });
        let mut facts = fields.map(|field| (field.notes.clone(), field.common_flags()));
        let first = facts.next().unwrap_or_default();
        facts.fold(first, |(a, f), (b, g)| {
            let notes = Notes {
                pattern: same(a.pattern, b.pattern),
                length: same(a.length, b.length),
                items: same(a.items, b.items),
                range: same(a.range, b.range),
                numbers: same(a.numbers, b.numbers),
            };
            let flags = Flags {
                read_only: false,
                write_only: f.write_only && g.write_only,
                replaces: f.replaces && g.replaces,
                may_replace: f.may_replace && g.may_replace,
                deprecated: f.deprecated && g.deprecated,
            };
            (notes, flags)
        })
    }

    fn choice(&self, group: &Group) -> Choice {
        let first = &self.arena.enums[group.members[0]];
        let origins = group.members.iter().map(|&index| {
            let member = &self.arena.enums[index];
            format!("{}{}", member.resource, member.path)
        });
        Choice {
            name: group.name.clone(),
            wanted: first.wanted.clone(),
            origins: origins.collect(),
            values: variants(&first.values).into_iter().zip(first.values.iter().cloned()).collect(),
        }
    }

    /// The Rust type of a kind, as seen from the file `home`.
    fn rust_type(&self, kind: &Kind, home: &str) -> String {
        match kind {
            Kind::Text => "String".to_owned(),
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Json => "formwork::Json".to_owned(),
            Kind::Meaning(Meaning::Language(name)) => format!("formwork::{name}"),
            Kind::Meaning(Meaning::Own(name)) => name.clone(),
            Kind::Meaning(Meaning::Shared(module, name)) if module == self.module => {
                format!("super::{name}")
            }
            Kind::Meaning(Meaning::Shared(module, name)) => {
                format!("crate::meanings::{module}::{name}")
            }
            Kind::List(inner) => format!("formwork::List<{}>", self.rust_type(inner, home)),
            Kind::Map(inner) => format!("formwork::Map<{}>", self.rust_type(inner, home)),
            Kind::Struct(index) => self.local(&self.names.of_struct[index], home),
            Kind::Enum(index) => self.local(&self.names.of_enum[index], home),
        }
    }

    /// The name alone in its own file, else through the service's module.
    fn local(&self, name: &str, home: &str) -> String {
        if self.homes[name] == home { name.to_owned() } else { format!("super::{name}") }
    }
}

fn same<T: PartialEq + Default>(a: T, b: T) -> T {
    if a == b { a } else { T::default() }
}

fn items_of<'s>(service: &'s mut Service, home: &str) -> &'s mut Items {
    let resource = service.resources.iter_mut().find(|resource| resource.file == home);
    match resource {
        Some(resource) => &mut resource.items,
        None => &mut service.shared,
    }
}

/// A name that is neither reserved nor taken: the second of two that collide gets a number behind it.
fn free(name: String, reserved: &[&str], end: &str, taken: &mut BTreeSet<String>) -> String {
    let name = if reserved.contains(&name.as_str()) { name + end } else { name };
    let numbered = (2..).map(|n| format!("{name}_{n}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| taken.insert(name.clone())).expect("numbers do not end")
}
