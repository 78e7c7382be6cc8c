//! Formwork: AWS CloudFormation written as typed Rust.
//!
//! A stack is a module with four things: its name, what it takes, what it gives, and what it defines.
//! rustc refuses what CloudFormation would refuse later: an unknown property, a bucket where a VPC's id
//! belongs, a nested stack without one of its inputs.
//!
//! This crate is the language: values and intrinsics, inputs, conditions, resources, outputs, stacks, IAM
//! policies, assets, and the way from there to YAML and JSON. The resource types of AWS are in
//! `formwork-aws`. Nothing in here knows AWS's schemas, and only `assembly` touches a file.

pub mod assembly;
pub mod asset;
mod check;
pub mod condition;
pub mod custom;
mod document;
#[cfg(feature = "read")]
pub mod evaluate;
pub mod form;
pub mod functions;
pub mod graph;
pub mod iam;
pub mod input;
pub mod launch;
pub mod list;
pub mod mapping;
pub mod meaning;
pub mod nearest;
pub mod node;
pub mod options;
pub mod output;
pub mod permissions;
pub mod phase;
pub mod problem;
pub mod pseudo;
#[cfg(feature = "read")]
pub mod read;
pub mod render;
pub mod resource;
pub mod rule;
pub mod source;
pub mod stack;
pub mod template;
pub mod text;
pub mod value;

pub use formwork_macros::{Attributes, Choices, CustomResource, Inputs, Outputs, sub};

pub use asset::{Asset, AssetHandle};
pub use condition::{Both, Condition, InConditions, InRules, Test};
pub use custom::{Custom, CustomProperties};
pub use form::Form;
pub use functions::{
    availability_zones, availability_zones_of, cidr, import_value, length, stack_output, transform,
};
pub use iam::{Action, Policy, Principal, Statement, allow, deny, deny_all_except};
pub use input::{
    Choices, DefaultFor, Input, InputSpec, Inputs, ParameterType, Ssm, by_default, give,
};
pub use list::{IntoList, IntoMap};
pub use mapping::Mapping;
pub use meaning::{
    AccountId, Arn, AvailabilityZone, Cidr, Ipv6Cidr, Is, Json, List, Map, ObjectKey, Partition,
    Region, SsmParameterName, StackId, StackName, Textual, UrlSuffix,
};
pub use options::{CreationPolicy, DeletionPolicy, Dependencies, ResourceOptions, UpdatePolicy};
pub use output::{OutputSpec, Outputs};
pub use phase::{Early, Known, Late, Phased};
pub use problem::{Problem, Problems};
pub use resource::{
    Attributes, Body, Fields, Handle, NoAttributes, Properties, Raw, Resource, Set, attribute,
};
pub use rule::{
    Rule, contains, each_member_equals, each_member_in, ref_all, value_of, value_of_all, values_of,
};
pub use source::Source;
pub use stack::{Nested, ReleasedTemplate, Stack};
pub use template::{Each, Template};
pub use text::{InText, Sub, Text, Texts, base64, join, raw_ref, raw_sub, split, to_json_string};
pub use value::{
    IntoName, IntoNode, IntoValue, Name, NoValue, Object, Optional, Property, Required, Untyped,
    Value, any, no_value, object, untyped, val, when,
};

/// Everything that a stack's module needs.
pub mod prelude {
    // The macros and not the traits of the same names: a stack's structs have those names.
    pub use formwork_macros::{Attributes, Choices, CustomResource, Inputs, Outputs, sub};

    pub use crate::iam::{
        Action, Policy, Principal, Statement, allow, condition, deny, deny_all_except,
    };
    pub use crate::{
        AccountId, Arn, Asset, AvailabilityZone, Cidr, Condition, CreationPolicy, Custom,
        DeletionPolicy, Each, Form, Handle, Input, Json, List, Map, Mapping, ObjectKey, Partition,
        Raw, Region, ResourceOptions, Rule, Set, Ssm, Stack, StackId, StackName, Template,
        UpdatePolicy, UrlSuffix, Value, any, availability_zones, availability_zones_of, base64,
        by_default, cidr, contains, each_member_equals, each_member_in, give, import_value, join,
        length, no_value, object, pseudo, raw_ref, raw_sub, ref_all, split, stack_output,
        to_json_string, transform, untyped, val, value_of, value_of_all, values_of, when,
    };
}
