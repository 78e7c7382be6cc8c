//! What parameters of several stacks must look like, and how that is explained to whoever types something else.
//!
//! A stack that takes a value hands it to those it nests; the form is then the same in all of them.

use formwork::Form;

/// Account.
pub const ACCOUNT_ID: Form = Form::new(r"^\d{12}$", "12 digits such as 123456789012");
/// Each of several accounts.
pub const ACCOUNT_IDS: Form =
    Form::new(r"^\d{12}$", "account ids of 12 digits, such as 123456789012");
/// Policy that bounds all roles, if the customer has one.
pub const BOUNDARY_ARN: Form = Form::new(
    r"^(arn:aws[a-z-]*:iam::\d{12}:policy/[\w+=,.@/-]+)?$",
    "the ARN of a managed policy, such as arn:aws:iam::123456789012:policy/boundary, or empty",
);
/// Bucket that is there.
pub const BUCKET_NAME: Form =
    Form::new("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the name of a bucket");
/// Cost center that things are tagged with: the alphabet of tag values.
pub const COST_CENTER: Form = Form::new(
    "^(?=.*[^ ])[A-Za-z0-9 _.:/=+@-]{1,64}$",
    "1 to 64 letters, digits, spaces and _ . : / = + @ -, such as 12345",
);
/// Each of the subnets, where there is a network.
pub const EACH_SUBNET_ID: Form =
    Form::new("^(subnet-[0-9a-f]+)?$", "ids of subnets with commas between them, or empty");
/// Zone of the first subnet, if it is chosen.
pub const FIRST_ZONE: Form = Form::new(
    r"^([a-z]{2}(-[a-z]+)+-\d[a-z])?$",
    "the name of a zone of this region, such as eu-west-1a, or empty",
);
/// Instance type that SageMaker runs models on.
pub const INSTANCE_TYPE: Form = Form::new(
    r"^ml\.[a-z0-9-]+\.[a-z0-9-]+$",
    "an instance type of SageMaker, such as ml.m5.large",
);
/// Key.
pub const KEY_ARN: Form = Form::new(
    r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$",
    "the ARN of a KMS key, such as arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
);
/// Version of a model.
pub const MODEL_PACKAGE_ARN: Form = Form::new(
    r"^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[A-Za-z0-9-]+/\d+$",
    "the ARN of a version of a model package group",
);
/// Account, empty for this one.
pub const OPTIONAL_ACCOUNT_ID: Form =
    Form::new(r"^(\d{12})?$", "12 digits such as 123456789012, or empty for this account");
/// Address for mails, if there are to be any.
pub const OPTIONAL_EMAIL: Form = Form::new(
    r"^([^@\s]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$",
    "an e-mail address, such as team@example.com, or empty",
);
/// Key, if there is one.
pub const OPTIONAL_KEY_ARN: Form = Form::new(
    r"^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[a-z0-9-]+)?$",
    "the ARN of a key, or empty",
);
/// Version of a model, if there is one yet.
pub const OPTIONAL_MODEL_PACKAGE_ARN: Form = Form::new(
    r"^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[A-Za-z0-9-]+/\d+)?$",
    "the ARN of a version of a model package group, or empty",
);
/// Managed policy, if there is one.
pub const OPTIONAL_POLICY_NAME: Form =
    Form::new(r"^([\w+=,.@/-]{1,128})?$", "the name of a managed policy, with its path, or empty");
/// Role, if there is one.
pub const OPTIONAL_ROLE_ARN: Form = Form::new(
    r"^(arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+)?$",
    "the ARN of a role, such as arn:aws:iam::123456789012:role/launcher, or empty",
);
/// Object or prefix, if there is one. With braces somebody could have the stack read a parameter or a secret.
pub const OPTIONAL_S3_URI: Form =
    Form::new("^(s3://[^ {}]+)?$", "a URI that begins with s3://, without { and }, or empty");
/// Security group, where there is a network.
pub const OPTIONAL_SECURITY_GROUP_ID: Form =
    Form::new("^(sg-[0-9a-f]+)?$", "the id of a security group, or empty");
/// Threshold, if there is one.
pub const OPTIONAL_SHARE: Form = Form::new(r"^(0(\.\d+)?|1)?$", "a number from 0 to 1, or empty");
/// Topic, if there is one.
pub const OPTIONAL_TOPIC_ARN: Form =
    Form::new(r"^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+)?$", "the ARN of a topic, or empty");
/// Permission set of IAM Identity Center, if people come by one.
pub const PERMISSION_SET: Form = Form::new(
    r"^([\w+=,.@-]{1,32})?$",
    "the name of a permission set, 1 to 32 letters, digits and + = , . @ - _, or empty",
);
/// Managed policy.
pub const POLICY_NAME: Form = Form::new(
    r"^[\w+=,.@/-]{1,128}$",
    "the name of a managed policy of this account, with its path",
);
/// Each of those who may become a persona.
pub const PRINCIPAL_ARNS: Form = Form::new(
    r"^(arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)/[\w+=.@/-]+))?$",
    "ARNs of users, roles or account roots, such as arn:aws:iam::123456789012:role/people, or nothing",
);
/// Id that SageMaker gives a project.
pub const PROJECT_ID: Form = Form::new(
    "^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
    "1 to 20 letters, digits and hyphens, such as p-abcdefghijkl",
)
.length(1, 20);
/// Project. `mlops-platform` would have the alias of the platform's key.
pub const PROJECT_NAME: Form = Form::new("^(?!mlops-platform$)[a-z0-9](-?[a-z0-9])*$", "1 to 32 lower-case letters, digits and single hyphens between them, but not mlops-platform, such as churn-model").length(1, 32);
/// Role.
pub const ROLE_ARN: Form =
    Form::new(r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$", "the ARN of a role");
/// Role, by its name.
pub const ROLE_NAME: Form =
    Form::new(r"^[\w+=,.@-]{1,64}$", "the name of a role, without its path");
/// SAML provider, if people come by one.
pub const SAML_PROVIDER_ARN: Form = Form::new(
    r"^(arn:aws[a-z-]*:iam::\d{12}:saml-provider/[\w._-]+)?$",
    "the ARN of a SAML provider, such as arn:aws:iam::123456789012:saml-provider/idp, or empty",
);
/// Zone of the second subnet, if it is chosen.
pub const SECOND_ZONE: Form = Form::new(
    r"^([a-z]{2}(-[a-z]+)+-\d[a-z])?$",
    "the name of a zone of this region, such as eu-west-1b, or empty",
);
/// Subnets as one text, where there is a network.
pub const SUBNET_IDS: Form = Form::new(
    "^(subnet-[0-9a-f]+(,subnet-[0-9a-f]+)*)?$",
    "ids of subnets with commas between them, or empty",
);
/// Where a template is.
pub const URL: Form = Form::new("^https://[^ ]+$", "a URL that begins with https://");
/// Address range of a VPC that the platform fits into.
pub const VPC_RANGE: Form = Form::new(
    r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-2])$",
    "an address range from /16 to /22, such as 10.0.0.0/16",
);
