//! What a check costs: starting with the packed data, a template of 500 resources, and an assembly.
//!
//! `FORMWORK_ASSEMBLY` names a directory with a manifest; without it that one is left out.

use std::fmt::Write as _;
use std::path::PathBuf;

use formwork_check::families;
use formwork_check::finding::Finding;
use formwork_check::report::Report;
use formwork_check::subject::Subject;

fn main() {
    divan::main();
}

/// 500 resources of six types, with functions, conditions and patterns.
fn template() -> String {
    let mut text = String::from(
        "Parameters:\n  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n",
    );
    for n in 0..500 {
        let resource = match n % 6 {
            0 => format!(
                "Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub '${{Stage}}-bucket-{n}'\n      VersioningConfiguration: !If [IsProd, {{ Status: Enabled }}, {{ Status: Suspended }}]\n      Tags: [{{ Key: a, Value: b }}]"
            ),
            1 => format!(
                "Type: AWS::IAM::Role\n    Properties:\n      RoleName: role-{n}\n      AssumeRolePolicyDocument: {{ Version: '2012-10-17', Statement: [] }}\n      Path: /a/"
            ),
            2 => format!(
                "Type: AWS::Lambda::Function\n    Properties:\n      Role: !GetAtt R{}.Arn\n      Runtime: python3.13\n      Handler: a.b\n      MemorySize: 256\n      Code: {{ S3Bucket: abc, S3Key: k }}\n      Environment: {{ Variables: {{ AB: !Ref Stage }} }}",
                n - 1
            ),
            3 => format!("Type: AWS::SQS::Queue\n    Properties: {{ QueueName: q-{n}, DelaySeconds: 5 }}"),
            4 => "Type: AWS::EC2::Instance\n    Properties: { InstanceType: t3.micro, ImageId: ami-12345678 }".to_owned(),
            _ => format!(
                "Type: AWS::CloudWatch::Alarm\n    Properties: {{ AlarmName: a-{n}, ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: m, Namespace: n, Period: 60, Statistic: Sum, Threshold: 1 }}"
            ),
        };
        let _ = writeln!(text, "  R{n}:\n    {resource}");
    }
    text
}

fn read(text: &str) -> Subject {
    let mut findings = Vec::new();
    let subject = Subject::of_text("t.yaml", text.as_bytes(), &[], &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    subject
}

fn check(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    families::check(subject, &mut findings);
    Report::new(subject, findings).findings
}

#[divan::bench]
fn five_hundred_resources(bencher: divan::Bencher<'_, '_>) {
    let subject = read(&template());
    bencher.bench_local(|| check(&subject).len());
}

#[divan::bench]
fn reading_five_hundred_resources(bencher: divan::Bencher<'_, '_>) {
    let text = template();
    bencher.bench_local(|| read(&text));
}

#[divan::bench]
fn an_assembly(bencher: divan::Bencher<'_, '_>) {
    let Some(directory) = std::env::var_os("FORMWORK_ASSEMBLY").map(PathBuf::from) else { return };
    let subject = Subject::read(&[directory], &[], &mut Vec::new());
    bencher.bench_local(|| check(&subject).len());
}
