//! Condition keys and what they mean; policy variables.

use std::marker::PhantomData;

use super::{Many, One};
use crate::iam::items::{Items, OneOrMore};
use crate::meaning::{Arn, Cidr, Ipv6Cidr, Is, List};
use crate::node::Node;
use crate::phase::Early;
use crate::text::Text;
use crate::value::{IntoName, IntoValue, Value};

/// A key of a request, with what its values are: `String`, [`Arn`], `bool`, [`Number`], [`Date`],
/// [`IpRange`] or [`Binary`], and [`List`] of these where a request may have several.
///
/// ```
/// use formwork::List;
/// use formwork::iam::{ConditionKey, condition};
/// const VIA_SERVICE: ConditionKey<String> = ConditionKey::new("kms:ViaService");
/// const SUBNETS: ConditionKey<List<String>> = ConditionKey::new("sagemaker:VpcSubnets");
/// let ours = condition::string_like(VIA_SERVICE, "s3.*.amazonaws.com");
/// let inside = condition::for_all_values(condition::string_equals(SUBNETS, ["subnet-1", "subnet-2"]));
/// ```
pub struct ConditionKey<T>(&'static str, PhantomData<fn() -> T>);

impl<T> Clone for ConditionKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ConditionKey<T> {}

impl<T> std::fmt::Debug for ConditionKey<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl<T> ConditionKey<T> {
    /// A key by its name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        ConditionKey(name, PhantomData)
    }

    /// A key with a variable part, such as the tag's key in `aws:RequestTag/Owner`; generated functions
    /// call it.
    ///
    /// ```
    /// use formwork::iam::ConditionKey;
    /// let key: ConditionKey<String> = ConditionKey::with("events:Metadata/", "size", "/Matcher");
    /// assert_eq!(key.name(), "events:Metadata/size/Matcher");
    /// ```
    #[must_use]
    pub fn with(before: &'static str, variable: impl IntoName, after: &'static str) -> Self {
        ConditionKey(format!("{before}{}{after}", variable.into_name().0).leak(), PhantomData)
    }

    /// As IAM writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// The same key with another kind of value, for what AWS's own list gets wrong. The reason is for the
    /// reader and for a search.
    ///
    /// ```
    /// use formwork::iam::condition::{self, aws};
    /// let name = aws::PrincipalArn.untyped::<String>("`*` alone is no ARN");
    /// let somebody = condition::string_like(name, "*");
    /// ```
    #[must_use]
    pub const fn untyped<U>(self, why: &'static str) -> ConditionKey<U> {
        let _ = why;
        ConditionKey(self.0, PhantomData)
    }
}

/// A number as conditions compare it, whole or with a fraction.
pub struct Number;

crate::meanings! {
    /// A date as conditions compare it: ISO 8601 such as `2026-01-31T00:00:00Z`, or seconds since 1970.
    Date;
    /// An address or a range of addresses, of IPv4 or IPv6.
    IpRange;
    /// Bytes in base 64.
    Binary;
}

impl Is<IpRange> for Cidr {}
impl Is<IpRange> for Ipv6Cidr {}
impl Is<Number> for i64 {}
impl Is<Number> for f64 {}

/// What the values of a key can be.
#[diagnostic::on_unimplemented(message = "the values of a condition key are no `{Self}`")]
pub trait KeyType {
    /// Whether a request has one value for it or may have several.
    type Count;
}

macro_rules! key_types {
    ($($family:ident: $type:ty;)*) => {$(
        impl KeyType for $type {
            type Count = One;
        }
        #[diagnostic::do_not_recommend]
        impl $family for $type {}
        #[diagnostic::do_not_recommend]
        impl<T: $family> $family for List<T> {}
    )*};
}

impl<T: KeyType> KeyType for List<T> {
    type Count = Many;
}

key_types! {
    TextKey: String;
    ArnKey: Arn;
    NumberKey: Number;
    DateKey: Date;
    BoolKey: bool;
    IpKey: IpRange;
    BinaryKey: Binary;
}

/// Keys that are compared as text.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as text",
    label = "the operator compares text",
    note = "`arn_…` compares ARNs, `is_bool` Booleans, `numeric_…` numbers, `date_…` dates, `ip_address` addresses"
)]
pub trait TextKey: KeyType {}

