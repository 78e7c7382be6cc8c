//! What monitors promise: each kind where it can work and nowhere else, the right image in each region, roles that stay within
//! their boundary, names that fit.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::launch::REGIONS;
use mlops_platform::products::monitor::images::ACCOUNTS;
use mlops_platform::products::{monitor, monitor_stackset};
use serde_json::{Value, json};
use support::launch::Launch;
use support::{ACCOUNT, LONGEST_PROJECT, LONGEST_REGION, of_type, several, size, texts};

const PACKAGE: &str =
    "arn:aws:sagemaker:ap-southeast-1:123456789012:model-package/a-project-models/3";
const KEY: &str =
    "arn:aws:kms:ap-southeast-1:123456789012:key/12345678-1234-1234-1234-123456789012";
const PLATFORM_KEY: &str = "arn:aws:kms:ap-southeast-1:123456789012:key/platform";
const TOPIC: &str = "arn:aws:sns:ap-southeast-1:123456789012:ready";
const SUBNETS: &str = "subnet-0123456789abcdef0,subnet-0123456789abcdef1";
const GROUP: &str = "sg-0123456789abcdef0";

/// What a version has that was trained with everything.
const EVERYTHING: [(&str, &str); 8] = [
    ("DataQualityStatistics", "s3://b/monitor/baselines/statistics.json"),
    ("DataQualityConstraints", "s3://b/monitor/baselines/constraints.json"),
    ("ModelQualityConstraints", "s3://b/monitor/baselines/quality.json"),
    ("GroundTruthUri", "s3://b/monitor/prod/ground-truth"),
    ("BiasConstraints", "s3://b/monitor/baselines/bias.json"),
    ("BiasConfigUri", "s3://b/monitor/baselines/bias-config.json"),
    ("ExplainabilityConstraints", "s3://b/monitor/baselines/shap.json"),
    ("ExplainabilityConfigUri", "s3://b/monitor/baselines/shap-config.json"),
];

/// What is made whatever is watched.
const ALWAYS: [&str; 7] = [
    "DataQuality",
    "MonitorFunction",
    "MonitorFunctionLogs",
    "MonitorFunctionRole",
    "MonitorRole",
    "ViolationAlarm",
    "ViolationRule",
];

fn bucket() -> String {
    format!("{LONGEST_PROJECT}-{ACCOUNT}")
}

fn with<'a>(
    common: &[(&'a str, &'a str)],
    given: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = common.iter().filter(|(name, _)| given.iter().all(|(other, _)| other != name));
    kept.chain(given).copied().collect()
}

/// Monitors, with what is given beside what all have.
fn launched_in(region: &str, given: &[(&str, &str)]) -> Launch {
    let bucket = bucket();
    let common = [
        ("ProjectName", LONGEST_PROJECT),
        ("ProjectId", "p-abcdefghijkl"),
        ("CostCenter", "12345"),
        ("Stage", "prod"),
        ("ProblemType", "supervised"),
        ("InferenceType", "real-time"),
        ("ModelPackageArn", PACKAGE),
        ("BoundaryName", "the-boundary"),
        ("BucketName", &bucket),
        ("KmsKeyArn", KEY),
    ];
    Launch::new(monitor::STACK.template(), region, &with(&common, given))
}

fn launched(given: &[(&str, &str)]) -> Launch {
    launched_in(LONGEST_REGION, given)
}

fn stack_set(given: &[(&str, &str)]) -> Launch {
    let bucket = bucket();
    let common = [
        ("ProjectName", LONGEST_PROJECT),
        ("ProjectId", "p-abcdefghijkl"),
        ("CostCenter", "12345"),
        ("ProblemType", "supervised"),
        ("InferenceType", "real-time"),
        ("TargetAccountId", ACCOUNT),
        ("AdministrationRoleArn", "arn:aws:iam::123456789012:role/admin"),
        ("ExecutionRoleName", "execution"),
        ("TemplateUrl", "https://b.s3.ap-southeast-1.amazonaws.com/templates/monitor.0a.yaml"),
        ("BucketName", &bucket),
        ("KmsKeyArn", KEY),
        ("PlatformKeyArn", PLATFORM_KEY),
        ("ReadyTopicArn", TOPIC),
    ];
    Launch::new(monitor_stackset::STACK.template(), LONGEST_REGION, &with(&common, given))
}

/// The four monitors: logical id, kind, what SageMaker calls it.
const MONITORS: [(&str, &str); 4] = [
    ("DataQuality", "dq"),
    ("ModelQuality", "mq"),
    ("ModelBias", "bias"),
    ("ModelExplainability", "shap"),
];

