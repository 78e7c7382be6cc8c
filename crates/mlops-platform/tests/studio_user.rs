//! What the product "{project} SageMaker Studio User" promises: names that come from the address and fit, a clear refusal where
//! none would, nobody in another's profile, and a removal in order.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use formwork::assembly::{Assembly, Settings};
use formwork::evaluate::{Evaluation, Known, Surroundings};
use formwork::prelude::*;
use formwork::render::Format;
use mlops_platform::products::{sagemaker_project, studio_user};
use serde_json::{Value as Json, json};
use support::{ACCOUNT, LONGEST_PROJECT, LONGEST_REGION, of_type, properties, several};

/// 30 characters, the most that stand before the `@`.
const LONGEST_ALIAS: &str = "a.name_of+thirty-characters.30";

fn text() -> String {
    let synthesized = support::synthesize(studio_user::STACK.template());
    synthesized.template("smuser").unwrap().text.clone()
}

fn template() -> Json {
    serde_json::from_str(&text()).unwrap()
}

/// The template as it is launched for somebody, in the region with the longest name.
fn launched<T>(email: &str, project: &str, ask: impl FnOnce(&mut Evaluation<'_>) -> T) -> T {
    let document = formwork::read::parse(text().as_bytes()).unwrap();
    let around = Surroundings::of_region(LONGEST_REGION).in_account(ACCOUNT);
    let given = [
        ("UserEmail", email),
        ("ProjectName", project),
        ("ProjectId", "p-abcdefghijkl"),
        ("CostCenter", "12345"),
    ];
    let given = given.map(|(name, value)| (name.to_owned(), Known::text(value)));
    let mut evaluation = Evaluation::new(&document.root, &around, &given.into_iter().collect());
    let answer = ask(&mut evaluation);
    assert!(evaluation.problems().is_empty(), "{:?}", evaluation.problems());
    answer
}

/// What a property comes to, by logical id and name.
fn property(evaluation: &Evaluation<'_>, id: &str, name: &str) -> String {
    let resources = evaluation.resources();
    let found = resources.iter().find(|it| it.id.whole() == Some(id)).unwrap();
    let value = evaluation.value(found.property(name).unwrap());
    value.whole().unwrap_or_else(|| panic!("{id}.{name} is {value:?}")).to_owned()
}

/// Profile, build, log group and pipeline of somebody in a project.
fn names(email: &str, project: &str) -> [String; 4] {
    launched(email, project, |evaluation| {
        [
            ("UserProfile", "UserProfileName"),
            ("UserLifeCycleConfigProject", "Name"),
            ("UserLifeCycleConfigLogs", "LogGroupName"),
            ("UserPipeline", "Name"),
        ]
        .map(|(id, name)| property(evaluation, id, name))
    })
}

/// Why the form refuses it, if it does: the language holds what a stack is given against its inputs as CloudFormation does.
fn refusal(given: [&'static str; 4]) -> Option<String> {
    let mut parent = Stack::<(), ()>::new("parent", "A stack", |_, ()| ()).template();
    parent.templates_at(|key| sub!("https://example.com/{key}"));
    let [user_email, project_name, project_id, cost_center] = given;
    let inputs = studio_user::Inputs {
        user_email: give(user_email),
        project_name: give(project_name),
        project_id: give(project_id),
        cost_center: give(cost_center),
    };
    parent.nest("User", studio_user::STACK.with(inputs));
    let problems = Assembly::new().with(parent).synth(Settings::default()).err()?;
    Some(problems.to_string())
}

fn refusal_of_address(email: &str) -> Option<String> {
    refusal([email.to_owned().leak(), "mlops-demo-project", "p-abcdefghijkl", "12345"])
}

/// The accepted addresses of these tests, each with its project and the profile that it opens.
fn profiles() -> Vec<(String, &'static str, String)> {
    let demo = "mlops-demo-project";
    let named = |alias: &str, user: &str, project: &'static str| {
        (format!("{alias}@example.com"), project, format!("{user}-{project}"))
    };
    vec![
        named("fakename", "fakename", demo),
        named("fake.name", "fake-name", demo),
        named("fake_name", "fake-name", demo),
        named("fake-name", "fake-name", demo),
        named("fake+name", "fake-name", demo),
        named("f.a_k+e-name", "f-a-k-e-name", demo),
        named("f", "f", demo),
        named("007", "007", "x"),
        named(LONGEST_ALIAS, "a-name-of-thirty-characters-30", LONGEST_PROJECT),
        (format!("f@{}.example", "d".repeat(63)), demo, format!("f-{demo}")),
        (format!("f@{}.example", "d".repeat(118)), demo, format!("f-{demo}")),
        ("f@xn--bcher-kva.example".to_owned(), demo, format!("f-{demo}")),
    ]
}

#[test]
fn an_address_names_its_profile() {
    for (email, project, profile) in profiles() {
        assert_eq!(refusal_of_address(&email), None, "{email}");
        assert_eq!(names(&email, project)[0], profile, "{email}");
    }
    assert_eq!(
        names("fakename@example.com", "mlops-demo-project"),
        [
            "fakename-mlops-demo-project",
            "ap-southeast-1-mlops-mlops-demo-project-fakename-lcc",
            "/aws/codebuild/ap-southeast-1-mlops-mlops-demo-project-fakename-lcc",
            "mlops-demo-project_fakename_user_pipeline",
        ]
    );
}

#[test]
fn names_fit_at_their_longest() {
    assert_eq!((LONGEST_ALIAS.len(), LONGEST_PROJECT.len()), (30, 32));
    let longest = names(&format!("{LONGEST_ALIAS}@example.com"), LONGEST_PROJECT);
    let lengths = longest.each_ref().map(String::len);
    assert_eq!(lengths, [63, 88, 103, 77], "the formulas in the module's docs");
    for (length, most) in lengths.into_iter().zip([63, 150, 512, 100]) {
        assert!(length <= most, "{length} of {most}");
    }
    // What SageMaker, CodeBuild and CodePipeline want of names, for all of them.
    for (email, project, _) in profiles() {
        let [profile, build, _, pipeline] = names(&email, project);
        let parts: Vec<&str> = profile.split('-').collect();
        assert!(parts.iter().all(|part| !part.is_empty()), "{profile}");
        for name in [profile, build, pipeline] {
            let fits =
                |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_".contains(it);
            assert!(name.chars().all(fits), "{name}");
        }
    }
}

#[test]
fn other_addresses_are_refused_where_they_are_typed() {
    let long_alias = format!("{}@example.com", "a".repeat(31));
    let of_254 = format!("a@{}.com", "d".repeat(254 - "a@.com".len()));
    assert_eq!(of_254.len(), 254);
    let of_129 = format!("a@{}.com", "d".repeat(129 - "a@.com".len()));
    for email in [
        "",
        "fakename",
        "fakename.example.com",
        "@example.com",
        "fakename@",
        "fakename@example",
        "fakename@@example.com",
        "fakename@example.com@example.com",
        "fake'name@example.com",
        "fake\"name@example.com",
        "\"fakename\"@example.com",
        "Fakename@example.com",
        "FAKENAME@EXAMPLE.COM",
        "fakename@Example.com",
        "fake..name@example.com",
        "fake._name@example.com",
        ".fakename@example.com",
        "fakename.@example.com",
        "-fakename@example.com",
        "fake name@example.com",
        " fakename@example.com",
        "fakename@example.com ",
        "fakename@example.com\n",
        "fakename@example..com",
        "fakename@exam_ple.com",
        "fäkename@example.com",
        "fakename@bücher.example",
        "fake/name@example.com",
        "fake%name@example.com",
        "fake{{resolve:ssm:/x}}@example.com",
        "fakename@{{resolve:ssm:/x}}.com",
        "fake${AWS::AccountId}@example.com",
        &long_alias,
        &of_129,
        &of_254,
    ] {
        let said = refusal_of_address(email).unwrap_or_else(|| panic!("`{email}` is taken"));
        let parameter = &template()["Parameters"]["UserEmail"];
        let explained = parameter["ConstraintDescription"].as_str().unwrap();
        assert!(said.contains("UserEmail") && said.contains(explained), "{email}: {said}");
        assert!(explained.contains("lower case") && explained.contains("1 to 30"), "{explained}");
        assert!(explained.contains("128 characters"), "{explained}");
    }
}

/// Each pair asks for one thing twice, so that the second stack is refused with "already exists" by what is made first.
#[test]
fn never_two_people_one_profile() {
    for (one, other, project) in [
        ("fakename@example.com", "fakename@example.org", "demo"),
        ("fake.name@example.com", "fake-name@example.com", "demo"),
        ("fake_name@example.com", "fake+name@example.com", "demo"),
    ] {
        assert_ne!(one, other);
        assert_eq!(names(one, project), names(other, project), "{one} and {other}");
    }
    // Users of two projects, and the admin's profile: a name is taken by whoever has it, in whatever project.
    let profile = |email, project| names(email, project)[0].clone();
    assert_eq!(profile("a-b@example.com", "c"), profile("a@example.com", "b-c"));
    assert_eq!(profile("ds@example.com", "admin"), "ds-admin");
    // The builds' names have no mark between project and user. That is refused as well; the profiles are two.
    let (one, other) = (names("b-c@example.com", "a"), names("c@example.com", "a-b"));
    assert_ne!(one[0], other[0]);
    assert_eq!(one[1], other[1]);
    assert_ne!(one[3], other[3]);
    // The name that is taken is the profile's: everything else waits for it.
    for id in
        ["UserCleanup", "UserLifeCycleConfigLogs", "UserLifeCycleConfigProject", "UserPipeline"]
    {
        assert!(waits_for(&template(), id).contains("UserProfile"), "{id}");
    }
}

/// What a resource waits for, all the way: it is made after that and deleted before it.
fn waits_for(template: &Json, id: &str) -> BTreeSet<String> {
    let resources = template["Resources"].as_object().unwrap();
    let ids: BTreeMap<&str, BTreeSet<String>> = resources
        .iter()
        .map(|(id, resource)| {
            let mut direct: BTreeSet<String> =
                support::texts(&resource["DependsOn"]).iter().map(|it| (*it).to_owned()).collect();
            referred(&resource["Properties"], &mut direct);
            direct.retain(|name| resources.contains_key(name));
            (id.as_str(), direct)
        })
        .collect();
    let mut all = BTreeSet::new();
    let mut open = vec![id.to_owned()];
    while let Some(next) = open.pop() {
        for name in &ids[next.as_str()] {
            if all.insert(name.clone()) {
                open.push(name.clone());
            }
        }
    }
    all
}

/// What a value refers to. A text of `Fn::Sub` here refers to parameters only.
fn referred(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "Ref" => drop(found.insert(value.as_str().unwrap().to_owned())),
                    "Fn::GetAtt" => drop(found.insert(value[0].as_str().unwrap().to_owned())),
                    _ => referred(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| referred(item, found)),
        _ => {}
    }
}

