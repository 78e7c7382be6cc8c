//! Ways by which whoever has some actions can give oneself more: a table, each with where it is described.
//!
//! Only what is allowed on everything and without a condition counts, over all policies of a template that one role, user
//! or group has.

use super::document::{Document, Item, Statement};
use super::pattern::{covers, is_spent, meet, spend};
use super::wide::{everywhere, is_every_action, is_every_role, names_services};
use super::{Report, Says};

/// A way: the actions that it takes together, what one does, where it is described.
type Way = (&'static [&'static str], &'static str, &'static str);

/// "AWS IAM Privilege Escalation – Methods and Mitigation", Rhino Security Labs.
const RHINO: &str =
    "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/";
/// The catalogue of paths that Datadog keeps.
const PATHS: &str = "https://pathfinding.cloud/paths/";
/// What AWS says of passing roles.
const AWS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html";

#[rustfmt::skip]
const WAYS: &[Way] = &[
    (&["iam:CreatePolicyVersion"], "write a new version of a policy that one has", RHINO),
    (&["iam:SetDefaultPolicyVersion"], "choose an older, wider version of a policy that one has", RHINO),
    (&["iam:AttachUserPolicy"], "attach an administrator's policy to oneself", RHINO),
    (&["iam:AttachGroupPolicy"], "attach an administrator's policy to one's group", RHINO),
    (&["iam:AttachRolePolicy"], "attach an administrator's policy to one's role", RHINO),
    (&["iam:PutUserPolicy"], "write a policy for oneself", RHINO),
    (&["iam:PutGroupPolicy"], "write a policy for one's group", RHINO),
    (&["iam:PutRolePolicy"], "write a policy for one's role", RHINO),
    (&["iam:AddUserToGroup"], "join the administrators", RHINO),
    (&["iam:UpdateAssumeRolePolicy"], "let oneself take on another role", RHINO),
    (&["iam:CreateAccessKey"], "make keys for another user", RHINO),
    (&["iam:CreateLoginProfile"], "give another user a password", RHINO),
    (&["iam:UpdateLoginProfile"], "change another user's password", RHINO),
    (&["iam:DeleteRolePermissionsBoundary"], "remove the boundary of one's role", PATHS),
    (&["iam:DeleteUserPermissionsBoundary"], "remove one's boundary", PATHS),
    (&["iam:PutRolePermissionsBoundary"], "widen the boundary of one's role", PATHS),
    (&["iam:CreateServiceSpecificCredential"], "make credentials for another user", PATHS),
    (&["lambda:UpdateFunctionCode"], "change a function that has a stronger role", RHINO),
    (&["lambda:UpdateFunctionConfiguration"], "put a layer under a function that has a stronger role", RHINO),
    (&["glue:UpdateDevEndpoint"], "put one's key into an endpoint that has a stronger role", RHINO),
    (&["sts:AssumeRole"], "take on every role that trusts the account", PATHS),
    (&["ssm:SendCommand"], "run commands on instances that have a stronger role", PATHS),
    (&["ssm:StartSession"], "open a session on instances that have a stronger role", PATHS),
    (&["codebuild:StartBuild", "codebuild:UpdateProject"], "run commands in a build that has a stronger role", PATHS),
    (&["iam:PassRole", "ec2:RunInstances"], "start an instance with a stronger role", AWS),
    (&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "run a function with a stronger role", RHINO),
    (&["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"], "let an event run a function with a stronger role", RHINO),
    (&["iam:PassRole", "cloudformation:CreateStack"], "deploy a stack with a stronger role", RHINO),
    (&["iam:PassRole", "glue:CreateDevEndpoint"], "make an endpoint with a stronger role", RHINO),
    (&["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"], "run a job with a stronger role", PATHS),
    (&["iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"], "run a pipeline with a stronger role", RHINO),
    (&["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"], "run a build with a stronger role", PATHS),
    (&["iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"], "open a notebook with a stronger role", PATHS),
    (&["iam:PassRole", "sagemaker:CreateTrainingJob"], "train with a stronger role", PATHS),
    (&["iam:PassRole", "sagemaker:CreateProcessingJob"], "run a processing job with a stronger role", PATHS),
    (&["iam:PassRole", "ecs:RunTask", "ecs:RegisterTaskDefinition"], "run a task with a stronger role", PATHS),
    (&["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"], "run a state machine with a stronger role", PATHS),
    (&["iam:PassRole", "ec2:AssociateIamInstanceProfile"], "give a running instance a stronger role", PATHS),
];

