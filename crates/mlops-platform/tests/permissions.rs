//! Whoever deploys a template may do what its resources take: the registry's schemas say which IAM actions the handlers of each
//! type call, and each of them has to be allowed, on a resource that could be the template's.
//!
//! A new template, or a new role that deploys: one line in `DEPLOYERS`. A type with a handler that our use does not need, or that
//! is meant to fail: one line in `support/needless.rs`, with its reason.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use formwork::assembly::{Assembly, Settings, Synthesized};
use formwork::permissions::{Call, Handlers, Step};
use formwork::render::Format;
use serde_json::Value;
use support::needless::{NEEDLESS, Needless, SILENT};
use support::patterns::{
    alternatives, could_be_one, covers, known_patterns, own_arn, pattern, patterns,
};

/// A role, or the boundary of one, and what is deployed with it.
#[derive(Clone, Copy)]
struct Deployer {
    name: &'static str,
    /// Where its policies are: a template and the logical id of a role, a managed policy or a key.
    policies: &'static [(&'static str, &'static str)],
    /// The templates that it makes, changes and removes.
    templates: &'static [&'static str],
    /// Types of templates that customers' accounts get by stack sets.
    types: &'static [&'static str],
}

/// What a project's pipelines deploy.
const SUB_STACKS: &[&str] = &[
    "project-service-catalog",
    "project-ecr",
    "project-model-group",
    "inference-stackset",
    "monitor-stackset",
];

const DEPLOYERS: &[Deployer] = &[
    Deployer {
        name: "launch role",
        policies: &[("sc-project", "LaunchRole"), ("smproject", "ProjectKey")],
        templates: &["smproject", "smuser"],
        types: &[],
    },
    Deployer {
        name: "deployer",
        policies: &[
            ("mlops_entry_point", "DeployPlatformProjectRole"),
            ("mlops_entry_point", "DeployPlatformProjectPolicy"),
        ],
        templates: &[
            "mlops_entry_point",
            "stackset-execution-role",
            "stackset-admin-role",
            "deploy-infra",
            "sm-tag-lambda",
            "sc-project",
        ],
        types: &[],
    },
    Deployer {
        name: "boundary of a project",
        policies: &[("sc-project", "ProjectBoundary")],
        templates: SUB_STACKS,
        types: &[],
    },
    Deployer {
        name: "CloudFormation role of a project",
        policies: &[("smproject", "CfnRole")],
        templates: SUB_STACKS,
        types: &[],
    },
    Deployer {
        name: "execution role of stack sets",
        policies: &[("stackset-execution-role", "ExecutionRole")],
        templates: &["inference", "monitor"],
        types: &[],
    },
];

/// Every template by its name.
static TEMPLATES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let settings = Settings { format: Format::Json, ..Settings::default() };
    let synthesized = |assembly: Assembly| -> Synthesized {
        assembly.synth(settings).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let released = synthesized(mlops_platform::assembly()).templates.into_iter();
    released.map(|one| (one.entry.name, serde_json::from_str(&one.text).unwrap())).collect()
});

fn template(name: &str) -> &'static Value {
    TEMPLATES.get(name).unwrap_or_else(|| panic!("there is no template {name}"))
}

/// The statements of all policies, without those that let in whoever may anyway.
fn statements(policies: &[(&str, &str)]) -> Vec<&'static Value> {
    let mut found = Vec::new();
    for (name, id) in policies {
        let resource = &template(name)["Resources"][id];
        let properties = &resource["Properties"];
        let documents: Vec<&Value> = match resource["Type"].as_str() {
            Some("AWS::IAM::Role") => support::several(&properties["Policies"])
                .into_iter()
                .map(|policy| &policy["PolicyDocument"])
                .collect(),
            Some("AWS::IAM::ManagedPolicy") => vec![&properties["PolicyDocument"]],
            Some("AWS::KMS::Key") => vec![&properties["KeyPolicy"]],
            other => panic!("{name}: {id} is {other:?}, which has no policies"),
        };
        for document in documents {
            found.extend(alternatives(&document["Statement"]));
        }
    }
    found.retain(|statement| statement["Sid"] != "AccountDecides");
    found
}

/// What statements say of an action, as patterns of resources; a key's own policy names none but the key. Of denials only those
/// that hold always: what a condition denies, another request may do.
struct Said {
    allowed: Vec<String>,
    denied: Vec<String>,
}