fn without(names: &[&str]) -> Vec<(&'static str, &'static str)> {
    EVERYTHING.into_iter().filter(|(name, _)| !names.contains(name)).collect()
}

#[test]
fn each_monitor_is_made_where_it_can_work() {
    let all = ["ModelQuality", "ModelBias", "ModelExplainability"];
    let nothing = EVERYTHING.map(|(name, _)| name);
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("supervised", &[], &all),
        ("unsupervised", &[], &["ModelExplainability"]),
        ("supervised", &["GroundTruthUri"], &["ModelExplainability"]),
        ("supervised", &["BiasConfigUri"], &["ModelQuality", "ModelExplainability"]),
        ("supervised", &["ExplainabilityConfigUri"], &["ModelQuality", "ModelBias"]),
        ("supervised", &nothing, &[]),
    ];
    for (problem, lacking, more) in cases {
        let given = without(lacking);
        for inference in ["real-time", "batch"] {
            let kind = [("ProblemType", problem), ("InferenceType", inference)];
            let expected: BTreeSet<String> =
                ALWAYS.iter().chain(more).map(|id| (*id).to_owned()).collect();
            let launch = launched(&[&kind, &given[..]].concat());
            assert_eq!(launch.resources(), expected, "{problem} {inference} without {lacking:?}");
        }
    }
}

#[test]
fn a_monitor_reads_the_endpoint_or_the_batches() {
    let capture = format!("s3://{}/monitor/prod/capture", bucket());
    for (id, what) in MONITORS.map(|(id, _)| (id, id)) {
        let definition = |inference| {
            let given = [&EVERYTHING[..], &[("InferenceType", inference)]].concat();
            launched(&given).properties(id)["Definition"][format!("{what}JobInput")].clone()
        };
        let read = definition("real-time");
        assert_eq!(
            read["EndpointInput"]["EndpointName"],
            format!("{LONGEST_PROJECT}-prod-endpoint")
        );
        assert!(read["BatchTransformInput"].is_null());
        let read = definition("batch");
        assert_eq!(read["BatchTransformInput"]["DataCapturedDestinationS3Uri"], capture);
        assert!(read["EndpointInput"].is_null());
    }
}

#[test]
fn only_what_needs_labels_waits_for_them() {
    let launch = launched(&EVERYTHING);
    for (id, _) in MONITORS {
        let read = &launch.properties(id)["Definition"][format!("{id}JobInput")];
        let labelled = ["ModelQuality", "ModelBias"].contains(&id);
        let offset = &read["EndpointInput"]["StartTimeOffset"];
        assert_eq!(*offset, if labelled { json!("-PT3H") } else { Value::Null }, "{id}");
        let truth = &read["GroundTruthS3Input"]["S3Uri"];
        let expected = json!("s3://b/monitor/prod/ground-truth");
        assert_eq!(*truth, if labelled { expected } else { Value::Null }, "{id}");
    }
}

#[test]
fn every_monitor_runs_hourly_and_reports_to_its_place() {
    let launch = launched(&EVERYTHING);
    for (id, kind) in MONITORS {
        let properties = launch.properties(id);
        assert_eq!(properties["Kind"], kind);
        assert_eq!(properties["Schedule"], "cron(0 * ? * * *)");
        assert_eq!(properties["ModelPackageArn"], PACKAGE);
        assert_eq!(properties["ServiceToken"], "‹MonitorFunction.Arn›");
        let output = &properties["Definition"][format!("{id}JobOutputConfig")];
        assert_eq!(output["KmsKeyId"], KEY);
        let place = &output["MonitoringOutputs"][0]["S3Output"]["S3Uri"];
        assert_eq!(*place, format!("s3://{}/monitor/prod/reports/{kind}/", bucket()));
        let schedule = format!("{LONGEST_PROJECT}-prod-{kind}");
        // With the hash of a definition.
        assert!(schedule.len() + 9 <= 63);
    }
}

