//! What acts with a role as the stack is made, and the policies that are attached to the role apart from it.

use super::rules::AFTER_POLICY;
use super::scene::{Scene, Target, is_custom, mentions};
use crate::finding::{Finding, shown};
use crate::references::dangling::Way;

/// A type that acts with a role as soon as it is made.
struct Actor {
    kind: &'static str,
    /// The property that leads to the role.
    property: &'static str,
    /// The property without which it does not act.
    only_with: Option<&'static str>,
    /// What the actions begin with that it needs; any if none.
    needs: &'static [&'static str],
}

const fn actor(kind: &'static str, property: &'static str) -> Actor {
    Actor { kind, property, only_with: None, needs: &[] }
}

const fn with(
    kind: &'static str,
    property: &'static str,
    only_with: &'static str,
    needs: &'static [&'static str],
) -> Actor {
    Actor { kind, property, only_with: Some(only_with), needs }
}

/// What each service does when the resource is made, as its documentation or its refusal says.
const ACTORS: &[Actor] = &[
    actor("AWS::EC2::Instance", "IamInstanceProfile"),
    actor("AWS::EC2::Instance", "LaunchTemplate"),
    actor("AWS::AutoScaling::AutoScalingGroup", "LaunchConfigurationName"),
    actor("AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate"),
    actor("AWS::AutoScaling::AutoScalingGroup", "MixedInstancesPolicy"),
    actor("AWS::ECS::Service", "TaskDefinition"),
    actor("AWS::ECS::Service", "Role"),
    actor("AWS::CodePipeline::Pipeline", "RoleArn"),
    actor("AWS::EMR::Cluster", "JobFlowRole"),
    actor("AWS::EMR::Cluster", "ServiceRole"),
    actor("AWS::EKS::Cluster", "RoleArn"),
    actor("AWS::EKS::Nodegroup", "NodeRole"),
    actor("AWS::SageMaker::NotebookInstance", "RoleArn"),
    actor("AWS::SageMaker::Model", "ExecutionRoleArn"),
    with("AWS::CodeBuild::Project", "ServiceRole", "VpcConfig", &["ec2:"]),
    with("AWS::Lambda::Function", "Role", "VpcConfig", &["ec2:"]),
    with("AWS::Lambda::Function", "Role", "DeadLetterConfig", &["sqs:", "sns:"]),
    with(
        "AWS::Lambda::EventSourceMapping",
        "FunctionName",
        "EventSourceArn",
        &["sqs:", "kinesis:", "dynamodb:"],
    ),
    with("AWS::StepFunctions::StateMachine", "RoleArn", "LoggingConfiguration", &["logs:"]),
    with("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn", "CloudWatchLogsRoleArn", &["logs:"]),
    with("AWS::ApiGateway::Account", "CloudWatchRoleArn", "CloudWatchRoleArn", &["logs:"]),
    with("AWS::Logs::SubscriptionFilter", "RoleArn", "RoleArn", &["kinesis:", "firehose:"]),
    with("AWS::AutoScaling::LifecycleHook", "RoleARN", "RoleARN", &["sqs:", "sns:"]),
    with(
        "AWS::KinesisFirehose::DeliveryStream",
        "KinesisStreamSourceConfiguration",
        "KinesisStreamSourceConfiguration",
        &["kinesis:"],
    ),
    with("AWS::Cognito::UserPool", "SmsConfiguration", "SmsConfiguration", &["sns:"]),
];

/// A custom resource runs its function.
const CUSTOM: Actor = actor("", "ServiceToken");

/// What stands between an actor and its role, and the property that leads on.
const CARRIERS: [(&str, &str); 9] = [
    ("AWS::IAM::InstanceProfile", "Roles"),
    ("AWS::Lambda::Function", "Role"),
    ("AWS::Lambda::Alias", "FunctionName"),
    ("AWS::Lambda::Version", "FunctionName"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/IamInstanceProfile"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData"),
    ("AWS::AutoScaling::LaunchConfiguration", "IamInstanceProfile"),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn"),
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn"),
];

