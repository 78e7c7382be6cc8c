//! A template in the making: what a stack's `define` adds to.
//!
//! Everything that is added remembers the Rust line that added it, and stays in the order of the source.
//! Adding never fails: what is wrong (an id that is taken, a reference to another stack) is found by
//! `check`, so that one run can say all of it.

use crate::asset::{Asset, AssetHandle};
use crate::condition::{Condition, IntoTest};
use crate::input::{InputSpec, Inputs};
use crate::list::IntoList;
use crate::mapping::{Cell, Mapping, Rows};
use crate::node::{Function, Key, Node, Owner, Target, TargetKind};
use crate::options::{Dependencies, Options};
use crate::output::Outputs;
use crate::resource::{Handle, Resource};
use crate::rule::Rule;
use crate::source::Source;
use crate::text::{InText, Text, join_node};
use crate::value::{IntoName, IntoNode, IntoValue, Required, Value};
use crate::{Both, InConditions, Late, ObjectKey};

/// A template. A stack's `define` gets one and adds to it.
pub struct Template {
    pub(crate) owner: &'static Owner,
    pub(crate) description: &'static str,
    pub(crate) inputs: Vec<(Target, InputSpec)>,
    pub(crate) metadata: Vec<(&'static str, Node)>,
    pub(crate) rules: Vec<(&'static str, Rule)>,
    pub(crate) mappings: Vec<(Target, Rows)>,
    pub(crate) conditions: Vec<(Target, Node)>,
    pub(crate) transforms: Vec<&'static str>,
    pub(crate) resources: Vec<Entry<ResourceEntry>>,
    pub(crate) outputs: Vec<Entry<OutputEntry>>,
    pub(crate) assets: Vec<Asset>,
    pub(crate) children: Vec<Child>,
    pub(crate) released: Vec<Template>,
    pub(crate) locate: Option<Locate>,
    pub(crate) added: Source,
}

type Locate = Box<dyn Fn(Text<crate::Early>) -> Value<String> + Send + Sync>;

/// One thing of a section, or a `Fn::ForEach` over several.
pub(crate) enum Entry<T> {
    One(T),
    Loop { name: &'static str, variable: Target, values: Node, body: Vec<Entry<T>> },
}

/// A resource as the template keeps it.
pub(crate) struct ResourceEntry {
    pub(crate) target: Target,
    pub(crate) type_name: &'static str,
    pub(crate) properties: Vec<(&'static str, Node)>,
    pub(crate) options: Option<Box<Options>>,
}

impl ResourceEntry {
    /// The rules of the check that it is excepted from, each with the reason.
    pub(crate) fn exceptions(&self) -> &[(&'static str, &'static str)] {
        self.options.as_ref().map_or(&[], |options| &options.exceptions)
    }
}

/// An output as the template keeps it.
#[derive(Debug)]
pub(crate) struct OutputEntry {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) value: Node,
    pub(crate) export: Option<Node>,
    pub(crate) condition: Option<Condition>,
    pub(crate) added: Source,
}

/// A nested stack: the resource that nests it, and its template.
pub(crate) struct Child {
    pub(crate) resource: Target,
    pub(crate) template: Template,
    /// What was handed over, with the child's parameter: for the checks of `check`.
    pub(crate) given: Vec<(InputSpec, Node)>,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").field("name", &self.owner.name).finish_non_exhaustive()
    }
}

impl Template {
    pub(crate) fn new(name: &'static str, description: &'static str, added: Source) -> Self {
        Template {
            owner: Box::leak(Box::new(Owner { name })),
            description,
            inputs: Vec::new(),
            metadata: Vec::new(),
            rules: Vec::new(),
            mappings: Vec::new(),
            conditions: Vec::new(),
            transforms: Vec::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            assets: Vec::new(),
            children: Vec::new(),
            released: Vec::new(),
            locate: None,
            added,
        }
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.owner.name
    }

    fn target(&self, kind: TargetKind, id: &'static str, added: Source) -> Target {
        Target::new(kind, id, Some(self.owner), added)
    }

    /// Adds a resource under a logical id: letters and digits, unique in the template. The id is a contract with
    /// the stacks that are deployed: a changed one is another resource.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let thing = t.add("Thing", Raw::new("AWS::New::Thing"));
    /// # }
    /// ```
    #[track_caller]
    pub fn add<R: Resource>(&mut self, id: impl IntoName, resource: R) -> Handle<R> {
        let target = self.target(TargetKind::Resource, id.into_name().0, Source::here());
        let type_name = resource.type_name();
        let body = resource.into_body();
        self.resources.push(Entry::One(ResourceEntry {
            target,
            type_name,
            properties: body.properties.0,
            options: body.options,
        }));
        Handle::new(target)
    }

    /// Names a test, so that resources, outputs and [`when`](crate::when) can use it.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// let abroad = t.condition("Abroad", pseudo::REGION.is_not("eu-west-1"));
    /// ```
    #[track_caller]
    pub fn condition<T: IntoTest>(&mut self, name: impl IntoName, test: T) -> Condition
    where
        InConditions: Both<T::Scope>,
    {
        let target = self.target(TargetKind::Condition, name.into_name().0, Source::here());
        self.conditions.push((target, test.into_test().0));
        Condition { target }
    }

    /// Adds a rule that a launch's parameters must satisfy.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// t.rule("Home", Rule::new().assert(pseudo::REGION.is("eu-west-1"), "only in Ireland"));
    /// ```
    #[track_caller]
    pub fn rule(&mut self, name: impl IntoName, mut rule: Rule) {
        rule.added = Some(Source::here());
        self.rules.push((name.into_name().0, rule));
    }

    /// Adds a table of literals: rows, each with columns.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// let nodes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)])]);
    /// ```
    #[track_caller]
    pub fn mapping<T, K, L, C, V>(
        &mut self,
        name: impl IntoName,
        table: impl IntoIterator<Item = (K, C)>,
    ) -> Mapping<T>
    where
        K: IntoName,
        L: IntoName,
        C: IntoIterator<Item = (L, V)>,
        V: Cell<T>,
    {
        let target = self.target(TargetKind::Mapping, name.into_name().0, Source::here());
        self.mappings.push((target, crate::mapping::rows(table)));
        Mapping::new(target)
    }

    /// Adds an entry to the template's `Metadata`.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// t.metadata("Owner", object([("Team", "platform")]));
    /// ```
    pub fn metadata(&mut self, key: impl IntoName, value: impl IntoNode) {
        self.metadata.push((key.into_name().0, value.into_node()));
    }

    /// Adds a transform of the whole template, such as `AWS::Serverless-2016-10-31`. `AWS::LanguageExtensions` is
    /// added by itself where a function needs it.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// t.transform("AWS::Serverless-2016-10-31");
    /// ```
    pub fn transform(&mut self, name: &'static str) {
        if !self.transforms.contains(&name) {
            self.transforms.push(name);
        }
    }

    /// Adds an output beside those of the stack's `Outputs`: for one that has a condition, or stands in a loop.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// t.output("Region", "Where it runs", pseudo::REGION).export("home-region");
    /// ```
    #[track_caller]
    pub fn output(
        &mut self,
        name: impl IntoName,
        description: &'static str,
        value: impl InText,
    ) -> OutputOptions<'_> {
        self.outputs.push(Entry::One(OutputEntry {
            name: name.into_name().0,
            description,
            value: value.in_text(),
            export: None,
            condition: None,
            added: Source::here(),
        }));
        match self.outputs.last_mut() {
            Some(Entry::One(entry)) => OutputOptions(entry),
            _ => unreachable!("the output was pushed just now"),
        }
    }

    /// Adds a file, a directory or a text to the release.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// let page = t.asset(Asset::file("page", "site/index.html"));
    /// ```
    pub fn asset(&mut self, asset: Asset) -> AssetHandle {
        let name = asset.name;
        self.assets.push(asset);
        AssetHandle::new(name)
    }

    /// `Fn::ForEach`: CloudFormation itself repeats what `body` adds, once for each value. The name is unique among
    /// logical ids; every logical id inside must hold the variable: [`Each::id`] makes one. A Rust loop is the usual way: with it each
    /// resource is seen, checked and updated by itself.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.for_each("Things", "Kind", ["Red", "Green"], |t, kind| {
    ///     t.add(kind.id("Thing"), Raw::new("AWS::New::Thing").set("Name", sub!("thing-{kind}")));
    /// });
    /// # }
    /// ```
    #[track_caller]
    pub fn for_each(
        &mut self,
        name: &'static str,
        variable: &'static str,
        values: impl IntoList<String, Required>,
        body: impl FnOnce(&mut Template, Each),
    ) {
        let variable = self.target(TargetKind::LoopVariable, variable, Source::here());
        let values = values.into_list().node();
        let outer = (std::mem::take(&mut self.resources), std::mem::take(&mut self.outputs));
        body(self, Each { variable, plain: plain_ids(values) });
        let resources = std::mem::replace(&mut self.resources, outer.0);
        let outputs = std::mem::replace(&mut self.outputs, outer.1);
        if !resources.is_empty() {
            self.resources.push(Entry::Loop { name, variable, values, body: resources });
        }
        if !outputs.is_empty() {
            // A loop's name is unique in the whole template.
            let name = String::leak(format!("{name}Outputs"));
            self.outputs.push(Entry::Loop { name, variable, values, body: outputs });
        }
    }

    /// Says where nested templates and assets are: from a key in the release bucket to its URL. A stack that
    /// nests another must say it before.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, bucket: Input<String>) {
    /// t.templates_at(move |key| sub!("https://{bucket}.s3.{}/{key}", pseudo::URL_SUFFIX));
    /// # }
    /// ```
    pub fn templates_at<V>(&mut self, url: impl Fn(Text<crate::Early>) -> V + Send + Sync + 'static)
    where
        V: IntoValue<String, Required>,
    {
        self.locate = Some(Box::new(move |key| url(key).into_value()));
    }

    /// The keys in the release bucket of everything that this template nests, releases and packs so far, and of what
    /// that nests, releases and packs: children first.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.asset(Asset::text("hello", "txt", "hello"));
    /// t.add("Copy", Raw::new("AWS::New::Copy").set("Keys", t.release_keys()));
    /// # }
    /// ```
    #[must_use]
    pub fn release_keys(&self) -> Vec<Value<ObjectKey>> {
        let mut keys = Vec::new();
        self.collect_keys(&mut keys);
        let value = |key| Value::from_node(Node::Key(Box::leak(Box::new(key))));
        keys.into_iter().map(value).collect()
    }

    /// A name for the release: 16 hexadecimal digits that change when anything changes that this template nests,
    /// releases or packs. The template itself is not in it, for it holds the name.
    ///
    /// ```
    /// # use formwork::prelude::*; let t = &mut Stack::<(), ()>::new("a", "A", |_, ()| ()).template();
    /// t.add("Copy", Raw::new("AWS::New::Copy").set("Release", t.release_id()));
    /// ```
    #[must_use]
    pub fn release_id(&self) -> Text<crate::Early> {
        Text::from_node(Node::Key(&Key::Release))
    }

    pub(crate) fn collect_keys(&self, keys: &mut Vec<Key>) {
        fn add(keys: &mut Vec<Key>, key: Key) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        self.assets.iter().for_each(|asset| add(keys, Key::Asset(asset.name)));
        let nested = self.children.iter().map(|child| &child.template);
        for template in nested.chain(&self.released) {
            template.collect_keys(keys);
            add(keys, Key::Template(template.name()));
        }
    }

    /// Makes a resource that was added already wait for others that were added after it: `DependsOn`. Where the
    /// others are there before, [`depends_on`](crate::ResourceOptions::depends_on) says it in place.
    pub fn add_dependency<R: Resource>(&mut self, of: Handle<R>, on: impl Dependencies) {
        let entry = self.resources.iter_mut().find_map(|entry| match entry {
            Entry::One(resource) if resource.target == of.target() => Some(resource),
            _ => None,
        });
        if let Some(resource) = entry {
            on.add_to(&mut resource.options.get_or_insert_default().depends_on);
        }
    }

    pub(crate) fn declare<I: Inputs>(&mut self) -> I {
        let mut parameters = Vec::new();
        for spec in I::specs() {
            let target = self.target(TargetKind::Parameter, spec.name, spec.declared);
            parameters.push(Node::Ref(target));
            self.inputs.push((target, spec));
        }
        I::bind(&parameters)
    }

    pub(crate) fn give<O: Outputs>(&mut self, outputs: O) {
        for (spec, value) in O::specs().into_iter().zip(outputs.given()) {
            self.outputs.push(Entry::One(OutputEntry {
                name: spec.name,
                description: spec.description,
                value: if spec.list { join_list(value) } else { value },
                export: spec.export.map(Node::Text),
                condition: None,
                added: self.added,
            }));
        }
    }
}

/// A list as the one text that parameters and outputs of nested stacks hand over.
pub(crate) fn join_list(node: Node) -> Node {
    if let Node::List(items) = node {
        let texts = items.iter().map(|item| match item {
            Node::Text(text) => Some((*text).to_owned()),
            Node::Integer(number) => Some(number.to_string()),
            _ => None,
        });
        if let Some(texts) = texts.collect::<Option<Vec<String>>>() {
            return Node::text(texts.join(","));
        }
    }
    // What arrived as one joined text is handed on as it came.
    if let Node::Call(call) = node
        && call.function == Function::Split
        && let Node::List([Node::Text(","), joined]) = call.argument
    {
        return *joined;
    }
    join_node(",", node)
}

/// Whether every value of a loop is letters and digits, so that it can stand in a logical id as it is.
fn plain_ids(values: Node) -> bool {
    match values {
        Node::List(items) => items.iter().all(|item| match item {
            Node::Text(text) => text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            _ => true,
        }),
        _ => true,
    }
}

/// The variable of a [`Template::for_each`]. It is `Copy`, and text: `sub!` takes it.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    variable: Target,
    plain: bool,
}

impl Each {
    /// A logical id that ends in the variable's value: `Bucket${Name}`, or `Bucket&{Name}`, which drops
    /// what a logical id cannot hold, if one of the values is more than letters and digits.
    #[must_use]
    pub fn id(self, prefix: &str) -> String {
        let mark = if self.plain { '$' } else { '&' };
        format!("{prefix}{mark}{{{}}}", self.variable.id())
    }

