//! Names within a service: which structs and enums are one, and what each is called.
//!
//! The rules, which the crate's README repeats for its readers:
//!
//! - A struct is named after its definition, or after the struct around it and its property. Structs of
//!   one name and one shape (fields, kinds and what is required, all the way down) are one.
//! - If shapes differ, the one that most resource types have keeps the name (of equals, the one of the
//!   first type in the alphabet). Each of the others gets `Property` behind its name if several types share it,
//!   else the name of its resource type in front.
//! - An enum has the name of its property if, in the service, every enum of that name has the same values
//!   and the name says something by itself; else the name of its struct stands in front.
//! - Names of resources and of meanings come first.
//!
//! Nothing here looks at documentation: two structs that differ only in a pattern are one.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Result, error};
use crate::raw::{Arena, Enum, Kind, Struct};
use crate::services;
use crate::words::camel;

/// Words that say nothing without the struct around them.
const GENERIC: &[&str] = &[
    "Action",
    "Actions",
    "Algorithm",
    "Attribute",
    "Behavior",
    "Category",
    "Class",
    "Code",
    "Condition",
    "Configuration",
    "Direction",
    "Effect",
    "Enabled",
    "Engine",
    "Event",
    "EventType",
    "Field",
    "Filter",
    "Format",
    "Function",
    "Id",
    "Key",
    "KeyType",
    "Kind",
    "Language",
    "Level",
    "Location",
    "Match",
    "MatchType",
    "Method",
    "Metric",
    "Mode",
    "Name",
    "Operation",
    "Operator",
    "Order",
    "Origin",
    "Permission",
    "Platform",
    "Policy",
    "Position",
    "Product",
    "Protocol",
    "Provider",
    "Range",
    "Reason",
    "Resource",
    "Result",
    "Role",
    "Rule",
    "Scale",
    "Scope",
    "Setting",
    "Severity",
    "Size",
    "Sort",
    "Source",
    "SourceType",
    "State",
    "Statistic",
    "Status",
    "Strategy",
    "Style",
    "Target",
    "TargetType",
    "Tier",
    "Timing",
    "Type",
    "Unit",
    "Units",
    "Usage",
    "Value",
    "ValueType",
    "Values",
    "Version",
    "View",
    "Visibility",
];

/// Names that a generated file uses itself.
const LANGUAGE: &[&str] = &[
    "Clone",
    "Copy",
    "Default",
    "IntoList",
    "IntoMap",
    "IntoValue",
    "Option",
    "Required",
    "Self",
    "String",
    "Vec",
];

/// Structs or enums that are one Rust type.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Their indices in the arena; the first one speaks for all.
    pub members: Vec<usize>,
}

/// The named structs and enums of a service.
#[derive(Debug, Default)]
pub struct Names {
    /// The structs, without resources.
    pub structs: Vec<Group>,
    /// The enums.
    pub enums: Vec<Group>,
    /// The name of each struct of the arena that is reached.
    pub of_struct: BTreeMap<usize, String>,
    /// The name of each enum of the arena that is reached.
    pub of_enum: BTreeMap<usize, String>,
}

/// Names everything that can be reached by setting properties. `reserved` are names that others have.
pub fn name(arena: &Arena, reserved: &BTreeSet<String>) -> Result<Names> {
    let mut naming = Naming { arena, taken: reserved.clone(), names: Names::default() };
    naming.taken.extend(LANGUAGE.iter().map(ToString::to_string));
    for &root in &arena.roots {
        let name = arena.structs[root].wanted.clone();
        naming.names.of_struct.insert(root, name);
    }
    let (structs, enums) = reached(arena);
    naming.structs(&classes(arena, &structs))?;
    naming.enums(&enums)?;
    Ok(naming.names)
}

/// The structs and enums that a settable property leads to, roots left out.
fn reached(arena: &Arena) -> (Vec<usize>, Vec<usize>) {
    let (mut structs, mut enums) = (BTreeSet::new(), BTreeSet::new());
    for structure in &arena.structs {
        for field in structure.fields.iter().filter(|field| field.settable()) {
            match field.kind.innermost() {
                Kind::Struct(index) => drop(structs.insert(*index)),
                Kind::Enum(index) => drop(enums.insert(*index)),
                _ => {}
            }
        }
    }
    (structs.into_iter().collect(), enums.into_iter().collect())
}

