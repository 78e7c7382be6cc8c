//! Conditions: tests on what is known before any resource is made.
//!
//! A [`Test`] compares values; [`Template::condition`](crate::Template::condition) gives it a name, and
//! the [`Condition`] that comes back is what resources, outputs and [`when`](crate::when) take. A test of
//! a rule (`rule.rs`) knows more functions and may name no condition; the type parameter keeps the two
//! apart.

use std::marker::PhantomData;
use std::ops::Not;

use crate::node::{Function, Node, Target};
use crate::phase::{Known, Phase, Phased};
use crate::value::{IntoValue, Required, Value};

/// Where a test may stand: in conditions and rules alike.
#[derive(Clone, Copy, Debug)]
pub struct Anywhere;

/// Where a test may stand: in conditions only, because it names one.
#[derive(Clone, Copy, Debug)]
pub struct InConditions;

/// Where a test may stand: in rules only, because it uses a function that only rules know.
#[derive(Clone, Copy, Debug)]
pub struct InRules;

/// Something that is true or false before any resource is made.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, name: Input<String>) {
/// let named = t.condition("Named", !name.is_empty());
/// let here = t.condition("Here", pseudo::REGION.is("eu-west-1").or(pseudo::REGION.is("eu-south-1")));
/// # }
/// ```
#[derive(Debug)]
pub struct Test<S = Anywhere>(pub(crate) Node, pub(crate) PhantomData<S>);

impl<S> Clone for Test<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Test<S> {}

impl<S> Test<S> {
    pub(crate) fn from_node(node: Node) -> Self {
        Test(node, PhantomData)
    }
}

/// A named condition of the template. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, topic: Input<String>) {
/// let alarmed = t.condition("Alarmed", !topic.is_empty());
/// t.add("Alarm", Raw::new("AWS::New::Alarm").set("Topic", topic).when(alarmed));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub(crate) target: Target,
}

impl Condition {
    /// Its name in the template.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let here = t.condition("Here", pseudo::REGION.is("eu-west-1"));
    /// assert_eq!(here.name(), "Here");
    /// # }
    /// # Stack::<(), ()>::new("test", "A test", |t, ()| define(t)).template();
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        self.target.id()
    }

    /// What names it in the tree.
    #[must_use]
    pub fn target(self) -> Target {
        self.target
    }
}

/// A test, or a condition that stands for one.
#[diagnostic::on_unimplemented(message = "`{Self}` given where a condition is expected")]
pub trait IntoTest {
    /// Where the test may stand.
    type Scope;
    /// The test.
    fn into_test(self) -> Test<Self::Scope>;
}

#[diagnostic::do_not_recommend]
impl<S> IntoTest for Test<S> {
    type Scope = S;
    fn into_test(self) -> Test<S> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoTest for Condition {
    type Scope = InConditions;
    fn into_test(self) -> Test<InConditions> {
        Test::from_node(Node::call(Function::Condition, Node::Name(self.target)))
    }
}

/// Where a test that is made of two may stand.
#[diagnostic::on_unimplemented(
    message = "a rule's test cannot be combined with a condition",
    label = "one of the two is for rules only, the other for conditions only",
    note = "`contains`, `each_member_in` and the like are for rules only; a rule names no condition, so repeat the comparison in it"
)]
pub trait Both<Other> {
    /// The narrower of the two.
    type Output;
}
#[diagnostic::do_not_recommend]
impl<S> Both<S> for Anywhere {
    type Output = S;
}
#[diagnostic::do_not_recommend]
impl Both<Anywhere> for InConditions {
    type Output = InConditions;
}
#[diagnostic::do_not_recommend]
impl Both<InConditions> for InConditions {
    type Output = InConditions;
}
#[diagnostic::do_not_recommend]
impl Both<Anywhere> for InRules {
    type Output = InRules;
}
#[diagnostic::do_not_recommend]
impl Both<InRules> for InRules {
    type Output = InRules;
}

fn combine<A, B>(function: Function, a: A, b: B) -> Test<<A::Scope as Both<B::Scope>>::Output>
where
    A: IntoTest,
    B: IntoTest,
    A::Scope: Both<B::Scope>,
{
    // `a.and(b).and(c)` reads as one list; CloudFormation takes 2 to 10 operands.
    let mut operands = Vec::new();
    for node in [a.into_test().0, b.into_test().0] {
        match node {
            Node::Call(call) if call.function == function => match call.argument {
                Node::List(inner) if operands.len() + inner.len() < 10 => operands.extend(inner),
                _ => operands.push(node),
            },
            _ => operands.push(node),
        }
    }
    Test::from_node(Node::call(function, Node::list(operands)))
}

