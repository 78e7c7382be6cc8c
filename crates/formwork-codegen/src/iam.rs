//! IAM actions and condition keys: which there are, and in which module each prefix stands.
//!
//! Reads the data set as it was unpacked. Descriptions are never taken over; global keys (`aws:…`) are not
//! generated, for `formwork` has them by hand.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Result, error};
use crate::source::parse;
use crate::words;

/// What the data set says of one prefix such as `kms`.
#[derive(Clone, Debug, Default)]
pub struct IamService {
    /// The actions' names, such as `Decrypt`.
    pub actions: Vec<String>,
    /// The condition keys, each with the type of its values.
    pub keys: Vec<(String, String)>,
}

/// What one module holds of IAM.
#[derive(Debug, Default)]
pub struct IamModule {
    /// The prefix, such as `states`.
    pub prefix: String,
    /// Whether a module of resource types has this name; else the module is IAM's alone and has no feature.
    pub with_resources: bool,
    /// The constants of `actions`: name and action.
    pub actions: BTreeMap<String, String>,
    /// The items of `condition_keys`, by name.
    pub keys: BTreeMap<String, Key>,
}

/// A condition key.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The text before the variable part; the whole key if there is none.
    pub before: String,
    /// The text after the variable part, if there is one.
    pub after: Option<String>,
    /// The Rust type of its values.
    pub value: &'static str,
}

/// Prefixes that belong to a service of another name, or to several services.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("acm", &["certificatemanager"]),
    ("aidevops", &["devopsagent"]),
    ("airflow", &["mwaa"]),
    ("airflow-serverless", &["mwaaserverless"]),
    ("aoss", &["opensearchserverless"]),
    ("apigateway", &["apigateway", "apigatewayv2"]),
    ("bcm-dashboards", &["bcm"]),
    ("cognito-idp", &["cognito"]),
    ("connect-campaigns", &["connectcampaigns", "connectcampaignsv2"]),
    ("ds", &["directoryservice"]),
    ("elasticfilesystem", &["efs"]),
    ("elasticloadbalancing", &["elasticloadbalancing", "elasticloadbalancingv2"]),
    ("elasticmapreduce", &["emr"]),
    ("es", &["elasticsearch", "opensearchservice"]),
    ("events", &["events", "eventsv2"]),
    ("firehose", &["kinesisfirehose"]),
    ("geo", &["location"]),
    ("greengrass", &["greengrass", "greengrassv2"]),
    ("inspector2", &["inspectorv2"]),
    ("iotdeviceadvisor", &["iotcoredeviceadvisor"]),
    ("kafka", &["msk"]),
    ("kinesisanalytics", &["kinesisanalytics", "kinesisanalyticsv2"]),
    ("macie2", &["macie"]),
    ("medical-imaging", &["healthimaging"]),
    ("mobiletargeting", &["pinpoint"]),
    ("mq", &["amazonmq"]),
    ("neptune-db", &["neptune"]),
    ("nimble", &["nimblestudio"]),
    ("profile", &["customerprofiles"]),
    ("rds", &["docdb", "rds"]),
    ("resiliencehub", &["resiliencehub", "resiliencehubv2"]),
    ("route53-recovery-control-config", &["route53recoverycontrol"]),
    ("schemas", &["eventschemas"]),
    ("servicecatalog", &["servicecatalog", "servicecatalogappregistry"]),
    ("ssm-sap", &["systemsmanagersap"]),
    ("states", &["stepfunctions"]),
    ("thinclient", &["workspacesthinclient"]),
];

#[derive(Deserialize)]
struct ActionEntry {
    name: String,
}

#[derive(Deserialize)]
struct KeyEntry {
    key: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Reads the unpacked data set.
pub fn read(data: &Path) -> Result<BTreeMap<String, IamService>> {
    let mut services: BTreeMap<String, IamService> = BTreeMap::new();
    for (prefix, text) in files(&data.join("actions"))? {
        let entries: BTreeMap<String, ActionEntry> =
            parse(&text, &format!("actions/{prefix}.json"))?;
        services.entry(prefix).or_default().actions =
            entries.into_values().map(|entry| entry.name).collect();
    }
    for (prefix, text) in files(&data.join("conditionKeys"))? {
        let entries: BTreeMap<String, KeyEntry> =
            parse(&text, &format!("conditionKeys/{prefix}.json"))?;
        let keys = entries.into_values().map(|entry| (entry.key, entry.kind));
        services.entry(prefix).or_default().keys = keys.collect();
    }
    Ok(services)
}

/// Every JSON file of a directory, by its name without the ending.
pub fn files(directory: &Path) -> Result<BTreeMap<String, String>> {
    let unreadable = |e: std::io::Error| error!("cannot read {}: {e}", directory.display());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if let Some(prefix) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json"))
        {
            files.insert(prefix.to_owned(), std::fs::read_to_string(&path).map_err(unreadable)?);
        }
    }
    Ok(files)
}