impl Said {
    fn of(action: &str, statements: &[&'static Value]) -> Said {
        let action = action.to_ascii_lowercase();
        let covering = |pattern: &str| covers(&pattern.to_ascii_lowercase(), &action);
        let mut said = Said { allowed: Vec::new(), denied: Vec::new() };
        for statement in statements {
            if !support::texts(&statement["Action"]).into_iter().any(covering) {
                continue;
            }
            let resources = &statement["Resource"];
            if statement["Effect"] == "Allow" {
                said.allowed.extend(patterns(resources));
            } else if statement["Condition"].is_null() {
                said.denied.extend(known_patterns(resources));
            }
        }
        said
    }

    /// Whether a resource of this ARN could be allowed.
    fn reaches(&self, arn: &str) -> bool {
        self.allowed.iter().any(|pattern| could_be_one(pattern, arn))
            && !self.denied.iter().any(|pattern| covers(pattern, arn))
    }

    /// Whether any resource could be allowed.
    fn reaches_something(&self) -> bool {
        !self.allowed.is_empty() && !self.denied.iter().any(|pattern| pattern == "*")
    }
}

/// A resource by its id with its type and properties.
type Placed = (String, &'static str, &'static Value);

fn resources(deployer: &Deployer) -> Vec<Placed> {
    let mut all: Vec<Placed> = Vec::new();
    for name in deployer.templates {
        for (id, it) in template(name)["Resources"].as_object().unwrap() {
            let kind = it["Type"].as_str().unwrap();
            all.push((format!("{name}: {id}"), kind, &it["Properties"]));
        }
    }
    let types = deployer.types.iter();
    all.extend(types.map(|kind| ((*kind).to_owned(), *kind, &Value::Null)));
    all
}

/// What every step takes for these types, with what silent schemas leave out.
fn calls(resources: &[Placed]) -> Vec<Call<'static>> {
    let handlers = Handlers::read(formwork_aws::handlers::TABLE);
    let kinds: BTreeSet<&'static str> = resources.iter().map(|(_, kind, _)| *kind).collect();
    let mut all = Vec::new();
    for step in Step::ALL {
        let needs = handlers.needs(kinds.iter().map(|kind| (*kind, *kind)), step);
        all.extend(needs.calls);
        for kind in needs.undescribed {
            let kind = if kind.starts_with("Custom::") { "Custom::" } else { kind };
            let known = SILENT.iter().find(|(silent, _)| *silent == kind);
            let (kind, actions) =
                known.unwrap_or_else(|| panic!("{kind} names no handlers: add it to SILENT"));
            all.extend(actions.iter().map(|action| Call {
                resource_type: kind,
                action,
                handlers: Vec::new(),
            }));
        }
    }
    all.sort();
    all.dedup_by(|one, other| {
        (one.resource_type, one.action) == (other.resource_type, other.action)
    });
    all
}

/// The line that says why a call need not be allowed, and the action or pattern of it.
fn needless(deployer: &Deployer, call: &Call<'_>) -> Option<(usize, &'static str)> {
    let matching = |(line, it): (usize, &'static Needless)| {
        let meant = covers(it.of, deployer.name) && covers(it.resource_type, call.resource_type);
        let action = it.actions.iter().find(|pattern| covers(pattern, call.action));
        action.filter(|_| meant).map(|action| (line, *action))
    };
    NEEDLESS.iter().enumerate().find_map(matching)
}

/// The first resource of the template that no statement with this action could be about.
fn out_of_reach(call: &Call<'_>, resources: &[Placed], said: &Said) -> Option<String> {
    let service = call.action.split(':').next().unwrap();
    let of_type = resources.iter().filter(|(_, kind, _)| *kind == call.resource_type);
    let own = of_type.filter_map(|(id, kind, it)| {
        own_arn(kind, it).filter(|(of, _)| *of == service).map(|(_, arn)| (id, arn))
    });
    own.into_iter().find(|(_, arn)| !said.reaches(arn)).map(|(id, arn)| format!("{id}: {arn}"))
}

