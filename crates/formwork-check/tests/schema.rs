//! Each rule on resource types fires on one template and not on its neighbour: the cases are the table below.

#![allow(missing_docs, reason = "a test")]

mod support;

use formwork_check::finding::Finding;
use formwork_check::{attributes, regions, schema};

/// A rule, resources in which it fires with what the message must say, and resources in which it does not.
struct Case {
    rule: &'static str,
    fires: &'static str,
    says: &'static str,
    is_silent: &'static str,
}

const fn case(
    rule: &'static str,
    fires: &'static str,
    says: &'static str,
    is_silent: &'static str,
) -> Case {
    Case { rule, fires, says, is_silent }
}

const QUEUE: &str = "  Q: { Type: AWS::SQS::Queue }\n";

const CASES: &[Case] = &[
    case(
        "FW1001",
        "  A: { Type: AWS::S3::Bukket }",
        "write `AWS::S3::Bucket`",
        "  A: { Type: AWS::S3::Bucket }",
    ),
    case(
        "FW1001",
        "  A: { Type: AWS::S3::Nothing }",
        "no resource type",
        "  A: { Type: Other::S3::Nothing }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::IAM::Role }",
        "`AssumeRolePolicyDocument` is missing",
        "  A: { Type: Custom::Role, Properties: { ServiceToken: arn:x, Any: 1 } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::SNS::Subscription, Properties: { Protocol: sqs, TopicArn: !Ref AWS::NoValue } }",
        "`TopicArn` is missing",
        "  A: { Type: AWS::SNS::Subscription, Properties: { Protocol: sqs, TopicArn: !If [C, 'arn:aws:sns:us-east-1:123456789012:t', !Ref AWS::NoValue] } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, SecurityGroupIngress: [{ IpProtocol: tcp, CidrIp: 10.0.0.0/8 }] } }",
        "`FromPort` is missing",
        "  A: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, SecurityGroupIngress: [{ IpProtocol: -1, CidrIp: 10.0.0.0/8 }] } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: CLOUDWATCH_METRIC } } }",
        "`AlarmIdentifier` is missing",
        "  A: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: HTTP, FullyQualifiedDomainName: a.b } } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::EC2::Instance, Properties: { BlockDeviceMappings: [{ DeviceName: d, Ebs: { VolumeType: io2 } }] } }",
        "`Iops` is missing",
        "  A: { Type: AWS::EC2::Instance, Properties: { BlockDeviceMappings: [{ DeviceName: d, Ebs: { VolumeType: gp3, Iops: 60000 } }] } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::EC2::SecurityGroupIngress, Properties: { IpProtocol: 1, CidrIp: 10.0.0.0/8 } }",
        "`FromPort` is missing",
        "  A: { Type: AWS::EC2::SecurityGroupIngress, Properties: { IpProtocol: 50, CidrIp: 10.0.0.0/8 } }",
    ),
    case(
        "FW1002",
        "  A: { Type: AWS::Lambda::Function, Properties: { Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k }, Runtime: python3.13 } }",
        "`Handler` is missing",
        "  A: { Type: AWS::Lambda::Function, Properties: { Role: 'arn:aws:iam::123456789012:role/r', Code: { ImageUri: a }, PackageType: Image } }",
    ),
    case(
        "FW1003",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketNam: abc } }",
        "write `BucketName`",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: abc } }",
    ),
    case(
        "FW1003",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: !If [C, { Status: Enabled }, { Stat: Enabled, Status: Suspended }] } }",
        "no property `Stat`",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: !If [C, { Status: Enabled }, { Status: Suspended }] } }",
    ),
    case(
        "FW1004",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: [abc] } }",
        "a list where",
        "  A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: '5', FifoQueue: 'true', QueueName: a.fifo } }",
    ),
    case(
        "FW1004",
        "  A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: five } }",
        "a text where an integer",
        "  A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 5.0 } }",
    ),
    case(
        "FW1004",
        "  A: { Type: AWS::S3::Bucket, Properties: { Tags: !Sub '${AWS::Region}' } }",
        "where an array",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub 'a-${AWS::Region}' } }",
    ),
    case(
        "FW1005",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: enabled } } }",
        "write `Enabled`",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: Enabled } } }",
    ),
    case(
        "FW1005",
        "  A: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: bridge, Cpu: 256, Memory: 512 } }",
        "`bridge`",
        "  A: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [EC2], NetworkMode: bridge, Cpu: 100, Memory: 100 } }",
    ),
    case(
        "FW1005",
        "  A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 2 } }",
        "none of the allowed",
        "  A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: '3' } }",
    ),
    case(
        "FW1005",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: !Join ['', [En, able]] } } }",
        "`Enable`",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: !Join ['', [En, abled]] } } }",
    ),
    case(
        "FW1005",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: !Ref Wrong } } }",
        "`Enable`",
        "  A: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: !Ref Empty } } }",
    ),
    case(
        "FW1006",
        "  A: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: 'a b' } }",
        "does not match",
        "  A: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: a/b } }",
    ),
    case(
        "FW1007",
        "  A: { Type: AWS::Lambda::Function, Properties: { Description: &&257, Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
        "257 characters",
        "  A: { Type: AWS::Lambda::Function, Properties: { Description: &&256, Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
    ),
    case(
        "FW1007",
        "  A: { Type: AWS::Lambda::Function, Properties: { Description: !Sub '${AWS::StackName}&&257', Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
        "or more",
        "  A: { Type: AWS::Lambda::Function, Properties: { Description: !Sub '${AWS::StackName}&&256', Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
    ),
    case(
        "FW1008",
        "  A: { Type: AWS::Lambda::Function, Properties: { MemorySize: 64, Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
        "128 or more",
        "  A: { Type: AWS::Lambda::Function, Properties: { MemorySize: 128, Role: 'arn:aws:iam::123456789012:role/r', Code: { S3Bucket: abc, S3Key: k } } }",
    ),
    case(
        "FW1009",
        "  A: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: application, Subnets: [subnet-12345678] } }",
        "at least 2",
        "  A: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Subnets: [subnet-12345678] } }",
    ),
    case(
        "FW1010",
        "  A: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a, BinaryMediaTypes: [a/b, a/b] } }",
        "already",
        "  A: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a, BinaryMediaTypes: [!Ref Wrong, !Ref Wrong] } }",
    ),
    case(
        "FW1010",
        "  A: { Type: AWS::S3::Bucket, Properties: { Tags: [{ Key: a, Value: b }, { Key: a, Value: c }] } }",
        "already",
        "  A: { Type: AWS::S3::Bucket, Properties: { Tags: [{ Key: a, Value: b }, { Key: b, Value: b }] } }",
    ),
    case(
        "FW1011",
        "  A: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 1 vCPU, Memory: 1 GB } }",
        "none of the",
        "  A: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 0.5 vCPU, Memory: 1 GB } }",
    ),
    case(
        "FW1011",
        "  A: { Type: AWS::Deadline::Queue, Properties: { DisplayName: q, FarmId: !Ref Empty, SchedulingConfiguration: { Other: {} } } }",
        "none of the",
        "  A: { Type: AWS::Deadline::Queue, Properties: { DisplayName: q, FarmId: !Ref Empty, SchedulingConfiguration: { PriorityFifo: {} } } }",
    ),
    case(
        "FW1012",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, Ipv4NetmaskLength: 24, CidrBlock: 10.0.0.0/24 } }",
        "needs `Ipv4IpamPoolId`",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: 10.0.0.0/24 } }",
    ),
    case(
        "FW1013",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a, AvailabilityZoneId: use1-az1 } }",
        "may not be there beside",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: 10.0.0.0/24, AvailabilityZone: !If [C, us-east-1a, !Ref AWS::NoValue], AvailabilityZoneId: !If [C, !Ref AWS::NoValue, use1-az1] } }",
    ),
    case(
        "FW1014",
        "  A: { Type: AWS::S3::Bucket, Properties: { Arn: 'arn:aws:s3:::b' } }",
        "only AWS sets",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: abc } }",
    ),
    case(
        "FW1017",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Many } }",
        "a single value",
        "  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Empty } }",
    ),
    case(
        "FW1018",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-123, CidrBlock: 10.0.0.0/24 } }",
        "no id of",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: 10.0.0.0/24 } }",
    ),
    case(
        "FW1018",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: 10.0.0.0/33 } }",
        "range",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-12345678, CidrBlock: !Ref Empty } }",
    ),
    case(
        "FW1019",
        "  A: { Type: AWS::IoTAnalytics::Dataset, Properties: { Actions: [{}] } }",
        "shut down",
        "  A: { Type: AWS::S3::Bucket }",
    ),
    case(
        "FW2101",
        "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !GetAtt Q.QueueNam } }",
        "read `QueueName`",
        "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !GetAtt Q.QueueName } }",
    ),
    case(
        "FW2101",
        "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '${Q.Name}' } }",
        "no attribute `Name`",
        "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '${!Q.Name}' } }",
    ),
    case(
        "FW2102",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref G, CidrBlock: 10.0.0.0/24 } }\n  G: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g } }",
        "where the id of an `AWS::EC2::VPC` belongs",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref G, CidrBlock: 10.0.0.0/24 } }\n  G: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }",
    ),
    case(
        "FW2102",
        "  A: { Type: AWS::ApiGateway::Account, Properties: { CloudWatchRoleArn: !Ref R } }\n  R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }",
        "where the ARN of an `AWS::IAM::Role` belongs",
        "  A: { Type: AWS::ApiGateway::Account, Properties: { CloudWatchRoleArn: !GetAtt R.Arn } }\n  R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }",
    ),
    case(
        "FW3002",
        "  A: { Type: AWS::EC2::Instance, Properties: { InstanceType: m1.small } }",
        "missing in a target region",
        "  A: { Type: AWS::EC2::Instance, Properties: { InstanceType: t3.micro } }",
    ),
    case(
        "FW3003",
        "  A: { Type: AWS::EC2::Instance, Properties: { InstanceType: t3.mikro } }",
        "no region is known",
        "  A: { Type: AWS::EC2::Instance, Properties: { InstanceType: !Ref Empty } }",
    ),
    case(
        "FW1020",
        "  A: { Type: Other::S3::Nothing }",
        "nothing is known of the type",
        "  A: { Type: AWS::S3::Bucket }",
    ),
    case(
        "FW3004",
        "  A: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-0123456789abcdef0 } }",
        "the template is for several",
        "  A: { Type: AWS::EC2::Instance, Properties: { ImageId: !If [InVirginia, ami-0123456789abcdef0, ami-0123456789abcdef1] } }",
    ),
    case(
        "FW3004",
        "  A: { Type: AWS::EC2::Subnet, Properties: { AvailabilityZone: us-east-1a } }",
        "is of the region `us-east-1`",
        "  A: { Type: AWS::EC2::Subnet, Condition: C, Properties: { AvailabilityZone: us-east-1a } }",
    ),
    case(
        "FW3001",
        "  A: { Type: AWS::Amplify::App, Properties: { Name: abc } }",
        "missing in a target region",
        "  A: { Type: AWS::Amplify::App, Condition: InVirginia, Properties: { Name: abc } }",
    ),
    case(
        "FW1021",
        "  A: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: a, AttributeType: S }], KeySchema: [{ AttributeName: b, KeyType: HASH }] } }",
        "`b` are not defined",
        "  A: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: !Ref P, AttributeType: S }], KeySchema: [{ AttributeName: b, KeyType: HASH }] } }",
    ),
    case(
        "FW1021",
        "  A: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: a, AttributeType: S }, { AttributeName: b, AttributeType: S }], KeySchema: [{ AttributeName: a, KeyType: HASH }] } }",
        "in no key",
        "  A: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: a, AttributeType: S }], KeySchema: [{ AttributeName: a, KeyType: HASH }] } }",
    ),
    case(
        "FW1021",
        "  A: { Type: AWS::Backup::BackupPlan, Properties: { BackupPlan: { BackupPlanName: a, BackupPlanRule: [{ RuleName: a, TargetBackupVault: b, Lifecycle: { MoveToColdStorageAfterDays: 7, DeleteAfterDays: 30 } }] } } }",
        "30 days",
        "  A: { Type: AWS::Backup::BackupPlan, Properties: { BackupPlan: { BackupPlanName: a, BackupPlanRule: [{ RuleName: a, TargetBackupVault: b, Lifecycle: { MoveToColdStorageAfterDays: 7, DeleteAfterDays: 97 } }] } } }",
    ),
    case(
        "FW1021",
        "  A: { Type: AWS::ElastiCache::ReplicationGroup, Properties: { ReplicationGroupDescription: a, AutomaticFailoverEnabled: true, NumCacheClusters: 1 } }",
        "1 cluster",
        "  A: { Type: AWS::ElastiCache::ReplicationGroup, Properties: { ReplicationGroupDescription: a, AutomaticFailoverEnabled: true, NumCacheClusters: 2 } }",
    ),
    case(
        "FW1022",
        "  A: { Type: AWS::CodeBuild::Project, Properties: { ServiceRole: !Ref R, Artifacts: { Type: CODEPIPELINE }, Source: { Type: CODEPIPELINE }, Environment: { Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: a } } }\n  R: { Type: AWS::IAM::Role, Properties: { Path: /a/, AssumeRolePolicyDocument: {} } }",
        "the path `/a/`",
        "  A: { Type: AWS::CodeBuild::Project, Properties: { ServiceRole: !Ref R, Artifacts: { Type: CODEPIPELINE }, Source: { Type: CODEPIPELINE }, Environment: { Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: a } } }\n  R: { Type: AWS::IAM::Role, Properties: { Path: /, AssumeRolePolicyDocument: {} } }",
    ),
    case(
        "FW1004",
        "  R: { Type: AWS::SNS::Topic }\n  A: { Type: AWS::Lambda::Function, Properties: { Role: 'arn:aws:iam::123456789012:role/a', Runtime: python3.13, Handler: a.b, Code: { ZipFile: a }, Environment: { Variables: !GetAtt R.TopicArn } } }",
        "a map belongs",
        "  R: { Type: Custom::Thing, Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:a' } }\n  A: { Type: AWS::Lambda::Function, Properties: { Role: 'arn:aws:iam::123456789012:role/a', Runtime: python3.13, Handler: a.b, Code: { ZipFile: a }, Environment: { Variables: !GetAtt R.All } } }",
    ),
    case(
        "FW1006",
        "  A: { Type: AWS::CloudFront::Distribution, Properties: { DistributionConfig: { Enabled: true, Aliases: ['a.*.example.com'] } } }",
        "no name of a host",
        "  A: { Type: AWS::CloudFront::Distribution, Properties: { DistributionConfig: { Enabled: true, Aliases: ['*.Example.com', a-b.example.com] } } }",
    ),
    case(
        "FW1023",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref V, CidrBlock: 10.1.0.0/24 } }\n  V: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }",
        "is not within",
        "  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref V, CidrBlock: !Ref Empty } }\n  V: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }",
    ),
];

