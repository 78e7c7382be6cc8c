//! Conditions: operators, keys, values, and whether they fit each other and the statement's actions.

use std::cell::OnceCell;

use formwork::nearest::nearest;

use super::access::{self, Key, KeyType, key_pattern};
use super::actions;
use super::document::{Clause, Document, Item, Statement};
use super::pattern::{covers, is_spent, is_unknown, replace_variables, spend};
use super::places::Kind;
use super::{Report, Says};

/// An operator without `ForAnyValue:`, `ForAllValues:` and `IfExists`, and the type that it compares.
const OPERATORS: &[(&str, Option<KeyType>)] = &[
    ("StringEquals", Some(KeyType::Text)),
    ("StringNotEquals", Some(KeyType::Text)),
    ("StringEqualsIgnoreCase", Some(KeyType::Text)),
    ("StringNotEqualsIgnoreCase", Some(KeyType::Text)),
    ("StringLike", Some(KeyType::Text)),
    ("StringNotLike", Some(KeyType::Text)),
    ("NumericEquals", Some(KeyType::Number)),
    ("NumericNotEquals", Some(KeyType::Number)),
    ("NumericLessThan", Some(KeyType::Number)),
    ("NumericLessThanEquals", Some(KeyType::Number)),
    ("NumericGreaterThan", Some(KeyType::Number)),
    ("NumericGreaterThanEquals", Some(KeyType::Number)),
    ("DateEquals", Some(KeyType::Date)),
    ("DateNotEquals", Some(KeyType::Date)),
    ("DateLessThan", Some(KeyType::Date)),
    ("DateLessThanEquals", Some(KeyType::Date)),
    ("DateGreaterThan", Some(KeyType::Date)),
    ("DateGreaterThanEquals", Some(KeyType::Date)),
    ("Bool", Some(KeyType::Bool)),
    ("BinaryEquals", Some(KeyType::Binary)),
    ("IpAddress", Some(KeyType::Ip)),
    ("NotIpAddress", Some(KeyType::Ip)),
    ("ArnEquals", Some(KeyType::Arn)),
    ("ArnNotEquals", Some(KeyType::Arn)),
    ("ArnLike", Some(KeyType::Arn)),
    ("ArnNotLike", Some(KeyType::Arn)),
    ("Null", None),
];

