//! Texts of templates as patterns, and whether two of them could mean one thing. What only a launch knows is `*`, so the answer
//! errs on the side of yes.

use serde_json::Value;

use super::ACCOUNT;

const REGION: &str = "eu-west-1";

/// What a list holds, whichever way its conditions turn out.
pub fn alternatives(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(alternatives).collect(),
        Value::Object(map) if map.len() == 1 && map.contains_key("Fn::If") => {
            let branches = map["Fn::If"].as_array().unwrap();
            branches[1..].iter().flat_map(alternatives).collect()
        }
        Value::Object(map) if map.get("Ref").is_some_and(|id| id == "AWS::NoValue") => Vec::new(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// One or several texts as patterns; none given means the resource itself.
pub fn patterns(value: &Value) -> Vec<String> {
    if value.is_null() {
        return vec!["*".to_owned()];
    }
    alternatives(value).into_iter().map(pattern).collect()
}

/// The patterns of those texts that say what they are of before any launch.
pub fn known_patterns(value: &Value) -> Vec<String> {
    let is_known = |text: &&Value| match (text.as_str(), text["Fn::Sub"].as_str()) {
        (Some(_), _) => true,
        (_, Some(text)) => text.split("${").skip(1).all(|name| name.starts_with("AWS::")),
        _ => false,
    };
    alternatives(value).into_iter().filter(is_known).map(pattern).collect()
}

/// A text as a pattern.
pub fn pattern(value: &Value) -> String {
    let function = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
    match (value, function) {
        (Value::String(text), _) => without_references(text),
        (_, Some((name, id))) if name == "Ref" => named(id.as_str().unwrap()).to_owned(),
        (_, Some((name, text))) if name == "Fn::Sub" => {
            without_references(&filled(text.as_str().or_else(|| text[0].as_str()).unwrap()))
        }
        (_, Some((name, parts))) if name == "Fn::Join" && parts[1].is_array() => {
            let texts = parts[1].as_array().unwrap().iter().map(pattern).collect::<Vec<_>>();
            texts.join(parts[0].as_str().unwrap())
        }
        _ => "*".to_owned(),
    }
}

fn filled(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let (name, after) = rest.split_once('}').unwrap();
    format!("{before}{}{}", named(name), filled(after))
}

fn without_references(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{{resolve:") else { return text.to_owned() };
    let (_, after) = rest.split_once("}}").unwrap();
    format!("{before}*{}", without_references(after))
}

fn named(name: &str) -> &str {
    match name {
        "AWS::AccountId" => ACCOUNT,
        "AWS::Partition" => "aws",
        "AWS::Region" => REGION,
        _ => "*",
    }
}

/// Whether a pattern is one for this text; what is a `*` in the text has to be in the pattern too.
pub fn covers(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    text.strip_prefix(before).is_some_and(|rest| {
        let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        ends.into_iter().any(|at| covers(after, &rest[at..]))
    })
}

/// Whether some text is of both patterns.
pub fn could_be_one(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut reached = vec![vec![false; other.len() + 1]; one.len() + 1];
    reached[0][0] = true;
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            let star = |text: &[u8], at: usize| text.get(at) == Some(&b'*');
            if !reached[i][j] {
                continue;
            }
            // A star ends, or takes a character or a star of the other.
            if star(one, i) {
                reached[i + 1][j] = true;
                if j < other.len() {
                    reached[i][j + 1] = true;
                }
            }
            if star(other, j) {
                reached[i][j + 1] = true;
                if i < one.len() {
                    reached[i + 1][j] = true;
                }
            }
            if i < one.len() && j < other.len() && one[i] == other[j] {
                reached[i + 1][j + 1] = true;
            }
        }
    }
    reached[one.len()][other.len()]
}

/// How the ARN of a type's resources begins: its service as IAM's actions begin, then the ARN up to the name, and the property
/// with the name. Where nothing is named the ARN ends with an id that only the launch knows.
const ARNS: &[(&str, &str, &str, &str)] = &[
    (
        "AWS::CloudFormation::StackSet",
        "cloudformation",
        "cloudformation:R:A:stackset/",
        "StackSetName",
    ),
    ("AWS::CloudWatch::Alarm", "cloudwatch", "cloudwatch:R:A:alarm:", "AlarmName"),
    ("AWS::CodeArtifact::Domain", "codeartifact", "codeartifact:R:A:domain/", "DomainName"),
    ("AWS::CodeBuild::Project", "codebuild", "codebuild:R:A:project/", "Name"),
    ("AWS::CodeCommit::Repository", "codecommit", "codecommit:R:A:", "RepositoryName"),
    ("AWS::CodePipeline::Pipeline", "codepipeline", "codepipeline:R:A:", "Name"),
    ("AWS::ECR::Repository", "ecr", "ecr:R:A:repository/", "RepositoryName"),
    ("AWS::Events::Rule", "events", "events:R:A:rule/", "Name"),
    ("AWS::IAM::ManagedPolicy", "iam", "iam::A:policy/", "ManagedPolicyName"),
    ("AWS::KMS::Alias", "kms", "kms:R:A:", "AliasName"),
    ("AWS::KMS::Key", "kms", "kms:R:A:key/", ""),
    ("AWS::Lambda::Function", "lambda", "lambda:R:A:function:", "FunctionName"),
    ("AWS::S3::Bucket", "s3", "s3:::", "BucketName"),
    ("AWS::SNS::Topic", "sns", "sns:R:A:", "TopicName"),
    ("AWS::SQS::Queue", "sqs", "sqs:R:A:", "QueueName"),
    ("AWS::SSM::Parameter", "ssm", "ssm:R:A:parameter", "Name"),
    ("AWS::SageMaker::Domain", "sagemaker", "sagemaker:R:A:domain/", ""),
    ("AWS::SageMaker::Endpoint", "sagemaker", "sagemaker:R:A:endpoint/", "EndpointName"),
    ("AWS::SageMaker::EndpointConfig", "sagemaker", "sagemaker:R:A:endpoint-config/", ""),
    ("AWS::SageMaker::Model", "sagemaker", "sagemaker:R:A:model/", ""),
    (
        "AWS::SageMaker::ModelPackageGroup",
        "sagemaker",
        "sagemaker:R:A:model-package-group/",
        "ModelPackageGroupName",
    ),
    ("AWS::Scheduler::Schedule", "scheduler", "scheduler:R:A:schedule/default/", "Name"),
    ("AWS::ServiceCatalog::CloudFormationProduct", "servicecatalog", "catalog:R:A:product/", ""),
    ("AWS::ServiceCatalog::Portfolio", "servicecatalog", "catalog:R:A:portfolio/", ""),
];

/// The service of a resource's own actions and its ARN as a pattern, for types whose ARNs are known here.
pub fn own_arn(kind: &str, properties: &Value) -> Option<(&'static str, String)> {
    let name = |property: &str| {
        if properties[property].is_null() { "*".to_owned() } else { pattern(&properties[property]) }
    };
    let here = |arn: &str| {
        arn.replace(":R:", &format!(":{REGION}:")).replace(":A:", &format!(":{ACCOUNT}:"))
    };
    match kind {
        "AWS::IAM::Role" => {
            let path = if properties["Path"].is_null() { "/".to_owned() } else { name("Path") };
            Some(("iam", here(&format!("arn:aws:iam::A:role{path}{}", name("RoleName")))))
        }
        "AWS::SageMaker::UserProfile" => {
            let profile = here("arn:aws:sagemaker:R:A:user-profile/");
            Some((
                "sagemaker",
                format!("{profile}{}/{}", name("DomainId"), name("UserProfileName")),
            ))
        }
        // Some actions name what is in a group too.
        "AWS::Logs::LogGroup" => {
            Some(("logs", here(&format!("arn:aws:logs:R:A:log-group:{}*", name("LogGroupName")))))
        }
        _ => ARNS.iter().find(|(known, ..)| *known == kind).map(|(_, service, arn, property)| {
            let name = if property.is_empty() { "*".to_owned() } else { name(property) };
            (*service, format!("{}{name}", here(&format!("arn:aws:{arn}"))))
        }),
    }
}
