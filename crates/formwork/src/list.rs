//! Lists and maps as properties take them.
//!
//! A list has a conversion trait of its own, so that rustc's complaint about one wrong element names that
//! element and not the whole list.

use std::marker::PhantomData;

use crate::meaning::{Is, List, Map};
use crate::node::Node;
use crate::value::{If, IntoName, IntoValue, NoValue, Optional, Untyped, Value, list_of};

/// What can stand where a list of `T` is expected.
///
/// An array or `Vec` of whatever is a `T` (an element may be [`when`](crate::when) with
/// [`no_value`](crate::no_value), which drops it), a tuple of different Rust types that all are a `T`, or
/// a value that is a list already.
///
/// An array of different Rust types is an error of Rust itself, `mismatched types`: write the tuple.
///
/// ```
/// use formwork::prelude::*;
/// # fn names(_: impl formwork::IntoList<String>) {}
/// # fn define(name: Input<String>, named: Condition) {
/// names(["first", "second"]);
/// names((pseudo::REGION, name, "third"));
/// names([when(named, name, no_value())]);
/// names(pseudo::REGION.split("-"));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where a list of `{T}` is expected",
    label = "expected a list of `{T}`",
    note = "write `[a, b]` for values of one Rust type, `(a, b)` for values of different ones"
)]
pub trait IntoList<T, Place = Optional> {
    /// The list.
    ///
    /// ```
    /// use formwork::{IntoList, prelude::*};
    /// let names: Value<List<String>> = IntoList::<String>::into_list(["first", "second"]);
    /// ```
    fn into_list(self) -> Value<List<T>>;
}

// Without `do_not_recommend` on purpose: rustc then descends to the element that does not fit. On one line,
// because rustc prints it.
impl<T, V: IntoValue<T>, Place, const N: usize> IntoList<T, Place> for [V; N] {
    fn into_list(self) -> Value<List<T>> {
        list_of(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V, Place> IntoList<T, Place> for Vec<V>
where
    V: IntoValue<T>,
{
    fn into_list(self) -> Value<List<T>> {
        list_of(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, U, P, Place> IntoList<T, Place> for Value<List<U>, P>
where
    U: Is<T>,
{
    fn into_list(self) -> Value<List<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoList<T, Place> for Untyped<P> {
    fn into_list(self) -> Value<List<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoList<T, Optional> for NoValue {
    fn into_list(self) -> Value<List<T>> {
        Value(Node::NoValue, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, A, B, Place> IntoList<T, Place> for If<A, B>
where
    A: IntoList<T, Place>,
    B: IntoList<T, Place>,
{
    fn into_list(self) -> Value<List<T>> {
        let (then, otherwise) = (self.then.into_list().0, self.otherwise.into_list().0);
        Value(Self::write(self.condition, then, otherwise), PhantomData)
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<T, Place, $($name),+> IntoList<T, Place> for ($($name,)+)
        where
            $($name: IntoValue<T>),+
        {
            fn into_list(self) -> Value<List<T>> {
                #[allow(non_snake_case, reason = "the variables carry the names of their types")]
                let ($($name,)+) = self;
                Value(Node::list(vec![$($name.into_value().0),+]), PhantomData)
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

/// What can stand where a map of names to `T` is expected: an array or `Vec` of pairs, or a value that is
/// a map already.
///
/// ```
/// use formwork::prelude::*;
/// # fn tags(_: impl formwork::IntoMap<String>) {}
/// tags([("Team", "platform"), ("Stage", "dev")]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where a map to `{T}` is expected",
    label = "expected a map to `{T}`",
    note = "write `[(\"key\", value), …]`"
)]
pub trait IntoMap<T, Place = Optional> {
    /// The map.
    ///
    /// ```
    /// use formwork::{IntoMap, prelude::*};
    /// let tags: Value<Map<String>> = IntoMap::<String>::into_map([("Team", "platform")]);
    /// ```
    fn into_map(self) -> Value<Map<T>>;
}

fn map_of<T, K: IntoName, V: IntoValue<T>>(
    entries: impl IntoIterator<Item = (K, V)>,
) -> Value<Map<T>> {
    let entries = entries.into_iter().map(|(key, value)| (key.into_name().0, value.into_value().0));
    Value(Node::map(entries.collect()), PhantomData)
}

impl<T, K: IntoName, V: IntoValue<T>, Place, const N: usize> IntoMap<T, Place> for [(K, V); N] {
    fn into_map(self) -> Value<Map<T>> {
        map_of(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, K, V, Place> IntoMap<T, Place> for Vec<(K, V)>
where
    K: IntoName,
    V: IntoValue<T>,
{
    fn into_map(self) -> Value<Map<T>> {
        map_of(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, U, P, Place> IntoMap<T, Place> for Value<Map<U>, P>
where
    U: Is<T>,
{
    fn into_map(self) -> Value<Map<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, P, Place> IntoMap<T, Place> for Untyped<P> {
    fn into_map(self) -> Value<Map<T>> {
        Value(self.0, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoMap<T, Optional> for NoValue {
    fn into_map(self) -> Value<Map<T>> {
        Value(Node::NoValue, PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, A, B, Place> IntoMap<T, Place> for If<A, B>
where
    A: IntoMap<T, Place>,
    B: IntoMap<T, Place>,
{
    fn into_map(self) -> Value<Map<T>> {
        let (then, otherwise) = (self.then.into_map().0, self.otherwise.into_map().0);
        Value(Self::write(self.condition, then, otherwise), PhantomData)
    }
}
