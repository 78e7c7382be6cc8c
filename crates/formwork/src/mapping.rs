//! Mappings: tables of literals in a template, looked up by values that are known before any resource is
//! made.

use std::marker::PhantomData;

use crate::node::{Function, Node, Target};
use crate::phase::{Early, Known, Phased};
use crate::value::{IntoName, IntoValue, Property, Required, Value};

/// A table of the template whose cells mean a `T`. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let sizes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)]), ("large", [("Nodes", 5)])]);
/// let nodes = sizes.get("large", "Nodes");
/// # }
/// ```
#[derive(Debug)]
pub struct Mapping<T> {
    target: Target,
    meaning: PhantomData<fn() -> T>,
}

impl<T> Clone for Mapping<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Mapping<T> {}

impl<T> Mapping<T> {
    pub(crate) fn new(target: Target) -> Self {
        Mapping { target, meaning: PhantomData }
    }

    /// `Fn::FindInMap`: the cell of a row and a column. Literal keys are checked at synth.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, sizes: Mapping<i64>, size: Input<String>) {
    /// t.add("Cluster", Raw::new("AWS::New::Cluster").set("Nodes", sizes.get(size, "Nodes")));
    /// # }
    /// ```
    pub fn get<R, C>(self, row: R, column: C) -> Value<T, Early>
    where
        R: IntoValue<String, Required> + Phased,
        R::Phase: Known,
        C: IntoValue<String, Required> + Phased,
        C::Phase: Known,
    {
        Value(self.find(row, column, None), PhantomData)
    }

    /// `Fn::FindInMap` with a `DefaultValue` for a row or column that is not there. The template gets the
    /// transform `AWS::LanguageExtensions`, which this needs.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, sizes: Mapping<i64>) {
    /// let nodes = sizes.get_or(pseudo::REGION, "Nodes", 3);
    /// t.add("Cluster", Raw::new("AWS::New::Cluster").set("Nodes", nodes));
    /// # }
    /// ```
    pub fn get_or<R, C, D>(self, row: R, column: C, default: D) -> Value<T, Early>
    where
        R: IntoValue<String, Required> + Phased,
        R::Phase: Known,
        C: IntoValue<String, Required> + Phased,
        C::Phase: Known,
        D: IntoValue<T, Required> + Phased,
        D::Phase: Known,
    {
        let default = Node::map(vec![("DefaultValue", default.into_value().node())]);
        Value(self.find(row, column, Some(default)), PhantomData)
    }

    fn find<R, C>(self, row: R, column: C, default: Option<Node>) -> Node
    where
        R: IntoValue<String, Required>,
        C: IntoValue<String, Required>,
    {
        let mut argument =
            vec![Node::Name(self.target), row.into_value().node(), column.into_value().node()];
        argument.extend(default);
        Node::call(Function::FindInMap, Node::list(argument))
    }
}

/// What a cell of a mapping can hold.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let zones: Mapping<List<String>> = t.mapping("Zones", [("eu-west-1", [("Names", ["a", "b"])])]);
/// let lacks: Mapping<bool> = t.mapping("Lacks", [("eu-south-1", [("Monitor", true)])]);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a mapping of `{T}`",
    note = "a mapping holds literals only: texts, numbers, Booleans, variants, and arrays of these"
)]
pub trait Cell<T> {
    /// The literal.
    fn cell(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T: crate::Textual> Cell<T> for &'static str {
    fn cell(self) -> Node {
        Node::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::Textual> Cell<T> for String {
    fn cell(self) -> Node {
        Node::text(self)
    }
}

#[diagnostic::do_not_recommend]
impl Cell<bool> for bool {
    fn cell(self) -> Node {
        Node::Bool(self)
    }
}

#[diagnostic::do_not_recommend]
impl Cell<i64> for i32 {
    fn cell(self) -> Node {
        Node::Integer(i64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl Cell<i64> for i64 {
    fn cell(self) -> Node {
        Node::Integer(self)
    }
}

#[diagnostic::do_not_recommend]
impl Cell<f64> for f64 {
    fn cell(self) -> Node {
        Node::Number(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Property> Cell<T> for T {
    fn cell(self) -> Node {
        Property::into_node(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Cell<T>, const N: usize> Cell<crate::List<T>> for [V; N] {
    fn cell(self) -> Node {
        Node::list(self.into_iter().map(Cell::cell).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Cell<T>> Cell<crate::List<T>> for Vec<V> {
    fn cell(self) -> Node {
        Node::list(self.into_iter().map(Cell::cell).collect())
    }
}

/// The rows of a mapping as a template keeps them: row, column, cell.
pub(crate) type Rows = Vec<(&'static str, Vec<(&'static str, Node)>)>;

pub(crate) fn rows<T, K, L, C, V>(table: impl IntoIterator<Item = (K, C)>) -> Rows
where
    K: IntoName,
    L: IntoName,
    C: IntoIterator<Item = (L, V)>,
    V: Cell<T>,
{
    let row = |(key, columns): (K, C)| {
        let columns = columns.into_iter().map(|(column, cell)| (column.into_name().0, cell.cell()));
        (key.into_name().0, columns.collect())
    };
    table.into_iter().map(row).collect()
}
