//! Corrections of what the schemas get wrong.
//!
//! Each patch is a function with a reason and the page that proves it. One that changes nothing is an error:
//! the schemas are right by now, and the patch has to go. Nothing else in the generator knows a resource
//! type by name, apart from the tables of meanings and of `Ref`.

use serde_json::{Value, json};

use crate::error::{Result, error};

/// One correction.
pub struct Patch {
    /// Its name, for the error that says it is stale.
    pub name: &'static str,
    /// What is wrong.
    pub reason: &'static str,
    /// What says so.
    pub link: &'static str,
    /// Corrects it, and says how many places that changed.
    pub apply: fn(&mut Value) -> usize,
}

macro_rules! page {
    ($name:literal) => {
        concat!(
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/",
            $name,
            ".html"
        )
    };
}
pub(crate) use page;

/// All corrections.
pub const PATCHES: &[Patch] = &[
    Patch {
        name: "auto_scaling_topic_arn_is_text",
        reason: "the topic of a notification may be a text or a list, and the list is for old templates",
        link: page!("aws-properties-autoscaling-autoscalinggroup-notificationconfiguration"),
        apply: auto_scaling_topic_arn_is_text,
    },
    Patch {
        name: "dynamodb_key_schema_has_elements",
        reason: "the fields of an element stand beside `items` once more, and the values of KeyType only there",
        link: page!("aws-properties-dynamodb-table-keyschema"),
        apply: dynamodb_key_schema_has_elements,
    },
    Patch {
        name: "dynamodb_key_schema_is_a_list",
        reason: "beside the list the schema allows any JSON, which would hide what the list holds",
        link: page!("aws-resource-dynamodb-table"),
        apply: dynamodb_key_schema_is_a_list,
    },
    Patch {
        name: "lambda_environment_is_text",
        reason: "a variable may be any JSON, where Lambda knows only text",
        link: page!("aws-properties-lambda-function-environment"),
        apply: lambda_environment_is_text,
    },
    Patch {
        name: "open_search_arns_are_text",
        reason: "two ARNs have no type at all",
        link: page!("aws-resource-opensearchservice-application"),
        apply: open_search_arns_are_text,
    },
    Patch {
        name: "rekognition_arn_pattern_is_no_format",
        reason: "the ARN's pattern stands in `format`",
        link: page!("aws-resource-rekognition-collection"),
        apply: rekognition_arn_pattern_is_no_format,
    },
    Patch {
        name: "serverless_objects_are_intrinsics",
        reason: "the transform's schema writes `or an object` where an intrinsic may stand, which it may anywhere",
        link: "https://github.com/aws/serverless-application-model/tree/develop/samtranslator/internal/schema_source",
        apply: serverless_objects_are_intrinsics,
    },
    Patch {
        name: "serverless_web_function_role_is_text",
        reason: "the role's ARN has no type at all",
        link: "https://github.com/aws/serverless-application-model/tree/develop/samtranslator/internal/schema_source",
        apply: serverless_web_function_role_is_text,
    },
    Patch {
        name: "stack_parameters_are_text",
        reason: "a parameter of a nested stack may be any JSON, where CloudFormation knows only text",
        link: page!("aws-resource-cloudformation-stack"),
        apply: stack_parameters_are_text,
    },
];

/// Applies patches to the schemas' JSON.
pub fn apply(schemas: &mut Value, patches: &[Patch]) -> Result<()> {
    let stale = patches.iter().filter(|patch| (patch.apply)(schemas) == 0);
    let stale: Vec<String> = stale
        .map(|patch| format!("{}: {}, see {}", patch.name, patch.reason, patch.link))
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(error!(
        "patches that change nothing: if the schemas are right by now, remove them from patch.rs\n  {}",
        stale.join("\n  ")
    ))
}

fn auto_scaling_topic_arn_is_text(schemas: &mut Value) -> usize {
    let path = "/AWS::AutoScaling::AutoScalingGroup/definitions/NotificationConfiguration/properties/TopicARN";
    change(schemas, path, |topic| {
        let wrong = topic["type"] == json!(["string", "array"]);
        if wrong {
            *topic = topic["items"].clone();
        }
        wrong
    })
}

fn dynamodb_key_schema_is_a_list(schemas: &mut Value) -> usize {
    change(schemas, "/AWS::DynamoDB::Table/properties/KeySchema", |keys| {
        let list = keys["one_of"]
            .as_array()
            .filter(|parts| parts.iter().any(|part| part["format"] == "json"));
        let list =
            list.and_then(|parts| parts.iter().find(|part| part["ref_name"].is_string())).cloned();
        list.map(|list| *keys = list).is_some()
    })
}

