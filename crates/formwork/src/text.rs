//! Text that an author composes: `sub!`, `join`, `select`, `split`, `base64`.
//!
//! What is composed takes the meaning of its place, as a literal does; what already means something keeps
//! its meaning. `sub!` interpolates Rust values, so that a name that does not exist cannot be written.

use std::marker::PhantomData;

use crate::list::IntoList;
use crate::meaning::{Json, List, Textual};
use crate::node::{Function, Node, Piece, Target, TargetKind};
use crate::phase::{Early, Late, Meet, Phase, Phased};
use crate::value::{If, IntoNode, IntoValue, Required, Untyped, Value};

/// A composed text. It fits wherever text of any meaning is asked for.
///
/// ```
/// use formwork::prelude::*;
/// let name = sub!("{}-jobs", pseudo::STACK_NAME);
/// ```
pub struct Text<P = Late>(pub(crate) Node, pub(crate) PhantomData<fn() -> P>);

impl<P> Clone for Text<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Text<P> {}

impl<P> std::fmt::Debug for Text<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::node::debug(&self.0, f)
    }
}

#[diagnostic::do_not_recommend]
impl<P: Phase> Phased for Text<P> {
    type Phase = P;
}

impl<P> Text<P> {
    pub(crate) const fn from_node(node: Node) -> Self {
        Text(node, PhantomData)
    }

    /// The same text where something else than text is expected. See [`untyped`](crate::untyped).
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let number = sub!("{}0", pseudo::ACCOUNT_ID).untyped("a number, composed");
    /// ```
    #[must_use]
    pub fn untyped(self, why: &'static str) -> Untyped<P> {
        let _ = why;
        Untyped(self.0, PhantomData)
    }

