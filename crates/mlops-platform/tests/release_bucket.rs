//! The publisher's stack, by its rendered template: who may read which key, what the publishing role may do, and what none may.

#![allow(missing_docs, reason = "a test")]

mod support;

use mlops_platform::launch::PAGE;
use serde_json::Value;
use support::evaluate::{Launched, Request, decided};
use support::{of_type, texts};

const ORGANIZATION: &str = "o-a1b2c3d4e5";
const REPOSITORY: &str = "example/platform";
const ISSUER: &str = "token.actions.githubusercontent.com";
const ROLE: &str = "/Policies/0/PolicyDocument";
const TRUST: &str = "/AssumeRolePolicyDocument";
const BUCKET: &str = "/PolicyDocument";

/// Keys that a request has, with their values.
type Keys = &'static [(&'static str, &'static str)];

/// A request over TLS as it should be.
const TLS: Keys = &[("aws:SecureTransport", "true"), ("s3:TlsVersion", "1.3")];

/// Every branch with its template.
fn templates() -> Vec<(&'static str, &'static str, Value)> {
    let branches = PAGE.branches.iter().map(|branch| {
        let settings = formwork::assembly::Settings {
            format: formwork::render::Format::Json,
            ..Default::default()
        };
        let assembly = mlops_platform::release_bucket(branch);
        let synthesized = assembly.synth(settings).unwrap_or_else(|problems| panic!("{problems}"));
        (branch.name, branch.bucket, support::template(&synthesized, "release-bucket"))
    });
    branches.collect()
}

/// Every branch, launched for anybody or for an organization.
fn launched(organization: &str) -> Vec<(&'static str, &'static str, Launched)> {
    let given = [("OrganizationId", organization), ("Repository", REPOSITORY)];
    let templates = templates().into_iter();
    templates.map(|(branch, bucket, it)| (branch, bucket, Launched::new(it, &given))).collect()
}

fn arn(bucket: &str, key: &str) -> String {
    let slash = if key.is_empty() { "" } else { "/" };
    format!("arn:aws:s3:::{bucket}{slash}{key}")
}

fn with(context: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [TLS, context].concat()
}

/// What is released, and what is not.
const KEYS: &[(&str, bool)] = &[
    ("mlops_entry_point.yaml", true),
    ("templates/deploy-infra.0f.yaml", true),
    ("assets/sources.0f.zip", true),
    ("releases/1.json", true),
    ("mlops_entry_point.yaml.old", false),
    ("templates", false),
    ("notes.txt", false),
    ("private/templates/a.yaml", false),
];

/// Who: what the context says of the principal. Then whether the bucket's policy lets it read and list, in either mode.
#[test]
fn who_may_read_and_list() {
    const STRANGER: Keys = &[];
    const OUTSIDER: Keys = &[("aws:PrincipalOrgID", "o-0000000000")];
    const MEMBER: Keys = &[("aws:PrincipalOrgID", ORGANIZATION)];
    let cases = [
        ("", STRANGER, true, false),
        ("", OUTSIDER, true, false),
        ("", MEMBER, true, false),
        (ORGANIZATION, STRANGER, false, false),
        (ORGANIZATION, OUTSIDER, false, false),
        (ORGANIZATION, MEMBER, true, true),
    ];
    for (organization, who, reads, lists) in cases {
        for (branch, bucket, it) in launched(organization) {
            let statements = it.statements("ReleaseBucketPolicy", BUCKET);
            let decided = |action, key: &str| {
                let (resource, context) = (arn(bucket, key), with(who));
                decided(&statements, &Request { action, resource: &resource, context: &context })
            };
            let case = format!("{branch}, {organization:?}, {who:?}");
            for (key, released) in KEYS {
                let expected = (*released && reads).then_some(true);
                assert_eq!(decided("s3:GetObject", key), expected, "{case}: {key}");
            }
            assert_eq!(decided("s3:ListBucket", ""), lists.then_some(true), "{case}");
            for action in
                ["s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:PutObjectAcl"]
            {
                assert_eq!(decided(action, "templates/a.yaml"), None, "{case}: {action}");
            }
            for action in ["s3:ListBucketVersions", "s3:PutBucketPolicy", "s3:GetBucketPolicy"] {
                assert_eq!(decided(action, ""), None, "{case}: {action}");
            }
        }
    }
}

