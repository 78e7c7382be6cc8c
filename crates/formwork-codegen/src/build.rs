//! Builds the model of one service out of what was read of it.
//!
//! Here the names that `naming` chose meet the kinds that `read` found: every property gets its setter, its
//! Rust type as seen from its own file, and its documentation. Nothing here prints.

use std::collections::{BTreeMap, BTreeSet};

use crate::attributes::{self, Readable};
use crate::docs;
use crate::error::{Result, error};
use crate::meanings::{self, Meaning, SharedMeanings};
use crate::model::{
    Attribute, Choice, Items, OwnMeaning, Property, Resource, Service, Struct, Takes,
};
use crate::naming::{self, Group, Names};
use crate::raw::{Arena, Field, Flags, Kind, Notes};
use crate::schema::Schemas;
use crate::services;
use crate::source::GetAtt;
use crate::words::{snake, variants};

/// Methods that every resource has already: a property of such a name gets `_property` behind it.
const RESOURCE_METHODS: &[&str] = &[
    "add",
    "creation_policy",
    "deletion_policy",
    "depends_on",
    "new",
    "raw_attribute",
    "resource_metadata",
    "retain",
    "set",
    "untyped",
    "update_policy",
    "update_replace_policy",
    "when",
];

/// Methods that every property type has already.
const PROPERTY_TYPE_METHODS: &[&str] = &["new", "set"];

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
    unique(&service)?;
    Ok(service)
}

/// Two items of one name would be found only by whoever uses one of them.
fn unique(service: &Service) -> Result<()> {
    let mut taken = BTreeSet::new();
    let own = service
        .resources
        .iter()
        .flat_map(|resource| resource.own.iter().map(|meaning| meaning.name.clone()));
    let items = service.resources.iter().map(|resource| &resource.items).chain([&service.shared]);
    let items = items.flat_map(|items| {
        let enums = items.enums.iter().map(|choice| choice.name.clone());
        items.structs.iter().flat_map(names_of).chain(enums)
    });
    let resources = service.resources.iter().flat_map(|resource| {
        let attributes = format!("{}Attributes", resource.structure.name);
        names_of(&resource.structure).into_iter().chain([attributes])
    });
    match resources.chain(own).chain(items).find(|name| !taken.insert(name.clone())) {
        None => Ok(()),
        Some(name) => Err(error!(
            "{} has two items called `{name}`: tell them apart in naming.rs",
            service.name
        )),
    }
}

/// What stands for one struct.
fn names_of(structure: &Struct) -> Vec<String> {
    let mut names = vec![structure.name.clone()];
    if structure.required().len() > 1 {
        names.push(format!("{}Required", structure.name));
    }
    names
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
        let method = |attribute: &attributes::Attribute| Attribute {
            name: attribute.name.clone(),
            method: free(snake(&attribute.name), RESERVED_ATTRIBUTES, "_attribute", &mut taken),
            rust_type: self.rust_type(&attribute.kind, &file),
        };
        let own = readable.own.iter().map(|name| OwnMeaning {
            name: name.clone(),
            is_reference: readable.reference == Meaning::Own(name.clone()),
            broader: self.broader(name),
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

    fn broader(&self, name: &str) -> Vec<String> {
        let arn = meanings::is_arn(name).then(|| "formwork::Arn".to_owned());
        let also = meanings::also(self.module, name).iter().map(|name| format!("super::{name}"));
        arn.into_iter().chain(also).collect()
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
        let methods = if first.is_root() { RESOURCE_METHODS } else { PROPERTY_TYPE_METHODS };
        let mut setters = BTreeSet::new();
        let property = |field: &Field| {
            let (notes, flags) = self.common(&field.name, members);
            let (takes, kind) = match &field.kind {
                Kind::List(inner) => (Takes::List, &**inner),
                Kind::Map(inner) => (Takes::Map, &**inner),
                kind => (Takes::Value, kind),
            };
            Property {
                name: field.name.clone(),
                setter: free(snake(&field.name), methods, "_property", &mut setters),
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
                pattern: same(a.pattern, &b.pattern),
                length: same(a.length, &b.length),
                items: same(a.items, &b.items),
                range: same(a.range, &b.range),
                numbers: same(a.numbers, &b.numbers),
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

/// What two agree on.
fn same<T: PartialEq + Default>(a: T, b: &T) -> T {
    if a == *b { a } else { T::default() }
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
