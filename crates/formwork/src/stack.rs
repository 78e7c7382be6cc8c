//! Stacks: a name, typed inputs, typed outputs, and the function that defines what is in them.
//!
//! Any stack is a root, and any stack can be nested in another: then every input is handed over, or the
//! program does not compile, and its outputs come back as typed values.

use std::marker::PhantomData;

use crate::input::{BY_DEFAULT, DefaultFor, Input, Inputs};
use crate::meaning::StackId;
use crate::node::{Function, Key, Node, Target, TargetKind};
use crate::output::Outputs;
use crate::phase::Early;
use crate::resource::{Attributes, Body, Handle, Resource};
use crate::source::Source;
use crate::template::{Child, Template, join_list};
use crate::text::Text;
use crate::value::IntoNode;

/// A stack: what it takes is `I`, what it gives is `O`.
///
/// ```
/// use formwork::prelude::*;
///
/// pub const STACK: Stack<(), ()> = Stack::new("empty", "Nothing yet", define);
///
/// fn define(t: &mut Template, _: ()) {
///     t.add("Thing", Raw::new("AWS::New::Thing"));
/// }
/// # STACK.template();
/// ```
#[derive(Debug)]
pub struct Stack<I, O> {
    name: &'static str,
    description: &'static str,
    define: fn(&mut Template, I) -> O,
    declared: Source,
}

impl<I, O> Clone for Stack<I, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O> Copy for Stack<I, O> {}

impl<I, O> Stack<I, O> {
    /// A stack. The name is that of its template in the release: lower case, digits and hyphens. The
    /// description has at most 1,024 bytes.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// const LOGS: Stack<(), ()> = Stack::new("logs", "Where logs are kept", |t, ()| {
    ///     t.add("Logs", Raw::new("AWS::New::Logs").retain());
    /// });
    /// # LOGS.template();
    /// ```
    #[must_use]
    #[track_caller]
    pub const fn new(
        name: &'static str,
        description: &'static str,
        define: fn(&mut Template, I) -> O,
    ) -> Self {
        let location = std::panic::Location::caller();
        let declared =
            Source { file: location.file(), line: location.line(), column: location.column() };
        Stack { name, description, define, declared }
    }

    /// Its name.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// assert_eq!(EMPTY.name(), "empty");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its description.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// assert_eq!(EMPTY.description(), "Nothing yet");
    /// ```
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.description
    }
}

// The bounds stand on the functions: rustc then says what a struct lacks, not that a method does not exist.
impl<I, O> Stack<I, O> {
    /// Its template: what `define` adds, and the outputs that it returns.
    ///
    /// ```
    /// use formwork::assembly::Assembly;
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// let assembly = Assembly::new().with(EMPTY.template());
    /// ```
    #[must_use]
    pub fn template(&self) -> Template
    where
        I: Inputs,
        O: Outputs,
    {
        Template::made(self.name, self.description, self.declared, self.define)
    }

    /// The stack as something to nest, with a value for each of its inputs.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// #[derive(Inputs)]
    /// struct Sizes {
    ///     /// How many.
    ///     count: Input<i64>,
    /// }
    /// # const WORKERS: Stack<Sizes, ()> = Stack::new("workers", "Workers", |_, _| ());
    /// let three = WORKERS.with(Sizes { count: give(3) });
    /// ```
    #[must_use]
    pub fn with(&self, inputs: I) -> Nested<O>
    where
        I: Inputs,
        O: Outputs,
    {
        let given = inputs.given();
        Nested { template: self.template(), given, body: Body::default(), outputs: PhantomData }
    }
}

/// A stack with its inputs, ready to be nested. It takes the options of a resource.
///
/// ```
/// use formwork::prelude::*;
/// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
/// let slow = EMPTY.with(()).timeout_in_minutes(90).retain();
/// ```
#[derive(Debug)]
pub struct Nested<O> {
    template: Template,
    given: Vec<Node>,
    body: Body,
    outputs: PhantomData<O>,
}

/// The outputs of a nested stack.
///
/// ```
/// use formwork::prelude::*;
/// # #[derive(Outputs)]
/// # struct Network {
/// #     /// The network's id.
/// #     #[output(export = "network-id")]
/// #     id: Value<String>,
/// # }
/// # const NETWORK: Stack<(), Network> = Stack::new("network", "A network", |_, ()| Network { id: val("vpc-1") });
/// # fn define(t: &mut Template) {
/// let network = t.nest("Network", NETWORK.with(()));
/// t.add("Thing", Raw::new("AWS::New::Thing").set("Network", network.id));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NestedOutputs<O>(O);

impl<O: Outputs> Attributes for NestedOutputs<O> {
    fn of(target: Target) -> Self {
        let specs = O::specs();
        NestedOutputs(O::bind(&mut |index| {
            let name = String::leak(format!("Outputs.{}", specs[index].name));
            let value = Node::get_att(target, name);
            if specs[index].list {
                Node::call(Function::Split, Node::list(vec![Node::Text(","), value]))
            } else {
                value
            }
        }))
    }
}