/// Structs of one name and one shape. Starts from what each struct says by itself and splits what differs
/// in what it holds, until nothing is split any more; so recursive structs need no special care.
fn classes(arena: &Arena, structs: &[usize]) -> Vec<Vec<usize>> {
    let skeleton = |index: usize| {
        let structure = &arena.structs[index];
        let fields = structure.fields.iter().filter(|field| field.settable());
        let fields = fields.map(|field| {
            format!("{} {} {}", field.name, field.required, shape(arena, &field.kind))
        });
        format!("{}: {}", structure.wanted, fields.collect::<Vec<_>>().join("; "))
    };
    let mut class_of: BTreeMap<usize, usize> =
        number(structs.iter().map(|&index| (index, skeleton(index))));
    loop {
        let count = class_of.values().collect::<BTreeSet<_>>().len();
        let detailed = structs.iter().map(|index| {
            let fields = arena.structs[*index].fields.iter().filter(|field| field.settable());
            let held = fields.filter_map(|field| match field.kind.innermost() {
                Kind::Struct(inner) => class_of.get(inner).copied(),
                _ => None,
            });
            (*index, (class_of[index], held.collect::<Vec<usize>>()))
        });
        class_of = number(detailed.collect::<Vec<_>>().into_iter());
        if class_of.values().collect::<BTreeSet<_>>().len() == count {
            break;
        }
    }
    let mut classes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, class) in class_of {
        classes.entry(class).or_default().push(index);
    }
    let mut classes: Vec<Vec<usize>> = classes.into_values().collect();
    for class in &mut classes {
        class.sort_by_key(|&index| (&arena.structs[index].resource, &arena.structs[index].path));
    }
    classes
}

/// Equal keys get equal numbers.
fn number<K: Ord>(keys: impl Iterator<Item = (usize, K)>) -> BTreeMap<usize, usize> {
    let mut numbers: BTreeMap<K, usize> = BTreeMap::new();
    let mut numbered = BTreeMap::new();
    for (index, key) in keys {
        let next = numbers.len();
        numbered.insert(index, *numbers.entry(key).or_insert(next));
    }
    numbered
}

/// A kind without the identity of the structs in it.
fn shape(arena: &Arena, kind: &Kind) -> String {
    match kind {
        Kind::Struct(_) => "struct".to_owned(),
        Kind::Enum(index) => {
            let enumeration = &arena.enums[*index];
            format!("{} {:?}", enumeration.wanted, sorted(enumeration))
        }
        Kind::List(inner) => format!("[{}]", shape(arena, inner)),
        Kind::Map(inner) => format!("{{{}}}", shape(arena, inner)),
        other => format!("{other:?}"),
    }
}

fn sorted(enumeration: &Enum) -> BTreeSet<&str> {
    enumeration.values.iter().map(String::as_str).collect()
}

fn resource_name(resource: &str) -> String {
    camel(services::resource(resource))
}

struct Naming<'a> {
    arena: &'a Arena,
    taken: BTreeSet<String>,
    names: Names,
}

