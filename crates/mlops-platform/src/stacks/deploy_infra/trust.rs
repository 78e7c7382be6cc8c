//! Who may become a persona: the union of what the parameters give, and whoever may in this account if they give nothing.

use formwork::iam::{Grant, Statement};
use formwork::prelude::*;
use formwork_aws::sts;

use super::Inputs;
use crate::tags::USER_EMAIL;

/// Where people who come from a SAML provider sign in.
const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";

/// What the parameters say of all personas.
#[derive(Clone, Copy)]
pub(super) struct Trusted {
    input: Inputs,
    /// Principals are given.
    principals: Condition,
    /// A SAML provider is given.
    saml: Condition,
}

impl Trusted {
    pub(super) fn new(t: &mut Template, input: Inputs) -> Self {
        Trusted {
            input,
            principals: t.condition("HasTrusted", !input.trusted_principal_arns.is_empty_list()),
            saml: t.condition("HasSaml", !input.saml_provider_arn.is_empty()),
        }
    }

    /// Who may become the persona, and how: `assume` is what they may do with its role.
    pub(super) fn statements(
        self,
        t: &mut Template,
        id: &'static str,
        permission_set: Input<String>,
        assume: Grant,
    ) -> Vec<Statement> {
        let has_set = t.condition(format!("HasPermissionSetOf{id}"), !permission_set.is_empty());
        let nothing = !self.principals.or(self.saml).or(has_set);
        let anybody = t.condition(format!("AccountMayBecome{id}"), nothing);
        vec![
            assume.to(Principal::account_root()).only_if(anybody).id("ThisAccount"),
            assume
                .to(Principal::aws(self.input.trusted_principal_arns))
                .only_if(self.principals)
                .id("TrustedPrincipals"),
            assume
                .to(Principal::account_root())
                .when(condition::arn_like(
                    condition::aws::PrincipalArn,
                    roles_of_permission_set(permission_set),
                ))
                .only_if(has_set)
                .id("PermissionSet"),
            allow([
                sts::actions::AssumeRoleWithSAML,
                sts::actions::SetSourceIdentity,
                sts::actions::TagSession,
            ])
            .to(Principal::federated(self.input.saml_provider_arn))
            .when(condition::string_equals(condition::saml::Aud, SIGN_IN))
            .only_if(self.saml)
            .id("SamlProvider"),
        ]
    }
}

/// Becoming a persona, with tags and with a name that later sessions keep.
pub(super) fn assume() -> Grant {
    allow([sts::actions::AssumeRole, sts::actions::SetSourceIdentity, sts::actions::TagSession])
}

/// The same where profiles are opened by e-mail address: whoever hands one on as a tag must have come with it.
pub(super) fn assume_with_own_address() -> Grant {
    let own = condition::variable(condition::aws::principal_tag(USER_EMAIL));
    let handed_on = condition::string_equals(condition::aws::request_tag(USER_EMAIL), own);
    assume().when(handed_on.if_exists())
}

/// The roles that IAM Identity Center makes of a permission set; outside us-east-1 their path has the region. Their names
/// end in 16 digits, counted here because the names of permission sets may have underscores too.
fn roles_of_permission_set(name: Input<String>) -> formwork::Text<formwork::Early> {
    let (partition, account) = (pseudo::PARTITION, pseudo::ACCOUNT_ID);
    let path = "role/aws-reserved/sso.amazonaws.com";
    sub!("arn:{partition}:iam::{account}:{path}/*AWSReservedSSO_{name}_????????????????")
}

/// `SageMaker` for this account. It says for which profile it works, and fails where it may not.
pub(super) fn sagemaker() -> Statement {
    allow([sts::actions::AssumeRole, sts::actions::SetSourceIdentity])
        .to(Principal::service("sagemaker"))
        .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
        .id("SageMaker")
}