#[test]
fn the_block_of_public_access_fits_the_readers() {
    for (organization, closed) in [("", false), (ORGANIZATION, true)] {
        for (branch, _, it) in launched(organization) {
            for (id, policies) in [("ReleaseBucket", closed), ("AccessLogsBucket", true)] {
                let expected = serde_json::json!({
                    "BlockPublicAcls": true,
                    "BlockPublicPolicy": policies,
                    "IgnorePublicAcls": true,
                    "RestrictPublicBuckets": policies,
                });
                let bucket = it.properties(id).unwrap();
                assert_eq!(bucket["PublicAccessBlockConfiguration"], expected, "{branch}: {id}");
            }
        }
    }
}

/// Old or no TLS, and encryption that would shut readers out, are denied to everybody on both buckets and in both modes.
#[test]
fn every_denial_is_there() {
    let plain: Keys = &[("aws:SecureTransport", "false")];
    let old: Keys = &[("aws:SecureTransport", "true"), ("s3:TlsVersion", "1.1")];
    for organization in ["", ORGANIZATION] {
        for (branch, bucket, it) in launched(organization) {
            let buckets = [
                ("ReleaseBucketPolicy", bucket),
                ("AccessLogsBucketPolicy", "made-accesslogsbucket"),
            ];
            for (policy, bucket) in buckets {
                let statements = it.statements(policy, BUCKET);
                for (action, key) in [("s3:GetObject", "templates/a.yaml"), ("s3:ListBucket", "")] {
                    for context in [plain, old] {
                        let resource = arn(bucket, key);
                        let request = Request { action, resource: &resource, context };
                        let case = format!("{branch}: {policy} {action} {context:?}");
                        assert_eq!(decided(&statements, &request), Some(false), "{case}");
                    }
                }
                for denial in statements.iter().filter(|it| it["Effect"] == "Deny") {
                    assert_eq!(denial["Principal"], "*", "{branch}: {policy}");
                }
            }
            let statements = it.statements("ReleaseBucketPolicy", BUCKET);
            for (encryption, expected) in [("AES256", None), ("aws:kms", Some(false))] {
                let context = with(&[("s3:x-amz-server-side-encryption", encryption)]);
                let resource = arn(bucket, "templates/a.yaml");
                let request =
                    Request { action: "s3:PutObject", resource: &resource, context: &context };
                assert_eq!(decided(&statements, &request), expected, "{branch}: {encryption}");
            }
        }
    }
}

/// The headers of a write, and which keys the role may then write: what has a hash in its key, and the entry point.
#[test]
fn the_role_adds_and_never_overwrites() {
    const HEADERS: &[(Keys, bool, bool)] = &[
        (&[], false, false),
        (&[("s3:if-none-match", "*")], true, true),
        (&[("s3:if-match", "\"0f\"")], false, true),
        (&[("s3:if-none-match", "*"), ("s3:if-match", "\"0f\"")], true, true),
    ];
    for (branch, bucket, it) in launched("") {
        let statements = it.statements("PublishRole", ROLE);
        let decided = |action, resource: &str, context: &[(&'static str, &'static str)]| {
            decided(&statements, &Request { action, resource, context: &with(context) })
        };
        for (headers, immutable, entry_point) in HEADERS.iter().copied() {
            for (key, released) in KEYS {
                let may = if *key == "mlops_entry_point.yaml" { entry_point } else { immutable };
                let expected = released.then_some(may);
                let put = decided("s3:PutObject", &arn(bucket, key), headers);
                assert_eq!(put, expected, "{branch}: {key} with {headers:?}");
            }
        }
        for (key, released) in KEYS {
            let get = decided("s3:GetObject", &arn(bucket, key), &[]);
            assert_eq!(get, released.then_some(true), "{branch}: {key}");
        }
        assert_eq!(decided("s3:ListBucket", &arn(bucket, ""), &[]), Some(true), "{branch}");
        for other in PAGE.branches.iter().map(|it| it.bucket).filter(|it| *it != bucket) {
            let headers = [("s3:if-none-match", "*")];
            for action in ["s3:GetObject", "s3:PutObject"] {
                let resource = arn(other, "templates/a.yaml");
                assert_eq!(decided(action, &resource, &headers), None, "{branch}: {other}");
            }
        }
    }
}

