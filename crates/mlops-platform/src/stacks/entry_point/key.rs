//! The platform's key: it encrypts buckets, logs, repositories and the domain's storage.
//!
//! Its policy names no role, so that no role has to exist before it: whoever IAM allows may use it.

use formwork::prelude::*;
use formwork_aws::kms;

use crate::names;
use crate::tags::tags;

pub(super) fn add(
    t: &mut Template,
    cost_center: Input<String>,
    accounts: [Value<AccountId>; 2],
) -> (Handle<kms::Key>, Handle<kms::Alias>) {
    let key = t.add(
        "PlatformKey",
        kms::Key::new()
            .description("Encrypts what the MLOps platform stores")
            .enable_key_rotation(true)
            .key_policy(policy(accounts))
            .tags(tags!(kms, cost_center))
            .retain(),
    );
    let alias = t.add(
        "PlatformKeyAlias",
        kms::Alias::new(kms::AliasRequired {
            alias_name: sub!("alias/{}-mlops-platform", pseudo::REGION),
            target_key_id: key,
        }),
    );
    (key, alias)
}

fn policy([staging, prod]: [Value<AccountId>; 2]) -> Policy {
    use formwork::iam::Action;
    use kms::actions as may;
    let use_it = [
        Action::starting_with(may::Decrypt),
        Action::starting_with(may::Encrypt),
        Action::starting_with(may::GenerateDataKey),
        Action::raw("kms:ReEncrypt*"),
    ];
    let log_group = kms::condition_keys::encryption_context("aws:logs:arn")
        .untyped::<Arn>("CloudWatch Logs puts an ARN there");
    let log_groups = names::arn("logs", "log-group:*");
    Policy::new([
        allow(may::All).on_self().to(Principal::account_root()).id("AccountDecides"),
        allow(use_it)
            .on_self()
            .to(Principal::regional_service("logs", pseudo::REGION))
            .when(condition::arn_like(log_group, log_groups))
            .id("LogGroupsOfThisAccount"),
        // An alarm of this account, or of those that models run in, speaks to an encrypted topic.
        allow([may::Decrypt, Action::starting_with(may::GenerateDataKey)])
            .on_self()
            .to(Principal::service("cloudwatch"))
            .when(condition::string_equals(
                condition::aws::SourceAccount,
                [val(pseudo::ACCOUNT_ID), staging, prod],
            ))
            .id("Alarms"),
        // People who use git have no right of their own on the key.
        allow(use_it)
            .on_self()
            .to(Principal::any())
            .when(condition::string_equals(kms::condition_keys::CallerAccount, pseudo::ACCOUNT_ID))
            .when(condition::string_equals(
                kms::condition_keys::ViaService,
                sub!("codecommit.{}.{}", pseudo::REGION, pseudo::URL_SUFFIX),
            ))
            .id("RepositoriesOfThisAccount"),
    ])
}
