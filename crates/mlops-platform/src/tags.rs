//! The tags that every resource of the platform carries, and that products and policies look for.

use formwork::Input;
use formwork_aws::events;

use crate::launch::STACK_NAME;

/// The tag by which spending is told apart; its value is the parameter `CostCenter`.
pub const COST_CENTER: &str = "CostCenter";

/// The tag by which everything of the platform is found, and policies narrow themselves to it.
pub const PLATFORM: &str = "mlops:platform";

/// The tag by which a nested stack says its name on the platform setup page.
pub const STACK: &str = "mlops:stack";

/// The tag that SageMaker puts on everything of a project.
pub const PROJECT: &str = "sagemaker:project-name";

/// The tag by which the Studio profile of a persona is told from those of projects.
pub const PERSONA: &str = "mlops:persona";

/// The tag that says whose Studio profile it is, and that the identity provider sends of who signs in.
pub const USER_EMAIL: &str = "UserEmail";

/// The tag with the id that SageMaker gives a project.
pub const PROJECT_ID: &str = "sagemaker:project-id";

/// The tag without which Studio does not show a product.
pub const STUDIO_VISIBILITY: &str = "sagemaker:studio-visibility";

/// The tag of what is deployed by approval, with its stage: no role of a project takes it away.
pub const STAGE: &str = "mlops:stage";

/// The value of [`PLATFORM`].
pub const PLATFORM_VALUE: &str = STACK_NAME;

/// The tags of a resource as its service wants them: `tags!(kms, input.cost_center)`, or
/// `tags!(optional lambda, …)` where the service's tags need no value.
///
/// A macro, because each service has a `Tag` type of its own.
macro_rules! tags {
    (optional $service:ident, $cost_center:expr) => {
        [
            $service::Tag::new($crate::tags::COST_CENTER).value($cost_center),
            $service::Tag::new($crate::tags::PLATFORM).value($crate::tags::PLATFORM_VALUE),
        ]
    };
    ($service:ident, $cost_center:expr) => {
        [
            $service::Tag::new($service::TagRequired {
                key: $crate::tags::COST_CENTER,
                value: $cost_center,
            }),
            $service::Tag::new($service::TagRequired {
                key: $crate::tags::PLATFORM,
                value: $crate::tags::PLATFORM_VALUE,
            }),
        ]
    };
}
pub(crate) use tags;

/// The tags of a rule of EventBridge, whose tags are of a type of their own.
pub(crate) fn of_rule(cost_center: Input<String>) -> [events::RuleTag; 2] {
    [
        events::RuleTag::new().key(COST_CENTER).value(cost_center),
        events::RuleTag::new().key(PLATFORM).value(PLATFORM_VALUE),
    ]
}
