//! The Python packages: a domain and a repository of `CodeArtifact`, and if the customer wants it, a way to the public `PyPI`.

use formwork::prelude::*;
use formwork_aws::codeartifact;

use super::{Inputs, YesNo};
use crate::names::{PACKAGE_DOMAIN, PACKAGE_REPOSITORY};
use crate::tags::tags;

/// What other parts use of it.
#[derive(Clone, Copy)]
pub(super) struct Packages {
    pub(super) domain: Handle<codeartifact::Domain>,
    pub(super) repository: Handle<codeartifact::Repository>,
    /// Where pip finds the packages, without the `simple/` at the end.
    pub(super) endpoint: Value<String>,
}

pub(super) fn add(t: &mut Template, input: Inputs) -> Packages {
    let public = t.condition("PublicPyPi", input.allow_public_py_pi.is(YesNo::Yes));
    let domain = t.add(
        "CodeArtifactDomain",
        codeartifact::Domain::new(PACKAGE_DOMAIN)
            // CloudFormation takes it; the schema lists it both as fixed at creation and as read-only.
            .set("EncryptionKey", input.platform_key_arn)
            .permissions_policy_document(this_account())
            .tags(tags!(codeartifact, input.cost_center))
            .delete_with_stack(),
    );
    let store = t.add(
        "PypiStore",
        codeartifact::Repository::new(codeartifact::RepositoryRequired {
            domain_name: domain.name(),
            repository_name: "mlops-pypi-store",
        })
        .description("What was fetched from the public PyPI")
        .external_connections(["public:pypi"])
        .tags(tags!(codeartifact, input.cost_center))
        .when(public)
        .delete_with_stack(),
    );
    let repository = t.add(
        "CodeArtifactRepository",
        codeartifact::Repository::new(codeartifact::RepositoryRequired {
            domain_name: domain.name(),
            repository_name: PACKAGE_REPOSITORY,
        })
        .description("The Python packages that projects may use")
        .upstreams(when(public, [store.name()], no_value()))
        .tags(tags!(codeartifact, input.cost_center))
        .delete_with_stack(),
    );
    let (account, region, suffix) = (pseudo::ACCOUNT_ID, pseudo::REGION, pseudo::URL_SUFFIX);
    let (of, name) = (domain.name(), repository.name());
    let host = sub!("{of}-{account}.d.codeartifact.{region}.{suffix}");
    Packages { domain, repository, endpoint: val(sub!("https://{host}/pypi/{name}/")) }
}

/// The policies of this account's own roles say who may what; nobody else may anything.
fn this_account() -> Policy {
    Policy::new([allow([
        codeartifact::actions::DescribeDomain,
        codeartifact::actions::GetAuthorizationToken,
        codeartifact::actions::GetDomainPermissionsPolicy,
        codeartifact::actions::ListRepositoriesInDomain,
    ])
    .on_self()
    .to(Principal::account_root())
    .id("ThisAccount")])
}