/// The keys that every request may have, with the types of their values.
const GLOBAL: &[(&str, KeyType, bool)] = &[
    ("aws:AssumedRoot", KeyType::Bool, false),
    ("aws:CalledVia", KeyType::Text, true),
    ("aws:CalledViaAWSMCP", KeyType::Text, false),
    ("aws:CalledViaFirst", KeyType::Text, false),
    ("aws:CalledViaLast", KeyType::Text, false),
    ("aws:ChatbotSourceArn", KeyType::Arn, false),
    ("aws:CurrentTime", KeyType::Date, false),
    ("aws:Ec2InstanceSourcePrivateIPv4", KeyType::Ip, false),
    ("aws:Ec2InstanceSourceVpc", KeyType::Text, false),
    ("aws:EpochTime", KeyType::Date, false),
    ("aws:FederatedProvider", KeyType::Text, false),
    ("aws:IsMcpServiceAction", KeyType::Bool, false),
    ("aws:MultiFactorAuthAge", KeyType::Number, false),
    ("aws:MultiFactorAuthPresent", KeyType::Bool, false),
    ("aws:PrincipalAccount", KeyType::Text, false),
    ("aws:PrincipalArn", KeyType::Arn, false),
    ("aws:PrincipalIsAWSService", KeyType::Bool, false),
    ("aws:PrincipalOrgID", KeyType::Text, false),
    ("aws:PrincipalOrgPaths", KeyType::Text, true),
    ("aws:PrincipalServiceName", KeyType::Text, false),
    ("aws:PrincipalServiceNamesList", KeyType::Text, true),
    ("aws:PrincipalTag/${TagKey}", KeyType::Text, false),
    ("aws:PrincipalType", KeyType::Text, false),
    ("aws:referer", KeyType::Text, false),
    ("aws:RequestedRegion", KeyType::Text, false),
    ("aws:RequestTag/${TagKey}", KeyType::Text, false),
    ("aws:ResourceAccount", KeyType::Text, false),
    ("aws:ResourceOrgID", KeyType::Text, false),
    ("aws:ResourceOrgPaths", KeyType::Text, true),
    ("aws:ResourceTag/${TagKey}", KeyType::Text, false),
    ("aws:SecureTransport", KeyType::Bool, false),
    ("aws:SignInSessionArn", KeyType::Arn, false),
    ("aws:SourceAccount", KeyType::Text, false),
    ("aws:SourceArn", KeyType::Arn, false),
    ("aws:SourceIdentity", KeyType::Text, false),
    ("aws:SourceIp", KeyType::Ip, false),
    ("aws:SourceOrgID", KeyType::Text, false),
    ("aws:SourceOrgPaths", KeyType::Text, true),
    // of SNS, which puts it in the policy that a topic has by default
    ("aws:SourceOwner", KeyType::Text, false),
    ("aws:SourceVpc", KeyType::Text, false),
    ("aws:SourceVpcArn", KeyType::Arn, false),
    ("aws:SourceVpce", KeyType::Text, false),
    ("aws:TagKeys", KeyType::Text, true),
    ("aws:TokenIssueTime", KeyType::Date, false),
    ("aws:UserAgent", KeyType::Text, false),
    ("aws:userid", KeyType::Text, false),
    ("aws:username", KeyType::Text, false),
    ("aws:ViaAWSMCPService", KeyType::Bool, false),
    ("aws:ViaAWSService", KeyType::Bool, false),
    ("aws:VpceAccount", KeyType::Text, false),
    ("aws:VpceOrgID", KeyType::Text, false),
    ("aws:VpceOrgPaths", KeyType::Text, true),
    ("aws:VpcSourceIp", KeyType::Ip, false),
];

/// Keys of credentials, which every service's requests may have.
const OF_CREDENTIALS: &[&str] = &[
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:credentialissuingservice",
    "glue:roleassumedby",
    "identitystore:userid",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
];

/// What is only ever asked for together with another action, whose keys are then there.
const WITH_ASSUME_ROLE: &[&str] = &["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"];

pub(super) fn check(document: &Document, report: &mut Report<'_, '_>) {
    for statement in &document.statements {
        let of = Of { document, statement, named: OnceCell::new() };
        for clause in &statement.conditions {
            if is_spent() {
                return;
            }
            let Some(operator) = Operator::read(&clause.operator.text) else {
                unknown_operator(&clause.operator, report);
                continue;
            };
            let key = key(&of, clause, &operator, report);
            if let Some(key) = key {
                types(statement, clause, &operator, key, report);
            }
            values(clause, &operator, report);
        }
    }
}

/// What a condition is of.
struct Of<'d> {
    document: &'d Document,
    statement: &'d Statement,
    /// The actions that each text of the statement stands for.
    named: OnceCell<Vec<Vec<actions::Known>>>,
}

impl Of<'_> {
    fn named(&self) -> &[Vec<actions::Known>] {
        let texts = || self.statement.actions.iter().map(|action| actions::named(&action.text));
        self.named.get_or_init(|| texts().collect())
    }
}

/// An operator in its parts.
pub(super) struct Operator {
    pub base: &'static str,
    pub kind: Option<KeyType>,
    pub set: Option<Set>,
    pub if_exists: bool,
}

/// How several values are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    All,
    Any,
}

