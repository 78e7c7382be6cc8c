//! What is ordered by nothing but luck: resources that name each other by a text instead of a reference, log groups that
//! Lambda makes first, and what writes into a bucket after it was emptied.

use std::collections::BTreeMap;

use formwork::evaluate::{Known, Text};
use formwork::read::Tree;

use super::names::spelled;
use super::rules::{BY_TEXT, LOGS, NEEDLESS, WRITER};
use super::scene::{Scene, is_custom};
use crate::finding::{Finding, shown};

/// A property that names another resource, whose type has the name in this property.
pub(super) const NAMES: &[(&str, &str, &str, &str)] = &[
    (
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "ScalingTargetId",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "ResourceId",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "LaunchConfigurationName",
        "AWS::AutoScaling::LaunchConfiguration",
        "LaunchConfigurationName",
    ),
    (
        "AWS::AutoScaling::LifecycleHook",
        "AutoScalingGroupName",
        "AWS::AutoScaling::AutoScalingGroup",
        "AutoScalingGroupName",
    ),
    (
        "AWS::AutoScaling::ScalingPolicy",
        "AutoScalingGroupName",
        "AWS::AutoScaling::AutoScalingGroup",
        "AutoScalingGroupName",
    ),
    ("AWS::CloudTrail::Trail", "S3BucketName", "AWS::S3::Bucket", "BucketName"),
    (
        "AWS::CodeDeploy::DeploymentGroup",
        "ApplicationName",
        "AWS::CodeDeploy::Application",
        "ApplicationName",
    ),
    ("AWS::ECS::Service", "Cluster", "AWS::ECS::Cluster", "ClusterName"),
    ("AWS::EKS::Addon", "ClusterName", "AWS::EKS::Cluster", "Name"),
    ("AWS::EKS::FargateProfile", "ClusterName", "AWS::EKS::Cluster", "Name"),
    ("AWS::EKS::Nodegroup", "ClusterName", "AWS::EKS::Cluster", "Name"),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "CacheSubnetGroupName",
        "AWS::ElastiCache::SubnetGroup",
        "CacheSubnetGroupName",
    ),
    ("AWS::Events::Rule", "EventBusName", "AWS::Events::EventBus", "Name"),
    ("AWS::Glue::Table", "DatabaseName", "AWS::Glue::Database", "DatabaseInput.Name"),
    ("AWS::IAM::InstanceProfile", "Roles.*", "AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::ManagedPolicy", "Roles.*", "AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::Policy", "Roles.*", "AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::RolePolicy", "RoleName", "AWS::IAM::Role", "RoleName"),
    ("AWS::Lambda::Alias", "FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Lambda::EventInvokeConfig", "FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Lambda::EventSourceMapping", "FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Lambda::Permission", "FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Lambda::Url", "TargetFunctionArn", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Lambda::Version", "FunctionName", "AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogStream", "LogGroupName", "AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Logs::MetricFilter", "LogGroupName", "AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Logs::SubscriptionFilter", "LogGroupName", "AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::RDS::DBInstance", "DBClusterIdentifier", "AWS::RDS::DBCluster", "DBClusterIdentifier"),
    ("AWS::RDS::DBInstance", "DBSubnetGroupName", "AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"),
    ("AWS::RDS::DBCluster", "DBSubnetGroupName", "AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"),
    ("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket", "BucketName"),
    ("AWS::SageMaker::App", "UserProfileName", "AWS::SageMaker::UserProfile", "UserProfileName"),
    (
        "AWS::SageMaker::Endpoint",
        "EndpointConfigName",
        "AWS::SageMaker::EndpointConfig",
        "EndpointConfigName",
    ),
    (
        "AWS::SageMaker::EndpointConfig",
        "ProductionVariants.*.ModelName",
        "AWS::SageMaker::Model",
        "ModelName",
    ),
];

pub(super) fn check(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    by_text(scene, findings);
    scaled(scene, findings);
    needless(scene, findings);
    customs(scene, findings);
    logs(scene, findings);
    writers(scene, findings);
}

