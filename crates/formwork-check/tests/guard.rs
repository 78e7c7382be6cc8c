//! Rule files: the baseline fires and does not, bad input is an answer, AWS's own rules work unchanged.

#![cfg(feature = "guard")]
#![allow(missing_docs, reason = "a test")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use formwork_check::finding::Finding;
use formwork_check::guard::{self, RuleFile};

fn baseline() -> Vec<RuleFile> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guard");
    guard::read(&[directory]).expect("the baseline")
}

fn found(template: &str, rules: &[RuleFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subject = Subject::of_text("case.yaml", template.as_bytes(), &[], &mut findings);
    guard::check(&subject, rules, &mut findings).expect("the rules are run");
    findings
}

fn rules_of(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|it| it.message.split(':').next().unwrap_or_default()).collect()
}

/// A rule, properties (or attributes, after `|`) with which it fires, and with which it does not.
const CASES: &[(&str, &str, &str)] = &[
    (
        "buckets_are_encrypted_with_a_key",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: a}}",
        "{Type: AWS::S3::Bucket, Properties: {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms'}}]}}}",
    ),
    (
        "log_groups_are_encrypted_with_a_key",
        "{Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 1}}",
        "{Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: !Ref Key}}",
    ),
    (
        "topics_are_encrypted_with_a_key",
        "{Type: AWS::SNS::Topic, Properties: {TopicName: a}}",
        "{Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: !If [A, !Ref Key, !Ref 'AWS::NoValue']}}",
    ),
    (
        "queues_are_encrypted",
        "{Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}",
        "{Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: true}}",
    ),
    (
        "studio_domains_are_encrypted_with_a_key",
        "{Type: AWS::SageMaker::Domain, Properties: {DomainName: a}}",
        "{Type: AWS::SageMaker::Domain, Properties: {KmsKeyId: !GetAtt Key.Arn}}",
    ),
    (
        "artifact_domains_are_encrypted_with_a_key",
        "{Type: AWS::CodeArtifact::Domain, Properties: {DomainName: a}}",
        "{Type: AWS::CodeArtifact::Domain, Properties: {EncryptionKey: k}}",
    ),
    (
        "builds_are_encrypted_with_a_key",
        "{Type: AWS::CodeBuild::Project, Properties: {Name: a}}",
        "{Type: AWS::CodeBuild::Project, Properties: {EncryptionKey: k}}",
    ),
    (
        "pipelines_are_encrypted_with_a_key",
        "{Type: AWS::CodePipeline::Pipeline, Properties: {ArtifactStore: {Type: S3, Location: b}}}",
        "{Type: AWS::CodePipeline::Pipeline, Properties: {ArtifactStore: {Type: S3, Location: b, EncryptionKey: {Id: k, Type: KMS}}}}",
    ),
    (
        "buckets_block_public_access",
        "{Type: AWS::S3::Bucket, Properties: {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: false}}}",
        "{Type: AWS::S3::Bucket, Properties: {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}}}",
    ),
    (
        "studio_domains_are_in_the_vpc_only",
        "{Type: AWS::SageMaker::Domain, Properties: {DomainName: a}}",
        "{Type: AWS::SageMaker::Domain, Properties: {AppNetworkAccessType: VpcOnly}}",
    ),
    (
        "subnets_give_no_public_addresses",
        "{Type: AWS::EC2::Subnet, Properties: {MapPublicIpOnLaunch: true}}",
        "{Type: AWS::EC2::Subnet, Properties: {VpcId: v}}",
    ),
    (
        "nothing_comes_in_from_everywhere",
        "{Type: AWS::EC2::SecurityGroupIngress, Properties: {CidrIp: 0.0.0.0/0}}",
        "{Type: AWS::EC2::SecurityGroupIngress, Properties: {CidrIp: 10.0.0.0/8}}",
    ),
    (
        "groups_let_nobody_in_from_everywhere",
        "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: [{CidrIp: 0.0.0.0/0}]}}",
        "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: [{SourceSecurityGroupId: g}]}}",
    ),
    (
        "functions_are_not_called_by_everybody",
        "{Type: AWS::Lambda::Permission, Properties: {Principal: '*'}}",
        "{Type: AWS::Lambda::Permission, Properties: {Principal: events.amazonaws.com}}",
    ),
    (
        "buckets_refuse_plain_http",
        "{Type: AWS::S3::BucketPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Allow}]}}}",
        "{Type: AWS::S3::BucketPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Allow}, {Effect: Deny, Condition: {Bool: {'aws:SecureTransport': 'false'}}}]}}}",
    ),
    (
        "every_bucket_has_a_policy",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: a}}",
        "{Type: AWS::S3::BucketPolicy, Properties: {Bucket: a}}",
    ),
    (
        "subscriptions_are_not_in_the_clear",
        "{Type: AWS::SNS::Subscription, Properties: {Protocol: http}}",
        "{Type: AWS::SNS::Subscription, Properties: {Protocol: https}}",
    ),
    (
        "log_groups_have_a_retention",
        "{Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: k}}",
        "{Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}",
    ),
    (
        "keys_are_deleted_on_purpose_only",
        "{Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}",
        "{Type: AWS::KMS::Key, DeletionPolicy: Retain, Properties: {EnableKeyRotation: true}}",
    ),
    (
        "buckets_say_what_becomes_of_them",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: a}}",
        "{Type: AWS::S3::Bucket, DeletionPolicy: Delete, Properties: {BucketName: a}}",
    ),
    (
        "buckets_keep_versions",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: a}}",
        "{Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}",
    ),
    (
        "keys_rotate",
        "{Type: AWS::KMS::Key, Properties: {Enabled: true}}",
        "{Type: AWS::KMS::Key, Properties: {KeySpec: RSA_4096}}",
    ),
    (
        "secrets_rotate",
        "{Type: AWS::SecretsManager::Secret, Properties: {Name: a}}",
        "{Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: a}}",
    ),
    (
        "nobody_has_a_lasting_access_key",
        "{Type: AWS::IAM::AccessKey, Properties: {UserName: a}}",
        "{Type: AWS::IAM::User, Properties: {UserName: a}}",
    ),
    (
        "what_costs_money_has_tags",
        "{Type: AWS::SQS::Queue, Properties: {QueueName: a}}",
        "{Type: AWS::SQS::Queue, Properties: {Tags: [{Key: a, Value: b}]}}",
    ),
];

