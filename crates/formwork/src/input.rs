//! Inputs: the typed parameters of a stack.
//!
//! A stack's inputs are a struct with `#[derive(Inputs)]`, one [`Input`] a field. Inside the stack an input
//! is a `Ref` to the parameter; a parent that nests the stack hands over an [`Input`] for each. What a
//! default or a given literal must satisfy is checked by `check`, not here.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::Test;
use crate::list::IntoList;
use crate::meaning::{Is, List, Textual};
use crate::node::{Node, Target, TargetKind};
use crate::phase::{Early, Known, Phased};
use crate::source::Source;
use crate::text::{InText, Text, Texts, join_node, select_node};
use crate::value::{IntoNode, IntoValue, Property, Required, Untyped, Value};

/// A parameter of this stack, or what a parent hands over for one of a nested stack's.
///
/// It is `Copy`. A parent passes its own input on as it is, [`give`]s anything else, or says
/// [`by_default`].
pub struct Input<T>(pub(crate) Node, PhantomData<fn() -> T>);

impl<T> Clone for Input<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Input<T> {}

impl<T> std::fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::node::debug(&self.0, f)
    }
}

/// The name by which [`by_default`] is known in the tree; no parameter can have it.
pub(crate) const BY_DEFAULT: &str = "by_default()";

/// Hands a value over for an input of a nested stack.
///
/// Where it is missing, rustc says ``expected `Input<VpcId>`, found `Handle<Vpc>` ``: an input of the parent's
/// own is handed over as it is, anything else is given.
///
/// ```
/// # use formwork::prelude::*;
/// let names: Input<List<String>> = give(["first", "second"]);
/// ```
pub fn give<T>(value: impl IntoValue<T, Required>) -> Input<T> {
    Input(value.into_value().node(), PhantomData)
}

/// Leaves an input of a nested stack at the child's default, said aloud.
///
/// ```
/// # use formwork::prelude::*;
/// let count: Input<i64> = by_default();
/// ```
#[must_use]
#[track_caller]
pub fn by_default<T>() -> Input<T> {
    let target = Target::new(TargetKind::Named, BY_DEFAULT, None, Source::here());
    Input(Node::Ref(target), PhantomData)
}

impl<T> Input<T> {
    /// The input of the parameter behind `node`; `#[derive(Inputs)]` calls it.
    #[must_use]
    pub fn from_node(node: Node) -> Self {
        Input(node, PhantomData)
    }

    /// Its value; needed only where its type must be written down.
    #[must_use]
    pub fn value(self) -> Value<T, Early> {
        Value(self.0, PhantomData)
    }

    /// The same input where something else is expected. See [`untyped`](crate::untyped).
    #[must_use]
    pub fn untyped(self, why: &'static str) -> Untyped<Early> {
        let _ = why;
        Untyped(self.0, PhantomData)
    }

    /// Whether it equals `other`.
    ///
    /// ```
    /// # use formwork::prelude::*;
    /// let single = |count: Input<i64>| count.is(1);
    /// ```
    pub fn is<V>(self, other: V) -> Test
    where
        V: IntoValue<T, Required> + Phased,
        V::Phase: Known,
    {
        self.value().is(other)
    }

    /// Whether it differs from `other`.
    pub fn is_not<V>(self, other: V) -> Test
    where
        V: IntoValue<T, Required> + Phased,
        V::Phase: Known,
    {
        !self.is(other)
    }
}

impl<T: Textual> Input<T> {
    /// Whether it is the empty text.
    ///
    /// ```
    /// # use formwork::prelude::*;
    /// let named = |name: Input<String>| !name.is_empty();
    /// ```
    #[must_use]
    pub fn is_empty(self) -> Test {
        self.value().is("")
    }

    /// `Fn::Split`: the parts between the separators.
    #[must_use]
    pub fn split(self, separator: &'static str) -> Texts<Early> {
        self.value().split(separator)
    }
}

impl<T> Input<List<T>> {
    /// `Fn::Select`: the element at `index`, counted from 0.
    #[must_use]
    pub fn select(self, index: u32) -> Value<T, Early> {
        Value(select_node(index, self.0), PhantomData)
    }