/// The texts that a property comes to; `*` in its path stands for any item of a list.
fn texts(scene: &Scene<'_>, at: usize, path: &str) -> Vec<Text> {
    let Some(properties) = scene.nodes[at].tree.get("Properties") else { return Vec::new() };
    let mut steps = path.split('.');
    let first = steps.next().and_then(|name| properties.get(name));
    let mut values: Vec<Known> =
        first.map(|tree| scene.evaluation.value(tree)).into_iter().collect();
    for step in steps {
        let mut inner = Vec::new();
        for value in values {
            match value {
                Known::List(items) if step == "*" => inner.extend(items),
                value => inner.extend(value.get(step).cloned()),
            }
        }
        values = inner;
    }
    let texts = values.iter().filter_map(Known::to_text);
    // What is nothing but unknown may be a reference.
    texts.filter(|text| text.as_unknown().is_none() && !text.parts().is_empty()).collect()
}

fn by_text(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for (kind, property, of, name) in NAMES {
        let named: Vec<(usize, Text)> = scene
            .of_kind(of)
            .flat_map(|at| texts(scene, at, name).into_iter().map(move |text| (at, text)))
            .collect();
        if named.is_empty() {
            continue;
        }
        for at in scene.of_kind(kind) {
            for text in texts(scene, at, property) {
                for (other, _) in named.iter().filter(|(_, name)| name.same(&text) == Some(true)) {
                    say_text(scene, at, property, *other, &text, findings);
                }
            }
        }
    }
}

fn say_text(
    scene: &Scene<'_>,
    at: usize,
    property: &str,
    other: usize,
    text: &Text,
    findings: &mut Vec<Finding>,
) {
    let is_tied = scene.may_wait(other, at) || !scene.may_precede(at, other, &Vec::new());
    if at == other || is_tied {
        return;
    }
    let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[other].id));
    let message = format!("`{id}` names `{to}` by its text, so that it does not wait for it");
    let top = property.split('.').next().unwrap_or(property);
    let finding = Finding::new(BY_TEXT, scene.place_in(at, top), message);
    let fix = format!("refer to `{to}`, or add it to the `DependsOn` of `{id}`");
    findings.push(finding.given(spelled(text)).fix(fix));
}

/// What would be waited for without `DependsOn`.
fn needless(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for at in 0..scene.nodes.len() {
        for (to, path) in scene.needless(at) {
            let (id, to) = (shown(scene.nodes[at].id), shown(scene.nodes[to].id));
            let message = format!("`{id}` refers to `{to}` and waits for it anyway");
            let fix = format!("take `{to}` out of `DependsOn`");
            let place = scene.template.place_of(&path);
            findings.push(Finding::new(NEEDLESS, place, message).fix(fix));
        }
    }
}

/// Scalable targets that name their service or table by a text.
fn scaled(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for at in scene.of_kind("AWS::ApplicationAutoScaling::ScalableTarget") {
        for text in texts(scene, at, "ResourceId") {
            let Some(whole) = text.whole() else { continue };
            let parts: Vec<&str> = whole.split('/').collect();
            let (kind, name, given) = match parts.as_slice() {
                ["service", _, service] => ("AWS::ECS::Service", "ServiceName", *service),
                ["table", table, ..] => ("AWS::DynamoDB::Table", "TableName", *table),
                _ => continue,
            };
            for other in scene.of_kind(kind) {
                if texts(scene, other, name).iter().any(|text| text.whole() == Some(given)) {
                    say_text(scene, at, "ResourceId", other, &text, findings);
                }
            }
        }
    }
}

/// Custom resources that name their function or a bucket by a text.
fn customs(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    const NAMED: [(&str, &str); 2] =
        [("AWS::Lambda::Function", "FunctionName"), ("AWS::S3::Bucket", "BucketName")];
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, name) in NAMED {
        for at in scene.of_kind(kind) {
            named.extend(texts(scene, at, name).iter().map(|text| (text.to_string(), at)));
        }
    }
    if named.is_empty() {
        return;
    }
    for at in (0..scene.nodes.len()).filter(|at| is_custom(scene.nodes[*at].kind)) {
        let properties = scene.nodes[at].tree.get("Properties").and_then(Tree::as_map);
        for property in properties.unwrap_or_default() {
            for text in texts(scene, at, &property.key) {
                let spelling = text.to_string();
                let name = spelling.split_once(":function:").map_or(&*spelling, |(_, name)| name);
                if let Some(other) = named.get(name) {
                    say_text(scene, at, &property.key, *other, &text, findings);
                }
            }
        }
    }
}