/// Which service a type's role is handed to.
const SERVICES: &[(&str, &str)] = &[
    ("AWS::CloudFormation::StackSet", "cloudformation"),
    ("AWS::CodeBuild::Project", "codebuild"),
    ("AWS::CodePipeline::Pipeline", "codepipeline"),
    ("AWS::EC2::FlowLog", "vpc-flow-logs"),
    ("AWS::Events::Rule", "events"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::SageMaker::Domain", "sagemaker"),
    ("AWS::SageMaker::Model", "sagemaker"),
    ("AWS::SageMaker::UserProfile", "sagemaker"),
    ("AWS::Scheduler::Schedule", "scheduler"),
    ("AWS::ServiceCatalog::LaunchRoleConstraint", "servicecatalog"),
];

/// The roles that a resource's properties hand over, wherever they stand, as patterns of ARNs. What the configuration of a
/// pipeline's action names, the pipeline hands over.
fn handed<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    const ROLES: [&str; 7] = [
        "AdministrationRoleARN",
        "DeliverLogsPermissionArn",
        "ExecutionRole",
        "ExecutionRoleArn",
        "Role",
        "RoleArn",
        "ServiceRole",
    ];
    match value {
        Value::Object(map) => {
            for (key, it) in map.iter().filter(|(key, _)| *key != "Configuration") {
                if ROLES.contains(&key.as_str()) {
                    found.extend(alternatives(it));
                } else {
                    handed(it, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| handed(it, found)),
        _ => {}
    }
}

/// Whether a statement lets a role be handed to a service.
fn passes(statement: &Value, arn: &str, service: &str) -> bool {
    let covering = |pattern: &str| covers(pattern, "iam:PassRole");
    let to = &statement["Condition"]["StringEquals"]["iam:PassedToService"];
    let service = format!("{service}.amazonaws.com");
    statement["Effect"] == "Allow"
        && support::texts(&statement["Action"]).into_iter().any(covering)
        && patterns(&statement["Resource"]).iter().any(|pattern| could_be_one(pattern, arn))
        && (to.is_null() || support::texts(to).contains(&service.as_str()))
}

#[test]
fn whoever_deploys_may_hand_over_the_roles_that_resources_have() {
    let mut checked = 0;
    for deployer in DEPLOYERS {
        let statements = statements(deployer.policies);
        for name in deployer.templates {
            let resources = &template(name)["Resources"];
            for (id, it) in resources.as_object().unwrap() {
                let kind = it["Type"].as_str().unwrap();
                let mut roles = Vec::new();
                handed(&it["Properties"], &mut roles);
                if kind.starts_with("Custom::") || roles.is_empty() {
                    continue;
                }
                let service = SERVICES.iter().find(|(known, _)| *known == kind);
                let (_, service) = service.unwrap_or_else(|| panic!("{name}: {id}: to whom?"));
                for role in roles {
                    let made = role["Fn::GetAtt"][0].as_str().map(|id| &resources[id]);
                    let made = made.and_then(|it| own_arn("AWS::IAM::Role", &it["Properties"]));
                    let arn = made.map_or_else(|| pattern(role), |(_, arn)| arn);
                    assert!(
                        statements.iter().any(|statement| passes(statement, &arn, service)),
                        "{}: {name}: {id} hands {arn} to {service}",
                        deployer.name
                    );
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 10, "{checked}");
}

/// What a deployer lacks, without what it may lack.
fn missing(deployer: &Deployer) -> Vec<String> {
    let (statements, resources) = (statements(deployer.policies), resources(deployer));
    let needed = calls(&resources).into_iter().filter(|call| needless(deployer, call).is_none());
    needed
        .filter_map(|call| {
            let Call { resource_type, action, handlers } = &call;
            let said = Said::of(action, &statements);
            let what = format!("{}: {resource_type}: {action} {handlers:?}", deployer.name);
            if !said.reaches_something() {
                return Some(what);
            }
            let resource = out_of_reach(&call, &resources, &said)?;
            Some(format!("{what} not on {resource}"))
        })
        .collect()
}

#[test]
fn whoever_deploys_may_do_what_the_handlers_call() {
    let missing: Vec<String> = DEPLOYERS.iter().flat_map(missing).collect();
    assert!(
        missing.is_empty(),
        "{} actions are not allowed: allow them, narrowed, or say in needless.rs why not\n  {}",
        missing.len(),
        missing.join("\n  ")
    );
}

#[test]
fn a_resource_that_the_role_could_not_make_is_found() {
    let of = |templates, types| Deployer {
        name: "launch role",
        policies: DEPLOYERS[0].policies,
        templates,
        types,
    };
    let queue = missing(&of(&[], &["AWS::SQS::Queue"]));
    for action in ["sqs:CreateQueue", "sqs:TagQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue"] {
        assert!(queue.iter().any(|it| it.contains(&format!(" {action} "))), "{action}: {queue:?}");
    }
    // Denied whatever it is of, although allowed.
    let profile = Deployer { types: &["AWS::SageMaker::UserProfile"], ..DEPLOYERS[2] };
    let profile = missing(&profile);
    assert!(profile.iter().any(|it| it.contains(" sagemaker:CreateUserProfile ")), "{profile:?}");
    // The actions are allowed, but not on repositories of that name.
    let repository = missing(&of(&["mlops_entry_point"], &[]));
    let create = "AWS::CodeCommit::Repository: codecommit:CreateRepository [Create] not on";
    assert!(repository.iter().any(|it| it.contains(create)), "{repository:?}");
}

/// A line that no call needs would hide what a later template lacks.
#[test]
fn every_exception_is_of_something_that_is_not_allowed() {
    let mut used = BTreeSet::new();
    for deployer in DEPLOYERS {
        let (statements, resources) = (statements(deployer.policies), resources(deployer));
        for call in calls(&resources) {
            let said = Said::of(call.action, &statements);
            if !said.reaches_something() || out_of_reach(&call, &resources, &said).is_some() {
                used.extend(needless(deployer, &call));
            }
        }
    }
    for (line, it) in NEEDLESS.iter().enumerate() {
        assert!(!it.why.is_empty());
        for action in it.actions {
            let what = format!("{}: {}: {action}", it.of, it.resource_type);
            assert!(used.contains(&(line, action)), "{what} is allowed, or nothing calls it");
        }
    }
}

#[test]
fn patterns_meet_if_some_text_is_of_both() {
    for (one, other, expected) in [
        ("a", "a", true),
        ("a", "b", false),
        ("a*", "*b", true),
        ("a*c", "b*", false),
        ("*-repo", "platform", false),
        ("*-repo", "*", true),
        ("*_project_pipeline", "*_build_pipeline", false),
        ("", "*", true),
        ("a*b*c", "axbxc", true),
        ("a*b*c", "axxc", false),
    ] {
        assert_eq!(could_be_one(one, other), expected, "{one} {other}");
        assert_eq!(could_be_one(other, one), expected, "{other} {one}");
    }
}
