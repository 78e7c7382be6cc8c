//! Rules of deployability that hang on target regions, a manifest or sizes. What a single template shows is in `cases`.

#![allow(missing_docs, reason = "a test")]

mod support;

use formwork_check::deployability;
use formwork_check::finding::Finding;
use formwork_check::subject::Subject;

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

fn found(text: &str, regions: &[&str]) -> Vec<Finding> {
    let regions: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
    let mut findings = Vec::new();
    let subject = Subject::of_text("t.yaml", text.as_bytes(), &regions, &mut findings);
    assert_eq!(findings, [], "{text}");
    deployability::check(&subject, &mut findings);
    findings
}

fn said(findings: &[Finding]) -> Vec<(&str, u32, String)> {
    let mut said: Vec<_> =
        findings.iter().map(|one| (one.rule.id, one.place.line, one.regions.join(" "))).collect();
    said.sort();
    said
}

fn function(code: &str) -> String {
    format!(
        "Parameters: {{ Bucket: {{ Type: String }}, Usual: {{ Type: String, Default: usual }} }}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: arn:aws:iam::123456789012:role/r\n      Code: {code}\n"
    )
}

#[test]
fn code_has_to_be_in_the_region_of_its_function() {
    for (code, expected) in [
        ("{ S3Bucket: releases, S3Key: k }", Some(("FW7041", ""))),
        ("{ S3Bucket: !Sub 'releases-${AWS::Region}', S3Key: k }", None),
        ("{ S3Bucket: !Ref Bucket, S3Key: k }", None),
        ("{ S3Bucket: !Ref Usual, S3Key: k }", Some(("FW7042", ""))),
        ("{ ZipFile: 'pass' }", None),
        (
            "{ ImageUri: 123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1 }",
            Some(("FW7041", "eu-central-1")),
        ),
        ("{ ImageUri: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/a:1' }", None),
    ] {
        let findings = found(&function(code), &REGIONS);
        let expected: Vec<_> =
            expected.into_iter().map(|(rule, regions)| (rule, 7, regions.to_owned())).collect();
        assert_eq!(said(&findings), expected, "{code}");
    }
    let mapped = function("{ S3Bucket: !FindInMap [Buckets, !Ref AWS::Region, Name], S3Key: k }");
    let mapped = format!(
        "Mappings: {{ Buckets: {{ us-east-1: {{ Name: a-1 }}, eu-central-1: {{ Name: a-2 }} }} }}\n{mapped}"
    );
    assert_eq!(said(&found(&mapped, &REGIONS)), []);
    // In one region there is no other.
    assert_eq!(said(&found(&function("{ S3Bucket: releases, S3Key: k }"), &REGIONS[..1])), []);
}

#[test]
fn models_have_to_be_in_the_region_of_their_endpoint() {
    let model = |container: &str| {
        format!(
            "Parameters: {{ Url: {{ Type: String }} }}\nResources:\n  M:\n    Type: AWS::SageMaker::Model\n    Properties:\n      ExecutionRoleArn: arn:aws:iam::123456789012:role/r\n      PrimaryContainer: {container}\n"
        )
    };
    for (container, regions) in [
        ("{ ModelDataUrl: 's3://models/m.tar.gz' }", Some("")),
        ("{ ModelDataUrl: !Sub 's3://models-${AWS::Region}/m.tar.gz' }", None),
        ("{ ModelDataUrl: !Ref Url }", None),
        ("{ Image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/m:1 }", Some("us-east-1")),
    ] {
        let expected: Vec<_> =
            regions.into_iter().map(|regions| ("FW7042", 7, regions.to_owned())).collect();
        assert_eq!(said(&found(&model(container), &REGIONS)), expected, "{container}");
    }
}