/// Log groups of functions that custom resources run: whoever comes first makes the group.
fn logs(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    const GROUP: &str = "/aws/lambda/";
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for group in scene.of_kind("AWS::Logs::LogGroup") {
        let names = texts(scene, group, "LogGroupName");
        groups.extend(names.iter().map(|name| (name.to_string(), group)));
    }
    for at in (0..scene.nodes.len()).filter(|at| is_custom(scene.nodes[*at].kind)) {
        for function in scene.targets_of(at, "ServiceToken", "AWS::Lambda::Function") {
            let id = scene.nodes[function.at].id;
            let own = texts(scene, function.at, "FunctionName");
            let names = own.iter().map(ToString::to_string).chain([format!("‹{id}›")]);
            for group in names.filter_map(|name| groups.get(&format!("{GROUP}{name}"))) {
                let is_tied = scene.may_wait(*group, at);
                if is_tied || !scene.may_precede(at, *group, &function.when) {
                    continue;
                }
                let (custom, group) = (shown(scene.nodes[at].id), shown(scene.nodes[*group].id));
                let message = format!(
                    "`{custom}` runs `{}` and does not wait for `{group}`, the log group of the function",
                    shown(id)
                );
                let fix = format!("add `{group}` to the `DependsOn` of `{custom}`");
                findings.push(Finding::new(LOGS, scene.place(at), message).fix(fix));
            }
        }
    }
}

/// What writes into a bucket for as long as it is there, and the property that names the bucket.
pub(super) const WRITERS: [(&str, &str); 7] = [
    ("AWS::CloudTrail::Trail", "S3BucketName"),
    ("AWS::CodePipeline::Pipeline", "ArtifactStore"),
    ("AWS::Config::DeliveryChannel", "S3BucketName"),
    ("AWS::EC2::FlowLog", "LogDestination"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes"),
    ("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration"),
    ("AWS::S3::Bucket", "LoggingConfiguration"),
];

/// A custom resource that empties a bucket as the stack is deleted, as its type or function says.
fn empties(scene: &Scene<'_>, at: usize) -> bool {
    let node = &scene.nodes[at];
    let functions = scene.targets_of(at, "ServiceToken", "AWS::Lambda::Function");
    let names = functions.iter().map(|one| scene.nodes[one.at].id).chain([node.kind]);
    is_custom(node.kind)
        && names.into_iter().map(str::to_ascii_lowercase).any(|name| {
            name.contains("bucket")
                && ["empty", "clean", "purge"].iter().any(|word| name.contains(word))
        })
}

fn writers(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    for custom in (0..scene.nodes.len()).filter(|at| empties(scene, *at)) {
        for (kind, property) in WRITERS {
            for writer in scene.of_kind(kind) {
                for bucket in scene.targets_of(writer, property, "AWS::S3::Bucket") {
                    let is_its = bucket.at != writer && scene.refers(custom, bucket.at);
                    let is_tied = scene.may_wait(custom, writer);
                    if !is_its || is_tied || !scene.may_precede(writer, custom, &bucket.when) {
                        continue;
                    }
                    let id = |at: usize| shown(scene.nodes[at].id);
                    let message = format!(
                        "`{}` writes into `{}` and may be deleted after `{}` emptied it",
                        id(writer),
                        id(bucket.at),
                        id(custom)
                    );
                    let fix =
                        format!("add `{}` to the `DependsOn` of `{}`", id(custom), id(writer));
                    findings.push(Finding::new(WRITER, scene.place(writer), message).fix(fix));
                }
            }
        }
    }
}
