//! Intrinsics that are neither text nor condition: zones, address ranges, imports, transforms.

use std::marker::PhantomData;

use crate::list::IntoList;
use crate::meaning::{AvailabilityZone, Cidr, List, Region};
use crate::node::{Function, Node};
use crate::phase::{Known, Phased};
use crate::text::Text;
use crate::value::{IntoNode, IntoValue, Required, Value};

/// `Fn::GetAZs` of the stack's own region: the names of its availability zones.
///
/// ```
/// use formwork::prelude::*;
/// let zone: Value<AvailabilityZone> = val(availability_zones().select(0));
/// ```
#[must_use]
pub fn availability_zones() -> Value<List<AvailabilityZone>> {
    Value(Node::call(Function::GetAzs, Node::Text("")), PhantomData)
}

/// `Fn::GetAZs` of another region.
///
/// ```
/// use formwork::prelude::*;
/// let zone: Value<AvailabilityZone> = val(availability_zones_of("eu-west-1").select(0));
/// ```
pub fn availability_zones_of<R>(region: R) -> Value<List<AvailabilityZone>>
where
    R: IntoValue<Region, Required> + Phased,
    R::Phase: Known,
{
    Value(Node::call(Function::GetAzs, region.into_value().node()), PhantomData)
}

/// `Fn::Cidr`: `count` ranges (1 to 256) out of a block, each with `host_bits` bits for its hosts: 8 makes a /24.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(vpc_range: Input<Cidr>) {
/// let second: Value<Cidr> = val(cidr(vpc_range, 4, 8).select(1));
/// # }
/// ```
pub fn cidr(block: impl IntoValue<Cidr, Required>, count: u8, host_bits: u8) -> Value<List<Cidr>> {
    let argument = Node::list(vec![
        block.into_value().node(),
        Node::Integer(i64::from(count)),
        Node::Integer(i64::from(host_bits)),
    ]);
    Value(Node::call(Function::Cidr, argument), PhantomData)
}

/// `Fn::Length`: how many elements a list has. The template gets the transform `AWS::LanguageExtensions`,
/// which this function needs.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, zones: Input<List<AvailabilityZone>>) {
/// t.add("Cluster", Raw::new("AWS::New::Cluster").set("Nodes", length(zones)));
/// # }
/// ```
pub fn length(list: impl IntoList<String, Required>) -> Value<i64> {
    Value(Node::call(Function::Length, list.into_list().node()), PhantomData)
}

/// `Fn::ImportValue`: what another stack of the account and region exports under a name. Where that stack
/// is written in Rust too, [`Template::import`](crate::Template::import) is typed.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template, network: Input<StackName>) {
/// let vpc = import_value(sub!("{network}-vpc"));
/// t.add("Cluster", Raw::new("AWS::New::Cluster").set("Network", vpc));
/// # }
/// ```
pub fn import_value<N>(name: N) -> Text
where
    N: IntoValue<String, Required> + Phased,
    N::Phase: Known,
{
    Text::from_node(Node::call(Function::ImportValue, name.into_value().node()))
}

/// `Fn::Transform`: what a macro of the account makes of these parameters.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let name = transform("Upper", object([("Text", any(pseudo::STACK_NAME))]));
/// t.add("Thing", Raw::new("AWS::New::Thing").set("Name", name));
/// # }
/// ```
#[must_use]
pub fn transform(name: &'static str, parameters: crate::Object) -> Text {
    let argument =
        Node::map(vec![("Name", Node::Text(name)), ("Parameters", parameters.into_node())]);
    Text::from_node(Node::call(Function::Transform, argument))
}

/// An output of a stack anywhere in the partition: `Fn::GetStackOutput`. It needs no export, and breaks no
/// deletion: the value is read when this stack is created or updated.
///
/// ```
/// use formwork::prelude::*;
/// let vpc: Value<String> = val(stack_output("network", "VpcId").region("eu-west-1"));
/// ```
pub fn stack_output(
    stack: impl IntoValue<crate::StackName, Required>,
    output: &'static str,
) -> StackOutput {
    StackOutput(vec![("StackName", stack.into_value().node()), ("OutputName", Node::Text(output))])
}

/// See [`stack_output`].
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// t.add("Cluster", Raw::new("AWS::New::Cluster").set("Network", stack_output("network", "VpcId")));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StackOutput(Vec<(&'static str, Node)>);

impl StackOutput {
    /// The region of that stack, if it is another one.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let bucket: Value<String> = val(stack_output("storage", "Bucket").region("eu-west-1"));
    /// ```
    #[must_use]
    pub fn region(mut self, region: impl IntoValue<Region, Required>) -> Self {
        self.0.push(("Region", region.into_value().node()));
        self
    }

    /// The role that may describe that stack, if it is in another account.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(reader: Input<Arn>) {
    /// let bucket: Value<String> = val(stack_output("storage", "Bucket").role_arn(reader));
    /// # }
    /// ```
    #[must_use]
    pub fn role_arn(mut self, role: impl IntoValue<crate::Arn, Required>) -> Self {
        self.0.push(("RoleArn", role.into_value().node()));
        self
    }

    fn node(self) -> Node {
        Node::call(Function::GetStackOutput, Node::map(self.0))
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::Textual, Place> IntoValue<T, Place> for StackOutput {
    fn into_value(self) -> Value<T> {
        Value(self.node(), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for StackOutput {
    fn into_node(self) -> Node {
        self.node()
    }
}
