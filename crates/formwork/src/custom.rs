//! Custom resources: a Lambda function or topic of the author's own, with typed properties and attributes.
//!
//! `#[derive(CustomResource)]` makes the properties out of a struct; `#[derive(Attributes)]` the attributes.

use crate::meaning::Arn;
use crate::node::Node;
use crate::resource::{Attributes, Body, Resource};
use crate::value::{IntoValue, Required};

/// The properties of a custom resource. `#[derive(CustomResource)]` implements it.
///
/// ```
/// use formwork::prelude::*;
/// /// How many there are.
/// #[derive(CustomResource)]
/// #[custom(name = "Custom::Plan", attributes = PlanAttributes)]
/// pub struct Plan {
///     /// How many.
///     pub count: Value<i64>,
/// }
/// # #[derive(Attributes)]
/// # pub struct PlanAttributes {
/// #     /// The id.
/// #     pub id: Value<String>,
/// # }
/// assert_eq!(<Plan as formwork::CustomProperties>::TYPE, "Custom::Plan");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the properties of a custom resource",
    note = "write `#[derive(CustomResource)]` and `#[custom(name = \"Custom::…\")]` on the struct"
)]
pub trait CustomProperties {
    /// The type's name, `Custom::` and a name of the author's.
    const TYPE: &'static str;
    /// What the function answers with.
    type Attributes: Attributes;

    /// The properties in the order of the fields; a field that is `None` is left out.
    fn properties(self) -> Vec<(&'static str, Node)>;
}

/// A custom resource: properties `P`, and who answers for it.
///
/// ```
/// use formwork::prelude::*;
///
/// /// Which zones to use.
/// #[derive(CustomResource)]
/// #[custom(name = "Custom::NetworkPlan", attributes = NetworkPlanAttributes)]
/// pub struct NetworkPlan {
///     /// The endpoint services that each zone must have.
///     pub services: Value<List<String>>,
/// }
///
/// /// What the function answers.
/// #[derive(Attributes)]
/// pub struct NetworkPlanAttributes {
///     /// The first zone.
///     pub az1: Value<AvailabilityZone>,
/// }
///
/// # fn define(t: &mut Template, function: Value<Arn>) {
/// let plan = t.add(
///     "NetworkPlan",
///     Custom::new(function, NetworkPlan { services: val(["s3", "sts"]) }).service_timeout(120),
/// );
/// let zone: Value<AvailabilityZone> = plan.az1;
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Custom<P> {
    service_token: Node,
    properties: P,
    body: Body,
}

// `new` takes any `P`: rustc then says once, where it is added, that a struct lacks its derive.
impl<P> Custom<P> {
    /// A custom resource that the function or topic behind the ARN `service_token` answers for.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # #[derive(CustomResource)]
    /// # #[custom(name = "Custom::Plan", attributes = PlanAttributes)]
    /// # pub struct Plan {
    /// #     /// How many.
    /// #     pub count: Value<i64>,
    /// # }
    /// # #[derive(Attributes)]
    /// # pub struct PlanAttributes {
    /// #     /// The id.
    /// #     pub id: Value<String>,
    /// # }
    /// # fn define(t: &mut Template, function: Value<Arn>) {
    /// let plan = t.add("Plan", Custom::new(function, Plan { count: val(3) }));
    /// t.add("Thing", Raw::new("AWS::New::Thing").set("Plan", plan.id));
    /// # }
    /// ```
    pub fn new(service_token: impl IntoValue<Arn, Required>, properties: P) -> Self {
        Custom {
            service_token: service_token.into_value().node(),
            properties,
            body: Body::default(),
        }
    }

    /// `ServiceTimeout`: the seconds (1 to 3,600) after which CloudFormation stops waiting for an answer.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # #[derive(CustomResource)]
    /// # #[custom(name = "Custom::Plan", attributes = PlanAttributes)]
    /// # pub struct Plan {
    /// #     /// How many.
    /// #     pub count: Value<i64>,
    /// # }
    /// # #[derive(Attributes)]
    /// # pub struct PlanAttributes {
    /// #     /// The id.
    /// #     pub id: Value<String>,
    /// # }
    /// # fn define(t: &mut Template, function: Value<Arn>) {
    /// t.add("Plan", Custom::new(function, Plan { count: val(3) }).service_timeout(600));
    /// # }
    /// ```
    #[must_use]
    pub fn service_timeout(mut self, seconds: u32) -> Self {
        self.body.properties.put("ServiceTimeout", Node::Integer(i64::from(seconds)));
        self
    }
}

/// What the `Ref` of a custom resource means: the physical id that its function answered, any text.
///
/// ```
/// use formwork::prelude::*;
/// # #[derive(CustomResource)]
/// # #[custom(name = "Custom::Plan", attributes = PlanAttributes)]
/// # pub struct Plan {
/// #     /// How many.
/// #     pub count: Value<i64>,
/// # }
/// # #[derive(Attributes)]
/// # pub struct PlanAttributes {
/// #     /// The id.
/// #     pub id: Value<String>,
/// # }
/// # fn define(t: &mut Template, function: Value<Arn>) {
/// let plan = t.add("Plan", Custom::new(function, Plan { count: val(3) }));
/// let physical_id: Value<String> = val(plan);
/// # }
/// ```
pub type CustomRef = String;

impl<P: CustomProperties> Resource for Custom<P> {
    const TYPE: &'static str = P::TYPE;
    type Ref = CustomRef;
    type Attributes = P::Attributes;

    fn body(&mut self) -> &mut Body {
        &mut self.body
    }

    fn into_body(mut self) -> Body {
        let later = std::mem::take(&mut self.body.properties);
        self.body.properties.put("ServiceToken", self.service_token);
        for (name, node) in self.properties.properties().into_iter().chain(later.0) {
            self.body.properties.put(name, node);
        }
        self.body
    }
}
