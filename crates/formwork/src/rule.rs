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
    #[must_use]
    pub fn new() -> Self {
        Rule::default()
    }

    /// The assertions are checked only if this holds: `RuleCondition`.
    #[must_use]
    pub fn when<T: IntoTest>(mut self, test: T) -> Self
    where
        InRules: Both<T::Scope>,
    {
        self.applies = Some(test.into_test().0);
        self
    }

    /// Refuses the launch with `message` unless the test holds.
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
pub fn contains<L, V>(list: L, value: V) -> Test<InRules>
where
    L: IntoList<String, Required>,
    V: IntoValue<String, Required> + Phased,
    V::Phase: Known,
{
    call(Function::Contains, vec![list.into_list().node(), value.into_value().node()])
}

/// `Fn::EachMemberIn`: whether every element of the first list is in the second.
pub fn each_member_in<A, B>(members: A, list: B) -> Test<InRules>
where
    A: IntoList<String, Required>,
    B: IntoList<String, Required>,
{
    call(Function::EachMemberIn, vec![members.into_list().node(), list.into_list().node()])
}

/// `Fn::EachMemberEquals`: whether every element of the list is the value.
pub fn each_member_equals<L, V>(list: L, value: V) -> Test<InRules>
where
    L: IntoList<String, Required>,
    V: IntoValue<String, Required> + Phased,
    V::Phase: Known,
{
    call(Function::EachMemberEquals, vec![list.into_list().node(), value.into_value().node()])
}

/// `Fn::RefAll`: the values of all parameters of this type, such as `AWS::EC2::VPC::Id`.
#[must_use]
pub fn ref_all(parameter_type: &'static str) -> Texts {
    Texts(Node::call(Function::RefAll, Node::Text(parameter_type)), std::marker::PhantomData)
}

/// `Fn::ValueOf`: an attribute of what the parameter names, such as `Tags.Department` of a subnet.
#[must_use]
pub fn value_of<T: Textual>(input: Input<T>, attribute: &'static str) -> Text<crate::phase::Early> {
    let name = parameter_name(input.0);
    Text::from_node(Node::call(Function::ValueOf, Node::list(vec![name, Node::Text(attribute)])))
}

/// `Fn::ValueOf` of a list parameter: the attribute of each thing that it names.
#[must_use]
pub fn values_of<T>(input: Input<List<T>>, attribute: &'static str) -> Texts {
    let name = parameter_name(input.0);
    let argument = Node::list(vec![name, Node::Text(attribute)]);
    Texts(Node::call(Function::ValueOf, argument), std::marker::PhantomData)
}

/// `Fn::ValueOfAll`: an attribute of everything that parameters of this type name.
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