fn template(resources: &str) -> String {
    let mut resources = resources.to_owned();
    for length in [256, 257] {
        resources = resources.replace(&format!("&&{length}"), &"x".repeat(length));
    }
    format!(
        "Transform: AWS::LanguageExtensions\nParameters:\n  Empty: {{ Type: String, Default: '' }}\n  Wrong: {{ Type: String, Default: Enable }}\n  Chosen: {{ Type: String, Default: Enabled, AllowedValues: [Enabled, Off] }}\n  Many: {{ Type: CommaDelimitedList }}\nConditions:\n  C: !Equals [!Ref Empty, x]\n  D: !Equals [!Ref Wrong, Enable]\n  InVirginia: !Equals [!Ref AWS::Region, us-east-1]\nResources:\n{QUEUE}{resources}\n"
    )
}

/// What these families find; the others have cases of their own.
fn check(text: &str, regions: &[String]) -> Vec<Finding> {
    let is_ours = |id: &str| ["FW1", "FW21", "FW3"].iter().any(|start| id.starts_with(start));
    let mut findings = support::check(text, regions).1;
    findings.retain(|finding| is_ours(finding.rule.id));
    findings
}

fn found(resources: &str, rule: &str) -> Vec<String> {
    let regions = ["us-east-1", "eu-south-2"].map(str::to_owned);
    let findings = check(&template(resources), &regions);
    let findings = findings.into_iter().filter(|finding| finding.rule.id == rule);
    findings
        .map(|finding| format!("{}; {}", finding.message, finding.fix.unwrap_or_default()))
        .collect()
}

