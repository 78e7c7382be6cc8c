//! What the stack `sc-project` promises: Studio shows the product, nobody launches it with rights of his own, and what it is
//! launched with makes no role without the boundary.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use formwork::Stack;
use formwork::assembly::Synthesized;
use formwork::prelude::*;
use mlops_platform::stacks::sc_project::{self, Inputs};
use serde_json::{Value as Json, json};
use support::{of_type, properties, several, size, speaking_of, statements, texts};

fn synthesized() -> Synthesized {
    support::synthesize(sc_project::STACK.template())
}

fn template() -> Json {
    support::template(&synthesized(), "sc-project")
}

#[test]
fn the_product_is_the_template_that_is_released() {
    let synthesized = synthesized();
    let project = &synthesized.template("smproject").unwrap().entry;
    let catalog = &synthesized.template("sc-project").unwrap().entry;
    assert!(catalog.releases.contains(&"smproject".to_owned()) && catalog.nests.is_empty());
    let template = support::template(&synthesized, "sc-project");
    let version = &properties(&template, "ProjectProduct")["ProvisioningArtifactParameters"][0];
    assert_eq!(version["Name"], project.sha256[..16]);
    let url = version["Info"]["LoadTemplateFromURL"]["Fn::Sub"].as_str().unwrap();
    let place = "https://${ArtifactsBucketName}.s3.${AWS::Region}.${AWS::URLSuffix}";
    assert_eq!(url, format!("{place}/{}", project.file));
    let parameter = properties(&template, "ProjectTemplateParam");
    assert_eq!(parameter["Name"], "/mlops/platform/templates/smproject");
    assert_eq!(parameter["Value"], project.file);
}

#[test]
fn whoever_nests_it_copies_the_product() {
    let parent = Stack::<(), ()>::new("parent", "A parent", |t, ()| {
        t.templates_at(|key| sub!("https://bucket.s3.{}/{key}", pseudo::URL_SUFFIX));
        let role = "arn:aws:iam::123456789012:role/role";
        t.nest(
            "ScProjectStack",
            sc_project::STACK.with(Inputs {
                cost_center: give("12345"),
                artifacts_bucket_name: give("artifacts"),
                platform_key_arn: give("arn:aws:kms:eu-west-1:123456789012:key/1234"),
                permissions_boundary_arn: by_default(),
                data_science_admin_role_arn: give(role),
                data_scientist_role_arn: give(role),
                studio_default_execution_role_arn: give(role),
                product_role_permission: by_default(),
                domain_id: give("d-1"),
                sagemaker_provided_templates: by_default(),
            }),
        );
        t.add("Copy", Raw::new("AWS::New::Copy").set("Keys", t.release_keys()));
    });
    let synthesized = support::synthesize(parent.template());
    let template = support::template(&synthesized, "parent");
    let file = |name| synthesized.template(name).unwrap().entry.file.as_str();
    let keys = texts(&template["Resources"]["Copy"]["Properties"]["Keys"]);
    let (seeds, templates): (Vec<&str>, Vec<&str>) =
        keys.into_iter().partition(|key| key.starts_with("assets/"));
    let names = released();
    let released: BTreeSet<&str> = names.iter().map(|name| file(name)).collect();
    assert_eq!(templates.last(), Some(&file("sc-project")), "what is released comes first");
    assert!(released.is_subset(&templates.into_iter().collect()));
    let begins = |seed: &str| seeds.iter().any(|key| key.starts_with(&format!("assets/{seed}.")));
    for seed in ["supervised-real-time", "supervised-batch"] {
        assert!(begins(&format!("seed-{seed}")) && begins(&format!("seed-un{seed}")), "{seeds:?}");
    }
}

#[test]
fn studio_shows_the_product_and_nobody_launches_it_with_rights_of_his_own() {
    let template = template();
    let product = properties(&template, "ProjectProduct");
    assert_eq!(product["Name"], "SageMaker Project");
    assert_eq!(product["ReplaceProvisioningArtifacts"], false);
    let visible = json!({"Key": "sagemaker:studio-visibility", "Value": "true"});
    assert!(several(&product["Tags"]).contains(&&visible));

    let constraint = &template["Resources"]["LaunchConstraint"];
    assert_eq!(constraint["DependsOn"], "ProductAssociation");
    let role = json!({"Fn::GetAtt": ["LaunchRole", "Arn"]});
    assert_eq!(constraint["Properties"]["RoleArn"], role);
    let principals = of_type(&template, "AWS::ServiceCatalog::PortfolioPrincipalAssociation");
    assert_eq!(principals.len(), 2);
    for (id, principal) in principals {
        assert_eq!(principal["DependsOn"], "LaunchConstraint", "{id}");
    }
    assert_eq!(template["Resources"]["ExtraPrincipal"]["Condition"], "HasProductRole");
    let trust = &properties(&template, "LaunchRole")["AssumeRolePolicyDocument"]["Statement"];
    assert_eq!(trust[0]["Principal"], json!({"Service": "servicecatalog.amazonaws.com"}));
}