macro_rules! combinators {
    ($type:ty, $($generic:ident)?) => {
        impl$(<$generic>)? $type {
            /// `Fn::And`: whether both hold.
            ///
            /// ```
            /// use formwork::prelude::*;
            /// # fn define(t: &mut Template, named: Condition, large: Condition, name: Input<String>) {
            /// let both = t.condition("Both", named.and(large));
            /// let here = t.condition("Here", name.is("x").and(pseudo::REGION.is("eu-west-1")).and(!large));
            /// # }
            /// ```
            pub fn and<T: IntoTest>(
                self,
                other: T,
            ) -> Test<<<Self as IntoTest>::Scope as Both<T::Scope>>::Output>
            where
                <Self as IntoTest>::Scope: Both<T::Scope>,
            {
                combine(Function::And, self, other)
            }

            /// `Fn::Or`: whether at least one holds.
            ///
            /// ```
            /// use formwork::prelude::*;
            /// # fn define(t: &mut Template, named: Condition, large: Condition, name: Input<String>) {
            /// let either = t.condition("Either", named.or(large));
            /// let any = t.condition("Any", name.is("x").or(pseudo::REGION.is("eu-west-1")).or(!large));
            /// # }
            /// ```
            pub fn or<T: IntoTest>(
                self,
                other: T,
            ) -> Test<<<Self as IntoTest>::Scope as Both<T::Scope>>::Output>
            where
                <Self as IntoTest>::Scope: Both<T::Scope>,
            {
                combine(Function::Or, self, other)
            }
        }

        impl$(<$generic>)? Not for $type {
            type Output = Test<<Self as IntoTest>::Scope>;

            /// `Fn::Not`.
            fn not(self) -> Self::Output {
                let node = self.into_test().0;
                Test::from_node(Node::call(Function::Not, Node::list(vec![node])))
            }
        }
    };
}
combinators!(Test<S>, S);
combinators!(Condition,);

/// `Fn::Equals` on two values that are known before any resource is made.
pub(crate) fn equals<T, A, B>(a: A, b: B) -> Test
where
    A: IntoValue<T, Required> + Phased,
    A::Phase: Known,
    B: IntoValue<T, Required> + Phased,
    B::Phase: Known,
{
    let (a, b) = (comparable(a.into_value().node()), comparable(b.into_value().node()));
    Test::from_node(Node::call(Function::Equals, Node::list(vec![a, b])))
}

/// CloudFormation compares texts: a parameter that holds `true` is the text `true`.
fn comparable(node: Node) -> Node {
    match node {
        Node::Bool(true) => Node::Text("true"),
        Node::Bool(false) => Node::Text("false"),
        Node::Integer(number) => Node::text(number.to_string()),
        other => other,
    }
}

impl<T, P: Phase> Value<T, P> {
    /// Whether it equals `other`: `Fn::Equals`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, table: Mapping<bool>) {
    /// let monitored = t.condition("Monitored", table.get(pseudo::REGION, "Monitor").is(true));
    /// # }
    /// ```
    pub fn is<V>(self, other: V) -> Test
    where
        P: Known,
        V: IntoValue<T, Required> + Phased,
        V::Phase: Known,
    {
        equals::<T, _, _>(self, other)
    }

    /// Whether it differs from `other`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, table: Mapping<i64>) {
    /// let several = t.condition("Several", table.get(pseudo::REGION, "Nodes").is_not(1));
    /// # }
    /// ```
    pub fn is_not<V>(self, other: V) -> Test
    where
        P: Known,
        V: IntoValue<T, Required> + Phased,
        V::Phase: Known,
    {
        !self.is(other)
    }
}

impl<P: Phase> crate::Text<P> {
    /// Whether it equals `other`: `Fn::Equals`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, name: Input<String>) {
    /// let ours = t.condition("Ours", sub!("{}-{name}", pseudo::REGION).is("eu-west-1-platform"));
    /// # }
    /// ```
    pub fn is<V>(self, other: V) -> Test
    where
        P: Known,
        V: IntoValue<String, Required> + Phased,
        V::Phase: Known,
    {
        equals::<String, _, _>(self, other)
    }

    /// Whether it differs from `other`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let deployed = t.condition("Deployed", pseudo::STACK_NAME.split("-").select(0).is_not("dev"));
    /// # }
    /// ```
    pub fn is_not<V>(self, other: V) -> Test
    where
        P: Known,
        V: IntoValue<String, Required> + Phased,
        V::Phase: Known,
    {
        !self.is(other)
    }
}
