//! Actions: what a statement allows or denies.
//!
//! An [`Action`] is a name such as `s3:GetObject`. The names that exist are generated into `formwork-aws`;
//! nothing in here knows them.

use super::items::{Items, OneOrMore};
use crate::node::Node;
use crate::value::Property;

/// An action of a service, or a pattern that stands for several.
///
/// ```
/// use formwork::iam::Action;
/// const GET_OBJECT: Action = Action::new("s3:GetObject");
/// const ALL: Action = Action::new("s3:*");
/// const DESCRIBE: Action = Action::raw("cloudformation:Describe*");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(&'static str);

impl Action {
    /// An action that exists; generated code calls it.
    ///
    /// ```
    /// use formwork::iam::Action;
    /// pub const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// ```
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Action(name)
    }

    /// An action by its name, or a pattern with `*` and `?`: the way out for what no list of actions has.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let describe = allow(Action::raw("cloudformation:Describe*")).on_all("of every stack");
    /// ```
    #[must_use]
    pub const fn raw(name: &'static str) -> Self {
        Action(name)
    }

    /// All actions whose names begin like this one's: `s3:GetObject*`.
    ///
    /// ```
    /// use formwork::iam::Action;
    /// const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// assert_eq!(Action::starting_with(GET_OBJECT).name(), "s3:GetObject*");
    /// ```
    #[must_use]
    pub fn starting_with(action: Action) -> Self {
        Action(format!("{}*", action.0.trim_end_matches('*')).leak())
    }

    /// As IAM writes it.
    ///
    /// ```
    /// use formwork::iam::Action;
    /// assert_eq!(Action::raw("s3:List*").name(), "s3:List*");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Property for Action {
    fn into_node(self) -> Node {
        Node::Text(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl OneOrMore<Action> for Action {
    fn into_items(self) -> Items {
        Items::one(Node::Text(self.0))
    }
}