#[test]
fn the_launch_role_makes_no_role_without_the_boundary() {
    let template = template();
    let boundary = &properties(&template, "ProductBoundaryArnParam")["Value"];
    assert_eq!(boundary["Fn::If"][0], "HasBoundary");
    let role = statements(&template, "LaunchRole");
    for action in ["AttachRolePolicy", "CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"]
    {
        let found = speaking_of(&role, &format!("iam:{action}"));
        assert_eq!(found.len(), 1, "{action}");
        assert_eq!(found[0]["Condition"]["ArnEquals"]["iam:PermissionsBoundary"], *boundary);
        let roles = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/mlops/${AWS::Region}-*";
        assert_eq!(found[0]["Resource"], json!({"Fn::Sub": roles}), "{action}");
    }
    let attach = speaking_of(&role, "iam:AttachRolePolicy")[0];
    let name = properties(&template, "ProjectDenials")["ManagedPolicyName"]["Fn::Sub"].as_str();
    let policy = &attach["Condition"]["ArnEquals"]["iam:PolicyARN"]["Fn::Sub"];
    assert!(policy.as_str().unwrap().ends_with(&format!(":policy/{}", name.unwrap())));
    let never = speaking_of(&role, "iam:DeleteRolePermissionsBoundary");
    assert_eq!(never[0]["Effect"], "Deny");
    let actions = role.iter().flat_map(|it| texts(&it["Action"]));
    assert!(!actions.clone().any(|action| action == "iam:*" || action == "*"));
}

#[test]
fn the_launch_role_reaches_no_data_and_no_key_but_by_the_keys_own_policy() {
    let template = template();
    for statement in statements(&template, "LaunchRole") {
        for action in texts(&statement["Action"]) {
            if action.starts_with("s3:") && action.contains("Object") {
                let resource = statement["Resource"].to_string();
                assert!(
                    resource.contains("-mlops-artifacts/") || resource == "\"*\"",
                    "{resource}"
                );
                assert!(
                    resource != "\"*\"" || !statement["Condition"].is_null(),
                    "only what Service Catalog tagged"
                );
            }
            let on_keys = ["Alias", "CreateKey", "TagResource", "Decrypt"];
            assert!(
                !action.starts_with("kms:") || on_keys.iter().any(|known| action.contains(known)),
                "{action}"
            );
        }
    }
}

/// Whether a pattern of IAM's covers an action.
fn covers(pattern: &str, action: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == action,
        Some((start, end)) => {
            action.len() >= start.len() + end.len()
                && action.starts_with(start)
                && (action.ends_with(end) || end.is_empty())
        }
    }
}

