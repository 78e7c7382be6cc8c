//! The tree that every value is made of, before it is YAML or JSON.
//!
//! A [`Node`] is `Copy`: what it points to is leaked on purpose, because a program that writes
//! templates builds its tree once, renders it and ends. Nothing in here knows how a node is written;
//! `render` does that, and nothing in here checks one; `check` does that.

use crate::source::Source;

/// One value of a template: a scalar, a list, a map, or an intrinsic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction. Never NaN or infinite: `Value` refuses these.
    Number(f64),
    /// A text, taken literally: no intrinsic is read out of it.
    Text(&'static str),
    /// A list, in the author's order.
    List(&'static [Node]),
    /// A map, in the author's order, without a key twice.
    Map(&'static [(&'static str, Node)]),
    /// `Ref` to a parameter, a resource or a pseudo parameter.
    Ref(Target),
    /// The bare name of a condition or mapping, as `Fn::If` and `Fn::FindInMap` want it.
    Name(Target),
    /// `Fn::GetAtt`: an attribute of a resource.
    GetAtt(&'static Attribute),
    /// `Fn::Sub`, as the pieces its author wrote.
    Sub(&'static [Piece]),
    /// Every other intrinsic, with its argument in the shape of the long form.
    Call(&'static Call),
    /// `Ref: AWS::NoValue`: the property is left out.
    NoValue,
    /// The key in the release bucket of an asset or of a nested stack's template; its content hash is
    /// known only when everything is rendered.
    Key(&'static Key),
}

/// Stands around a value that was formatted with `{:?}`. A text that holds it was made with `format!` where `sub!` was
/// meant; synth says so. It is a character that no text of anybody's holds.
pub(crate) const FORMATTED: char = '\u{10fffd}';

/// Formats a value for a person who debugs, marked so that it cannot end up in a template unseen.
pub(crate) fn debug(node: &Node, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    write!(f, "{FORMATTED}{node:?}{FORMATTED}")
}

/// What a `Fn::Sub` is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// Literal text; a `${` in it is escaped when written.
    Text(&'static str),
    /// A value, under the name that it gets if it must become a variable of the `Fn::Sub`.
    Value(&'static str, Node),
    /// Text of the author's own that already is in CloudFormation's `${Name}` spelling.
    Raw(&'static str),
}

/// The object behind [`Node::GetAtt`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// The resource that is asked.
    pub target: Target,
    /// The attribute's name, with dots as CloudFormation writes it.
    pub name: &'static str,
}

/// The object behind [`Node::Call`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// Which intrinsic.
    pub function: Function,
    /// Its argument as the long form has it: `[",", [a, b]]` for `Fn::Join`.
    pub argument: Node,
}

/// The object behind [`Node::Key`]: a place in the release bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// `templates/<name>.<hash>.yaml`, the template of a stack that is nested or only released.
    Template(&'static str),
    /// No place but a name: what a released template says, as 16 hexadecimal digits.
    Version(&'static str),
    /// `assets/<name>.<hash>.<ext>`, an asset.
    Asset(&'static str),
    /// No place but the hash of an asset: what its key has.
    AssetHash(&'static str),
    /// No place but a name: what a template nests and packs, as 16 hexadecimal digits.
    Release,
}

/// The intrinsics that are written as a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the name of CloudFormation's function")]
pub enum Function {
    And,
    Base64,
    Cidr,
    Condition,
    Contains,
    EachMemberEquals,
    EachMemberIn,
    Equals,
    FindInMap,
    GetAzs,
    GetStackOutput,
    If,
    ImportValue,
    Join,
    Length,
    Not,
    Or,
    RefAll,
    Select,
    Split,
    ToJsonString,
    Transform,
    ValueOf,
    ValueOfAll,
}

impl Function {
    /// The key of the long form, such as `Fn::Join`.
    #[must_use]
    pub const fn long(self) -> &'static str {
        match self {
            Function::And => "Fn::And",
            Function::Base64 => "Fn::Base64",
            Function::Cidr => "Fn::Cidr",
            Function::Condition => "Condition",
            Function::Contains => "Fn::Contains",
            Function::EachMemberEquals => "Fn::EachMemberEquals",
            Function::EachMemberIn => "Fn::EachMemberIn",
            Function::Equals => "Fn::Equals",
            Function::FindInMap => "Fn::FindInMap",
            Function::GetAzs => "Fn::GetAZs",
            Function::GetStackOutput => "Fn::GetStackOutput",
            Function::If => "Fn::If",
            Function::ImportValue => "Fn::ImportValue",
            Function::Join => "Fn::Join",
            Function::Length => "Fn::Length",
            Function::Not => "Fn::Not",
            Function::Or => "Fn::Or",
            Function::RefAll => "Fn::RefAll",
            Function::Select => "Fn::Select",
            Function::Split => "Fn::Split",
            Function::ToJsonString => "Fn::ToJsonString",
            Function::Transform => "Fn::Transform",
            Function::ValueOf => "Fn::ValueOf",
            Function::ValueOfAll => "Fn::ValueOfAll",
        }
    }

    /// The YAML tag of the short form without its `!`, such as `Join`.
    #[must_use]
    pub fn short(self) -> &'static str {
        let long = self.long();
        long.strip_prefix("Fn::").unwrap_or(long)
    }
}

/// The stack that a target belongs to. Two stacks are the same one only if they are the same object,
/// so that a stack that is defined twice never mistakes the other's resources for its own.
#[derive(Debug)]
pub struct Owner {
    /// The stack's name, for messages.
    pub name: &'static str,
}

/// What kind of thing a [`Target`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A parameter of the template.
    Parameter,
    /// A resource.
    Resource,
    /// A pseudo parameter such as `AWS::Region`; it belongs to every stack.
    Pseudo,
    /// A condition.
    Condition,
    /// A mapping.
    Mapping,
    /// The variable of a `Fn::ForEach`.
    LoopVariable,
    /// A name that the author wrote as text; it must exist in the stack that uses it.
    Named,
}

/// What a `Ref` or `GetAtt` points to.
#[derive(Clone, Copy)]
pub struct Target(&'static TargetData);

struct TargetData {
    kind: TargetKind,
    id: &'static str,
    owner: Option<&'static Owner>,
    added: Source,
}

impl Target {
    /// A target that belongs to `owner`, or to every stack if there is none.
    #[must_use]
    pub fn new(
        kind: TargetKind,
        id: &'static str,
        owner: Option<&'static Owner>,
        added: Source,
    ) -> Self {
        Target(Box::leak(Box::new(TargetData { kind, id, owner, added })))
    }

    /// What it names.
    #[must_use]
    pub fn kind(self) -> TargetKind {
        self.0.kind
    }

    /// The logical id, the parameter's name, or the pseudo parameter's name.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// The stack it belongs to; `None` for what belongs to every stack.
    #[must_use]
    pub fn owner(self) -> Option<&'static Owner> {
        self.0.owner
    }

    /// The Rust line that added it.
    #[must_use]
    pub fn added(self) -> Source {
        self.0.added
    }

    /// Whether it belongs to `owner`, or to every stack.
    #[must_use]
    pub fn belongs_to(self, owner: &'static Owner) -> bool {
        self.0.owner.is_none_or(|mine| std::ptr::eq(mine, owner))
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        let owner = |target: &Target| target.0.owner.map(std::ptr::from_ref);
        self.0.kind == other.0.kind && self.0.id == other.0.id && owner(self) == owner(other)
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.0.kind, self.0.id)
    }
}

impl Node {
    /// An intrinsic with its argument.
    #[must_use]
    pub fn call(function: Function, argument: Node) -> Node {
        Node::Call(Box::leak(Box::new(Call { function, argument })))
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Node>) -> Node {
        Node::List(items.leak())
    }

    /// A map.
    #[must_use]
    pub fn map(entries: Vec<(&'static str, Node)>) -> Node {
        Node::Map(entries.leak())
    }

    /// A text that was made at run time.
    #[must_use]
    pub fn text(text: String) -> Node {
        Node::Text(text.leak())
    }

    /// An attribute of a resource.
    #[must_use]
    pub fn get_att(target: Target, name: &'static str) -> Node {
        Node::GetAtt(Box::leak(Box::new(Attribute { target, name })))
    }
}