    /// The variable's value as text.
    #[must_use]
    pub fn text(self) -> Text<crate::Early> {
        Text::from_node(Node::Ref(self.variable))
    }
}

#[diagnostic::do_not_recommend]
impl crate::Phased for Each {
    type Phase = Late;
}

#[diagnostic::do_not_recommend]
impl InText for Each {
    type Phase = Late;

    fn in_text(self) -> Node {
        Node::Ref(self.variable)
    }
}

#[diagnostic::do_not_recommend]
impl IntoNode for Each {
    fn into_node(self) -> Node {
        Node::Ref(self.variable)
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::Textual, Place> IntoValue<T, Place> for Each {
    fn into_value(self) -> Value<T> {
        Value::from_node(self.into_node())
    }
}

/// What stands beside an output's value; see [`Template::output`].
#[derive(Debug)]
pub struct OutputOptions<'a>(&'a mut OutputEntry);

impl OutputOptions<'_> {
    /// The output is there only if the condition holds.
    #[allow(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the output is added already"
    )]
    pub fn when(self, condition: Condition) -> Self {
        self.0.condition = Some(condition);
        self
    }

    /// Exports it under a name, unique in the account and region.
    #[allow(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "the output is added already"
    )]
    pub fn export(self, name: impl IntoValue<String, Required>) -> Self {
        self.0.export = Some(name.into_value().node());
        self
    }
}
