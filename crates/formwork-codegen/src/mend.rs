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
        name: "conditions_on_ports_stand_with_them",
        reason: "what holds of a rule's ports or a listener's certificate stands with the whole resource",
        link: page!("aws-properties-ec2-securitygroup-ingress"),
        apply: conditions_on_ports_stand_with_them,
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

fn conditions_on_ports_stand_with_them(schemas: &mut Value) -> usize {
    let places: [(&str, &[&str]); 2] = [
        ("AWS::EC2::SecurityGroup", &["Egress", "Ingress"]),
        ("AWS::ElasticLoadBalancing::LoadBalancer", &["Listeners"]),
    ];
    let mut moved = 0;
    for (kind, definitions) in places {
        let conditions = schemas
            .get_mut(kind)
            .and_then(Value::as_object_mut)
            .and_then(|schema| schema.remove("if_then_else"));
        let Some(conditions) = conditions else { continue };
        for name in definitions {
            moved += change(schemas, &format!("/{kind}/definitions/{name}"), |definition| {
                let is_new = definition.get("if_then_else").is_none();
                if is_new {
                    definition["if_then_else"] = conditions.clone();
                }
                is_new
            });
        }
    }
    moved
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
