//! What is allowed more widely than it need be: wildcards, `Not…` in `Allow`, `iam:PassRole`.
//!
//! A reason for a wildcard is a condition, an action that takes nothing else, or one that only reads.

use super::actions;
use super::document::{Document, Item, Statement};
use super::pattern::{covers, is_unknown};
use super::places::Kind;
use super::{Report, Says};

pub(super) fn check(document: &Document, report: &mut Report<'_, '_>) {
    for statement in document.statements.iter().filter(|it| it.is_allow()) {
        // What a boundary or an organization leaves is still to be allowed.
        if matches!(document.kind, Kind::Boundary | Kind::Control) {
            return;
        }
        negated(document, statement, report);
        if document.kind == Kind::Identity && document.resource_type != "AWS::IoT::Policy" {
            pass_role(statement, report);
            if !statement.is_conditional {
                everything(statement, report);
            }
        }
    }
}

fn negated(document: &Document, statement: &Statement, report: &mut Report<'_, '_>) {
    let place = |name: &str| statement.elements.iter().find(|(it, _)| it == name).map(|it| it.1);
    let everywhere = everywhere(statement).is_some();
    if let Some(at) = place("NotAction").filter(|_| everywhere && !statement.is_conditional) {
        let shown: Vec<&str> =
            statement.not_actions.iter().map(|item| item.text.as_str()).collect();
        let message = format!("everything is allowed but {}", shown.join(", "));
        report.add("FW5043", at, Says::from(message));
    }
    if let Some(at) = place("NotResource") {
        report.add("FW5044", at, Says::from("everything is allowed but what is listed".to_owned()));
    }
    if let Some(at) = place("NotPrincipal").filter(|_| document.kind != Kind::Identity) {
        report.add("FW5045", at, Says::from("everybody is allowed but who is listed".to_owned()));
    }
}

/// The resource of a statement that stands for every one.
pub(super) fn everywhere(statement: &Statement) -> Option<&Item> {
    statement.resources.iter().find(|item| is_star(&item.text))
}

/// Nothing but stars, as somebody wrote them: what only the launch knows is no star.
fn is_star(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '*')
}

/// Actions that AWS's list gives a kind of resource for, though what they are used for has none: metrics are no resources,
/// only the data sets that CloudWatch can keep some in.
const NOT_NARROWED: &[&str] = &["cloudwatch:PutMetricData"];

/// Whether it is every action there is.
pub(super) fn is_every_action(text: &str) -> bool {
    text == "*" || text == "*:*"
}

fn everything(statement: &Statement, report: &mut Report<'_, '_>) {
    let Some(resource) = everywhere(statement) else { return };
    let mut narrowable: Vec<&str> = Vec::new();
    for item in &statement.actions {
        if is_every_action(&item.text) {
            let says = Says::from("every action is allowed on every resource".to_owned());
            report.add("FW5041", item.at, says.given(&item.text));
            return;
        }
        let named = actions::named(&item.text);
        let changes = named.iter().any(|(service, action)| {
            !matches!(action.level, 'R' | 'L') && service.kinds(action).next().is_some()
        });
        if item.text.ends_with(":*") && changes {
            let says = Says::from(format!(
                "every action of `{}` is allowed on every resource",
                item.text.trim_end_matches(":*")
            ));
            report.add("FW5046", item.at, says.given(&item.text));
        } else if changes
            && !is_unknown(&item.text)
            && !NOT_NARROWED.contains(&item.text.as_str())
            && !covers(&item.text.to_ascii_lowercase(), "iam:passrole")
        {
            narrowable.push(&item.text);
        }
    }
    if !narrowable.is_empty() {
        let more = narrowable.len().saturating_sub(5);
        let shown = narrowable[..narrowable.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("{shown}{more} can be narrowed to single resources");
        report.add("FW5042", resource.at, Says::from(message).given(&resource.text));
    }
}

/// Whether a resource stands for every role of an account.
pub(super) fn is_every_role(text: &str) -> bool {
    let name = text.split_once(":role/").map(|(_, name)| name);
    is_star(text)
        || name.is_some_and(is_star)
        || text.ends_with(":*") && covers(text, "arn:aws:iam::1:role/x")
}

/// Whether the services that a role can be given to are named.
pub(super) fn names_services(statement: &Statement) -> bool {
    let keys = ["iam:passedtoservice", "iam:associatedresourcearn"];
    statement
        .conditions
        .iter()
        .any(|clause| keys.contains(&clause.key.text.to_ascii_lowercase().as_str()))
}

fn pass_role(statement: &Statement, report: &mut Report<'_, '_>) {
    let passes = |item: &&Item| covers(&item.text.to_ascii_lowercase(), "iam:passrole");
    let Some(action) = statement.actions.iter().find(passes) else { return };
    if is_every_action(&action.text) || names_services(statement) || statement.resources.is_empty()
    {
        return;
    }
    let every = statement.resources.iter().find(|item| is_every_role(&item.text));
    match every {
        Some(resource) if !statement.is_conditional => {
            let says =
                Says::from(format!("`{}` lets every role be given to every service", action.text));
            let fix = "the roles' ARNs, and the condition `iam:PassedToService`";
            report.add("FW5050", resource.at, says.given(&resource.text).fix(fix));
        }
        _ if is_unconditional_pass(&action.text, statement) => {
            let says = Says::from(
                "the role can be given to any service that its trust policy names".to_owned(),
            );
            report.add(
                "FW5051",
                action.at,
                says.given(&action.text).fix("the condition `iam:PassedToService`"),
            );
        }
        _ => {}
    }
}

/// `iam:*` on some resources is about more than passing them.
fn is_unconditional_pass(action: &str, statement: &Statement) -> bool {
    action.eq_ignore_ascii_case("iam:PassRole") && !statement.is_conditional
}
