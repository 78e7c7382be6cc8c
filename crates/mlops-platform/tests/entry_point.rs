//! What the entry point promises: its launch form works untouched, its children come in their order, and when it is deleted
//! the guard is asked before anything goes.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::stacks::entry_point;
use serde_json::{Value, json};
use support::{of_type, properties, several, size, statements, texts};

const CHILDREN: [(&str, &str); 5] = [
    ("StacksetExecutionRole", "stackset-execution-role"),
    ("StacksetAdminRole", "stackset-admin-role"),
    ("DeployInfraStack", "deploy-infra-stack"),
    ("SmTagLambdaStack", "sm-tag-lambda-stack"),
    ("ScProjectStack", "sc-project-stack"),
];

fn template() -> Value {
    let synthesized = support::synthesize(entry_point::STACK.template());
    support::template(&synthesized, "mlops_entry_point")
}

/// The logical ids that a value refers to.
fn referred(value: &Value, found: &mut BTreeSet<String>) {
    let id = |text: &str| text.split('.').next().unwrap().to_owned();
    match value {
        Value::Object(map) => {
            for (name, argument) in map {
                match (name.as_str(), argument) {
                    ("Ref" | "DependsOn", Value::String(text)) => _ = found.insert(id(text)),
                    ("DependsOn", Value::Array(_)) => {
                        found.extend(texts(argument).into_iter().map(id));
                    }
                    ("Fn::GetAtt", Value::Array(path)) => {
                        found.insert(id(path[0].as_str().unwrap()));
                    }
                    ("Fn::Sub", _) => {
                        let text = argument.as_str().or_else(|| argument[0].as_str()).unwrap();
                        let names =
                            text.split("${").skip(1).map(|rest| rest.split('}').next().unwrap());
                        found.extend(names.map(id));
                        referred(argument, found);
                    }
                    _ => referred(argument, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| referred(value, found)),
        _ => {}
    }
}

/// The resources that `id` waits for, directly or through others.
fn waited_for(template: &Value, id: &str) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![id.to_owned()]);
    while let Some(next) = open.pop() {
        let mut direct = BTreeSet::new();
        referred(&template["Resources"][&next], &mut direct);
        let resources = direct.into_iter().filter(|id| !template["Resources"][id].is_null());
        open.extend(resources.filter(|id| found.insert(id.clone())));
    }
    found
}

#[test]
fn the_guard_is_made_last_so_that_it_is_asked_first_when_the_platform_is_deleted() {
    let template = template();
    let mut all: BTreeSet<String> =
        template["Resources"].as_object().unwrap().keys().cloned().collect();
    all.remove("DeletionGuard");
    assert_eq!(waited_for(&template, "DeletionGuard"), all);
    let guard = properties(&template, "DeletionGuard");
    assert_eq!(guard["PlatformName"], "aws-mlops-accelerator-stack");
    assert_eq!(guard["DomainId"], json!({"Fn::GetAtt": ["DeployInfraStack", "Outputs.DomainId"]}));
    assert_eq!(
        guard["PortfolioId"],
        json!({"Fn::GetAtt": ["ScProjectStack", "Outputs.PortfolioId"]})
    );
}

#[test]
fn every_child_waits_for_the_release_and_goes_with_the_platform() {
    let template = template();
    let nested = of_type(&template, "AWS::CloudFormation::Stack");
    assert_eq!(nested.len(), CHILDREN.len());
    for (id, name) in CHILDREN {
        let resource = &template["Resources"][id];
        assert!(waited_for(&template, id).contains("ReleaseCopy"), "{id}");
        assert_eq!(resource["DeletionPolicy"], "Delete", "{id}");
        let tags = several(&resource["Properties"]["Tags"]);
        assert!(tags.contains(&&json!({"Key": "mlops:stack", "Value": name})), "{id}: {tags:?}");
    }
}

/// Two and four side by side, three after two, five and six after three and four.
#[test]
fn children_come_in_their_order() {
    let template = template();
    let waits = |id: &str| {
        let found = waited_for(&template, id);
        CHILDREN
            .iter()
            .map(|(child, _)| *child)
            .filter(|it| found.contains(*it))
            .collect::<Vec<_>>()
    };
    let first = vec!["StacksetExecutionRole", "StacksetAdminRole", "DeployInfraStack"];
    assert_eq!(waits("StacksetExecutionRole"), Vec::<&str>::new());
    assert_eq!(waits("StacksetAdminRole"), ["StacksetExecutionRole"]);
    assert_eq!(waits("DeployInfraStack"), Vec::<&str>::new());
    assert_eq!(waits("SmTagLambdaStack"), first);
    assert_eq!(waits("ScProjectStack"), first);
    let before_the_pipeline = waits("MLOpsPlatformDeployPipeline");
    assert_eq!(before_the_pipeline, CHILDREN.map(|(child, _)| child));
}

#[test]
fn the_form_works_untouched_and_says_what_each_answer_may_be() {
    let template = template();
    let parameters = template["Parameters"].as_object().unwrap();
    for (name, parameter) in parameters {
        assert!(!parameter["Default"].is_null(), "{name} has no default");
        assert!(!parameter["Description"].as_str().unwrap().is_empty(), "{name}");
        let checked =
            !parameter["AllowedPattern"].is_null() || !parameter["AllowedValues"].is_null();
        assert!(checked && !parameter["ConstraintDescription"].is_null(), "{name}");
    }
    let defaults = [
        ("AllowPublicPyPi", "No"),
        ("AvailabilityZone1", ""),
        ("AvailabilityZone2", ""),
        ("BranchName", "main"),
        ("BucketName", "aws-enterprise-mlops-platform"),
        ("BucketRegion", ""),
        ("CostCenter", "12345"),
        ("CreatePlatformRepository", "Yes"),
        ("DataScienceAdminPermissionSet", ""),
        ("DataScientistPermissionSet", ""),
        ("EndpointTier", "Full"),
        ("FullStackDeveloperPermissionSet", ""),
        ("NotificationEmail", ""),
        ("PermissionsBoundaryArn", ""),
        ("ProdAccountId", ""),
        ("ProductRolePermission", ""),
        ("SageMakerProvidedTemplates", "Disabled"),
        ("SamlProviderArn", ""),
        ("StagingAccountId", ""),
        ("StudioAccessControl", "ByProfile"),
        ("StudioStorageOnDelete", "Retain"),
        ("TrustedPrincipalArns", ""),
        ("VpcCidr", "10.0.0.0/16"),
    ];
    let mut given: Vec<_> = parameters
        .iter()
        .map(|(name, it)| (name.as_str(), it["Default"].as_str().unwrap()))
        .collect();
    given.sort_unstable();
    assert_eq!(given, defaults);
}

#[test]
fn who_takes_on_a_role_finds_where() {
    let template = template();
    for persona in ["DataScienceAdmin", "DataScientist", "FullStackDeveloper"] {
        let name = format!("DeployInfraStack.Outputs.{persona}RoleName");
        let url = &template["Outputs"][format!("SwitchRoleUrl{persona}")]["Value"];
        let expected = format!(
            "https://signin.aws.amazon.com/switchrole?account=${{AWS::AccountId}}&roleName=${{{name}}}"
        );
        assert_eq!(*url, json!({"Fn::Sub": expected}));
    }
}

#[test]
fn policies_fit() {
    let template = template();
    for (id, policy) in of_type(&template, "AWS::IAM::ManagedPolicy") {
        let size = size(&policy["Properties"]["PolicyDocument"]);
        assert!(size <= 6_144, "{id} has {size} characters of 6,144");
    }
    for (id, role) in of_type(&template, "AWS::IAM::Role") {
        let policies = several(&role["Properties"]["Policies"]);
        let all: usize = policies.iter().map(|policy| size(&policy["PolicyDocument"])).sum();
        assert!(all <= 10_240, "{id} has {all} characters of 10,240");
    }
}

/// What the guard asks, and that it may change nothing.
#[test]
fn the_guard_only_looks() {
    let template = template();
    let all = statements(&template, "HelperRole");
    let searches = all.iter().find(|it| texts(&it["Action"]).contains(&"sagemaker:ListProjects"));
    let actions = texts(&searches.unwrap()["Action"]);
    assert!(actions.iter().all(|action| {
        let name = action.split(':').nth(1).unwrap();
        ["Describe", "List", "Search"].iter().any(|verb| name.starts_with(verb))
    }));
}
