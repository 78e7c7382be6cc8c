//! The table of the rules of this family, and nothing else.

use crate::finding::Rule;
use crate::finding::Severity::{Error, Note, Warning};

const GRAMMAR: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
const VERSION: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html";
const ACTIONS: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";
const OPERATORS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const KEYS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";
const SETS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
const LEAST: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege";
const PASS_ROLE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html";
const PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const EXTERNAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html";
const NOT_ACTION: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html";
const CHECKS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html";

/// The rules.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    Rule::new("FW5001", Error, "a policy is not written as IAM's grammar has it", "IAM refuses the policy and the launch fails.", "Write the elements that the grammar has, each once.", GRAMMAR),
    Rule::new("FW5002", Error, "a policy's version does not exist", "IAM refuses the policy.", "Write `Version: \"2012-10-17\"`.", VERSION),
    Rule::new("FW5003", Note, "a policy's version is missing or old", "Policy variables and newer features do not work in it.", "Write `Version: \"2012-10-17\"`.", VERSION),
    Rule::new("FW5004", Warning, "policy variables in a policy of the old version", "`${aws:username}` is taken letter by letter, so the statement does not match what it was written for.", "Write `Version: \"2012-10-17\"`.", VERSION),
    Rule::new("FW5005", Error, "an effect is neither `Allow` nor `Deny`", "IAM refuses the policy; capitals count.", "Write `Allow` or `Deny`.", GRAMMAR),
    Rule::new("FW5006", Error, "a statement's id in IAM is not allowed or stands twice", "IAM refuses the policy.", "Use letters and digits, and each id once in a policy.", GRAMMAR),
    Rule::new("FW5007", Error, "an element that this kind of policy must not have, or lacks", "IAM or the service refuses the policy.", "Principals belong in trust and resource policies, resources in all but trust policies.", GRAMMAR),
    Rule::new("FW5008", Warning, "a policy in which nothing stands", "IAM refuses it.", "Write a statement, or leave the property out.", GRAMMAR),
    Rule::new("FW5010", Warning, "an action that IAM does not know", "The statement grants or denies nothing by it.", "Correct the name; it may also have been removed by AWS.", ACTIONS),
    Rule::new("FW5011", Warning, "an action of a service that IAM does not know", "The statement grants or denies nothing by it.", "Correct the prefix in front of the colon.", ACTIONS),
    Rule::new("FW5012", Error, "an action that is not `service:Name`", "IAM refuses the policy.", "Write the service's prefix, a colon and the action, or `*`.", GRAMMAR),
    Rule::new("FW5013", Error, "an action of another service in a resource's policy", "The service refuses the policy.", "Name actions of the resource's own service.", PRINCIPAL),
    Rule::new("FW5020", Warning, "an action that does not support any resource of its statement", "It is never allowed or denied by the statement.", "Give the kind of resource that the action works on; `*` if it works on none.", ACTIONS),
    Rule::new("FW5021", Error, "a resource that is neither an ARN nor `*`", "IAM refuses the policy.", "Write the ARN, or `*`.", GRAMMAR),
    Rule::new("FW5022", Note, "a resource that no action of its statement works on", "It changes nothing.", "Remove it, or add the action that was meant.", ACTIONS),
    Rule::new("FW5023", Warning, "a resource in another partition than the regions it is launched in", "The statement never matches.", "Write `arn:${AWS::Partition}:` in place of the partition.", "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"),
    Rule::new("FW5030", Warning, "a condition key that the action lacks", "The key is never there, so the statement never matches.", "Use a key of the action, or a statement of its own for the actions that have the key.", KEYS),
    Rule::new("FW5031", Warning, "a condition key that does not exist", "The key is never there, so the condition is not what was meant.", "Correct the key.", KEYS),
    Rule::new("FW5032", Warning, "an operator for another type than the key's", "The comparison never holds, or not as meant.", "Use the operator of the key's type.", OPERATORS),
    Rule::new("FW5033", Warning, "a set operator that does not fit the key", "`ForAllValues` holds where the key is missing; without a set operator only a single value of several is looked at.", "Use `ForAnyValue` or `ForAllValues` for keys with several values, and none for others.", SETS),
    Rule::new("FW5034", Error, "a condition operator that does not exist", "IAM refuses the policy.", "Correct the operator.", OPERATORS),
    Rule::new("FW5035", Warning, "a value that its operator cannot compare", "The comparison never holds.", "Write a value of the operator's type.", OPERATORS),
    Rule::new("FW5036", Warning, "a wildcard behind an operator that takes it letter by letter", "`*` is compared as a star.", "Use `StringLike` or `ArnLike`.", OPERATORS),
    Rule::new("FW5040", Warning, "a statement that never matches", "Its conditions contradict each other.", "Remove one of the comparisons, or make two statements.", OPERATORS),
    Rule::new("FW5041", Warning, "every action on every resource", "Whoever has the policy is an administrator.", "Allow the actions that are needed.", LEAST),
    Rule::new("FW5042", Note, "actions that change things are allowed on every resource though they can be narrowed", "A mistake or an intruder reaches all of the account.", "Name the resources, or narrow by a condition.", LEAST),
    Rule::new("FW5043", Warning, "`Allow` with `NotAction`", "Everything else is allowed, also what AWS adds tomorrow.", "List the actions in `Action`.", NOT_ACTION),
    Rule::new("FW5044", Warning, "`Allow` with `NotResource`", "Everything else is allowed, also what is made tomorrow.", "List the resources in `Resource`.", CHECKS),
    Rule::new("FW5045", Warning, "`Allow` with `NotPrincipal`", "Everybody else is allowed, also who did not sign in.", "List the principals in `Principal`.", PRINCIPAL),
    Rule::new("FW5046", Warning, "every action of a service on every resource", "It includes deleting and sharing.", "Allow the actions that are needed.", LEAST),
    Rule::new("FW5050", Warning, "`iam:PassRole` for every role, to every service", "Any role of the account can be given to a service that acts for the caller.", "Name the roles, and the services in `iam:PassedToService`.", PASS_ROLE),
    Rule::new("FW5051", Note, "`iam:PassRole` without `iam:PassedToService`", "The role can be given to every service that its trust policy names.", "Add the condition `iam:PassedToService`.", PASS_ROLE),
    Rule::new("FW5060", Warning, "a role that anybody can take on", "Whoever has an AWS account can act as the role.", "Name the principals, or narrow by a condition such as `aws:PrincipalOrgID`.", PRINCIPAL),
    Rule::new("FW5061", Note, "a role that another account can take on without an external id", "A third party can be made to act on the wrong customer's account.", "Add the condition `sts:ExternalId`, or `aws:PrincipalOrgID` within an organization.", EXTERNAL),
    Rule::new("FW5062", Warning, "a resource that anybody can use", "Also who did not sign in.", "Name the principals, or narrow by a condition such as `aws:SourceArn`.", PRINCIPAL),
    Rule::new("FW5063", Warning, "a principal that cannot do what it is allowed", "The action is not the one by which this kind of principal takes on a role.", "Use `sts:AssumeRole` for accounts and services, `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity` for federated users.", PRINCIPAL),
    Rule::new("FW5064", Error, "a principal that IAM does not know", "IAM refuses the policy.", "Use `AWS`, `Service`, `Federated` or `CanonicalUser`, with an ARN, an account or a service's name.", PRINCIPAL),
    Rule::new("FW5065", Warning, "a role that everybody of an identity provider can take on", "Without a condition on its subject every repository or user of the provider is allowed.", "Compare the provider's `:sub`, or its `:aud` where the audience is yours alone.", "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"),
    Rule::new("FW5070", Warning, "actions by which one can give oneself more", "Whoever has them can become an administrator.", "Narrow the actions to named resources, or demand a permissions boundary by a condition.", "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate"),
];

/// The rule of an id.
///
/// # Panics
/// If the table has none: the id is written in this crate.
pub(super) fn named(id: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == id).expect("the rule is in the table")
}
