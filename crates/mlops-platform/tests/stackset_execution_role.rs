//! The role of stack sets, its boundary and what is deployed with it agree: no right is given that the boundary takes away, and
//! nothing is called what the role may not make.

#![allow(missing_docs, reason = "a test")]

mod support;

use mlops_platform::products::{inference, monitor};
use mlops_platform::stacks::stackset_execution_role;
use serde_json::Value;
use support::launch::Launch;
use support::{ACCOUNT, LONGEST_REGION, several, size, texts};

const PACKAGE: &str = "arn:aws:sagemaker:ap-southeast-1:123456789012:model-package/churn-models/3";
const KEY: &str =
    "arn:aws:kms:ap-southeast-1:123456789012:key/12345678-1234-1234-1234-123456789012";

/// What both stacks are told.
const COMMON: [(&str, &str); 9] = [
    ("ProjectName", "churn"),
    ("ProjectId", "p-abcdefghijkl"),
    ("CostCenter", "12345"),
    ("Stage", "prod"),
    ("ModelPackageArn", PACKAGE),
    ("BoundaryName", "boundary"),
    ("BucketName", "churn-123456789012"),
    ("KmsKeyArn", KEY),
    ("SecurityGroupId", "sg-0123456789abcdef0"),
];

/// All that is ever deployed, with every condition that gives rights.
fn deployed() -> Vec<Launch> {
    let mut launches = Vec::new();
    for kind in ["real-time", "batch"] {
        let given = [("InferenceType", kind), ("VpcSubnets", "subnet-0123456789abcdef0")];
        let model = [&COMMON[..], &given, &[("AdministratorAccountId", ACCOUNT)]].concat();
        launches.push(Launch::new(inference::STACK.template(), LONGEST_REGION, &model));
        let monitored = [
            ("ProblemType", "supervised"),
            ("GroundTruthUri", "s3://churn-123456789012/monitor/prod/ground-truth"),
            ("BiasConfigUri", "s3://churn-123456789012/monitor/bias.json"),
            ("ExplainabilityConfigUri", "s3://churn-123456789012/monitor/shap.json"),
            ("ExplainabilityConstraints", "s3://churn-123456789012/monitor/constraints.json"),
        ];
        let monitors = [&COMMON[..], &given, &monitored].concat();
        launches.push(Launch::new(monitor::STACK.template(), LONGEST_REGION, &monitors));
    }
    launches
}

fn execution_role() -> Launch {
    let given = [("CostCenter", "12345")];
    Launch::new(stackset_execution_role::STACK.template(), LONGEST_REGION, &given)
}

/// The statements of a role's own policies.
fn statements(role: &Value) -> Vec<Value> {
    let policies = several(&role["Policies"]).into_iter();
    policies
        .flat_map(|policy| several(&policy["PolicyDocument"]["Statement"]).into_iter().cloned())
        .collect()
}

/// Whether a pattern with `*` takes in all that another one does: `a*` takes in `ab*`.
fn takes_in(pattern: &str, other: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == other };
    other.strip_prefix(before).is_some_and(|rest| {
        let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        ends.into_iter().any(|at| takes_in(after, &rest[at..]))
    })
}

/// Whether one of the statements that allow takes in the action on the resource.
fn allowed(statements: &[Value], action: &str, resource: &str) -> bool {
    let of = |statement: &Value, field: &str, name: &str| {
        texts(&statement[field]).iter().any(|pattern| takes_in(pattern, name))
    };
    let allowing = statements.iter().filter(|statement| statement["Effect"] == "Allow");
    allowing.into_iter().any(|it| of(it, "Action", action) && of(it, "Resource", resource))
}

/// What only the launch knows, as it looks then.
fn resolved(resource: &str) -> String {
    match resource {
        "‹Model›" => format!("arn:aws:sagemaker:{LONGEST_REGION}:{ACCOUNT}:model/Model-1"),
        "‹MonitorRole.Arn›" => format!("arn:aws:iam::{ACCOUNT}:role/mlops/inference/monitor"),
        known => {
            assert!(!known.contains('‹'), "{known} is not known");
            known.to_owned()
        }
    }
}

