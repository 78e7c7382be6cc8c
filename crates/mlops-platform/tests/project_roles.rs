//! Whose rights each part of a project's pipelines has: that these suffice for what its actions do, and reach no further than the
//! project.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use mlops_platform::products::sagemaker_project;
use serde_json::{Value, json};
use support::evaluate::{Launched, Request, decided};
use support::{longest, of_type, properties, several, size, statements, texts};

/// The roles beside that of notebooks and jobs, with what their names end in and who takes them.
const ROLES: [(&str, &str, &str); 5] = [
    ("PipelineRole", "-pipeline", "codepipeline.amazonaws.com"),
    ("BuildRole", "-build", "codebuild.amazonaws.com"),
    ("CodeRole", "-code", "codebuild.amazonaws.com"),
    ("CfnRole", "-cfn", "cloudformation.amazonaws.com"),
    ("TriggerRole", "-trigger", "events.amazonaws.com"),
];

fn template() -> Value {
    let synthesized = support::synthesize(sagemaker_project::STACK.template());
    support::template(&synthesized, "smproject")
}

fn text(value: &Value) -> String {
    longest(value).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_role_is_bounded_tagged_short_and_taken_for_this_project_only() {
    let template = template();
    assert_eq!(of_type(&template, "AWS::IAM::Role").len(), ROLES.len() + 1);
    for (id, end, service) in ROLES {
        let role = properties(&template, id);
        assert!(text(&role["RoleName"]).ends_with(end), "{id}");
        assert_eq!(role["Path"], "/mlops/");
        assert_eq!(
            role["PermissionsBoundary"],
            "{{resolve:ssm:/mlops/platform/product-boundary-arn}}"
        );
        assert!(text(&role["ManagedPolicyArns"][0]).contains("-mlops-project-denials-"), "{id}");
        let policies = several(&role["Policies"]);
        let inline: usize = policies.iter().map(|it| size(&it["PolicyDocument"])).sum();
        assert!(inline <= 10_240, "{id}: {inline}");
        let trust = &role["AssumeRolePolicyDocument"]["Statement"];
        let [trust] = several(trust)[..] else { panic!("{id}: one statement") };
        assert_eq!(trust["Principal"]["Service"], service);
        let condition = &trust["Condition"];
        assert_eq!(
            condition["StringEquals"]["aws:SourceAccount"],
            json!({"Ref": "AWS::AccountId"})
        );
        for source in several(&condition["ArnLike"]["aws:SourceArn"]) {
            assert!(text(source).contains(support::LONGEST_PROJECT), "{id}");
        }
        assert_eq!(condition["ArnLike"].is_null(), id == "CfnRole", "{id}");
    }
}

/// What a role reaches beside the project's own, by what the ARN ends in.
fn of_the_platform(role: &str) -> Vec<&'static str> {
    let artifacts = ["-mlops-artifacts/templates/*", "-mlops-artifacts/assets/*"];
    let store = ["-mlops-pipelines", "-mlops-pipelines/*"];
    let key = "/mlops/platform/kms-key-arn}}";
    let parameters = ":parameter/mlops/platform/*";
    match role {
        "PipelineRole" => {
            let function = ":function:studio-project-ready-notify";
            [&store[..], &[":aws-enterprise-mlops-platform", key, function]].concat()
        }
        "BuildRole" => [&store[..], &artifacts, &[key, parameters, ":space/{domain}/*"]].concat(),
        "CodeRole" => {
            let packages = [":domain/mlops", ":repository/mlops/mlops-codeartifact-repository"];
            [&store[..], &packages, &[parameters, ":*:repository/*"]].concat()
        }
        "CfnRole" => {
            let roles = [
                ":role/{{resolve:ssm:/mlops/platform/sc-launch-role-name}}",
                ":role/${AWS::Region}-mlops-stackset-admin-${AWS::AccountId}",
            ];
            let types = ["::type/resource/*", ":product/*"];
            [&artifacts[..1], &roles, &types, &[key, parameters]].concat()
        }
        _ => Vec::new(),
    }
}

