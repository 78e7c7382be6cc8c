//! More of what services demand of values together, in lists and maps: containers, origins, artifacts, variables.
//!
//! As in `together`, one value that is not known is enough for silence.

use super::fields::{list, map, number, say, text};
use super::rules;
use super::validate::{Violation, shorten};
use crate::value::{Fields, Presence, Value, What};

/// What is wrong with the properties of a resource of this type.
pub(super) fn check(kind: &str, fields: &Fields, properties: &Value, found: &mut Vec<Violation>) {
    match kind {
        "AWS::AutoScaling::AutoScalingGroup" => sizes(fields, found),
        "AWS::CloudFront::Distribution" => origins(fields, found),
        "AWS::CodeBuild::Project" => location(fields, found),
        "AWS::ECS::TaskDefinition" => containers(fields, found),
        "AWS::GuardDuty::Detector" => features(fields, properties, found),
        "AWS::Lambda::EventSourceMapping" => start(fields, found),
        "AWS::Lambda::Function" => function(fields, found),
        "AWS::S3::Bucket" => tiers(fields, found),
        _ => {}
    }
}

/// Source: "`CreateAutoScalingGroup`", Amazon EC2 Auto Scaling API Reference.
fn sizes(fields: &Fields, found: &mut Vec<Violation>) {
    let (Some(least), Some(most)) = (number(fields, "MinSize"), number(fields, "MaxSize")) else {
        return;
    };
    if let Some(value) = fields.get("MaxSize").filter(|_| most < least) {
        let message = format!("at most {most} instances, of which {least} are the least");
        say(found, &rules::TOGETHER, value.at, &["MaxSize"], message, "`MinSize` or more");
    }
}

/// A distribution has fewer.
const MOST_ORIGINS: usize = 1_000;

/// Source: "`TargetOriginId`" of a cache behavior, Amazon `CloudFront` API Reference.
fn origins(fields: &Fields, found: &mut Vec<Violation>) {
    let Some(config) = fields.get("DistributionConfig").and_then(map) else { return };
    let mut known = Vec::new();
    for (section, inner) in [("Origins", None), ("OriginGroups", Some("Items"))] {
        let items = match (config.get(section), inner) {
            (None, _) => continue,
            (Some(value), None) => Some(value),
            (Some(value), Some(inner)) => map(value).and_then(|group| group.get(inner)),
        };
        let Some(What::List(items)) = items.map(|value| &value.what) else { return };
        for item in items {
            let Some(id) = map(item).and_then(|item| text(item, "Id")) else { return };
            known.push(id);
        }
    }
    if known.len() > MOST_ORIGINS {
        return;
    }
    let mut target = |behavior: &Value, path: &[&str]| {
        let Some(fields) = map(behavior) else { return };
        let (Some(id), Some(value)) =
            (text(fields, "TargetOriginId"), fields.get("TargetOriginId"))
        else {
            return;
        };
        // Without any, they may be written in a way of before.
        if !known.is_empty() && !known.contains(&id) {
            let path = [&["DistributionConfig"], path, &["TargetOriginId"]].concat();
            let message = format!("there is no origin `{}`", shorten(id));
            say(found, &rules::TOGETHER, value.at, &path, message, &known.join(", "));
        }
    };
    if let Some(behavior) = config.get("DefaultCacheBehavior") {
        target(behavior, &["DefaultCacheBehavior"]);
    }
    for (index, behavior) in config.get("CacheBehaviors").map_or(&[][..], list).iter().enumerate() {
        target(behavior, &["CacheBehaviors", &index.to_string()]);
    }
}

/// Source: "`ProjectArtifacts`", AWS `CodeBuild` API Reference.
fn location(fields: &Fields, found: &mut Vec<Violation>) {
    for name in ["Artifacts", "Source", "Cache"] {
        let Some((value, part)) = fields.get(name).and_then(|it| Some((it, map(it)?))) else {
            continue;
        };
        if text(part, "Type") == Some("S3") && part.presence("Location") == Presence::No {
            let message = "`Location` is missing, which `S3` needs".to_owned();
            say(found, &rules::DEPENDENT, value.at, &[name], message, "`Location`");
        }
    }
}

/// Source: "`RegisterTaskDefinition`", Amazon ECS API Reference.
fn containers(fields: &Fields, found: &mut Vec<Violation>) {
    let Some(all) = fields.get("ContainerDefinitions") else { return };
    let items: Option<Vec<&Fields>> = list(all).iter().map(map).collect();
    let Some(items) = items else { return };
    let is_idle =
        |item: &&Fields| text(item, "Essential").is_some_and(|it| it.eq_ignore_ascii_case("false"));
    if !items.is_empty() && items.iter().all(is_idle) {
        let message = "no container is essential".to_owned();
        say(found, &rules::TOGETHER, all.at, &["ContainerDefinitions"], message, "at least one");
    }
    let has_own_network = text(fields, "NetworkMode") == Some("awsvpc");
    for (index, item) in items.into_iter().enumerate() {
        let index = index.to_string();
        for (at, port) in item.get("PortMappings").map_or(&[][..], list).iter().enumerate() {
            let Some(port) = map(port) else { continue };
            let (host, own) = (number(port, "HostPort"), number(port, "ContainerPort"));
            if has_own_network && host.zip(own).is_some_and(|(host, own)| host != 0 && host != own)
            {
                let path =
                    ["ContainerDefinitions", &index, "PortMappings", &at.to_string(), "HostPort"];
                let place = port.get("HostPort").map_or(all.at, |value| value.at);
                let message =
                    "another port of the host, where the task has a network of its own".to_owned();
                say(found, &rules::TOGETHER, place, &path, message, "the container's port");
            }
        }
        logs(item, &index, found);
    }
}