#[test]
fn the_boundary_takes_nothing_away() {
    let boundary = execution_role().properties("InferenceBoundary");
    let most: Vec<Value> =
        several(&boundary["PolicyDocument"]["Statement"]).into_iter().cloned().collect();
    let mut seen = 0;
    for launch in deployed() {
        for id in launch.resources().iter().filter(|id| id.ends_with("Role")) {
            for statement in statements(&launch.properties(id)) {
                for action in texts(&statement["Action"]) {
                    for resource in texts(&statement["Resource"]).into_iter().map(resolved) {
                        assert!(allowed(&most, action, &resource), "{id}: {action} on {resource}");
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 200, "only {seen} rights were looked at");
}

#[test]
fn the_role_makes_what_is_deployed() {
    let role = execution_role();
    let may = statements(&role.properties("ExecutionRole"));
    let here = format!("{LONGEST_REGION}:{ACCOUNT}");
    // A type, the property with its name, what makes it, and its ARN up to the name.
    let cases = [
        (
            "Role",
            "RoleName",
            "iam:CreateRole",
            format!("arn:aws:iam::{ACCOUNT}:role/mlops/inference/"),
        ),
        (
            "Function",
            "FunctionName",
            "lambda:CreateFunction",
            format!("arn:aws:lambda:{here}:function:"),
        ),
        ("Logs", "LogGroupName", "logs:CreateLogGroup", format!("arn:aws:logs:{here}:log-group:")),
        (
            "Alarm",
            "AlarmName",
            "cloudwatch:PutMetricAlarm",
            format!("arn:aws:cloudwatch:{here}:alarm:"),
        ),
        (
            "Schedule",
            "Name",
            "scheduler:CreateSchedule",
            format!("arn:aws:scheduler:{here}:schedule/default/"),
        ),
        ("Rule", "Name", "events:PutRule", format!("arn:aws:events:{here}:rule/")),
        (
            "Endpoint",
            "EndpointName",
            "sagemaker:CreateEndpoint",
            format!("arn:aws:sagemaker:{here}:endpoint/"),
        ),
    ];
    let mut seen = 0;
    for launch in deployed() {
        for id in launch.resources() {
            for (end, property, action, start) in &cases {
                let properties = launch.properties(&id);
                if let (true, Some(name)) = (id.ends_with(end), properties[*property].as_str()) {
                    let arn = format!("{start}{name}");
                    assert!(allowed(&may, action, &arn), "{id}: {action} on {arn}");
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 18);
    // A model is made of a version, wherever that is.
    assert!(allowed(&may, "sagemaker:CreateModel", PACKAGE));
    assert!(allowed(&may, "sagemaker:DescribeModelPackage", PACKAGE));
}

#[test]
fn every_role_that_it_makes_has_the_boundary() {
    let may = statements(&execution_role().properties("ExecutionRole"));
    let gives = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"];
    for action in gives {
        let found: Vec<&Value> =
            may.iter().filter(|it| texts(&it["Action"]).contains(&action)).collect();
        let [statement] = found[..] else { panic!("{action} is allowed {} times", found.len()) };
        assert_eq!(
            statement["Condition"]["ArnEquals"]["iam:PermissionsBoundary"],
            "‹InferenceBoundary.PolicyArn›"
        );
    }
}

#[test]
fn policies_fit() {
    let launch = execution_role();
    let boundary = size(&launch.properties("InferenceBoundary")["PolicyDocument"]);
    assert!(boundary <= 6_144, "the boundary has {boundary} characters of 6,144");
    let role = launch.properties("ExecutionRole");
    let own: usize =
        several(&role["Policies"]).iter().map(|policy| size(&policy["PolicyDocument"])).sum();
    assert!(own <= 10_240, "the role has {own} characters of 10,240");
}
