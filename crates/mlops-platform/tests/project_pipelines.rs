//! What the pipelines of a project promise: the stages that people see, what each action is handed and runs, what starts a
//! pipeline, and that all of it comes and goes in the right order.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use mlops_platform::products::sagemaker_project;
use serde_json::{Value, json};
use support::{longest, of_type, properties, several, statements, texts};

const PIPELINES: [&str; 3] = ["ProjectPipeline", "ModelBuildPipeline", "ModelDeployPipeline"];

fn template() -> Value {
    let synthesized = support::synthesize(sagemaker_project::STACK.template());
    support::template(&synthesized, "smproject")
}

fn text(value: &Value) -> String {
    longest(value).unwrap().as_str().unwrap().to_owned()
}

/// The actions of a pipeline with the names of their stages.
fn actions<'a>(template: &'a Value, pipeline: &str) -> Vec<(&'a str, &'a Value)> {
    let stages = several(&properties(template, pipeline)["Stages"]).into_iter();
    let of = |stage: &'a Value| {
        let actions = several(&stage["Actions"]).into_iter();
        actions.map(|action| (stage["Name"].as_str().unwrap(), action))
    };
    stages.flat_map(of).collect()
}

fn provider(action: &Value) -> &str {
    action["ActionTypeId"]["Provider"].as_str().unwrap()
}

#[test]
fn names_fit_at_their_longest() {
    let template = template();
    let limits = [
        ("AWS::IAM::Role", "RoleName", 64),
        ("AWS::CodeBuild::Project", "Name", 150),
        ("AWS::CodePipeline::Pipeline", "Name", 100),
        ("AWS::Events::Rule", "Name", 64),
        ("AWS::Logs::LogGroup", "LogGroupName", 512),
    ];
    for (kind, property, most) in limits {
        for (id, resource) in of_type(&template, kind) {
            let name = text(&resource["Properties"][property]);
            assert!(name.contains(support::LONGEST_PROJECT), "{id}: {name}");
            assert!(name.len() <= most, "{id}: {name} has {} of {most}", name.len());
        }
    }
    for stack in several(&properties(&template, "SubStacksCleanup")["StackNames"]) {
        assert!(text(stack).len() <= 128);
    }
}

#[test]
fn the_trigger_starts_two_pipelines_and_does_nothing_else() {
    let template = template();
    let [start] = statements(&template, "TriggerRole")[..] else { panic!("one statement") };
    assert_eq!(start["Action"], "codepipeline:StartPipelineExecution");
    let started: Vec<String> = several(&start["Resource"]).into_iter().map(text).collect();
    let pipeline = |kind| {
        let (region, account) = (support::LONGEST_REGION, support::ACCOUNT);
        format!("arn:aws:codepipeline:{region}:{account}:{}_{kind}", support::LONGEST_PROJECT)
    };
    assert_eq!(started, [pipeline("build_pipeline"), pipeline("deploy_pipeline")]);

    let rules = of_type(&template, "AWS::Events::Rule");
    assert_eq!(rules.len(), 2);
    let targets: BTreeSet<String> =
        rules.iter().map(|(_, rule)| text(&rule["Properties"]["Targets"][0]["Arn"])).collect();
    assert_eq!(targets, started.into_iter().collect());
    let merge = &properties(&template, "MergeRule")["EventPattern"];
    assert_eq!(merge["detail"]["event"], json!(["referenceUpdated"]));
    assert_eq!(merge["detail"]["referenceName"], json!(["main"]));
    let repository = json!([{"Fn::GetAtt": ["ProjectCommitRepository", "Arn"]}]);
    assert_eq!(merge["resources"], repository);
    let approval = &properties(&template, "ApprovalRule")["EventPattern"]["detail"];
    let group = json!([{"Fn::Sub": "${SageMakerProjectName}-models"}]);
    assert_eq!(approval["ModelPackageGroupName"], group);
    assert_eq!(approval["ModelApprovalStatus"], json!(["Approved"]));
}

