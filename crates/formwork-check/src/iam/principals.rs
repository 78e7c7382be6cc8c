//! Principals: who they are, and whether more are let in than were meant.

use super::actions;
use super::document::{Document, Item, Statement};
use super::pattern::{covers, is_anything, is_spent, is_unknown, meet, shown, spend};
use super::places::Kind;
use super::{Report, Says};

const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

pub(super) fn check(document: &Document, report: &mut Report<'_, '_>) {
    if matches!(document.kind, Kind::Identity | Kind::Boundary | Kind::Control) {
        return;
    }
    for statement in &document.statements {
        for (kind, item) in statement.principals.iter().chain(&statement.not_principals) {
            shape(kind, item, report);
        }
        if !statement.is_allow() {
            continue;
        }
        match document.kind {
            Kind::Trust => trust(statement, report),
            Kind::Resource => open(document, statement, report),
            Kind::Endpoint | Kind::Identity | Kind::Boundary | Kind::Control => {}
        }
    }
}

fn shape(kind: &str, item: &Item, report: &mut Report<'_, '_>) {
    let text = item.text.as_str();
    if is_unknown(text) {
        return;
    }
    let problem = match kind {
        "" if text == "*" => return,
        "" => format!("a principal is `*` or a map of kinds, not `{text}`"),
        "AWS" => match of_aws(text) {
            Ok(()) => return,
            Err(problem) => problem,
        },
        "Service" if text.contains('.') || text == "*" => return,
        "Service" => format!("`{text}` is no service's name"),
        "Federated" | "CanonicalUser" => return,
        _ => format!("there is no kind of principal `{kind}`"),
    };
    let allowed = match kind {
        "AWS" => "an account, the ARN of an account, user, role or session, *".to_owned(),
        "Service" => "service.amazonaws.com".to_owned(),
        _ => KINDS.join(", "),
    };
    report.add("FW5064", item.at, Says::from(problem).given(text).allowed(allowed));
}

/// An account, an ARN without wildcards, a unique id, or everybody.
fn of_aws(text: &str) -> Result<(), String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if text == "*" || is_account || is_id {
        return Ok(());
    }
    if !text.starts_with("arn:") {
        return Err(format!("`{text}` is no account, ARN or id"));
    }
    if text.contains(['*', '?']) && !text.contains("${") {
        return Err(format!(
            "`{text}` has a wildcard, which only stands alone: compare `aws:PrincipalArn` in a condition"
        ));
    }
    Ok(())
}

fn is_anybody(kind: &str, text: &str) -> bool {
    (kind.is_empty() || kind == "AWS") && text == "*"
}

fn trust(statement: &Statement, report: &mut Report<'_, '_>) {
    for (kind, item) in &statement.principals {
        // Each is looked at together with every action and every value of a condition.
        let values = statement.conditions.iter().map(|clause| 1 + clause.values.len());
        if !spend(1 + statement.actions.len() + values.sum::<usize>()) {
            return;
        }
        if is_anybody(kind, &item.text) && !statement.is_conditional {
            report.add(
                "FW5060",
                item.at,
                Says::from("anybody can take the role on".to_owned()).given("*"),
            );
        }
        match kind.as_str() {
            "AWS" => other_account(statement, item, report),
            "Federated" => federated(statement, item, report),
            _ => {}
        }
        fitting(statement, kind, item, report);
    }
}

fn other_account(statement: &Statement, item: &Item, report: &mut Report<'_, '_>) {
    let account = item.text.split(':').nth(4).unwrap_or(&item.text);
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if is_account && !statement.is_conditional {
        let message = format!("the account {account} can take the role on without a condition");
        let fix = "the condition `sts:ExternalId`, or `aws:PrincipalOrgID` within an organization";
        report.add("FW5061", item.at, Says::from(message).given(&item.text).fix(fix));
    }
}

/// Each kind of principal takes a role on by its own action.
fn fitting(statement: &Statement, kind: &str, item: &Item, report: &mut Report<'_, '_>) {
    let has = |action: &str| {
        let action = action.to_ascii_lowercase();
        statement.actions.iter().any(|it| meet(&it.text.to_ascii_lowercase(), &action))
    };
    let federated = has("sts:AssumeRoleWithSAML") || has("sts:AssumeRoleWithWebIdentity");
    let plain = has("sts:AssumeRole");
    let (wrong, fix) = match kind {
        "Federated" => {
            (plain && !federated, "sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity")
        }
        "AWS" | "Service" => (federated && !plain, "sts:AssumeRole"),
        _ => (false, ""),
    };
    if wrong {
        let message = format!("`{}` cannot take the role on by this action", shown(&item.text));
        report.add("FW5063", item.at, Says::from(message).given(&item.text).allowed(fix).fix(fix));
    }
}

fn federated(statement: &Statement, item: &Item, report: &mut Report<'_, '_>) {
    let web = statement
        .actions
        .iter()
        .any(|it| it.text.eq_ignore_ascii_case("sts:AssumeRoleWithWebIdentity"));
    if !web || statement.is_conditional && statement.conditions.is_empty() {
        return;
    }
    let shared = ["token.actions.githubusercontent.com", "gitlab.com"];
    let is_shared = shared.iter().any(|provider| item.text.ends_with(provider));
    let narrows = statement.conditions.iter().any(|clause| {
        let audience = clause.key.text.to_ascii_lowercase().ends_with(":aud");
        let anything =
            clause.values.iter().any(|value| is_anything(&value.text) && !is_unknown(&value.text));
        !(anything || audience && is_shared)
    });
    if !narrows {
        let message = "every identity of the provider can take the role on".to_owned();
        report.add(
            "FW5065",
            item.at,
            Says::from(message).given(&item.text).fix("a condition on the provider's `:sub`"),
        );
    }
}

fn open(document: &Document, statement: &Statement, report: &mut Report<'_, '_>) {
    if statement.is_conditional {
        return;
    }
    let mut anybody = statement.principals.iter().filter(|(kind, it)| is_anybody(kind, &it.text));
    if let Some(first) = anybody.next()
        && !is_denied(document, statement)
        && !is_spent()
    {
        for (_, item) in std::iter::once(first).chain(anybody) {
            let actions: Vec<String> =
                statement.actions.iter().take(4).map(|it| shown(&it.text)).collect();
            let message = format!("anybody may {}", actions.join(", "));
            report.add("FW5062", item.at, Says::from(message).given("*"));
        }
    }
}

/// How many denials are looked at; a policy has no room for more.
const MOST_DENIALS: usize = 100;

/// Whether others are kept out by a `Deny` beside it, as services' own examples have it. One that demands TLS does not.
fn is_denied(document: &Document, allowed: &Statement) -> bool {
    let transport = ["aws:securetransport", "s3:tlsversion"];
    document
        .statements
        .iter()
        .filter(|it| it.is_deny() && it.is_conditional)
        .take(MOST_DENIALS)
        .any(|denied| {
            let narrows = denied
                .conditions
                .iter()
                .any(|clause| !transport.contains(&clause.key.text.to_ascii_lowercase().as_str()));
            let all = allowed.actions.iter().all(|action| {
                spend(denied.actions.len())
                    && denied.actions.iter().any(|it| {
                        covers(&it.text.to_ascii_lowercase(), &action.text.to_ascii_lowercase())
                    })
            });
            narrows
                && all
                && !allowed.actions.iter().all(|action| actions::named(&action.text).is_empty())
        })
}
