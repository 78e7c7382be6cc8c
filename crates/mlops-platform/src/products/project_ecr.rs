//! The repositories of a project's images, one for each container that its code builds.
//!
//! A tag is never given to another image, so that what was approved is what runs. Images are built from source, so they go with
//! the stack. Besides the project's own roles only what runs models may pull.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::{ecr, kms};

use crate::forms;

use super::project_parameters::{self, Owner};
use super::sagemaker_project::inference_roles;

/// The stack. A project's pipeline names it `{project}-ecr-repo-stack`.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "project-ecr",
    "project-ecr: the repositories of a project's images, one for each container",
    define,
);

/// What the project's pipeline hands over.
#[derive(Inputs)]
pub struct Inputs {
    /// Name of the project.
    #[input(group = "Project", label = "Name of the project", form = forms::PROJECT_NAME)]
    pub project_name: Input<String>,
    /// Id of the project.
    #[input(group = "Project", label = "Id of the project", form = forms::PROJECT_ID)]
    pub project_id: Input<String>,
    /// Cost center that everything of the project is tagged with.
    #[input(group = "Project", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
    /// Key of the project, which encrypts its images.
    #[input(
        group = "Images",
        label = "ARN of the project's key",
        pattern = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[a-z0-9-]+$",
        explain = "the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    )]
    pub kms_key_arn: Input<kms::KeyArn>,
    /// Accounts that models run in; this one if there are no others.
    #[input(group = "Images", label = "Accounts that models run in", form = forms::ACCOUNT_IDS)]
    pub stage_account_ids: Input<List<AccountId>>,
}

/// Where images are pushed to.
#[derive(Outputs)]
pub struct Outputs {
    /// Repository of the image that prepares data.
    pub preprocessing_repository_uri: Value<String>,
    /// Repository of the image that works through batches.
    pub transform_repository_uri: Value<String>,
    /// Repository of the image that trains.
    pub training_repository_uri: Value<String>,
    /// Repository of the image that answers.
    pub inference_repository_uri: Value<String>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let mut repository = |id: &'static str, container: &'static str| add(t, input, id, container);
    Outputs {
        preprocessing_repository_uri: repository("Preprocessing", "preprocessing"),
        transform_repository_uri: repository("Transform", "transform"),
        training_repository_uri: repository("Training", "training"),
        inference_repository_uri: repository("Inference", "inference"),
    }
}

/// `{project}-repository-{container}`: 57 of 256 characters at most. Its URI is where builds and the project's pipeline find it.
fn add(
    t: &mut Template,
    input: Inputs,
    id: &'static str,
    container: &'static str,
) -> Value<String> {
    let Inputs { project_name, project_id, cost_center, .. } = input;
    let by_key = ecr::EncryptionConfiguration::new(ecr::EncryptionType::Kms);
    let repository = t.add(
        format!("{id}Repository"),
        ecr::Repository::new()
            .repository_name(sub!("{project_name}-repository-{container}"))
            .encryption_configuration(by_key.kms_key(input.kms_key_arn))
            .image_scanning_configuration(ecr::ImageScanningConfiguration::new().scan_on_push(true))
            .image_tag_mutability(ecr::ImageTagMutability::Immutable)
            .lifecycle_policy(ecr::LifecyclePolicy::new().lifecycle_policy_text(KEEP_TWENTY))
            .repository_policy_text(Policy::new([pull(input.stage_account_ids)]))
            .empty_on_delete(true)
            .tags(project_tags!(ecr, input))
            .delete_with_stack(),
    );
    let uri = repository.repository_uri();
    let owner = Owner { project_name, project_id, cost_center };
    let name = format!("ecr/{container}");
    project_parameters::add(t, owner, format!("{id}RepositoryParam"), name, uri);
    uri
}

/// What 20 newer images have replaced goes.
const KEEP_TWENTY: &str = r#"{"rules":[{"rulePriority":1,"description":"Keep 20 images","selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":20},"action":{"type":"expire"}}]}"#;

/// What runs models pulls their images, in whatever account that is. ECR refuses a repository's policy that names resources.
fn pull(accounts: Input<List<AccountId>>) -> Statement {
    let accounts: Value<List<Arn>, _> =
        val(accounts.untyped("as a principal an account's id stands for the ARN of its root"));
    allow([
        ecr::actions::BatchCheckLayerAvailability,
        ecr::actions::BatchGetImage,
        ecr::actions::GetDownloadUrlForLayer,
    ])
    .to(Principal::aws(accounts))
    .when(condition::arn_like(condition::aws::PrincipalArn, inference_roles()))
    .id("ModelsPull")
}
