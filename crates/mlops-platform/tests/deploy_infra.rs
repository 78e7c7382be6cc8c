//! What the stack `deploy-infra` promises: no way to the internet, endpoints by tier, personas that may no more than they
//! should.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use mlops_platform::launch::REGIONS;
use mlops_platform::parameters;
use mlops_platform::stacks::deploy_infra;
use serde_json::Value;
use support::{of_type, several, statements, texts};

fn template() -> Value {
    let synthesized = support::synthesize(deploy_infra::STACK.template());
    support::template(&synthesized, "deploy-infra")
}

fn actions(template: &Value, role: &str, effect: &str) -> BTreeSet<String> {
    let chosen = statements(template, role).into_iter().filter(|it| it["Effect"] == effect);
    let actions = chosen.flat_map(|statement| several(&statement["Action"]));
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

const PERSONAS: [(&str, &str); 3] = [
    ("DataScienceAdminRole", "${AWS::Region}-datascience-admin-${AWS::AccountId}"),
    ("DataScientistRole", "${AWS::Region}-datascientist-${AWS::AccountId}"),
    ("FullStackDeveloperRole", "${AWS::Region}-full-stack-developer-${AWS::AccountId}"),
];

#[test]
fn no_way_to_the_internet() {
    let synthesized = support::synthesize(deploy_infra::STACK.template());
    let text = &synthesized.template("deploy-infra").unwrap().text;
    let template = support::template(&synthesized, "deploy-infra");
    for word in
        ["InternetGateway", "NatGateway", "VPCGateway", "AWS::EC2::Route\"", "AWS::EC2::EIP"]
    {
        assert!(!text.contains(word), "{word}");
    }
    assert!(
        !text.contains("0.0.0.0/0") && !text.contains("::/0"),
        "an address range of everything"
    );
    for (id, subnet) in of_type(&template, "AWS::EC2::Subnet") {
        assert_eq!(subnet["Properties"]["MapPublicIpOnLaunch"], false, "{id}");
    }
    for (id, group) in of_type(&template, "AWS::EC2::SecurityGroup") {
        let egress = several(&group["Properties"]["SecurityGroupEgress"]);
        let ranges: Vec<_> = egress.iter().map(|rule| &rule["CidrIp"]).collect();
        assert_eq!(ranges, ["127.0.0.1/32"], "{id}: without it EC2 adds a rule to anywhere");
        assert!(group["Properties"]["SecurityGroupIngress"].is_null(), "{id}");
    }
    for (id, rule) in of_type(&template, "AWS::EC2::SecurityGroupEgress") {
        let to = &rule["Properties"];
        let inside =
            !to["DestinationSecurityGroupId"].is_null() || !to["DestinationPrefixListId"].is_null();
        assert!(inside && to["CidrIp"].is_null() && to["CidrIpv6"].is_null(), "{id}");
    }
    let domain = &template["Resources"]["StudioDomain"]["Properties"];
    assert_eq!(domain["AppNetworkAccessType"], "VpcOnly");
    let hidden =
        several(&domain["DefaultUserSettings"]["StudioWebPortalSettings"]["HiddenMlTools"]);
    for tool in ["Projects", "Pipelines", "Models", "Experiments", "Training", "Endpoints"] {
        assert!(!hidden.iter().any(|it| *it == tool), "{tool} is hidden");
    }
}

#[test]
fn nothing_speaks_to_apps_of_studio() {
    let template = template();
    let group = |rule: &Value, of: &str| rule["Properties"][of]["Fn::GetAtt"][0].clone();
    let domain = &template["Resources"]["StudioDomain"]["Properties"]["DefaultUserSettings"];
    let [used] = several(&domain["SecurityGroups"])[..] else { panic!("one group") };
    assert_eq!(used["Fn::GetAtt"][0], "StudioSecurityGroup");
    for (id, rule) in of_type(&template, "AWS::EC2::SecurityGroupIngress") {
        assert_ne!(group(rule, "GroupId"), "StudioSecurityGroup", "{id}");
    }
    for (id, rule) in of_type(&template, "AWS::EC2::SecurityGroupEgress") {
        assert_ne!(group(rule, "DestinationSecurityGroupId"), "StudioSecurityGroup", "{id}");
    }
    let waits = texts(&template["Resources"]["StudioStorageCleanup"]["DependsOn"]);
    assert!(waits.contains(&"StudioSecurityGroup"), "SageMaker's groups refer to it");
}

#[test]
fn endpoints_by_tier_and_region() {
    let template = template();
    let endpoints = of_type(&template, "AWS::EC2::VPCEndpoint");
    let (gateway, interface): (Vec<_>, Vec<_>) =
        endpoints.into_iter().partition(|(_, it)| it["Properties"]["VpcEndpointType"] == "Gateway");
    assert_eq!(gateway.len(), 1, "S3");
    let (optional, essential): (Vec<_>, Vec<_>) =
        interface.iter().partition(|(_, it)| !it["Condition"].is_null());
    assert_eq!((interface.len(), essential.len()), (21, 15), "in Full, in Essential");
    let table = template["Mappings"]["EndpointAvailability"].as_object().unwrap();
    assert_eq!(table.keys().collect::<Vec<_>>(), REGIONS.map(|region| region.code));
    for (id, it) in &optional {
        let service = id.strip_suffix("Endpoint").unwrap();
        let condition = it["Condition"].as_str().unwrap();
        let parts = &template["Conditions"][condition]["Fn::And"];
        assert_eq!(parts[0]["Condition"], "FullTier", "{id}");
        assert_eq!(parts[1]["Fn::Equals"][0]["Fn::FindInMap"][2], service, "{id}");
        assert!(table.values().all(|services| services[service].is_string()), "{id}");
    }
    let waits = several(&template["Resources"]["StudioDomain"]["DependsOn"]);
    for (id, it) in gateway.iter().chain(&essential) {
        assert!(waits.iter().any(|other| *other == id), "the domain does not wait for {id}");
        assert!(it["Condition"].is_null(), "{id}");
    }
    let names = |it: &Value| it["Properties"]["ServiceName"]["Fn::Sub"].clone();
    let planned = several(&template["Resources"]["NetworkPlan"]["Properties"]["Services"]);
    let planned: Vec<Value> = planned
        .iter()
        .map(|it| {
            if it["Fn::If"].is_null() {
                it["Fn::Sub"].clone()
            } else {
                it["Fn::If"][1]["Fn::Sub"].clone()
            }
        })
        .collect();
    assert_eq!(planned, interface.iter().map(|(_, it)| names(it)).collect::<Vec<_>>());
    for (id, it) in interface {
        assert_eq!(it["Properties"]["PrivateDnsEnabled"], true, "{id}");
        let policy = &it["Properties"]["PolicyDocument"]["Statement"];
        if !policy.is_null() {
            let account = &policy[0]["Condition"]["StringEquals"]["aws:PrincipalAccount"];
            assert_eq!(account["Ref"], "AWS::AccountId", "{id}");
        }
    }
}

#[test]
fn roles() {
    let template = template();
    for (id, name) in PERSONAS {
        let role = &template["Resources"][id]["Properties"];
        assert_eq!(role["RoleName"]["Fn::Sub"], name);
        assert_eq!(role["MaxSessionDuration"], 28_800, "{id}");
    }
    let roles = of_type(&template, "AWS::IAM::Role");
    assert_eq!(roles.len(), 9);
    for (id, role) in roles {
        let properties = &role["Properties"];
        assert_eq!(properties["PermissionsBoundary"]["Fn::If"][0], "HasBoundary", "{id}");
        let size = longest(&properties["Policies"]);
        assert!(size <= 10_240, "{id}: inline policies have {size} characters");
        // Without the statement that is there only if nobody is named.
        let named = several(&properties["AssumeRolePolicyDocument"]["Statement"]);
        let named = named.into_iter().filter(|it| it["Fn::If"][1]["Sid"] != "ThisAccount");
        let trust = longest(&Value::Array(named.cloned().collect())) + 40;
        assert!(trust <= 2_048, "{id}: the trust policy has {trust} characters");
        for statement in statements(&template, id) {
            assert!(statement["NotAction"].is_null(), "{id}: {statement}");
            assert!(
                !several(&statement["Action"]).iter().any(|it| *it == "*"),
                "{id}: {statement}"
            );
        }
    }
}

/// The characters of a policy as IAM counts them, with everything that it refers to as long as it gets, and every statement
/// that hangs on a condition.
fn longest(value: &Value) -> usize {
    fn text(value: &str) -> usize {
        let long = value
            .replace("${AWS::Partition}", "aws")
            .replace("${AWS::Region}", "ap-southeast-1")
            .replace("${AWS::AccountId}", "123456789012")
            .replace("${StudioDomain}", "d-123456789012")
            .replace("${Vpc}", "vpc-12345678901234567");
        // Whatever else is referred to: the longest is a stack's name.
        long.len() + 128 * long.matches("${").count() + 2
    }
    match value {
        Value::String(it) => text(it),
        Value::Array(items) => items.iter().map(|item| longest(item) + 1).sum::<usize>() + 1,
        Value::Object(entries) => match entries.iter().next().map(|(key, it)| (key.as_str(), it)) {
            Some(("Fn::Sub", Value::Array(parts))) => longest(&parts[0]),
            Some(("Fn::Sub", it)) => longest(it),
            Some(("Fn::If", parts)) => longest(&parts[1]).max(longest(&parts[2])),
            // Two ARNs of people that are trusted, or the ARN of a key or of a provider.
            Some(("Ref", it)) if it == "TrustedPrincipalArns" => 240,
            Some(("Ref" | "Fn::GetAtt", _)) => 120,
            _ => entries.iter().map(|(key, it)| key.len() + 4 + longest(it)).sum::<usize>() + 1,
        },
        other => other.to_string().len(),
    }
}

/// What each persona may change. Everything else is reading, and none of it is of buckets.
const CHANGES: [(&str, &str); 3] = [
    (
        "DataScienceAdminRole",
        "codepipeline:RetryStageExecution kms:CreateGrant kms:Decrypt \
         kms:GenerateDataKeyWithoutPlaintext logs:CreateLogGroup logs:CreateLogStream \
         logs:PutLogEvents sagemaker:AddTags sagemaker:CreateApp \
         sagemaker:CreatePresignedDomainUrl sagemaker:CreateProject sagemaker:CreateSpace \
         sagemaker:DeleteApp sagemaker:DeleteProject sagemaker:DeleteSpace \
         sagemaker:UpdateProject sagemaker:UpdateSpace servicecatalog:ProvisionProduct \
         servicecatalog:TerminateProvisionedProduct servicecatalog:UpdateProvisionedProduct",
    ),
    (
        "DataScientistRole",
        "codecommit:CreatePullRequest codecommit:MergePullRequestBy* codecommit:PostComment* \
         codecommit:UpdateComment codecommit:UpdatePullRequestApprovalState \
         codecommit:UpdatePullRequestDescription codecommit:UpdatePullRequestStatus \
         codecommit:UpdatePullRequestTitle codepipeline:PutApprovalResult \
         sagemaker:CreatePresignedDomainUrl sagemaker:UpdateModelPackage",
    ),
    (
        "FullStackDeveloperRole",
        "ce:UpdateCostAllocationTagsStatus codeartifact:PublishPackageVersion \
         codeartifact:PutPackageMetadata codecommit:CreateBranch codecommit:CreateCommit \
         codecommit:CreatePullRequest codecommit:CreateUnreferencedMergeCommit \
         codecommit:DeleteBranch codecommit:DeleteFile codecommit:GitPush \
         codecommit:MergeBranchesBy* codecommit:MergePullRequestBy* codecommit:PostComment* \
         codecommit:PutFile codecommit:UpdateComment codecommit:UpdatePullRequestApprovalState \
         codecommit:UpdatePullRequestDescription codecommit:UpdatePullRequestStatus \
         codecommit:UpdatePullRequestTitle codepipeline:RetryStageExecution \
         codepipeline:StartPipelineExecution codepipeline:StopPipelineExecution",
    ),
];

#[test]
fn what_personas_may_do() {
    let template = template();
    for (role, expected) in CHANGES {
        let allowed = actions(&template, role, "Allow");
        let reads = [
            "Get", "List", "Describe", "Batch", "Search", "Scan", "Filter", "Evaluate", "GitPull",
            "Read",
        ];
        let changes = allowed.iter().filter(|action| {
            let (_, name) = action.split_once(':').unwrap();
            !reads.iter().any(|read| name.starts_with(read))
        });
        let changes: Vec<&str> = changes.map(String::as_str).collect();
        assert_eq!(changes, expected.split_whitespace().collect::<Vec<_>>(), "{role}");
        for service in ["s3:", "ec2:", "iam:", "lambda:"] {
            let of_service: Vec<_> = allowed.iter().filter(|it| it.starts_with(service)).collect();
            assert!(
                of_service.iter().all(|action| *action == "iam:GetRole"),
                "{role}: {of_service:?}"
            );
        }
        let denied = actions(&template, role, "Deny");
        let of_profile = denied.contains("sagemaker:CreatePresignedDomainUrl");
        assert_eq!(of_profile, role == "DataScientistRole", "{role}: {denied:?}");
    }
}

#[test]
fn parameters_of_the_platform() {
    let template = template();
    let written: BTreeSet<&str> = of_type(&template, "AWS::SSM::Parameter")
        .into_iter()
        .map(|(_, it)| it["Properties"]["Name"].as_str().unwrap())
        .map(|name| name.strip_prefix(parameters::PREFIX).unwrap())
        .collect();
    let expected = "codeartifact-domain codeartifact-endpoint codeartifact-repository \
        compute-security-group-id datascience-admin-role-arn datascientist-role-arn domain-arn \
        domain-id kms-key-arn prod-account-id ready-topic-arn staging-account-id subnet-id-1 \
        subnet-id-2 subnet-ids vpc-id";
    assert_eq!(written, expected.split_whitespace().collect());
}

#[test]
fn what_every_resource_has() {
    let template = template();
    let untaggable = [
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
    ];
    for (id, resource) in template["Resources"].as_object().unwrap() {
        let (kind, properties) = (resource["Type"].as_str().unwrap(), &resource["Properties"]);
        if kind.starts_with("Custom::") {
            assert!(properties["ServiceTimeout"].as_u64().unwrap() <= 3600, "{id}");
        } else if !untaggable.contains(&kind) {
            let tags = properties["Tags"].to_string();
            assert!(tags.contains("mlops:platform"), "{id}: {tags}");
            // A profile's tags can never change, so none of them may be a parameter.
            let changes = kind != "AWS::SageMaker::UserProfile";
            assert_eq!(tags.contains("CostCenter"), changes, "{id}: {tags}");
        }
        if kind == "AWS::Logs::LogGroup" {
            assert_eq!(properties["RetentionInDays"], 30, "{id}");
            assert_eq!(properties["KmsKeyId"]["Ref"], "PlatformKeyArn", "{id}");
            assert_eq!(resource["DeletionPolicy"], "Delete", "{id}");
        }
    }
}
