//! Names and texts that a service bounds and its registry schema does not. A table with the source of each line; what the
//! schemas know is not in it.

use formwork::evaluate::{Evaluation, Resource};
use formwork::read::Segment;

use super::rules::NAME;
use crate::finding::{Finding, shown};
use crate::pattern::{Match, matches};
use crate::regions;
use crate::registry;
use crate::subject::CheckedTemplate;
use crate::value::{Value, Views, What};

/// What a property takes.
struct Bound {
    kind: &'static str,
    /// The property's path, in which `*` stands for any item.
    property: &'static str,
    least: usize,
    most: usize,
    /// The characters, as a class; empty if any.
    class: &'static str,
    source: &'static str,
}

macro_rules! bounds {
    ($($kind:literal $property:literal $least:literal $most:literal $class:literal $source:literal;)*) => {
        &[$(Bound {
            kind: $kind,
            property: $property,
            least: $least,
            most: $most,
            class: $class,
            source: concat!("https://docs.aws.amazon.com/", $source),
        }),*]
    };
}

const BOUNDS: &[Bound] = bounds! {
    "AWS::ApiGateway::RestApi" "Name" 1 255 "" "apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html";
    "AWS::CloudWatch::Dashboard" "DashboardName" 1 255 "A-Za-z0-9_-" "AmazonCloudWatch/latest/APIReference/API_PutDashboard.html";
    "AWS::CodeBuild::Project" "Name" 2 255 "A-Za-z0-9_-" "codebuild/latest/APIReference/API_CreateProject.html";
    "AWS::CodePipeline::Pipeline" "Name" 1 100 "A-Za-z0-9.@_-" "codepipeline/latest/APIReference/API_PipelineDeclaration.html";
    "AWS::Config::ConfigRule" "ConfigRuleName" 1 128 "" "config/latest/APIReference/API_ConfigRule.html";
    "AWS::DynamoDB::Table" "TableName" 3 1024 "" "amazondynamodb/latest/APIReference/API_CreateTable.html";
    "AWS::EC2::Instance" "UserData" 0 21848 "" "AWSEC2/latest/UserGuide/instancedata-add-user-data.html";
    "AWS::EC2::LaunchTemplate" "LaunchTemplateData.UserData" 0 21848 "" "AWSEC2/latest/UserGuide/instancedata-add-user-data.html";
    "AWS::EC2::LaunchTemplate" "LaunchTemplateName" 3 128 "A-Za-z0-9()./_-" "AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html";
    "AWS::EC2::SecurityGroup" "GroupName" 1 255 "" "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html";
    "AWS::ECS::Cluster" "ClusterName" 1 255 "A-Za-z0-9_-" "AmazonECS/latest/APIReference/API_CreateCluster.html";
    "AWS::ECS::Service" "ServiceName" 1 255 "A-Za-z0-9_-" "AmazonECS/latest/APIReference/API_CreateService.html";
    "AWS::ECS::TaskDefinition" "Family" 1 255 "A-Za-z0-9_-" "AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html";
    "AWS::ElasticLoadBalancingV2::LoadBalancer" "Name" 1 32 "A-Za-z0-9-" "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html";
    "AWS::ElasticLoadBalancingV2::TargetGroup" "Name" 1 32 "A-Za-z0-9-" "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html";
    "AWS::ElastiCache::ReplicationGroup" "ReplicationGroupId" 1 40 "A-Za-z0-9-" "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";
    "AWS::IAM::Group" "Policies.*.PolicyName" 1 128 r"\w+=,.@-" "IAM/latest/APIReference/API_PutGroupPolicy.html";
    "AWS::IAM::ManagedPolicy" "ManagedPolicyName" 1 128 r"\w+=,.@-" "IAM/latest/APIReference/API_CreatePolicy.html";
    "AWS::IAM::Role" "Policies.*.PolicyName" 1 128 r"\w+=,.@-" "IAM/latest/APIReference/API_PutRolePolicy.html";
    "AWS::IAM::User" "Policies.*.PolicyName" 1 128 r"\w+=,.@-" "IAM/latest/APIReference/API_PutUserPolicy.html";
    "AWS::Lambda::Function" "Code.ZipFile" 0 4_194_304 "" "lambda/latest/dg/gettingstarted-limits.html";
    "AWS::S3::Bucket" "BucketName" 3 63 "" "AmazonS3/latest/userguide/bucketnamingrules.html";
    "AWS::SNS::Topic" "DisplayName" 0 100 "" "sns/latest/api/API_SetTopicAttributes.html";
    "AWS::SNS::Topic" "TopicName" 1 256 "A-Za-z0-9_.-" "sns/latest/api/API_CreateTopic.html";
    "AWS::SQS::Queue" "QueueName" 1 80 "A-Za-z0-9_.-" "AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html";
    "AWS::SSM::Parameter" "Name" 1 1011 "" "systems-manager/latest/userguide/sysman-paramstore-su-create.html";
    "AWS::ServiceCatalog::LaunchRoleConstraint" "LocalRoleName" 1 64 r"\w+=,.@-" "servicecatalog/latest/adminguide/constraints-launch.html";
};

