//! What is said of a policy that IAM would refuse. A case is a policy and every line that is said of it.

#![allow(missing_docs, reason = "a test")]

mod iam_support;

use formwork::iam::condition::{self, aws, string_equals};
use formwork::iam::problems::{documents, is_policy, problems};
use formwork::iam::{Action, Statement, Statements};
use formwork::{IntoNode, Required, prelude::*};
use iam_support::{conditions, input, parameter};

const GET: Action = Action::new("s3:GetObject");
const ASSUME: Action = Action::new("sts:AssumeRole");

#[track_caller]
fn check(statements: impl Statements<Required>, expected: &[&str]) {
    assert_eq!(Policy::new(statements).problems(), expected);
}

/// A document that somebody wrote as JSON.
#[track_caller]
fn check_raw(json: &str, expected: &[&str]) {
    let document: serde_json::Value = serde_json::from_str(&json.replace('\'', "\"")).unwrap();
    assert_eq!(problems(document.into_node()), expected);
}

fn read() -> Statement {
    allow(GET).on("arn:aws:s3:::a")
}

#[test]
fn nothing_wrong() {
    let [yes, no] = conditions();
    let key: Value<Arn> = Value::from_node(parameter("KeyArn"));
    let root = Principal::account_root();
    let trusted: Input<List<Arn>> = input("Trusted");
    check(read(), &[]);
    check(allow(Action::raw("*")).on_all("an administrator"), &[]);
    check([read().id("A"), read().id("B")], &[]);
    check(allow(Action::raw("kms:*")).on_self().to(root).id("Enable IAM policies"), &[]);
    check(allow(ASSUME).to(when(yes, Principal::aws(trusted), root)), &[]);
    check(allow(GET).on((key, sub!("{}/*", key), raw_sub("arn:${AWS::Partition}:s3:::a"))), &[]);
    check(allow(GET).on("execute-api:/*").to(Principal::any()), &[]);
    check([read().id("A").only_if(yes), read().id("A").only_if(no)], &[]);
    check(when(yes, read().id("A"), read().id("A")), &[]);
    check((read(), when(yes, read(), no_value())), &[]);
    check(read().when(condition::null(aws::request_tag("A"), false)), &[]);
}

#[test]
fn statements() {
    let [yes, _] = conditions();
    let none: [Statement; 0] = [];
    check(none, &["the policy has no statement"]);
    check(
        [read().only_if(yes), read().only_if(yes)],
        &["without the condition `Yes` the policy has no statement"],
    );
    check([read().id("A"), read().id("A")], &["two statements have the `Sid` `A`"]);
    check([read().id("A"), read().id("A").only_if(yes)], &["two statements have the `Sid` `A`"]);
    check(
        read().id("Read all"),
        &[
            "statement `Read all`: the `Sid` `Read all` has other characters than letters and digits",
        ],
    );
    check(
        read().when(string_equals(aws::UserId, "a – b")),
        &["statement 1: holds `–`, which IAM does not take"],
    );
    check_raw(
        "{'Statement':[]}",
        &["the policy has no `Version`; write `2012-10-17`", "the policy has no statement"],
    );
    check_raw(
        "{'Version':'2026-01-01','Statement':{'Effect':'allow','Action':'s3:*','Resources':'*'}}",
        &[
            "the policy's `Version` is `2026-01-01`; allowed: `2012-10-17`, and `2008-10-17` without policy variables",
            "statement 1: has no `Resources`; allowed: Sid, Effect, Principal, NotPrincipal, Action, NotAction, \
             Resource, NotResource, Condition",
            "statement 1: `Effect` is `allow`; allowed: `Allow`, `Deny`",
            "statement 1: has neither a resource nor a principal; say `.on(…)`, or `.to(…)` in a trust policy",
        ],
    );
    check_raw(
        "{'Version':'2012-10-17','Statement':[{'NotPrincipal':'*','Effect':'Allow'}]}",
        &[
            "statement 1: names no action",
            "statement 1: `NotPrincipal` allows everybody else in the world; use it with `Deny`",
        ],
    );
    check_raw(
        "{'Version':'2012-10-17','Statement':[{'Effect':'Deny','Action':'a:b','NotAction':'a:b','Resource':'*',\
         'NotResource':'*'}]}",
        &[
            "statement 1: has both `Action` and `NotAction`",
            "statement 1: has both `Resource` and `NotResource`",
        ],
    );
}

