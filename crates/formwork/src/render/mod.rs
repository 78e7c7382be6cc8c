//! Turns values into the text of a template: YAML or JSON.
//!
//! The caller drives a [`Writer`] section by section and resource by resource; nothing is collected in
//! between, and the text goes straight into one `String`. What a [`Node`] means (how a `Fn::Sub` is put
//! together, which intrinsics exist) is decided here once; how it is laid out is the business of the
//! [`Sink`] behind the writer, so that both formats always say the same.
//!
//! Nothing in here reorders, checks or repairs what it is given, or reads a file, clock or environment:
//! the same calls give the same bytes. What cannot be written at all ends in a [`RenderError`] that
//! names the place.
//!
//! ```
//! use formwork::node::{Function, Key, Node};
//! use formwork::render::{self, Format};
//!
//! let name = Node::call(Function::Base64, Node::Text("on"));
//! let text = render::to_text(Format::Yaml, &[], &|_: &Key| None, |w| {
//!     w.map(|w| w.field("Resources", |w| w.map(|w| w.entry("Name", &name))))
//! })?;
//! assert_eq!(text, "Resources:\n  Name: !Base64 \"on\"\n");
//! # Ok::<(), formwork::render::RenderError>(())
//! ```

mod error;
mod json;
mod scalar;
mod sub;
mod yaml;

pub use error::{Fault, RenderError, Step};
pub use json::JsonWriter;
pub use yaml::YamlWriter;

use crate::node::{Attribute, Call, Function, Key, Node};

/// How deep maps, lists and intrinsics may stand in each other; what is written can be read back by
/// `formwork::read`, which has the same limit.
pub const MAX_DEPTH: usize = 200;

/// The most characters that a key may have: YAML readers give up on long ones.
pub const MAX_KEY_CHARS: usize = 120;

/// The most UTF-8 bytes that a key may have: written with escapes it then stays below the 1,024
/// characters that YAML allows.
pub const MAX_KEY_BYTES: usize = 400;

/// The result of writing.
pub type Result = std::result::Result<(), RenderError>;

/// A format that templates are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML that means the same to readers of YAML 1.1 and of YAML 1.2, with short forms.
    Yaml,
    /// JSON, indented by two spaces, with long forms.
    Json,
}

/// Knows where in the release bucket the things are that a [`Node::Key`] stands for.
///
/// A closure `|key: &Key| -> Option<String>` is one.
pub trait Keys {
    /// The object's key in the bucket, or `None` if there is no such object.
    fn resolve(&self, key: &Key) -> Option<String>;
}

impl<F: Fn(&Key) -> Option<String>> Keys for F {
    fn resolve(&self, key: &Key) -> Option<String> {
        self(key)
    }
}

/// What receives a document, piece by piece and in order.
///
/// A map is `begin_map`, then `key` and one value for each entry, then `end_map`; a list is
/// `begin_list`, its values, `end_list`; a call is `begin_call`, its argument, `end_call`.
pub trait Sink {
    /// A map begins.
    fn begin_map(&mut self);
    /// The key of the value that comes next.
    fn key(&mut self, key: &str);
    /// The map ends.
    fn end_map(&mut self);
    /// A list begins.
    fn begin_list(&mut self);
    /// The list ends.
    fn end_list(&mut self);
    /// An intrinsic begins: `name` is the key of its long form, `tag` the YAML tag of its short form
    /// if CloudFormation documents one.
    fn begin_call(&mut self, name: &str, tag: Option<&str>);
    /// The intrinsic ends.
    fn end_call(&mut self);
    /// A whole `Fn::GetAtt`.
    fn get_att(&mut self, id: &str, attribute: &str);
    /// A text.
    fn text(&mut self, text: &str);
    /// A whole number.
    fn integer(&mut self, number: i64);
    /// A finite number.
    fn number(&mut self, number: f64);
    /// `true` or `false`.
    fn boolean(&mut self, value: bool);
}