impl Naming<'_> {
    fn structs(&mut self, classes: &[Vec<usize>]) -> Result<()> {
        let arena = self.arena;
        let first = |class: &Vec<usize>| -> &Struct { &arena.structs[class[0]] };
        let spread = |class: &Vec<usize>| {
            class.iter().map(|&index| &arena.structs[index].resource).collect::<BTreeSet<_>>().len()
        };
        let mut by_name: BTreeMap<&str, Vec<&Vec<usize>>> = BTreeMap::new();
        for class in classes {
            by_name.entry(&first(class).wanted).or_default().push(class);
        }
        let mut later = Vec::new();
        for (wanted, mut classes) in by_name {
            classes.sort_by_key(|class| {
                (std::cmp::Reverse(spread(class)), &first(class).resource, &first(class).path)
            });
            if self.taken.insert(wanted.to_owned()) {
                self.keep_struct(wanted.to_owned(), classes.remove(0));
            }
            later.extend(classes);
        }
        for class in later {
            let Struct { resource, wanted, path, .. } = first(class);
            // What several types share belongs to none of them.
            let shared = format!("{wanted}Property");
            let name = if spread(class) > 1 && self.taken.insert(shared.clone()) {
                shared
            } else {
                self.free(&resource_name(resource), wanted, &format!("{resource}{path}"))?
            };
            self.keep_struct(name, class);
        }
        self.names.structs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    fn keep_struct(&mut self, name: String, class: &[usize]) {
        for &index in class {
            self.names.of_struct.insert(index, name.clone());
        }
        self.names.structs.push(Group { name, members: class.to_vec() });
    }

    fn enums(&mut self, enums: &[usize]) -> Result<()> {
        let arena = self.arena;
        let mut by_name: BTreeMap<&str, BTreeMap<BTreeSet<&str>, Vec<usize>>> = BTreeMap::new();
        for &index in enums {
            let enumeration = &arena.enums[index];
            let values = by_name.entry(&enumeration.wanted).or_default();
            values.entry(sorted(enumeration)).or_default().push(index);
        }
        let mut later = Vec::new();
        for (wanted, by_values) in by_name {
            let says_something = !GENERIC.contains(&wanted);
            if by_values.len() == 1 && says_something && self.taken.insert(wanted.to_owned()) {
                for (_, members) in by_values {
                    self.keep_enum(wanted.to_owned(), members);
                }
                continue;
            }
            // Of definitions with one name, the one that most resource types have keeps it.
            let mut by_values: Vec<Vec<usize>> = by_values.into_values().collect();
            let resources = |members: &Vec<usize>| {
                let resources = members.iter().map(|&index| &arena.enums[index].resource);
                resources.collect::<BTreeSet<_>>()
            };
            by_values.sort_by_key(|members| {
                (std::cmp::Reverse(resources(members).len()), resources(members))
            });
            later.extend(by_values.into_iter().map(|members| (wanted, says_something, members)));
        }
        for (wanted, says_something, members) in later {
            self.prefixed_enums(wanted, says_something, members)?;
        }
        self.names.enums.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    /// Enums of one name and one list of values, where others of that name have other values.
    fn prefixed_enums(
        &mut self,
        wanted: &str,
        says_something: bool,
        members: Vec<usize>,
    ) -> Result<()> {
        let mut by_owner: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut defined = Vec::new();
        for index in members {
            match self.arena.enums[index].holder {
                Some(holder) => {
                    by_owner.entry(self.names.of_struct[&holder].clone()).or_default().push(index);
                }
                None => defined.push(index),
            }
        }
        if !defined.is_empty() {
            // A definition's name was chosen with care: one definition keeps it, if it is free.
            let resource = resource_name(&self.arena.enums[defined[0]].resource);
            if says_something && self.taken.insert(wanted.to_owned()) {
                self.keep_enum(wanted.to_owned(), defined);
            } else {
                by_owner.entry(resource).or_default().extend(defined);
            }
        }
        for (owner, members) in by_owner {
            let Enum { resource, path, .. } = &self.arena.enums[members[0]];
            let name = self.free(&owner, wanted, &format!("{resource}{path}"))?;
            self.keep_enum(name, members);
        }
        Ok(())
    }

    fn keep_enum(&mut self, name: String, mut members: Vec<usize>) {
        members.sort_by_key(|&index| {
            (&self.arena.enums[index].resource, &self.arena.enums[index].path)
        });
        for &index in &members {
            self.names.of_enum.insert(index, name.clone());
        }
        self.names.enums.push(Group { name, members });
    }

    /// `wanted` with `owner` in front, and with a word behind where even that is taken.
    fn free(&mut self, owner: &str, wanted: &str, place: &str) -> Result<String> {
        let candidates = ["", "Property", "Value"].map(|end| format!("{owner}{wanted}{end}"));
        let free = candidates.into_iter().find(|name| self.taken.insert(name.clone()));
        free.ok_or_else(|| error!("{place}: `{owner}{wanted}` and all that follow it are taken: patch the schema in patch.rs"))
    }
}
