//! The crate to be written, with every name and every Rust type decided.
//!
//! `build` makes it of what was read, and `emit` prints it. Nothing in here is optional or ambiguous any
//! more, and nothing here knows a schema.

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
    pub attributes: Vec<Attribute>,
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
    /// The Rust types of broader meanings that it also is.
    pub broader: Vec<String>,
    /// The type of a parameter that holds one.
    pub parameter_type: Option<&'static str>,
}

/// An attribute, which is a method of the handle.
#[derive(Debug)]
pub struct Attribute {
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