/// An assembly whose links fill in the bucket, and whose nested stack takes the code from it.
#[test]
fn a_bucket_that_the_links_fill_in_is_in_one_region() {
    let nested = function("{ S3Bucket: !Ref Bucket, S3Key: k }");
    let entry = "Parameters: { Bucket: { Type: String } }\nResources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: !Sub https://${Bucket}.s3.amazonaws.com/inner.yaml\n      Parameters: { Bucket: !Ref Bucket }\n";
    let template = |name: &str, text: &str, nests: &str| {
        format!(
            "{{\"name\":\"{name}\",\"file\":\"{name}.yaml\",\"sha256\":\"{}\",\"bytes\":{},\"description\":\"\",\"capabilities\":[],\"parameters\":[],\"resources\":{{}},\"nests\":{nests},\"releases\":[],\"assets\":[]}}",
            formwork::assembly::sha256(text.as_bytes()),
            text.len()
        )
    };
    let manifest = format!(
        "{{\"format\":{},\"generator\":\"t\",\"launch\":{{\"template\":\"entry.yaml\",\"stack_name\":\"s\",\"regions\":[\"us-east-1\",\"eu-central-1\"],\"branches\":[{{\"name\":\"main\",\"bucket\":\"releases\",\"parameters\":{{\"Bucket\":\"releases\"}}}}]}},\"templates\":[{},{}],\"assets\":[]}}",
        formwork::assembly::FORMAT,
        template("inner", &nested, "{}"),
        template("entry", entry, "{\"Inner\":\"inner\"}"),
    );
    let directory = support::directory("code-by-link");
    support::write(
        &directory,
        &[
            ("inner.yaml", nested.as_bytes()),
            ("entry.yaml", entry.as_bytes()),
            ("manifest.json", manifest.as_bytes()),
        ],
    );
    let mut findings = Vec::new();
    let subject = Subject::read(&[directory], &[], &mut findings);
    assert_eq!(findings, []);
    deployability::check(&subject, &mut findings);
    assert_eq!(said(&findings), [("FW7041", 7, String::new())]);
}

#[test]
fn policies_of_aws_have_the_partition_of_the_region() {
    let role = |arn: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {{}}\n      ManagedPolicyArns: [{arn}]\n"
        )
    };
    let regions = ["us-east-1", "cn-north-1"];
    let fixed = role("arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_eq!(said(&found(&fixed, &regions)), [("FW7053", 6, "cn-north-1".to_owned())]);
    assert_eq!(said(&found(&fixed, &REGIONS)), []);
    let open = role("!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess'");
    assert_eq!(said(&found(&open, &regions)), []);
}

#[test]
fn sizes_count_by_the_way_a_template_goes() {
    let template = |bytes: usize| {
        let head = "Resources: { T: { Type: AWS::SNS::Topic } }\nMetadata:\n  A: ";
        format!("{head}{}\n", "a".repeat(bytes - head.len() - 1))
    };
    assert_eq!(said(&found(&template(51_200), &[])), []);
    assert_eq!(said(&found(&template(51_201), &[])), [("FW7061", 0, String::new())]);
    let most = found(&template(512 * 1024 + 1), &[]);
    assert_eq!(most[0].allowed.as_deref(), Some("524288 bytes"));

    let set = |bytes: usize| {
        format!(
            "Resources:\n  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      StackSetName: s\n      PermissionModel: SELF_MANAGED\n      TemplateBody: {}\n",
            "a".repeat(bytes)
        )
    };
    assert_eq!(said(&found(&set(40_959), &[])), []);
    assert_eq!(said(&found(&set(40_960), &[])), [("FW7062", 7, String::new())]);
}

#[test]
fn nothing_is_said_of_what_a_macro_changes() {
    let text = "Transform: Ours\nResources:\n  B:\n    Type: AWS::S3::Bucket\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n";
    assert_eq!(said(&found(text, &[])), []);
    let known = text.replace("Ours", "AWS::LanguageExtensions");
    assert_eq!(said(&found(&known, &[])).len(), 2);
}

/// Each resource waits for all before it, under conditions of which none follows from another.
#[test]
fn a_thicket_of_dependencies_ends_soon() {
    use std::fmt::Write as _;
    let mut text = "Parameters: { P: { Type: String } }\nConditions:\n".to_owned();
    for at in 0..40 {
        writeln!(text, "  C{at}: !Equals [!Ref P, p{at}]").unwrap();
    }
    text += "Resources:\n";
    for at in 0..400 {
        let first = at - at % 4;
        let list = |step: usize| {
            let names = (0..at).filter(|other| other % step == 0).map(|other| format!("R{other}"));
            names.collect::<Vec<_>>()
        };
        let (kind, properties) = match at % 4 {
            0 => ("AWS::IAM::Role", "AssumeRolePolicyDocument: {}".to_owned()),
            1 => {
                let roles = list(4).iter().map(|role| format!("!Ref {role}")).collect::<Vec<_>>();
                ("AWS::IAM::Policy", format!("Roles: [{}]", roles.join(", ")))
            }
            2 => ("AWS::Lambda::Function", format!("Role: !GetAtt R{first}.Arn")),
            _ => ("Custom::It", format!("ServiceToken: !GetAtt R{}.Arn", first + 2)),
        };
        writeln!(
            text,
            "  R{at}: {{Type: '{kind}', Condition: C{}, DependsOn: [{}], Properties: {{{properties}}}}}",
            at % 40,
            list(3).join(", ")
        )
        .unwrap();
    }
    let start = std::time::Instant::now();
    found(&text, &REGIONS);
    let took = start.elapsed();
    assert!(took.as_secs() < 10, "{took:?}");
}

