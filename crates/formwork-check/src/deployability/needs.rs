//! What a service looks for as it makes a resource, and refuses the resource without: a permission, a policy, a listener.
//!
//! One of several may do. If none is there, or all are made after the resource, it is refused for certain; if none is waited
//! for, it is a matter of luck.

use formwork::read::Tree;

use super::rules::{NEVER_THERE, NOT_DELIVERED, NOT_WAITED_FOR};
use super::scene::{Scene, Target, is_custom};
use crate::finding::{Finding, shown};

/// What a service asks for.
struct Need {
    /// The type that is refused.
    kind: &'static str,
    /// The property that names what is looked at.
    property: &'static str,
    /// The type of what is looked at.
    target: &'static str,
    /// The types that give it, each with the property that names the same.
    givers: &'static [(&'static str, &'static str)],
    /// A part of the principal that a permission of Lambda has to be for.
    principal: &'static str,
    /// What happens without it.
    refusal: &'static str,
    /// Whether it is refused where none is there at all.
    must: bool,
}

const PERMISSION: &[(&str, &str)] = &[("AWS::Lambda::Permission", "FunctionName")];
const BUCKET_POLICY: &[(&str, &str)] = &[("AWS::S3::BucketPolicy", "Bucket")];
const FUNCTION: &str = "AWS::Lambda::Function";
const BUCKET: &str = "AWS::S3::Bucket";
const INVOKES: &str = "the service tests whether it may call the function";

const fn calls(kind: &'static str, property: &'static str, principal: &'static str) -> Need {
    Need {
        kind,
        property,
        target: FUNCTION,
        givers: PERMISSION,
        principal,
        refusal: INVOKES,
        must: true,
    }
}

const fn writes(kind: &'static str, property: &'static str, must: bool) -> Need {
    Need {
        kind,
        property,
        target: BUCKET,
        givers: BUCKET_POLICY,
        principal: "",
        refusal: "the service tests whether it may write to the bucket",
        must,
    }
}

/// By the refusals of the services and their pages on permissions.
const NEEDS: &[Need] = &[
    calls("AWS::S3::Bucket", "NotificationConfiguration", "s3."),
    calls("AWS::Logs::SubscriptionFilter", "DestinationArn", "logs."),
    calls("AWS::Config::ConfigRule", "Source", "config."),
    calls("AWS::SecretsManager::RotationSchedule", "RotationLambdaARN", "secretsmanager."),
    calls("AWS::SES::ReceiptRule", "Rule", "ses."),
    Need {
        target: "AWS::SNS::Topic",
        givers: &[("AWS::SNS::TopicPolicy", "Topics")],
        principal: "",
        refusal: "S3 tests whether it may publish to the topic",
        ..calls("AWS::S3::Bucket", "NotificationConfiguration", "")
    },
    Need {
        target: "AWS::SQS::Queue",
        givers: &[("AWS::SQS::QueuePolicy", "Queues")],
        principal: "",
        refusal: "S3 tests whether it may send to the queue",
        ..calls("AWS::S3::Bucket", "NotificationConfiguration", "")
    },
    writes("AWS::CloudTrail::Trail", "S3BucketName", true),
    writes("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes", true),
    writes("AWS::ElasticLoadBalancing::LoadBalancer", "AccessLoggingPolicy", true),
    // A role may do instead of the bucket's policy, or the service writes the policy itself.
    writes("AWS::Config::DeliveryChannel", "S3BucketName", false),
    writes("AWS::SES::ReceiptRule", "Rule", false),
    writes("AWS::EC2::FlowLog", "LogDestination", false),
    Need {
        kind: "AWS::ECS::Service",
        property: "LoadBalancers",
        target: "AWS::ElasticLoadBalancingV2::TargetGroup",
        givers: &[
            ("AWS::ElasticLoadBalancingV2::Listener", "DefaultActions"),
            ("AWS::ElasticLoadBalancingV2::ListenerRule", "Actions"),
        ],
        principal: "",
        refusal: "ECS refuses a target group that no load balancer sends to",
        must: true,
    },
    Need {
        kind: "AWS::ApiGateway::Deployment",
        property: "RestApiId",
        target: "AWS::ApiGateway::RestApi",
        givers: &[("AWS::ApiGateway::Method", "RestApiId")],
        principal: "",
        refusal: "API Gateway refuses to deploy an API without methods",
        must: false,
    },
    Need {
        kind: "AWS::ApiGatewayV2::Deployment",
        property: "ApiId",
        target: "AWS::ApiGatewayV2::Api",
        givers: &[("AWS::ApiGatewayV2::Route", "ApiId")],
        principal: "",
        refusal: "API Gateway refuses to deploy an API without routes",
        must: false,
    },
];

/// Where events go to functions that nothing tests at the launch.
const EVENTS: [Need; 3] = [
    calls("AWS::Events::Rule", "Targets", "events."),
    calls("AWS::SNS::Subscription", "Endpoint", "sns."),
    calls("AWS::SNS::Topic", "Subscription", "sns."),
];

/// What the tables name.
#[cfg(test)]
pub(super) fn places() -> Vec<(&'static str, &'static str)> {
    let all = NEEDS.iter().chain(&EVENTS);
    all.flat_map(|need| need.givers.iter().copied().chain([(need.kind, need.property)])).collect()
}

