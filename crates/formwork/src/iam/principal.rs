//! Principals: whom a statement of a resource's policy or of a role's trust policy speaks of.
//!
//! Principals of several kinds stand together in one list and are written by kind. Nothing in here asks
//! whether a principal exists.

use super::items::{Items, OneOrMore};
use crate::condition::Condition;
use crate::meaning::{AccountId, Arn, Region};
use crate::node::{Function, Node, Piece};
use crate::pseudo;
use crate::value::{If, IntoValue, NoValue, Optional, Required};

/// Somebody who can make a request, or several. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(role: Value<Arn>) {
/// let build = Principal::service("codebuild");
/// let both = build.and(Principal::aws(role));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Principal(&'static [Entry]);

/// One principal, under the kind that it is written under.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: Kind,
    node: Node,
    /// The node is a list of them.
    list: bool,
}

impl Entry {
    /// As it stands beside others of its kind: CloudFormation cannot join lists, and `problems` reports it.
    fn apart(&self) -> Node {
        if self.list { Node::list(vec![self.node]) } else { self.node }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Any,
    Aws,
    Service,
    Federated,
    CanonicalUser,
}

impl Kind {
    /// In the order in which they are written.
    const WRITTEN: [Kind; 4] = [Kind::Aws, Kind::Service, Kind::Federated, Kind::CanonicalUser];

    fn key(self) -> &'static str {
        match self {
            Kind::Any | Kind::Aws => "AWS",
            Kind::Service => "Service",
            Kind::Federated => "Federated",
            Kind::CanonicalUser => "CanonicalUser",
        }
    }
}

impl Principal {
    fn one(kind: Kind, node: Node) -> Self {
        Principal(vec![Entry { kind, node, list: false }].leak())
    }

    fn several(kind: Kind, items: Items) -> Self {
        let list = items.is_list();
        let entries = items.nodes().iter().map(|node| Entry { kind, node: *node, list });
        Principal(entries.collect::<Vec<_>>().leak())
    }

    /// Anybody: `*`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const GET_OBJECT: Action = Action::new("s3:GetObject");
    /// let public = Policy::new(allow(GET_OBJECT).on("arn:aws:s3:::site/*").to(Principal::any()));
    /// # fn written(policy: Policy) -> String {
    /// #     use formwork::{IntoNode, node::Key, render};
    /// #     let node = policy.into_node();
    /// #     let text = render::to_text(render::Format::Json, &[], &|_: &Key| None, |w| w.node(&node));
    /// #     text.unwrap()
    /// # }
    /// assert!(written(public).contains(r#""Principal": "*""#));
    /// ```
    #[must_use]
    pub fn any() -> Self {
        Self::one(Kind::Any, Node::Text("*"))
    }

    /// The stack's own account: everybody in it whose own policies allow the action.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let administered = allow(Action::raw("kms:*")).on_self().to(Principal::account_root());
    /// ```
    #[must_use]
    pub fn account_root() -> Self {
        let pieces = vec![
            Piece::Text("arn:"),
            Piece::Value("Partition", pseudo::PARTITION.value().node()),
            Piece::Text(":iam::"),
            Piece::Value("AccountId", pseudo::ACCOUNT_ID.value().node()),
            Piece::Text(":root"),
        ];
        Self::one(Kind::Aws, Node::Sub(pieces.leak()))
    }

    /// An account by its id: everybody in it whose own policies allow the action.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(partner: Input<AccountId>) {
    /// let theirs = Principal::account(partner);
    /// let ours = Principal::account("123456789012");
    /// # }
    /// ```
    #[must_use]
    pub fn account(id: impl IntoValue<AccountId, Required>) -> Self {
        Self::one(Kind::Aws, id.into_value().node())
    }

    /// Roles, users or accounts by their ARNs.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(trusted: Input<List<Arn>>) {
    /// let theirs = Principal::aws(trusted);
    /// let ours = Principal::aws("arn:aws:iam::123456789012:role/deployer");
    /// # }
    /// ```
    #[must_use]
    pub fn aws(arns: impl OneOrMore<Arn>) -> Self {
        Self::several(Kind::Aws, arns.into_items())
    }

