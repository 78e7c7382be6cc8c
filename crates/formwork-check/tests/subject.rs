//! What is handed in: files that cannot be read, assemblies, templates of any shape, and one launch of a template.

use std::fs;
use std::path::PathBuf;

use formwork::evaluate::{Known, Surroundings};
use formwork_check::regions::{Availability, matrix};
use formwork_check::{Finding, Subject, check, schema};

/// A directory of this test's own, gone at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path =
            std::env::temp_dir().join(format!("formwork-check-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a directory can be made");
        for (name, text) in files {
            fs::write(path.join(name), text).expect("a file can be written");
        }
        Directory(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const MANIFEST: &str = r#"{
  "format": 1,
  "generator": "test",
  "templates": [{
    "name": "a", "file": "a.yaml", "sha256": "", "bytes": 0, "description": "", "parameters": [],
    "capabilities": [], "nests": {}, "assets": [],
    "resources": { "B": { "type": "AWS::S3::Bucket", "source": "src/stacks/a.rs:12" } }
  }],
  "assets": []
}"#;

#[test]
fn a_finding_of_an_assembly_names_the_rust_line() {
    let template = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: { Name: b }\n";
    let directory =
        Directory::new("assembly", &[("manifest.json", MANIFEST), ("a.yaml", template)]);
    let findings = check(&Subject::read(&directory.0).expect("it can be read"));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.rule.id, "FW1003");
    assert_eq!(finding.place.rust, Some(("src/stacks/a.rs".to_owned(), 12)));
    assert_eq!((finding.place.line, finding.place.column), (4, 19));
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let cut = &MANIFEST[..60];
    let directory = Directory::new("cut", &[("manifest.json", cut), ("a.yaml", "A: [\n")]);
    let first = |path: PathBuf| -> Finding {
        Subject::read(&path).expect_err("it cannot be read").remove(0)
    };
    let broken = first(directory.0.clone());
    assert_eq!((broken.rule.id, broken.place.line), ("FW9002", 5));
    assert_eq!(first(directory.0.join("a.yaml")).rule.id, "FW9001");
    assert_eq!(first(directory.0.join("none.yaml")).rule.id, "FW9001");
}

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
        if let Ok(subject) = Subject::template_text("t.yaml", text.as_bytes()) {
            let _ = check(&subject);
        }
    }
}

#[test]
fn a_launch_makes_values_concrete() {
    let text = "Parameters: { Name: { Type: String } }\nResources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n      FunctionName: !Sub '${AWS::StackName}-${Name}'\n      Role: arn:aws:iam::123456789012:role/r\n      Code: { S3Bucket: abc, S3Key: k }\n      Description: !Sub '${Name}${Name}'\n";
    let subject = Subject::template_text("t.yaml", text.as_bytes()).expect("it can be read");
    assert_eq!(check(&subject), []);
    let mut findings = Vec::new();
    let around = Surroundings::of_region("us-east-1").named("stack");
    let given = [("Name".to_owned(), Known::text(&"n".repeat(200)))].into();
    schema::check_launch(&subject.templates[0], &around, &given, &mut findings);
    let found: Vec<_> =
        findings.iter().map(|finding| (finding.rule.id, finding.place.line)).collect();
    assert!(found.contains(&("FW1007", 9)), "{findings:?}");
}

#[test]
fn the_matrix_has_each_type_in_each_region() {
    let text = "Conditions: { V: !Equals [!Ref AWS::Region, us-east-1] }\nResources:\n  A: { Type: AWS::Amplify::App, Condition: V, Properties: { Name: a } }\n  B: { Type: AWS::S3::Bucket }\n  C: { Type: AWS::AppRunner::VpcConnector, Properties: { Subnets: [a] } }\n";
    let subject = Subject::template_text("t.yaml", text.as_bytes()).expect("it can be read");
    let regions = ["us-east-1", "eu-south-2", "moon-east-1"].map(str::to_owned);
    let matrix = matrix(&subject.for_regions(&regions));
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
