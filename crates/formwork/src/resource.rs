//! Resources: their properties, their options, and the handle that adding one gives.
//!
//! Types of AWS are generated into `formwork-aws` on top of [`Resource`]; a type that no schema has yet is a
//! [`Raw`]. Nothing in here checks a property: types do that.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::meaning::{Is, Textual};
use crate::node::{Node, Target};
use crate::options::Options;
use crate::phase::{Late, Phased};
use crate::text::{InText, Text};
use crate::value::{IntoName, IntoNode, IntoValue, Untyped, Value};

/// The properties of a resource or of a property type, in the order in which they were set.
///
/// ```
/// use formwork::{Properties, node::Node};
/// let mut properties = Properties::default();
/// properties.put("Name", Node::Text("first"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Properties(pub(crate) Vec<(&'static str, Node)>);

impl Properties {
    /// None yet, with room for `capacity`.
    ///
    /// ```
    /// let properties = formwork::Properties::with_capacity(4);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Properties(Vec::with_capacity(capacity))
    }

    /// Sets a property; the last value wins, in the place of the first.
    ///
    /// ```
    /// use formwork::{Properties, node::Node};
    /// # let mut properties = Properties::default();
    /// properties.put("Size", Node::Integer(1));
    /// properties.put("Size", Node::Integer(2));
    /// assert_eq!(properties.into_node(), Node::map(vec![("Size", Node::Integer(2))]));
    /// ```
    pub fn put(&mut self, name: &'static str, node: Node) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => entry.1 = node,
            None => self.0.push((name, node)),
        }
    }

    /// The map that is written.
    ///
    /// ```
    /// use formwork::{Properties, node::Node};
    /// assert_eq!(Properties::default().into_node(), Node::Map(&[]));
    /// ```
    #[must_use]
    pub fn into_node(self) -> Node {
        Node::map(self.0)
    }
}

/// A resource's properties and its options such as `DependsOn`.
///
/// ```
/// use formwork::{Resource, prelude::*};
/// let body = Raw::new("AWS::New::Thing").set("Size", 3).into_body();
/// assert!(body.options.is_none(), "it has properties only");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The properties.
    pub properties: Properties,
    /// What stands beside the properties; most resources have none.
    pub options: Option<Box<Options>>,
}

/// A resource type.
///
/// ```
/// use formwork::{Resource, prelude::*};
/// assert_eq!(Raw::new("AWS::New::Thing").type_name(), "AWS::New::Thing");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource",
    label = "not a resource",
    note = "a resource is a type such as `s3::Bucket`, a `Raw`, or a `Custom` whose properties derive `CustomResource`"
)]
pub trait Resource: Sized {
    /// The type's name, such as `AWS::S3::Bucket`.
    const TYPE: &'static str;
    /// What its `Ref` means.
    type Ref;
    /// What can be read of it with `Fn::GetAtt`, as methods.
    type Attributes: Attributes;

    /// Its properties and options.
    fn body(&mut self) -> &mut Body;

    /// Its properties and options, at the end.
    fn into_body(self) -> Body;

    /// The type's name where it is known only when the program runs.
    fn type_name(&self) -> &'static str {
        Self::TYPE
    }
}

/// The required properties of a `R`, as a struct with one field for each.
///
/// ```
/// use formwork::{Fields, Properties, Raw, node::Node};
/// struct ThingRequired { size: i64 }
/// impl Fields<Raw> for ThingRequired {
///     fn put(self, properties: &mut Properties) {
///         properties.put("Size", Node::Integer(self.size));
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` given where the required properties of `{R}` are expected",
    note = "write `{R}Required {{ … }}`"
)]
pub trait Fields<R> {
    /// Puts them into the properties.
    fn put(self, properties: &mut Properties);
}

/// The attributes of a resource that was added.
///
/// ```
/// use formwork::prelude::*;
/// /// What can be read of a thing.
/// #[derive(Attributes)]
/// struct ThingAttributes {
///     /// Where it answers.
///     endpoint: Value<String>,
/// }
/// ```
pub trait Attributes: Copy {
    /// Those of this resource.
    fn of(target: Target) -> Self;
}

/// No attributes.
///
/// ```
/// use formwork::{NoAttributes, Raw, Resource};
/// fn has_none<R: Resource<Attributes = NoAttributes>>(_: R) {}
/// has_none(Raw::new("AWS::New::Thing"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NoAttributes;

impl Attributes for NoAttributes {
    fn of(_: Target) -> Self {
        NoAttributes
    }
}

/// An attribute of a resource as a value; generated code calls it.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
/// let arn: Value<Arn> = formwork::attribute(thing.target(), "Arn");
/// # }
/// ```
#[must_use]
pub fn attribute<T>(target: Target, name: &'static str) -> Value<T> {
    Value(Node::get_att(target, name), PhantomData)
}

/// A resource that was added to a template. It stands for its `Ref`; its attributes are its methods.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let role = t.add("Role", Raw::new("AWS::New::Role"));
/// t.add("Thing", Raw::new("AWS::New::Thing").set("Role", role));
/// # }
/// ```
pub struct Handle<R: Resource> {
    target: Target,
    attributes: R::Attributes,
}

