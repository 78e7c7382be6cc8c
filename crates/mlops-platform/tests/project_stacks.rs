//! What the three sub-stacks promise that a project's pipeline deploys first: the product for its users, the repositories of its
//! images, the group of its models.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::products::{
    project_ecr, project_model_group, project_service_catalog, sagemaker_project,
};
use serde_json::{Value, json};
use support::{of_type, properties, several, size, texts};

const CATALOG: &str = "project-service-catalog";
const ECR: &str = "project-ecr";
const GROUP: &str = "project-model-group";
const INFERENCE_ROLES: &str = "arn:${AWS::Partition}:iam::*:role/mlops/inference/*";

fn templates() -> [(&'static str, formwork::Template); 3] {
    [
        (CATALOG, project_service_catalog::STACK.template()),
        (ECR, project_ecr::STACK.template()),
        (GROUP, project_model_group::STACK.template()),
    ]
}

fn template(name: &str) -> Value {
    let (_, template) = templates().into_iter().find(|(known, _)| *known == name).unwrap();
    support::template(&support::synthesize(template), name)
}

#[test]
fn parameters_are_those_that_the_pipeline_writes() {
    let project = ["ProjectName", "ProjectId", "CostCenter"];
    let product = {
        let synthesized = support::synthesize(sagemaker_project::STACK.template());
        support::template(&synthesized, "smproject")["Parameters"].clone()
    };
    for (name, further) in [
        (CATALOG, &["TemplateUrl", "TemplateVersion", "PortfolioId", "LaunchRoleName"][..]),
        (ECR, &["KmsKeyArn", "StageAccountIds"]),
        (GROUP, &["StageAccountIds"]),
    ] {
        let template = template(name);
        let parameters = template["Parameters"].as_object().unwrap();
        let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
        assert_eq!(names, [&project[..], further].concat(), "{name}");
        for (id, parameter) in parameters {
            assert!(parameter["Default"].is_null(), "{name}: {id} is given by the pipeline");
            assert!(parameter["AllowedPattern"].is_string(), "{name}: {id}");
        }
        // A project that could be made can have its sub-stacks.
        for (own, of_product) in
            project.iter().zip(["SageMakerProjectName", "SageMakerProjectId", "CostCenter"])
        {
            for field in ["AllowedPattern", "MinLength", "MaxLength"] {
                assert_eq!(parameters[*own][field], product[of_product][field], "{name}: {own}");
            }
        }
    }
    let accounts = &template(ECR)["Parameters"]["StageAccountIds"];
    assert_eq!(accounts["Type"], "CommaDelimitedList");
}

#[test]
fn names_fit_at_their_longest() {
    for (template_name, kind, property, most, length) in [
        (ECR, "AWS::ECR::Repository", "RepositoryName", 256, 57),
        (ECR, "AWS::SSM::Parameter", "Name", 1_011, 66),
        (CATALOG, "AWS::SSM::Parameter", "Name", 1_011, 64),
        (CATALOG, "AWS::ServiceCatalog::CloudFormationProduct", "Name", 100, 54),
        (GROUP, "AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupName", 63, 39),
    ] {
        let template = template(template_name);
        let names: Vec<String> = of_type(&template, kind)
            .iter()
            .map(|(_, it)| support::longest(&it["Properties"][property]).unwrap())
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        let longest = names.iter().max_by_key(|name| name.len()).unwrap();
        assert!(names.iter().all(|name| !name.contains("${") && name.len() <= most), "{names:?}");
        assert_eq!(longest.len(), length, "{longest}");
    }
}

#[test]
fn everything_carries_the_tags_of_platform_and_project_and_studio_shows_nothing() {
    let expected =
        ["CostCenter", "mlops:platform", "sagemaker:project-name", "sagemaker:project-id"];
    let untaggable = [
        "AWS::ServiceCatalog::LaunchRoleConstraint",
        "AWS::ServiceCatalog::PortfolioProductAssociation",
    ];
    for (name, _) in templates() {
        let template = template(name);
        assert!(!template.to_string().contains("studio-visibility"), "{name}");
        for (id, resource) in template["Resources"].as_object().unwrap() {
            let tags = &resource["Properties"]["Tags"];
            let keys: Vec<&str> = match tags {
                Value::Object(map) => map.keys().map(String::as_str).collect(),
                list => several(list).iter().map(|tag| tag["Key"].as_str().unwrap()).collect(),
            };
            let taggable = !untaggable.contains(&resource["Type"].as_str().unwrap());
            assert_eq!(keys, if taggable { &expected[..] } else { &[] }, "{name}: {id}");
        }
    }
}

#[test]
fn what_stays_is_what_cannot_go_or_may_not() {
    let kept = |name, policy: &str| -> Vec<String> {
        let template = template(name);
        let resources = template["Resources"].as_object().unwrap().iter();
        let kept = resources.filter(|(_, it)| it["DeletionPolicy"] == policy);
        kept.map(|(id, it)| {
            assert_eq!(it["UpdateReplacePolicy"], "Retain", "{id}");
            id.clone()
        })
        .collect()
    };
    // A project's roles may remove no constraint, in a rollback neither.
    assert_eq!(kept(CATALOG, "Retain"), ["LaunchConstraint"]);
    assert_eq!(kept(GROUP, "RetainExceptOnCreate"), ["ModelPackageGroup"]);
    for (name, policy) in
        [(CATALOG, "RetainExceptOnCreate"), (ECR, "Retain"), (ECR, "RetainExceptOnCreate")]
    {
        assert_eq!(kept(name, policy), [""; 0], "{name}");
    }
}

#[test]
fn images_are_scanned_kept_and_never_replaced() {
    let template = template(ECR);
    let repositories = of_type(&template, "AWS::ECR::Repository");
    let mut names = BTreeSet::new();
    for (id, repository) in &repositories {
        let it = &repository["Properties"];
        names.insert(it["RepositoryName"]["Fn::Sub"].as_str().unwrap());
        assert_eq!(it["ImageTagMutability"], "IMMUTABLE", "{id}");
        assert_eq!(it["ImageScanningConfiguration"], json!({"ScanOnPush": true}), "{id}");
        assert_eq!(it["EmptyOnDelete"], true, "{id}");
        let key = json!({"EncryptionType": "KMS", "KmsKey": {"Ref": "KmsKeyArn"}});
        assert_eq!(it["EncryptionConfiguration"], key, "{id}");
        let rules = it["LifecyclePolicy"]["LifecyclePolicyText"].as_str().unwrap();
        let rules: Value = serde_json::from_str(rules).unwrap();
        let [rule] = &several(&rules["rules"])[..] else { panic!("one rule") };
        let selection =
            json!({"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20});
        assert_eq!(rule["selection"], selection, "{id}");
        assert_eq!(rule["action"]["type"], "expire", "{id}");
    }
    let containers = ["preprocessing", "transform", "training", "inference"];
    let expected = containers.map(|it| format!("${{ProjectName}}-repository-{it}"));
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    for ((id, _), container) in repositories.iter().zip(containers) {
        let parameter = properties(&template, &format!("{id}Param"));
        let name = format!("/mlops/projects/${{ProjectName}}/ecr/{container}");
        assert_eq!(parameter["Name"]["Fn::Sub"], name);
        assert_eq!(parameter["Value"], json!({"Fn::GetAtt": [id, "RepositoryUri"]}));
    }
}

/// A statement of a resource's policy: its actions, the roles that it is for, and its resource.
fn read(statement: &Value) -> (Vec<&str>, Vec<&str>, Option<&str>) {
    let accounts = json!({"AWS": {"Ref": "StageAccountIds"}});
    assert_eq!((&statement["Effect"], &statement["Principal"]), (&json!("Allow"), &accounts));
    let condition = statement["Condition"].as_object().unwrap();
    assert_eq!(condition.len(), 1, "only who it is");
    let roles = several(&condition["ArnLike"]["aws:PrincipalArn"]);
    let roles = roles.iter().map(|role| role["Fn::Sub"].as_str().unwrap()).collect();
    (texts(&statement["Action"]), roles, statement["Resource"]["Fn::Sub"].as_str())
}

#[test]
fn of_stage_accounts_only_what_runs_models_pulls_images() {
    let template = template(ECR);
    for (id, repository) in of_type(&template, "AWS::ECR::Repository") {
        let policy = &repository["Properties"]["RepositoryPolicyText"];
        let [statement] = &several(&policy["Statement"])[..] else { panic!("{id}: one statement") };
        let pull =
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
        assert_eq!(read(statement), (pull.to_vec(), vec![INFERENCE_ROLES], None), "{id}");
        assert!(statement["Resource"].is_null(), "{id}: ECR refuses resources");
        assert!(size(policy) <= 10_240, "{id}");
    }
}

#[test]
fn of_stage_accounts_what_runs_models_reads_versions_and_what_deploys_makes_models_of_them() {
    let template = template(GROUP);
    let policy = &properties(&template, "ModelPackageGroup")["ModelPackageGroupPolicy"];
    let [reads, deploys] = &several(&policy["Statement"])[..] else { panic!("two statements") };
    let execution = "arn:${AWS::Partition}:iam::*:role/\
                     ${AWS::Region}-mlops-stackset-execution-${AWS::AccountId}";
    let versions = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:\
                    model-package/${ProjectName}-models/*";
    let read_only = vec!["sagemaker:DescribeModelPackage"];
    assert_eq!(read(reads), (read_only, vec![INFERENCE_ROLES, execution], Some(versions)));
    let make = vec!["sagemaker:CreateModel"];
    assert_eq!(read(deploys), (make, vec![execution], Some(versions)));
    assert!(size(policy) <= 20_480);
}

#[test]
fn the_product_is_the_projects_and_nobody_launches_it_with_rights_of_his_own() {
    let template = template(CATALOG);
    let product = properties(&template, "UserProduct");
    assert_eq!(product["Name"]["Fn::Sub"], "${ProjectName} SageMaker Studio User");
    assert_eq!(product["ReplaceProvisioningArtifacts"], false);
    let [version] = &several(&product["ProvisioningArtifactParameters"])[..] else {
        panic!("one version")
    };
    assert_eq!(version["Name"], json!({"Ref": "TemplateVersion"}));
    assert_eq!(version["Info"]["LoadTemplateFromURL"], json!({"Ref": "TemplateUrl"}));
    let constraint = &template["Resources"]["LaunchConstraint"];
    assert_eq!(constraint["Type"], "AWS::ServiceCatalog::LaunchRoleConstraint");
    // A constraint on what the portfolio does not have is an error.
    assert_eq!(constraint["DependsOn"], json!(["ProductAssociation", "UserProductIdParam"]));
    let role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${LaunchRoleName}";
    assert_eq!(constraint["Properties"]["RoleArn"]["Fn::Sub"], role);
    // Of the outputs the function `mlops-project-cleanup` knows this one by its name.
    let handler = mlops_platform::code::PROJECT_CLEANUP;
    assert!(handler.contains(r#"each["OutputKey"] == "LaunchConstraintId""#));
    let output = &template["Outputs"]["LaunchConstraintId"]["Value"];
    assert_eq!(*output, json!({"Ref": "LaunchConstraint"}));
    let parameter = properties(&template, "UserProductIdParam");
    assert_eq!(parameter["Name"]["Fn::Sub"], "/mlops/projects/${ProjectName}/user-product-id");
    assert_eq!(parameter["Value"], json!({"Ref": "UserProduct"}));
}
