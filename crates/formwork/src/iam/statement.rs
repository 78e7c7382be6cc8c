//! Statements: an effect, actions, what they apply to, whom they speak of, and when.
//!
//! [`allow`] and [`deny`] give a [`Grant`], which is no statement until it says what it applies to. What a
//! service would refuse beyond that is found by [`problems`](super::problems), not here.

use std::marker::PhantomData;

use super::action::Action;
use super::condition::{Clause, Decided, block};
use super::items::{Items, OneOrMore};
use super::principal::{Parts, Principals};
use crate::condition::Condition;
use crate::meaning::Arn;
use crate::node::Node;
use crate::value::{If, IntoName, NoValue, Optional, Required};

/// The effect of [`allow`].
#[derive(Clone, Copy, Debug)]
pub struct Allow;

/// The effect of [`deny`].
#[derive(Clone, Copy, Debug)]
pub struct Deny;

/// Allows actions, once it says what it applies to.
///
/// ```
/// use formwork::prelude::*;
/// # const DECRYPT: Action = Action::new("kms:Decrypt");
/// # const ASSUME_ROLE: Action = Action::new("sts:AssumeRole");
/// # fn define(key_arn: Value<Arn>) {
/// let permission = allow(DECRYPT).on(key_arn);
/// let trust = allow(ASSUME_ROLE).to(Principal::service("sagemaker"));
/// # }
/// ```
pub fn allow(actions: impl OneOrMore<Action>) -> Grant {
    Grant::begin("Allow", "Action", actions.into_items())
}

/// Denies actions, once it says what it applies to. A denial overrules whatever else allows.
///
/// ```
/// use formwork::prelude::*;
/// let only_tls = deny(Action::raw("s3:*"))
///     .on_self()
///     .to(Principal::any())
///     .when(condition::is_bool(condition::aws::SecureTransport, false));
/// ```
pub fn deny(actions: impl OneOrMore<Action>) -> Grant<Deny> {
    Grant::begin("Deny", "Action", actions.into_items())
}

/// Denies all actions except these: `NotAction`.
///
/// ```
/// use formwork::prelude::*;
/// let stay = deny_all_except([Action::raw("iam:*"), Action::raw("sts:*")])
///     .on_all("whatever is elsewhere")
///     .when(condition::string_not_equals(condition::aws::RequestedRegion, pseudo::REGION));
/// ```
pub fn deny_all_except(actions: impl OneOrMore<Action>) -> Grant<Deny> {
    Grant::begin("Deny", "NotAction", actions.into_items())
}

/// An effect and actions: the beginning of a statement. It is none until it says what it applies to:
/// [`on`](Grant::on), [`on_self`](Grant::on_self), [`on_all`](Grant::on_all) or [`to`](Grant::to).
///
/// ```compile_fail,E0277
/// use formwork::prelude::*;
/// # const GET_OBJECT: Action = Action::new("s3:GetObject");
/// Policy::new([allow(GET_OBJECT)]); // a policy takes statements, not `Grant`
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "it is no statement until it says what it applies to"]
pub struct Grant<E = Allow>(Statement, PhantomData<fn() -> E>);

impl<E> Grant<E> {
    fn begin(effect: &'static str, action: &'static str, actions: Items) -> Self {
        let statement = Statement {
            id: None,
            effect,
            principal: ("Principal", Parts::NONE),
            action: (action, actions),
            resource: ("Resource", Items::NONE),
            clauses: &[],
            only_if: None,
        };
        Grant(statement, PhantomData)
    }

    /// `Resource`: the ARNs of what the actions are allowed or denied on.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const ALL: Action = Action::new("s3:*");
    /// # fn define(bucket_arn: Value<Arn>) {
    /// let one = allow(ALL).on(bucket_arn);
    /// let both = allow(ALL).on((bucket_arn, raw_sub("arn:${AWS::Partition}:s3:::logs/*")));
    /// # }
    /// ```
    pub fn on(self, resources: impl OneOrMore<Arn>) -> Statement {
        self.0.on(resources)
    }

    /// `Resource: "*"` in the policy of a resource: the resource itself.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let administered = allow(Action::raw("kms:*")).on_self().to(Principal::account_root());
    /// ```
    pub fn on_self(self) -> Statement {
        self.0.on_self()
    }