/// What any resource's tags take where the schema does not say.
const TAGS: [(&str, &str, usize); 2] =
    [("Tags.*.Key", "Tags/*/Key", 128), ("Tags.*.Value", "Tags/*/Value", 256)];

const TAGGING: &str = "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html";

/// Holds the names of one resource to their bounds.
pub(super) fn check(
    template: &CheckedTemplate,
    views: &Views<'_>,
    resource: &Resource<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(kind) = resource.kind.whole() else { return };
    let id = resource.id.to_string();
    let mut hold = |property: &str, bound: &Bound| {
        regions::values(views, resource, &id, property, &mut |value, path| {
            if let Some((message, allowed)) = fault(value, bound) {
                let given = value.as_text().map(shown);
                let place = template.place(value.at, &path);
                let mut finding = Finding::new(NAME, place, message).allowed(allowed);
                finding.given = given;
                findings.push(finding);
            }
        });
    };
    for bound in BOUNDS.iter().filter(|bound| bound.kind == kind) {
        hold(bound.property, bound);
    }
    if let Some(schema) = registry::schema(kind)
        && resource.property("Tags").is_some()
    {
        for (property, path, most) in TAGS {
            if schema.property(path).is_some_and(|prop| prop.max_length.is_none()) {
                let bound =
                    Bound { kind: "", property: "", least: 0, most, class: "", source: TAGGING };
                hold(property, &bound);
            }
        }
    }
}

/// What is wrong with a value, and what is allowed.
fn fault(value: &Value, bound: &Bound) -> Option<(String, String)> {
    let allowed = |what: String| Some((what, format!("{}; {}", bound.words(), bound.source)));
    if let What::Partial(text) = &value.what {
        let least = text.least_chars();
        return (least > bound.most)
            .then(|| allowed(format!("the text has {least} characters or more")))?;
    }
    let text = value.as_text().filter(|text| !text.is_empty())?;
    let length = text.chars().count();
    if length < bound.least || length > bound.most {
        return allowed(format!("the text has {length} characters"));
    }
    let pattern = format!("^[{}]*$", bound.class);
    if !bound.class.is_empty() && matches(&pattern, text) == Match::No {
        return allowed(format!("`{}` has characters that are not taken", shown(text)));
    }
    if bound.kind == "AWS::S3::Bucket"
        && let Some(fault) = bucket_fault(text)
    {
        return allowed(format!("`{}` is no bucket's name: {fault}", shown(text)));
    }
    None
}

impl Bound {
    fn words(&self) -> String {
        let characters =
            if self.class.is_empty() { String::new() } else { format!(" of [{}]", self.class) };
        format!("{} to {} characters{characters}", self.least, self.most)
    }
}

/// What of the rules for buckets' names is broken that the schema's pattern does not know.
fn bucket_fault(name: &str) -> Option<&'static str> {
    const STARTS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
    const ENDS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    if name.contains("..") {
        return Some("two full stops beside each other");
    }
    let numbers: Vec<&str> = name.split('.').collect();
    if numbers.len() == 4 && numbers.iter().all(|part| part.parse::<u8>().is_ok()) {
        return Some("it looks like an address");
    }
    if STARTS.iter().any(|start| name.starts_with(start)) {
        return Some("it begins as only AWS's own may");
    }
    ENDS.iter().any(|end| name.ends_with(end)).then_some("it ends as only AWS's own may")
}

/// Holds the names of exports to what CloudFormation takes.
pub(super) fn exports(
    template: &CheckedTemplate,
    evaluation: &Evaluation<'_>,
    findings: &mut Vec<Finding>,
) {
    const ALLOWED: &str = "letters, digits, colons and hyphens; https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html";
    for output in evaluation.outputs() {
        let Some(export) = &output.export else { continue };
        let value = evaluation.value(export);
        let Some(name) = value.whole() else { continue };
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-');
        if !name.is_empty() && name.chars().all(fits) {
            continue;
        }
        let id = output.name.to_string();
        let path = [
            Segment::Key("Outputs"),
            Segment::Key(&id),
            Segment::Key("Export"),
            Segment::Key("Name"),
        ];
        let place = template.place_at(export.tree, &formwork::read::pointer(&path));
        let message = format!("`{}` is no name of an export", shown(name));
        findings.push(Finding::new(NAME, place, message).given(shown(name)).allowed(ALLOWED));
    }
}