#[test]
fn actions_and_resources() {
    let [yes, _] = conditions();
    let none: [Action; 0] = [];
    let bucket: Value<Arn> = Value::from_node(parameter("BucketArn"));
    let list: Input<List<Arn>> = input("Arns");
    let on = |resource: &'static str| allow(GET).on(resource);
    check(allow(none).on(bucket), &["statement 1: `Action` is empty"]);
    check(
        allow(Action::raw("GetObject")).on(bucket),
        &["statement 1: `Action` holds `GetObject`; write `service:Action`"],
    );
    check(
        allow(Action::raw("s3: Get")).on(bucket),
        &["statement 1: `Action` holds `s3: Get`; write `service:Action`"],
    );
    check(
        allow([when(yes, GET, no_value())]).on(bucket),
        &["statement 1: without the condition `Yes` there is no `Action`"],
    );
    check(
        allow(GET).on([when(yes, no_value(), bucket)]),
        &["statement 1: with the condition `Yes` there is no `Resource`"],
    );
    check(
        allow(GET).on([when(yes, bucket, no_value()), when(yes, bucket, no_value())]),
        &["statement 1: without the condition `Yes` `Resource` is empty"],
    );
    check(
        allow(GET).on(list).on(bucket),
        &["statement 1: `Resource` holds a list in a list; a value that is a list stands alone"],
    );
    check(on("my-bucket"), &["statement 1: `Resource` holds `my-bucket`, which is no ARN"]);
    check(
        on("arn:aws:s3:my-bucket"),
        &["statement 1: `Resource` holds `arn:aws:s3:my-bucket`, which is no whole ARN: \
           `arn:partition:service:region:account:resource`"],
    );
    check(
        on("arn:amazon:s3:::a"),
        &["statement 1: `Resource` holds `arn:amazon:s3:::a`: there is no partition `amazon`"],
    );
    check(
        allow(GET).on(sub!("s3://{}/*", bucket)),
        &["statement 1: `Resource` holds `s3://`, which is no ARN"],
    );
    check(
        allow(ASSUME).on_self().to(Principal::service("ec2")),
        &["statement 1: a trust policy takes no `Resource`; say `.to(…)` alone"],
    );
    check(allow(Action::raw("sts:*")).on_self().to(Principal::any()), &[]);
}

#[test]
fn principals() {
    let [yes, _] = conditions();
    let to = |principal: Principal| allow(ASSUME).to(principal);
    let list: Input<List<Arn>> = input("Arns");
    let none: [Principal; 0] = [];
    check(
        allow(ASSUME).to(none),
        &[
            "statement 1: has neither a resource nor a principal; say `.on(…)`, or `.to(…)` in a trust policy",
        ],
    );
    check(
        allow(ASSUME).to([when(yes, Principal::any(), no_value())]),
        &["statement 1: without the condition `Yes` `Principal` is empty"],
    );
    check(
        to(Principal::aws("deployer")),
        &["statement 1: `deployer` is no principal; allowed: `*`, 12 digits, an ARN"],
    );
    check(
        to(Principal::aws(sub!("arn:aws:iam::{}:role/a-*", pseudo::ACCOUNT_ID))),
        &[
            "statement 1: the principal `:role/a-*` is a pattern; name the account and compare `aws:PrincipalArn` \
           by `arn_like`",
        ],
    );
    check(
        to(Principal::aws(list).and(Principal::account_root())),
        &["statement 1: `AWS` holds a list in a list; a value that is a list stands alone"],
    );
    check_raw(
        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Services':\
         'ec2'}},{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'Service':['ec2']}},\
         {'Effect':'Allow','Action':'sts:AssumeRole','Principal':'ec2'}]}",
        &[
            "statement 1: `Principal` has no `Services`; allowed: AWS, Service, Federated, CanonicalUser",
            "statement 2: `ec2` is no service; write `ec2.amazonaws.com`",
            "statement 3: `Principal` is `ec2`; allowed: `*`, or a map of AWS, Service, Federated, CanonicalUser",
        ],
    );
}

#[test]
fn comparisons() {
    let [yes, _] = conditions();
    let none: [&str; 0] = [];
    check(read().when(string_equals(aws::UserId, none)), &["statement 1: `aws:userid` is empty"]);
    check(
        read().when(string_equals(aws::UserId, "a")).when(string_equals(aws::UserId, "b")),
        &[
            "statement 1: `StringEquals` compares `aws:userid` twice; a policy can say it once, and several values \
           mean one of them",
        ],
    );
    check(
        read().when(string_equals(aws::UserId, [when(yes, "a", no_value())])),
        &[
            "statement 1: without the condition `Yes` `StringEquals` compares no key; say `.only_if(…)`",
        ],
    );
    check_raw(
        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'a:b','Resource':'*','Condition':\
         {'StringEqual':{'username':'a'},'Bool':{}}}]}",
        &[
            "statement 1: `Condition` has no operator `StringEqual`",
            "statement 1: `StringEqual` compares `username`; write `service:key`",
            "statement 1: `Bool` compares no key",
        ],
    );
}

#[test]
fn where_documents_are() {
    let [yes, _] = conditions();
    let policy = Policy::new(read());
    let named = |document| object([("PolicyName", any("A")), ("PolicyDocument", document)]);
    let policies = any([any(named(any(policy))), any(when(yes, named(any(policy)), no_value()))]);
    let paths: Vec<String> = documents(policies).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["[0].PolicyDocument", "[1].PolicyDocument"]);
    assert_eq!(documents(any(policy)).len(), 1);
    assert!(!is_policy(any(object([("Statement", any("permit(principal, action, resource);"))]))));
    assert!(!is_policy(any(object([("Statement", any(object([("RateBasedStatement", "a")])))]))));
}