/// All that is ever allowed, by name: no pattern stands for more, and nothing deletes or touches a policy or an access list.
#[test]
fn no_statement_allows_more_than_this() {
    const ALLOWED: &[(&str, &[&str])] = &[
        ("ReleaseBucketPolicy", &["s3:GetObject", "s3:ListBucket"]),
        ("AccessLogsBucketPolicy", &["s3:PutObject"]),
        ("PublishRole", &["s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
    ];
    for organization in ["", ORGANIZATION] {
        for (branch, _, it) in launched(organization) {
            for (id, allowed) in ALLOWED {
                let path = if *id == "PublishRole" { ROLE } else { BUCKET };
                let statements = it.statements(id, path);
                for statement in statements.iter().filter(|it| it["Effect"] == "Allow") {
                    for action in texts(&statement["Action"]) {
                        assert!(allowed.contains(&action), "{branch}: {id} allows {action}");
                    }
                    assert!(
                        statement.get("NotAction").is_none()
                            && statement.get("NotResource").is_none()
                    );
                    assert!(!texts(&statement["Resource"]).contains(&"*"), "{branch}: {id}");
                }
            }
        }
    }
    for (branch, _, template) in templates() {
        let policies = ["AWS::S3::BucketPolicy", "AWS::IAM::Role"].map(|it| of_type(&template, it));
        let ids: Vec<&str> = policies.iter().flatten().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), ALLOWED.len(), "{branch}: a policy that this test does not know");
    }
}

#[test]
fn one_branch_of_one_repository_may_publish() {
    let subjects = |branch: &str| {
        [
            (format!("repo:{REPOSITORY}:ref:refs/heads/{branch}"), true),
            (format!("repo:{REPOSITORY}:ref:refs/heads/{branch}-2"), false),
            (format!("repo:{REPOSITORY}:ref:refs/heads/feature/{branch}"), false),
            (format!("repo:{REPOSITORY}:ref:refs/tags/{branch}"), false),
            (format!("repo:{REPOSITORY}:pull_request"), false),
            (format!("repo:{REPOSITORY}:environment:{branch}"), false),
            (format!("repo:{REPOSITORY}2:ref:refs/heads/{branch}"), false),
            (format!("repo:other/platform:ref:refs/heads/{branch}"), false),
        ]
    };
    for (branch, _, it) in launched("") {
        let trust = it.statements("PublishRole", TRUST);
        let assumed = |audience: &str, subject: &str| {
            let keys = ["aud", "sub"].map(|claim| format!("{ISSUER}:{claim}"));
            let context = [(keys[0].as_str(), audience), (keys[1].as_str(), subject)];
            let action = "sts:AssumeRoleWithWebIdentity";
            decided(&trust, &Request { action, resource: "", context: &context })
        };
        for (subject, trusted) in subjects(branch) {
            let case = format!("{branch}: {subject}");
            assert_eq!(assumed("sts.amazonaws.com", &subject), trusted.then_some(true), "{case}");
            assert_eq!(assumed("https://github.com/example", &subject), None, "{case}");
        }
        for other in PAGE.branches.iter().filter(|other| other.name != branch) {
            let (subject, _) = &subjects(other.name)[0];
            assert_eq!(assumed("sts.amazonaws.com", subject), None, "{branch}: {subject}");
        }
        let text = trust[0].to_string();
        assert!(trust.len() == 1 && !text.contains('*') && !text.contains("Like"), "{text}");
        assert_eq!(it.properties("PublishRole").unwrap()["MaxSessionDuration"], 3600);
    }
}

#[test]
fn the_provider_is_made_unless_it_is_there() {
    let there = format!("arn:aws:iam::{}:oidc-provider/{ISSUER}", support::ACCOUNT);
    for (given, made, trusted) in [("", true, "made-githubprovider/Arn"), (&there, false, &there)] {
        for (branch, _, template) in templates() {
            let parameters = [("OidcProviderArn", given), ("Repository", REPOSITORY)];
            let it = Launched::new(template, &parameters);
            let provider = it.properties("GitHubProvider");
            assert_eq!(provider.is_some(), made, "{branch}");
            if let Some(provider) = provider {
                assert_eq!(provider["Url"], format!("https://{ISSUER}"));
                assert_eq!(provider["ClientIdList"], serde_json::json!(["sts.amazonaws.com"]));
            }
            let principal = &it.statements("PublishRole", TRUST)[0]["Principal"];
            assert_eq!(*principal, serde_json::json!({ "Federated": trusted }), "{branch}");
        }
    }
}