#[test]
fn stages_and_actions_are_as_people_see_them() {
    let template = template();
    let shown = |pipeline| -> Vec<String> {
        let actions = actions(&template, pipeline).into_iter();
        actions.map(|(stage, it)| format!("{stage}/{}", it["Name"].as_str().unwrap())).collect()
    };
    assert_eq!(
        shown("ProjectPipeline"),
        [
            "Source/platform_repo",
            "BuildCFN/build_lcc",
            "BuildCFN/build_cfn",
            "BuildParams/build_model_group_params",
            "BuildParams/create_sm_experiment",
            "Deploy/deploy_service_catalog",
            "Deploy/deploy_ecr",
            "Deploy/deploy_model_group",
            "Deploy/deploy_model_stackset_stage",
            "Deploy/deploy_model_stackset_prod",
            "Notify/project_ready_notification",
        ]
    );
    assert_eq!(
        shown("ModelBuildPipeline"),
        [
            "Source/project_repo",
            "Source/platform_repo",
            "PushImages/push_preprocessing",
            "PushImages/push_transform",
            "PushImages/push_training",
            "PushImages/push_inference",
            "SMPipeline/sm_pipeline",
        ]
    );
    assert_eq!(
        shown("ModelDeployPipeline"),
        [
            "Source/platform_repo",
            "BuildModel/build_endpoint_params_staging",
            "BuildModel/build_endpoint_params_prod",
            "DeployStaging/deploy",
            "DeployStaging/ApproveDeployment",
            "DeployProd/deploy",
            "BuildMonitor/build_monitor_params",
            "DeployMonitor/deploy_monitor",
        ]
    );
    let all = actions(&template, "ModelDeployPipeline");
    let approval = all.iter().find(|(_, it)| it["Name"] == "ApproveDeployment").unwrap().1;
    assert_eq!((&approval["RunOrder"], &approval["TimeoutInMinutes"]), (&json!(2), &json!(10_080)));
    for pipeline in PIPELINES {
        let it = properties(&template, pipeline);
        assert_eq!(
            (&it["PipelineType"], &it["ExecutionMode"]),
            (&json!("V2"), &json!("SUPERSEDED"))
        );
        let key = &it["ArtifactStore"]["EncryptionKey"]["Id"];
        assert_eq!(*key, json!({"Fn::GetAtt": ["ProjectKey", "Arn"]}));
        let sources = actions(&template, pipeline);
        for (_, source) in sources.iter().filter(|(stage, _)| *stage == "Source") {
            assert_eq!(source["Configuration"]["PollForSourceChanges"], false, "rules start it");
        }
    }
}

#[test]
fn artifacts_are_made_before_they_are_used() {
    let template = template();
    for pipeline in PIPELINES {
        let mut made = BTreeSet::new();
        for (_, action) in actions(&template, pipeline) {
            let names = |of: &str| -> Vec<String> {
                let artifacts = several(&action[of]).into_iter();
                artifacts.map(|it| it["Name"].as_str().unwrap().to_owned()).collect()
            };
            let used = names("InputArtifacts");
            assert!(used.iter().all(|it| made.contains(it)), "{pipeline}: {}", action["Name"]);
            let configuration = &action["Configuration"];
            for file in ["TemplatePath", "TemplateConfiguration"] {
                if let Some(path) = configuration[file].as_str() {
                    let artifact = path.split_once("::").unwrap().0;
                    assert!(used.iter().any(|it| it == artifact), "{path}");
                }
            }
            if let Some(primary) = configuration["PrimarySource"].as_str() {
                assert_eq!((primary, &used[0][..]), ("PlatformRepo", "PlatformRepo"));
            }
            made.extend(names("OutputArtifacts"));
        }
    }
}

#[test]
fn a_build_runs_a_script_of_the_platform_that_knows_what_is_meant() {
    let template = template();
    for pipeline in PIPELINES {
        let name = text(&properties(&template, pipeline)["Name"]);
        let all = actions(&template, pipeline);
        for (_, action) in all.iter().filter(|(_, it)| provider(it) == "CodeBuild") {
            let configuration = &action["Configuration"];
            let variables = text(&configuration["EnvironmentVariables"]);
            assert!(variables.len() <= 1_000, "CodePipeline takes no more");
            let variables: Value = serde_json::from_str(&variables).unwrap();
            let variables: BTreeMap<&str, &str> = several(&variables)
                .into_iter()
                .map(|it| (it["name"].as_str().unwrap(), it["value"].as_str().unwrap()))
                .collect();
            let runs = variables["ACTION"];
            let buildspec = format!("crates/mlops-platform/assets/buildspecs/{runs}.yaml");
            assert_eq!(configuration["BuildspecOverride"], buildspec);
            assert_eq!(variables["PIPELINE"], name);
            let execution = variables["PIPELINE_EXECUTION_ID"];
            assert_eq!(execution, "#{codepipeline.PipelineExecutionId}");
            let on_project = several(&action["InputArtifacts"]).len() == 2;
            let project = configuration["ProjectName"]["Ref"].as_str().unwrap();
            assert_eq!(on_project, project != "ScriptsProject", "{}", action["Name"]);
            assert_eq!(variables.contains_key("COMMIT_ID"), on_project);
            assert_eq!(variables.contains_key("CONTAINER"), project == "DockerProject");
            assert_eq!(variables.contains_key("STAGE"), runs == "build_endpoint_params");
        }
    }
}

