//! What the product "SageMaker Project" promises: the parameters that Studio fills, what stays when the project goes, names that
//! fit, and a role that reaches the project's own and nothing else.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::products::sagemaker_project;
use serde_json::{Value, json};
use support::{of_type, properties, several, size, speaking_of, statements, texts};

fn text() -> String {
    let synthesized = support::synthesize(sagemaker_project::STACK.template());
    synthesized.template("smproject").unwrap().text.clone()
}

fn template() -> Value {
    serde_json::from_str(&text()).unwrap()
}

#[test]
fn parameters_are_as_studio_fills_them() {
    let template = template();
    let parameters = template["Parameters"].as_object().unwrap();
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "SageMakerProjectName",
            "SageMakerProjectId",
            "ProjectDescription",
            "CostCenter",
            "DataScientistRoleARN",
            "ProblemType",
            "InferenceType"
        ]
    );
    let typed: Vec<&str> = parameters
        .iter()
        .filter(|(_, parameter)| parameter["Default"].is_null())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(typed, ["SageMakerProjectName", "SageMakerProjectId", "CostCenter"]);
    assert!(parameters.values().all(|it| it["Type"] == "String" && !it["NoEcho"].is_boolean()));
    assert_eq!(parameters["SageMakerProjectName"]["MaxLength"], 32);
    let pattern = parameters["SageMakerProjectName"]["AllowedPattern"].as_str().unwrap();
    assert!(pattern.contains("(?!mlops-platform$)"), "its key's alias would be the platform's");
    assert_eq!(parameters["ProblemType"]["AllowedValues"], json!(["supervised", "unsupervised"]));
    assert_eq!(parameters["InferenceType"]["AllowedValues"], json!(["real-time", "batch"]));
}

#[test]
fn what_holds_data_code_or_their_key_stays() {
    let template = template();
    let stays: BTreeSet<&str> = template["Resources"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, it)| it["DeletionPolicy"] == "RetainExceptOnCreate")
        .map(|(id, _)| id.as_str())
        .collect();
    let expected =
        ["ProjectBucket", "ProjectBucketPolicy", "ProjectCommitRepository", "ProjectKey"];
    assert_eq!(stays, BTreeSet::from(expected));
}

#[test]
fn names_fit_at_their_longest() {
    let template = template();
    let name = |id, property| {
        let value = support::longest(&properties(&template, id)[property]).unwrap();
        value.as_str().unwrap().to_owned()
    };
    for (id, property, most) in [
        ("ProjectBucket", "BucketName", 63),
        ("ProjectCommitRepository", "RepositoryName", 100),
        ("ProjectKeyAlias", "AliasName", 256),
        ("ProjectRole", "RoleName", 64),
    ] {
        let name = name(id, property);
        assert!(!name.contains("${") && name.len() <= most, "{name}: {} of {most}", name.len());
    }
    assert_eq!(name("ProjectRole", "RoleName").len(), 60);
}

#[test]
fn what_the_platform_is_comes_by_dynamic_references() {
    let text = text();
    let references: Vec<&str> = text
        .split("{{resolve:ssm:/mlops/platform/")
        .skip(1)
        .map(|rest| rest.split_once("}}").unwrap().0)
        .collect();
    assert!(references.len() <= 60, "CloudFormation resolves 60 a template");
    let names: BTreeSet<&str> = references.into_iter().collect();
    let written = [
        "artifacts-bucket",
        "compute-security-group-id",
        "datascientist-role-arn",
        "domain-id",
        "infra-branch-name",
        "kms-key-arn",
        "pipeline-bucket",
        "prod-account-id",
        "product-boundary-arn",
        "sc-launch-role-name",
        "staging-account-id",
        "subnet-id-1",
        "subnet-id-2",
        "vpc-id",
    ];
    assert_eq!(names, BTreeSet::from(written));
}

#[test]
fn everything_carries_the_tags_of_platform_and_project() {
    let expected =
        ["CostCenter", "mlops:platform", "sagemaker:project-name", "sagemaker:project-id"];
    let template = template();
    let untaggable = ["AWS::KMS::Alias", "AWS::S3::BucketPolicy", "Custom::ProjectCleanup"];
    for (id, resource) in template["Resources"].as_object().unwrap() {
        if untaggable.contains(&resource["Type"].as_str().unwrap()) {
            continue;
        }
        let tags = &resource["Properties"]["Tags"];
        let keys: Vec<&str> = match tags {
            Value::Object(map) => map.keys().map(String::as_str).collect(),
            list => several(list).iter().map(|tag| tag["Key"].as_str().unwrap()).collect(),
        };
        assert_eq!(keys, expected, "{id}");
    }
}

