//! Templates of any shape, one launch of a template, and the matrix of types and regions.

#![allow(missing_docs, reason = "a test")]

mod support;

use formwork::evaluate::{Known, Surroundings};
use formwork_check::regions::{Availability, matrix};
use formwork_check::schema;

#[test]
fn no_shape_of_a_template_is_a_panic() {
    for text in [
        "[]",
        "a",
        "Resources:",
        "Resources: []",
        "Resources: { A: }",
        "Resources: { A: { Type: [] } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: [] } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: !If [C, {}] } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref [] } } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: { BucketName: !GetAtt [] } } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: { Fn::ForEach::X: [1] } } }",
        "Resources: { A: { Type: AWS::S3::Bucket, Properties: { Tags: [[], {}, !Ref A] } } }",
        "Parameters: []\nConditions: []\nResources: { A: { Type: AWS::S3::Bucket, Condition: [] } }",
    ] {
        let _ = support::check(text, &[]);
    }
}

#[test]
fn a_launch_makes_values_concrete() {
    let text = "Parameters: { Name: { Type: String } }\nResources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n      FunctionName: !Sub '${AWS::StackName}-${Name}'\n      Role: arn:aws:iam::123456789012:role/r\n      Code: { ZipFile: pass }\n      Runtime: python3.13\n      Handler: index.handler\n      Description: !Sub '${Name}${Name}'\n";
    let (subject, findings) = support::check(text, &[]);
    assert_eq!(findings, []);
    let mut findings = Vec::new();
    let around = Surroundings::of_region("us-east-1").named("stack");
    let given = [("Name".to_owned(), Known::text(&"n".repeat(200)))].into();
    schema::check_launch(&subject.templates[0], &around, &given, &mut findings);
    let found: Vec<_> =
        findings.iter().map(|finding| (finding.rule.id, finding.place.line)).collect();
    assert!(found.contains(&("FW1007", 11)), "{findings:?}");
}

#[test]
fn the_matrix_has_each_type_in_each_region() {
    let text = "Conditions: { V: !Equals [!Ref AWS::Region, us-east-1] }\nResources:\n  A: { Type: AWS::Amplify::App, Condition: V, Properties: { Name: a } }\n  B: { Type: AWS::S3::Bucket }\n  C: { Type: AWS::AppRunner::VpcConnector, Properties: { Subnets: [a] } }\n";
    let regions = ["us-east-1", "eu-south-2", "moon-east-1"].map(str::to_owned);
    let matrix = matrix(&support::check(text, &regions).0);
    let row = |kind: &str| matrix[kind].iter().map(|(_, found)| *found).collect::<Vec<_>>();
    assert_eq!(
        row("AWS::Amplify::App"),
        [Availability::There, Availability::Unused, Availability::Unused]
    );
    assert_eq!(
        row("AWS::S3::Bucket"),
        [Availability::There, Availability::There, Availability::Unknown]
    );
    assert_eq!(
        row("AWS::AppRunner::VpcConnector"),
        [Availability::There, Availability::Missing, Availability::Unknown]
    );
}
