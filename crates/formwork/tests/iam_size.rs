//! How long policies are.

#![allow(missing_docs, reason = "a test")]

mod iam_support;

use formwork::iam::condition::{self, aws};
use formwork::iam::size::{Size, estimate, inline_len, json_len};
use formwork::iam::{Action, limits};
use formwork::{IntoNode, prelude::*};
use iam_support::{conditions, json, parameter};

const GET: Action = Action::new("s3:GetObject");

/// Without references the length is that of the JSON.
#[test]
fn exact() {
    let policies = [
        Policy::new(allow(GET).on_self()),
        Policy::new(
            allow([GET, GET])
                .on("arn:aws:s3:::a")
                .to([Principal::any(), Principal::service("ec2")]),
        ),
        Policy::new(
            allow(GET)
                .on("a\"b\\c\n\t\u{1}é")
                .when(condition::numeric_less_than(aws::MultiFactorAuthAge, [1, 20]))
                .id("A"),
        ),
        Policy::new([allow(GET).on(condition::variable("aws:username")), deny(GET).on_self()]),
        Policy::from_iter([]),
    ];
    for policy in policies {
        let text = json(policy);
        assert_eq!(policy.size(), Size { characters: text.chars().count(), exact: true }, "{text}");
    }
}

/// References count what the caller says, and of two branches the longer one.
#[test]
fn estimated() {
    let [yes, _] = conditions();
    let arn: Value<Arn> = Value::from_node(parameter("Arn"));
    let cases = [
        (any(arn), 2 + 128),
        (any(pseudo::ACCOUNT_ID), 2 + 12),
        (any(sub!("arn:{}:s3:::a", pseudo::PARTITION)), "'arn:aws-us-gov:s3:::a'".len()),
        (any(raw_sub("a${AWS::AccountId}b${!c}d${E.F}")), "'ab${c}d'".len() + 12 + 128),
        (any(join("/", ("a", pseudo::ACCOUNT_ID, "b"))), "'a//b'".len() + 12),
        (any(when(yes, "a", "bcd")), "'bcd'".len()),
        (any(sub!("x{}", join(",", (arn, "a")))), "'x,a'".len() + 128),
        (any([any("a"), any(when(yes, "b", no_value())), any(no_value())]), "['a','b']".len()),
        (any(object([("A", any(no_value())), ("B", any(arn))])), "{'B':''}".len() + 128),
    ];
    for (node, expected) in cases {
        let size = json_len(node, &estimate);
        assert_eq!(size, Size { characters: expected, exact: false }, "{}", json(node));
    }
    assert_eq!(json_len(any(arn), &|_| 5).characters, 7);
    assert!(json_len(any(when(yes, "a", "b")), &estimate).exact);
}

#[test]
fn inline_policies_of_a_role() {
    let [yes, _] = conditions();
    let policy = Policy::new(allow(GET).on_self());
    let longer = policy.and(policy);
    let named =
        |policy: Policy| object([("PolicyName", any("A")), ("PolicyDocument", any(policy))]);
    let policies = any([any(named(policy)), any(when(yes, named(policy), named(longer)))]);
    let size = inline_len(policies, &estimate);
    let sum = policy.size().characters + longer.size().characters;
    assert_eq!(size, Size { characters: sum, exact: false });
    assert_eq!(inline_len(any(Vec::<&str>::new()), &estimate), Size { characters: 0, exact: true });
}

/// The table names no property twice, and every limit says where AWS documents it.
#[test]
fn table() {
    for (index, limit) in limits::LIMITS.iter().enumerate() {
        assert!(limit.source.starts_with("https://docs.aws.amazon.com/"), "{limit:?}");
        let same = |other: &limits::Limit| {
            (other.resource_type, other.property) == (limit.resource_type, limit.property)
        };
        assert!(!limits::LIMITS[..index].iter().any(same), "{limit:?}");
        assert_eq!(limits::of(limit.resource_type, limit.property), Some(limit));
    }
    assert!(limits::of("AWS::S3::Bucket", "BucketName").is_none());
    assert_eq!(json(Policy::from_iter([]).into_node()), "{'Version':'2012-10-17','Statement':[]}");
}
