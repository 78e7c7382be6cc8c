//! Outputs: what a stack gives to its parent, to other stacks, and to the person who reads the console.

use crate::node::Node;

/// One output.
///
/// ```
/// use formwork::{Outputs as _, prelude::*};
/// #[derive(Outputs)]
/// struct Network {
///     /// The network's id.
///     #[output(export = "network-id")]
///     id: Value<String>,
/// }
/// assert_eq!(Network::specs()[0].export, Some("network-id"));
/// ```
#[derive(Clone, Debug)]
pub struct OutputSpec {
    /// Its logical id.
    pub name: &'static str,
    /// Its `Description`.
    pub description: &'static str,
    /// The name under which other stacks of the account and region import it.
    pub export: Option<&'static str>,
    /// Whether it is a list, which is handed on as one joined text.
    pub list: bool,
}

/// The outputs of a stack. `#[derive(Outputs)]` makes them out of a struct of [`Value`](crate::Value)s.
///
/// ```
/// use formwork::prelude::*;
/// #[derive(Outputs)]
/// struct Network {
///     /// The network's id.
///     id: Value<String>,
///     /// Its zones.
///     zones: Value<List<AvailabilityZone>>,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the outputs of a stack",
    note = "write `#[derive(Outputs)]` on the struct; a stack that gives nothing has the outputs `()`"
)]
pub trait Outputs: Copy {
    /// What is declared, in the order of the fields.
    fn specs() -> Vec<OutputSpec>;

    /// What the stack gives, in the same order.
    fn given(self) -> Vec<Node>;

    /// The outputs as another stack sees them; `read` makes the value of the output at an index.
    fn bind(read: &mut dyn FnMut(usize) -> Node) -> Self;
}

#[diagnostic::do_not_recommend]
impl Outputs for () {
    fn specs() -> Vec<OutputSpec> {
        Vec::new()
    }

    fn given(self) -> Vec<Node> {
        Vec::new()
    }

    fn bind(_: &mut dyn FnMut(usize) -> Node) -> Self {}
}
