//! Corrections of the schemas that only a check needs: where they refuse what AWS takes.
//!
//! Each has its reason and the page that proves it, like the patches of the generated crate, and is refused
//! once it changes nothing.

use serde_json::{Value, json};

use crate::patch::{Patch, change, page};

/// All corrections.
pub(crate) const MENDS: &[Patch] = &[
    Patch {
        name: "custom_resources_have_any_property",
        reason: "a custom resource takes whatever its provider reads, and the schema forbids it",
        link: page!("aws-resource-cloudformation-customresource"),
        apply: custom_resources_have_any_property,
    },
    Patch {
        name: "alarm_period_is_short_or_whole_minutes",
        reason: "what chooses between short and whole minutes was lost on the way into the source",
        link: page!("aws-resource-cloudwatch-alarm"),
        apply: alarm_period_is_short_or_whole_minutes,
    },
    Patch {
        name: "dynamodb_on_demand_needs_no_throughput",
        reason: "that the billing mode is not on demand was lost on the way into the source",
        link: page!("aws-resource-dynamodb-table"),
        apply: dynamodb_on_demand_needs_no_throughput,
    },
    Patch {
        name: "conditions_stand_with_their_part",
        reason: "what holds of a part, such as a rule's ports or a health check's kind, stands with the whole resource",
        link: page!("aws-properties-ec2-securitygroup-ingress"),
        apply: conditions_stand_with_their_part,
    },
    Patch {
        name: "instance_volumes_may_be_faster",
        reason: "what a volume takes is not what the source says: AWS raised it more than once",
        link: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
        apply: instance_volumes_may_be_faster,
    },
    Patch {
        name: "fargate_is_looked_for",
        reason: "that a task is made for Fargate, and that units are a bare number, was lost on the way into the source",
        link: page!("aws-resource-ecs-taskdefinition"),
        apply: fargate_is_looked_for,
    },
    Patch {
        name: "functions_of_zips",
        reason: "the schema does not say that a function of a zip needs a handler and a runtime",
        link: page!("aws-resource-lambda-function"),
        apply: functions_of_zips,
    },
    Patch {
        name: "rds_engines_in_any_case",
        reason: "RDS takes an engine's name in any case, and templates have `MySQL`",
        link: page!("aws-resource-rds-dbinstance"),
        apply: rds_engines_in_any_case,
    },
    Patch {
        name: "rds_backups_have_a_default",
        reason: "an instance without `BackupRetentionPeriod` has backups of one day",
        link: page!("aws-resource-rds-dbinstance"),
        apply: rds_backups_have_a_default,
    },
];

fn custom_resources_have_any_property(schemas: &mut Value) -> usize {
    change(schemas, "/AWS::CloudFormation::CustomResource", |schema| {
        let wrong = schema["additional_properties"] == json!(false);
        schema["additional_properties"] = json!(true);
        wrong
    })
}

fn alarm_period_is_short_or_whole_minutes(schemas: &mut Value) -> usize {
    let path = "/AWS::CloudWatch::Alarm/if_then_else/0/then_schema/properties/Period";
    change(schemas, path, |period| {
        let wrong = period["if_then_else"][0]["condition"] == json!({});
        if wrong {
            *period = json!({"any_of": [{"enum": [10, 20, 30]}, {"multiple_of": 60.0}]});
        }
        wrong
    })
}

fn dynamodb_on_demand_needs_no_throughput(schemas: &mut Value) -> usize {
    let path = "/AWS::DynamoDB::Table/if_then_else/2/condition/properties/BillingMode";
    change(schemas, path, |mode| {
        let wrong = *mode == json!({});
        if wrong {
            *mode = json!({"not_enum": ["PAY_PER_REQUEST"]});
        }
        wrong
    })
}

/// What stands with a whole resource and is about a part of it: the type, a property of the part, and the parts, where
/// a resource of its own may be one.
const MISPLACED: [(&str, &str, &[&str]); 6] = [
    ("AWS::ApiGateway::Stage", "ResourcePath", &["/definitions/MethodSetting"]),
    ("AWS::EC2::Instance", "VirtualName", &["/definitions/BlockDeviceMapping"]),
    ("AWS::EC2::Instance", "VolumeType", &["/definitions/Ebs"]),
    (
        "AWS::EC2::SecurityGroup",
        "IpProtocol",
        &["/definitions/Egress", "/definitions/Ingress", "Egress", "Ingress"],
    ),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "Protocol", &["/definitions/Listeners"]),
    ("AWS::Route53::HealthCheck", "AlarmIdentifier", &["/properties/HealthCheckConfig"]),
];