/// What stands around each of `WAITS`.
const AROUND: &str = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Policy:
    Type: AWS::IAM::RolePolicy
    Properties: {PolicyName: p, RoleName: !Ref Role, PolicyDocument: {Statement: [{Effect: Allow, Action: ['logs:*', 'sqs:*', 'ec2:*', 'kinesis:*'], Resource: '*'}]}}
  Function: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt Function.Arn}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Launch: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {IamInstanceProfile: {Arn: !GetAtt Profile.Arn}}}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !Ref Role}}
  Logs: {Type: AWS::S3::Bucket, DeletionPolicy: Delete, UpdateReplacePolicy: Delete}
  LogsPolicy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs}}
  Vpc: {Type: AWS::EC2::VPC}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Machine: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Out: {Type: AWS::EC2::Route, DependsOn: Attachment, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
  Listener: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {Actions: [{Type: forward, TargetGroupArn: !Ref Group}]}}
  Api: {Type: AWS::ApiGatewayV2::Api}
  Path: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api}}
";

/// A type and its properties, what it has to wait for, and the rule that says so.
const WAITS: &[(&str, &str, &str, &str)] = &[
    ("AWS::EC2::Instance", "{LaunchTemplate: {LaunchTemplateId: !Ref Launch}}", "Policy", "FW7001"),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "{LaunchTemplate: {LaunchTemplateId: !Ref Launch}}",
        "Policy",
        "FW7001",
    ),
    ("AWS::ECS::Service", "{TaskDefinition: !Ref Task}", "Policy", "FW7001"),
    ("AWS::CodePipeline::Pipeline", "{RoleArn: !GetAtt Role.Arn}", "Policy", "FW7001"),
    (
        "AWS::CodeBuild::Project",
        "{ServiceRole: !Ref Role, VpcConfig: {VpcId: v}}",
        "Policy",
        "FW7001",
    ),
    (
        "AWS::StepFunctions::StateMachine",
        "{RoleArn: !GetAtt Role.Arn, LoggingConfiguration: {Level: ALL}}",
        "Policy",
        "FW7001",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "{FunctionName: !Ref Function, EventSourceArn: a}",
        "Policy",
        "FW7001",
    ),
    ("AWS::ApiGateway::Account", "{CloudWatchRoleArn: !GetAtt Role.Arn}", "Policy", "FW7001"),
    (
        "AWS::Config::ConfigRule",
        "{Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt Function.Arn}}",
        "Permission",
        "FW7003",
    ),
    (
        "AWS::SecretsManager::RotationSchedule",
        "{RotationLambdaARN: !GetAtt Function.Arn}",
        "Permission",
        "FW7003",
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "{Scheme: internal, LoadBalancerAttributes: [{Key: access_logs.s3.enabled, Value: 'true'}, {Key: access_logs.s3.bucket, Value: !Ref Logs}]}",
        "LogsPolicy",
        "FW7003",
    ),
    (
        "AWS::EC2::FlowLog",
        "{LogDestinationType: s3, LogDestination: !GetAtt Logs.Arn}",
        "LogsPolicy",
        "FW7003",
    ),
    ("AWS::ECS::Service", "{LoadBalancers: [{TargetGroupArn: !Ref Group}]}", "Listener", "FW7003"),
    ("AWS::ApiGatewayV2::Deployment", "{ApiId: !Ref Api}", "Path", "FW7003"),
    ("AWS::EC2::EIPAssociation", "{InstanceId: !Ref Machine}", "Attachment", "FW7005"),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "{Subnets: [!Ref Subnet]}",
        "Attachment",
        "FW7005",
    ),
];

#[test]
fn each_waits_for_what_it_needs() {
    for (kind, properties, needed, rule) in WAITS {
        let resource = |more: &str| {
            format!("{AROUND}  It: {{Type: '{kind}'{more}, Properties: {properties}}}\n")
        };
        let at = u32::try_from(AROUND.lines().count() + 1).unwrap();
        let late = found(&resource(""), &[]);
        assert_eq!(said(&late), [(*rule, at, String::new())], "{kind}");
        assert!(late[0].fix.as_ref().unwrap().contains(needed), "{kind}: {:?}", late[0].fix);
        let waiting = found(&resource(&format!(", DependsOn: {needed}")), &[]);
        assert_eq!(said(&waiting), [], "{kind}");
    }
    // A machine that CloudFormation waits for needs its way out.
    let machine = |more: &str| {
        format!(
            "{AROUND}  It: {{Type: AWS::EC2::Instance, CreationPolicy: {{}}{more}, Properties: {{SubnetId: !Ref Subnet}}}}\n"
        )
    };
    assert_eq!(said(&found(&machine(""), &[]))[0].0, "FW7006");
    assert_eq!(said(&found(&machine(", DependsOn: Out"), &[])), []);
}
