//! Rules: what the parameters of a launch must satisfy before anything is made.
//!
//! A rule may compare parameters and pseudo parameters, ask for membership, and look at the attributes of
//! what a parameter names. It may name no condition of the template.

use crate::Text;
use crate::condition::{Both, InRules};
use crate::condition::{IntoTest, Test};
use crate::input::Input;
use crate::list::IntoList;
use crate::meaning::{List, Textual};
use crate::node::{Function, Node};
use crate::phase::{Known, Phased};
use crate::source::Source;
use crate::text::Texts;
use crate::value::{IntoValue, Required};

/// A rule: assertions, and optionally when they apply.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, zone_a: Input<String>, zone_b: Input<String>) {
/// let both_empty = zone_a.is_empty().and(zone_b.is_empty());
/// t.rule("Zones", Rule::new().assert(both_empty.or(zone_a.is_not(zone_b)), "set two different zones"));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rule {
    pub(crate) applies: Option<Node>,
    pub(crate) assertions: Vec<(Node, &'static str)>,
    pub(crate) added: Option<Source>,
}

impl Rule {
    /// A rule that asserts nothing yet.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, count: Input<i64>) {
    /// t.rule("Several", Rule::new().assert(count.is_not(1), "set more than one"));
    /// # }
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Rule::default()
    }

    /// The assertions are checked only if this holds: `RuleCondition`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, name: Input<String>) {
    /// let named = Rule::new().when(pseudo::REGION.is("eu-west-1")).assert(!name.is_empty(), "set a name");
    /// t.rule("Named", named);
    /// # }
    /// ```
    #[must_use]
    pub fn when<T: IntoTest>(mut self, test: T) -> Self
    where
        InRules: Both<T::Scope>,
    {
        self.applies = Some(test.into_test().0);
        self
    }

    /// Refuses the launch with `message` unless the test holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, zone: Input<String>, name: Input<String>) {
    /// let complete = Rule::new()
    ///     .assert(!zone.is_empty(), "set a zone")
    ///     .assert(!name.is_empty(), "set a name");
    /// t.rule("Complete", complete);
    /// # }
    /// ```
    #[must_use]
    pub fn assert<T: IntoTest>(mut self, test: T, message: &'static str) -> Self
    where
        InRules: Both<T::Scope>,
    {
        self.assertions.push((test.into_test().0, message));
        self
    }
}

fn call(function: Function, arguments: Vec<Node>) -> Test<InRules> {
    Test::from_node(Node::call(function, Node::list(arguments)))
}

/// `Fn::Contains`: whether the value is one of the list.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let here = contains(["eu-west-1", "eu-south-1"], pseudo::REGION);
/// t.rule("Here", Rule::new().assert(here, "launch it in a region that we use"));
/// # }
/// ```
pub fn contains<L, V>(list: L, value: V) -> Test<InRules>
where
    L: IntoList<String, Required>,
    V: IntoValue<String, Required> + Phased,
    V::Phase: Known,
{
    call(Function::Contains, vec![list.into_list().node(), value.into_value().node()])
}

/// `Fn::EachMemberIn`: whether every element of the first list is in the second.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, zones: Input<List<String>>) {
/// let known = each_member_in(zones, ["eu-west-1a", "eu-west-1b"]);
/// t.rule("Zones", Rule::new().assert(known, "choose zones of Ireland"));
/// # }
/// ```
pub fn each_member_in<A, B>(members: A, list: B) -> Test<InRules>
where
    A: IntoList<String, Required>,
    B: IntoList<String, Required>,
{
    call(Function::EachMemberIn, vec![members.into_list().node(), list.into_list().node()])
}

/// `Fn::EachMemberEquals`: whether every element of the list is the value.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, networks: Input<List<String>>) {
/// let ours = each_member_equals(values_of(networks, "Tags.Team"), "platform");
/// t.rule("Ours", Rule::new().assert(ours, "choose networks of the platform team"));
/// # }
/// ```
pub fn each_member_equals<L, V>(list: L, value: V) -> Test<InRules>
where
    L: IntoList<String, Required>,
    V: IntoValue<String, Required> + Phased,
    V::Phase: Known,
{
    call(Function::EachMemberEquals, vec![list.into_list().node(), value.into_value().node()])
}

/// `Fn::RefAll`: the values of all parameters of this type, such as `AWS::EC2::VPC::Id`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let one = each_member_equals(ref_all("AWS::EC2::VPC::Id"), "vpc-1");
/// t.rule("OneNetwork", Rule::new().assert(one, "all networks are vpc-1"));
/// # }
/// ```
#[must_use]
pub fn ref_all(parameter_type: &'static str) -> Texts {
    Texts(Node::call(Function::RefAll, Node::Text(parameter_type)), std::marker::PhantomData)
}

/// `Fn::ValueOf`: an attribute of what the parameter names, such as `Tags.Department` of a subnet.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, network: Input<String>) {
/// let ours = value_of(network, "Tags.Team").is("platform");
/// t.rule("Ours", Rule::new().assert(ours, "choose a network of the platform team"));
/// # }
/// ```
#[must_use]
pub fn value_of<T: Textual>(input: Input<T>, attribute: &'static str) -> Text<crate::phase::Early> {
    let name = parameter_name(input.0);
    Text::from_node(Node::call(Function::ValueOf, Node::list(vec![name, Node::Text(attribute)])))
}

/// `Fn::ValueOf` of a list parameter: the attribute of each thing that it names.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, subnets: Input<List<String>>, network: Input<String>) {
/// let inside = each_member_equals(values_of(subnets, "VpcId"), network);
/// t.rule("Inside", Rule::new().assert(inside, "choose subnets of the network"));
/// # }
/// ```
#[must_use]
pub fn values_of<T>(input: Input<List<T>>, attribute: &'static str) -> Texts {
    let name = parameter_name(input.0);
    let argument = Node::list(vec![name, Node::Text(attribute)]);
    Texts(Node::call(Function::ValueOf, argument), std::marker::PhantomData)
}

/// `Fn::ValueOfAll`: an attribute of everything that parameters of this type name.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let tagged = each_member_in(value_of_all("AWS::EC2::VPC::Id", "Tags.Team"), ["platform", "data"]);
/// t.rule("Tagged", Rule::new().assert(tagged, "choose networks of the two teams"));
/// # }
/// ```
#[must_use]
pub fn value_of_all(parameter_type: &'static str, attribute: &'static str) -> Texts {
    let argument = Node::list(vec![Node::Text(parameter_type), Node::Text(attribute)]);
    Texts(Node::call(Function::ValueOfAll, argument), std::marker::PhantomData)
}

/// `Fn::ValueOf` wants the parameter's name, not its value.
fn parameter_name(node: Node) -> Node {
    match node {
        Node::Ref(target) => Node::Name(target),
        other => other,
    }
}
