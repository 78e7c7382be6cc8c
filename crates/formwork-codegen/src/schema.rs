//! The source's own compact form of a registry schema, read as it is.
//!
//! A keyword that is not listed here is refused, so that nothing new in the source is overlooked. Nothing
//! here interprets a schema: `read` does that.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::error::{Result, error};

/// The schemas of all resource types, by the type's name.
pub type Schemas = BTreeMap<String, Schema>;

/// Reads the schemas of all resource types.
pub fn read(schemas: &Value) -> Result<Schemas> {
    let read = |(name, schema): (&String, &Value)| match Schema::deserialize(schema) {
        Ok(schema) => Ok((name.clone(), schema)),
        Err(e) => {
            Err(error!("{name}: the schema is not what the generator knows: {e}: teach schema.rs"))
        }
    };
    schemas.as_object().into_iter().flatten().map(read).collect()
}

/// The schema of one resource type.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schema {
    /// `AWS::S3::Bucket`.
    pub type_name: String,
    /// The resource's properties, read-only ones among them.
    pub properties: BTreeMap<String, Prop>,
    /// What `ref_name` points to.
    pub definitions: BTreeMap<String, Prop>,
    /// Properties that must be there.
    pub required: Vec<String>,
    /// Paths that only AWS sets; `*` stands for any element.
    pub read_only_properties: Vec<String>,
    /// Paths that are never read back.
    pub write_only_properties: Vec<String>,
    /// Paths whose change replaces the resource.
    pub create_only_properties: Vec<String>,
    /// Paths whose change may replace it.
    pub conditional_create_only_properties: Vec<String>,
    /// Paths that AWS discourages.
    pub deprecated_properties: Vec<String>,
    /// The properties that name a resource; `Ref` returns them.
    pub primary_identifier: Vec<String>,
    /// Constraints on all properties together; only `required` in them matters here.
    pub all_of: Vec<Prop>,
    additional_properties: Option<bool>,
    replacement_strategy: Option<String>,
    documentation_url: Option<String>,
    source_url: Option<String>,
    any_of: IgnoredAny,
    one_of: IgnoredAny,
    if_then_else: IgnoredAny,
    dependent_required: IgnoredAny,
    dependent_excluded: IgnoredAny,
    required_or: IgnoredAny,
    required_xor: IgnoredAny,
}

/// The schema of one value.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Prop {
    /// The definition that says everything else.
    pub ref_name: Option<String>,
    /// The JSON types that it may have.
    #[serde(rename = "type")]
    pub types: Types,
    /// The values that it may have.
    #[serde(rename = "enum")]
    pub values: Vec<Value>,
    /// The same, in whatever case.
    pub enum_case_insensitive: Vec<Value>,
    /// The one value that it may have.
    #[serde(rename = "const")]
    pub constant: Option<Value>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// Less than every number.
    pub exclusive_minimum: Option<f64>,
    /// Greater than every number.
    pub exclusive_maximum: Option<f64>,
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// The fewest elements.
    pub min_items: Option<u64>,
    /// The most elements.
    pub max_items: Option<u64>,
    /// What the text means: `AWS::EC2::VPC.Id`, `date-time`.
    pub format: Option<String>,
    /// The fields of an object.
    pub properties: BTreeMap<String, Prop>,
    /// Those that must be there.
    pub required: Vec<String>,
    /// The values of a map, by the pattern of their keys.
    pub pattern_properties: BTreeMap<String, Prop>,
    /// The elements of a list.
    pub items: Option<Box<Prop>>,
    /// All of these hold.
    pub all_of: Vec<Prop>,
    /// At least one of these holds.
    pub any_of: Vec<Prop>,
    /// Exactly one of these holds.
    pub one_of: Vec<Prop>,
    additional_properties: Option<bool>,
    unique_items: Option<bool>,
    multiple_of: Option<f64>,
    min_properties: Option<u64>,
    max_properties: Option<u64>,
    not_enum: IgnoredAny,
    if_then_else: IgnoredAny,
    dependent_required: IgnoredAny,
    dependent_excluded: IgnoredAny,
    required_or: IgnoredAny,
    required_xor: IgnoredAny,
}

/// The JSON types of a value; none if the schema does not say. `null` is left out.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(from = "OneOrMany")]
pub struct Types(Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Types {
    fn from(types: OneOrMany) -> Self {
        let mut types = match types {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        };
        types.retain(|name| name != "null");
        Types(types)
    }
}

impl Types {
    /// Whether the schema names no type.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is one of the types.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// The type, if it is the only one.
    pub fn only(&self) -> Option<&str> {
        match self.0.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }
}

impl Prop {
    /// The members of its `any_of` and `one_of`.
    pub fn branches(&self) -> impl Iterator<Item = &Prop> {
        self.any_of.iter().chain(&self.one_of)
    }

    /// Whether it says what kind of value it is, not just what holds of one.
    pub fn is_kind(&self) -> bool {
        self.is_kind_by_itself() || self.all_of.iter().any(Prop::is_kind)
    }

    /// The same without its `all_of`.
    pub fn is_kind_by_itself(&self) -> bool {
        self.ref_name.is_some()
            || !self.types.is_empty()
            || !self.values.is_empty()
            || !self.enum_case_insensitive.is_empty()
            || self.constant.is_some()
            || self.format.is_some()
            || !self.properties.is_empty()
            || !self.pattern_properties.is_empty()
            || self.items.is_some()
            || self.branches().any(Prop::is_kind)
    }

    /// Whether it is an object of which the schema says no more.
    pub fn is_bare_object(&self) -> bool {
        self.types.only() == Some("object")
            && self.properties.is_empty()
            && self.pattern_properties.is_empty()
    }

    /// The texts that an enum of text allows.
    pub fn texts(&self) -> Vec<String> {
        let constant = self.constant.as_slice();
        let lists = [&self.values, &self.enum_case_insensitive].map(Vec::as_slice);
        let values = lists.into_iter().chain([constant]).find(|list| !list.is_empty());
        let mut texts: Vec<String> = Vec::new();
        for text in values.into_iter().flatten().filter_map(Value::as_str) {
            if !texts.iter().any(|known| known == text) {
                texts.push(text.to_owned());
            }
        }
        texts
    }
}
