//! One or several: what IAM writes as a scalar if it is one, and as a list if it is more.
//!
//! Actions, resources and the values of a condition are all given this way. Nothing in here knows what an
//! item means beyond its type.

use crate::input::Input;
use crate::meaning::{Is, List, Textual};
use crate::node::Node;
use crate::pseudo::Pseudo;
use crate::resource::{Handle, Resource};
use crate::text::{Text, Texts};
use crate::value::{If, IntoNode, IntoValue, Untyped, Value};

/// What can stand where one or several `T` are asked for.
///
/// A single one, an array or `Vec` (an element may be [`when`](crate::when) with
/// [`no_value`](crate::no_value), which drops it), a tuple of different Rust types that all are a `T`, or a
/// value that is a list already.
///
/// ```
/// use formwork::prelude::*;
/// # const GET_OBJECT: Action = Action::new("s3:GetObject");
/// # fn define(bucket_arn: Value<Arn>, others: Input<List<Arn>>) {
/// let one = allow(GET_OBJECT).on(bucket_arn);
/// let two = allow(GET_OBJECT).on((bucket_arn, sub!("{bucket_arn}/*")));
/// let list = allow(GET_OBJECT).on(others);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where one or more `{T}` are expected",
    label = "this is no `{T}`",
    note = "write `a`, `[a, b]` for values of one Rust type, `(a, b)` for values of different ones"
)]
pub trait OneOrMore<T> {
    /// The items.
    fn into_items(self) -> Items;
}

/// The items that a [`OneOrMore`] yields.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    nodes: &'static [Node],
    list: bool,
}

impl Items {
    /// No item.
    pub(crate) const NONE: Items = Items { nodes: &[], list: false };

    /// A single item.
    ///
    /// ```
    /// use formwork::{iam::items::Items, node::Node};
    /// let one = Items::one(Node::Text("s3:GetObject"));
    /// ```
    #[must_use]
    pub fn one(node: Node) -> Self {
        Items { nodes: vec![node].leak(), list: false }
    }

    /// Several items.
    ///
    /// ```
    /// use formwork::{iam::items::Items, node::Node};
    /// let two = Items::several(vec![Node::Text("s3:GetObject"), Node::Text("s3:PutObject")]);
    /// ```
    #[must_use]
    pub fn several(nodes: Vec<Node>) -> Self {
        Items { nodes: nodes.leak(), list: false }
    }

    /// A value that is a list already.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(others: Input<List<Arn>>) {
    /// use formwork::{IntoNode, iam::items::Items};
    /// let list = Items::list(others.into_node());
    /// # }
    /// ```
    #[must_use]
    pub fn list(node: Node) -> Self {
        Items { nodes: vec![node].leak(), list: true }
    }

    /// The items, or the one node that is a list.
    pub(crate) fn nodes(self) -> &'static [Node] {
        self.nodes
    }

    /// These and those. CloudFormation cannot join two lists: one that is a value is put into a list of its
    /// own, and `problems` reports that.
    pub(crate) fn join(self, other: Items) -> Self {
        match (self.nodes, other.nodes) {
            ([], _) => other,
            (_, []) => self,
            _ => Items { nodes: [self.apart(), other.apart()].concat().leak(), list: false },
        }
    }

    /// The items as they stand beside others.
    pub(crate) fn apart(self) -> Vec<Node> {
        if self.list { vec![Node::List(self.nodes)] } else { self.nodes.to_vec() }
    }

    /// The same items, each rewritten.
    pub(crate) fn map(self, change: impl Fn(Node) -> Node) -> Self {
        let nodes: Vec<Node> = self.nodes.iter().map(|node| change(*node)).collect();
        Items { nodes: nodes.leak(), list: self.list }
    }

    /// As IAM writes them: a scalar if it is one, a list otherwise.
    pub(crate) fn node(self) -> Node {
        match self.nodes {
            [node] => *node,
            nodes => Node::List(nodes),
        }
    }

    /// Whether the one node is a list, or may turn out to be one.
    pub(crate) fn is_list(self) -> bool {
        self.list
    }
}

fn several<T, V: IntoValue<T>>(values: impl IntoIterator<Item = V>) -> Items {
    Items::several(values.into_iter().map(|value| value.into_value().node()).collect())
}

// Without `do_not_recommend` on purpose: rustc then descends to the element that does not fit. On one line,
// because rustc prints it.
impl<T, V: IntoValue<T>, const N: usize> OneOrMore<T> for [V; N] {
    fn into_items(self) -> Items {
        several(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V> OneOrMore<T> for Vec<V>
where
    V: IntoValue<T>,
{
    fn into_items(self) -> Items {
        several(self)
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<T, $($name),+> OneOrMore<T> for ($($name,)+)
        where
            $($name: IntoValue<T>),+
        {
            fn into_items(self) -> Items {
                #[allow(non_snake_case, reason = "the variables carry the names of their types")]
                let ($($name,)+) = self;
                Items::several(vec![$($name.into_value().node()),+])
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

// `U: Is<String>` keeps lists out of the impls for single values: whatever is no list is written as text.

#[diagnostic::do_not_recommend]
impl<T, U, P> OneOrMore<T> for Value<U, P>
where
    U: Is<T> + Is<String>,
{
    fn into_items(self) -> Items {
        Items::one(self.node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, U, P> OneOrMore<T> for Value<List<U>, P>
where
    U: Is<T>,
{
    fn into_items(self) -> Items {
        Items::list(self.node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, U> OneOrMore<T> for Input<U>
where
    U: Is<T> + Is<String>,
{
    fn into_items(self) -> Items {
        Items::one(self.value().node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, U> OneOrMore<T> for Input<List<U>>
where
    U: Is<T>,
{
    fn into_items(self) -> Items {
        Items::list(self.value().node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, U> OneOrMore<T> for Pseudo<U>
where
    U: Is<T> + Is<String>,
{
    fn into_items(self) -> Items {
        Items::one(self.value().node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, U> OneOrMore<T> for Pseudo<List<U>>
where
    U: Is<T>,
{
    fn into_items(self) -> Items {
        Items::list(self.value().node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, R> OneOrMore<T> for Handle<R>
where
    R: Resource,
    R::Ref: Is<T>,
{
    fn into_items(self) -> Items {
        Items::one(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, P> OneOrMore<T> for Text<P>
where
    T: Textual,
{
    fn into_items(self) -> Items {
        Items::one(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, P> OneOrMore<T> for Texts<P>
where
    T: Textual,
{
    fn into_items(self) -> Items {
        Items::list(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<T> OneOrMore<T> for &'static str
where
    T: Textual,
{
    fn into_items(self) -> Items {
        Items::one(Node::Text(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T> OneOrMore<T> for String
where
    T: Textual,
{
    fn into_items(self) -> Items {
        Items::one(Node::text(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T, P> OneOrMore<T> for Untyped<P> {
    fn into_items(self) -> Items {
        Items::one(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<T, A, B> OneOrMore<T> for If<A, B>
where
    A: OneOrMore<T>,
    B: OneOrMore<T>,
{
    fn into_items(self) -> Items {
        let (then, otherwise) = (self.then.into_items(), self.otherwise.into_items());
        let list = [then, otherwise].iter().any(|side| side.list || side.nodes.len() != 1);
        let node = Self::write(self.condition, then.node(), otherwise.node());
        if list { Items::list(node) } else { Items::one(node) }
    }
}