impl Operator {
    pub(super) fn read(text: &str) -> Option<Operator> {
        let (set, rest) = match text.split_once(':') {
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAllValues") => (Some(Set::All), rest),
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAnyValue") => (Some(Set::Any), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let length = rest.len().saturating_sub("IfExists".len());
        let tail = rest.get(length..).filter(|tail| tail.eq_ignore_ascii_case("IfExists"));
        let base = if tail.is_some() { &rest[..length] } else { rest };
        let found = OPERATORS.iter().find(|(known, _)| known.eq_ignore_ascii_case(base));
        let (base, kind) = found?;
        Some(Operator { base, kind: *kind, set, if_exists: tail.is_some() })
    }

    /// Whether a request without the key does not match.
    pub(super) fn needs_key(&self) -> bool {
        let negated = self.base.contains("Not");
        !self.if_exists && !negated && self.kind.is_some() && self.set != Some(Set::All)
    }
}

fn unknown_operator(item: &Item, report: &mut Report<'_, '_>) {
    if is_unknown(&item.text) || item.text.starts_with("Fn::") {
        return;
    }
    let known: Vec<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
    let mut says =
        Says::from(format!("`{}` is no operator of conditions", item.text)).given(&item.text);
    says.fix = nearest(&item.text, &known).map(ToOwned::to_owned);
    report.add("FW5034", item.at, says.allowed(known.join(", ")));
}

/// What is known of a key, unless it is one that cannot be judged; says if it does not exist or the actions lack it.
fn key(
    of: &Of<'_>,
    clause: &Clause,
    operator: &Operator,
    report: &mut Report<'_, '_>,
) -> Option<Key> {
    let text = clause.key.text.as_str();
    let lower = text.to_ascii_lowercase();
    // AWS IoT's own policies compare its variables as well, which are in no list.
    let of_iot = of.document.resource_type == "AWS::IoT::Policy";
    let unlisted = lower.contains("${") || OF_CREDENTIALS.contains(&lower.as_str());
    if is_unknown(text) || of_iot || unlisted {
        return None;
    }
    let Some((prefix, _)) =
        lower.rsplit_once(':').map(|_| lower.split_once(':').unwrap_or_default())
    else {
        report.add(
            "FW5031",
            clause.key.at,
            Says::from(format!("`{text}` has no prefix")).given(text),
        );
        return None;
    };
    if prefix == "aws" {
        let found = GLOBAL.iter().find(|(name, ..)| covers(&key_pattern(name), &lower));
        if found.is_none() {
            let known: Vec<&str> = GLOBAL.iter().map(|(name, ..)| *name).collect();
            unknown_key(&clause.key, &known, report);
        }
        return found.map(|&(name, kind, several)| Key { name, kind, several });
    }
    // An identity provider's, such as `accounts.google.com:aud`.
    if prefix.contains(['.', '/']) || prefix == "saml" || prefix.starts_with("cognito-identity") {
        return None;
    }
    let fits = |key: &&Key| covers(&key_pattern(key.name), &lower);
    let own = access::service(prefix).into_iter().flat_map(access::Service::all_keys);
    let named = of.named();
    if !spend(named.iter().map(Vec::len).sum::<usize>() + named.len()) {
        return None;
    }
    let of_actions = named.iter().flatten().flat_map(|(service, _)| service.all_keys());
    let Some(found) = own.clone().chain(of_actions).find(fits) else {
        let known: Vec<&str> = own.map(|key| key.name).collect();
        unknown_key(&clause.key, &known, report);
        return None;
    };
    // Where there are tags there is a key for them, whether AWS's list names it for the action or not.
    let of_tags = lower.contains(":resourcetag/");
    if operator.needs_key() && of.document.kind != Kind::Control && !of_tags {
        for (item, known) in of.statement.actions.iter().zip(named) {
            // They come with `sts:AssumeRole`, in the same request.
            if WITH_ASSUME_ROLE.iter().any(|it| it.eq_ignore_ascii_case(&item.text)) {
                continue;
            }
            let lacks =
                |(service, action): &actions::Known| !service.keys(action).any(|key| fits(&key));
            if !known.is_empty() && known.iter().all(lacks) {
                let message = format!("requests of `{}` have no `{text}`", item.text);
                report.add("FW5030", clause.key.at, Says::from(message).given(text));
            }
        }
    }
    Some(*found)
}

fn unknown_key(item: &Item, known: &[&str], report: &mut Report<'_, '_>) {
    let mut says =
        Says::from(format!("there is no condition key `{}`", item.text)).given(&item.text);
    says.fix = nearest(&item.text, known).map(ToOwned::to_owned);
    report.add("FW5031", item.at, says);
}

fn types(
    statement: &Statement,
    clause: &Clause,
    operator: &Operator,
    key: Key,
    report: &mut Report<'_, '_>,
) {
    let name = &clause.key.text;
    let wrong = match (operator.kind, key.kind) {
        // Many keys of the type text hold ARNs, and are compared as such; seconds since 1970 are a number too.
        (Some(KeyType::Text | KeyType::Arn), KeyType::Text | KeyType::Arn)
        | (Some(KeyType::Number), KeyType::Date)
        | (None, _) => false,
        (Some(operator), key) => operator != key,
    };
    if wrong {
        let (is, fix) = described(key.kind);
        let message = format!("`{}` does not compare `{name}`, which is {is}", operator.base);
        let says = Says::from(message).given(&clause.operator.text).allowed(fix).fix(fix);
        report.add("FW5032", clause.operator.at, says);
    }
    if operator.kind.is_none() {
        return;
    }
    let is_text = operator.kind == Some(KeyType::Text);
    if key.several && operator.set.is_none() && is_text {
        let message = format!("`{name}` has several values, and `{}` compares one", operator.base);
        let fix = format!("ForAnyValue:{}", operator.base);
        report.add(
            "FW5033",
            clause.operator.at,
            Says::from(message).given(&clause.operator.text).fix(fix),
        );
    } else if !key.several && operator.set == Some(Set::All) && statement.is_allow() {
        let message =
            format!("`{name}` has one value, and `ForAllValues` also allows requests without it");
        report.add(
            "FW5033",
            clause.operator.at,
            Says::from(message).given(&clause.operator.text).fix(operator.base),
        );
    }
}

fn described(kind: KeyType) -> (&'static str, &'static str) {
    match kind {
        KeyType::Text => ("a text", "StringEquals, StringLike"),
        KeyType::Arn => ("an ARN", "ArnEquals, ArnLike"),
        KeyType::Bool => ("true or false", "Bool"),
        KeyType::Number => ("a number", "NumericEquals, NumericLessThan"),
        KeyType::Date => ("a time", "DateLessThan, DateGreaterThan"),
        KeyType::Ip => ("an address", "IpAddress, NotIpAddress"),
        KeyType::Binary => ("binary", "BinaryEquals"),
    }
}

fn values(clause: &Clause, operator: &Operator, report: &mut Report<'_, '_>) {
    for item in &clause.values {
        let text = item.text.as_str();
        if is_unknown(text) || text.contains("${") {
            if operator.base.ends_with("Equals") {
                literal_star(item, operator, report);
            }
            continue;
        }
        let fits = match operator.kind {
            Some(KeyType::Bool) | None => {
                ["true", "false"].iter().any(|it| it.eq_ignore_ascii_case(text))
            }
            Some(KeyType::Number) => text.parse::<f64>().is_ok(),
            Some(KeyType::Date) => is_date(text),
            Some(KeyType::Ip) => is_range(text),
            Some(KeyType::Text | KeyType::Arn | KeyType::Binary) => true,
        };
        if !fits {
            let message = format!("`{}` cannot compare `{text}`", operator.base);
            report.add("FW5035", item.at, Says::from(message).given(text));
        }
        literal_star(item, operator, report);
    }
}

/// `StringEquals` and its like take `*` letter by letter.
fn literal_star(item: &Item, operator: &Operator, report: &mut Report<'_, '_>) {
    let literal = operator.base.starts_with("String") && !operator.base.ends_with("Like");
    if literal && replace_variables(&item.text, 'x').contains('*') && !item.text.contains("${*}") {
        let like = if operator.base.contains("Not") { "StringNotLike" } else { "StringLike" };
        let message = format!("`{}` takes `*` letter by letter", operator.base);
        report.add("FW5036", item.at, Says::from(message).given(&item.text).fix(like));
    }
}

fn is_date(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits == text.len() && digits > 0
        || digits == 4 && text[digits..].starts_with('-') && text.len() >= "2026-01-01".len()
}

fn is_range(text: &str) -> bool {
    let (address, bits) = text.split_once('/').unwrap_or((text, "0"));
    let most = if address.contains(':') { 128 } else { 32 };
    address.parse::<std::net::IpAddr>().is_ok() && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}
