//! What services demand of several values together: each demand fires where it is broken, and not where one value is other.

#![allow(missing_docs, reason = "a test")]

mod support;

use support::check;

/// A rule, resources that break it, and a piece of them with what mends it.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "FW1005",
        "T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: a, AttributeType: S}], KeySchema: [{AttributeName: a, KeyType: RANGE}]}}",
        "RANGE",
        "HASH",
    ),
    (
        "FW1021",
        "T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: a, KeyType: HASH}]}}",
        "KeySchema:",
        "AttributeDefinitions: [{AttributeName: a, AttributeType: S}], KeySchema:",
    ),
    (
        "FW1021",
        "G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '3', MaxSize: '1', LaunchConfigurationName: a, AvailabilityZones: [us-east-1a]}}",
        "MaxSize: '1'",
        "MaxSize: !Ref P",
    ),
    (
        "FW1021",
        "D: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {TargetOriginId: b, ViewerProtocolPolicy: allow-all}, Origins: [{Id: a, DomainName: example.com}]}}}",
        "Id: a",
        "Id: b",
    ),
    (
        "FW1012",
        "P: {Type: AWS::CodeBuild::Project, Properties: {ServiceRole: 'arn:aws:iam::123456789012:role/a', Artifacts: {Type: S3}, Source: {Type: CODEPIPELINE}, Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: a}}}",
        "Type: S3",
        "Type: S3, Location: bucket",
    ),
    (
        "FW1021",
        "P: {Type: AWS::CodePipeline::Pipeline, Properties: {Stages: [{Name: a, Actions: []}, {Name: b, Actions: [{ActionTypeId: {Category: Source}}]}]}}",
        "Category: Source",
        "Category: Build",
    ),
    (
        "FW1012",
        "T: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', ContainerDefinitions: [{Name: a, Image: b}]}}",
        "FARGATE",
        "EC2",
    ),
    (
        "FW1005",
        "T: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [FARGATE], NetworkMode: bridge, Cpu: '256', Memory: '512', ContainerDefinitions: [{Name: a, Image: b}]}}",
        "FARGATE",
        "EC2",
    ),
    (
        "FW1021",
        "T: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: b, Memory: 256, Essential: false}]}}",
        "Essential: false",
        "Essential: true",
    ),
    (
        "FW1021",
        "T: {Type: AWS::ECS::TaskDefinition, Properties: {NetworkMode: awsvpc, ContainerDefinitions: [{Name: a, Image: b, Memory: 256, PortMappings: [{ContainerPort: 80, HostPort: 8080}]}]}}",
        "NetworkMode: awsvpc",
        "NetworkMode: bridge",
    ),
    (
        "FW1012",
        "T: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: b, Memory: 256, LogConfiguration: {LogDriver: awslogs, Options: {a: b}}}]}}",
        "a: b}}",
        "awslogs-group: b}}",
    ),
    (
        "FW1012",
        "I: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.micro}}",
        "InstanceType: t3.micro",
        "LaunchTemplate: {LaunchTemplateId: lt-1, Version: '1'}",
    ),
    (
        "FW1013",
        "D: {Type: AWS::GuardDuty::Detector, Properties: {Enable: true, DataSources: {S3Logs: {Enable: true}}, Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}]}}",
        "DataSources: {S3Logs: {Enable: true}}, ",
        "",
    ),
    (
        "FW1013",
        "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:a', FunctionName: a, StartingPosition: LATEST}}",
        ":sqs:us-east-1:123456789012:a",
        ":kinesis:us-east-1:123456789012:stream/a",
    ),
    (
        "FW1005",
        "F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/a', Handler: a.b, Code: {S3Bucket: bucket, S3Key: a}, Runtime: python3.13, Environment: {Variables: {AWS_REGION: a}}}}",
        "AWS_REGION",
        "REGION",
    ),
    (
        "FW1013",
        "F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/a', Handler: a.b, PackageType: Image, Code: {ImageUri: a}}}",
        "Handler: a.b, ",
        "",
    ),
    (
        "FW1021",
        "B: {Type: AWS::S3::Bucket, Properties: {IntelligentTieringConfigurations: [{Id: a, Status: Enabled, Tierings: [{AccessTier: DEEP_ARCHIVE_ACCESS, Days: 90}]}]}}",
        "DEEP_ARCHIVE_ACCESS",
        "ARCHIVE_ACCESS",
    ),
    (
        "FW1018",
        "R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: Z1, Name: a.example.com., Type: AAAA, TTL: '60', ResourceRecords: [10.0.0.1]}}",
        "AAAA",
        "A",
    ),
    (
        "FW1018",
        "R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: Z1, Name: a.example.com., Type: TXT, TTL: '60', ResourceRecords: [text]}}",
        "[text]",
        "['\"text\" \"a \\\"quote\\\"\"']",
    ),
    (
        "FW1018",
        "R: {Type: AWS::Route53::RecordSetGroup, Properties: {HostedZoneId: Z1, RecordSets: [{Name: a.example.com., Type: MX, TTL: '60', ResourceRecords: [mail.example.com]}]}}",
        "[mail",
        "[10 mail",
    ),
    (
        "FW1009",
        "R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: Z1, Name: a.example.com., Type: CNAME, TTL: '60', ResourceRecords: [a.example.org, b.example.org]}}",
        ", b.example.org",
        "",
    ),
    (
        "FW1013",
        "R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: Z1, Name: a.example.com., Type: A, TTL: '60', AliasTarget: {DNSName: a.example.org, HostedZoneId: Z2}}}",
        "TTL: '60', ",
        "",
    ),
    (
        "FW1021",
        "R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.org., Name: a.example.com., Type: A, TTL: '60', ResourceRecords: [10.0.0.1]}}",
        "example.org.",
        "Example.com",
    ),
    (
        "FW1023",
        "Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}\n  D: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}",
        "DelaySeconds: 1",
        "FifoQueue: true",
    ),
    (
        "FW1023",
        "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: a, BatchSize: 11}}\n  Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}",
        "BatchSize: 11",
        "BatchSize: 10",
    ),
    (
        "FW1023",
        "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}\n  F: {Type: AWS::Lambda::Function, Properties: {Timeout: 60, Handler: a.b}}",
        "Timeout: 60",
        "Timeout: 30",
    ),
    (
        "FW1023",
        "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: a, StartingPosition: LATEST}}\n  Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}",
        "AWS::SQS::Queue",
        "AWS::Kinesis::Stream",
    ),
    (
        "FW1023",
        "I: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref C, Engine: aurora-postgresql}}\n  C: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}",
        "aurora-postgresql",
        "aurora-mysql",
    ),
    (
        "FW1023",
        "M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: a, AuthorizationType: CUSTOM, AuthorizerId: !Ref A}}\n  A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: COGNITO_USER_POOLS}}",
        "CUSTOM",
        "COGNITO_USER_POOLS",
    ),
    (
        "FW1023",
        "S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, DeploymentId: !Ref D}}\n  D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref B}}\n  A: {Type: AWS::ApiGateway::RestApi}\n  B: {Type: AWS::ApiGateway::RestApi}",
        "RestApiId: !Ref B",
        "RestApiId: !Ref A",
    ),
    (
        "FW1023",
        "S: {Type: AWS::ECS::Service, Properties: {LaunchType: FARGATE, TaskDefinition: !Ref T, NetworkConfiguration: {}}}\n  T: {Type: AWS::ECS::TaskDefinition, Properties: {RequiresCompatibilities: [EC2]}}",
        "[EC2]",
        "[EC2, FARGATE]",
    ),
    (
        "FW1023",
        "S: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref T}}\n  T: {Type: AWS::ECS::TaskDefinition, Properties: {NetworkMode: awsvpc}}",
        "awsvpc",
        "bridge",
    ),
    (
        "FW1023",
        "S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.1.0.0/24}}\n  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}",
        "10.1.0.0/24",
        "10.0.1.0/24",
    ),
    (
        "FW1023",
        "A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref P, CidrBlock: 10.1.0.0/24}}\n  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref P, CidrBlock: 10.1.0.128/25}}",
        "10.1.0.128/25",
        "10.1.1.128/25",
    ),
    (
        "FW1023",
        "A: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref P, RouteTableId: a}}\n  B: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref P, RouteTableId: b}}",
        "B: {Type: AWS::EC2::SubnetRouteTableAssociation, ",
        "B: {Type: AWS::EC2::SubnetRouteTableAssociation, Condition: C, ",
    ),
];

fn rules(resources: &str) -> Vec<&'static str> {
    let text = format!(
        "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, a]}}\nResources:\n  {resources}\n"
    );
    check(&text, &[]).1.into_iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn each_demand_fires_and_does_not() {
    for (rule, resources, piece, mended) in CASES {
        assert!(resources.contains(piece), "{resources}");
        assert!(rules(resources).contains(rule), "{rule} is not found in\n{resources}");
        let mended = resources.replacen(piece, mended, 1);
        let count = |found: Vec<&str>| found.into_iter().filter(|id| id == rule).count();
        let (before, after) = (count(rules(resources)), count(rules(&mended)));
        assert!(after < before, "{rule} is still found in\n{mended}");
    }
}