    /// `Fn::Split`: the parts between the separators.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let parts = sub!("{}-jobs", pseudo::REGION).split("-");
    /// ```
    #[must_use]
    pub fn split(self, separator: &'static str) -> Texts<P> {
        split_node(separator, self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoValue<T, Place> for Text<P>
where
    T: Textual,
{
    fn into_value(self) -> Value<T> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<P> IntoNode for Text<P> {
    fn into_node(self) -> Node {
        self.0
    }
}

/// A composed list of texts, such as what `Fn::Split` yields.
///
/// ```
/// use formwork::prelude::*;
/// let parts = pseudo::STACK_NAME.split("-");
/// ```
pub struct Texts<P = Late>(pub(crate) Node, pub(crate) PhantomData<fn() -> P>);

impl<P> Clone for Texts<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Texts<P> {}

impl<P> std::fmt::Debug for Texts<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::node::debug(&self.0, f)
    }
}

#[diagnostic::do_not_recommend]
impl<P: Phase> Phased for Texts<P> {
    type Phase = P;
}

impl<P> Texts<P> {
    /// `Fn::Select`: the element at `index`, counted from 0.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let stage = pseudo::STACK_NAME.split("-").select(0);
    /// ```
    #[must_use]
    pub fn select(self, index: u32) -> Text<P> {
        Text::from_node(select_node(index, self.0))
    }

    /// `Fn::Join`: all elements as one text.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let path = pseudo::STACK_NAME.split("-").join("/");
    /// ```
    #[must_use]
    pub fn join(self, separator: &'static str) -> Text<P> {
        Text::from_node(join_node(separator, self.0))
    }
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoList<T, Place> for Texts<P>
where
    T: Textual,
{
    fn into_list(self) -> Value<List<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoValue<List<T>, Place> for Texts<P>
where
    T: Textual,
{
    fn into_value(self) -> Value<List<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<P> IntoNode for Texts<P> {
    fn into_node(self) -> Node {
        self.0
    }
}

pub(crate) fn select_node(index: u32, list: Node) -> Node {
    Node::call(Function::Select, Node::list(vec![Node::Integer(i64::from(index)), list]))
}

pub(crate) fn join_node(separator: &'static str, list: Node) -> Node {
    Node::call(Function::Join, Node::list(vec![Node::Text(separator), list]))
}

fn split_node<P>(separator: &'static str, text: Node) -> Texts<P> {
    Texts(Node::call(Function::Split, Node::list(vec![Node::Text(separator), text])), PhantomData)
}

impl<T, P> Value<List<T>, P> {
    /// `Fn::Select`: the element at `index`, counted from 0.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let first: Value<AvailabilityZone> = val(availability_zones().select(0));
    /// ```
    #[must_use]
    pub fn select(self, index: u32) -> Value<T, P> {
        Value(select_node(index, self.0), PhantomData)
    }

    /// `Fn::Join`: all elements as one text.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let zones = availability_zones().join(",");
    /// ```
    #[must_use]
    pub fn join(self, separator: &'static str) -> Text<P> {
        Text::from_node(join_node(separator, self.0))
    }
}

impl<T: Textual, P> Value<T, P> {
    /// `Fn::Split`: the parts between the separators.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let zone = pseudo::REGION.split("-").select(0);
    /// ```
    #[must_use]
    pub fn split(self, separator: &'static str) -> Texts<P> {
        split_node(separator, self.0)
    }
}

/// `Fn::Join` over values of one Rust type (an array, a `Vec`) or of different ones (a tuple).
///
/// ```
/// use formwork::prelude::*;
/// let name: Value<String> = val(join("-", (pseudo::REGION, "jobs")));
/// ```
pub fn join(separator: &'static str, items: impl IntoList<String, Required>) -> Text {
    Text::from_node(join_node(separator, items.into_list().node()))
}

/// `Fn::Split` of a text.
///
/// ```
/// use formwork::prelude::*;
/// let first = split(",", "a,b,c").select(0);
/// ```
pub fn split(separator: &'static str, text: impl IntoValue<String, Required>) -> Texts {
    split_node(separator, text.into_value().node())
}

/// `Fn::Base64`: the text in base 64, as EC2's user data wants it.
///
/// ```
/// use formwork::prelude::*;
/// let user_data = base64(sub!("#!/bin/sh\necho {}\n", pseudo::REGION));
/// ```
pub fn base64(text: impl IntoValue<String, Required>) -> Text {
    Text::from_node(Node::call(Function::Base64, text.into_value().node()))
}

/// `Fn::ToJsonString`: an object or list as JSON text.
///
/// The template gets the transform `AWS::LanguageExtensions`, which this function needs.
///
/// ```
/// use formwork::prelude::*;
/// let text = to_json_string(object([("Region", any(pseudo::REGION)), ("On", any(true))]));
/// ```
pub fn to_json_string(value: impl IntoNode) -> Text {
    Text::from_node(Node::call(Function::ToJsonString, value.into_node()))
}

/// What `sub!` can interpolate: anything that CloudFormation writes as text.
///
/// ```
/// use formwork::prelude::*;
/// let port = 8080;
/// let place = sub!("{}:{port}/{}", pseudo::REGION, "path");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in text",
    label = "not text",
    note = "a list is joined: `list.join(\",\")`; an attribute is read: `bucket.arn()`"
)]
pub trait InText {
    /// When it is known.
    type Phase: Phase;

    /// The node that is interpolated.
    fn in_text(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T: crate::Is<String>, P: Phase> InText for Value<T, P> {
    type Phase = P;

    fn in_text(self) -> Node {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<P: Phase> InText for Text<P> {
    type Phase = P;

    fn in_text(self) -> Node {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<A: InText, B: InText> InText for If<A, B> {
    type Phase = Late;

    fn in_text(self) -> Node {
        Self::write(self.condition, self.then.in_text(), self.otherwise.in_text())
    }
}

#[diagnostic::do_not_recommend]
impl InText for &'static str {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl InText for String {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::text(self)
    }
}

#[diagnostic::do_not_recommend]
impl InText for i32 {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl InText for u32 {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl InText for usize {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::text(self.to_string())
    }
}

#[diagnostic::do_not_recommend]
impl InText for i64 {
    type Phase = Early;

    fn in_text(self) -> Node {
        Node::Integer(self)
    }
}

/// The text that the macro `sub!` builds up, piece by piece. Write `sub!` instead.
#[derive(Debug)]
pub struct Sub<P>(Vec<Piece>, PhantomData<fn() -> P>);

impl Sub<Early> {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Sub(Vec::new(), PhantomData)
    }
}

impl Default for Sub<Early> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Phase> Sub<P> {
    /// Appends literal text.
    #[must_use]
    pub fn text(mut self, text: &'static str) -> Self {
        self.0.push(Piece::Text(text));
        self
    }

    /// Appends a value; `name` is what it is called should it become a variable of the `Fn::Sub`.
    #[must_use]
    pub fn value<V>(mut self, name: &'static str, value: V) -> Sub<<P as Meet<V::Phase>>::Output>
    where
        V: InText,
        P: Meet<V::Phase>,
    {
        self.0.push(match value.in_text() {
            Node::Text(text) => Piece::Text(text),
            node => Piece::Value(name, node),
        });
        Sub(self.0, PhantomData)
    }

    /// The composed text.
    #[must_use]
    pub fn done(self) -> Text<P> {
        let texts = |piece: &Piece| match piece {
            Piece::Text(text) => Some(*text),
            _ => None,
        };
        // A text without a reference needs no `Fn::Sub`.
        match self.0.iter().map(texts).collect::<Option<String>>() {
            Some(text) => Text::from_node(Node::text(text)),
            None => Text::from_node(Node::Sub(self.0.leak())),
        }
    }
}

/// `Fn::Sub` on text that already is in CloudFormation's spelling, such as a policy that somebody else
/// wrote. Each `${Name}` must exist in the stack that uses it; synth checks that.
///
/// ```
/// use formwork::prelude::*;
/// let arn: Value<Arn> = val(raw_sub("arn:${AWS::Partition}:s3:::logs"));
/// ```
#[must_use]
pub fn raw_sub(text: &'static str) -> Text {
    Text::from_node(Node::Sub(vec![Piece::Raw(text)].leak()))
}

/// `Ref` to a parameter or resource by a name in text; it must exist in the stack that uses it, and synth checks
/// that. A handle or an input is the better way wherever there is one.
///
/// ```
/// use formwork::prelude::*;
/// let network: Value<String> = val(raw_ref("Network"));
/// ```
#[must_use]
#[track_caller]
pub fn raw_ref(name: &'static str) -> Text {
    let source = crate::Source::here();
    Text::from_node(Node::Ref(Target::new(TargetKind::Named, name, None, source)))
}

/// Composed JSON text fits where a policy may be text.
#[diagnostic::do_not_recommend]
impl<Place> IntoValue<Json, Place> for serde_json::Value {
    fn into_value(self) -> Value<Json> {
        Value(self.into_node(), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for serde_json::Value {
    fn into_node(self) -> Node {
        match self {
            serde_json::Value::Null => Node::NoValue,
            serde_json::Value::Bool(value) => Node::Bool(value),
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Node::Integer(whole),
                (None, Some(number)) => Node::Number(number),
                (None, None) => Node::text(number.to_string()),
            },
            serde_json::Value::String(text) => Node::text(text),
            serde_json::Value::Array(items) => {
                Node::list(items.into_iter().map(IntoNode::into_node).collect())
            }
            serde_json::Value::Object(entries) => Node::map(
                entries.into_iter().map(|(key, value)| (&*key.leak(), value.into_node())).collect(),
            ),
        }
    }
}
