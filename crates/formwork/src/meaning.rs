//! What a value means: the `T` of [`Value<T>`](crate::Value).
//!
//! A meaning is a type without values. It says what a text, a number or a list *is* (a bucket's name, a
//! VPC's id, an ARN), so that one cannot stand where another belongs. Meanings of AWS's own resources
//! are generated into `formwork-aws`; here are those that belong to no service. Nothing here holds data.

/// Says that whatever means `Self` may stand where a `T` is asked for.
///
/// Every textual meaning is a `String`; the ARN of a role is an [`Arn`]. It goes one way only: a
/// `String` is not a bucket's name.
pub trait Is<T> {}

impl<T> Is<T> for T {}

/// A meaning that is written as text, so that a literal or a composed text may stand for it.
#[diagnostic::on_unimplemented(message = "text given where `{Self}` is expected")]
pub trait Textual {
    /// The type of a parameter that holds one, such as `AWS::EC2::VPC::Id`.
    const PARAMETER_TYPE: &'static str = "String";
}

impl Textual for String {}

/// A list of `T`.
pub struct List<T>(std::marker::PhantomData<T>);

/// A map from names to `T`.
pub struct Map<T>(std::marker::PhantomData<T>);

/// Any JSON: a policy document, an object, a text that holds JSON.
pub struct Json;

impl Textual for Json {}

/// Declares meanings that are written as text: after `:` what broader meanings each of them also is, after
/// `=` the type of a parameter that holds one where that is not `String`.
///
/// ```
/// use formwork::{meanings, Value, val};
/// meanings! {
///     /// The name of a table in the warehouse.
///     TableName;
/// }
/// let table: Value<TableName> = val("orders");
/// let text: Value<String> = val(table);
/// ```
#[macro_export]
macro_rules! meanings {
    ($($(#[$doc:meta])* $name:ident $(: $($broader:ty),+)? $(= $parameter:literal)?;)*) => {$(
        $(#[$doc])*
        pub struct $name;
        impl $crate::Textual for $name {
            $(const PARAMETER_TYPE: &'static str = $parameter;)?
        }
        impl $crate::Is<String> for $name {}
        $($(impl $crate::Is<$broader> for $name {})+)?
    )*};
}

meanings! {
    /// An Amazon Resource Name of anything. The ARN of a role, a key … is one; it is not one of those.
    Arn;
    /// An address range such as `10.0.0.0/16`.
    Cidr;
    /// An IPv6 address range such as `2001:db8::/56`.
    Ipv6Cidr;
    /// The code of a region, such as `eu-central-1`.
    Region;
    /// The id of an AWS account: 12 digits.
    AccountId;
    /// The partition of a region: `aws`, `aws-cn`, `aws-us-gov`.
    Partition;
    /// The domain that AWS's own names end in, `amazonaws.com` in most partitions.
    UrlSuffix;
    /// The id of a CloudFormation stack, which is an ARN.
    StackId: Arn;
    /// The name of a CloudFormation stack.
    StackName;
    /// The name of an availability zone, such as `eu-central-1a`.
    AvailabilityZone = "AWS::EC2::AvailabilityZone::Name";
    /// The key of an object in the release bucket.
    ObjectKey;
    /// The name of a Systems Manager parameter, not its value.
    SsmParameterName = "AWS::SSM::Parameter::Name";
}

macro_rules! number_meaning {
    ($($name:ty),*) => {$(impl Is<String> for $name {})*};
}
// A number or a Boolean that stands in text is written out by CloudFormation itself; but only where a value
// is *handed over* (a parameter, an output). A property that asks for text refuses a number literal.
number_meaning!(i64, f64, bool);