#[test]
fn a_monitor_compares_with_its_baseline() {
    let launch = launched(&EVERYTHING);
    let at = |name: &str| EVERYTHING.iter().find(|(other, _)| *other == name).unwrap().1;
    let cases = [
        ("DataQuality", "ConstraintsResource", "DataQualityConstraints"),
        ("DataQuality", "StatisticsResource", "DataQualityStatistics"),
        ("ModelQuality", "ConstraintsResource", "ModelQualityConstraints"),
        ("ModelBias", "ConstraintsResource", "BiasConstraints"),
        ("ModelExplainability", "ConstraintsResource", "ExplainabilityConstraints"),
    ];
    for (id, resource, parameter) in cases {
        let baseline = &launch.properties(id)["Definition"][format!("{id}BaselineConfig")];
        assert_eq!(baseline[resource]["S3Uri"], at(parameter), "{id}");
    }
    let app =
        |id: &str| launch.properties(id)["Definition"][format!("{id}AppSpecification")].clone();
    assert_eq!(app("ModelBias")["ConfigUri"], at("BiasConfigUri"));
    assert_eq!(app("ModelExplainability")["ConfigUri"], at("ExplainabilityConfigUri"));
    assert_eq!(app("ModelQuality")["ProblemType"], "BinaryClassification");
}

#[test]
fn every_region_has_its_images() {
    assert_eq!(ACCOUNTS.map(|(region, ..)| region), REGIONS.map(|region| region.code));
    for (region, analyzer, clarify) in ACCOUNTS {
        let launch = launched_in(region, &EVERYTHING);
        for (id, account) in [
            ("DataQuality", analyzer),
            ("ModelQuality", analyzer),
            ("ModelBias", clarify),
            ("ModelExplainability", clarify),
        ] {
            assert!(account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit()));
            let app = &launch.properties(id)["Definition"][format!("{id}AppSpecification")];
            let host = format!("{account}.dkr.ecr.{region}.amazonaws.com/sagemaker-");
            let image = texts(&app["ImageUri"])[0];
            assert!(image.starts_with(&host), "{region} {id}: {image}");
            let repository = format!("arn:aws:ecr:{region}:{account}:repository/sagemaker-");
            assert!(launch.properties("MonitorRole").to_string().contains(&repository));
        }
    }
}

/// CloudFormation refuses a template with a type that the region lacks, even if nothing of it is made.
#[test]
fn no_type_of_monitors_is_used_that_a_region_lacks() {
    let synthesized = support::synthesize(monitor::STACK.template());
    let template = support::template(&synthesized, "monitor");
    assert_eq!(of_type(&template, "Custom::ModelMonitor").len(), 4);
    for resource in template["Resources"].as_object().unwrap().values() {
        assert!(!texts(&resource["Type"])[0].starts_with("AWS::SageMaker::"));
    }
}

#[test]
fn names_fit() {
    let launch = launched(&EVERYTHING);
    let role = |purpose: &str| format!("{LONGEST_REGION}-{LONGEST_PROJECT}-prod-{purpose}");
    let function = format!("mlops-{LONGEST_PROJECT}-monitor");
    let violations = format!("mlops-{LONGEST_PROJECT}-violations");
    let cases = [
        ("MonitorFunction", "FunctionName", function.clone(), 64),
        ("MonitorFunctionLogs", "LogGroupName", format!("/aws/lambda/{function}"), 512),
        ("MonitorFunctionRole", "RoleName", role("monitors"), 64),
        ("MonitorRole", "RoleName", role("monitor"), 64),
        ("ViolationRule", "Name", violations.clone(), 64),
        ("ViolationAlarm", "AlarmName", violations, 255),
    ];
    for (id, property, expected, most) in cases {
        assert_eq!(launch.properties(id)[property], expected);
        assert!(expected.len() <= most, "{expected} has {} of {most}", expected.len());
    }
}

#[test]
fn every_role_is_bounded_and_fits() {
    let network = [("VpcSubnets", SUBNETS), ("SecurityGroupId", GROUP)];
    let launch = launched(&[&EVERYTHING[..], &network].concat());
    for id in ["MonitorRole", "MonitorFunctionRole"] {
        let role = launch.properties(id);
        assert_eq!(
            role["PermissionsBoundary"],
            format!("arn:aws:iam::{ACCOUNT}:policy/the-boundary")
        );
        assert_eq!(role["Path"], "/mlops/inference/");
        let policies = several(&role["Policies"]);
        let all: usize = policies.iter().map(|policy| size(&policy["PolicyDocument"])).sum();
        assert!(all <= 10_240, "{id} has {all} characters of 10,240");
    }
}

#[test]
fn only_what_explains_runs_an_endpoint_of_its_own() {
    for (given, there) in [(&EVERYTHING[..], true), (&EVERYTHING[..6], false)] {
        let launch = launched(given);
        let jobs = launch.properties("MonitorRole").to_string();
        assert_eq!(jobs.contains("sagemaker:CreateEndpoint"), there);
        assert_eq!(jobs.contains("endpoint/sm-clarify-*"), there);
        let function = launch.properties("MonitorFunctionRole").to_string();
        assert_eq!(function.contains("sagemaker:DescribeEndpoint"), there);
        assert_eq!(function.contains("/config/*"), there);
    }
}

