//! What a model's deployment promises: nothing before there is a model, an endpoint or a batch after, roles that stay within their
//! boundary, names that fit.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::products::{inference, inference_stackset};
use serde_json::{Value, json};
use support::launch::Launch;
use support::{ACCOUNT, LONGEST_PROJECT, LONGEST_REGION, several, size, texts};

const PACKAGE: &str =
    "arn:aws:sagemaker:ap-southeast-1:123456789012:model-package/a-project-models/3";
const KEY: &str =
    "arn:aws:kms:ap-southeast-1:123456789012:key/12345678-1234-1234-1234-123456789012";
const SUBNETS: &str = "subnet-0123456789abcdef0,subnet-0123456789abcdef1";
const GROUP: &str = "sg-0123456789abcdef0";

fn bucket() -> String {
    format!("{LONGEST_PROJECT}-{ACCOUNT}")
}

/// A deployment, with what is given beside what every one has.
fn deployed(given: &[(&str, &str)]) -> Launch {
    let bucket = bucket();
    let common = [
        ("ProjectName", LONGEST_PROJECT),
        ("ProjectId", "p-abcdefghijkl"),
        ("CostCenter", "12345"),
        ("Stage", "staging"),
        ("InferenceType", "real-time"),
        ("ModelPackageArn", PACKAGE),
        ("AdministratorAccountId", "210987654321"),
        ("BoundaryName", "the-boundary"),
        ("BucketName", &bucket),
        ("KmsKeyArn", KEY),
    ];
    Launch::new(inference::STACK.template(), LONGEST_REGION, &with(&common, given))
}

/// A stack set, with what is given beside what every one has.
fn stack_set(given: &[(&str, &str)]) -> Launch {
    let bucket = bucket();
    let common = [
        ("ProjectName", LONGEST_PROJECT),
        ("ProjectId", "p-abcdefghijkl"),
        ("CostCenter", "12345"),
        ("Stage", "prod"),
        ("InferenceType", "batch"),
        ("TargetAccountId", "210987654321"),
        ("AdministrationRoleArn", "arn:aws:iam::123456789012:role/admin"),
        ("ExecutionRoleName", "execution"),
        ("TemplateUrl", "https://b.s3.ap-southeast-1.amazonaws.com/templates/inference.0a.yaml"),
        ("BucketName", &bucket),
        ("KmsKeyArn", KEY),
    ];
    Launch::new(inference_stackset::STACK.template(), LONGEST_REGION, &with(&common, given))
}

fn with<'a>(
    common: &[(&'a str, &'a str)],
    given: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = common.iter().filter(|(name, _)| given.iter().all(|(other, _)| other != name));
    kept.chain(given).copied().collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn either_an_endpoint_or_a_batch_is_made() {
    let cases: [(&str, &[&str]); 2] = [
        ("real-time", &["Endpoint", "EndpointAlarm", "EndpointConfig"]),
        ("batch", &["BatchSchedule", "SchedulerRole"]),
    ];
    for (kind, of_kind) in cases {
        let all = [of_kind, &["InferenceRole", "Model"]].concat();
        assert_eq!(deployed(&[("InferenceType", kind)]).resources(), set(&all), "{kind}");
    }
}

#[test]
fn what_a_new_version_replaces_has_no_name() {
    let launch = deployed(&[]);
    assert!(launch.properties("Model")["ModelName"].is_null());
    assert!(launch.properties("EndpointConfig")["EndpointConfigName"].is_null());
    let variant = &launch.properties("EndpointConfig")["ProductionVariants"][0];
    assert_eq!(variant["ModelName"], "‹Model.ModelName›");
    let endpoint = launch.properties("Endpoint");
    assert_eq!(endpoint["EndpointConfigName"], "‹EndpointConfig.EndpointConfigName›");
}

#[test]
fn names_fit() {
    let (real_time, batch) = (deployed(&[]), deployed(&[("InferenceType", "batch")]));
    let prefix = format!("{LONGEST_PROJECT}-staging");
    let role = |purpose: &str| format!("{LONGEST_REGION}-{prefix}-{purpose}");
    let cases = [
        (&real_time, "Endpoint", "EndpointName", format!("{prefix}-endpoint"), 63),
        (&real_time, "EndpointAlarm", "AlarmName", format!("mlops-{prefix}-errors"), 255),
        (&real_time, "InferenceRole", "RoleName", role("model"), 64),
        (&batch, "SchedulerRole", "RoleName", role("batch"), 64),
        (&batch, "BatchSchedule", "Name", format!("mlops-{prefix}-batch"), 64),
    ];
    for (launch, id, property, expected, most) in cases {
        assert_eq!(launch.properties(id)[property], expected);
        assert!(expected.len() <= most, "{expected} has {} of {most}", expected.len());
    }
}