#[test]
fn the_parameter_with_the_tags_is_json() {
    let template = template();
    let value = support::longest(&properties(&template, "TagsParam")["Value"]).unwrap();
    let tags: Value = serde_json::from_str(value.as_str().unwrap()).unwrap();
    assert_eq!(tags["sagemaker:project-name"], support::LONGEST_PROJECT);
    assert_eq!(tags.as_object().unwrap().len(), 4);
    let names: BTreeSet<String> = of_type(&template, "AWS::SSM::Parameter")
        .iter()
        .map(|(_, it)| it["Properties"]["Name"]["Fn::Sub"].as_str().unwrap().to_owned())
        .collect();
    let path = "/mlops/projects/${SageMakerProjectName}/";
    let expected = [
        "id",
        "description",
        "tags",
        "problem-type",
        "inference-type",
        "bucket",
        "kms-key-arn",
        "role-arn",
        "build-role-arn",
        "pipeline-role-arn",
        "repository",
        "cost-center",
        "datascientist-role-arn",
        "status",
    ];
    assert_eq!(names, expected.iter().map(|name| format!("{path}{name}")).collect());
}

#[test]
fn the_repository_begins_with_what_suits_the_kinds_of_problem_and_inference() {
    let template = template();
    let code = &properties(&template, "ProjectCommitRepository")["Code"];
    assert_eq!(code["BranchName"], "main");
    let key = &code["S3"]["Key"];
    assert_eq!(key["Fn::If"][0], "Supervised");
    for (problem, seeds) in ["supervised", "unsupervised"].into_iter().zip([1, 2]) {
        let seeds = &key["Fn::If"][seeds]["Fn::If"];
        assert_eq!(seeds[0], "RealTime");
        for (inference, seed) in ["real-time", "batch"].into_iter().zip([1, 2]) {
            let begins = format!("assets/seed-{problem}-{inference}.");
            assert!(seeds[seed].as_str().unwrap().starts_with(&begins), "{}", seeds[seed]);
        }
    }
}

#[test]
fn bucket_and_key_let_others_in_only_as_promised() {
    let template = template();
    let bucket = &properties(&template, "ProjectBucketPolicy")["PolicyDocument"]["Statement"];
    let tls = &several(bucket)[0];
    assert_eq!((&tls["Effect"], &tls["Principal"]), (&json!("Deny"), &json!("*")));
    for statement in several(bucket).into_iter().skip(1) {
        let id = statement["Sid"].as_str().unwrap();
        assert!(!statement["Principal"]["AWS"].is_null(), "{id}");
        if id.starts_with("Staging") || id.starts_with("Production") {
            let role = &statement["Condition"]["ArnLike"]["aws:PrincipalArn"]["Fn::Sub"];
            assert!(role.as_str().unwrap().ends_with("::*:role/mlops/inference/*"), "{id}");
        }
    }
    let key = &properties(&template, "ProjectKey")["KeyPolicy"];
    let readers: Vec<&Value> = several(bucket)
        .into_iter()
        .chain(several(&key["Statement"]))
        .filter(|it| {
            ["ReportsForDataScientists", "ListReports", "ListFolders"]
                .map(Value::from)
                .contains(&it["Sid"])
        })
        .collect();
    assert_eq!(readers.len(), 4);
    for reader in readers {
        let condition = &reader["Condition"];
        assert_eq!(
            condition["StringEquals"]["aws:PrincipalAccount"],
            json!({"Ref": "AWS::AccountId"})
        );
        let admin = condition["ArnNotLike"]["aws:PrincipalArn"]["Fn::Sub"].as_str().unwrap();
        assert!(admin.ends_with(":role/${AWS::Region}-datascience-admin-${AWS::AccountId}"));
        let text = reader.to_string();
        assert!(!text.contains("batch/*\"") && !text.contains("monitor/*\""), "reports only");
        let whole = texts_of_prefix(condition).contains(&"");
        assert!(!whole || condition["StringEquals"]["s3:delimiter"] == "/");
    }
    let text = key.to_string();
    assert!(!text.contains("project-role"), "a role that is named would have to be there before");
    assert!(size(key) <= 32_768);
}

