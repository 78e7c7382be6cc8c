//! Every name that the platform composes stays within AWS's limit for the longest region, account and project.

#![allow(missing_docs, reason = "a test")]

use formwork::assembly::{Settings, Synthesized};

const LONGEST_REGION: &str = "ap-southeast-1";
const ACCOUNT: &str = "123456789012";
const LONGEST_PROJECT: &str = "a-project-name-of-32-characters1";
const LONGEST_USER: &str = "a-name-of-thirty-characters-30";

/// The property that names a resource of a type, and the most characters it may have. Sources: the service quotas and API
/// references of the services.
const LIMITS: &[(&str, &str, usize)] = &[
    ("AWS::IAM::Role", "RoleName", 64),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", 128),
    ("AWS::S3::Bucket", "BucketName", 63),
    ("AWS::Lambda::Function", "FunctionName", 64),
    ("AWS::KMS::Alias", "AliasName", 256),
    ("AWS::Logs::LogGroup", "LogGroupName", 512),
    ("AWS::SSM::Parameter", "Name", 1011),
    ("AWS::SageMaker::Domain", "DomainName", 63),
    ("AWS::SageMaker::UserProfile", "UserProfileName", 63),
    ("AWS::SageMaker::Endpoint", "EndpointName", 63),
    ("AWS::Scheduler::Schedule", "Name", 64),
    ("AWS::CloudFormation::StackSet", "StackSetName", 128),
    ("AWS::SNS::Topic", "TopicName", 256),
    ("AWS::CodeArtifact::Domain", "DomainName", 50),
    ("AWS::CodeArtifact::Repository", "RepositoryName", 100),
    ("AWS::CodeCommit::Repository", "RepositoryName", 100),
    ("AWS::CodeBuild::Project", "Name", 150),
    ("AWS::CodePipeline::Pipeline", "Name", 100),
    ("AWS::CloudWatch::Alarm", "AlarmName", 255),
    ("AWS::Events::Rule", "Name", 64),
    ("AWS::SQS::Queue", "QueueName", 80),
    ("AWS::ServiceCatalog::Portfolio", "DisplayName", 100),
];

fn synthesized() -> Synthesized {
    let json = Settings { format: formwork::render::Format::Json, ..Settings::default() };
    mlops_platform::assembly().synth(json).unwrap()
}

/// The longest that a name can get: pseudo parameters, account ids and projects at their longest.
fn longest(value: &serde_json::Value) -> String {
    let replaced = |text: &str| {
        text.replace("${AWS::Region}", LONGEST_REGION)
            .replace("${AWS::AccountId}", ACCOUNT)
            .replace("${Administrator}", ACCOUNT)
            .replace("${SageMakerProjectName}", LONGEST_PROJECT)
            .replace("${ProjectName}", LONGEST_PROJECT)
            .replace("${User}", LONGEST_USER)
            .replace("${Stage}", "staging")
    };
    match (value.as_str(), &value["Fn::Sub"]) {
        (Some(text), _) => text.to_owned(),
        (None, serde_json::Value::String(text)) => replaced(text),
        (None, serde_json::Value::Array(parts)) => replaced(parts[0].as_str().unwrap()),
        _ => panic!("a name that this test cannot evaluate: {value}"),
    }
}

#[test]
fn names_fit() {
    let mut seen = 0;
    for template in synthesized().templates {
        let json: serde_json::Value = serde_json::from_str(&template.text).unwrap();
        for (id, resource) in json["Resources"].as_object().unwrap() {
            for (kind, property, most) in LIMITS {
                let value = &resource["Properties"][property];
                if resource["Type"] == *kind && !value.is_null() {
                    let name = longest(value);
                    assert!(!name.contains("${"), "{id}: `{name}` is not evaluated");
                    assert!(name.len() <= *most, "{id}: `{name}` has {} of {most}", name.len());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 15, "only {seen} names were looked at");
}
