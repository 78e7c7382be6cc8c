//! What the tests of stacks share: a stack's template as JSON, its resources and policies, and how long these get at most.

#![allow(dead_code, reason = "no test uses all of it")]

pub mod evaluate;
pub mod launch;
pub mod needless;
pub mod patterns;

use formwork::assembly::{Assembly, Settings, Synthesized};
use formwork::render::Format;
use serde_json::Value;

pub const LONGEST_REGION: &str = "ap-southeast-1";
pub const ACCOUNT: &str = "123456789012";
pub const LONGEST_PROJECT: &str = "a-project-name-of-32-characters1";

/// A stack by itself, with keys as they are released.
pub fn synthesize(template: formwork::Template) -> Synthesized {
    let settings = Settings { format: Format::Json, ..Settings::default() };
    let assembly = Assembly::new().with(template);
    assembly.synth(settings).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The template of this name.
pub fn template(synthesized: &Synthesized, name: &str) -> Value {
    serde_json::from_str(&synthesized.template(name).unwrap().text).unwrap()
}

/// Logical ids, and resources, of a type.
pub fn of_type<'a>(template: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().unwrap().iter();
    resources.filter(|(_, it)| it["Type"] == kind).map(|(id, it)| (id.as_str(), it)).collect()
}

/// The properties of a resource.
pub fn properties<'a>(template: &'a Value, id: &str) -> &'a Value {
    let resource = &template["Resources"][id];
    assert!(!resource.is_null(), "there is no {id}");
    &resource["Properties"]
}

/// One or several as a list.
pub fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    }
}

/// The texts of one or several.
pub fn texts(value: &Value) -> Vec<&str> {
    several(value).into_iter().map(|text| text.as_str().unwrap()).collect()
}

/// The statements of a role's inline policies.
pub fn statements<'a>(template: &'a Value, role: &str) -> Vec<&'a Value> {
    let policies = several(&properties(template, role)["Policies"]);
    policies.into_iter().flat_map(|it| several(&it["PolicyDocument"]["Statement"])).collect()
}

/// The statements that speak of an action by this very name.
pub fn speaking_of<'a>(statements: &[&'a Value], action: &str) -> Vec<&'a Value> {
    let has = |statement: &&&Value| texts(&statement["Action"]).contains(&action);
    statements.iter().filter(has).copied().collect()
}

/// The characters of a policy as IAM counts them, with every reference at its longest.
pub fn size(document: &Value) -> usize {
    longest(document).expect("a policy").to_string().chars().count()
}

/// A value with every reference at its longest; none for what a condition leaves out.
pub fn longest(value: &Value) -> Option<Value> {
    let function = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
    match (value, function) {
        (_, Some((name, argument))) if name == "Ref" => reference(argument.as_str().unwrap()),
        (_, Some((name, argument))) if name == "Fn::GetAtt" => {
            reference(&format!("{}.{}", text(&argument[0]), text(&argument[1])))
        }
        (_, Some((name, argument))) if name == "Fn::Sub" => Some(substituted(argument).into()),
        (_, Some((name, argument))) if name == "Fn::If" => {
            let branches = [longest(&argument[1]), longest(&argument[2])].into_iter().flatten();
            branches.max_by_key(|branch| branch.to_string().len())
        }
        (Value::Object(map), _) => Some(Value::Object(
            map.iter().filter_map(|(key, it)| Some((key.clone(), longest(it)?))).collect(),
        )),
        (Value::Array(items), _) => Some(items.iter().filter_map(longest).collect()),
        (Value::String(text), _) => Some(resolved(text).into()),
        _ => Some(value.clone()),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn substituted(argument: &Value) -> String {
    let (pattern, given) = match argument {
        Value::Array(parts) => (text(&parts[0]), &parts[1]),
        pattern => (text(pattern), &Value::Null),
    };
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap();
        whole.push_str(before);
        match (name.strip_prefix('!'), &given[name]) {
            (Some(variable), _) => whole.extend(["${", variable, "}"]),
            (None, Value::Null) => whole.push_str(text(&reference(name).unwrap())),
            (None, value) => whole.push_str(text(&longest(value).unwrap())),
        }
        rest = after;
    }
    resolved(&(whole + rest))
}

/// What a parameter, an attribute or a pseudo parameter is at its longest, by its name.
fn reference(name: &str) -> Option<Value> {
    let arn = |of: &str| format!("arn:aws:{of}");
    let here = format!("{LONGEST_REGION}:{ACCOUNT}");
    let longest = match name {
        "AWS::NoValue" => return None,
        "AWS::Partition" => "aws".to_owned(),
        "AWS::Region" => LONGEST_REGION.to_owned(),
        "AWS::AccountId" => ACCOUNT.to_owned(),
        "AWS::URLSuffix" => "amazonaws.com".to_owned(),
        "SageMakerProjectName" | "ProjectName" => LONGEST_PROJECT.to_owned(),
        "SageMakerProjectId" | "ProjectId" => "p-abcdefghijklmnopqr".to_owned(),
        "DomainId" => "d-abcdefghijkl".to_owned(),
        "ProjectBucket.Arn" => arn(&format!("s3:::{LONGEST_PROJECT}-{ACCOUNT}")),
        "ProjectCommitRepository.Arn" => {
            arn(&format!("codecommit:{here}:{LONGEST_PROJECT}-project-repo"))
        }
        "PlatformKeyArn" | "ProjectKey.Arn" => {
            arn(&format!("kms:{here}:key/12345678-1234-1234-1234-123456789012"))
        }
        // Ids of EC2, by the names of the platform's parameters.
        _ if name.contains("/subnet-id-") => format!("subnet-{}", "0".repeat(17)),
        _ if name.ends_with("-group-id") => format!("sg-{}", "0".repeat(17)),
        _ if name.ends_with("/vpc-id") => format!("vpc-{}", "0".repeat(17)),
        _ if name.ends_with("RoleArn") => arn(&format!("iam::{ACCOUNT}:role/{}", "r".repeat(64))),
        _ if name.ends_with("BoundaryArn") || name.ends_with("PolicyArn") => {
            arn(&format!("iam::{ACCOUNT}:policy/{}", "p".repeat(128)))
        }
        _ => "x".repeat(64),
    };
    Some(longest.into())
}

/// A text with its dynamic references at their longest.
fn resolved(text: &str) -> String {
    let Some((before, after)) = text.split_once("{{resolve:") else { return text.to_owned() };
    let (name, after) = after.split_once("}}").unwrap();
    let value =
        if name.ends_with("kms-key-arn") { reference("PlatformKeyArn") } else { reference(name) };
    format!("{before}{}{}", self::text(&value.unwrap()), resolved(after))
}