/// Writes a document into one `String`. `head` are lines of comment for its top; JSON has no comments
/// and leaves them out.
///
/// # Errors
/// What `body` returns, and what the writer it is given cannot write.
pub fn to_text(
    format: Format,
    head: &[String],
    keys: &dyn Keys,
    body: impl FnOnce(&mut Writer<'_>) -> Result,
) -> std::result::Result<String, RenderError> {
    match format {
        Format::Yaml => {
            let mut sink = YamlWriter::new();
            for line in head {
                sink.comment(line);
            }
            body(&mut Writer::new(&mut sink, keys))?;
            Ok(sink.finish())
        }
        Format::Json => {
            let mut sink = JsonWriter::new();
            body(&mut Writer::new(&mut sink, keys))?;
            Ok(sink.finish())
        }
    }
}

/// Takes values apart for a [`Sink`].
pub struct Writer<'a> {
    sink: &'a mut dyn Sink,
    keys: &'a dyn Keys,
    depth: usize,
    /// The text of the `Fn::Sub` at hand; kept so that its memory is used again.
    scratch: String,
}

impl<'a> Writer<'a> {
    /// A writer into `sink` that asks `keys` for what is behind a [`Node::Key`].
    pub fn new(sink: &'a mut dyn Sink, keys: &'a dyn Keys) -> Self {
        Writer { sink, keys, depth: 0, scratch: String::new() }
    }

    /// A map with the entries that `body` writes with [`field`](Self::field) and [`entry`](Self::entry).
    ///
    /// # Errors
    /// Those of `body`; nesting deeper than [`MAX_DEPTH`].
    pub fn map(&mut self, body: impl FnOnce(&mut Self) -> Result) -> Result {
        self.nested(|w| {
            w.sink.begin_map();
            body(w)?;
            w.sink.end_map();
            Ok(())
        })
    }

    /// A list with one value for each of `items`, which `each` writes.
    ///
    /// # Errors
    /// Those of `each`; nesting deeper than [`MAX_DEPTH`].
    pub fn list<I: IntoIterator>(
        &mut self,
        items: I,
        mut each: impl FnMut(&mut Self, I::Item) -> Result,
    ) -> Result {
        self.nested(|w| {
            w.sink.begin_list();
            for (index, item) in items.into_iter().enumerate() {
                each(w, item).map_err(|error| error.inside(Step::Index(index)))?;
            }
            w.sink.end_list();
            Ok(())
        })
    }

    /// An entry of a map: its key, and the one value that `value` writes.
    ///
    /// # Errors
    /// Those of `value`; a key that is too long or holds a line break.
    pub fn field(&mut self, key: &str, value: impl FnOnce(&mut Self) -> Result) -> Result {
        self.key(key)?;
        value(self).map_err(|error| error.inside(Step::Key(key.to_owned())))
    }

    /// An entry of a map whose value is a node.
    ///
    /// # Errors
    /// Those of [`node`](Self::node); a key that is too long or holds a line break.
    pub fn entry(&mut self, key: &str, value: &Node) -> Result {
        self.key(key)?;
        self.node(value).map_err(|error| error.inside(Step::Key(key.to_owned())))
    }

    /// An entry of a map whose value is a text, taken literally.
    ///
    /// # Errors
    /// A key that is too long or holds a line break.
    pub fn text_entry(&mut self, key: &str, value: &str) -> Result {
        self.key(key)?;
        self.sink.text(value);
        Ok(())
    }

    /// A text, taken literally.
    ///
    /// # Errors
    /// None today; a `Result` like all values, so that it can end a closure.
    pub fn text(&mut self, text: &str) -> Result {
        self.sink.text(text);
        Ok(())
    }

    /// A whole number.
    ///
    /// # Errors
    /// None today; a `Result` like all values, so that it can end a closure.
    pub fn integer(&mut self, number: i64) -> Result {
        self.sink.integer(number);
        Ok(())
    }