/// What each service that a role is given to is called in `iam:PassedToService`.
const PASSED_TO: &[(&str, &str)] = &[
    ("cloudformation:", "cloudformation.amazonaws.com"),
    ("codebuild:", "codebuild.amazonaws.com"),
    ("datapipeline:", "datapipeline.amazonaws.com"),
    ("ec2:", "ec2.amazonaws.com"),
    ("ecs:", "ecs-tasks.amazonaws.com"),
    ("glue:", "glue.amazonaws.com"),
    ("lambda:", "lambda.amazonaws.com"),
    ("sagemaker:", "sagemaker.amazonaws.com"),
    ("states:", "states.amazonaws.com"),
];

/// How many ways a message names.
const SHOWN: usize = 3;

/// Checks the policies that one role, user or group has together.
pub(super) fn check(documents: &[&Document], report: &mut Report<'_, '_>) {
    if documents.iter().flat_map(|it| &it.statements).any(is_administrator) {
        return;
    }
    let mut found: Vec<(&Way, &Document, &Item)> = Vec::new();
    let statements = documents.iter().flat_map(|it| &it.statements);
    let size = statements.map(|it| 1 + it.actions.len() + it.resources.len()).sum::<usize>();
    for way in WAYS {
        if !spend(size * way.0.len()) || is_spent() {
            return;
        }
        let steps: Option<Vec<_>> =
            way.0.iter().map(|step| allowed(documents, step, way.0)).collect();
        // The place of the last action, which tells the way from others.
        if let Some((document, item)) = steps.and_then(|steps| steps.last().copied()) {
            found.push((way, document, item));
        }
    }
    let Some(&(_, document, item)) = found.first() else { return };
    report.id.clone_from(&document.logical_id);
    let shown = found
        .iter()
        .take(SHOWN)
        .map(|((steps, what, _), ..)| format!("{what} ({})", steps.join(", ")));
    let shown: Vec<String> = shown.collect();
    let more = found.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} other ways") } else { String::new() };
    let message = format!("whoever has these policies can {}{more}", shown.join("; "));
    let allowed = format!("described at {}", found[0].0.2);
    report.add("FW5070", item.at, Says::from(message).given(&item.text).allowed(allowed));
}

fn is_administrator(statement: &Statement) -> bool {
    let every = statement.actions.iter().any(|item| is_every_action(&item.text));
    statement.is_allow() && !statement.is_conditional && every && everywhere(statement).is_some()
}

/// Where an action is allowed on everything, if it is, and is nowhere denied.
fn allowed<'d>(
    documents: &[&'d Document],
    action: &str,
    way: &[&str],
) -> Option<(&'d Document, &'d Item)> {
    let lower = action.to_ascii_lowercase();
    let covered = |item: &&Item| covers(&item.text.to_ascii_lowercase(), &lower);
    let touched = |item: &Item| meet(&item.text.to_ascii_lowercase(), &lower);
    let denied = documents.iter().flat_map(|it| &it.statements).any(|statement| {
        statement.is_deny() && (statement.has("NotAction") || statement.actions.iter().any(touched))
    });
    if denied {
        return None;
    }
    documents.iter().copied().find_map(|document| {
        let statements = document.statements.iter().filter(|it| it.is_allow());
        let item = statements
            .filter(|it| is_open(it, &lower, way))
            .find_map(|statement| statement.actions.iter().find(covered));
        item.map(|item| (document, item))
    })
}

/// Whether a statement is about everything, without a condition that narrows the way.
fn is_open(statement: &Statement, action: &str, way: &[&str]) -> bool {
    let every = |item: &Item| match action {
        "iam:passrole" | "sts:assumerole" => is_every_role(&item.text),
        _ => item.text == "*" || is_every_of_iam(&item.text),
    };
    let open = !statement.is_conditional
        || action == "iam:passrole" && names_services(statement) && is_passed(statement, way);
    open && statement.resources.iter().any(every)
}

/// `arn:aws:iam::…:role/*` and its like; the account may be one that only the launch knows.
fn is_every_of_iam(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let is_iam = parts.nth(2) == Some("iam");
    let name = parts.nth(2).unwrap_or_default();
    let rest = name.split_once('/').map_or(name, |(_, rest)| rest);
    is_iam && rest == "*"
}

/// Whether the service of the way is among those that a role may be given to.
fn is_passed(statement: &Statement, way: &[&str]) -> bool {
    let service =
        way.iter().find_map(|step| PASSED_TO.iter().find(|(prefix, _)| step.starts_with(prefix)));
    let mut clauses = statement.conditions.iter();
    let named = clauses.find(|clause| clause.key.text.eq_ignore_ascii_case("iam:PassedToService"));
    let alone = statement.conditions.len() == 1;
    service.zip(named).is_some_and(|((_, service), clause)| {
        alone
            && !clause.operator.text.contains("Not")
            && clause.values.iter().any(|it| covers(&it.text, service))
    })
}