impl<R: Resource> Handle<R> {
    pub(crate) fn new(target: Target) -> Self {
        Handle { target, attributes: R::Attributes::of(target) }
    }

    /// What names it in the tree.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
    /// assert_eq!(thing.target().id(), "Thing");
    /// # }
    /// ```
    #[must_use]
    pub fn target(self) -> Target {
        self.target
    }

    /// Its logical id.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
    /// assert_eq!(thing.logical_id(), "Thing");
    /// # }
    /// ```
    #[must_use]
    pub fn logical_id(self) -> &'static str {
        self.target.id()
    }

    /// Its `Ref` as a value; needed only where its type must be written down.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
    /// let name: Value<String> = val(thing.reference());
    /// # }
    /// ```
    #[must_use]
    pub fn reference(self) -> Value<R::Ref> {
        Value(Node::Ref(self.target), PhantomData)
    }

    /// Its `Ref` where something else is expected. See [`untyped`](crate::untyped).
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
    /// t.add("Other", Raw::new("AWS::New::Other").set("Size", thing.untyped("its Ref is a number")));
    /// # }
    /// ```
    #[must_use]
    pub fn untyped(self, why: &'static str) -> Untyped {
        self.reference().untyped(why)
    }

    /// An attribute that the schema does not list, by its name; it fits wherever text does.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let data = t.add("Data", Raw::new("AWS::New::Database"));
    /// let host: Value<String> = val(data.raw_attribute("Endpoint.Address"));
    /// # }
    /// ```
    #[must_use]
    pub fn raw_attribute(self, name: &'static str) -> Text {
        Text::from_node(Node::get_att(self.target, name))
    }
}

impl<R: Resource> Clone for Handle<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Resource> Copy for Handle<R> {}

impl<R: Resource> Deref for Handle<R> {
    type Target = R::Attributes;

    fn deref(&self) -> &R::Attributes {
        &self.attributes
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> Phased for Handle<R> {
    type Phase = Late;
}

#[diagnostic::do_not_recommend]
impl<T, R, Place> IntoValue<T, Place> for Handle<R>
where
    R: Resource,
    R::Ref: Is<T>,
{
    fn into_value(self) -> Value<T> {
        Value(Node::Ref(self.target), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoNode for Handle<R> {
    fn into_node(self) -> Node {
        Node::Ref(self.target)
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> InText for Handle<R>
where
    R::Ref: Is<String>,
{
    type Phase = Late;

    fn in_text(self) -> Node {
        Node::Ref(self.target)
    }
}

/// A resource of a type that no schema has yet, by its name.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let thing = t.add("Thing", Raw::new("AWS::New::Thing").set("Name", "first"));
/// let arn: Value<Arn> = val(thing.raw_attribute("Arn"));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Raw {
    type_name: &'static str,
    body: Body,
}

/// What the `Ref` of a [`Raw`] resource means: whatever its place asks for, since no schema says.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
/// let arn: Value<Arn> = val(thing);
/// let name: Value<String> = val(thing);
/// # }
/// ```
pub struct RawRef;

impl<T: Textual> Is<T> for RawRef {}

impl Raw {
    /// A resource of this type without properties.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # let text = rendered(|t, ()| {
    /// t.add("Thing", Raw::new("AWS::New::Thing"));
    /// # });
    /// assert!(text.contains("Type: AWS::New::Thing"));
    /// # fn rendered(define: fn(&mut Template, ())) -> String {
    /// #     let template = Stack::new("example", "An example", define).template();
    /// #     let assembly = formwork::assembly::Assembly::new().with(template);
    /// #     assembly.synth(Default::default()).unwrap().templates.remove(0).text
    /// # }
    /// ```
    #[must_use]
    pub fn new(type_name: &'static str) -> Self {
        Raw { type_name, body: Body::default() }
    }
}

#[diagnostic::do_not_recommend]
impl Resource for Raw {
    const TYPE: &'static str = "";
    type Ref = RawRef;
    type Attributes = NoAttributes;

    fn body(&mut self) -> &mut Body {
        &mut self.body
    }

    fn into_body(self) -> Body {
        self.body
    }

    fn type_name(&self) -> &'static str {
        self.type_name
    }
}

/// What has properties: a resource or a property type.
///
/// ```
/// use formwork::prelude::*;
/// let thing = Raw::new("AWS::New::Thing").set("Name", "first").set("Zones", availability_zones());
/// ```
pub trait Set: Sized {
    /// Its properties.
    ///
    /// ```
    /// use formwork::{node::Node, prelude::*};
    /// let mut thing = Raw::new("AWS::New::Thing");
    /// thing.properties().put("Size", Node::Integer(3));
    /// ```
    fn properties(&mut self) -> &mut Properties;

    /// Sets a property by its name, for one that the schema lacks. No type is checked.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let raw = Raw::new("AWS::New::Thing").set("Size", 3);
    /// ```
    #[must_use]
    fn set(mut self, name: impl IntoName, value: impl IntoNode) -> Self {
        self.properties().put(name.into_name().0, value.into_node());
        self
    }
}

impl<R: Resource> Set for R {
    fn properties(&mut self) -> &mut Properties {
        &mut self.body().properties
    }
}