#[test]
fn the_boundary_holds_what_it_promises() {
    let template = template();
    let document = &properties(&template, "ProjectBoundary")["PolicyDocument"];
    assert!(size(document) <= 6_144, "{}", size(document));
    let statements = several(&document["Statement"]);
    let (allowed, denied): (Vec<&Json>, Vec<&Json>) =
        statements.into_iter().partition(|statement| statement["Effect"] == "Allow");
    let who_allows = |action: &str| -> Vec<&Json> {
        let covering = |it: &&&Json| texts(&it["Action"]).iter().any(|it| covers(it, action));
        allowed.iter().filter(covering).copied().collect()
    };
    // Of IAM: reading and handing on roles of projects, and the two that they need.
    for action in ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "sts:AssumeRole"]
    {
        assert_eq!(who_allows(action), Vec::<&Json>::new(), "{action}");
    }
    let passed = who_allows("iam:PassRole")[0]["Resource"].to_string();
    assert!(
        passed.contains("role/mlops/${AWS::Region}-*") && !passed.contains("datascience"),
        "{passed}"
    );
    for statement in who_allows("ssm:PutParameter") {
        let resource = statement["Resource"]["Fn::Sub"].as_str().unwrap();
        assert!(resource.ends_with(":parameter/mlops/projects/*"), "{resource}");
    }
    for statement in who_allows("cloudformation:UpdateStack") {
        let resources = statement["Resource"].to_string();
        assert!(
            !resources.contains("accelerator") && !resources.contains("stack/*/"),
            "{resources}"
        );
    }
    let who_denies = |action: &str| {
        denied.iter().any(|it| texts(&it["Action"]).iter().any(|it| covers(it, action)))
    };
    for action in [
        "sagemaker:CreateDomain",
        "sagemaker:DeleteDomain",
        "sagemaker:UpdateDomain",
        "sagemaker:CreateUserProfile",
        "sagemaker:DisableSagemakerServicecatalogPortfolio",
        "servicecatalog:UpdateProduct",
        "servicecatalog:CreateProvisioningArtifact",
        "servicecatalog:AssociateProductWithPortfolio",
        "servicecatalog:DisassociateProductFromPortfolio",
        "servicecatalog:CreateConstraint",
        // Without its tag the product would be one like a project's own.
        "servicecatalog:UntagResource",
    ] {
        assert!(who_denies(action), "{action}");
    }
    for action in ["servicecatalog:DeleteConstraint", "codecommit:UpdatePullRequestApprovalState"] {
        assert_eq!(who_allows(action), Vec::<&Json>::new(), "{action}");
    }
    let look_alike = denied.iter().find(|it| {
        it["Condition"]["Null"]["aws:RequestTag/sagemaker:studio-visibility"] == "false"
    });
    let look_alike = texts(&look_alike.unwrap()["Action"]);
    let offering = ["CreateProduct", "TagResource", "UpdateProduct"];
    assert_eq!(look_alike, offering.map(|action| format!("servicecatalog:{action}")));
    assert!(!who_denies("sagemaker:DescribeDomain"), "Studio itself asks for it");
    let elsewhere = denied.iter().find(|it| !it["NotAction"].is_null()).unwrap();
    let region = &elsewhere["Condition"]["StringNotEquals"]["aws:RequestedRegion"];
    assert_eq!(*region, json!({"Ref": "AWS::Region"}));
}

#[test]
fn what_no_role_may_do_is_a_policy_of_its_own() {
    let template = template();
    let document = &properties(&template, "ProjectDenials")["PolicyDocument"];
    assert!(size(document) <= 6_144, "{}", size(document));
    let statements = several(&document["Statement"]);
    assert!(statements.iter().all(|statement| statement["Effect"] == "Deny"));
    let all: BTreeSet<&str> = statements.iter().flat_map(|it| texts(&it["Action"])).collect();
    for action in
        ["iam:Create*", "iam:Put*", "sts:AssumeRole", "ssm:Put*", "sagemaker:UpdateDomain"]
    {
        assert!(all.contains(action), "{action}");
    }
    assert!(!all.iter().any(|pattern| covers(pattern, "iam:PassRole") && *pattern != "iam:*"));
    let handed_on = speaking_of(&statements, "s3:*")[0]["Resource"].to_string();
    assert!(handed_on.ends_with("-mlops-pipelines/mlops_platform_deplo/*\"}"), "{handed_on}");
}