pub(super) fn check(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for need in NEEDS {
        for at in scene.of_kind(need.kind) {
            for target in scene.targets_of(at, need.property, need.target) {
                ask(scene, at, need, &target, findings);
            }
        }
    }
    for need in &EVENTS {
        for at in scene.of_kind(need.kind) {
            for target in scene.targets_of(at, need.property, need.target) {
                let is_given = !givers(scene, need, target.at).is_empty();
                if !is_given && !is_arranged(scene, at, target.at) {
                    let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[target.at].id));
                    let message = format!("nothing lets `{id}` call the function `{to}`");
                    let fix = format!(
                        "add an `AWS::Lambda::Permission` for `{to}`, with `{id}` as its `SourceArn`"
                    );
                    let place = scene.place_in(at, need.property);
                    findings.push(Finding::new(NOT_DELIVERED, place, message).fix(fix));
                }
            }
        }
    }
}

fn ask<'t>(
    scene: &Scene<'t>,
    at: usize,
    need: &Need,
    target: &Target<'t>,
    findings: &mut Vec<Finding>,
) {
    let givers = givers(scene, need, target.at);
    let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[target.at].id));
    let names: Vec<String> = givers.iter().map(|one| shown(scene.nodes[*one].id)).collect();
    let names = names.join("`, `");
    let is_asked_for = need.must && !is_arranged(scene, at, target.at) && is_on(scene, at, need);
    let (rule, what, fix) = if givers.is_empty() {
        if !is_asked_for || !scene.may_coexist(at, target.at) {
            return;
        }
        let kinds: Vec<&str> = need.givers.iter().map(|(kind, _)| *kind).collect();
        let kinds = kinds.join("` or `");
        let what = format!("needs an `{kinds}` for `{to}`, and there is none");
        let fix = format!("add an `{kinds}` for `{to}`, and its name to the `DependsOn` of `{id}`");
        (NEVER_THERE, what, fix)
    } else if !givers.iter().all(|giver| scene.may_precede(at, *giver, &target.when)) {
        return;
    } else if is_asked_for && givers.iter().all(|giver| scene.always_waits(*giver, at)) {
        let fix = format!(
            "take the reference to `{id}` out of `{names}`, write its name or ARN there, and let `{id}` wait for it"
        );
        (NEVER_THERE, format!("is made before `{names}`, which it needs"), fix)
    } else if !givers.iter().any(|giver| scene.may_wait(*giver, at)) {
        let fix = format!("let `{id}` wait for `{names}`: add `DependsOn`");
        (NOT_WAITED_FOR, format!("does not wait for `{names}`"), fix)
    } else {
        return;
    };
    let message = format!("`{id}` {what}: {}", need.refusal);
    findings.push(Finding::new(rule, scene.place_in(at, need.property), message).fix(fix));
}

/// The resources that may give what is needed: those that name the target, and those of which nobody knows what they name.
fn givers(scene: &Scene<'_>, need: &Need, target: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for (kind, property) in need.givers {
        for giver in scene.of_kind(kind) {
            let named = scene.targets(giver, property);
            let is_it = |at: usize| {
                let passes_on =
                    ["AWS::Lambda::Alias", "AWS::Lambda::Version"].contains(&scene.nodes[at].kind);
                at == target || (passes_on && scene.refers(at, target))
            };
            let fits = named.iter().any(|one| is_it(one.at)) || named.is_empty();
            if fits && is_for(scene, giver, need.principal) {
                found.push(giver);
            }
        }
    }
    found
}

/// Whether a permission may be for a service.
fn is_for(scene: &Scene<'_>, giver: usize, principal: &str) -> bool {
    let named = scene.property(giver, "Principal").and_then(Tree::as_str);
    principal.is_empty()
        || named.is_none_or(|named| {
            named == "*" || named.starts_with(principal) || !named.contains(".amazonaws.")
        })
}

/// Whether something else may have given it: a custom resource or a nested stack that knows the target and is waited for.
fn is_arranged(scene: &Scene<'_>, at: usize, target: usize) -> bool {
    (0..scene.nodes.len()).any(|other| {
        let kind = scene.nodes[other].kind;
        (is_custom(kind) || kind == "AWS::CloudFormation::Stack")
            && scene.refers(other, target)
            && (scene.may_wait(at, other) || !scene.may_wait(other, at))
    })
}

/// Whether the property asks for it at all: of a load balancer only if its access logs are on, of a notification whatever
/// it names.
fn is_on(scene: &Scene<'_>, at: usize, need: &Need) -> bool {
    let logs =
        ["AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"];
    if !logs.contains(&need.kind) {
        return true;
    }
    let Some(tree) = scene.property(at, need.property) else { return false };
    let (mut is_on, mut is_off) = (false, false);
    tree.walk(|path, tree| {
        let last = path.last();
        let is_switch = matches!(last, Some(formwork::read::Segment::Key("Value" | "Enabled")));
        if is_switch && let Some(text) = tree.as_str() {
            is_on |= text == "true";
            is_off |= text == "false";
        }
    });
    is_on && !is_off
}
