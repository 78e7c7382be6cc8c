//! When a statement applies: condition keys, the operators that compare them, and policy variables.
//!
//! A [`ConditionKey`] knows what kind of value a request has for it, and so which operators it takes: a
//! wrong operator does not compile. Keys of single services are generated into `formwork-aws`; here are the
//! global ones ([`aws`]) and those of federated sign-in ([`saml`], [`claim`]). Nothing in here knows which
//! action sends which key.
//!
//! ```
//! use formwork::prelude::*;
//! # fn define(role: Value<Arn>) {
//! let ours = condition::string_equals(condition::aws::ResourceAccount, pseudo::ACCOUNT_ID);
//! let by_role = condition::arn_equals(condition::aws::PrincipalArn, role);
//! let tagged = condition::string_equals(condition::aws::TagKeys, ["Owner", "Cost"]);
//! let only_these_tags = condition::for_all_values(tagged);
//! # }
//! ```
//!
//! ```compile_fail,E0277
//! use formwork::prelude::*;
//! // a key of `Arn` is not compared as text
//! condition::string_equals(condition::aws::SourceArn, "arn:aws:s3:::logs");
//! ```
//!
//! ```compile_fail,E0277
//! use formwork::prelude::*;
//! # fn define(statement: formwork::iam::Statement) {
//! // a key with several values needs `for_any_value` or `for_all_values`
//! statement.when(condition::string_equals(condition::aws::TagKeys, "Owner"));
//! # }
//! ```

pub mod aws;
mod block;
mod key;
mod operator;
pub mod saml;

use std::marker::PhantomData;

use super::items::Items;
use crate::condition::Condition;

pub(crate) use block::block;
pub use key::{
    ArnKey, Binary, BinaryKey, BoolKey, ConditionKey, Date, DateKey, IpKey, IpRange, KeyType,
    Number, NumberKey, TextKey, VariableName, claim, variable, variable_or,
};
pub use operator::{
    arn_equals, arn_like, arn_not_equals, arn_not_like, binary_equals, date_equals,
    date_greater_than, date_greater_than_equals, date_less_than, date_less_than_equals,
    date_not_equals, ip_address, is_bool, not_ip_address, null, numeric_equals,
    numeric_greater_than, numeric_greater_than_equals, numeric_less_than, numeric_less_than_equals,
    numeric_not_equals, string_equals, string_equals_ignore_case, string_like, string_not_equals,
    string_not_equals_ignore_case, string_not_like,
};

/// At least one of a request's values.
const ANY: &str = "ForAnyValue:";
/// Each of a request's values.
const ALL: &str = "ForAllValues:";

/// A comparison of a key for which a request has one value.
#[derive(Clone, Copy, Debug)]
pub struct One;

/// A comparison of a key for which a request may have several values.
#[derive(Clone, Copy, Debug)]
pub struct Many;

/// A test whether a key is there at all.
#[derive(Clone, Copy, Debug)]
pub struct Presence;

/// One comparison: what `.when(…)` of a statement takes. It is `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct Clause<C = One> {
    operator: &'static str,
    quantifier: &'static str,
    or_absent: bool,
    key: &'static str,
    values: Items,
    only_if: Option<Condition>,
    count: PhantomData<fn() -> C>,
}

impl<C> Clause<C> {
    fn new(operator: &'static str, key: &'static str, values: Items) -> Self {
        let (quantifier, or_absent, only_if) = ("", false, None);
        Clause { operator, quantifier, or_absent, key, values, only_if, count: PhantomData }
    }

    fn counted<D>(self) -> Clause<D> {
        let Clause { operator, quantifier, or_absent, key, values, only_if, .. } = self;
        Clause { operator, quantifier, or_absent, key, values, only_if, count: PhantomData }
    }

    /// The comparison is part of the statement only if the template's condition holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(has_boundary: Condition, boundary: Input<Arn>) {
    /// # const PERMISSIONS_BOUNDARY: formwork::iam::ConditionKey<Arn> =
    /// #     formwork::iam::ConditionKey::new("iam:PermissionsBoundary");
    /// let bounded = condition::arn_equals(PERMISSIONS_BOUNDARY, boundary).only_if(has_boundary);
    /// # }
    /// ```
    #[must_use]
    pub fn only_if(mut self, condition: Condition) -> Self {
        self.only_if = Some(condition);
        self
    }
}

impl<C> Clause<C> {
    /// `…IfExists`: it also holds for a request that lacks the key.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let no_mfa = condition::is_bool(condition::aws::MultiFactorAuthPresent, false).if_exists();
    /// ```
    #[must_use]
    pub fn if_exists(mut self) -> Self
    where
        C: Compares,
    {
        self.or_absent = true;
        self
    }
}

/// What compares values, so that it can be told to hold for an absent key.
#[diagnostic::on_unimplemented(
    message = "`null` asks whether a key is there, so it takes no `if_exists`",
    label = "compares no value"
)]
pub trait Compares {}
#[diagnostic::do_not_recommend]
impl Compares for One {}
#[diagnostic::do_not_recommend]
impl Compares for Many {}

/// What a statement can be limited by as it is.
#[diagnostic::on_unimplemented(
    message = "a key with several values needs `for_any_value` or `for_all_values`",
    label = "a request may have several values for this key",
    note = "write `condition::for_any_value(…)` or `condition::for_all_values(…)` around the comparison"
)]
pub trait Decided {}
#[diagnostic::do_not_recommend]
impl Decided for One {}
#[diagnostic::do_not_recommend]
impl Decided for Presence {}

/// What compares a key with several values.
#[diagnostic::on_unimplemented(
    message = "a request has one value for this key: `for_any_value` and `for_all_values` are for keys with several",
    label = "one value a request"
)]
pub trait SeveralValues {}
#[diagnostic::do_not_recommend]
impl SeveralValues for Many {}

impl<C: Decided> Clause<C> {
    /// The same where the kind of comparison no longer matters.
    pub(crate) fn decided(self) -> Clause {
        self.counted()
    }
}

/// `ForAnyValue`: at least one of the request's values is one of these.
///
/// ```
/// use formwork::prelude::*;
/// let by_service = condition::string_equals(condition::aws::CalledVia, "cloudformation.amazonaws.com");
/// let through = condition::for_any_value(by_service);
/// ```
#[must_use]
pub fn for_any_value<C: SeveralValues>(clause: Clause<C>) -> Clause {
    Clause { quantifier: ANY, ..clause.counted() }
}

/// `ForAllValues`: each of the request's values is one of these. It also holds for a request that lacks the
/// key: add [`null`]`(key, false)` where that matters.
///
/// ```
/// use formwork::prelude::*;
/// let tagged = condition::string_equals(condition::aws::TagKeys, ["Owner", "Cost"]);
/// let only_these_tags = condition::for_all_values(tagged);
/// ```
#[must_use]
pub fn for_all_values<C: SeveralValues>(clause: Clause<C>) -> Clause {
    Clause { quantifier: ALL, ..clause.counted() }
}