    /// `Fn::Join`: all elements as one text.
    #[must_use]
    pub fn join(self, separator: &'static str) -> Text<Early> {
        Text::from_node(join_node(separator, self.0))
    }

    /// Whether the list has no element but an empty one, which is what an empty parameter gives.
    /// CloudFormation cannot compare lists, so they are compared joined.
    ///
    /// ```
    /// # use formwork::prelude::*;
    /// let listed = |names: Input<List<String>>| !names.is_empty_list();
    /// ```
    #[must_use]
    pub fn is_empty_list(self) -> Test {
        self.join("").is("")
    }
}

#[diagnostic::do_not_recommend]
impl<T> Phased for Input<T> {
    type Phase = Early;
}

#[diagnostic::do_not_recommend]
impl<T, U, Place> IntoValue<T, Place> for Input<U>
where
    U: Is<T>,
{
    fn into_value(self) -> Value<T> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, U, Place> IntoList<T, Place> for Input<List<U>>
where
    U: Is<T>,
{
    fn into_list(self) -> Value<List<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoNode for Input<T> {
    fn into_node(self) -> Node {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<T: Is<String>> InText for Input<T> {
    type Phase = Early;

    fn in_text(self) -> Node {
        self.0
    }
}

/// A meaning that a parameter or an output can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input or an output",
    note = "text of any meaning, `i64`, `f64`, `bool`, an enum with `#[derive(Choices)]`, `Ssm<…>`, or a `List<…>` of text or numbers can"
)]
pub trait ParameterType {
    /// The `Type` of the parameter, such as `CommaDelimitedList`.
    fn parameter_type() -> Cow<'static, str>;

    /// Whether it is a list, which nested stacks hand over as one joined text.
    const LIST: bool = false;

    /// The values that are allowed; none for any.
    #[must_use]
    fn choices() -> &'static [&'static str] {
        &[]
    }
}

#[diagnostic::do_not_recommend]
impl<T: Textual> ParameterType for T {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed(T::PARAMETER_TYPE)
    }
}

#[diagnostic::do_not_recommend]
impl ParameterType for i64 {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed("Number")
    }
}

#[diagnostic::do_not_recommend]
impl ParameterType for f64 {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed("Number")
    }
}

#[diagnostic::do_not_recommend]
impl ParameterType for bool {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed("String")
    }

    fn choices() -> &'static [&'static str] {
        &["true", "false"]
    }
}

#[diagnostic::do_not_recommend]
impl<T: Textual> ParameterType for List<T> {
    fn parameter_type() -> Cow<'static, str> {
        match T::PARAMETER_TYPE {
            "String" => Cow::Borrowed("CommaDelimitedList"),
            other => Cow::Owned(format!("List<{other}>")),
        }
    }

    const LIST: bool = true;
}

#[diagnostic::do_not_recommend]
impl ParameterType for List<i64> {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed("List<Number>")
    }

    const LIST: bool = true;
}

#[diagnostic::do_not_recommend]
impl ParameterType for List<f64> {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Borrowed("List<Number>")
    }

    const LIST: bool = true;
}

/// An input whose value is read from a Systems Manager parameter when the stack is launched:
/// `AWS::SSM::Parameter::Value<…>`. The launcher types the parameter's name; the stack sees a `T`.
pub struct Ssm<T>(PhantomData<T>);

impl<T> Is<T> for Ssm<T> {}

#[diagnostic::do_not_recommend]
impl<T: Textual> ParameterType for Ssm<T> {
    fn parameter_type() -> Cow<'static, str> {
        Cow::Owned(format!("AWS::SSM::Parameter::Value<{}>", T::PARAMETER_TYPE))
    }
}

#[diagnostic::do_not_recommend]
impl<T> ParameterType for Ssm<List<T>>
where
    List<T>: ParameterType,
{
    fn parameter_type() -> Cow<'static, str> {
        let inner = <List<T>>::parameter_type();
        let inner = if inner == "CommaDelimitedList" { "List<String>".into() } else { inner };
        Cow::Owned(format!("AWS::SSM::Parameter::Value<{inner}>"))
    }

    const LIST: bool = true;
}

/// An enum whose variants are the only values of an input. `#[derive(Choices)]` makes one.
pub trait Choices: Property {
    /// The values as the launcher sees them.
    const VALUES: &'static [&'static str];
}

