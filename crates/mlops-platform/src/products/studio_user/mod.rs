//! The product "{project} SageMaker Studio User": what one person needs to work in a project. Its pipeline offers each project a
//! copy of its own, in which the project's values are the only ones allowed.
//!
//! It makes no role and grants no right: profile, build and pipeline work with the project's roles.
//!
//! **Never two people one profile.** All names come from the address: what stands before the `@`, with `-` for `.`, `_` and `+`.
//! Two addresses that give one name ask for one profile, and SageMaker refuses the second: it knows no case in the names of
//! profiles and never two of a name in a domain. Nothing else is made before the profile is, so the refusal names it and nobody's
//! things are touched. The name of the build has hyphens only, so the user `c` of the project `a-b` also meets the user `b-c` of
//! the project `a`; that is refused in the same way.
//!
//! **Capitals are refused.** A template cannot lower them. SageMaker's API knows no case in names of profiles, so `Anna-churn`
//! and `anna-churn` are one, and its users report that it writes the second into ARNs; policies tell the two apart. A profile
//! with capitals would be made, and then its owner might not open it, nor a space in it. The part behind the `@` is held to the
//! same, because the tag `UserEmail` is compared letter by letter with what an identity provider sends.
//!
//! **Another address is another user.** Name and tags of a profile cannot be changed, so an update with another address makes
//! another profile and removes the first with its spaces.

mod pipeline;
mod profile;

use formwork::prelude::*;
use formwork::{Early, Text};
use formwork_aws::codepipeline;

use crate::forms;
use crate::names;
use crate::products::platform;

/// The stack. Service Catalog names it.
pub const STACK: Stack<Inputs, Outputs> = Stack::new(
    "smuser",
    "smuser: a person's Studio profile in a project of the MLOps platform, and the pipeline that fits it out",
    define,
);

/// What the form of the product asks for. Each project's copy allows one value of all but the first.
#[derive(Inputs)]
pub struct Inputs {
    /// Address of the person who works in the project.
    #[input(
        group = "User",
        label = "E-mail address",
        pattern = r"^(?=.{1,128}$)(?=[^@]{1,30}@)[a-z0-9]+([._+-][a-z0-9]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+$",
        explain = "an e-mail address in lower case of 128 characters at most, such as fakename@example.com; before the @ it has 1 to 30 letters, digits and single . _ + - between them"
    )]
    pub user_email: Input<String>,
    /// Name of the project.
    #[input(group = "Project", label = "Name of the project", form = forms::PROJECT_NAME)]
    pub project_name: Input<String>,
    /// Id of the project.
    #[input(group = "Project", label = "Id of the project", form = forms::PROJECT_ID)]
    pub project_id: Input<String>,
    /// Cost center of the project.
    #[input(group = "Project", label = "Cost center", form = forms::COST_CENTER)]
    pub cost_center: Input<String>,
}

/// What Service Catalog shows of a user.
#[derive(Outputs)]
pub struct Outputs {
    /// Profile that the person opens.
    pub user_profile_name: Value<String>,
    /// Pipeline to wait for before that.
    pub user_pipeline_name: Value<String>,
    /// What to tell the person.
    pub sign_in: Value<String>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let names = Names::new(input);
    let profile = profile::add(t, input, names);
    let pipeline = pipeline::add(t, input, names, profile);
    Outputs {
        user_profile_name: val(names.profile),
        user_pipeline_name: val(pipeline),
        sign_in: val(sign_in(names, pipeline)),
    }
}

/// What is called after the person.
#[derive(Clone, Copy)]
struct Names {
    /// `{user}-{project}`: 63 of 63 characters at most.
    profile: Text<Early>,
    /// `{region}-mlops-{project}-{user}-lcc`: 88 of 150 characters at most.
    build: Text<Early>,
    /// `{project}_{user}_user_pipeline`: 77 of 100 characters at most.
    pipeline: Text<Early>,
}

impl Names {
    fn new(input: Inputs) -> Self {
        let (user, project) = (user(input.user_email), input.project_name);
        Names {
            profile: sub!("{user}-{project}"),
            build: sub!("{}-mlops-{project}-{user}-lcc", pseudo::REGION),
            pipeline: sub!("{project}_{user}_user_pipeline"),
        }
    }
}

/// What stands before the `@`, as names may hold it. The address's pattern sees to everything but these three.
fn user(email: Input<String>) -> Text<Early> {
    let alias = email.split("@").select(0);
    [".", "_", "+"].into_iter().fold(alias, |name, mark| name.split(mark).join("-"))
}

/// A parameter of the project, read when the product is launched or updated.
fn of_project(input: Inputs, name: &'static str) -> Text<Early> {
    let project = input.project_name;
    sub!("{{{{resolve:ssm:/mlops/projects/{project}/{name}}}}}")
}

/// The way to the profile. The domain is named and not linked: what is read of parameters is not promised for outputs.
fn sign_in(names: Names, pipeline: Handle<codepipeline::Pipeline>) -> Text {
    let (region, account) = (pseudo::REGION, pseudo::ACCOUNT_ID);
    let role = names::persona_role("datascientist");
    let profile = names.profile;
    sub!(
        "When {pipeline} is through, switch to the role {role} \
         (https://signin.aws.amazon.com/switchrole?account={account}&roleName={role}), open \
         https://{region}.console.aws.amazon.com/sagemaker/home?region={region}#/studio, then the domain \
         {region}-studio-domain, and launch Studio beside the profile {profile}"
    )
}