#[test]
fn the_model_runs_alone_and_in_the_network_where_there_is_one() {
    let model = deployed(&[]).properties("Model");
    assert_eq!(model["Containers"], json!([{"ModelPackageName": PACKAGE}]));
    assert_eq!(model["EnableNetworkIsolation"], true);
    assert_eq!(model["ExecutionRoleArn"], "‹InferenceRole.Arn›");
    for lacking in [("VpcSubnets", SUBNETS), ("SecurityGroupId", GROUP)] {
        assert!(deployed(&[lacking]).properties("Model")["VpcConfig"].is_null());
    }
    let inside = deployed(&[("VpcSubnets", SUBNETS), ("SecurityGroupId", GROUP)]);
    let subnets: Vec<&str> = SUBNETS.split(',').collect();
    let expected = json!({"SecurityGroupIds": [GROUP], "Subnets": subnets});
    assert_eq!(inside.properties("Model")["VpcConfig"], expected);
    let interfaces = |launch: &Launch| {
        let role = launch.properties("InferenceRole").to_string();
        role.contains("ec2:CreateNetworkInterface")
    };
    assert!(interfaces(&inside));
    assert!(!interfaces(&deployed(&[])));
}

#[test]
fn requests_and_answers_are_kept_if_asked_for() {
    assert!(deployed(&[]).properties("EndpointConfig")["DataCaptureConfig"].is_null());
    let launch = deployed(&[("Stage", "prod"), ("CaptureData", "true")]);
    let capture = &launch.properties("EndpointConfig")["DataCaptureConfig"];
    assert_eq!(capture["DestinationS3Uri"], format!("s3://{}/monitor/prod/capture", bucket()));
    assert_eq!(capture["InitialSamplingPercentage"], 100);
    assert_eq!(capture["EnableCapture"], true);
    assert_eq!(capture["KmsKeyId"], KEY);
    let modes = json!([{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]);
    assert_eq!(capture["CaptureOptions"], modes);
}

/// SageMaker refuses a key for instances with disks of their own.
#[test]
fn volumes_are_encrypted_with_the_projects_key_where_that_is_possible() {
    let own = inference::LOCAL_DISKS.map(|family| (family, false));
    let others = ["m5", "m7i", "c5", "r5", "g4", "p2", "p3", "inf2", "t2", "c7g"];
    for (family, with_key) in own.into_iter().chain(others.map(|family| (family, true))) {
        let instances = format!("ml.{family}.2xlarge");
        let launch = deployed(&[("InstanceType", &instances)]);
        let key = &launch.properties("EndpointConfig")["KmsKeyId"];
        assert_eq!(*key, if with_key { json!(KEY) } else { Value::Null }, "{family}");
        let launch = deployed(&[("InstanceType", &instances), ("InferenceType", "batch")]);
        let key = job(&launch)["TransformResources"]["VolumeKmsKeyId"].clone();
        assert_eq!(key, if with_key { json!(KEY) } else { Value::Null }, "{family}");
    }
}

#[test]
fn a_deployment_that_fails_is_undone() {
    let launch = deployed(&[]);
    let deployment = &launch.properties("Endpoint")["DeploymentConfig"];
    let alarms = &deployment["AutoRollbackConfiguration"]["Alarms"];
    assert_eq!(*alarms, json!([{"AlarmName": "‹EndpointAlarm›"}]));
    let policy = &deployment["BlueGreenUpdatePolicy"];
    assert_eq!(policy["TrafficRoutingConfiguration"]["Type"], "ALL_AT_ONCE");
    assert_eq!(policy["TerminationWaitInSeconds"], 600);
    let alarm = launch.properties("EndpointAlarm");
    assert_eq!(alarm["MetricName"], "Invocation5XXErrors");
    let endpoint = format!("{LONGEST_PROJECT}-staging-endpoint");
    let dimensions = json!([
        {"Name": "EndpointName", "Value": endpoint},
        {"Name": "VariantName", "Value": "AllTraffic"},
    ]);
    assert_eq!(alarm["Dimensions"], dimensions);
}

/// What the scheduler tells SageMaker.
fn job(launch: &Launch) -> Value {
    let schedule = launch.properties("BatchSchedule");
    serde_json::from_str(schedule["Target"]["Input"].as_str().unwrap()).unwrap()
}

#[test]
fn the_batch_is_answered_each_night() {
    let launch = deployed(&[
        ("InferenceType", "batch"),
        ("Stage", "prod"),
        ("InstanceCount", "2"),
        ("CaptureData", "true"),
    ]);
    let schedule = launch.properties("BatchSchedule");
    assert_eq!(schedule["ScheduleExpression"], "cron(0 2 * * ? *)");
    let target = "arn:aws:scheduler:::aws-sdk:sagemaker:createTransformJob";
    assert_eq!(schedule["Target"]["Arn"], target);
    let bucket = format!("s3://{}", bucket());
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let expected = json!({
        "TransformJobName": "prod-<aws.scheduler.execution-id>",
        "ModelName": "‹Model.ModelName›",
        "TransformInput": {
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": format!("{bucket}/batch/prod/in/"),
                },
            },
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": format!("{bucket}/batch/prod/out/"),
            "Accept": "text/csv",
            "AssembleWith": "Line",
            "KmsKeyId": KEY,
        },
        "TransformResources": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 2,
            "VolumeKmsKeyId": KEY,
        },
        "DataCaptureConfig": {
            "DestinationS3Uri": format!("{bucket}/monitor/prod/capture"),
            "KmsKeyId": KEY,
            "GenerateInferenceId": true,
        },
        "Tags": [
            tag("CostCenter", "12345"),
            tag("mlops:platform", "aws-mlops-accelerator-stack"),
            tag("sagemaker:project-name", LONGEST_PROJECT),
            tag("sagemaker:project-id", "p-abcdefghijkl"),
        ],
    });
    assert_eq!(job(&launch), expected);
    assert!(job(&deployed(&[("InferenceType", "batch")]))["DataCaptureConfig"].is_null());
}