#[test]
fn each_fires_and_does_not() {
    for Case { rule, fires, says, is_silent } in CASES {
        let messages = found(fires, rule);
        assert!(
            messages.iter().any(|message| message.contains(says)),
            "{rule} says {messages:?}, not «{says}», of\n{fires}"
        );
        let messages = found(is_silent, rule);
        assert!(messages.is_empty(), "{rule} says {messages:?} of\n{is_silent}");
    }
}

#[test]
fn places_and_paths_are_those_of_the_value() {
    let text = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration: !If\n        - C\n        - Status: Enabled\n        - Status: On\nConditions: { C: !Equals [!Ref AWS::Region, !Ref AWS::StackName] }\n";
    let findings = check(text, &[]);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.rule.id, finding.place.line, finding.place.column), ("FW1005", 8, 19));
    assert_eq!(
        finding.place.path,
        "/Resources/A/Properties/VersioningConfiguration/Fn::If/2/Status"
    );
    assert_eq!(finding.place.logical_id.as_deref(), Some("A"));
}

#[test]
fn what_a_macro_may_change_is_not_judged_and_said_to_be_so() {
    let text = "Transform: [Count]\nResources:\n  A: { Type: AWS::S3::Bucket, Count: 3, Properties: { Name: '%d' } }\n";
    let rules: Vec<_> = check(text, &[]).iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["FW1016"]);
    let known = text.replace("Count]", "AWS::Serverless-2016-10-31]").replace("Count: 3, ", "");
    let rules: Vec<_> = check(&known, &[]).iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["FW1003"]);
}

#[test]
fn loops_are_unrolled() {
    let text = "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Buckets:\n    - Name\n    - [one, Two]\n    - B${Name}:\n        Type: AWS::S3::Bucket\n        Properties: { VersioningConfiguration: { Status: !Sub '${Name}' } }\n";
    let findings = check(text, &[]);
    let mut ids: Vec<_> = findings.iter().map(|finding| finding.place.logical_id.clone()).collect();
    ids.sort();
    assert_eq!(ids, [Some("BTwo".to_owned()), Some("Bone".to_owned())], "{findings:?}");
}

#[test]
fn every_rule_has_a_case() {
    let rules = [schema::RULES, attributes::RULES, regions::RULES].into_iter().flatten();
    let without: Vec<&str> =
        rules.map(|rule| rule.id).filter(|id| CASES.iter().all(|case| case.rule != *id)).collect();
    // A pattern that no engine runs, and the macro's note, have tests of their own.
    assert_eq!(without, ["FW1015", "FW1016"]);
}