fn conditions_stand_with_their_part(schemas: &mut Value) -> usize {
    let mut moved = 0;
    for (kind, property, parts) in MISPLACED {
        for list in ["if_then_else", "all_of"] {
            let Some(Value::Array(all)) = schemas.pointer_mut(&format!("/{kind}/{list}")) else {
                continue;
            };
            let (misplaced, kept) = all.drain(..).partition(|one| is_about(one, property));
            *all = kept;
            let misplaced: Vec<Value> = misplaced;
            for part in parts.iter().filter(|_| !misplaced.is_empty()) {
                moved += change(schemas, &format!("/{kind}{part}"), |part| {
                    let mut there = part[list].as_array().cloned().unwrap_or_default();
                    there.extend(misplaced.iter().cloned());
                    part[list] = Value::Array(there);
                    true
                });
            }
        }
    }
    moved
}

/// Whether a schema says something of an object's property, itself and not of an object in it.
fn is_about(schema: &Value, property: &str) -> bool {
    const INNER: [&str; 8] = [
        "all_of",
        "any_of",
        "condition",
        "else_schema",
        "if_then_else",
        "not",
        "one_of",
        "then_schema",
    ];
    match schema {
        Value::Array(parts) => parts.iter().any(|part| is_about(part, property)),
        Value::Object(fields) => {
            schema["properties"].get(property).is_some()
                || schema["required"]
                    .as_array()
                    .is_some_and(|names| names.contains(&json!(property)))
                || INNER
                    .iter()
                    .any(|name| fields.get(*name).is_some_and(|one| is_about(one, property)))
        }
        _ => false,
    }
}

fn instance_volumes_may_be_faster(schemas: &mut Value) -> usize {
    let path = "/AWS::EC2::Instance/definitions/Ebs/all_of/0/if_then_else";
    let kinds = schemas.pointer_mut(path).and_then(Value::as_array_mut);
    let limits = kinds.into_iter().flatten().map(|kind| kind["then_schema"].as_object_mut());
    limits.flatten().filter_map(|then| then.remove("properties")).count()
}

fn fargate_is_looked_for(schemas: &mut Value) -> usize {
    schemas.pointer_mut("/AWS::ECS::TaskDefinition/if_then_else").map_or(0, tests_of_tasks)
}

/// Every test for Fargate, and for a number of units without their name.
fn tests_of_tasks(value: &mut Value) -> usize {
    let mut changed = 0;
    if let Some(test) = value.get_mut("condition") {
        if *test == json!({"type": ["integer", "string"]}) {
            test["pattern"] = json!("^[0-9]+$");
            changed += 1;
        }
        if test["properties"]["RequiresCompatibilities"] == json!({"type": "array"}) {
            test["properties"]["RequiresCompatibilities"]["contains"] =
                json!({"enum": ["FARGATE"]});
            changed += 1;
        }
    }
    if let Some(Value::String(pattern)) = value.pointer_mut("/else_schema/pattern") {
        *pattern = pattern.replace(r"\.", r"0?\.").replace("(0.5|", r"(0?\.5|");
    }
    match value {
        Value::Array(parts) => changed + parts.iter_mut().map(tests_of_tasks).sum::<usize>(),
        Value::Object(fields) => changed + fields.values_mut().map(tests_of_tasks).sum::<usize>(),
        _ => changed,
    }
}

fn functions_of_zips(schemas: &mut Value) -> usize {
    change(schemas, "/AWS::Lambda::Function/if_then_else", |conditions| {
        let code = json!({
            "type": "object",
            "any_of": [{"required": ["S3Bucket"]}, {"required": ["ZipFile"]}],
        });
        let zip = json!({
            "properties": {"Code": code, "PackageType": {"const": "Zip"}},
            "required": ["Code"],
        });
        let condition = json!({
            "condition": zip,
            "then_schema": {"required": ["Handler", "Runtime"]},
        });
        let is_new = |all: &&mut Vec<Value>| !all.contains(&condition);
        let Some(conditions) = conditions.as_array_mut().filter(is_new) else { return false };
        conditions.push(condition);
        true
    })
}

fn rds_engines_in_any_case(schemas: &mut Value) -> usize {
    let types = ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"];
    types.iter().map(|name| schemas.get_mut(name).map_or(0, engines)).sum()
}

/// Every list of engines in it.
fn engines(value: &mut Value) -> usize {
    match value {
        Value::Object(fields) => {
            let mut changed = 0;
            for (name, field) in fields.iter_mut() {
                let list = field.as_object_mut().filter(|_| name == "Engine");
                if let Some(list) = list.and_then(|field| Some((field.remove("enum")?, field))) {
                    list.1.insert("enum_case_insensitive".to_owned(), list.0);
                    changed += 1;
                }
                changed += engines(field);
            }
            changed
        }
        Value::Array(items) => items.iter_mut().map(engines).sum(),
        _ => 0,
    }
}

fn rds_backups_have_a_default(schemas: &mut Value) -> usize {
    let path = "/AWS::RDS::DBInstance/if_then_else/1/then_schema";
    change(schemas, path, |then| {
        let wrong = then["required"] == json!(["BackupRetentionPeriod"]);
        then["required"] = json!([]);
        wrong
    })
}