    /// `Resource: "*"`: everything. For actions that know no resource; the reason is for the reader and for a
    /// search.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const LIST: Action = Action::new("s3:ListAllMyBuckets");
    /// let lists = allow(LIST).on_all("it knows no resource");
    /// ```
    pub fn on_all(self, why: &'static str) -> Statement {
        self.0.on_all(why)
    }

    /// `Principal` without a `Resource`: the trust policy of a role, and policies of the few resources that
    /// take none.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const ASSUME_ROLE: Action = Action::new("sts:AssumeRole");
    /// let trust = Policy::new(allow(ASSUME_ROLE).to(Principal::service("sagemaker")));
    /// ```
    pub fn to(self, principals: impl Principals<Required>) -> Statement {
        self.0.to(principals)
    }

    /// `Condition`, as [`Statement::when`] adds one.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// let ours = condition::string_equals(condition::aws::ResourceAccount, pseudo::ACCOUNT_ID);
    /// let reads = allow(GET_OBJECT).when(ours).on("arn:aws:s3:::*");
    /// ```
    pub fn when<C: Decided>(self, clause: Clause<C>) -> Self {
        Grant(self.0.when(clause), PhantomData)
    }

    /// `Sid`, as [`Statement::id`] sets it.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// let reads = allow(GET_OBJECT).id("Read").on("arn:aws:s3:::site/*");
    /// ```
    pub fn id(self, id: impl IntoName) -> Self {
        Grant(self.0.id(id), PhantomData)
    }
}

impl Grant<Deny> {
    /// `NotResource`: everything except these.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let stays = deny(Action::raw("s3:*")).on_all_except(["arn:aws:s3:::ours", "arn:aws:s3:::ours/*"]);
    /// ```
    pub fn on_all_except(self, resources: impl OneOrMore<Arn>) -> Statement {
        Statement { resource: ("NotResource", resources.into_items()), ..self.0 }
    }

    /// `NotPrincipal`: everybody except these.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let ours = deny(Action::raw("s3:*")).to_all_except(Principal::account_root()).on_self();
    /// ```
    pub fn to_all_except(self, principals: impl Principals<Required>) -> Statement {
        Statement { principal: ("NotPrincipal", principals.into_parts()), ..self.0 }
    }
}

