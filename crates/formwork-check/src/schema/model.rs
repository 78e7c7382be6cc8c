//! A registry schema as it is packed. A keyword that is not listed here is refused, so that none is overlooked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The schema of one resource type.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypeSchema {
    /// What `ref_name` points to.
    pub(crate) definitions: BTreeMap<String, Prop>,
    /// Paths that only AWS sets; `*` stands for any item.
    pub(crate) read_only_properties: Vec<String>,
    /// Paths whose change replaces the resource; whoever may change one may also set it.
    pub(crate) create_only_properties: Vec<String>,
    /// The properties that name a resource.
    pub(crate) primary_identifier: Vec<String>,
    /// What `Fn::GetAtt` can read, with the JSON type where it is known.
    pub(crate) attributes: BTreeMap<String, Option<String>>,
    /// The day from which on nothing of the type can be made.
    pub(crate) shut_down: Option<String>,
    /// What holds of all properties together.
    pub(crate) top: Prop,
}

/// The schema of one value.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Prop {
    pub(crate) ref_name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) types: Types,
    #[serde(rename = "enum")]
    pub(crate) values: Vec<Value>,
    pub(crate) enum_case_insensitive: Vec<Value>,
    pub(crate) not_enum: Vec<Value>,
    #[serde(rename = "const")]
    pub(crate) constant: Option<Value>,
    pub(crate) pattern: Option<String>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_minimum: Option<f64>,
    pub(crate) exclusive_maximum: Option<f64>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) min_properties: Option<usize>,
    pub(crate) max_properties: Option<usize>,
    pub(crate) unique_items: Option<bool>,
    pub(crate) format: Option<String>,
    pub(crate) properties: BTreeMap<String, Prop>,
    pub(crate) pattern_properties: BTreeMap<String, Prop>,
    pub(crate) additional_properties: Option<bool>,
    pub(crate) required: Vec<String>,
    pub(crate) required_or: Vec<String>,
    pub(crate) required_xor: Vec<String>,
    pub(crate) dependent_required: BTreeMap<String, Vec<String>>,
    pub(crate) dependent_excluded: BTreeMap<String, Vec<String>>,
    pub(crate) items: Option<Box<Prop>>,
    /// What at least one item must be.
    pub(crate) contains: Option<Box<Prop>>,
    pub(crate) all_of: Vec<Prop>,
    pub(crate) any_of: Vec<Prop>,
    pub(crate) one_of: Vec<Prop>,
    pub(crate) if_then_else: Vec<IfThenElse>,
    pub(crate) not: Option<Box<Prop>>,
    /// Properties that must not be there.
    pub(crate) absent: Vec<String>,
}

/// What holds if something else does.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IfThenElse {
    pub(crate) condition: Option<Box<Prop>>,
    pub(crate) then_schema: Option<Box<Prop>>,
    pub(crate) else_schema: Option<Box<Prop>>,
}

/// The JSON types that a value may have; none if the schema does not say.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub(crate) struct Types(pub(crate) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Types {
    fn from(types: OneOrMany) -> Self {
        match types {
            OneOrMany::One(name) => Types(vec![name]),
            OneOrMany::Many(names) => Types(names),
        }
    }
}

impl Types {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Whether a text, number or boolean may stand there.
    pub(crate) fn has_scalar(&self) -> bool {
        self.0.is_empty()
            || ["string", "integer", "number", "boolean"].iter().any(|name| self.has(name))
    }
}

impl TypeSchema {
    /// A property by its path from the top, in which `.` or `/` leads into objects and definitions.
    pub(crate) fn property(&self, path: &str) -> Option<&Prop> {
        let mut here = &self.top;
        for name in path.split(['.', '/']) {
            here = self.target(here);
            here = if name == "*" { here.items.as_deref()? } else { here.properties.get(name)? };
        }
        Some(self.target(here))
    }

    /// What a reference to a definition leads to; references do not go in circles for ever.
    pub(crate) fn target<'s>(&'s self, prop: &'s Prop) -> &'s Prop {
        const DEEPEST: usize = 8;
        let mut here = prop;
        for _ in 0..DEEPEST {
            match here.ref_name.as_ref().and_then(|name| self.definitions.get(name)) {
                Some(next) => here = next,
                None => break,
            }
        }
        here
    }
}
