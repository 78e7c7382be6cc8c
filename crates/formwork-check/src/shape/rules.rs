//! The table of the rules of this family, and nothing else.

use crate::finding::Rule;
use crate::finding::Severity::{Error, Warning};

const ANATOMY: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html";
const ATTRIBUTES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html";
const DELETION: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html";
const UPDATE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html";
const MODULES: &str =
    "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/modules-structure.html";
const PARAMETERS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html";
const OUTPUTS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html";
const MAPPINGS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html";
const RULES_SECTION: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html";
const INTERFACE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html";
const FUNCTIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html";
const CONDITIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html";
const IMPORT: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html";
const SUB: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html";
const TRANSFORMS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html";
const DYNAMIC: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html";
const GLOBALS: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html";

/// The rules.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    Rule::new("FW8001", Error, "a section that templates do not have", "CloudFormation refuses the template.", "Correct the section's name, or move what it holds into `Metadata`.", ANATOMY),
    Rule::new("FW8002", Error, "a section that is not what it must be", "CloudFormation refuses the template: sections are maps, the description is a text, and the only format version is 2010-09-09.", "Write the section as the message says.", ANATOMY),
    Rule::new("FW8003", Error, "nothing where a value belongs", "CloudFormation refuses a template with `null` anywhere in it, which is also what a YAML key without a value is.", "Give a value, or remove the key; `AWS::NoValue` stands for a property that is not there.", ANATOMY),
    Rule::new("FW8004", Error, "a number as a key", "CloudFormation refuses a map with a key that YAML reads as a number.", "Put the key in quotes.", MAPPINGS),
    Rule::new("FW8005", Error, "a transform that is not written as it must be", "CloudFormation refuses the template.", "Write the transform's name, or a map of `Name` and `Parameters`.", TRANSFORMS),
    Rule::new("FW8010", Error, "a resource that is no map, or without a type", "CloudFormation refuses the template: each resource has a `Type`, written out.", "Give the resource its `Type`.", ATTRIBUTES),
    Rule::new("FW8011", Error, "an attribute that resources do not have", "CloudFormation refuses the template.", "Correct the name; what the service is told belongs below `Properties`.", ATTRIBUTES),
    Rule::new("FW8012", Error, "a deletion or replacement policy that does not exist", "CloudFormation refuses the template: a policy that it does not know, is no text, or is `Snapshot` of what has none.", "Write `Delete`, `Retain`, or `Snapshot` where the type has snapshots.", DELETION),
    Rule::new("FW8013", Error, "a creation or update policy that is none", "CloudFormation refuses the template: the policy is a map, also where a function makes it.", "Write the policy as a map.", UPDATE),
    Rule::new("FW8014", Error, "an attribute of a resource that is not what it must be", "CloudFormation refuses the template: `Condition` is a name, `DependsOn` a name or a list of names, `Metadata` and `Properties` are maps.", "Write the attribute as the message says.", ATTRIBUTES),
    Rule::new("FW8015", Error, "what cannot be said of a module", "CloudFormation takes no creation policy, update policy or tags of a module as a whole.", "Remove it, or give the module a parameter for it.", MODULES),
    Rule::new("FW8016", Error, "a type of AWS SAM without its transform", "CloudFormation knows no type `AWS::Serverless::…`; the transform makes others of it.", "Write `Transform: AWS::Serverless-2016-10-31`.", TRANSFORMS),
    Rule::new("FW8017", Error, "globals that AWS SAM does not have", "AWS SAM refuses the template: `Globals` gives properties to types that have them.", "Correct the name, or give the property to each resource.", GLOBALS),
    Rule::new("FW8018", Error, "ignored globals that are not there", "AWS SAM refuses the template: `IgnoreGlobals` names what `Globals` does not give.", "Correct the name, or remove it.", GLOBALS),
    Rule::new("FW8019", Warning, "a creation or update policy that no type has", "Nothing is done by it.", "Correct the policy's name.", UPDATE),
    Rule::new("FW8020", Error, "a parameter that is not defined as it must be", "CloudFormation refuses the template.", "Write the parameter as the message says.", PARAMETERS),
    Rule::new("FW8021", Error, "a parameter of a type that does not exist", "CloudFormation refuses the template.", "Write one of the types, such as `String`, `Number` or `CommaDelimitedList`.", PARAMETERS),
    Rule::new("FW8022", Error, "a default that its own parameter does not allow", "CloudFormation refuses the template, or every launch that takes the default.", "Give a default that is allowed, or allow it.", PARAMETERS),
    Rule::new("FW8025", Error, "a mapping that is not written as it must be", "CloudFormation refuses the template: a mapping is a map of maps of texts or lists, without functions; keys of the second level are letters and digits.", "Write the mapping in two levels.", MAPPINGS),
    Rule::new("FW8030", Error, "an output that is not written as it must be", "CloudFormation refuses the template: an output has a `Value`, and may have `Description`, `Condition` and `Export` with a `Name`.", "Write the output as the message says.", OUTPUTS),
    Rule::new("FW8031", Error, "an output that is no text", "CloudFormation refuses the template: every output's value is one text.", "Join lists with `Fn::Join`, or give another attribute.", OUTPUTS),
    Rule::new("FW8035", Error, "a rule of parameters that is not written as it must be", "CloudFormation refuses the template: a rule is a map of `Assertions`, a list of maps with `Assert`, and perhaps a `RuleCondition`.", "Write the rule as the message says.", RULES_SECTION),
    Rule::new("FW8036", Warning, "an interface that names a parameter that is not there", "The console leaves the group or label out.", "Correct the parameter's name, or remove it.", INTERFACE),
    Rule::new("FW8040", Error, "a function that does not exist", "CloudFormation refuses the template.", "Correct the function's name.", FUNCTIONS),
    Rule::new("FW8041", Error, "a function that is not given what it takes", "CloudFormation refuses the template.", "Write the function as the message says.", FUNCTIONS),
    Rule::new("FW8042", Error, "a function without the transform that knows it", "CloudFormation alone has no such function; `AWS::LanguageExtensions` brings it.", "Write `Transform: AWS::LanguageExtensions`.", TRANSFORMS),
    Rule::new("FW8043", Error, "a condition that is none", "CloudFormation refuses the template: a condition compares parameters, or joins other conditions, and imports nothing.", "Write `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`.", CONDITIONS),
    Rule::new("FW8044", Error, "an imported name that depends on what is made", "CloudFormation refuses the template: the name that `Fn::ImportValue` looks for is known before anything is made or imported.", "Give the name as a text or a parameter.", IMPORT),
    Rule::new("FW8045", Warning, "a `${…}` that nothing fills in", "The text holds the name of a parameter, resource or pseudo parameter, but no `Fn::Sub` stands around it, so it stays as it is written.", "Put `Fn::Sub` around the text, or take the `${…}` out.", SUB),
    Rule::new("FW8046", Error, "a dynamic reference that is not written as it must be", "CloudFormation refuses the launch.", "Write `{{resolve:ssm:name:version}}`, `{{resolve:ssm-secure:name:version}}` or `{{resolve:secretsmanager:secret:SecretString:key:stage:version}}`.", DYNAMIC),
];
