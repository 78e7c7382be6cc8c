//! Plain words for resource types: `AWS::S3::Bucket` is a bucket of S3, and two of them are `2 buckets`.
//!
//! Words come out of the type's own name. The two tables hold what a name cannot tell: services that people call otherwise,
//! and words that are not written in lower case.

/// Namespaces of services that people know by another name.
const SERVICES: &[(&str, &str)] = &[
    ("AccessAnalyzer", "Access Analyzer"),
    ("ApiGateway", "API Gateway"),
    ("ApiGatewayV2", "API Gateway"),
    ("AutoScaling", "Auto Scaling"),
    ("CE", "Cost Explorer"),
    ("CertificateManager", "Certificate Manager"),
    ("ElasticLoadBalancing", "Load Balancing"),
    ("ElasticLoadBalancingV2", "Load Balancing"),
    ("Events", "EventBridge"),
    ("KinesisFirehose", "Firehose"),
    ("Logs", "CloudWatch Logs"),
    ("Route53", "Route 53"),
    ("SecretsManager", "Secrets Manager"),
    ("ServiceCatalog", "Service Catalog"),
    ("SSM", "Systems Manager"),
    ("StepFunctions", "Step Functions"),
];

/// Words of types that are written so wherever they stand.
const WORDS: &[(&str, &str)] = &[
    ("acl", "ACL"),
    ("api", "API"),
    ("cloud formation", "CloudFormation"),
    ("dns", "DNS"),
    ("ip", "IP"),
    ("nat", "NAT"),
    ("url", "URL"),
    ("vpc", "VPC"),
];

/// The service of a type, as people call it. All custom resources are of one.
pub(super) fn service(type_name: &str) -> String {
    match type_name.split("::").collect::<Vec<_>>()[..] {
        ["Custom", ..] => "Custom resources".to_owned(),
        ["AWS", service, ..] => {
            let known = SERVICES.iter().find(|(namespace, _)| *namespace == service);
            known.map_or(service, |(_, name)| name).to_owned()
        }
        [vendor, service, _, ..] => format!("{vendor} {service}"),
        _ => type_name.to_owned(),
    }
}

/// Whether a service mostly serves the others of a stack, so that it does not tell what the stack is for.
pub(super) fn serves(service: &str) -> bool {
    ["CloudWatch", "CloudWatch Logs", "Custom resources", "IAM", "Systems Manager"]
        .contains(&service)
}

/// A type without the `AWS::` that nearly all begin with.
pub(super) fn short(type_name: &str) -> &str {
    type_name.strip_prefix("AWS::").unwrap_or(type_name)
}

/// How many of a type: `1 bucket`, `2 VPC endpoints`.
pub(super) fn counted(count: usize, type_name: &str) -> String {
    let kind = type_name.rsplit("::").next().unwrap_or(type_name);
    // A custom resource is called by what it does, and `3 empty buckets` would be something else.
    if type_name.starts_with("Custom::") {
        return format!("{count} {kind}");
    }
    let mut words = split(kind).join(" ");
    for (word, written) in WORDS {
        words = format!(" {words} ").replace(&format!(" {word} "), &format!(" {written} "));
        words = words.trim().to_owned();
    }
    if count == 1 { format!("1 {words}") } else { format!("{count} {}", plural(&words)) }
}

/// The words of a name in camel case, in lower case but for abbreviations.
fn split(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
        let lower = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
        let starts = upper(at) && (at == 0 || !upper(at - 1) || lower(at + 1));
        match words.last_mut() {
            Some(word) if !starts => word.push(*letter),
            _ => words.push(letter.to_string()),
        }
    }
    let abbreviation = |word: &str| word.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    let lowered = words.into_iter();
    lowered.map(|word| if abbreviation(&word) { word } else { word.to_lowercase() }).collect()
}

/// More than one of it. A name such as `options` is plural as it is.
fn plural(words: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| words.ends_with(end));
    if ends(&["ss", "us", "as", "is", "x", "ch", "sh"]) {
        format!("{words}es")
    } else if ends(&["s"]) {
        words.to_owned()
    } else if ends(&["y"]) && !ends(&["ay", "ey", "oy", "uy"]) {
        format!("{}ies", &words[..words.len() - 1])
    } else {
        format!("{words}s")
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, service};

    #[test]
    fn types_are_counted_in_plain_words() {
        for (count, type_name, words, of) in [
            (3, "AWS::S3::Bucket", "3 buckets", "S3"),
            (1, "AWS::S3::BucketPolicy", "1 bucket policy", "S3"),
            (2, "AWS::S3::BucketPolicy", "2 bucket policies", "S3"),
            (2, "AWS::KMS::Key", "2 keys", "KMS"),
            (2, "AWS::KMS::Alias", "2 aliases", "KMS"),
            (9, "AWS::EC2::VPCEndpoint", "9 VPC endpoints", "EC2"),
            (2, "AWS::EC2::VPC", "2 VPCs", "EC2"),
            (2, "AWS::EC2::NatGateway", "2 NAT gateways", "EC2"),
            (2, "AWS::EC2::DHCPOptions", "2 DHCP options", "EC2"),
            (
                2,
                "AWS::EC2::SubnetRouteTableAssociation",
                "2 subnet route table associations",
                "EC2",
            ),
            (1, "AWS::Events::Rule", "1 rule", "EventBridge"),
            (
                1,
                "AWS::ServiceCatalog::CloudFormationProduct",
                "1 CloudFormation product",
                "Service Catalog",
            ),
            (1, "AWS::SageMaker::MlflowTrackingServer", "1 mlflow tracking server", "SageMaker"),
            (2, "Custom::EmptyBucket", "2 EmptyBucket", "Custom resources"),
            (1, "Datadog::Monitors::Monitor", "1 monitor", "Datadog Monitors"),
            (1, "Odd", "1 odd", "Odd"),
        ] {
            assert_eq!(counted(count, type_name), words);
            assert_eq!(service(type_name), of);
        }
    }
}