#[test]
fn a_project_keeps_to_its_own_by_the_tag_of_its_roles() {
    let template = template();
    let document = &properties(&template, "ProjectDenials")["PolicyDocument"];
    let statements = several(&document["Statement"]);
    let denied = |action: &str| speaking_of(&statements, action);
    let project = "${aws:PrincipalTag/sagemaker:project-name}";
    let resource = "aws:ResourceTag/sagemaker:project-name";
    let request = "aws:RequestTag/sagemaker:project-name";
    let is_not = "StringNotEquals";

    let others = statements.iter().find(|it| texts(&it["NotAction"]).contains(&"sagemaker:List*"));
    let others = &others.unwrap()["Condition"];
    assert_eq!(
        (&others[is_not][resource], &others["Null"][resource]),
        (&json!(project), &json!("false"))
    );
    let records = &denied("sagemaker:ListRecords")[0]["Condition"];
    assert_eq!(*records, json!({is_not: {resource: project}}), "what has no tag, too");
    let given = &denied("sagemaker:*")[0]["Condition"];
    assert_eq!(
        (&given[is_not][request], &given["Null"][request]),
        (&json!(project), &json!("false"))
    );

    for action in ["sagemaker:AddTags", "sagemaker:DeleteTags"] {
        let never = denied(action)[0]["Resource"].to_string();
        assert!(["domain/*", "project/*", "user-profile/*"].iter().all(|it| never.contains(it)));
    }
    for action in
        ["sagemaker:CreateEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:UpdateEndpoint"]
    {
        // The project `a` may make what is called `a-b-…`, but not what answers for the project `a-b`.
        let endpoints = denied(action)[0]["Resource"].to_string();
        for stage in ["staging", "prod"] {
            assert!(endpoints.contains(&format!(":endpoint/*-{stage}-endpoint")), "{action}");
        }
    }
    for action in ["sagemaker:DeleteEndpointConfig", "sagemaker:DeleteModel"] {
        let [deployed] = denied(action)[..] else { panic!("{action}: one denial") };
        assert_eq!(
            deployed["Condition"],
            json!({"Null": {"aws:ResourceTag/mlops:stage": "false"}})
        );
    }
}

#[test]
fn jobs_of_a_project_are_in_a_network_encrypted_and_lent_no_rights() {
    let template = template();
    let document = &properties(&template, "ProjectDenials")["PolicyDocument"];
    let statements = several(&document["Statement"]);
    let denied = |action: &str| speaking_of(&statements, action);
    let conditions: Vec<String> = denied("sagemaker:CreateTrainingJob")
        .iter()
        .map(|statement| statement["Condition"]["Null"].to_string())
        .collect();
    assert_eq!(conditions.len(), 3);
    for key in ["VpcSubnets", "VpcSecurityGroupIds", "VolumeKmsKey"] {
        assert!(conditions.iter().any(|it| it.contains(&format!("\"sagemaker:{key}\":\"true\""))));
    }
    // A transform job knows no network, and would always be denied.
    let [volume, model] = denied("sagemaker:CreateTransformJob")[..] else { panic!("two denials") };
    assert_eq!(volume["Condition"]["Null"]["sagemaker:VolumeKmsKey"], "true");
    let models = &model["Condition"]["ForAnyValue:ArnNotLike"]["sagemaker:ModelArn"]["Fn::Sub"];
    let own = ":model/${!aws:PrincipalTag/sagemaker:project-name}-*";
    assert!(models.as_str().unwrap().ends_with(own), "{models}");
    assert_eq!(denied("sagemaker:CreateEndpointConfig"), [model]);
    let glue = &denied("sagemaker:CreateFeatureGroup")[0]["Condition"];
    let key = "sagemaker:FeatureGroupDisableGlueTableCreation";
    assert_eq!(glue["BoolIfExists"][key], "false");
}

#[test]
fn what_is_launched_gets_no_cost_center_of_the_platform() {
    let template = template();
    for id in ["Portfolio", "ProjectProduct"] {
        let tags = several(&properties(&template, id)["Tags"]);
        assert!(tags.iter().all(|tag| tag["Key"] != "CostCenter"), "{id}");
        assert!(tags.iter().any(|tag| tag["Key"] == "mlops:platform"), "{id}");
    }
}

#[test]
fn cleanup_deletes_only_what_is_of_a_project() {
    let template = template();
    let role = statements(&template, "ProjectCleanupFunctionRole");
    for action in [
        "cloudformation:DeleteStack",
        "sagemaker:DeletePipeline",
        "sagemaker:DeleteStudioLifecycleConfig",
    ] {
        let condition = &speaking_of(&role, action)[0]["Condition"];
        assert_eq!(condition["Null"]["aws:ResourceTag/sagemaker:project-id"], "false", "{action}");
    }
}