#[test]
fn the_account_of_a_stage_reaches_what_is_its_stages() {
    let template = template();
    let policy = &properties(&template, "ProjectBucketPolicy")["PolicyDocument"]["Statement"];
    for (id, keys) in [
        ("StagingReads", ["models/*", "monitor/staging/*", "batch/staging/*"].as_slice()),
        ("StagingWrites", &["monitor/staging/*", "batch/staging/out/*"]),
        ("ProductionReads", &["models/*", "monitor/*", "batch/prod/*"]),
        ("ProductionWrites", &["monitor/prod/*", "batch/prod/out/*"]),
    ] {
        let statement = several(policy).into_iter().find(|it| it["Sid"] == id).unwrap();
        let found: Vec<&str> = several(&statement["Resource"])
            .into_iter()
            .map(|it| it["Fn::Sub"].as_str().unwrap().split_once('/').unwrap().1)
            .collect();
        assert_eq!(found, keys, "{id}");
    }
}

#[test]
fn the_role_is_bounded_and_short_enough() {
    let template = template();
    let role = properties(&template, "ProjectRole");
    assert_eq!(role["Path"], "/mlops/");
    assert_eq!(role["PermissionsBoundary"], "{{resolve:ssm:/mlops/platform/product-boundary-arn}}");
    let attached = role["ManagedPolicyArns"][0]["Fn::Sub"].as_str().unwrap();
    assert!(attached.ends_with("${AWS::Region}-mlops-project-denials-${AWS::AccountId}"));
    let inline: usize =
        several(&role["Policies"]).iter().map(|it| size(&it["PolicyDocument"])).sum();
    assert!(inline <= 10_240, "{inline}");
    let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(texts(&trust["Action"]), ["sts:AssumeRole", "sts:SetSourceIdentity"]);
}

/// The prefixes that a statement lists.
fn texts_of_prefix(condition: &Value) -> Vec<&str> {
    ["StringEquals", "StringLike"]
        .into_iter()
        .flat_map(|operator| texts(&condition[operator]["s3:prefix"]))
        .collect()
}

#[test]
fn the_role_keeps_to_its_project_and_the_network() {
    let template = template();
    let statements = statements(&template, "ProjectRole");
    let denied = |action: &str| -> Vec<&Value> {
        let found = speaking_of(&statements, action).into_iter();
        found.filter(|statement| statement["Effect"] == "Deny").collect()
    };
    let [subnets, groups] = denied("sagemaker:Create*")[..] else { panic!("two denials") };
    let others = "ForAnyValue:StringNotEquals";
    let ours = |name: &str| json!(format!("{{{{resolve:ssm:/mlops/platform/{name}}}}}"));
    assert_eq!(
        subnets["Condition"][others]["sagemaker:VpcSubnets"],
        json!([ours("subnet-id-1"), ours("subnet-id-2")])
    );
    assert_eq!(
        groups["Condition"][others]["sagemaker:VpcSecurityGroupIds"],
        ours("compute-security-group-id")
    );
    let push = &denied("codecommit:GitPush")[0]["Condition"];
    assert_eq!(push["StringEquals"]["codecommit:References"], "refs/heads/main");
    // Whoever could tag what is there could make it his own.
    for statement in speaking_of(&statements, "sagemaker:AddTags") {
        let own = statement["Resource"].to_string().contains(":pipeline/${SageMakerProjectName}-*");
        let made = statement["Condition"]["Null"]["sagemaker:TaggingAction"] == "false";
        assert!(own || made);
    }
    assert!(speaking_of(&statements, "sagemaker:DeleteTags").is_empty());
    // Kinds are named, since other ones have something before the name that begins like the project's.
    for statement in speaking_of(&statements, "sagemaker:*Pipeline") {
        for resource in several(&statement["Resource"]) {
            let arn = resource["Fn::Sub"].as_str().unwrap();
            assert!(!arn.contains(":*/"), "{arn}");
        }
    }
    let packages = speaking_of(&statements, "sagemaker:*ModelPackage");
    assert_eq!(packages.len(), 1);
    for resource in several(&packages[0]["Resource"]) {
        assert!(resource["Fn::Sub"].as_str().unwrap().contains("/${SageMakerProjectName}-models"));
    }
    let logs = speaking_of(&statements, "logs:GetLogEvents")[0]["Resource"].to_string();
    assert!(logs.contains(":log-stream:${SageMakerProjectName}-*"));
    let space = speaking_of(&statements, "sagemaker:CreateSpace")[0];
    assert_eq!(space["Condition"]["StringEquals"]["sagemaker:SpaceSharingType"], "Private");
    for statement in speaking_of(&statements, "ec2:CreateNetworkInterface") {
        let new = statement["Resource"].to_string().contains("network-interface/*");
        assert!(new || !statement["Condition"]["ArnEquals"]["ec2:Vpc"].is_null());
    }
    let lent = speaking_of(&statements, "ec2:CreateNetworkInterfacePermission")[0];
    assert!(!lent["Condition"]["ArnEquals"]["ec2:Vpc"].is_null());
}
