//! Actions: whether there are such, and whether they work on the resources that they are given with.

use formwork::nearest::nearest;

use super::access::{self, Action, Service};
use super::document::{Document, Item, Statement};
use super::pattern::{
    SEGMENT, UNKNOWN, arns_meet, covers, is_anything, is_spent, is_unknown, meet, shown, spend,
    without_variables,
};
use super::places::{Kind, OWN_ACTIONS};
use super::{Report, Says};

/// An action with all that IAM knows of it.
pub(super) type Known = (&'static Service, &'static Action);

pub(super) fn check(document: &Document, partition: &str, report: &mut Report<'_, '_>) {
    for statement in &document.statements {
        if is_spent() {
            return;
        }
        for action in statement.actions.iter().chain(&statement.not_actions) {
            exists(action, report);
            own(document, action, report);
        }
        for resource in statement.resources.iter().chain(&statement.not_resources) {
            is_arn(document, resource, report);
        }
        if statement.actions.iter().all(|action| is_written(&action.text)) {
            supported(statement, report);
        }
        in_partition(statement, partition, report);
    }
}

fn is_written(action: &str) -> bool {
    action.split_once(':').is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
        || action == "*"
}

/// What looking at an action takes that begins otherwise.
const FEW_STEPS: usize = 8;

/// No action's name is as long.
const LONGEST_NAME: usize = 256;

/// How many pairs of an action and a resource are looked at in one statement: far more than a policy has room for.
const MOST_PAIRS: usize = 250_000;

/// The actions that a text of a policy stands for; none of `*` alone, which are all.
pub(super) fn named(text: &str) -> Vec<Known> {
    let Some((prefix, name)) = text.split_once(':') else { return Vec::new() };
    let Some(service) = access::service(prefix) else { return Vec::new() };
    if name.len() > LONGEST_NAME {
        return Vec::new();
    }
    if !spend(name.len()) {
        return Vec::new();
    }
    let name = name.to_ascii_lowercase();
    if !name.contains(['*', '?', UNKNOWN, SEGMENT]) {
        return service.action(&name).map(|action| (service, action)).into_iter().collect();
    }
    if !spend(service.count() * FEW_STEPS) {
        return Vec::new();
    }
    let start = name.split(['*', '?', UNKNOWN, SEGMENT]).next().unwrap_or_default().to_owned();
    let pieces: Vec<&str> = name.split(['*', UNKNOWN, SEGMENT]).collect();
    let fits = |known: &str| {
        if name.contains('?') { meet(&name, known) } else { has_pieces(&pieces, known) }
    };
    let found = service.beginning(start).filter(|(known, _)| fits(known));
    found.map(|(_, action)| (service, action)).collect()
}

