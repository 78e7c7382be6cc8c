//! The role that CloudFormation deploys and removes the project's stacks with: exactly what these consist of, by name.
//!
//! It makes no role and no endpoint: these are made by the stack sets' own roles, in whatever account.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{cloudformation, ecr, iam, kms, s3, sagemaker, servicecatalog, ssm};

use super::{Of, Role, hand_on};
use crate::names;
use crate::products::sagemaker_project::names as own;
use crate::products::{SC_LAUNCH_ROLE_NAME, platform};
use crate::stacks::deploy_infra::parameters::KMS_KEY_ARN;
use crate::tags::PROJECT;

/// The stack sets: each is called like the stack that it is in.
const STACK_SETS: [&str; 3] =
    ["inference-stackset-staging", "inference-stackset-prod", "monitor-stackset"];

pub(super) fn add(t: &mut Template, of: Of) -> Handle<iam::Role> {
    of.role(
        t,
        Role {
            id: "CfnRole",
            purpose: own::CFN,
            description: "stacks",
            service: "cloudformation",
            // CloudFormation does not say for which stack it takes a role.
            sources: Vec::new(),
            policies: vec![
                ("Templates", templates(of)),
                ("Images", images(of)),
                ("Models", models(of)),
                ("StackSets", stack_sets(of)),
                ("Catalog", catalog()),
            ],
        },
    )
}

/// What the stacks are made of, and what they note for others.
fn templates(of: Of) -> Vec<Statement> {
    let project = of.input.project_name;
    let artifacts = names::bucket_arn("artifacts");
    let parameters = names::arn("ssm", "parameter/mlops");
    let noted = ["ecr/*", "user-product-id"];
    vec![
        allow(s3::actions::GetObject)
            .on([sub!("{artifacts}/templates/*"), sub!("{artifacts}/projects/{project}/*")]),
        allow(kms::actions::Decrypt).on(platform(KMS_KEY_ARN)),
        allow([
            cloudformation::actions::GetTemplateSummary,
            cloudformation::actions::ValidateTemplate,
        ])
        .on_all("a template that is not launched yet is no resource"),
        allow([ssm::actions::GetParameter, ssm::actions::GetParameters])
            .on([sub!("{parameters}/platform/*"), sub!("{parameters}/projects/{project}/*")]),
        allow([
            ssm::actions::AddTagsToResource,
            ssm::actions::DeleteParameter,
            ssm::actions::ListTagsForResource,
            ssm::actions::PutParameter,
            ssm::actions::RemoveTagsFromResource,
        ])
        .on(noted.map(|name| sub!("{parameters}/projects/{project}/{name}"))),
    ]
}

/// The repositories of the project's images, which ECR encrypts with the project's key.
fn images(of: Of) -> Vec<Statement> {
    use ecr::actions as may;
    let by_ecr = sub!("ecr.{}.{}", pseudo::REGION, pseudo::URL_SUFFIX);
    vec![
        allow([
            may::CreateRepository,
            may::DeleteLifecyclePolicy,
            may::DeleteRepository,
            may::DeleteRepositoryPolicy,
            may::DescribeRepositories,
            may::GetLifecyclePolicy,
            may::GetRepositoryPolicy,
            may::ListTagsForResource,
            may::PutImageScanningConfiguration,
            may::PutImageTagMutability,
            may::PutLifecyclePolicy,
            may::SetRepositoryPolicy,
            may::TagResource,
            may::UntagResource,
        ])
        .on(own::repository_arns(of.input.project_name)),
        allow(kms::actions::DescribeKey).on(of.key.arn()),
        allow([kms::actions::CreateGrant, kms::actions::RetireGrant])
            .on(of.key.arn())
            .when(condition::string_equals(kms::condition_keys::ViaService, by_ecr)),
    ]
}

/// The group of the project's models, and who may read it.
fn models(of: Of) -> Vec<Statement> {
    use sagemaker::actions as may;
    let project = of.input.project_name;
    vec![
        allow([
            may::AddTags,
            may::CreateModelPackageGroup,
            may::DeleteModelPackageGroup,
            may::DeleteModelPackageGroupPolicy,
            may::DeleteTags,
            may::DescribeModelPackageGroup,
            may::GetModelPackageGroupPolicy,
            may::ListTags,
            may::PutModelPackageGroupPolicy,
        ])
        .on(sub!("{}/{project}-models", names::arn("sagemaker", "model-package-group"))),
    ]
}

/// The stack sets of models and monitors. The role that administers them does the rest.
fn stack_sets(of: Of) -> Vec<Statement> {
    use cloudformation::actions as may;
    let project = of.input.project_name;
    let named = |kind, name| sub!("{}/{project}-{name}:*", names::arn("cloudformation", kind));
    let sets = STACK_SETS.map(|name| named("stackset", name));
    let targets = STACK_SETS.map(|name| named("stackset-target", name));
    let types =
        sub!("arn:{}:cloudformation:{}::type/resource/*", pseudo::PARTITION, pseudo::REGION);
    let administers = names::stackset_admin_role(val(pseudo::ACCOUNT_ID));
    let administers =
        sub!("arn:{}:iam::{}:role/{administers}", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    let for_project = condition::string_equals(condition::aws::request_tag(PROJECT), project);
    vec![
        allow(may::CreateStackSet).on_all("a stack set to be is no resource").when(for_project),
        allow([
            may::CreateStackInstances,
            may::DeleteStackInstances,
            may::DeleteStackSet,
            may::DescribeStackInstance,
            may::DescribeStackSet,
            may::DescribeStackSetOperation,
            may::ListStackInstances,
            may::ListStackSetOperationResults,
            may::ListStackSetOperations,
            may::StopStackSetOperation,
            may::TagResource,
            may::UntagResource,
            may::UpdateStackInstances,
            may::UpdateStackSet,
        ])
        .on(sets)
        .on(targets)
        .on(types),
        hand_on(val(administers), "cloudformation"),
    ]
}

/// The product with which people get access to the project. No condition tells its id; the denials of all projects' roles keep
/// off the platform's own product and those of other projects.
fn catalog() -> Vec<Statement> {
    use servicecatalog::actions as may;
    let products = names::arn("catalog", "product/*");
    let launch = platform(SC_LAUNCH_ROLE_NAME);
    let launch = sub!("arn:{}:iam::{}:role/{launch}", pseudo::PARTITION, pseudo::ACCOUNT_ID);
    vec![
        allow([
            may::CreateConstraint,
            may::CreateProduct,
            may::CreateProvisioningArtifact,
            may::DeleteProduct,
            may::DeleteProvisioningArtifact,
            may::DescribeProduct,
            may::DescribeProductAsAdmin,
            may::DescribeProvisioningArtifact,
            may::ListPortfoliosForProduct,
            may::ListProvisioningArtifacts,
            may::ListServiceActionsForProvisioningArtifact,
            may::ListTagsForResource,
            may::TagResource,
            may::UntagResource,
            may::UpdateProduct,
            may::UpdateProvisioningArtifact,
        ])
        .on(products),
        allow([
            may::AssociateProductWithPortfolio,
            may::DescribeConstraint,
            may::DisassociateProductFromPortfolio,
            may::ListConstraintsForPortfolio,
        ])
        .on_all("associations and constraints have no ARN"),
        allow(iam::actions::GetRole).on(launch),
        hand_on(val(launch), "servicecatalog"),
    ]
}
