//! Each call that scripts, handlers and people's apps make, and that the role which makes it may: by its own policies, within its
//! boundary, and past the denials of all projects' roles. What makes a new call says so in `data/calls.txt`.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use formwork::assembly::Settings;
use formwork::render::Format;
use serde_json::Value;
use support::ACCOUNT;
use support::evaluate::{Launched, Request, decided};

const CALLS: &str = include_str!("data/calls.txt");

const PROJECT_KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/project";

/// What dynamic references and attributes of resources are, as they stand in a template.
const KNOWN: [(&str, &str); 10] = [
    (
        "{{resolve:ssm:/mlops/platform/kms-key-arn}}",
        "arn:aws:kms:eu-west-1:123456789012:key/platform",
    ),
    ("{{resolve:ssm:/mlops/platform/domain-id}}", "d-1"),
    ("{{resolve:ssm:/mlops/platform/vpc-id}}", "vpc-1"),
    ("{{resolve:ssm:/mlops/platform/subnet-id-1}}", "subnet-1"),
    ("{{resolve:ssm:/mlops/platform/subnet-id-2}}", "subnet-2"),
    ("{{resolve:ssm:/mlops/platform/compute-security-group-id}}", "sg-1"),
    (
        r#"{"Fn::GetAtt":["ProjectKey","Arn"]}"#,
        r#""arn:aws:kms:eu-west-1:123456789012:key/project""#,
    ),
    (
        r#"{"Fn::GetAtt":["ProjectCommitRepository","Arn"]}"#,
        r#""arn:aws:codecommit:eu-west-1:123456789012:churn-project-repo""#,
    ),
    ("${StudioDomain}", "d-1"),
    (
        r#"{"Fn::GetAtt":["ReadyTopic","TopicArn"]}"#,
        r#""arn:aws:sns:eu-west-1:123456789012:mlops-project-ready""#,
    ),
];

/// What words stand for: what is called on.
const RESOURCES: [(&str, &str); 4] = [
    ("{platform-key}", "kms:~:key/platform"),
    ("{project-key}", "kms:~:key/project"),
    ("{project-role}", "iam::@:role/mlops/eu-west-1-churn-project-role"),
    ("{stack-sets-role}", "iam::@:role/eu-west-1-mlops-stackset-admin-@"),
];

/// What words stand for: a key of the request.
const KEYS: [(&str, &str, &str); 15] = [
    ("asked", "aws:RequestTag/sagemaker:project-name", "churn"),
    ("own", "aws:ResourceTag/sagemaker:project-name", "churn"),
    ("own-id", "aws:ResourceTag/sagemaker:project-id", "p-1"),
    ("others", "aws:ResourceTag/sagemaker:project-name", "other"),
    ("platform", "aws:ResourceTag/mlops:platform", "aws-mlops-accelerator-stack"),
    ("tagging", "sagemaker:TaggingAction", "CreateTrial"),
    ("to=cloudformation", "iam:PassedToService", "cloudformation.amazonaws.com"),
    ("to=sagemaker", "iam:PassedToService", "sagemaker.amazonaws.com"),
    ("token", "sts:AWSServiceName", "codeartifact.amazonaws.com"),
    ("subnet", "sagemaker:VpcSubnets", "subnet-1"),
    ("group", "sagemaker:VpcSecurityGroupIds", "sg-1"),
    ("volume", "sagemaker:VolumeKmsKey", PROJECT_KEY),
    ("type", "sagemaker:InstanceTypes", "ml.m5.large"),
    ("model", "sagemaker:ModelArn", "arn:aws:sagemaker:eu-west-1:123456789012:model/churn-model-1"),
    ("merge", "codecommit:References", "refs/heads/main"),
];

/// A project's and a stage's parameters.
const PARAMETERS: [(&str, &str); 12] = [
    ("SageMakerProjectName", "churn"),
    ("SageMakerProjectId", "p-1"),
    ("ProjectName", "churn"),
    ("ProjectId", "p-1"),
    ("CostCenter", "12345"),
    ("Stage", "prod"),
    ("InferenceType", "batch"),
    ("AdministratorAccountId", ACCOUNT),
    ("BucketName", "churn-123456789012"),
    ("KmsKeyArn", PROJECT_KEY),
    ("ExplainabilityConstraints", "s3://churn-123456789012/monitor/1"),
    ("ExplainabilityConfigUri", "s3://churn-123456789012/monitor/2"),
];

/// What holds a role back: managed policies by their templates and logical ids.
#[derive(Clone, Copy)]
struct Bounds {
    boundary: Option<(&'static str, &'static str)>,
    denials: Option<(&'static str, &'static str)>,
}

const FREE: Bounds = Bounds { boundary: None, denials: None };
const PROJECT: Bounds = Bounds {
    boundary: Some(("sc-project", "ProjectBoundary")),
    denials: Some(("sc-project", "ProjectDenials")),
};
const INFERENCE: Bounds =
    Bounds { boundary: Some(("stackset-execution-role", "InferenceBoundary")), denials: None };