    /// A number.
    ///
    /// # Errors
    /// A number that is not finite.
    pub fn number(&mut self, number: f64) -> Result {
        if !number.is_finite() {
            return Err(Fault::NotFinite(number).into());
        }
        self.sink.number(number);
        Ok(())
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// None today; a `Result` like all values, so that it can end a closure.
    pub fn boolean(&mut self, value: bool) -> Result {
        self.sink.boolean(value);
        Ok(())
    }

    /// Any value.
    ///
    /// # Errors
    /// A number that is not finite, a [`Node::Key`] that nothing is known of, a key of a map that is
    /// too long or holds a line break, nesting deeper than [`MAX_DEPTH`].
    pub fn node(&mut self, node: &Node) -> Result {
        match *node {
            Node::Bool(value) => self.boolean(value),
            Node::Integer(number) => self.integer(number),
            Node::Number(number) => self.number(number),
            Node::Text(text) => self.text(text),
            Node::List(items) => self.list(items, Self::node),
            Node::Map(entries) => {
                self.map(|w| entries.iter().try_for_each(|(key, value)| w.entry(key, value)))
            }
            Node::Name(target) => self.text(target.id()),
            Node::Ref(target) => self.intrinsic("Ref", Some("Ref"), |w| w.id(target.id())),
            Node::NoValue => self.intrinsic("Ref", Some("Ref"), |w| w.text("AWS::NoValue")),
            Node::GetAtt(&Attribute { target, name }) if is_looped(target.id()) => {
                let part = |w: &mut Self, id| if id { w.id(target.id()) } else { w.text(name) };
                self.intrinsic("Fn::GetAtt", Some("GetAtt"), |w| w.list([true, false], part))
            }
            // The long form is a map and a list.
            Node::GetAtt(attribute) => self.nested(|w| {
                w.nested(|w| {
                    w.sink.get_att(attribute.target.id(), attribute.name);
                    Ok(())
                })
            }),
            Node::Sub(pieces) => self.sub(pieces),
            Node::Call(call) => {
                self.intrinsic(call.function.long(), tag(call), |w| w.node(&call.argument))
            }
            Node::Key(key) => self.resolve(key).and_then(|place| self.text(&place)),
        }
    }

    /// The id of something that is referred to. CloudFormation puts a loop's value into the keys inside the loop by
    /// itself, and anywhere else only where a `Fn::Sub` asks for it (cfn-language-discussion, RFC 9).
    ///
    /// # Errors
    /// Nesting deeper than [`MAX_DEPTH`].
    pub fn id(&mut self, id: &str) -> Result {
        if is_looped(id) {
            return self.intrinsic("Fn::Sub", Some("Sub"), |w| w.text(id));
        }
        self.text(id)
    }

    fn intrinsic(
        &mut self,
        name: &str,
        tag: Option<&str>,
        argument: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        self.nested(|w| {
            w.sink.begin_call(name, tag);
            argument(w).map_err(|error| error.inside(Step::Key(name.to_owned())))?;
            w.sink.end_call();
            Ok(())
        })
    }

    fn resolve(&self, key: &Key) -> std::result::Result<String, RenderError> {
        self.keys.resolve(key).ok_or_else(|| Fault::UnknownKey(*key).into())
    }

    fn key(&mut self, key: &str) -> Result {
        if key.len() > MAX_KEY_CHARS
            && (key.len() > MAX_KEY_BYTES || key.chars().count() > MAX_KEY_CHARS)
        {
            return Err(Fault::LongKey(key.to_owned()).into());
        }
        if key.contains('\n') {
            return Err(Fault::BrokenKey(key.to_owned()).into());
        }
        self.sink.key(key);
        Ok(())
    }

    fn nested(&mut self, body: impl FnOnce(&mut Self) -> Result) -> Result {
        if self.depth == MAX_DEPTH {
            return Err(Fault::TooDeep.into());
        }
        self.depth += 1;
        let result = body(self);
        self.depth -= 1;
        result
    }
}

/// Whether a loop makes what has this id.
fn is_looped(id: &str) -> bool {
    id.contains("${")
}

/// The YAML tag of a function's short form, if AWS documents one that may hold any argument: the
/// functions of `AWS::LanguageExtensions` have none, those of rules are only shown in the long form, and
/// `!GetStackOutput` may hold no other short form. A scalar behind a tag is a text to all readers, so a
/// number or boolean needs the long form.
fn tag(call: &Call) -> Option<&'static str> {
    if matches!(call.argument, Node::Bool(_) | Node::Integer(_) | Node::Number(_)) {
        return None;
    }
    match call.function {
        Function::And
        | Function::Base64
        | Function::Cidr
        | Function::Condition
        | Function::Equals
        | Function::FindInMap
        | Function::GetAzs
        | Function::If
        | Function::ImportValue
        | Function::Join
        | Function::Not
        | Function::Or
        | Function::Select
        | Function::Split
        | Function::Transform => Some(call.function.short()),
        Function::Contains
        | Function::EachMemberEquals
        | Function::EachMemberIn
        | Function::GetStackOutput
        | Function::Length
        | Function::RefAll
        | Function::ToJsonString
        | Function::ValueOf
        | Function::ValueOfAll => None,
    }
}