#[test]
fn every_role_is_bounded_and_fits() {
    for kind in ["real-time", "batch"] {
        let launch = deployed(&[
            ("InferenceType", kind),
            ("VpcSubnets", SUBNETS),
            ("SecurityGroupId", GROUP),
        ]);
        for id in launch.resources().iter().filter(|id| id.ends_with("Role")) {
            let role = launch.properties(id);
            let boundary = format!("arn:aws:iam::{ACCOUNT}:policy/the-boundary");
            assert_eq!(role["PermissionsBoundary"], boundary, "{id}");
            assert_eq!(role["Path"], "/mlops/inference/", "{id}");
            let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
            assert_eq!(trust["Condition"]["StringEquals"]["aws:SourceAccount"], ACCOUNT, "{id}");
            let policies = several(&role["Policies"]);
            let all: usize = policies.iter().map(|policy| size(&policy["PolicyDocument"])).sum();
            assert!(all <= 10_240, "{id} has {all} characters of 10,240");
        }
    }
}

#[test]
fn everything_that_can_carry_tags_has_the_projects() {
    for kind in ["real-time", "batch"] {
        let launch = deployed(&[("InferenceType", kind)]);
        // A schedule has none; its job has.
        for id in launch.resources().iter().filter(|id| *id != "BatchSchedule") {
            let tags = launch.properties(id)["Tags"].clone();
            let keys: Vec<&str> = several(&tags).iter().map(|tag| texts(&tag["Key"])[0]).collect();
            let mut expected = vec![
                "CostCenter",
                "mlops:platform",
                "sagemaker:project-name",
                "sagemaker:project-id",
            ];
            // What the denials of all projects' roles know it by.
            if ["Model", "EndpointConfig", "Endpoint"].contains(&&id[..]) {
                expected.push("mlops:stage");
            }
            assert_eq!(keys, expected, "{id}");
        }
    }
}

#[test]
fn there_is_no_instance_before_there_is_a_model() {
    let empty = stack_set(&[]).properties("InferenceStackSet");
    assert!(empty["StackInstancesGroup"].is_null());
    let full = stack_set(&[("ModelPackageArn", PACKAGE)]).properties("InferenceStackSet");
    let instance = json!([{
        "DeploymentTargets": {"Accounts": ["210987654321"]},
        "Regions": [LONGEST_REGION],
    }]);
    assert_eq!(full["StackInstancesGroup"], instance);
    for properties in [empty, full] {
        let name = format!("{LONGEST_PROJECT}-inference-stackset-prod");
        assert!(name.len() <= 128);
        assert_eq!(properties["StackSetName"], name);
        assert_eq!(properties["PermissionModel"], "SELF_MANAGED");
        assert_eq!(properties["AdministrationRoleARN"], "arn:aws:iam::123456789012:role/admin");
        assert_eq!(properties["ExecutionRoleName"], "execution");
        assert_eq!(properties["Capabilities"], json!(["CAPABILITY_NAMED_IAM"]));
        assert_eq!(properties["ManagedExecution"], json!({"Active": true}));
        assert_eq!(several(&properties["Tags"]).len(), 4);
    }
}

#[test]
fn an_instance_gets_all_that_it_takes() {
    let launch = stack_set(&[("ModelPackageArn", PACKAGE), ("CaptureData", "true")]);
    let given = launch.properties("InferenceStackSet")["Parameters"].clone();
    let keys: Vec<&str> =
        several(&given).iter().map(|one| texts(&one["ParameterKey"])[0]).collect();
    assert_eq!(keys, deployed(&[]).parameters());
    let value = |key: &str| {
        let found = several(&given).into_iter().find(|one| one["ParameterKey"] == key);
        found.unwrap()["ParameterValue"].clone()
    };
    assert_eq!(value("CaptureData"), "true");
    assert_eq!(value("InstanceCount"), "1");
    assert_eq!(value("AdministratorAccountId"), ACCOUNT);
    let own = format!("{LONGEST_REGION}-mlops-inference-boundary-{ACCOUNT}");
    assert_eq!(value("BoundaryName"), own);
    let launch = stack_set(&[("BoundaryName", "of-the/customer")]);
    let given = launch.properties("InferenceStackSet")["Parameters"].to_string();
    assert!(given.contains("of-the/customer"));
    assert!(!given.contains("inference-boundary"));
}
