//! The table of these rules.

use crate::finding::{Rule, Severity};

const DEPENDS_ON: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html";

/// The rules about deployability.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW7001",
        severity: Severity::Warning,
        title: "a role's permissions may come after what acts with them",
        why: "A policy that stands apart from its role is attached while, or after, what has the role is made: an instance, a \
              pipeline, a service or the function of a custom resource begins without its permissions. As the stack is \
              deleted, the policy may go first, and a custom resource cannot tidy up.",
        mend: "Let what acts wait for the policy with `DependsOn`, or write the policy into the role.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7002",
        severity: Severity::Error,
        title: "what a service asks for is not there in time",
        why: "The service tests as it makes the resource whether it may call the function, send to the topic or queue, or \
              write into the bucket, or whether a load balancer sends to the target group. What would allow it is \
              missing, or is made after the resource because it refers to it.",
        mend: "Add what is missing, and let the resource wait for it; write names instead of references where they would \
               make a circle.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html",
    },
    Rule {
        id: "FW7003",
        severity: Severity::Warning,
        title: "what a service asks for may not be there in time",
        why: "The service tests as it makes the resource whether it may do what it is meant to. What allows it is in the \
              template, but nothing says that it comes first: some launches fail.",
        mend: "Let the resource wait for it with `DependsOn`.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7004",
        severity: Severity::Warning,
        title: "events for a function that nobody may call",
        why: "A rule or topic sends events to a function of the template, and no permission lets it. The stack is made, and \
              the events get lost.",
        mend: "Add an `AWS::Lambda::Permission` with the service as its `Principal` and the source as its `SourceArn`.",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    },
    Rule {
        id: "FW7005",
        severity: Severity::Warning,
        title: "a gateway that may be used before it is attached",
        why: "Routes and NAT gateways that use an internet or VPN gateway fail until this is attached to the network. \
              Nothing in their properties makes them wait for the attachment.",
        mend: "Add the `AWS::EC2::VPCGatewayAttachment` to `DependsOn`.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7006",
        severity: Severity::Warning,
        title: "a network that may be used before it leads anywhere",
        why: "A function in a network answers CloudFormation, a machine signals it, and a SageMaker domain without internet \
              reaches its services through routes or endpoints. Without them the stack waits until it times out; as it is \
              deleted, the way may be gone first.",
        mend: "Let it wait for the routes or endpoints with `DependsOn`.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7007",
        severity: Severity::Warning,
        title: "a resource of the template that is named by a text",
        why: "Only a reference makes CloudFormation wait. Where the name is written out, both are made at the same time, and \
              deleted too.",
        mend: "Use `Ref` or `Fn::GetAtt`, or `DependsOn`.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7008",
        severity: Severity::Warning,
        title: "a log group that Lambda may make first",
        why: "A custom resource runs its function as the stack is made and deleted. Lambda makes the log group if it is not \
              there: then the template's own fails because it exists, or one is left behind that fails the next launch.",
        mend: "Let the custom resource wait for the log group with `DependsOn`.",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    },
    Rule {
        id: "FW7009",
        severity: Severity::Note,
        title: "a dependency that a reference makes anyway",
        why: "A resource waits for what it refers to. Named in `DependsOn` besides, it hides which of them is needed.",
        mend: "Take it out of `DependsOn`.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7011",
        severity: Severity::Warning,
        title: "a bucket that may be written to after it was emptied",
        why: "A bucket with objects cannot be deleted. What is made after the bucket, and does not wait for the custom resource \
              that empties it, may be deleted after that, and writes in between.",
        mend: "Let what writes wait for the custom resource with `DependsOn`: it is then deleted first.",
        source: DEPENDS_ON,
    },
    Rule {
        id: "FW7021",
        severity: Severity::Error,
        title: "one name for two resources",
        why: "An account has a name once in a region. The second resource fails because it exists, or takes the first one for \
              its own.",
        mend: "Leave the name out, so that CloudFormation chooses one, or put what tells them apart into it.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    },
    Rule {
        id: "FW7022",
        severity: Severity::Warning,
        title: "a fixed name on what a change would replace",
        why: "CloudFormation makes the new resource before it removes the old one, and refuses to replace one with a fixed \
              name. A parameter on which another property hangs cannot be changed any more.",
        mend: "Leave the name out, or put the parameter into it.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    },
    Rule {
        id: "FW7031",
        severity: Severity::Warning,
        title: "data without a word on what becomes of them",
        why: "Where nothing else is said, CloudFormation deletes a resource with all that it holds as the stack is deleted, or \
              as a change replaces it.",
        mend: "Give `DeletionPolicy` and `UpdateReplacePolicy`, also where `Delete` is meant.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html",
    },
    Rule {
        id: "FW7032",
        severity: Severity::Warning,
        title: "kept as it is deleted or as it is replaced, but not both",
        why: "`DeletionPolicy` counts as the stack or the resource is deleted, `UpdateReplacePolicy` as a change replaces the \
              resource. Who means to keep it has lost it in the other case.",
        mend: "Give both.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html",
    },
    Rule {
        id: "FW7041",
        severity: Severity::Error,
        title: "code in another region",
        why: "Lambda takes code and images only from the region of the function. One bucket is in one region, and the template \
              is launched in several: in all others the launch fails.",
        mend: "Let the stack copy the code into a bucket of its own, write small code inline, or publish to one bucket for each \
               region and put `${AWS::Region}` into its name.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html",
    },
    Rule {
        id: "FW7042",
        severity: Severity::Warning,
        title: "code that one region only can have",
        why: "Lambda and SageMaker take code, models and images only from their own region. What hangs on no region is in one, so \
              that the template can be launched there, and nowhere else.",
        mend: "Let the stack copy the code, write it inline, or put `${AWS::Region}` into the bucket's name.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html",
    },
    Rule {
        id: "FW7051",
        severity: Severity::Warning,
        title: "a role without the permissions boundary",
        why: "Who has to give every role a boundary is refused a role without: either this launch fails in such an account, or \
              this role may do what the others may not.",
        mend: "Give the role the same boundary.",
        source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    },
    Rule {
        id: "FW7052",
        severity: Severity::Warning,
        title: "a policy of AWS that allows too much",
        why: "`AdministratorAccess`, `AmazonSageMakerFullAccess` and the like allow everything in a service, on every resource of \
              the account, and AWS may add to them any day.",
        mend: "Write a policy with the actions and resources that are needed.",
        source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    },
    Rule {
        id: "FW7053",
        severity: Severity::Error,
        title: "a policy of another partition",
        why: "The ARNs of AWS's policies begin with the region's partition: `aws`, `aws-cn` or `aws-us-gov`. IAM does not find one of \
              another.",
        mend: "Write `!Sub arn:${AWS::Partition}:iam::aws:policy/…`.",
        source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    },
    Rule {
        id: "FW7061",
        severity: Severity::Note,
        title: "a template that needs S3 to be handed over",
        why: "A call takes a template of at most 51,200 bytes in its body, an action of CodePipeline one of 512 KB, and only a URL \
              in S3 one of 1 MB.",
        mend: "Upload it and give `TemplateURL`, as `aws cloudformation deploy --s3-bucket` does.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    },
    Rule {
        id: "FW7062",
        severity: Severity::Warning,
        title: "a template within a template that is nearly too long",
        why: "`TemplateBody` has at most 51,200 bytes, and 80 % of that are reached.",
        mend: "Upload it and give `TemplateURL`.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    },
];

pub(super) const AFTER_POLICY: &Rule = Rule::of(RULES, "FW7001");
pub(super) const NEVER_THERE: &Rule = Rule::of(RULES, "FW7002");
pub(super) const NOT_WAITED_FOR: &Rule = Rule::of(RULES, "FW7003");
pub(super) const NOT_DELIVERED: &Rule = Rule::of(RULES, "FW7004");
pub(super) const NO_GATEWAY: &Rule = Rule::of(RULES, "FW7005");
pub(super) const NO_WAY: &Rule = Rule::of(RULES, "FW7006");
pub(super) const BY_TEXT: &Rule = Rule::of(RULES, "FW7007");
pub(super) const LOGS: &Rule = Rule::of(RULES, "FW7008");
pub(super) const NEEDLESS: &Rule = Rule::of(RULES, "FW7009");
pub(super) const WRITER: &Rule = Rule::of(RULES, "FW7011");
pub(super) const TWICE: &Rule = Rule::of(RULES, "FW7021");
pub(super) const KEPT_NAME: &Rule = Rule::of(RULES, "FW7022");
pub(super) const NOT_KEPT: &Rule = Rule::of(RULES, "FW7031");
pub(super) const HALF_KEPT: &Rule = Rule::of(RULES, "FW7032");
pub(super) const ELSEWHERE: &Rule = Rule::of(RULES, "FW7041");
pub(super) const MAY_BE_ELSEWHERE: &Rule = Rule::of(RULES, "FW7042");
pub(super) const UNBOUND: &Rule = Rule::of(RULES, "FW7051");
pub(super) const WIDE: &Rule = Rule::of(RULES, "FW7052");
pub(super) const OTHER_PARTITION: &Rule = Rule::of(RULES, "FW7053");
pub(super) const NO_CALL: &Rule = Rule::of(RULES, "FW7061");
pub(super) const NEARLY_FULL: &Rule = Rule::of(RULES, "FW7062");