/// Whether a text has these pieces in their order, the first and the last at its ends, and anything between them.
fn has_pieces(pieces: &[&str], text: &str) -> bool {
    let [first, inner @ .., last] = pieces else { return pieces == [text] };
    let Some(rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    let behind = |rest: &'_ str, piece: &&str| rest.find(piece).map(|at| at + piece.len());
    inner.iter().try_fold(rest, |rest, piece| behind(rest, piece).map(|at| &rest[at..])).is_some()
}

fn exists(item: &Item, report: &mut Report<'_, '_>) {
    let text = item.text.as_str();
    if is_anything(text) {
        return;
    }
    let Some((prefix, name)) = text.split_once(':').filter(|_| is_written(text)) else {
        if !is_unknown(text) {
            let says =
                Says::from(format!("`{text}` is no action")).given(text).allowed("service:Name, *");
            report.add("FW5012", item.at, says);
        }
        return;
    };
    if prefix.contains(['*', '?']) || is_unknown(prefix) {
        return;
    }
    let Some(service) = access::service(prefix) else {
        let mut says = Says::from(format!("IAM knows no service `{prefix}`")).given(text);
        let fix = nearest(prefix, &access::prefixes());
        says.fix = fix.map(|fix| format!("{fix}:{}", shown(name)));
        report.add("FW5011", item.at, says);
        return;
    };
    // What is meant is looked for among all of the service, letter by letter.
    if named(text).is_empty() && spend(service.count() * name.len().min(LONGEST_NAME)) {
        let known: Vec<&str> = service.actions().map(|(_, action)| action.name).collect();
        let begins =
            if name.contains(['*', '?']) { "has no action that fits" } else { "has no action" };
        let mut says = Says::from(format!("`{prefix}` {begins} `{}`", shown(name))).given(text);
        says.fix = nearest(name, &known).map(|fix| format!("{prefix}:{fix}"));
        report.add("FW5010", item.at, says);
    }
}

/// Some services refuse actions of others in their resources' policies.
fn own(document: &Document, item: &Item, report: &mut Report<'_, '_>) {
    if document.kind != Kind::Resource {
        return;
    }
    let Some((_, own)) = OWN_ACTIONS.iter().find(|(kind, _)| *kind == document.resource_type)
    else {
        return;
    };
    let Some((prefix, _)) = item.text.split_once(':') else { return };
    let is_other = !own.iter().any(|own| own.eq_ignore_ascii_case(prefix));
    if is_other && !is_unknown(prefix) && !prefix.contains('*') {
        let message =
            format!("the policy of {} has no actions of `{prefix}`", document.resource_type);
        report.add(
            "FW5013",
            item.at,
            Says::from(message).given(&item.text).allowed(format!("{}:…", own[0])),
        );
    }
}

fn is_arn(document: &Document, item: &Item, report: &mut Report<'_, '_>) {
    let text = item.text.as_str();
    // API Gateway fills in what is in front.
    let short =
        document.resource_type.starts_with("AWS::ApiGateway::") && text.starts_with("execute-api:");
    let own_form = ["AWS::MediaStore::Container", "AWS::IoT::Policy"]
        .contains(&document.resource_type.as_str());
    if short
        || own_form
        || text.starts_with(UNKNOWN)
        || text.starts_with('*')
        || text.starts_with("${")
    {
        return;
    }
    let is_whole =
        text.split(':').count() >= 6 || text.contains(['*', '?', '$']) || is_unknown(text);
    if text.starts_with("arn:") && is_whole {
        return;
    }
    let begins = if text.starts_with(SEGMENT) { "a bucket's or table's name" } else { text };
    let says = Says::from(format!("`{}` is no ARN", shown(begins))).given(text);
    report.add("FW5021", item.at, says.allowed("arn:partition:service:region:account:resource, *"));
}

/// The pattern of all ARNs of a kind.
fn arn_pattern(arn: &str) -> String {
    let (mut out, mut rest) = (String::new(), arn);
    while let Some(at) = rest.find("${") {
        let Some(length) = rest[at..].find('}') else { break };
        out.push_str(&rest[..at]);
        // A bucket's name is the one part that must not have a slash for the kinds to differ.
        let segment = &rest[at + 2..at + length] == "BucketName";
        out.push(if segment { SEGMENT } else { UNKNOWN });
        rest = &rest[at + length + 1..];
    }
    out.push_str(rest);
    out
}

/// What actions are checked against though AWS's list does not say so, as their refusals show.
const ALSO: &[(&str, &str)] = &[
    ("DescribeLogGroups", "arn:${Partition}:logs:${Region}:${Account}:log-group:${Name}"),
    // CloudFormation's handlers call them for portfolios and products.
    ("ListTagsForResource", "arn:${Partition}:catalog:${Region}:${Account}:${Kind}/${Id}"),
    ("TagResource", "arn:${Partition}:catalog:${Region}:${Account}:${Kind}/${Id}"),
    ("UntagResource", "arn:${Partition}:catalog:${Region}:${Account}:${Kind}/${Id}"),
];

/// Whether an action works on something that a resource of a policy may be.
pub(super) fn works_on((service, action): Known, resource: &str) -> bool {
    if is_anything(resource) {
        return true;
    }
    let also = ALSO.iter().filter(|(name, _)| *name == action.name).map(|(_, arn)| arn);
    let mut arns = service.kinds(action).flat_map(|kind| &kind.arns).chain(also);
    arns.any(|arn| spend(arn.len()) && arns_meet(&arn_pattern(arn), resource))
}

fn supported(statement: &Statement, report: &mut Report<'_, '_>) {
    let resources: Vec<(String, &Item)> = statement
        .resources
        .iter()
        .map(|item| (without_variables(&item.text), item))
        .filter(|(text, _)| {
            text.starts_with("arn:") || is_anything(text) || text.starts_with(UNKNOWN)
        })
        .collect();
    let open = |text: &str| is_anything(text) || text.starts_with(UNKNOWN);
    let pairs = resources.len().saturating_mul(statement.actions.len());
    let is_open = resources.iter().any(|(text, _)| open(text));
    if resources.is_empty() || is_open || pairs > MOST_PAIRS {
        return;
    }
    let mut all: Vec<Known> = Vec::new();
    let mut any = false;
    for item in &statement.actions {
        let named = named(&item.text);
        if is_spent() || named.is_empty() || is_unknown(&item.text) {
            return;
        }
        let fits = |known: &Known| resources.iter().any(|(text, _)| works_on(*known, text));
        if named.iter().any(fits) {
            any = true;
        } else {
            report.add("FW5020", item.at, unsupported(&item.text, named[0], &resources[0].0));
        }
        all.extend(named);
    }
    // Another finding says it of every action already.
    for (text, item) in resources.iter().filter(|_| any) {
        if !spend(all.len()) {
            return;
        }
        if !all.iter().any(|known| works_on(*known, text)) {
            let says = Says::from("no action of the statement works on this resource".to_owned());
            report.add("FW5022", item.at, says.given(text));
        }
    }
}

fn unsupported(text: &str, (service, action): Known, resource: &str) -> Says {
    let mut kinds: Vec<&str> =
        service.kinds(action).flat_map(|kind| kind.arns.iter().copied()).collect();
    kinds.truncate(4);
    let what = if kinds.is_empty() {
        "works on no single resource: only `*` can be given"
    } else {
        "does not work on any of the resources given"
    };
    let allowed = if kinds.is_empty() { "*".to_owned() } else { kinds.join(", ") };
    let says = Says::from(format!("`{}` {what}", shown(text))).given(resource).allowed(allowed);
    if kinds.is_empty() { says.fix("a statement of its own with `Resource: \"*\"`") } else { says }
}

fn in_partition(statement: &Statement, partition: &str, report: &mut Report<'_, '_>) {
    let other = |item: &&Item| {
        let given = item.text.strip_prefix("arn:").and_then(|rest| rest.split(':').next());
        given.is_some_and(|given| {
            !covers(given, partition) && !is_unknown(given) && !given.contains('$')
        })
    };
    let Some(first) = statement.resources.first() else { return };
    if statement.resources.iter().all(|item| other(&item)) {
        let says =
            Says::from(format!("the statement never matches in the partition `{partition}`"));
        report.add("FW5023", first.at, says.given(&first.text).fix("arn:${AWS::Partition}:…"));
    }
}