#[test]
fn apps_and_spaces_go_before_the_profile() {
    let template = template();
    assert!(waits_for(&template, "UserCleanup").contains("UserProfile"));
    let cleanup = &template["Resources"]["UserCleanup"];
    assert_eq!(cleanup["Type"], "Custom::StudioCleanup");
    let given = cleanup["Properties"].as_object().unwrap();
    let names: BTreeSet<&str> = given.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["ServiceTimeout", "ServiceToken", "UserProfileArn"]));
    // This profile's things and no other's: the handler takes the whole domain's if it is given the domain.
    assert_eq!(given["UserProfileArn"], json!({"Fn::GetAtt": ["UserProfile", "UserProfileArn"]}));
    let function = given["ServiceToken"]["Fn::Sub"].as_str().unwrap();
    assert!(function.ends_with(":function:mlops-studio-cleanup"), "{function}");
    // A pipeline that could still change the profile goes before it, too.
    assert!(waits_for(&template, "UserPipeline").contains("UserLifeCycleConfigProject"));
    for (id, resource) in template["Resources"].as_object().unwrap() {
        let stays = resource["DeletionPolicy"].as_str().is_some_and(|it| it != "Delete");
        assert!(!stays, "{id} stays behind");
    }
}

#[test]
fn the_profile_is_the_projects_and_the_persons() {
    let template = template();
    let profile = properties(&template, "UserProfile");
    let settings = profile["UserSettings"].as_object().unwrap();
    let keys: BTreeSet<&str> = settings.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        BTreeSet::from(["ExecutionRole"]),
        "groups would be added to the domain's, and the pipeline owns the rest"
    );
    assert_eq!(
        settings["ExecutionRole"]["Fn::Sub"],
        "{{resolve:ssm:/mlops/projects/${ProjectName}/role-arn}}"
    );
    let tags: BTreeMap<&str, &Json> = several(&profile["Tags"])
        .into_iter()
        .map(|tag| (tag["Key"].as_str().unwrap(), &tag["Value"]))
        .collect();
    let expected = BTreeMap::from([
        ("UserEmail", json!({"Ref": "UserEmail"})),
        ("mlops:platform", json!("aws-mlops-accelerator-stack")),
        ("sagemaker:project-id", json!({"Ref": "ProjectId"})),
        ("sagemaker:project-name", json!({"Ref": "ProjectName"})),
    ]);
    // Tags of a profile cannot be changed, so there is no cost center.
    assert_eq!(tags, expected.iter().map(|(key, value)| (*key, value)).collect());
}