#[test]
fn jobs_run_in_the_network_where_there_is_one() {
    let network = |given: &[(&str, &str)]| {
        launched(given).properties("DataQuality")["Definition"]["NetworkConfig"].clone()
    };
    assert!(network(&[]).is_null());
    assert!(network(&[("VpcSubnets", SUBNETS)]).is_null());
    let subnets: Vec<&str> = SUBNETS.split(',').collect();
    let expected = json!({"VpcConfig": {"SecurityGroupIds": [GROUP], "Subnets": subnets}});
    assert_eq!(network(&[("VpcSubnets", SUBNETS), ("SecurityGroupId", GROUP)]), expected);
}

#[test]
fn violations_raise_an_alarm() {
    let launch = launched(&[("ReadyTopicArn", TOPIC), ("PlatformKeyArn", PLATFORM_KEY)]);
    let detail = &launch.properties("ViolationRule")["EventPattern"]["detail"];
    let schedules = MONITORS.map(|(_, kind)| {
        format!(
            "arn:aws:sagemaker:{LONGEST_REGION}:{ACCOUNT}:monitoring-schedule/{LONGEST_PROJECT}-prod-{kind}"
        )
    });
    assert_eq!(detail["MonitoringScheduleArn"], json!(schedules));
    assert_eq!(detail["ExitMessage"], json!([{"prefix": "CompletedWithViolations"}]));
    let alarm = launch.properties("ViolationAlarm");
    let rule = launch.properties("ViolationRule")["Name"].clone();
    assert_eq!(alarm["Dimensions"], json!([{"Name": "RuleName", "Value": rule}]));
    assert_eq!(alarm["AlarmActions"], json!([TOPIC]));
    assert_eq!(launch.properties("MonitorFunctionLogs")["KmsKeyId"], PLATFORM_KEY);
    let bare = launched(&[]);
    assert!(bare.properties("ViolationAlarm")["AlarmActions"].is_null());
    assert!(bare.properties("MonitorFunctionLogs")["KmsKeyId"].is_null());
}

#[test]
fn there_is_no_instance_before_there_is_a_model() {
    let empty = stack_set(&[]).properties("MonitorStackSet");
    assert!(empty["StackInstancesGroup"].is_null());
    let full = stack_set(&[("ModelPackageArn", PACKAGE)]).properties("MonitorStackSet");
    let instance =
        json!([{"DeploymentTargets": {"Accounts": [ACCOUNT]}, "Regions": [LONGEST_REGION]}]);
    assert_eq!(full["StackInstancesGroup"], instance);
    assert_eq!(full["StackSetName"], format!("{LONGEST_PROJECT}-monitor-stackset"));
    assert_eq!(full["PermissionModel"], "SELF_MANAGED");
    assert_eq!(full["Capabilities"], json!(["CAPABILITY_NAMED_IAM"]));
}

#[test]
fn an_instance_gets_all_that_it_takes() {
    let value = |launch: &Launch, key: &str| {
        let given = launch.properties("MonitorStackSet")["Parameters"].clone();
        let found = several(&given).into_iter().find(|one| one["ParameterKey"] == key).cloned();
        found.unwrap()["ParameterValue"].clone()
    };
    let here = stack_set(&EVERYTHING);
    let given = here.properties("MonitorStackSet")["Parameters"].clone();
    let keys: BTreeSet<&str> =
        several(&given).iter().map(|one| texts(&one["ParameterKey"])[0]).collect();
    let taken = launched(&[]).parameters();
    assert_eq!(keys, taken.iter().map(String::as_str).collect());
    for (name, expected) in EVERYTHING {
        assert_eq!(value(&here, name), expected);
    }
    let own = format!("{LONGEST_REGION}-mlops-inference-boundary-{ACCOUNT}");
    assert_eq!(value(&here, "BoundaryName"), own);
    assert_eq!(value(&here, "Stage"), "prod");
    assert_eq!(value(&here, "PlatformKeyArn"), PLATFORM_KEY);
    // CloudWatch Logs takes no key of another account; a topic of another speaks to alarms of this.
    let elsewhere = stack_set(&[("TargetAccountId", "210987654321")]);
    assert_eq!(value(&elsewhere, "PlatformKeyArn"), "");
    assert_eq!(value(&elsewhere, "ReadyTopicArn"), TOPIC);
}
