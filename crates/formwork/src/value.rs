//! Values: what a property takes, and everything that can stand for one.
//!
//! [`Value<T>`] is a node of the tree with a meaning `T`. [`IntoValue<T>`] is the one door through which
//! literals, handles, inputs and intrinsics become a `Value<T>`; the only way round a meaning is
//! [`untyped`], which takes a reason. Nothing in here knows which property a value is for.

use std::marker::PhantomData;

use crate::meaning::{Is, Json, List, Textual};
use crate::node::{Function, Node};
use crate::phase::{Early, Late, Phase, Phased};

/// A value that means a `T`: a literal, a reference, an attribute or an intrinsic.
///
/// It is `Copy`. `P` says when it is known: [`Early`] for what parameters, pseudo parameters and mappings
/// yield, [`Late`] for everything else; you meet it only in messages about conditions.
pub struct Value<T, P = Late>(pub(crate) Node, pub(crate) PhantomData<fn() -> (T, P)>);

impl<T, P> Clone for Value<T, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, P> Copy for Value<T, P> {}

impl<T, P> std::fmt::Debug for Value<T, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::node::debug(&self.0, f)
    }
}

#[diagnostic::do_not_recommend]
impl<T, P: Phase> Phased for Value<T, P> {
    type Phase = P;
}

impl<T, P> Value<T, P> {
    /// A value from a node of the tree, for code that generates properties.
    #[must_use]
    pub const fn from_node(node: Node) -> Self {
        Value(node, PhantomData)
    }

    /// The node of the tree behind it.
    #[must_use]
    pub const fn node(self) -> Node {
        self.0
    }

    /// The same value with another meaning: the one way round what the schemas say. The reason is for
    /// the reader and for a search; nothing is written of it.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let name: Value<String> = val("my-bucket");
    /// let other: Value<Arn> = val(name.untyped("it holds an ARN; the schema says text"));
    /// ```
    #[must_use]
    pub fn untyped(self, why: &'static str) -> Untyped<P> {
        let _ = why;
        Untyped(self.0, PhantomData)
    }
}

/// Where a value goes: to a property that must be there.
pub enum Required {}

/// Where a value goes: to a property that may be left out, so that [`no_value`] may stand there.
pub enum Optional {}

/// What can stand where a `T` is expected.
///
/// A literal of the right Rust type, a handle (its `Ref`), an input, a [`Value`] of that or a narrower
/// meaning, a composed text, [`when`], and, where the property may be left out, [`no_value`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where `{T}` is expected",
    label = "expected `{T}`"
)]
pub trait IntoValue<T, Place = Optional> {
    /// The value.
    fn into_value(self) -> Value<T>;
}

/// A literal or anything else as a `Value<T>`, where a field asks for one.
///
/// ```
/// use formwork::{val, Value};
/// let name: Value<String> = val("orders");
/// let many: Value<formwork::List<String>> = val(["a", "b"]);
/// ```
pub fn val<T>(value: impl IntoValue<T, Required>) -> Value<T> {
    value.into_value()
}