#[test]
fn each_rule_of_the_baseline_fires_and_does_not() {
    let rules = baseline();
    for (rule, bad, good) in CASES {
        let bad = found(&format!("Resources:\n  Thing: {bad}\n"), &rules);
        let fired: Vec<&Finding> =
            bad.iter().filter(|it| it.message.starts_with(&format!("{rule}:"))).collect();
        assert!(!fired.is_empty(), "{rule} does not fire: {:?}", rules_of(&bad));
        assert!(
            fired[0].message.len() > rule.len() + 5,
            "{rule} says nothing: {}",
            fired[0].message
        );
        let good = found(&format!("Resources:\n  Thing: {good}\n"), &rules);
        assert!(!rules_of(&good).contains(rule), "{rule} fires: {good:?}");
    }
    let named: usize = rules.iter().map(|file| file.text.matches("\nrule ").count()).sum();
    assert_eq!(named, CASES.len(), "each rule has a case");
}

#[test]
fn a_finding_says_where() {
    let template = "Resources:\n  Free:\n    Type: AWS::KMS::Key\n    Properties:\n      Enabled: true\n      EnableKeyRotation: false\n";
    let findings = found(template, &baseline());
    let rotate =
        findings.iter().find(|it| it.message.starts_with("keys_rotate:")).expect("it fires");
    assert_eq!((rotate.place.line, rotate.place.column), (6, 7), "{rotate:?}");
    assert_eq!(rotate.place.path, "/Resources/Free/Properties/EnableKeyRotation");
    assert_eq!(rotate.place.logical_id.as_deref(), Some("Free"));
}

#[test]
fn bad_rules_are_named() {
    let bad = RuleFile { name: "mine.guard".to_owned(), text: "rule x {{ nonsense".to_owned() };
    let mut rules = baseline();
    rules.push(bad);
    let subject =
        support::alone("case.yaml", "Resources: {A: {Type: AWS::SNS::Topic}}").expect("a template");
    let failure = guard::check(&subject, &rules, &mut Vec::new()).expect_err("it does not parse");
    assert!(failure.0.starts_with("mine.guard: this is no rule file"), "{failure}");
    let missing = guard::read(&[PathBuf::from("nowhere.guard")]).expect_err("there is none");
    assert!(missing.0.starts_with("cannot read nowhere.guard"), "{missing}");
}

#[test]
fn deep_input_does_not_end_the_program() {
    let deep = |depth: usize| {
        format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::SNS::Topic\", \"Properties\": {}1{}}}}}}}",
            "{\"a\":".repeat(depth),
            "}".repeat(depth)
        )
    };
    assert!(support::alone("deep.json", &deep(10_000)).is_none(), "our reader refuses it");
    assert!(!found(&deep(180), &baseline()).is_empty());
}

/// AWS's rules for Control Tower, fetched once by pip; none if there is no way to get them.
fn control_tower() -> Option<Vec<RuleFile>> {
    const PACKAGE: &str = "cdklabs-cdk-validator-cfnguard==0.0.62";
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("control-tower");
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(&home).output();
        done.is_ok_and(|done| done.status.success()).then_some(())
    };
    if !home.join("package/rules").is_dir() {
        std::fs::create_dir_all(&home).ok()?;
        run("python3", &["-m", "pip", "download", "-q", "--no-deps", "-d", ".", PACKAGE])?;
        let wheel = "cdklabs_cdk_validator_cfnguard-0.0.62-py3-none-any.whl";
        run("python3", &["-m", "zipfile", "-e", wheel, "."])?;
        let package = "cdklabs/cdk_validator_cfnguard/_jsii/cdk-validator-cfnguard@0.0.62.jsii.tgz";
        run("tar", &["-xzf", package])?;
    }
    guard::read(&[home.join("package/rules/control-tower")]).ok()
}

#[test]
fn rules_that_aws_publishes_work_unchanged() {
    let Some(rules) = control_tower() else { return };
    assert_eq!(rules.len(), 237);
    let open = "Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: data
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeySpec: SYMMETRIC_DEFAULT
";
    let findings = found(open, &rules);
    let said: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
    for expected in ["[CT.S3.PR.1]", "[CT.S3.PR.2]", "[CT.KMS.PR.1]"] {
        assert!(said.iter().any(|it| it.contains(expected)), "{expected}: {said:#?}");
    }
    assert!(findings.iter().all(|it| it.place.line > 1), "{findings:#?}");
}

#[test]
fn an_assembly_against_the_baseline() {
    let Some(directory) = std::env::var_os("FORMWORK_ASSEMBLY") else { return };
    let subject = support::assembly(directory.as_ref());
    let mut findings = Vec::new();
    let started = std::time::Instant::now();
    guard::check(&subject, &baseline(), &mut findings).expect("the rules are run");
    println!("{:?}", started.elapsed());
    for finding in &findings {
        println!("{}", support::line(finding));
    }
    if let Some(rules) = control_tower() {
        let mut findings = Vec::new();
        guard::check(&subject, &rules, &mut findings).expect("the rules are run");
        println!("control tower: {} findings, {:?}", findings.len(), started.elapsed());
    }
}