/// What can be the default of an input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the default of an input of `{T}`",
    note = "a default is a literal: a text, a number, `true` or `false`, a variant, or an array of texts or numbers"
)]
pub trait DefaultFor<T> {
    /// The default as the template has it: a text, a number, or a comma-joined list.
    fn default_node(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T: Textual> DefaultFor<T> for &'static str {
    fn default_node(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Textual> DefaultFor<List<T>> for &'static str {
    fn default_node(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> DefaultFor<Ssm<T>> for &'static str {
    fn default_node(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl DefaultFor<bool> for bool {
    fn default_node(self) -> Node {
        Node::Text(if self { "true" } else { "false" })
    }
}

#[diagnostic::do_not_recommend]
impl DefaultFor<i64> for i64 {
    fn default_node(self) -> Node {
        Node::Integer(self)
    }
}

#[diagnostic::do_not_recommend]
impl DefaultFor<i64> for i32 {
    fn default_node(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl DefaultFor<f64> for i32 {
    fn default_node(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl DefaultFor<f64> for f64 {
    fn default_node(self) -> Node {
        Node::Number(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Textual, const N: usize> DefaultFor<List<T>> for [&'static str; N] {
    fn default_node(self) -> Node {
        Node::text(self.join(","))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> DefaultFor<List<i64>> for [i64; N] {
    fn default_node(self) -> Node {
        Node::text(self.map(|number| number.to_string()).join(","))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Choices> DefaultFor<T> for T {
    fn default_node(self) -> Node {
        Property::into_node(self)
    }
}

/// One parameter with everything that CloudFormation knows of it.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// The parameter's name.
    pub name: &'static str,
    /// Its `Type`.
    pub parameter_type: Cow<'static, str>,
    /// Whether it is a list.
    pub list: bool,
    /// Its `Description`.
    pub description: &'static str,
    /// The group that the console shows it in.
    pub group: Option<&'static str>,
    /// What the console calls it.
    pub label: Option<&'static str>,
    /// Its `Default`.
    pub default: Option<Node>,
    /// `AllowedPattern`, a regular expression that the whole value must match.
    pub pattern: Option<&'static str>,
    /// `ConstraintDescription`: what is said when a constraint is broken.
    pub explain: Option<&'static str>,
    /// `AllowedValues`.
    pub allowed: Vec<Node>,
    /// `MinLength`, characters.
    pub min_length: Option<u32>,
    /// `MaxLength`, characters.
    pub max_length: Option<u32>,
    /// `MinValue`.
    pub min: Option<f64>,
    /// `MaxValue`.
    pub max: Option<f64>,
    /// `NoEcho`: the console and the API hide the value.
    pub no_echo: bool,
    /// Where it was declared.
    pub declared: Source,
}

impl InputSpec {
    /// A parameter of type `T` without constraints but those of the type.
    #[must_use]
    pub fn new<T: ParameterType>(
        name: &'static str,
        description: &'static str,
        declared: Source,
    ) -> Self {
        InputSpec {
            name,
            parameter_type: T::parameter_type(),
            list: T::LIST,
            description,
            group: None,
            label: None,
            default: None,
            pattern: None,
            explain: None,
            allowed: T::choices().iter().map(|choice| Node::Text(choice)).collect(),
            min_length: None,
            max_length: None,
            min: None,
            max: None,
            no_echo: false,
            declared,
        }
    }
}

/// The inputs of a stack. `#[derive(Inputs)]` makes them out of a struct of [`Input`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the inputs of a stack",
    note = "write `#[derive(Inputs)]` on the struct; a stack that takes nothing has the inputs `()`"
)]
pub trait Inputs: Sized {
    /// What is declared, in the order of the fields.
    fn specs() -> Vec<InputSpec>;

    /// The inputs of these parameters, in the same order.
    fn bind(parameters: &[Node]) -> Self;

    /// What was handed over, in the same order.
    fn given(self) -> Vec<Node>;
}

#[diagnostic::do_not_recommend]
impl Inputs for () {
    fn specs() -> Vec<InputSpec> {
        Vec::new()
    }

    fn bind(_: &[Node]) -> Self {}

    fn given(self) -> Vec<Node> {
        Vec::new()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Choices> Phased for T {
    type Phase = Early;
}
