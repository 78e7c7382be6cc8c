//! The policy document: the list of statements, as a value that fits wherever a property takes JSON.
//!
//! Nothing in here changes or orders what its author wrote.

use super::problems;
use super::size::{self, Size};
use super::statement::{Statement, Statements};
use crate::condition::Condition;
use crate::meaning::Json;
use crate::node::Node;
use crate::value::{If, IntoNode, IntoValue, Required, Value};

/// A policy document. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # const ALL: Action = Action::new("kms:*");
/// let root_only = Policy::new([allow(ALL).on_self().to(Principal::account_root())]);
/// assert!(root_only.problems().is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Policy(&'static [Node]);

impl Policy {
    /// The version of the policy language; the older one knows no policy variables.
    const VERSION: &'static str = "2012-10-17";

    /// A policy of these statements.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(bucket_arn: Value<Arn>, key_arn: Value<Arn>) {
    /// let reads = Policy::new([
    ///     allow(Action::raw("s3:Get*")).on([sub!("{bucket_arn}/*")]),
    ///     allow(Action::raw("kms:Decrypt")).on(key_arn),
    /// ]);
    /// # }
    /// ```
    #[must_use]
    pub fn new(statements: impl Statements<Required>) -> Self {
        Policy(statements.into_nodes().leak())
    }

    /// The statements of both.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(reads: Policy, key_arn: Value<Arn>) {
    /// let decrypts = Policy::new(allow(Action::raw("kms:Decrypt")).on(key_arn));
    /// let both = reads.and(decrypts);
    /// # }
    /// ```
    #[must_use]
    pub fn and(self, other: Policy) -> Self {
        Policy([self.0, other.0].concat().leak())
    }

    /// Each of the statements is in the policy only if the template's condition holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(has_key: Condition, reads: Policy, decrypts: Policy) {
    /// let policy = reads.and(decrypts.only_if(has_key));
    /// # }
    /// ```
    #[must_use]
    pub fn only_if(self, condition: Condition) -> Self {
        let statements = self.0.iter();
        let guarded = statements.map(|node| If::<(), ()>::write(condition, *node, Node::NoValue));
        Policy(guarded.collect::<Vec<_>>().leak())
    }

    /// How long it is as IAM counts: JSON without white space.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const LIST: Action = Action::new("s3:ListAllMyBuckets");
    /// let size = Policy::new([allow(LIST).on_all("it knows no resource")]).size();
    /// assert_eq!((size.characters, size.exact), (103, true));
    /// ```
    #[must_use]
    pub fn size(self) -> Size {
        size::json_len(self.into_node(), &size::estimate)
    }

    /// What IAM would refuse, each said in one line.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let policy = Policy::new(allow(Action::raw("GetObject")).on("arn:aws:s3:::a"));
    /// assert_eq!(policy.problems(), ["statement 1: `Action` holds `GetObject`; write `service:Action`"]);
    /// ```
    #[must_use]
    pub fn problems(self) -> Vec<String> {
        problems::problems(self.into_node())
    }
}

impl FromIterator<Statement> for Policy {
    fn from_iter<I: IntoIterator<Item = Statement>>(statements: I) -> Self {
        Policy::new(statements.into_iter().collect::<Vec<_>>())
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for Policy {
    fn into_node(self) -> Node {
        Node::map(vec![("Version", Node::Text(Self::VERSION)), ("Statement", Node::List(self.0))])
    }
}

#[diagnostic::do_not_recommend]
impl<Place> IntoValue<Json, Place> for Policy {
    fn into_value(self) -> Value<Json> {
        Value::from_node(self.into_node())
    }
}