/// What goes into each module. `features` are the modules of resource types.
pub fn modules(
    services: &BTreeMap<String, IamService>,
    features: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, IamModule>> {
    let mut modules: BTreeMap<String, IamModule> = BTreeMap::new();
    for (prefix, service) in services.iter().filter(|(_, service)| !service.actions.is_empty()) {
        for name in module_names(prefix, features)? {
            let module = IamModule {
                prefix: prefix.clone(),
                with_resources: features.contains_key(&name),
                actions: actions(prefix, &service.actions)?,
                keys: keys(prefix, &service.keys)?,
            };
            if let Some(other) = modules.insert(name.clone(), module) {
                return Err(error!(
                    "the IAM prefixes `{prefix}` and `{}` both belong to the module `{name}`: tell them apart in iam.rs",
                    other.prefix
                ));
            }
        }
    }
    Ok(modules)
}

fn module_names(prefix: &str, features: &BTreeMap<String, String>) -> Result<Vec<String>> {
    if let Some((_, homes)) = ELSEWHERE.iter().find(|(known, _)| *known == prefix) {
        return match homes.iter().find(|home| !features.contains_key(**home)) {
            None => Ok(homes.iter().map(ToString::to_string).collect()),
            Some(home) => Err(error!(
                "the IAM prefix `{prefix}` is to go to `{home}`, which is no service: correct ELSEWHERE in iam.rs"
            )),
        };
    }
    let plain: String = prefix.chars().filter(char::is_ascii_alphanumeric).collect();
    let own = if features.contains_key(&plain) {
        plain
    } else {
        words::not_keyword(prefix.replace('-', "_"))
    };
    Ok(vec![own])
}

fn actions(prefix: &str, names: &[String]) -> Result<BTreeMap<String, String>> {
    let mut actions = BTreeMap::from([("All".to_owned(), format!("{prefix}:*"))]);
    for name in names {
        if let Some(other) = actions.insert(identifier(name), format!("{prefix}:{name}")) {
            return Err(error!("the actions {other} and {prefix}:{name} have one Rust name"));
        }
    }
    Ok(actions)
}

/// The name as IAM has it, as far as Rust can: `GetObject`, `XAmzAcl` for `x-amz-acl`.
fn identifier(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let name: String = parts.map(capital).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}

fn capital(part: &str) -> String {
    let (first, rest) = part.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// The keys of the prefix itself. Others that its actions know (`aws:…`, `saml:…`, `ec2:…`) belong to `formwork`
/// or to another module. Of two keys that differ only in a dot, the one without it has the plain name.
fn keys(prefix: &str, keys: &[(String, String)]) -> Result<BTreeMap<String, Key>> {
    let mut own: Vec<_> =
        keys.iter().filter(|(key, _)| key.split(':').next() == Some(prefix)).collect();
    own.sort_by_key(|(key, _)| (key.contains('.'), key));
    let mut found: BTreeMap<String, Key> = BTreeMap::new();
    for (key, kind) in own {
        let value = value_type(kind).ok_or_else(|| {
            error!("condition key {key}: `{kind}` is no known type: teach iam.rs")
        })?;
        let (before, after) = variable(key);
        let local = without_prefix(&before);
        let names = match &after {
            None => [identifier(local), identifier(&local.replace('.', "_dot_"))],
            Some(after) => [
                words::snake(&format!("{local} {after}")),
                words::snake(&format!("{local} variable {after}")),
            ],
        };
        let new = Key { before: before.clone(), after, value };
        let Some(name) =
            names.into_iter().find(|name| found.get(name).is_none_or(|other| *other == new))
        else {
            return Err(error!(
                "the condition key {key} has the Rust name of another one: tell them apart in iam.rs"
            ));
        };
        found.insert(name, new);
    }
    Ok(found)
}

fn without_prefix(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, rest)| rest)
}

/// The text before and after a key's variable part: `${Name}`, `<name>`, or nothing behind a last `/`.
fn variable(key: &str) -> (String, Option<String>) {
    for (open, close) in [("${", '}'), ("<", '>')] {
        if let Some(start) = key.find(open)
            && let Some(length) = key[start..].find(close)
        {
            return (key[..start].to_owned(), Some(key[start + length + 1..].to_owned()));
        }
    }
    match key.strip_suffix("tag-key") {
        Some(before) if before.ends_with('/') => (before.to_owned(), Some(String::new())),
        _ if key.ends_with('/') => (key.to_owned(), Some(String::new())),
        _ => (key.to_owned(), None),
    }
}

fn value_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "String" => "String",
        "ArrayOfString" => "formwork::List<String>",
        "ARN" | "Arn" => "formwork::Arn",
        "ArrayOfARN" => "formwork::List<formwork::Arn>",
        "Bool" | "Boolean" => "bool",
        "ArrayOfBool" => "formwork::List<bool>",
        "Numeric" | "Long" => "condition::Number",
        "Date" => "condition::Date",
        "IPAddress" => "condition::IpRange",
        "Binary" => "condition::Binary",
        _ => return None,
    })
}