#[test]
fn everything_else_has_the_tags_of_platform_and_project() {
    let template = template();
    let expected =
        ["CostCenter", "mlops:platform", "sagemaker:project-name", "sagemaker:project-id"];
    for (id, resource) in template["Resources"].as_object().unwrap() {
        if ["UserProfile", "UserCleanup"].contains(&id.as_str()) {
            continue;
        }
        let tags = several(&resource["Properties"]["Tags"]);
        let keys: Vec<&str> = tags.iter().map(|tag| tag["Key"].as_str().unwrap()).collect();
        assert_eq!(keys, expected, "{id}");
    }
}

/// References by the path, and how often each stands there.
fn references() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for rest in text().split("{{resolve:").skip(1) {
        let (reference, _) = rest.split_once("}}").unwrap();
        *found.entry(reference.to_owned()).or_insert(0) += 1;
    }
    found
}

#[test]
fn what_platform_and_project_are_comes_by_dynamic_references() {
    let found = references();
    assert!(found.values().sum::<usize>() <= 60, "CloudFormation resolves 60 a template");
    let platform = ["domain-id", "infra-branch-name", "kms-key-arn", "pipeline-bucket"];
    let project = ["build-role-arn", "kms-key-arn", "pipeline-role-arn", "role-arn"];
    let expected: BTreeSet<String> = platform
        .map(|name| format!("ssm:/mlops/platform/{name}"))
        .into_iter()
        .chain(project.map(|name| format!("ssm:/mlops/projects/${{ProjectName}}/{name}")))
        .collect();
    assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), expected);
    // Once the project is known, so is the path.
    launched("fakename@example.com", "demo", |evaluation| {
        let role = property(evaluation, "UserPipeline", "RoleArn");
        assert_eq!(role, "{{resolve:ssm:/mlops/projects/demo/pipeline-role-arn}}");
    });
    // None where CloudFormation may not resolve it: in a custom resource, an output, a parameter, a name that others look for.
    let template = template();
    for part in ["Outputs", "Parameters"] {
        assert!(!template[part].to_string().contains("{{resolve:"), "{part}");
    }
    assert!(!template["Resources"]["UserCleanup"].to_string().contains("{{resolve:"));
}

