//! The grammar of policies: elements, effects, versions, ids. Says nothing of what they name.

use std::collections::BTreeSet;

use formwork::nearest::nearest;

use super::document::{Document, Item, Statement};
use super::pattern::is_unknown;
use super::places::Kind;
use super::{Report, Says};

const ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The version that is meant by everybody today, and the one that counts where none is given.
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

pub(super) fn check(document: &Document, report: &mut Report<'_, '_>) {
    if document.is_empty {
        // Nobody could assume a role of it: IAM asks for at least one statement, and says so.
        let rule = if document.kind == Kind::Trust { "FW5007" } else { "FW5008" };
        report.add(rule, document.at, "a policy in which nothing stands".to_owned());
        return;
    }
    for (message, at) in &document.malformed {
        report.add("FW5001", *at, message.clone());
    }
    version(document, report);
    let mut ids = BTreeSet::new();
    for statement in &document.statements {
        for (message, at) in &statement.malformed {
            report.add("FW5001", *at, message.clone());
        }
        elements(statement, report);
        effect(statement, report);
        needed(document.kind, statement, report);
        if let Some(sid) = &statement.sid {
            id(document, sid, &mut ids, report);
        }
    }
}

fn version(document: &Document, report: &mut Report<'_, '_>) {
    let version = document.version.as_ref();
    if let Some(given) = version.filter(|it| !is_unknown(&it.text)) {
        if !VERSIONS.contains(&given.text.as_str()) {
            let says = Says::from(format!("there is no version `{}` of policies", given.text));
            let says = says.given(&given.text).allowed(VERSIONS.join(", ")).fix(VERSIONS[0]);
            report.add("FW5002", given.at, says);
            return;
        }
        if given.text == VERSIONS[0] {
            return;
        }
    } else if version.is_some() {
        return;
    }
    let at = version.map_or(document.at, |it| it.at);
    let missing =
        if version.is_some() { "is old" } else { "is missing, so that 2008-10-17 counts" };
    report.add(
        "FW5003",
        at,
        Says::from(format!("the policy's version {missing}")).fix(VERSIONS[0]),
    );
    for statement in &document.statements {
        let values = statement.conditions.iter().flat_map(|clause| &clause.values);
        for item in statement.resources.iter().chain(&statement.not_resources).chain(values) {
            if item.text.contains("${") {
                let says =
                    Says::from(format!("the version {missing}, which knows no policy variables"));
                report.add("FW5004", item.at, says.given(&item.text).fix(VERSIONS[0]));
            }
        }
    }
}

fn elements(statement: &Statement, report: &mut Report<'_, '_>) {
    for (name, at) in &statement.elements {
        if !ELEMENTS.contains(&name.as_str()) && !name.starts_with("Fn::") {
            let mut says = Says::from(format!("`{name}` is no element of a statement"))
                .given(name)
                .allowed(ELEMENTS.join(", "));
            says.fix = nearest(name, ELEMENTS).map(ToOwned::to_owned);
            report.add("FW5001", *at, says);
        }
    }
    for (element, not) in
        [("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")]
    {
        if statement.has(element) && statement.has(not) {
            let both = format!("a statement has `{element}` or `{not}`, not both");
            report.add("FW5001", statement.position(), both);
        }
    }
    if !statement.has("Action") && !statement.has("NotAction") {
        report.add("FW5001", statement.position(), "a statement without `Action`".to_owned());
    }
}

fn effect(statement: &Statement, report: &mut Report<'_, '_>) {
    if !statement.has("Effect") {
        report.add(
            "FW5005",
            statement.position(),
            Says::from("a statement without `Effect`".to_owned()).allowed("Allow, Deny"),
        );
    }
    for effect in &statement.effect {
        if !is_unknown(&effect.text) && effect.text != "Allow" && effect.text != "Deny" {
            let mut says =
                Says::from(format!("`{}` is no effect", effect.text)).given(&effect.text);
            says.fix = nearest(&effect.text, &["Allow", "Deny"]).map(ToOwned::to_owned);
            report.add("FW5005", effect.at, says.allowed("Allow, Deny"));
        }
    }
}

/// What each kind of policy must have, and must not.
fn needed(kind: Kind, statement: &Statement, report: &mut Report<'_, '_>) {
    let principal = ["Principal", "NotPrincipal"];
    let resource = ["Resource", "NotResource"];
    let (must, must_not): (&[&str], &[&str]) = match kind {
        Kind::Identity | Kind::Boundary | Kind::Control => (&resource, &principal),
        Kind::Trust => (&principal, &resource),
        Kind::Resource | Kind::Endpoint => (&principal, &[]),
    };
    let what = match kind {
        Kind::Identity | Kind::Boundary => "a policy of a role, user or group",
        Kind::Trust => "a trust policy",
        Kind::Resource => "a resource's policy",
        Kind::Endpoint => "an endpoint's policy",
        Kind::Control => "a service control policy",
    };
    if !must.is_empty() && !must.iter().any(|element| statement.has(element)) {
        let message = format!("a statement of {what} without `{}`", must[0]);
        report.add("FW5007", statement.position(), message);
    }
    for (name, at) in &statement.elements {
        if must_not.contains(&name.as_str()) {
            report.add("FW5007", *at, Says::from(format!("{what} has no `{name}`")).given(name));
        }
    }
}

/// The ids of IAM's own policies have letters and digits only; services allow more in theirs.
fn id(document: &Document, sid: &Item, ids: &mut BTreeSet<String>, report: &mut Report<'_, '_>) {
    if is_unknown(&sid.text) || sid.text.is_empty() {
        return;
    }
    let strict = document.resource_type.starts_with("AWS::IAM::");
    if strict && !sid.text.chars().all(|c| c.is_ascii_alphanumeric()) {
        let says = Says::from(format!(
            "the statement's id `{}` has other characters than letters and digits",
            sid.text
        ));
        let fix: String = sid.text.chars().filter(char::is_ascii_alphanumeric).collect();
        report.add("FW5006", sid.at, says.given(&sid.text).allowed("A-Z, a-z, 0-9").fix(fix));
    }
    if strict && !ids.insert(sid.text.clone()) {
        let says =
            Says::from(format!("the statement's id `{}` stands twice in one policy", sid.text));
        report.add("FW5006", sid.at, says.given(&sid.text));
    }
}