    /// A service: `codebuild` is written as `codebuild.amazonaws.com`, a name with a dot as it is.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let build = Principal::service("codebuild");
    /// let logs = Principal::service("logs.eu-west-1.amazonaws.com");
    /// ```
    #[must_use]
    pub fn service(name: impl IntoValue<String, Required>) -> Self {
        let node = match name.into_value().node() {
            Node::Text(name) if !name.contains('.') => Node::text(format!("{name}.amazonaws.com")),
            other => other,
        };
        Self::one(Kind::Service, node)
    }

    /// A service in one region, as opt-in regions need it: `cloudformation.eu-south-1.amazonaws.com`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let here = Principal::regional_service("cloudformation", pseudo::REGION);
    /// ```
    #[must_use]
    pub fn regional_service(name: &'static str, region: impl IntoValue<Region, Required>) -> Self {
        let node = match region.into_value().node() {
            Node::Text(region) => Node::text(format!("{name}.{region}.amazonaws.com")),
            region => {
                let name = Piece::Text(format!("{name}.").leak());
                let pieces =
                    vec![name, Piece::Value("Region", region), Piece::Text(".amazonaws.com")];
                Node::Sub(pieces.leak())
            }
        };
        Self::one(Kind::Service, node)
    }

    /// Users of an identity provider: the ARN of a provider of SAML or OIDC, or the name of one that
    /// AWS knows, such as `cognito-identity.amazonaws.com`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # let assume_role = Action::new("sts:AssumeRoleWithWebIdentity");
    /// let users = Principal::federated("cognito-identity.amazonaws.com");
    /// let trust = Policy::new(allow(assume_role).to(users));
    /// # fn written(policy: Policy) -> String {
    /// #     use formwork::{IntoNode, node::Key, render};
    /// #     let node = policy.into_node();
    /// #     let text = render::to_text(render::Format::Json, &[], &|_: &Key| None, |w| w.node(&node));
    /// #     text.unwrap()
    /// # }
    /// assert!(written(trust).contains(r#""Federated": "cognito-identity.amazonaws.com""#));
    /// ```
    #[must_use]
    pub fn federated(providers: impl OneOrMore<Arn>) -> Self {
        Self::several(Kind::Federated, providers.into_items())
    }

    /// An account by its canonical user id, as origin access identities have one.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(owner: Input<String>) {
    /// let theirs = Principal::canonical_user(owner);
    /// # }
    /// ```
    #[must_use]
    pub fn canonical_user(id: impl IntoValue<String, Required>) -> Self {
        Self::one(Kind::CanonicalUser, id.into_value().node())
    }

    /// These and those.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let both = Principal::service("events").and(Principal::account_root());
    /// ```
    #[must_use]
    pub fn and(self, other: Principal) -> Self {
        Principal([self.0, other.0].concat().leak())
    }
}