#[test]
fn no_role_reaches_further_than_the_project() {
    let template = template();
    for (id, ..) in ROLES {
        let beside = of_the_platform(id);
        let mut met: BTreeSet<&str> = BTreeSet::new();
        for statement in statements(&template, id) {
            assert_eq!(statement["Effect"], "Allow", "{id}: what is denied is for all projects");
            for resource in several(&statement["Resource"]) {
                let resource = match (resource.as_str(), resource["Fn::Sub"].as_str()) {
                    (Some(text), _) | (_, Some(text)) => text.to_owned(),
                    _ => resource["Fn::GetAtt"][0].as_str().unwrap().to_owned(),
                };
                // Which of them knows no resource, the code says.
                let own = resource == "*"
                    || ["ProjectKey", "ProjectBucket", "ProjectCommitRepository"]
                        .iter()
                        .any(|own| resource == *own || resource.starts_with(&format!("${{{own}.")))
                    || resource.contains("${SageMakerProjectName}");
                let resource =
                    resource.replace("{{resolve:ssm:/mlops/platform/domain-id}}", "{domain}");
                let shared = beside.iter().find(|end| resource.ends_with(*end));
                assert!(own || shared.is_some(), "{id}: {resource}");
                met.extend(shared.filter(|_| !own));
            }
        }
        let unmet = beside.iter().filter(|end| !met.contains(*end)).collect::<Vec<_>>();
        assert!(unmet.is_empty(), "{id} does not have {unmet:?}");
    }
}