/// A statement of a policy. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # const GET_OBJECT: Action = Action::new("s3:GetObject");
/// let reads: Statement = allow(GET_OBJECT).on("arn:aws:s3:::site/*").id("Read");
/// assert!(Policy::new(reads).problems().is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a statement does nothing until a policy has it"]
pub struct Statement {
    id: Option<&'static str>,
    effect: &'static str,
    principal: (&'static str, Parts),
    action: (&'static str, Items),
    resource: (&'static str, Items),
    clauses: &'static [Clause],
    only_if: Option<Condition>,
}

impl Statement {
    /// `Resource`, after `.to(…)`; several add up.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// # fn define(bucket_arn: Value<Arn>) {
    /// let reads = allow(GET_OBJECT).to(Principal::account_root()).on([sub!("{bucket_arn}/*")]);
    /// # }
    /// ```
    pub fn on(mut self, resources: impl OneOrMore<Arn>) -> Self {
        self.resource.1 = self.resource.1.join(resources.into_items());
        self
    }

    /// `Resource: "*"` in the policy of a resource: the resource itself.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let administered = allow(Action::raw("kms:*")).to(Principal::account_root()).on_self();
    /// ```
    pub fn on_self(mut self) -> Self {
        self.resource.1 = Items::one(Node::Text("*"));
        self
    }

    /// `Resource: "*"`: everything. For actions that know no resource; the reason is for the reader and for a
    /// search.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const LIST: Action = Action::new("s3:ListAllMyBuckets");
    /// let lists = allow(LIST).to(Principal::account_root()).on_all("it knows no resource");
    /// ```
    pub fn on_all(self, why: &'static str) -> Self {
        let _ = why;
        self.on_self()
    }

    /// `Principal`: whom the statement speaks of; several add up.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// let reads = allow(GET_OBJECT).on("arn:aws:s3:::site/*").to(Principal::service("cloudfront"));
    /// ```
    pub fn to(mut self, principals: impl Principals<Required>) -> Self {
        self.principal.1 = self.principal.1.join(principals.into_parts());
        self
    }

    /// `Condition`: the statement applies only if this holds; of several, all must.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const ASSUME_ROLE: Action = Action::new("sts:AssumeRole");
    /// let trust = allow(ASSUME_ROLE)
    ///     .to(Principal::service("events"))
    ///     .when(condition::string_equals(condition::aws::SourceAccount, pseudo::ACCOUNT_ID))
    ///     .when(condition::arn_like(condition::aws::SourceArn, "arn:aws:events:*:*:rule/mlops-*"));
    /// ```
    pub fn when<C: Decided>(mut self, clause: Clause<C>) -> Self {
        self.clauses = [self.clauses, &[clause.decided()]].concat().leak();
        self
    }

    /// `Sid`: what the statement is called.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let administered = allow(Action::raw("kms:*")).on_self().to(Principal::account_root()).id("Root");
    /// ```
    pub fn id(mut self, id: impl IntoName) -> Self {
        self.id = Some(id.into_name().0);
        self
    }

    /// The statement is in the policy only if the template's condition holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const DECRYPT: Action = Action::new("kms:Decrypt");
    /// # fn define(has_key: Condition, key_arn: Value<Arn>) {
    /// let policy = Policy::new([allow(DECRYPT).on(key_arn).only_if(has_key)]);
    /// # }
    /// ```
    pub fn only_if(mut self, condition: Condition) -> Self {
        self.only_if = Some(condition);
        self
    }

    fn node(self) -> Node {
        let mut entries = Vec::new();
        entries.extend(self.id.map(|id| ("Sid", Node::Text(id))));
        entries.push(("Effect", Node::Text(self.effect)));
        if !self.principal.1.is_empty() {
            entries.push((self.principal.0, self.principal.1.node()));
        }
        entries.push((self.action.0, self.action.1.node()));
        if !self.resource.1.nodes().is_empty() || self.resource.0 == "NotResource" {
            entries.push((self.resource.0, self.resource.1.node()));
        }
        entries.extend(block(self.clauses).map(|block| ("Condition", block)));
        let node = Node::map(entries);
        match self.only_if {
            Some(condition) => If::<(), ()>::write(condition, node, Node::NoValue),
            None => node,
        }
    }
}

/// What a policy takes: a statement, an array, `Vec` or tuple of them, or [`when`](crate::when) over these.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(has_key: Condition, reads: Statement, decrypts: Statement) {
/// let policy = Policy::new((reads, when(has_key, decrypts, no_value())));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a policy takes statements, not `{Self}`",
    label = "this is no statement",
    note = "`allow(…)` and `deny(…)` are none until they say what they apply to: `.on(…)`, `.on_self()`, `.on_all(\"why\")`, or `.to(…)` alone in a trust policy"
)]
pub trait Statements<Place = Optional> {
    /// The statements.
    fn into_nodes(self) -> Vec<Node>;
}

#[diagnostic::do_not_recommend]
impl<Place> Statements<Place> for Statement {
    fn into_nodes(self) -> Vec<Node> {
        vec![self.node()]
    }
}

#[diagnostic::do_not_recommend]
impl Statements<Optional> for NoValue {
    fn into_nodes(self) -> Vec<Node> {
        Vec::new()
    }
}

#[diagnostic::do_not_recommend]
impl<A, B, Place> Statements<Place> for If<A, B>
where
    A: Statements<Place>,
    B: Statements<Place>,
{
    fn into_nodes(self) -> Vec<Node> {
        let write = |then, otherwise| Self::write(self.condition, then, otherwise);
        match (self.then.into_nodes().as_slice(), self.otherwise.into_nodes().as_slice()) {
            ([then], [otherwise]) => vec![write(*then, *otherwise)],
            (then, otherwise) => {
                let then = then.iter().map(|node| write(*node, Node::NoValue));
                then.chain(otherwise.iter().map(|node| write(Node::NoValue, *node))).collect()
            }
        }
    }
}

// Without `do_not_recommend` on purpose: rustc then descends to the element that does not fit.
impl<S: Statements, Place, const N: usize> Statements<Place> for [S; N] {
    fn into_nodes(self) -> Vec<Node> {
        self.into_iter().flat_map(Statements::into_nodes).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Statements, Place> Statements<Place> for Vec<S> {
    fn into_nodes(self) -> Vec<Node> {
        self.into_iter().flat_map(Statements::into_nodes).collect()
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<Place, $($name: Statements),+> Statements<Place> for ($($name,)+) {
            fn into_nodes(self) -> Vec<Node> {
                #[allow(non_snake_case, reason = "the variables carry the names of their types")]
                let ($($name,)+) = self;
                let mut all = Vec::new();
                $(all.extend($name.into_nodes());)+
                all
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