/// The types of policies that stand apart from the role, and the property that names it.
const POLICIES: [(&str, &str); 3] = [
    ("AWS::IAM::Policy", "Roles"),
    ("AWS::IAM::ManagedPolicy", "Roles"),
    ("AWS::IAM::RolePolicy", "RoleName"),
];

/// What the tables name.
#[cfg(test)]
pub(super) fn places() -> Vec<(&'static str, &'static str)> {
    let actors = ACTORS.iter().flat_map(|actor| {
        let only = actor.only_with.map(|name| (actor.kind, name));
        [(actor.kind, actor.property)].into_iter().chain(only)
    });
    actors.chain(CARRIERS).chain(POLICIES).collect()
}

pub(super) fn check(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let policies = policies(scene);
    if policies.is_empty() {
        return;
    }
    for at in 0..scene.nodes.len() {
        let kind = scene.nodes[at].kind;
        let custom = is_custom(kind).then_some(&CUSTOM);
        let mut said = Vec::new();
        for actor in ACTORS.iter().filter(|actor| actor.kind == kind).chain(custom) {
            let acts = actor.only_with.is_none_or(|name| scene.property(at, name).is_some());
            if !acts {
                continue;
            }
            for role in roles(scene, at, actor.property) {
                judge(scene, at, actor, &role, &policies, &mut said, findings);
            }
        }
    }
}

/// A policy, and a role that it is attached to.
type Attached<'t> = (usize, Target<'t>);

fn policies<'t>(scene: &Scene<'t>) -> Vec<Attached<'t>> {
    let mut found = Vec::new();
    for (kind, property) in POLICIES {
        for policy in scene.of_kind(kind) {
            let roles = scene.targets_of(policy, property, "AWS::IAM::Role");
            found.extend(roles.into_iter().map(|role| (policy, role)));
        }
    }
    found
}

/// The roles that a property leads to, with the conditions on the way.
fn roles<'t>(scene: &Scene<'t>, at: usize, property: &str) -> Vec<Target<'t>> {
    const DEEPEST: usize = 4;
    let mut found: Vec<Target<'t>> = Vec::new();
    let mut open: Vec<(Target<'t>, usize)> =
        scene.targets(at, property).into_iter().map(|one| (one, 0)).collect();
    while let Some((one, depth)) = open.pop() {
        let kind = scene.nodes[one.at].kind;
        if kind == "AWS::IAM::Role" {
            found.push(one);
            continue;
        }
        for (_, next) in CARRIERS.iter().filter(|(carrier, _)| *carrier == kind && depth < DEEPEST)
        {
            for mut target in scene.targets(one.at, next) {
                target.when = joined(&one.when, &target.when);
                open.push((target, depth + 1));
            }
        }
    }
    found
}

fn joined<'t>(a: &Way<'t>, b: &Way<'t>) -> Way<'t> {
    let mut way = a.clone();
    way.extend(b.iter().filter(|step| !a.contains(step)));
    way
}

fn judge<'t>(
    scene: &Scene<'t>,
    at: usize,
    actor: &Actor,
    role: &Target<'t>,
    policies: &[Attached<'t>],
    said: &mut Vec<usize>,
    findings: &mut Vec<Finding>,
) {
    for (policy, attached) in policies.iter().filter(|(_, attached)| attached.at == role.at) {
        let document = scene.property(*policy, "PolicyDocument");
        let is_needed =
            actor.needs.is_empty() || document.is_none_or(|it| mentions(it, actor.needs));
        // A policy about the very resource cannot be waited for.
        if !is_needed || said.contains(policy) || scene.may_wait(*policy, at) {
            continue;
        }
        if !scene.may_precede(at, *policy, &joined(&role.when, &attached.when)) {
            continue;
        }
        said.push(*policy);
        let (id, role) = (shown(scene.nodes[at].id), shown(scene.nodes[role.at].id));
        let policy = shown(scene.nodes[*policy].id);
        let message = format!(
            "`{id}` acts with the role `{role}` and does not wait for `{policy}`, which gives the role its permissions"
        );
        let finding = Finding::new(AFTER_POLICY, scene.place(at), message);
        findings.push(finding.fix(format!("add `{policy}` to the `DependsOn` of `{id}`")));
    }
}