#[diagnostic::do_not_recommend]
impl<T, U, P, Place> IntoValue<T, Place> for Value<U, P>
where
    U: Is<T>,
{
    #[inline]
    fn into_value(self) -> Value<T> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, Place> IntoValue<T, Place> for &'static str
where
    T: Textual,
{
    #[inline]
    fn into_value(self) -> Value<T> {
        Value(Node::Text(self), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, Place> IntoValue<T, Place> for String
where
    T: Textual,
{
    fn into_value(self) -> Value<T> {
        Value(Node::text(self), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<bool, Place> for bool {
    #[inline]
    fn into_value(self) -> Value<bool> {
        Value(Node::Bool(self), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<i64, Place> for i32 {
    #[inline]
    fn into_value(self) -> Value<i64> {
        Value(Node::Integer(i64::from(self)), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<i64, Place> for u32 {
    #[inline]
    fn into_value(self) -> Value<i64> {
        Value(Node::Integer(i64::from(self)), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<i64, Place> for i64 {
    #[inline]
    fn into_value(self) -> Value<i64> {
        Value(Node::Integer(self), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<f64, Place> for f64 {
    #[inline]
    fn into_value(self) -> Value<f64> {
        Value(Node::Number(self), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<f64, Place> for i32 {
    #[inline]
    fn into_value(self) -> Value<f64> {
        Value(Node::Integer(i64::from(self)), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V, Place, const N: usize> IntoValue<List<T>, Place> for [V; N]
where
    V: IntoValue<T>,
{
    fn into_value(self) -> Value<List<T>> {
        list_of(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V, Place> IntoValue<List<T>, Place> for Vec<V>
where
    V: IntoValue<T>,
{
    fn into_value(self) -> Value<List<T>> {
        list_of(self)
    }
}

pub(crate) fn list_of<T, V: IntoValue<T>>(items: impl IntoIterator<Item = V>) -> Value<List<T>> {
    Value(Node::list(items.into_iter().map(|item| item.into_value().0).collect()), PhantomData)
}

macro_rules! literal_phase {
    ($($literal:ty),*) => {$(#[diagnostic::do_not_recommend] impl Phased for $literal { type Phase = Early; })*};
}
literal_phase!(&'static str, String, bool, i32, u32, i64, usize, f64);

/// `AWS::NoValue`: the property is left out. See [`no_value`].
#[derive(Clone, Copy, Debug)]
pub struct NoValue;

/// Leaves an optional property out: `Ref: AWS::NoValue`.
///
/// A required property refuses it when the program compiles.
#[must_use]
pub const fn no_value() -> NoValue {
    NoValue
}

#[diagnostic::do_not_recommend]
impl<T> IntoValue<T, Optional> for NoValue {
    fn into_value(self) -> Value<T> {
        Value(Node::NoValue, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl Phased for NoValue {
    type Phase = Early;
}

/// A value whose meaning its author vouches for. See [`untyped`].
#[derive(Clone, Copy, Debug)]
pub struct Untyped<P = Late>(pub(crate) Node, pub(crate) PhantomData<fn() -> P>);

/// A literal or value that may stand anywhere: the one way round what the schemas say.
///
/// The reason is for the reader and for a search; nothing is written of it.
///
/// ```
/// use formwork::prelude::*;
/// let range: Value<Cidr> = val(untyped("10.0.0.0/8", "the schema's pattern refuses a valid range"));
/// ```
pub fn untyped<V: IntoNode>(value: V, why: &'static str) -> Untyped<Late> {
    let _ = why;
    Untyped(value.into_node(), PhantomData)
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoValue<T, Place> for Untyped<P> {
    fn into_value(self) -> Value<T> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<P: Phase> Phased for Untyped<P> {
    type Phase = P;
}

/// A property type or an enum of a resource: it stands for itself, and for nothing else.
pub trait Property: Sized {
    /// The node that is written.
    fn into_node(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T, Place> IntoValue<T, Place> for T
where
    T: Property,
{
    #[inline]
    fn into_value(self) -> Value<T> {
        Value(self.into_node(), PhantomData)
    }
}

/// What can stand where nothing is known of the meaning: raw properties, metadata, JSON.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be written into a template")]
pub trait IntoNode {
    /// The node that is written.
    fn into_node(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, P> IntoNode for Value<T, P> {
    fn into_node(self) -> Node {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<P> IntoNode for Untyped<P> {
    fn into_node(self) -> Node {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<T: Property> IntoNode for T {
    fn into_node(self) -> Node {
        Property::into_node(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for NoValue {
    fn into_node(self) -> Node {
        Node::NoValue
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for &'static str {
    fn into_node(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for String {
    fn into_node(self) -> Node {
        Node::text(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for bool {
    fn into_node(self) -> Node {
        Node::Bool(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for i32 {
    fn into_node(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for i64 {
    fn into_node(self) -> Node {
        Node::Integer(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for f64 {
    fn into_node(self) -> Node {
        Node::Number(self)
    }
}

#[diagnostic::do_not_recommend]
impl<V: IntoNode, const N: usize> IntoNode for [V; N] {
    fn into_node(self) -> Node {
        Node::list(self.into_iter().map(IntoNode::into_node).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<V: IntoNode> IntoNode for Vec<V> {
    fn into_node(self) -> Node {
        Node::list(self.into_iter().map(IntoNode::into_node).collect())
    }
}

/// A JSON object whose values may be references: for metadata, raw properties and free-form JSON.
///
/// ```
/// use formwork::prelude::*;
/// let settings = object([("Region", any(pseudo::REGION)), ("Retries", any(3))]);
/// ```
pub fn object<K: IntoName, V: IntoNode>(entries: impl IntoIterator<Item = (K, V)>) -> Object {
    Object(entries.into_iter().map(|(key, value)| (key.into_name().0, value.into_node())).collect())
}

/// A value of any Rust type as a node, so that values of different types can stand in one array.
pub fn any(value: impl IntoNode) -> Node {
    value.into_node()
}

/// See [`object`].
#[derive(Clone, Debug)]
pub struct Object(pub(crate) Vec<(&'static str, Node)>);

#[diagnostic::do_not_recommend]
impl IntoNode for Object {
    fn into_node(self) -> Node {
        Node::map(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<Json, Place> for Object {
    fn into_value(self) -> Value<Json> {
        Value(Node::map(self.0), PhantomData)
    }
}

/// A key of a map, known when the program runs.
pub struct Name(pub(crate) &'static str);

/// What can be a name: a logical id, the key of a map.
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where a name is expected",
    label = "not a name",
    note = "a name is a literal or a `String`: write `\"Name\"`, or `format!(…)` without `&`"
)]
pub trait IntoName {
    /// The name.
    fn into_name(self) -> Name;
}

#[diagnostic::do_not_recommend]
impl IntoName for &'static str {
    fn into_name(self) -> Name {
        Name(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoName for String {
    fn into_name(self) -> Name {
        Name(self.leak())
    }
}

/// `Fn::If` on a named condition. See [`when`].
#[derive(Clone, Copy, Debug)]
pub struct If<A, B> {
    pub(crate) condition: crate::Condition,
    pub(crate) then: A,
    pub(crate) otherwise: B,
}

/// One value if the condition holds, else the other: `Fn::If`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, keep: Condition) {
/// let days: Value<i64> = val(when(keep, 365, 30));
/// # }
/// ```
pub fn when<A, B>(condition: crate::Condition, then: A, otherwise: B) -> If<A, B> {
    If { condition, then, otherwise }
}

impl<A, B> If<A, B> {
    pub(crate) fn write(condition: crate::Condition, then: Node, otherwise: Node) -> Node {
        let condition = Node::Name(condition.target);
        Node::call(Function::If, Node::list(vec![condition, then, otherwise]))
    }
}

#[diagnostic::do_not_recommend]
impl<T, A, B, Place> IntoValue<T, Place> for If<A, B>
where
    A: IntoValue<T, Place>,
    B: IntoValue<T, Place>,
{
    fn into_value(self) -> Value<T> {
        let (then, otherwise) = (self.then.into_value().0, self.otherwise.into_value().0);
        Value(Self::write(self.condition, then, otherwise), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoNode, B: IntoNode> IntoNode for If<A, B> {
    fn into_node(self) -> Node {
        Self::write(self.condition, self.then.into_node(), self.otherwise.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<A, B> Phased for If<A, B> {
    type Phase = Late;
}