fn logs(item: &Fields, index: &str, found: &mut Vec<Violation>) {
    let Some((value, logs)) = item.get("LogConfiguration").and_then(|it| Some((it, map(it)?)))
    else {
        return;
    };
    let Some(options) = logs.get("Options").and_then(map) else { return };
    let is_missing = options.presence("awslogs-group") == Presence::No;
    if text(logs, "LogDriver") == Some("awslogs") && is_missing {
        let path = ["ContainerDefinitions", index, "LogConfiguration", "Options"];
        let message = "`awslogs-group` is missing, which `awslogs` needs".to_owned();
        say(
            found,
            &rules::DEPENDENT,
            value.at,
            &path,
            message,
            "`awslogs-group`, `awslogs-region`",
        );
    }
}

/// Source: "`DataSources`" of `AWS::GuardDuty::Detector`, CloudFormation Template Reference.
fn features(fields: &Fields, properties: &Value, found: &mut Vec<Violation>) {
    let is_there = |name: &str| fields.presence(name) == Presence::Yes;
    if is_there("DataSources") && is_there("Features") {
        let at = fields.get("DataSources").map_or(properties.at, |value| value.at);
        let message = "`DataSources` may not be there beside `Features`".to_owned();
        say(found, &rules::EXCLUDED, at, &["DataSources"], message, "one of them");
    }
}

/// Queues have no position to start at.
/// Source: "`StartingPosition`", AWS Lambda API Reference.
fn start(fields: &Fields, found: &mut Vec<Violation>) {
    let is_queue =
        text(fields, "EventSourceArn").is_some_and(|arn| arn.split(':').nth(2) == Some("sqs"));
    if let Some(value) =
        fields.get("StartingPosition").filter(|it| is_queue && it.presence() == Presence::Yes)
    {
        let message = "a queue has no `StartingPosition`".to_owned();
        say(found, &rules::EXCLUDED, value.at, &["StartingPosition"], message, "none");
    }
}

/// Source: "Defined runtime environment variables", and "`PackageType`", AWS Lambda Developer Guide.
fn function(fields: &Fields, found: &mut Vec<Violation>) {
    const RESERVED: [&str; 21] = [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
    ];
    let variables = fields.get("Environment").and_then(map).and_then(|it| it.get("Variables"));
    for field in variables.and_then(map).map_or(&[][..], |it| &it.fields) {
        if RESERVED.contains(&field.key.as_str()) && field.value.presence() == Presence::Yes {
            let path = ["Environment", "Variables", &field.key];
            let message = format!("Lambda keeps the variable `{}` for itself", field.key);
            say(found, &rules::NOT_ALLOWED, field.at, &path, message, "another name");
        }
    }
    if text(fields, "PackageType") == Some("Image") {
        for name in ["Handler", "Layers", "Runtime"] {
            if let Some(value) = fields.get(name).filter(|it| it.presence() == Presence::Yes) {
                let message = format!("`{name}` may not be there beside the package type `Image`");
                say(found, &rules::EXCLUDED, value.at, &[name], message, "what the image has");
            }
        }
    }
}

/// Source: "`Tiering`", Amazon S3 API Reference.
fn tiers(fields: &Fields, found: &mut Vec<Violation>) {
    let all = fields.get("IntelligentTieringConfigurations").map_or(&[][..], list);
    for (index, configuration) in all.iter().enumerate() {
        let tiers = map(configuration).and_then(|it| it.get("Tierings"));
        for (at, tier) in tiers.map_or(&[][..], list).iter().enumerate() {
            let Some(tier) = map(tier) else { continue };
            let least = match text(tier, "AccessTier") {
                Some("ARCHIVE_ACCESS") => 90,
                Some("DEEP_ARCHIVE_ACCESS") => 180,
                _ => continue,
            };
            if let Some((days, value)) =
                number(tier, "Days").zip(tier.get("Days")).filter(|(days, _)| *days < least)
            {
                let (index, at) = (index.to_string(), at.to_string());
                let path = ["IntelligentTieringConfigurations", &index, "Tierings", &at, "Days"];
                let message = format!("after {days} days already");
                say(
                    found,
                    &rules::TOGETHER,
                    value.at,
                    &path,
                    message,
                    &format!("{least} days or more"),
                );
            }
        }
    }
}