impl<O> std::ops::Deref for NestedOutputs<O> {
    type Target = O;

    fn deref(&self) -> &O {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<O: Outputs> Resource for Nested<O> {
    const TYPE: &'static str = "AWS::CloudFormation::Stack";
    type Ref = StackId;
    type Attributes = NestedOutputs<O>;

    fn body(&mut self) -> &mut Body {
        &mut self.body
    }

    fn into_body(self) -> Body {
        self.body
    }
}

impl<O: Outputs> Nested<O> {
    /// `TimeoutInMinutes`: how long its creation may take.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// let nested = EMPTY.with(()).timeout_in_minutes(30);
    /// ```
    #[must_use]
    pub fn timeout_in_minutes(mut self, minutes: u32) -> Self {
        self.body.properties.put("TimeoutInMinutes", Node::Integer(i64::from(minutes)));
        self
    }

    /// Adds a tag; CloudFormation hands it on to the child's resources.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// let nested = EMPTY.with(()).tag("Team", "platform").tag("Region", pseudo::REGION);
    /// ```
    #[must_use]
    pub fn tag(mut self, key: &'static str, value: impl crate::IntoValue<String>) -> Self {
        let tag = Node::map(vec![("Key", Node::Text(key)), ("Value", value.into_value().node())]);
        let known = self.body.properties.0.iter().find(|(name, _)| *name == "Tags");
        let mut tags = match known {
            Some((_, Node::List(tags))) => tags.to_vec(),
            _ => Vec::new(),
        };
        tags.push(tag);
        self.body.properties.put("Tags", Node::list(tags));
        self
    }
}

impl Template {
    /// Nests a stack. Its outputs are the fields of the handle.
    ///
    /// The child's template lies in the release bucket under a key with its content's hash;
    /// [`templates_at`](Template::templates_at) says what URL that is.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # #[derive(Outputs)]
    /// # struct Network {
    /// #     /// The network's id.
    /// #     #[output(export = "network-id")]
    /// #     id: Value<String>,
    /// # }
    /// # const NETWORK: Stack<(), Network> = Stack::new("network", "A network", |_, ()| Network { id: val("vpc-1") });
    /// # fn define(t: &mut Template, bucket: Input<String>) {
    /// t.templates_at(move |key| sub!("https://{bucket}.s3.{}/{key}", pseudo::URL_SUFFIX));
    /// let network = t.nest("Network", NETWORK.with(()));
    /// t.add("Thing", Raw::new("AWS::New::Thing").set("Network", network.id));
    /// # }
    /// ```
    #[track_caller]
    pub fn nest<O: Outputs>(
        &mut self,
        id: impl crate::IntoName,
        nested: Nested<O>,
    ) -> Handle<Nested<O>> {
        let Nested { template, given, mut body, .. } = nested;
        let specs = template.inputs.iter().map(|(_, spec)| spec.clone());
        let given: Vec<_> = specs.zip(given).collect();
        let key: &'static Key = Box::leak(Box::new(Key::Template(template.name())));
        let url = match &self.locate {
            Some(locate) => locate(Text::from_node(Node::Key(key))).into_node(),
            None => Node::Key(key),
        };
        let settings = std::mem::take(&mut body.properties.0);
        body.properties.put("TemplateURL", url);
        let parameters: Vec<_> = given
            .iter()
            .filter(|(_, node)| !is_by_default(*node))
            .map(|(spec, node)| (spec.name, handed_over(spec.list, *node)))
            .collect();
        if !parameters.is_empty() {
            body.properties.put("Parameters", Node::map(parameters));
        }
        for (name, node) in settings {
            body.properties.put(name, node);
        }
        let shell =
            Nested { template: Template::hollow(), given: Vec::new(), body, outputs: PhantomData };
        let handle: Handle<Nested<O>> = self.add(id, shell);
        self.children.push(Child { resource: handle.target(), template, given });
        handle
    }

    /// Puts the template of a stack into the release without nesting it: somebody else launches it, such as Service
    /// Catalog or a stack set, with parameters of his own.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const PRODUCT: Stack<(), ()> = Stack::new("product", "A product", |t, ()| {
    /// #     t.add("Thing", Raw::new("AWS::New::Thing"));
    /// # });
    /// # fn define(t: &mut Template, bucket: Input<String>) {
    /// let product = t.release(PRODUCT);
    /// let url = sub!("https://{bucket}.s3.{}/{}", pseudo::URL_SUFFIX, product.key());
    /// t.add("Product", Raw::new("AWS::New::Product").set("Version", product.version()).set("Url", url));
    /// # }
    /// ```
    pub fn release<I: Inputs, O: Outputs>(&mut self, stack: Stack<I, O>) -> ReleasedTemplate {
        self.released.push(stack.template());
        ReleasedTemplate(stack.name)
    }

    /// The outputs of another stack of the account and region as it exports them: `Fn::ImportValue`, typed.
    /// Each output that is used must have an `export`; synth says which has none.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # #[derive(Outputs)]
    /// # struct Network {
    /// #     /// The network's id.
    /// #     #[output(export = "network-id")]
    /// #     id: Value<String>,
    /// # }
    /// # const NETWORK: Stack<(), Network> = Stack::new("network", "A network", |_, ()| Network { id: val("vpc-1") });
    /// # fn define(t: &mut Template) {
    /// let network = t.import(NETWORK);
    /// t.add("Thing", Raw::new("AWS::New::Thing").set("Network", network.id));
    /// # }
    /// ```
    #[must_use]
    pub fn import<I: Inputs, O: Outputs>(&mut self, stack: Stack<I, O>) -> O {
        let specs = O::specs();
        O::bind(&mut |index| {
            let spec = &specs[index];
            let value = match spec.export {
                Some(name) => Node::call(Function::ImportValue, Node::Text(name)),
                None => Node::Ref(Target::new(
                    TargetKind::Named,
                    String::leak(format!("{}.{}", stack.name, spec.name)),
                    None,
                    stack.declared,
                )),
            };
            if spec.list {
                Node::call(Function::Split, Node::list(vec![Node::Text(","), value]))
            } else {
                value
            }
        })
    }

    /// A template whose definition knows more than its inputs: what its caller decides. A [`Stack`] is the usual way, for it
    /// can be nested and imported too.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// #[derive(Inputs)]
    /// struct Inputs {
    ///     /// Whose it is.
    ///     owner: Input<String>,
    /// }
    ///
    /// fn owned_by(team: &'static str) -> Template {
    ///     Template::defined("thing", format!("A thing of {team}"), |t, input: Inputs| {
    ///         t.set_default(input.owner, team);
    ///         t.add("Thing", Raw::new("AWS::New::Thing").set("Owner", input.owner));
    ///     })
    /// }
    /// # let assembly = formwork::assembly::Assembly::new().with(owned_by("platform"));
    /// # let text = assembly.synth(Default::default()).unwrap().templates.remove(0).text;
    /// assert!(text.contains("Description: A thing of platform"));
    /// assert!(text.contains("Default: platform"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn defined<I: Inputs, O: Outputs>(
        name: &'static str,
        description: impl crate::IntoName,
        define: impl FnOnce(&mut Template, I) -> O,
    ) -> Template {
        Self::made(name, description.into_name().0, Source::here(), define)
    }

    fn made<I: Inputs, O: Outputs>(
        name: &'static str,
        description: &'static str,
        declared: Source,
        define: impl FnOnce(&mut Template, I) -> O,
    ) -> Template {
        let mut template = Template::new(name, description, declared);
        let inputs = template.declare::<I>();
        let outputs = define(&mut template, inputs);
        template.give(outputs);
        template
    }

    /// Gives a parameter another default than its declaration has: one that only the definition knows, as in
    /// [`defined`](Template::defined). An input that is not this template's own is left as it is.
    pub fn set_default<T>(&mut self, input: Input<T>, default: impl DefaultFor<T>) {
        let own = |target: &Target| matches!(input.0, Node::Ref(named) if named == *target);
        if let Some((_, spec)) = self.inputs.iter_mut().find(|(target, _)| own(target)) {
            spec.default = Some(default.default_node());
        }
    }

    /// A template without content, which stands in for a child whose template is kept elsewhere.
    fn hollow() -> Template {
        Template::new("", "", Source { file: "", line: 0, column: 0 })
    }
}

/// A template that is part of the release; see [`Template::release`]. It is `Copy`.
///
/// ```
/// use formwork::prelude::*;
/// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
/// # fn define(t: &mut Template) {
/// let product = t.release(EMPTY);
/// t.add("Copy", Raw::new("AWS::New::Copy").set("Key", product.key()));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ReleasedTemplate(&'static str);

impl ReleasedTemplate {
    /// Its key in the release bucket.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// # fn define(t: &mut Template) {
    /// let key: Value<ObjectKey> = val(t.release(EMPTY).key());
    /// # }
    /// ```
    #[must_use]
    pub fn key(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::Template(self.0)))))
    }

    /// A name for what it says: the first 16 hexadecimal digits of its SHA-256, which its key holds whole.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # const EMPTY: Stack<(), ()> = Stack::new("empty", "Nothing yet", |_, ()| ());
    /// # fn define(t: &mut Template) {
    /// let version: Value<String> = val(t.release(EMPTY).version());
    /// # }
    /// ```
    #[must_use]
    pub fn version(self) -> Text<Early> {
        Text::from_node(Node::Key(Box::leak(Box::new(Key::Version(self.0)))))
    }
}

pub(crate) fn is_by_default(node: Node) -> bool {
    matches!(node, Node::Ref(target) if target.kind() == TargetKind::Named && target.id() == BY_DEFAULT)
}

/// A parameter of a nested stack is text: a list is joined, a Boolean and a number are written out.
fn handed_over(list: bool, node: Node) -> Node {
    match node {
        Node::Bool(value) => Node::Text(if value { "true" } else { "false" }),
        Node::Integer(number) => Node::text(number.to_string()),
        Node::Number(number) => Node::text(number.to_string()),
        other if list => join_list(other),
        other => other,
    }
}