/// Where roles are.
const ROLES: [(&str, &str, Bounds); 16] = [
    ("PipelineRole", "smproject", PROJECT),
    ("TriggerRole", "smproject", PROJECT),
    ("BuildRole", "smproject", PROJECT),
    ("CodeRole", "smproject", PROJECT),
    ("ProjectRole", "smproject", PROJECT),
    ("CfnRole", "smproject", PROJECT),
    ("ProjectCleanupFunctionRole", "sc-project", FREE),
    ("LaunchRole", "sc-project", FREE),
    ("ProjectReadyFunctionRole", "deploy-infra", FREE),
    ("StudioCleanupFunctionRole", "deploy-infra", FREE),
    ("TagFunctionRole", "sm-tag-lambda", FREE),
    ("HelperRole", "mlops_entry_point", FREE),
    ("MonitorFunctionRole", "monitor", INFERENCE),
    ("MonitorRole", "monitor", INFERENCE),
    ("InferenceRole", "inference", INFERENCE),
    ("SchedulerRole", "inference", INFERENCE),
];

static TEMPLATES: LazyLock<BTreeMap<String, Launched>> = LazyLock::new(|| {
    let settings = Settings { format: Format::Json, ..Settings::default() };
    let synthesized = mlops_platform::assembly().synth(settings);
    let synthesized = synthesized.unwrap_or_else(|problems| panic!("{problems}"));
    let known = |text: &str| {
        let compact = serde_json::from_str::<Value>(text).unwrap().to_string();
        KNOWN.iter().fold(compact, |text, (reference, value)| text.replace(reference, value))
    };
    let launched = |text: &str| {
        let template: Value = serde_json::from_str(&known(text)).unwrap();
        let declared = template["Parameters"].clone();
        let given = PARAMETERS.into_iter().filter(|(name, _)| !declared[name].is_null());
        Launched::new(template, &given.collect::<Vec<_>>())
    };
    let templates = synthesized.templates.into_iter();
    templates.map(|one| (one.entry.name, launched(&one.text))).collect()
});

/// The statements of a role's inline policies.
fn inline(role: &str, template: &str) -> Vec<Value> {
    let role = TEMPLATES[template].properties(role).unwrap();
    let policies = support::several(&role["Policies"]).into_iter();
    let statements = policies.flat_map(|it| support::several(&it["PolicyDocument"]["Statement"]));
    statements.cloned().collect()
}

fn arn(text: &str) -> String {
    let text = RESOURCES.iter().find(|(word, _)| *word == text).map_or(text, |(_, it)| it);
    let text = text.replace('~', &format!("eu-west-1:{ACCOUNT}")).replace('@', ACCOUNT);
    if text == "*" { text } else { format!("arn:aws:{text}") }
}

fn context<'a>(words: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let given = words.iter().map(|word| {
        let known = KEYS.iter().find(|(name, ..)| name == word).map(|(_, key, it)| (*key, *it));
        known.or_else(|| word.split_once('=')).unwrap_or_else(|| panic!("what is {word}?"))
    });
    let always = [
        ("aws:PrincipalTag/sagemaker:project-name", "churn"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:ResourceAccount", ACCOUNT),
    ];
    given.chain(always).collect()
}

/// Who refuses a call; nobody if it is allowed.
fn refused_by(call: &str) -> Option<&'static str> {
    let words: Vec<&str> = call.split(' ').collect();
    let [who, action, on, keys @ ..] = &words[..] else { panic!("{call}") };
    let role = ROLES.iter().find(|(name, ..)| name == who);
    let (_, template, bounds) = role.unwrap_or_else(|| panic!("where is {who}?"));
    let (resource, context) = (arn(on), context(keys));
    let request = Request { action, resource: &resource, context: &context };
    let decides = |(template, id): (&str, &str)| {
        decided(&TEMPLATES[template].statements(id, "/PolicyDocument"), &request)
    };
    if decided(&inline(who, template), &request) != Some(true) {
        Some("the role")
    } else if bounds.boundary.is_some_and(|policy| decides(policy) != Some(true)) {
        Some("the boundary")
    } else {
        bounds.denials.filter(|policy| decides(*policy) == Some(false)).map(|_| "the denials")
    }
}

#[test]
fn whoever_calls_is_allowed_to_and_nothing_else() {
    let calls = CALLS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut wrong = Vec::new();
    for call in calls {
        match call.strip_prefix("not ") {
            None => wrong.extend(refused_by(call).map(|by| format!("{call}: refused by {by}"))),
            Some(other) if refused_by(other).is_none() => wrong.push(format!("{other}: allowed")),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} calls:\n  {}", wrong.len(), wrong.join("\n  "));
}

#[test]
fn every_role_that_is_known_here_calls_something() {
    for (role, ..) in ROLES {
        assert!(CALLS.lines().any(|line| line.starts_with(&format!("{role} "))), "{role}");
    }
}
