//! What all pipelines are put together from: stages, actions, sources and where their artifacts lie. Which there are, the stacks
//! that have pipelines say.

use formwork::prelude::*;
use formwork::{IntoValue, Required};
use formwork_aws::codepipeline::{
    ActionDeclaration, ActionDeclarationRequired, ActionTypeId, ActionTypeIdCategory,
    ActionTypeIdRequired, ArtifactStore, ArtifactStoreRequired, ArtifactStoreType, EncryptionKey,
    EncryptionKeyRequired, StageDeclaration, StageDeclarationRequired,
};

/// A stage.
pub(crate) fn stage(name: &'static str, actions: Vec<ActionDeclaration>) -> StageDeclaration {
    StageDeclaration::new(StageDeclarationRequired { actions, name })
}

/// An action of AWS's own, beside the others of its stage.
pub(crate) fn action(
    name: &'static str,
    category: ActionTypeIdCategory,
    provider: &'static str,
) -> ActionDeclaration {
    let kind =
        ActionTypeId::new(ActionTypeIdRequired { category, owner: "AWS", provider, version: "1" });
    ActionDeclaration::new(ActionDeclarationRequired { action_type_id: kind, name }).run_order(1)
}

/// A branch of a repository in CodeCommit. It is never polled: a rule starts the pipeline, and polling would start it a second
/// time.
pub(crate) fn source(
    name: &'static str,
    repository: Value<String>,
    branch: Value<String>,
) -> ActionDeclaration {
    action(name, ActionTypeIdCategory::Source, "CodeCommit").configuration(object([
        ("RepositoryName", any(repository)),
        ("BranchName", any(branch)),
        ("PollForSourceChanges", any(false)),
        ("OutputArtifactFormat", any("CODE_ZIP")),
    ]))
}

/// A bucket for artifacts, and the key that encrypts what a pipeline puts there.
pub(crate) fn artifacts(
    bucket: impl IntoValue<String, Required>,
    key: impl IntoValue<String, Required>,
) -> ArtifactStore {
    let key = EncryptionKey::new(EncryptionKeyRequired { id: key, type_: "KMS" });
    let store = ArtifactStore::new(ArtifactStoreRequired {
        location: bucket,
        type_: ArtifactStoreType::S3,
    });
    store.encryption_key(key)
}