/// Keys that are compared as ARNs.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as an ARN",
    label = "the operator compares ARNs",
    note = "`string_…` compares text, `is_bool` Booleans, `numeric_…` numbers, `date_…` dates, `ip_address` addresses"
)]
pub trait ArnKey: KeyType {}

/// Keys that are compared as numbers.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as a number",
    label = "the operator compares numbers",
    note = "`string_…` compares text, `arn_…` ARNs, `is_bool` Booleans, `date_…` dates, `ip_address` addresses"
)]
pub trait NumberKey: KeyType {}

/// Keys that are compared as dates.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as a date",
    label = "the operator compares dates",
    note = "`string_…` compares text, `arn_…` ARNs, `is_bool` Booleans, `numeric_…` numbers, `ip_address` addresses"
)]
pub trait DateKey: KeyType {}

/// Keys that are `true` or `false`.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not `true` or `false`",
    label = "the operator compares Booleans",
    note = "`string_…` compares text, `arn_…` ARNs, `numeric_…` numbers, `date_…` dates, `ip_address` addresses"
)]
pub trait BoolKey: KeyType {}

/// Keys that are addresses.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as an address",
    label = "the operator compares IP addresses",
    note = "`string_…` compares text, `arn_…` ARNs, `is_bool` Booleans, `numeric_…` numbers, `date_…` dates"
)]
pub trait IpKey: KeyType {}

/// Keys that are bytes.
#[diagnostic::on_unimplemented(
    message = "a key of `{Self}` is not compared as bytes",
    label = "the operator compares bytes",
    note = "`string_…` compares text, `arn_…` ARNs, `is_bool` Booleans, `numeric_…` numbers, `date_…` dates"
)]
pub trait BinaryKey: KeyType {}

/// A claim that an identity provider of OIDC sends, such as `sub`.
///
/// ```
/// use formwork::iam::condition::{claim, string_like};
/// let branch = string_like(
///     claim("token.actions.githubusercontent.com", "sub"),
///     "repo:example/platform:ref:refs/heads/main",
/// );
/// ```
#[must_use]
pub fn claim(provider: &'static str, claim: impl IntoName) -> ConditionKey<String> {
    ConditionKey(format!("{provider}:{}", claim.into_name().0).leak(), PhantomData)
}

/// What names a policy variable: a key with one value, or its name as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no policy variable",
    note = "a key with one value for a request is one, or its name as text"
)]
pub trait VariableName {
    /// The name.
    fn variable_name(self) -> &'static str;
}

#[diagnostic::do_not_recommend]
impl VariableName for &'static str {
    fn variable_name(self) -> &'static str {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: KeyType<Count = One>> VariableName for ConditionKey<T> {
    fn variable_name(self) -> &'static str {
        self.0
    }
}

/// A policy variable, `${aws:PrincipalTag/Team}`: IAM puts the request's value in its place. In `sub!` it
/// stands as literal text, which `Fn::Sub` leaves alone.
///
/// ```
/// use formwork::prelude::*;
/// let own: Value<String> = val(condition::variable("aws:username"));
/// let team = condition::variable(condition::aws::principal_tag("Team"));
/// ```
#[must_use]
pub fn variable(name: impl VariableName) -> Text<Early> {
    Text::from_node(Node::text(format!("${{{}}}", name.variable_name())))
}

/// A policy variable with what stands for it if the request lacks it: `${aws:PrincipalTag/Team, 'none'}`.
#[must_use]
pub fn variable_or(name: impl VariableName, default: &str) -> Text<Early> {
    Text::from_node(Node::text(format!("${{{}, '{default}'}}", name.variable_name())))
}

macro_rules! number_literals {
    ($($literal:ty: $node:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Place> IntoValue<Number, Place> for $literal {
            fn into_value(self) -> Value<Number> {
                Value::from_node($node(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl OneOrMore<Number> for $literal {
            fn into_items(self) -> Items {
                Items::one($node(self))
            }
        }
    )*};
}
number_literals! {
    i32: |number| Node::Integer(i64::from(number));
    u32: |number| Node::Integer(i64::from(number));
    i64: Node::Integer;
    f64: Node::Number;
}

#[diagnostic::do_not_recommend]
impl OneOrMore<bool> for bool {
    fn into_items(self) -> Items {
        Items::one(Node::Bool(self))
    }
}