/// Only this bucket's logs, only from this account, only where they belong.
#[test]
fn only_its_own_logs_are_delivered() {
    for (branch, bucket, it) in launched("") {
        let statements = it.statements("AccessLogsBucketPolicy", BUCKET);
        let own = arn(bucket, "");
        let delivered = |source: &str, account: &str, key: &str| {
            let context = [("aws:SourceArn", source), ("aws:SourceAccount", account)];
            let resource = arn("made-accesslogsbucket", key);
            let request =
                Request { action: "s3:PutObject", resource: &resource, context: &context };
            decided(&statements, &request)
        };
        assert_eq!(delivered(&own, support::ACCOUNT, "release/1"), Some(true), "{branch}");
        assert_eq!(delivered(&own, "999999999999", "release/1"), None, "{branch}");
        assert_eq!(delivered("arn:aws:s3:::another", support::ACCOUNT, "release/1"), None);
        assert_eq!(delivered(&own, support::ACCOUNT, "elsewhere/1"), None, "{branch}");
        let service = serde_json::json!({ "Service": "logging.s3.amazonaws.com" });
        assert_eq!(statements.last().unwrap()["Principal"], service, "{branch}");
        let logging = &it.properties("ReleaseBucket").unwrap()["LoggingConfiguration"];
        assert_eq!(logging["DestinationBucketName"], "made-accesslogsbucket", "{branch}");
        assert_eq!(logging["LogFilePrefix"], "release/", "{branch}");
    }
}

#[test]
fn what_was_released_stays() {
    for (branch, _, template) in templates() {
        for kind in ["AWS::S3::Bucket", "AWS::S3::BucketPolicy"] {
            let kept = of_type(&template, kind);
            assert_eq!(kept.len(), 2, "{branch}: {kind}");
            for (id, resource) in kept {
                assert_eq!(resource["DeletionPolicy"], "Retain", "{branch}: {id}");
                assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{branch}: {id}");
            }
        }
        let it = Launched::new(template, &[("ReplacedVersionDays", "30"), ("AccessLogDays", "7")]);
        let bucket = it.properties("ReleaseBucket").unwrap();
        assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled", "{branch}");
        let rules = bucket["LifecycleConfiguration"]["Rules"].to_string();
        assert!(!rules.contains("\"Expiration"), "{branch}: something current expires: {rules}");
        assert!(rules.contains("\"NoncurrentDays\":\"30\""), "{branch}: {rules}");
        let logs = it.properties("AccessLogsBucket").unwrap();
        assert_eq!(logs["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"], "7", "{branch}");
        for bucket in [bucket, logs] {
            let rules = &bucket["LifecycleConfiguration"]["Rules"];
            let days = &rules[1]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"];
            assert_eq!(days, 7, "{branch}");
            assert_eq!(
                bucket["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
                "BucketOwnerEnforced"
            );
            let rule = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
            assert_eq!(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256", "{branch}");
        }
    }
}

/// A template names its own branch's bucket, as the default of `BucketName`, and no other branch's.
#[test]
fn a_template_knows_its_own_branch_alone() {
    for (branch, bucket, template) in templates() {
        assert_eq!(template["Parameters"]["BucketName"]["Default"], bucket);
        let texts = every_text(&template);
        for other in PAGE.branches.iter().filter(|other| other.name != branch) {
            let foreign = |text: &&&str| {
                let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '-');
                let mut words = words.map(|word| word.trim_matches('-'));
                words.any(|word| word == other.bucket || word == other.name)
            };
            let found: Vec<_> = texts.iter().filter(foreign).collect();
            assert!(found.is_empty(), "{branch} names {}: {found:?}", other.name);
        }
        assert!(texts.iter().any(|text| text.ends_with(&format!(":ref:refs/heads/{branch}"))));
    }
}

fn every_text(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(every_text).collect(),
        Value::Object(map) => map.values().flat_map(every_text).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_released_does_not_hold_it() {
    let settings = formwork::assembly::Settings::default();
    let released = mlops_platform::assembly().synth(settings).unwrap();
    assert!(released.template("release-bucket").is_none());
}