fn dynamodb_key_schema_has_elements(schemas: &mut Value) -> usize {
    let types = ["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"];
    let change = |type_name: &&str| {
        change(schemas, &format!("/{type_name}/definitions/KeySchema"), |keys| {
            let wrong = keys["type"] == "array";
            let stray = keys.as_object_mut().and_then(|keys| keys.remove("properties"));
            let known = stray.as_ref().map(|stray| stray["KeyType"].clone());
            // The values are listed only with the stray ones.
            if let (Some(known), Some(key)) = (known, keys.pointer_mut("/items/properties/KeyType"))
            {
                key["enum"] = known["enum"].clone();
            }
            wrong && stray.is_some()
        })
    };
    types.iter().map(change).sum()
}

fn lambda_environment_is_text(schemas: &mut Value) -> usize {
    change(
        schemas,
        "/AWS::Lambda::Function/definitions/Environment/properties/Variables/pattern_properties",
        |values| {
            let mut values =
                values.as_object_mut().into_iter().flat_map(|values| values.values_mut());
            values.next().is_some_and(several_to_text)
        },
    )
}

fn stack_parameters_are_text(schemas: &mut Value) -> usize {
    change(
        schemas,
        "/AWS::CloudFormation::Stack/properties/Parameters/pattern_properties",
        |values| {
            let mut values =
                values.as_object_mut().into_iter().flat_map(|values| values.values_mut());
            values.next().is_some_and(several_to_text)
        },
    )
}

fn open_search_arns_are_text(schemas: &mut Value) -> usize {
    let application = "/AWS::OpenSearchService::Application";
    let options = "/properties/IamIdentityCenterOptions/properties/IamIdentityCenterInstanceArn";
    let source = "/definitions/DataSource/properties/DataSourceArn";
    [options, source]
        .map(|path| change(schemas, &format!("{application}{path}"), untyped_to_text))
        .iter()
        .sum()
}

fn rekognition_arn_pattern_is_no_format(schemas: &mut Value) -> usize {
    change(schemas, "/AWS::Rekognition::Collection/definitions/Arn", |arn| {
        let wrong = arn["format"].as_str().is_some_and(|format| format.starts_with('('));
        if wrong {
            arn["pattern"] = arn["format"].take();
        }
        wrong
    })
}

fn serverless_objects_are_intrinsics(schemas: &mut Value) -> usize {
    fn walk(value: &mut Value) -> usize {
        let below = match value {
            Value::Object(fields) => fields.values_mut().map(walk).sum(),
            Value::Array(items) => items.iter_mut().map(walk).sum(),
            _ => 0,
        };
        let parts = value
            .get_mut("any_of")
            .filter(|parts| parts.as_array().is_some_and(|parts| parts.len() > 1));
        let changed =
            parts.is_some_and(|parts| drop_from(parts, |part| *part == json!({"type": "object"})));
        below + usize::from(changed)
    }
    let types = schemas.as_object_mut().into_iter().flatten();
    types
        .filter(|(name, _)| name.starts_with("AWS::Serverless::"))
        .map(|(_, schema)| walk(schema))
        .sum()
}

fn serverless_web_function_role_is_text(schemas: &mut Value) -> usize {
    change(schemas, "/AWS::Serverless::WebFunction/properties/ExecutionRoleArn", untyped_to_text)
}

/// Changes one place, if it is there.
pub(crate) fn change(
    schemas: &mut Value,
    path: &str,
    with: impl FnOnce(&mut Value) -> bool,
) -> usize {
    schemas.pointer_mut(path).map_or(0, |place| usize::from(with(place)))
}

fn drop_from(parts: &mut Value, wrong: impl Fn(&Value) -> bool) -> bool {
    let Some(parts) = parts.as_array_mut() else { return false };
    let before = parts.len();
    parts.retain(|part| !wrong(part));
    parts.len() < before
}

fn several_to_text(place: &mut Value) -> bool {
    let wrong = place["type"].is_array();
    if wrong {
        place["type"] = json!("string");
    }
    wrong
}

fn untyped_to_text(place: &mut Value) -> bool {
    let wrong = *place == json!({});
    if wrong {
        *place = json!({"type": "string"});
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_that_changes_nothing_is_refused() {
        let patch = Patch {
            name: "name_is_text",
            reason: "the name has no type",
            link: "the page",
            apply: |schemas| change(schemas, "/AWS::A::B/properties/Name", untyped_to_text),
        };
        let mut schemas = json!({"AWS::A::B": {"properties": {"Name": {}}}});
        apply(&mut schemas, std::slice::from_ref(&patch)).expect("it changes something");
        assert_eq!(schemas["AWS::A::B"]["properties"]["Name"]["type"], "string");
        let error = apply(&mut schemas, &[patch]).expect_err("it changes nothing any more");
        assert!(error.to_string().contains("name_is_text: the name has no type, see the page"));
    }
}