#[test]
fn every_role_is_bounded_tagged_and_short_enough() {
    let template = template();
    let roles = of_type(&template, "AWS::IAM::Role");
    assert_eq!(roles.len(), 3);
    for (id, role) in roles {
        let role = &role["Properties"];
        let given = json!({"Ref": "PermissionsBoundaryArn"});
        assert_eq!(role["PermissionsBoundary"]["Fn::If"][1], given, "{id}");
        let keys: Vec<&str> =
            several(&role["Tags"]).iter().map(|tag| tag["Key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["CostCenter", "mlops:platform"], "{id}");
        let inline: usize =
            several(&role["Policies"]).iter().map(|it| size(&it["PolicyDocument"])).sum();
        assert!(inline <= 10_240, "{id}: {inline}");
    }
}

#[test]
fn functions_have_fixed_names_and_logs_that_end() {
    let template = template();
    let functions = of_type(&template, "AWS::Lambda::Function");
    let names: Vec<&Json> =
        functions.iter().map(|(_, it)| &it["Properties"]["FunctionName"]).collect();
    assert_eq!(
        names,
        ["mlops-project-cleanup", "mlops-provided-templates"],
        "products build the ARN"
    );
    for (id, function) in functions {
        let group = &template["Resources"][format!("{id}Logs")];
        let name = function["Properties"]["FunctionName"].as_str().unwrap();
        assert_eq!(group["Properties"]["LogGroupName"], format!("/aws/lambda/{name}"));
        assert_eq!(group["Properties"]["RetentionInDays"], 30);
        assert_eq!(group["Properties"]["KmsKeyId"], json!({"Ref": "PlatformKeyArn"}));
        assert_eq!(group["DeletionPolicy"], "Delete");
        assert_eq!(function["DependsOn"], format!("{id}Logs"));
    }
}

#[test]
fn provided_templates_are_kept_from_all_roles() {
    let template = template();
    assert_eq!(template["Parameters"]["SageMakerProvidedTemplates"]["Default"], "Disabled");
    let resource = &template["Resources"]["ProvidedTemplates"];
    let arns = several(&resource["Properties"]["PrincipalArns"]);
    assert_eq!(
        *arns[0],
        json!({"Ref": "DataScienceAdminRoleArn"}),
        "the handler offers to the first"
    );
    assert_eq!(arns.len(), 4);
    assert_eq!(arns[3]["Fn::If"][0], "HasProductRole");
    assert_eq!(resource["DependsOn"], "AdminPrincipal");
}

/// The templates that the stack releases, by name.
fn released() -> Vec<String> {
    synthesized().template("sc-project").unwrap().entry.releases.clone()
}

#[test]
fn parameters_that_others_read() {
    let synthesized = synthesized();
    let template = support::template(&synthesized, "sc-project");
    let parameters = of_type(&template, "AWS::SSM::Parameter");
    let names: BTreeSet<&str> =
        parameters.iter().map(|(_, it)| it["Properties"]["Name"].as_str().unwrap()).collect();
    let of_stack = ["sc-portfolio-id", "sc-launch-role-name", "product-boundary-arn"];
    let of_stack = of_stack.map(|name| format!("/mlops/platform/{name}"));
    let keys = released().into_iter().map(|name| format!("/mlops/platform/templates/{name}"));
    let expected: BTreeSet<String> = of_stack.into_iter().chain(keys).collect();
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    // Whoever deploys a template looks for it by its stack's name.
    for (id, parameter) in parameters {
        let (name, value) = (&parameter["Properties"]["Name"], &parameter["Properties"]["Value"]);
        if let Some(name) = name.as_str().unwrap().strip_prefix("/mlops/platform/templates/") {
            assert_eq!(*value, synthesized.template(name).unwrap().entry.file, "{id}");
        }
    }
}

#[test]
fn the_launch_role_makes_the_pipelines_of_projects_and_users_and_their_logs() {
    let template = template();
    let role = statements(&template, "LaunchRole");
    let groups = speaking_of(&role, "logs:CreateLogGroup")[0]["Resource"].to_string();
    assert!(groups.ends_with(":log-group:/aws/codebuild/${AWS::Region}-mlops-*\"}"), "{groups}");
    let started = speaking_of(&role, "codepipeline:StartPipelineExecution")[0];
    let started = started["Resource"]["Fn::Sub"].as_str().unwrap();
    assert!(started.ends_with(":*_project_pipeline"), "{started}");
    let made = speaking_of(&role, "codepipeline:CreatePipeline")[0]["Resource"].to_string();
    for kind in ["project", "build", "deploy", "user"] {
        assert!(made.contains(&format!(":*_{kind}_pipeline\"")), "{made}");
    }
    let passed = speaking_of(&role, "iam:PassRole")[0];
    let services = texts(&passed["Condition"]["StringEquals"]["iam:PassedToService"]);
    for service in ["codebuild", "codepipeline", "events"] {
        assert!(services.contains(&format!("{service}.amazonaws.com").as_str()), "{services:?}");
    }
}