/// What a [`Principals`] yields.
#[derive(Clone, Copy, Debug)]
pub struct Parts(&'static [Part]);

#[derive(Clone, Copy, Debug)]
enum Part {
    One(Entry),
    If(Condition, Parts, Parts),
}

impl Parts {
    pub(crate) const NONE: Parts = Parts(&[]);

    fn of(parts: Vec<Part>) -> Self {
        Parts(parts.leak())
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// These and those.
    pub(crate) fn join(self, other: Parts) -> Self {
        Parts([self.0, other.0].concat().leak())
    }

    /// As IAM writes them: `"*"`, or lists by kind.
    pub(crate) fn node(self) -> Node {
        match self.0 {
            [Part::One(Entry { kind: Kind::Any, node, .. })] => *node,
            [Part::If(condition, then, otherwise)] if !then.is_empty() && !otherwise.is_empty() => {
                If::<(), ()>::write(*condition, then.node(), otherwise.node())
            }
            _ => by_kind(&self.entries()),
        }
    }

    /// Each principal by itself; those of one branch vanish in the other.
    fn entries(self) -> Vec<Entry> {
        let mut all = Vec::new();
        for part in self.0 {
            match part {
                Part::One(entry) => all.push(*entry),
                Part::If(condition, then, otherwise) => {
                    let write = |then, otherwise| If::<(), ()>::write(*condition, then, otherwise);
                    all.extend(
                        then.entries().iter().map(|entry| Entry {
                            node: write(entry.node, Node::NoValue),
                            ..*entry
                        }),
                    );
                    all.extend(
                        otherwise.entries().iter().map(|entry| Entry {
                            node: write(Node::NoValue, entry.node),
                            ..*entry
                        }),
                    );
                }
            }
        }
        all
    }
}

fn by_kind(entries: &[Entry]) -> Node {
    let kinds = Kind::WRITTEN.into_iter().filter_map(|kind| {
        let mine: Vec<&Entry> =
            entries.iter().filter(|entry| entry.kind.key() == kind.key()).collect();
        let node = match *mine.as_slice() {
            [] => return None,
            [entry] => entry.node,
            _ => {
                let nodes: Vec<Node> = mine.into_iter().map(Entry::apart).collect();
                together(&nodes).unwrap_or_else(|| Node::list(nodes))
            }
        };
        Some((kind.key(), node))
    });
    Node::map(kinds.collect())
}

/// If all of them hang on one condition, they are one list that vanishes as a whole: IAM takes no empty one.
fn together(nodes: &[Node]) -> Option<Node> {
    let mut kept = Vec::new();
    let mut test = None;
    for node in nodes {
        let Node::Call(call) = node else { return None };
        let (Function::If, Node::List([condition, then, Node::NoValue])) =
            (call.function, call.argument)
        else {
            return None;
        };
        if *test.get_or_insert(*condition) != *condition {
            return None;
        }
        kept.push(*then);
    }
    let branches = vec![test?, Node::list(kept), Node::NoValue];
    Some(Node::call(Function::If, Node::list(branches)))
}

/// What `.to(…)` takes: a principal, an array, `Vec` or tuple of them, or [`when`](crate::when) over these.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(trusted: Condition, partner: Principal) {
/// # let assume_role = Action::new("sts:AssumeRole");
/// let ours = [Principal::service("events"), Principal::service("scheduler")];
/// let trust = allow(assume_role).to((ours, when(trusted, partner, no_value())));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where principals are expected",
    label = "this is no `Principal`",
    note = "`Principal::aws(arn)`, `Principal::service(\"…\")`, `Principal::account(id)`, `Principal::any()` … are"
)]
pub trait Principals<Place = Optional> {
    /// The principals.
    fn into_parts(self) -> Parts;
}

#[diagnostic::do_not_recommend]
impl<Place> Principals<Place> for Principal {
    fn into_parts(self) -> Parts {
        Parts::of(self.0.iter().map(|entry| Part::One(*entry)).collect())
    }
}

#[diagnostic::do_not_recommend]
impl Principals<Optional> for NoValue {
    fn into_parts(self) -> Parts {
        Parts::NONE
    }
}

#[diagnostic::do_not_recommend]
impl<A, B, Place> Principals<Place> for If<A, B>
where
    A: Principals<Place>,
    B: Principals<Place>,
{
    fn into_parts(self) -> Parts {
        Parts::of(vec![Part::If(
            self.condition,
            self.then.into_parts(),
            self.otherwise.into_parts(),
        )])
    }
}

// Without `do_not_recommend` on purpose: rustc then descends to the element that does not fit.
impl<P: Principals, Place, const N: usize> Principals<Place> for [P; N] {
    fn into_parts(self) -> Parts {
        self.into_iter().fold(Parts::NONE, |all, one| all.join(one.into_parts()))
    }
}

#[diagnostic::do_not_recommend]
impl<P: Principals, Place> Principals<Place> for Vec<P> {
    fn into_parts(self) -> Parts {
        self.into_iter().fold(Parts::NONE, |all, one| all.join(one.into_parts()))
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<Place, $($name: Principals),+> Principals<Place> for ($($name,)+) {
            fn into_parts(self) -> Parts {
                #[allow(non_snake_case, reason = "the variables carry the names of their types")]
                let ($($name,)+) = self;
                Parts::NONE$(.join($name.into_parts()))+
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