#[test]
fn the_pipeline_has_one_action_and_starts_once() {
    let template = template();
    let pipeline = properties(&template, "UserPipeline");
    let stages: Vec<(&str, Vec<&str>)> = several(&pipeline["Stages"])
        .into_iter()
        .map(|stage| {
            let actions = several(&stage["Actions"]);
            let names = actions.iter().map(|action| action["Name"].as_str().unwrap()).collect();
            (stage["Name"].as_str().unwrap(), names)
        })
        .collect();
    assert_eq!(
        stages,
        [
            ("Source", vec!["platform_repo"]),
            ("CreateAssociation", vec!["associate_user_lifecycle"])
        ]
    );
    let source = &pipeline["Stages"][0]["Actions"][0]["Configuration"];
    assert_eq!(source["PollForSourceChanges"], false);
    assert!(of_type(&template, "AWS::Events::Rule").is_empty());
    assert_eq!(
        (&pipeline["PipelineType"], &pipeline["ExecutionMode"]),
        (&json!("V2"), &json!("SUPERSEDED"))
    );
    let build = properties(&template, "UserLifeCycleConfigProject");
    assert_eq!(
        build["Source"]["BuildSpec"],
        "crates/mlops-platform/assets/buildspecs/associate_user_lifecycle.yaml"
    );
    let variables = several(&build["Environment"]["EnvironmentVariables"]);
    let names: Vec<&str> = variables.iter().map(|it| it["Name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ACTION", "PROJECT", "PROJECT_ID", "USER_PROFILE"]);
    assert!(of_type(&template, "AWS::IAM::Role").is_empty(), "the project's roles serve");
    let logs = properties(&template, "UserLifeCycleConfigLogs");
    assert_eq!(logs["RetentionInDays"], 30);
}

