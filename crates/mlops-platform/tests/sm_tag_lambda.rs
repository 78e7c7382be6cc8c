//! What the stack `sm-tag-lambda` promises: each event that the handler knows reaches it, what it cannot do is heard of, and it
//! may tag what belongs to projects and nothing else.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::{code, stacks::sm_tag_lambda};
use serde_json::{Value, json};
use support::{of_type, properties, several, size, speaking_of, statements, texts};

fn template() -> Value {
    let synthesized = support::synthesize(sm_tag_lambda::STACK.template());
    support::template(&synthesized, "sm-tag-lambda")
}

/// The first texts of the lines of a dictionary of the handler.
fn keys_of<'a>(handler: &'a str, dictionary: &str) -> BTreeSet<&'a str> {
    let (_, rest) = handler.split_once(&format!("\n{dictionary} = {{\n")).unwrap();
    let lines = rest.split_once("\n}").unwrap().0.lines();
    lines.map(|line| line.split('"').nth(1).unwrap()).collect()
}

#[test]
fn every_event_that_the_handler_knows_reaches_it_and_no_other() {
    let template = template();
    let pattern = |id| &properties(&template, id)["EventPattern"];
    let told: BTreeSet<&str> =
        texts(&pattern("StateChangeRule")["detail-type"]).into_iter().collect();
    assert_eq!(told, keys_of(code::SM_TAG, "STATE_CHANGES"));
    let calls = &pattern("ApiCallRule")["detail"];
    let called: BTreeSet<&str> = texts(&calls["eventName"]).into_iter().collect();
    assert_eq!(called, keys_of(code::SM_TAG, "CALLS"));
    assert_eq!(calls["errorCode"], json!([{"exists": false}]));
    assert_eq!(properties(&template, "ReconcileRule")["ScheduleExpression"], "rate(1 hour)");
}

#[test]
fn each_rule_and_nobody_else_may_call_the_function() {
    let template = template();
    let rules = of_type(&template, "AWS::Events::Rule");
    let permissions = of_type(&template, "AWS::Lambda::Permission");
    assert_eq!((rules.len(), permissions.len()), (3, 3));
    for (id, rule) in rules {
        let target = &rule["Properties"]["Targets"][0]["Arn"];
        assert_eq!(*target, json!({"Fn::GetAtt": ["TagFunction", "Arn"]}), "{id}");
        let permission = properties(&template, &id.replace("Rule", "Permission"));
        assert_eq!(permission["SourceArn"], json!({"Fn::GetAtt": [id, "Arn"]}), "{id}");
        assert_eq!(permission["Principal"], "events.amazonaws.com", "{id}");
        // The launch role of products reaches rules that end in these.
        let name = rule["Properties"]["Name"].as_str().unwrap();
        assert!(!name.ends_with("-merge") && !name.ends_with("-approval"), "{name}");
    }
}

#[test]
fn what_cannot_be_done_waits_and_is_heard_of() {
    let template = template();
    let queue = json!({"Fn::GetAtt": ["TagDeadLetterQueue", "Arn"]});
    let function = properties(&template, "TagFunction");
    assert_eq!(function["DeadLetterConfig"]["TargetArn"], queue);
    assert_eq!(function["Timeout"], 300);
    assert_eq!(function["MemorySize"], 256);
    let role = statements(&template, "TagFunctionRole");
    assert_eq!(speaking_of(&role, "sqs:SendMessage")[0]["Resource"], queue);
    assert_eq!(properties(&template, "TagDeadLetterQueue")["MessageRetentionPeriod"], 1_209_600);
    let alarm = properties(&template, "TagDeadLetterAlarm");
    assert_eq!(alarm["AlarmActions"], json!([{"Ref": "ReadyTopicArn"}]));
    let dimension = &alarm["Dimensions"][0]["Value"];
    assert_eq!(*dimension, json!({"Fn::GetAtt": ["TagDeadLetterQueue", "QueueName"]}));
}

#[test]
fn the_function_may_tag_and_nothing_else() {
    let template = template();
    let statements = statements(&template, "TagFunctionRole");
    let allowed: BTreeSet<&str> =
        statements.iter().flat_map(|statement| texts(&statement["Action"])).collect();
    let writes: Vec<&&str> = allowed
        .iter()
        .filter(|action| !["Describe", "List", "Get"].iter().any(|verb| action.contains(verb)))
        .collect();
    assert_eq!(
        writes,
        [&"logs:CreateLogStream", &"logs:PutLogEvents", &"sagemaker:AddTags", &"sqs:SendMessage"]
    );
    let tagged = speaking_of(&statements, "sagemaker:AddTags")[0];
    for resource in several(&tagged["Resource"]) {
        let arn = resource["Fn::Sub"].as_str().unwrap();
        assert!(!arn.contains("user-profile") && !arn.contains("domain"), "{arn}");
    }
    let projects = &speaking_of(&statements, "ssm:ListTagsForResource")[0]["Resource"]["Fn::Sub"];
    assert!(projects.as_str().unwrap().ends_with(":parameter/mlops/projects/*"));
    let role = properties(&template, "TagFunctionRole");
    assert!(size(&role["Policies"][0]["PolicyDocument"]) <= 10_240);
}

#[test]
fn the_log_is_kept_for_a_month_and_encrypted() {
    let template = template();
    let group = &template["Resources"]["TagFunctionLogs"];
    assert_eq!(group["Properties"]["LogGroupName"], "/aws/lambda/sm-tag-lambda");
    assert_eq!(group["Properties"]["RetentionInDays"], 30);
    assert_eq!(group["Properties"]["KmsKeyId"], json!({"Ref": "PlatformKeyArn"}));
    assert_eq!(group["DeletionPolicy"], "Delete");
    assert_eq!(template["Resources"]["TagFunction"]["DependsOn"], "TagFunctionLogs");
}