#[test]
fn builds_have_their_logs_and_only_docker_is_privileged() {
    let template = template();
    let builds = of_type(&template, "AWS::CodeBuild::Project");
    assert_eq!(builds.len(), 3);
    for (id, build) in builds {
        let build = &build["Properties"];
        let role = if id == "ScriptsProject" { "BuildRole" } else { "CodeRole" };
        assert_eq!(build["ServiceRole"], json!({"Fn::GetAtt": [role, "Arn"]}));
        assert_eq!(build["Environment"]["PrivilegedMode"], id == "DockerProject");
        assert!(build["VpcConfig"].is_null(), "{id}: builds need the internet");
        assert_eq!(build["Source"], json!({"Type": "CODEPIPELINE"}), "the action names the rest");
        assert_eq!(build["EncryptionKey"], json!({"Fn::GetAtt": ["ProjectKey", "Arn"]}));
        let logs = properties(&template, &format!("{id}Logs"));
        let group = format!("/aws/codebuild/{}", text(&build["Name"]));
        assert_eq!(text(&logs["LogGroupName"]), group);
        assert_eq!(logs["RetentionInDays"], 30);
        assert!(!logs["KmsKeyId"].is_null());
        let may = statements(&template, role);
        let [may] = support::speaking_of(&may, "logs:PutLogEvents")[..] else { panic!("{role}") };
        let written = several(&may["Resource"]).into_iter().map(text);
        assert!(written.clone().any(|it| it.ends_with(&format!(":log-group:{group}:*"))), "{id}");
    }
}

/// Logical ids that a value refers to.
fn mentioned(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, it)| match (key.as_str(), it) {
            ("Ref", Value::String(id)) => drop(found.insert(id.clone())),
            ("Fn::GetAtt", Value::Array(path)) => {
                found.insert(path[0].as_str().unwrap().to_owned());
            }
            ("Fn::Sub", Value::String(pattern)) => found.extend(
                pattern.split("${").skip(1).map(|it| it.split(['.', '}']).next().unwrap().into()),
            ),
            _ => mentioned(it, found),
        }),
        Value::Array(items) => items.iter().for_each(|it| mentioned(it, found)),
        _ => {}
    }
}

/// What a resource waits for, through others too.
fn waited_for(template: &Value, id: &str) -> BTreeSet<String> {
    let (mut all, mut next) = (BTreeSet::new(), vec![id.to_owned()]);
    while let Some(id) = next.pop() {
        let resource = &template["Resources"][&id];
        let mut found: BTreeSet<String> =
            texts(&resource["DependsOn"]).into_iter().map(str::to_owned).collect();
        mentioned(&resource["Properties"], &mut found);
        next.extend(found.into_iter().filter(|it| {
            template["Resources"].get(it.as_str()).is_some() && all.insert(it.clone())
        }));
    }
    all
}

#[test]
fn the_cleanup_is_made_last_and_so_goes_first() {
    let template = template();
    let before = waited_for(&template, "SubStacksCleanup");
    let all = template["Resources"].as_object().unwrap().keys();
    let rest: Vec<&String> = all.filter(|id| !before.contains(*id)).collect();
    // Nothing that is removed needs these two: an alias is but a name, and the bucket's policy stays with the bucket.
    assert_eq!(rest, ["ProjectKeyAlias", "ProjectBucketPolicy", "SubStacksCleanup"]);
    let cleanup = properties(&template, "SubStacksCleanup");
    assert_eq!(cleanup["ServiceTimeout"], 3600);
    let stacks: Vec<String> = several(&cleanup["StackNames"]).into_iter().map(text).collect();
    let deployed: BTreeSet<String> = PIPELINES
        .iter()
        .flat_map(|pipeline| actions(&template, pipeline))
        .filter(|(_, action)| provider(action) == "CloudFormation")
        .map(|(_, action)| text(&action["Configuration"]["StackName"]))
        .collect();
    assert_eq!(stacks.iter().cloned().collect::<BTreeSet<_>>(), deployed, "each stack goes");
    let ends = ["monitor-stackset", "prod", "staging", "service-catalog-stack", "ecr-repo-stack"];
    assert!(stacks.iter().zip(ends).all(|(stack, end)| stack.ends_with(end)), "{stacks:?}");
}

#[test]
fn the_project_is_set_up_when_all_else_is_there() {
    let template = template();
    let before = waited_for(&template, "ProjectPipeline");
    for other in ["ModelBuildPipeline", "ModelDeployPipeline", "MergeRule", "ApprovalRule"] {
        assert!(before.contains(other), "{other}");
    }
    // Its scripts read them at once.
    for (id, _) in of_type(&template, "AWS::SSM::Parameter") {
        for pipeline in PIPELINES {
            assert!(waited_for(&template, pipeline).contains(id), "{pipeline}: {id}");
        }
    }
    // An update may set back what is known of its state, so it is set up again.
    assert_eq!(properties(&template, "StatusParam")["Value"], "creating");
    for pipeline in PIPELINES {
        let again = &properties(&template, pipeline)["RestartExecutionOnUpdate"];
        assert_eq!(*again == true, pipeline == "ProjectPipeline", "{pipeline}");
    }
}
