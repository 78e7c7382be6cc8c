//! The rules of this family, as a table. Nothing else.

use crate::finding::{Rule, Severity};

const TYPES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html";
const SCHEMA: &str =
    "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html";
const RESOURCES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html";
const PARAMETERS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html";

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal $severity:ident $title:literal, $why:literal, $mend:literal, $source:expr;)*) => {
        $($(#[$doc])* pub const $name: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            title: $title,
            why: $why,
            mend: $mend,
            source: $source,
        };)*

        /// All rules of the family.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    /// A type that AWS does not have.
    UNKNOWN_TYPE = "FW1001" Error "a resource type that does not exist",
        "CloudFormation refuses the template.", "Correct the type's name.", TYPES;
    /// A property that must be there and is not.
    MISSING = "FW1002" Error "a required property is missing",
        "The resource cannot be made.", "Give the property.", SCHEMA;
    /// A property that the type lacks.
    UNKNOWN_PROPERTY = "FW1003" Error "a property that the type lacks",
        "CloudFormation refuses the resource.", "Correct the name or remove the property.", SCHEMA;
    /// A list where a text belongs, and so on.
    WRONG_TYPE = "FW1004" Error "a value of another type than the property has",
        "CloudFormation refuses the resource.", "Give a value of the property's type.", SCHEMA;
    /// A value that is none of those allowed.
    NOT_ALLOWED = "FW1005" Error "a value that is none of those allowed",
        "The service refuses the value.", "Give one of the allowed values.", SCHEMA;
    /// A text that its pattern does not match.
    PATTERN = "FW1006" Error "a text that does not match the property's pattern",
        "The service refuses the value.", "Write the text as the pattern asks.", SCHEMA;
    /// A text that is too short or too long.
    LENGTH = "FW1007" Error "a text that is too short or too long",
        "The service refuses the value.", "Shorten or lengthen the text.", SCHEMA;
    /// A number out of its range.
    RANGE = "FW1008" Error "a number that is out of range",
        "The service refuses the value.", "Give a number in the range.", SCHEMA;
    /// Too few or too many items or entries.
    COUNT = "FW1009" Error "too few or too many items",
        "The service refuses the value.", "Add or remove items.", SCHEMA;
    /// An item that is there twice.
    UNIQUE = "FW1010" Error "an item that is there twice where each must differ",
        "CloudFormation refuses the resource.", "Remove the second.", SCHEMA;
    /// None of several forms fits, or more than one.
    FORM = "FW1011" Error "a value in none of the forms allowed, or in two that exclude each other",
        "CloudFormation refuses the resource.", "Write the value in one of the forms.", SCHEMA;
    /// A property without another that it needs, or none of several of which one is needed.
    DEPENDENT = "FW1012" Error "a property without another that it needs",
        "The service refuses the resource.", "Give the other property too.", SCHEMA;
    /// Two properties of which only one may be there.
    EXCLUDED = "FW1013" Error "two properties of which only one may be there",
        "The service refuses the resource.", "Remove one of them.", SCHEMA;
    /// A property that only AWS sets.
    READ_ONLY = "FW1014" Error "a property that only AWS sets",
        "CloudFormation refuses the resource.", "Remove the property; read it with `Fn::GetAtt`.", SCHEMA;
    /// A pattern that was not decided.
    UNDECIDED = "FW1015" Note "a pattern that was not decided",
        "The engine cannot run it, or it took too long.", "Look at the text yourself.", SCHEMA;
    /// A template that a macro may change.
    MACRO = "FW1016" Note "resources that a macro may change are not held to their schemas",
        "Nobody knows before a launch what the macro makes of them.", "Check what the macro gives.", RESOURCES;
    /// A list's parameter where a text belongs, or the reverse.
    PARAMETER_TYPE = "FW1017" Error "a parameter of another type than the property has",
        "CloudFormation refuses the resource.", "Change the parameter's type, or take an item of it.", PARAMETERS;
    /// A text that has not the form of the id or range that belongs there.
    FORMAT = "FW1018" Error "a text that has not the form of the id that belongs there",
        "The service does not find what the id names.", "Give an id of this form.", SCHEMA;
    /// A type of a service that is gone.
    SHUT_DOWN = "FW1019" Error "a type of a service that was shut down",
        "Nothing of the type can be made any more.", "Use another service.", TYPES;
    /// A type that is not AWS's.
    FOREIGN_TYPE = "FW1020" Note "a type that is not AWS's, of which nothing is known here",
        "Its properties are not held to a schema.", "Look into the type's own schema.", TYPES;
    /// Values that contradict each other.
    TOGETHER = "FW1021" Error "values that contradict each other",
        "Each value is allowed by itself, but the service refuses them together.", "Change one of them.", SCHEMA;
    /// A role's name where it is not enough.
    ROLE_PATH = "FW1022" Error "a role's name where its path is needed too",
        "The service makes an ARN of the name, in which the role's path is missing, so that it finds no such role.",
        "Read the role's `Arn` instead of its name.", SCHEMA;
    /// A resource that does not go with another.
    NEIGHBOUR = "FW1023" Error "a resource that contradicts one that it refers to",
        "The service refuses the one because of the other.", "Change one of them.", SCHEMA;
}
