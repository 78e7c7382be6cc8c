//! Pseudo parameters: what CloudFormation knows of the stack and of where it runs.
//!
//! Each is known before any resource is made, so conditions may read it.

use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::list::IntoList;
use crate::meaning::{
    AccountId, Is, List, Partition, Region, StackId, StackName, Textual, UrlSuffix,
};
use crate::node::{Node, Target, TargetKind};
use crate::phase::{Early, Phased};
use crate::source::Source;
use crate::text::{InText, Texts};
use crate::value::{IntoNode, IntoValue, Value};

/// A pseudo parameter that means a `T`.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let name = sub!("{}-{}", pseudo::STACK_NAME, pseudo::REGION);
/// t.add("Thing", Raw::new("AWS::New::Thing").set("Name", name).set("Account", pseudo::ACCOUNT_ID));
/// # }
/// ```
#[derive(Debug)]
pub struct Pseudo<T>(Which, PhantomData<fn() -> T>);

impl<T> Clone for Pseudo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pseudo<T> {}

#[derive(Clone, Copy, Debug)]
enum Which {
    AccountId,
    NotificationArns,
    Partition,
    Region,
    StackId,
    StackName,
    UrlSuffix,
}

/// The account that the stack is in.
pub const ACCOUNT_ID: Pseudo<AccountId> = Pseudo(Which::AccountId, PhantomData);
/// The topics that get the stack's events.
pub const NOTIFICATION_ARNS: Pseudo<List<crate::Arn>> =
    Pseudo(Which::NotificationArns, PhantomData);
/// The partition, `aws` in most regions.
pub const PARTITION: Pseudo<Partition> = Pseudo(Which::Partition, PhantomData);
/// The region that the stack is in.
pub const REGION: Pseudo<Region> = Pseudo(Which::Region, PhantomData);
/// The stack's own id, an ARN.
pub const STACK_ID: Pseudo<StackId> = Pseudo(Which::StackId, PhantomData);
/// The stack's own name.
pub const STACK_NAME: Pseudo<StackName> = Pseudo(Which::StackName, PhantomData);
/// The domain that service endpoints end in, `amazonaws.com` in most partitions.
pub const URL_SUFFIX: Pseudo<UrlSuffix> = Pseudo(Which::UrlSuffix, PhantomData);

/// The names of all pseudo parameters, with `AWS::NoValue`.
///
/// ```
/// use formwork::pseudo;
/// assert!(pseudo::NAMES.contains(&"AWS::Region"));
/// ```
pub const NAMES: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
    "AWS::NoValue",
];

fn target(which: Which) -> Target {
    static TARGETS: OnceLock<[Target; 7]> = OnceLock::new();
    let all = TARGETS.get_or_init(|| {
        std::array::from_fn(|i| Target::new(TargetKind::Pseudo, NAMES[i], None, Source::here()))
    });
    all[which as usize]
}

impl<T> Pseudo<T> {
    /// The value of it; needed only where its type must be written down.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let here: Value<Region, formwork::Early> = pseudo::REGION.value();
    /// ```
    #[must_use]
    pub fn value(self) -> Value<T, Early> {
        Value(Node::Ref(target(self.0)), PhantomData)
    }

    /// Whether it equals `other`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let in_milan = t.condition("InMilan", pseudo::REGION.is("eu-south-1"));
    /// # }
    /// ```
    pub fn is<V>(self, other: V) -> crate::Test
    where
        V: IntoValue<T, crate::Required> + Phased,
        V::Phase: crate::Known,
    {
        self.value().is(other)
    }

    /// Whether it differs from `other`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let elsewhere = t.condition("Elsewhere", pseudo::REGION.is_not("eu-south-1"));
    /// # }
    /// ```
    pub fn is_not<V>(self, other: V) -> crate::Test
    where
        V: IntoValue<T, crate::Required> + Phased,
        V::Phase: crate::Known,
    {
        !self.is(other)
    }
}

impl<T: Textual> Pseudo<T> {
    /// `Fn::Split`: the parts between the separators.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let stage = pseudo::STACK_NAME.split("-").select(0);
    /// let production = t.condition("Production", stage.is("prod"));
    /// # }
    /// ```
    #[must_use]
    pub fn split(self, separator: &'static str) -> Texts<Early> {
        self.value().split(separator)
    }
}

#[diagnostic::do_not_recommend]
impl<T> Phased for Pseudo<T> {
    type Phase = Early;
}

#[diagnostic::do_not_recommend]
impl<T, U, Place> IntoValue<T, Place> for Pseudo<U>
where
    U: Is<T>,
{
    fn into_value(self) -> Value<T> {
        Value(self.value().node(), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T, U, Place> IntoList<T, Place> for Pseudo<List<U>>
where
    U: Is<T>,
{
    fn into_list(self) -> Value<List<T>> {
        Value(self.value().node(), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoNode for Pseudo<T> {
    fn into_node(self) -> Node {
        self.value().node()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Is<String>> InText for Pseudo<T> {
    type Phase = Early;

    fn in_text(self) -> Node {
        self.value().node()
    }
}
