//! What was read of the schemas of one service, before anything has a Rust name.
//!
//! Structs and enums lie in one arena and refer to one another by index, as definitions may be recursive.
//! A resource is a struct too, the root of its own.

use crate::meanings::Meaning;

/// What kind of value a property takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text of no particular meaning.
    Text,
    /// Text that means something.
    Meaning(Meaning),
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// Anything: an object without a schema, or one of several kinds.
    Json,
    /// A struct of the arena.
    Struct(usize),
    /// An enum of the arena.
    Enum(usize),
    /// A list.
    List(Box<Kind>),
    /// A map from names.
    Map(Box<Kind>),
}

impl Kind {
    /// The kind without the lists and maps around it.
    pub fn innermost(&self) -> &Kind {
        match self {
            Kind::List(inner) | Kind::Map(inner) => inner.innermost(),
            other => other,
        }
    }
}

/// What the documentation of a property says of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// A regular expression.
    pub pattern: Option<String>,
    /// Characters.
    pub length: (Option<u64>, Option<u64>),
    /// Elements.
    pub items: (Option<u64>, Option<u64>),
    /// The range of a number.
    pub range: (Option<f64>, Option<f64>),
    /// The numbers allowed.
    pub numbers: Vec<String>,
}

/// What a path list of a schema says of a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one list of the schema, and any may hold"
)]
pub struct Flags {
    /// Only AWS sets it.
    pub read_only: bool,
    /// It is never read back.
    pub write_only: bool,
    /// A change replaces the resource.
    pub replaces: bool,
    /// A change may replace it.
    pub may_replace: bool,
    /// AWS discourages it.
    pub deprecated: bool,
}

/// A property of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in CloudFormation.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether the schema demands it.
    pub required: bool,
    /// What holds of its values.
    pub notes: Notes,
    /// What holds of it, once for each way that leads to the struct.
    pub flags: Vec<Flags>,
}

impl Field {
    /// Whether it can be set on at least one way.
    pub fn settable(&self) -> bool {
        self.flags.iter().any(|flags| !flags.read_only)
    }

    /// What holds of it on every way on which it can be set.
    pub fn common_flags(&self) -> Flags {
        let mut settable = self.flags.iter().filter(|flags| !flags.read_only);
        let first = settable.next().copied().unwrap_or_default();
        settable.fold(first, |a, b| Flags {
            read_only: false,
            write_only: a.write_only && b.write_only,
            replaces: a.replaces && b.replaces,
            may_replace: a.may_replace && b.may_replace,
            deprecated: a.deprecated && b.deprecated,
        })
    }
}

/// An object with fields, in a schema.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The resource type whose schema has it.
    pub resource: String,
    /// Where in that schema: nothing for the resource, `#Tag` for a definition, `.Code` for an inline object.
    pub path: String,
    /// The Rust name it asks for.
    pub wanted: String,
    /// The fields, by name.
    pub fields: Vec<Field>,
}

impl Struct {
    /// Whether it is a resource itself.
    pub fn is_root(&self) -> bool {
        self.path.is_empty()
    }
}

/// A text with a list of allowed values, in a schema.
#[derive(Clone, Debug)]
pub struct Enum {
    /// The resource type whose schema has it.
    pub resource: String,
    /// Where in that schema.
    pub path: String,
    /// The Rust name it asks for: the property's or the definition's.
    pub wanted: String,
    /// The struct whose property it is; none for a definition.
    pub holder: Option<usize>,
    /// The values, in the schema's order.
    pub values: Vec<String>,
}

/// Everything read of one service.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    /// The structs.
    pub structs: Vec<Struct>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The index of each resource type's root.
    pub roots: Vec<usize>,
}
