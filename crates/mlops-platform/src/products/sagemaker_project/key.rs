//! The project's key: it encrypts the project's data, artifacts and images.
//!
//! Its policy names no role of the project, so that none has to exist before it: whoever IAM allows may use it.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork_aws::kms;

use super::{InStage, Inputs, inference_roles, of_reader, stages};
use crate::names;
use crate::products::{SC_LAUNCH_ROLE_NAME, platform};

pub(super) fn add(t: &mut Template, input: Inputs, data_scientist: Value<Arn>) -> Handle<kms::Key> {
    let project = input.project_name;
    let key = t.add(
        "ProjectKey",
        kms::Key::new()
            .description(sub!("Encrypts what belongs to the project {project}"))
            .enable_key_rotation(true)
            .key_policy(Policy::new(policy(data_scientist)))
            .tags(project_tags!(kms, input))
            .retain(),
    );
    t.add(
        "ProjectKeyAlias",
        kms::Alias::new(kms::AliasRequired {
            alias_name: sub!("alias/{}-{project}", pseudo::REGION),
            target_key_id: key,
        }),
    );
    key
}

fn policy(data_scientist: Value<Arn>) -> Vec<Statement> {
    let in_this_region = |service| sub!("{service}.{}.{}", pseudo::REGION, pseudo::URL_SUFFIX);
    let mut statements = vec![
        allow(kms::actions::All).on_self().to(Principal::account_root()).id("AccountDecides"),
        // The only key that the launch role has a right on, and no more than CloudFormation needs.
        allow([
            kms::actions::CreateAlias,
            kms::actions::DeleteAlias,
            kms::actions::DescribeKey,
            kms::actions::DisableKeyRotation,
            kms::actions::EnableKeyRotation,
            kms::actions::GetKeyPolicy,
            kms::actions::GetKeyRotationStatus,
            kms::actions::ListResourceTags,
            kms::actions::PutKeyPolicy,
            kms::actions::ScheduleKeyDeletion,
            kms::actions::TagResource,
            kms::actions::UntagResource,
            kms::actions::UpdateAlias,
            kms::actions::UpdateKeyDescription,
        ])
        .on_self()
        .to(Principal::aws(launch_role()))
        .id("MadeByLaunchRole"),
        of_reader(
            allow([kms::actions::Decrypt, kms::actions::DescribeKey]).on_self(),
            data_scientist,
        )
        .when(condition::string_equals(kms::condition_keys::ViaService, in_this_region("s3")))
        .id("ReportsForDataScientists"),
    ];
    statements.extend(stages().into_iter().flat_map(of_stage));
    statements
}

/// What runs models in an account decrypts them and encrypts what they answer; what deploys them there lends the key to
/// SageMaker.
fn of_stage(stage: InStage) -> [Statement; 2] {
    let InStage { id: stage, account, .. } = stage;
    let deploys = names::stackset_execution_role(val(pseudo::ACCOUNT_ID));
    let roles = (inference_roles(), sub!("arn:{}:iam::*:role/{deploys}", pseudo::PARTITION));
    let by_roles = condition::arn_like(condition::aws::PrincipalArn, roles);
    let principal = Principal::account(account);
    [
        allow([
            kms::actions::Decrypt,
            kms::actions::DescribeKey,
            kms::actions::Encrypt,
            kms::actions::GenerateDataKey,
        ])
        .on_self()
        .to(principal)
        .when(by_roles)
        .id(format!("{stage}Uses")),
        allow(kms::actions::CreateGrant)
            .on_self()
            .to(principal)
            .when(by_roles)
            .when(condition::is_bool(kms::condition_keys::GrantIsForAWSResource, true))
            .id(format!("{stage}Lends")),
    ]
}

/// The role that Service Catalog makes products with.
fn launch_role() -> Value<Arn> {
    let name = platform(SC_LAUNCH_ROLE_NAME);
    val(sub!("arn:{}:iam::{}:role/{name}", pseudo::PARTITION, pseudo::ACCOUNT_ID))
}
