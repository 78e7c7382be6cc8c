//! The platform's custom resources: what each takes and answers. The code behind them is in `assets/lambda`.

use formwork::prelude::*;
use formwork_aws::{ec2, s3, sagemaker, servicecatalog};

/// Copies the release into a bucket of the stack's own region, because CloudFormation reads a function's code and a
/// repository's first content only there.
#[derive(CustomResource)]
#[custom(name = "Custom::ReleaseCopy")]
pub struct ReleaseCopy {
    /// The bucket that the release is in.
    pub source_bucket: Value<s3::BucketName>,
    /// Its region; empty for the one that S3's global endpoint serves.
    pub source_region: Value<Region>,
    /// The bucket that gets the copy.
    pub target_bucket: Value<s3::BucketName>,
    /// The key that the copy is encrypted with.
    pub kms_key_arn: Value<Arn>,
    /// The keys to copy, the entry point last.
    pub keys: Value<List<ObjectKey>>,
    /// The release's name: a new one makes the copy run again.
    pub release_id: Value<String>,
}

/// Empties a bucket when the stack is deleted, so that the bucket can be.
#[derive(CustomResource)]
#[custom(name = "Custom::EmptyBucket")]
pub struct EmptyBucket {
    /// The bucket.
    pub bucket_name: Value<s3::BucketName>,
}

/// Refuses the deletion of the platform while something of it is still in use.
#[derive(CustomResource)]
#[custom(name = "Custom::DeletionGuard")]
pub struct DeletionGuard {
    /// The Studio domain, whose users' profiles count.
    pub domain_id: Value<sagemaker::DomainId>,
    /// The portfolio, whose products' projects count.
    pub portfolio_id: Value<servicecatalog::PortfolioId>,
    /// The platform's own name.
    pub platform_name: Value<String>,
}

/// Chooses the zones of the network's two subnets: zones in which every endpoint service is there.
#[derive(CustomResource)]
#[custom(name = "Custom::NetworkPlan", attributes = NetworkPlanAttributes)]
pub struct NetworkPlan {
    /// The endpoint services.
    pub services: Value<List<String>>,
    /// The first zone; empty to have it chosen.
    pub az1: Value<AvailabilityZone>,
    /// The second zone; empty to have it chosen.
    pub az2: Value<AvailabilityZone>,
}

/// What [`NetworkPlan`] answers.
#[derive(Attributes)]
pub struct NetworkPlanAttributes {
    /// The first zone.
    pub az1: Value<AvailabilityZone>,
    /// The second zone.
    pub az2: Value<AvailabilityZone>,
    /// The list of S3's addresses in the region.
    pub s3_prefix_list_id: Value<String>,
}

/// Removes apps and spaces before a Studio domain, or one profile of it, is deleted. It takes one of the two.
#[derive(CustomResource)]
#[custom(name = "Custom::StudioCleanup")]
pub struct StudioCleanup {
    /// The domain, to free it of everything.
    pub domain_id: Option<Value<sagemaker::DomainId>>,
    /// A profile, to free it alone.
    pub user_profile_arn: Option<Value<sagemaker::UserProfileArn>>,
}

/// Removes what a deleted Studio domain leaves in a network, so that the network can be deleted.
#[derive(CustomResource)]
#[custom(name = "Custom::StudioStorageCleanup")]
pub struct StudioStorageCleanup {
    /// The network.
    pub vpc_id: Value<ec2::VpcId>,
    /// Its subnets.
    pub subnet_ids: Value<List<ec2::SubnetId>>,
    /// `Retain` or `Delete`: what becomes of home directories.
    pub mode: Value<String>,
}

/// Keeps the platform's roles from being principals of AWS's own portfolio of project templates, or makes one a principal.
#[derive(CustomResource)]
#[custom(name = "Custom::ProvidedTemplates")]
pub struct ProvidedTemplates {
    /// `Disabled` or `Offered`.
    pub desired: Value<String>,
    /// The platform's roles; the first is the Data Science Admin's.
    pub principal_arns: Value<List<Arn>>,
}

/// Keeps one monitor of a project: the definition of its job and the schedule that runs it. CloudFormation's own types for
/// these are not in every region.
#[derive(CustomResource)]
#[custom(name = "Custom::ModelMonitor")]
pub struct ModelMonitor {
    /// `dq`, `mq`, `bias` or `shap`.
    pub kind: Value<String>,
    /// The project.
    pub project_name: Value<String>,
    /// The stage that is watched.
    pub stage: Value<String>,
    /// When the job runs.
    pub schedule: Value<String>,
    /// The version that is deployed: with a new one the model has another name, and is looked up again.
    pub model_package_arn: Value<Arn>,
    /// What SageMaker's API takes for a definition of this kind, but for its name. What is empty is left out.
    pub definition: Value<Json>,
}

/// Removes what a project's pipelines made, when the project is terminated.
#[derive(CustomResource)]
#[custom(name = "Custom::ProjectCleanup")]
pub struct ProjectCleanup {
    /// The project's name.
    pub project_name: Value<String>,
    /// The project's id, which a stack must carry as a tag to be deleted.
    pub project_id: Value<String>,
    /// The stacks, in the order in which they are deleted.
    pub stack_names: Value<List<String>>,
}