#[test]
fn what_knows_no_resource_is_little() {
    let template = template();
    let mut found = BTreeMap::new();
    for (id, ..) in ROLES {
        let all = statements(&template, id);
        let wide = all.iter().filter(|it| it["Resource"] == "*");
        let actions: Vec<&str> = wide.flat_map(|it| texts(&it["Action"])).collect();
        found.insert(id, actions);
    }
    let expected = [
        ("PipelineRole", vec!["lambda:ListFunctions"]),
        (
            "BuildRole",
            vec![
                "sagemaker:ListModelPackages",
                "sagemaker:ListSpaces",
                "sagemaker:ListStudioLifecycleConfigs",
                "sagemaker:ListUserProfiles",
            ],
        ),
        ("CodeRole", vec!["ecr:GetAuthorizationToken", "sts:GetServiceBearerToken"]),
        (
            "CfnRole",
            vec![
                "cloudformation:GetTemplateSummary",
                "cloudformation:ValidateTemplate",
                "cloudformation:CreateStackSet",
                "servicecatalog:AssociateProductWithPortfolio",
                "servicecatalog:DescribeConstraint",
                "servicecatalog:DisassociateProductFromPortfolio",
                "servicecatalog:ListConstraintsForPortfolio",
            ],
        ),
        ("TriggerRole", vec![]),
    ];
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn who_runs_the_projects_code_writes_nothing_that_others_rely_on() {
    let template = template();
    let code = statements(&template, "CodeRole");
    for action in code.iter().flat_map(|it| texts(&it["Action"])) {
        let (service, does) = action.split_once(':').unwrap();
        let reads = ["Get", "List", "Describe"].iter().any(|verb| does.starts_with(verb));
        assert!(reads || !["s3", "ssm", "cloudformation", "codecommit"].contains(&service));
        assert!(!does.contains("UserProfile") && !does.contains("Lifecycle"), "{action}");
        assert!(!action.contains('*'), "{action}");
    }
    let passed: Vec<String> = ["BuildRole", "CodeRole"]
        .into_iter()
        .flat_map(|id| support::speaking_of(&statements(&template, id), "iam:PassRole"))
        .map(|statement| text(&statement["Resource"]))
        .collect();
    assert_eq!(passed.len(), 2);
    assert!(passed.iter().all(|role| role.ends_with("-project-role")), "{passed:?}");
}

#[test]
fn a_profile_changes_only_if_it_is_the_projects() {
    let template = template();
    let build = statements(&template, "BuildRole");
    let [update] = support::speaking_of(&build, "sagemaker:UpdateUserProfile")[..] else {
        panic!("one statement")
    };
    let tag = &update["Condition"]["StringEquals"]["aws:ResourceTag/sagemaker:project-id"];
    assert_eq!(*tag, json!({"Ref": "SageMakerProjectId"}));
    assert!(text(&update["Resource"]).ends_with(&format!("/*-{}", support::LONGEST_PROJECT)));
    let noted = support::speaking_of(&build, "ssm:PutParameter")[0];
    let noted: Vec<String> = several(&noted["Resource"]).into_iter().map(text).collect();
    assert!(noted.iter().all(|it| !it.contains('*')) && noted.len() == 5, "{noted:?}");
}

#[test]
fn only_the_projects_own_stacks_make_way() {
    let template = template();
    for (role, may) in [("BuildRole", true), ("PipelineRole", false), ("CodeRole", false)] {
        let all = statements(&template, role);
        let found = support::speaking_of(&all, "cloudformation:DeleteStack");
        assert_eq!(!found.is_empty(), may, "{role}");
        for statement in found {
            let tag =
                &statement["Condition"]["StringEquals"]["aws:ResourceTag/sagemaker:project-id"];
            assert_eq!(*tag, json!({"Ref": "SageMakerProjectId"}));
            let stacks: Vec<String> =
                several(&statement["Resource"]).into_iter().map(text).collect();
            assert_eq!(stacks.len(), 6);
            let own = format!(":stack/{}-", support::LONGEST_PROJECT);
            assert!(stacks.iter().all(|it| it.contains(&own)), "{stacks:?}");
        }
    }
}

/// What CodePipeline does for an action, with the pipeline's role.
fn asked(launched: &Launched, action: &Value) -> Vec<(String, String)> {
    let here = |service: &str, rest: &str| {
        format!("arn:aws:{service}:eu-west-1:{}:{rest}", support::ACCOUNT)
    };
    let given = &action["Configuration"];
    let of = |name: &str| given[name].as_str().unwrap();
    match action["ActionTypeId"]["Provider"].as_str().unwrap() {
        "CodeCommit" => {
            // Of a resource of the template an attribute is known, not the ARN.
            let repository = match of("RepositoryName") {
                "made-projectcommitrepository/Name" => "made-projectcommitrepository/Arn".into(),
                name => here("codecommit", name),
            };
            let does = ["GetBranch", "GetCommit", "UploadArchive", "GetUploadArchiveStatus"];
            does.map(|does| (format!("codecommit:{does}"), repository.clone())).into()
        }
        "CodeBuild" => {
            let id = of("ProjectName").trim_start_matches("made-");
            let ids = ["ScriptsProject", "CodeProject", "DockerProject"];
            let id = ids.into_iter().find(|it| it.to_lowercase() == id).unwrap();
            let project = launched.properties(id).unwrap();
            let name = format!("project/{}", project["Name"].as_str().unwrap());
            let does = ["StartBuild", "BatchGetBuilds"];
            does.map(|does| (format!("codebuild:{does}"), here("codebuild", &name))).into()
        }
        "CloudFormation" => {
            let stack = here("cloudformation", &format!("stack/{}/1-2-3", of("StackName")));
            let does = ["CreateStack", "DescribeStacks", "TagResource", "UpdateStack"];
            does.map(|does| (format!("cloudformation:{does}"), stack.clone())).into()
        }
        "Lambda" => {
            let function = format!("function:{}", of("FunctionName"));
            vec![("lambda:InvokeFunction".to_owned(), here("lambda", &function))]
        }
        "Manual" => Vec::new(),
        other => panic!("{other} is not known here"),
    }
}

#[test]
fn the_pipelines_role_can_do_what_each_action_needs() {
    let template = template();
    let parameters =
        [("SageMakerProjectName", "churn"), ("SageMakerProjectId", "p-1"), ("CostCenter", "12345")];
    let launched = Launched::new(template, &parameters);
    let mut may = launched.statements("PipelineRole", "/Policies/0/PolicyDocument");
    may.extend(launched.statements("PipelineRole", "/Policies/1/PolicyDocument"));
    let allowed = |action: &str, resource: &str, context: &[(&str, &str)]| {
        decided(&may, &Request { action, resource, context }) == Some(true)
    };
    let mut seen = 0;
    for pipeline in ["ProjectPipeline", "ModelBuildPipeline", "ModelDeployPipeline"] {
        let it = launched.properties(pipeline).unwrap();
        for action in several(&it["Stages"]).into_iter().flat_map(|it| several(&it["Actions"])) {
            for (does, on) in asked(&launched, action) {
                assert!(allowed(&does, &on, &[]), "{pipeline}: {}: {does} on {on}", action["Name"]);
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen}");
    let arn = |service: &str, rest: &str| {
        format!("arn:aws:{service}:eu-west-1:{}:{rest}", support::ACCOUNT)
    };
    let role = |name| format!("arn:aws:iam::{}:role/mlops/eu-west-1-{name}", support::ACCOUNT);
    let to_cfn = [("iam:PassedToService", "cloudformation.amazonaws.com")];
    assert!(allowed("iam:PassRole", &role("churn-cfn"), &to_cfn));
    assert!(!allowed("iam:PassRole", &role("churn-build"), &to_cfn));
    assert!(!allowed("iam:PassRole", &role("other-cfn"), &to_cfn));
    let user = arn("codebuild", "project/eu-west-1-mlops-churn-jane-doe-lcc");
    assert!(allowed("codebuild:StartBuild", &user, &[]), "its users' pipelines have the role too");
    let other = arn("codebuild", "project/eu-west-1-mlops-other-scripts");
    assert!(!allowed("codebuild:StartBuild", &other, &[]));
    assert!(!allowed("cloudformation:UpdateStack", &arn("cloudformation", "stack/x/1"), &[]));
}