/// A project and its users must not disagree about what a project is.
#[test]
fn parameters_of_the_project_are_those_of_the_project() {
    let project = support::synthesize(sagemaker_project::STACK.template());
    let project = support::template(&project, "smproject");
    let template = template();
    let parameters = template["Parameters"].as_object().unwrap();
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(names, ["UserEmail", "ProjectName", "ProjectId", "CostCenter"]);
    for (ours, theirs) in [
        ("ProjectName", "SageMakerProjectName"),
        ("ProjectId", "SageMakerProjectId"),
        ("CostCenter", "CostCenter"),
    ] {
        for key in ["Type", "MinLength", "MaxLength", "AllowedPattern", "ConstraintDescription"] {
            let theirs = &project["Parameters"][theirs][key];
            assert_eq!(&parameters[ours][key], theirs, "{ours}: {key}");
        }
    }
    for parameter in parameters.values() {
        assert!(parameter["Default"].is_null() && parameter["NoEcho"].is_null());
    }
    let email = "fakename@example.com";
    assert_eq!(refusal([email, "demo", "p-abcdefghijkl", "12345"]), None);
    for (given, parameter) in [
        ([email, "My_Project", "p-abcdefghijkl", "12345"], "ProjectName"),
        ([email, "mlops-platform", "p-abcdefghijkl", "12345"], "ProjectName"),
        ([email, "a-project-name-of-33-characters-1", "p-abcdefghijkl", "12345"], "ProjectName"),
        ([email, "demo", "p_1", "12345"], "ProjectId"),
        ([email, "demo", "p-abcdefghijkl", ""], "CostCenter"),
    ] {
        let said = refusal(given).unwrap_or_else(|| panic!("{given:?} is taken"));
        assert!(said.contains(parameter), "{given:?}: {said}");
    }
}

#[test]
fn outputs_say_where_to_go() {
    launched("fake.name@example.com", "demo", |evaluation| {
        evaluation.learn("UserPipeline", Known::text("demo_fake-name_user_pipeline"));
        let outputs: BTreeMap<String, String> = evaluation
            .outputs()
            .iter()
            .map(|output| {
                let value = evaluation.value(&output.value);
                (output.name.whole().unwrap().to_owned(), value.whole().unwrap().to_owned())
            })
            .collect();
        assert_eq!(outputs["UserProfileName"], "fake-name-demo");
        assert_eq!(outputs["UserPipelineName"], "demo_fake-name_user_pipeline");
        let role = format!("{LONGEST_REGION}-datascientist-{ACCOUNT}");
        let domain = format!("{LONGEST_REGION}-studio-domain");
        for part in ["fake-name-demo", "demo_fake-name_user_pipeline", &role, &domain] {
            assert!(outputs["SignIn"].contains(part), "{part}");
        }
        assert_eq!(outputs.len(), 3);
    });
}

#[test]
fn the_template_is_small_whoever_hands_it_over() {
    for (format, most) in [(Format::Yaml, 16_000), (Format::Json, 32_000)] {
        let settings = Settings { format, ..Settings::default() };
        let assembly = Assembly::new().with(studio_user::STACK.template());
        let synthesized = assembly.synth(settings).unwrap_or_else(|problems| panic!("{problems}"));
        let bytes = synthesized.template("smuser").unwrap().text.len();
        assert!(bytes < most, "{bytes} bytes; a template that is handed over inline has 51,200");
    }
}
