//! What can be said of values that are not known: their type, their kind, how long they are at least.

use formwork::evaluate::Text;
use formwork::read::Position;

use super::model::{Prop, Types};
use super::validate::Validator;
use super::{kinds, rules};
use crate::finding::Rule;
use crate::registry;
use crate::value::Origin;

impl Validator<'_> {
    /// What is not known has a type all the same, and often a kind.
    pub(super) fn unknown(&mut self, prop: &Prop, origin: &Origin, at: Position) {
        self.is_unsure = true;
        let target = self.schema.target(prop);
        self.forms_of_unknown(prop, origin, at);
        if let Some((rule, message)) = self.wrong_type(&target.types, origin) {
            self.say(rule, at, message);
        }
        if let Some(format) = &target.format
            && let Some(message) = kinds::mismatch(format, origin, self.resources)
        {
            self.say(&kinds::WRONG_KIND, at, message);
        }
    }

    /// Whether a list stands for a single value, or the reverse.
    fn wrong_type(&self, types: &Types, origin: &Origin) -> Option<(&'static Rule, String)> {
        let is_wanted = types.has("array");
        let has_scalar = types.has_scalar() && !types.0.is_empty();
        let wants_list = is_wanted && !has_scalar;
        let wants_one = has_scalar && !is_wanted && !types.has("object");
        let wants_map = types.has("object") && !has_scalar && !is_wanted;
        let (gives, is_list) = match origin {
            Origin::Parameter(name, kind) => {
                let is_list = kind == "CommaDelimitedList" || kind.contains("List<");
                (format!("the parameter `{name}` is a `{kind}`"), is_list)
            }
            Origin::Text(function) => (format!("{function} gives a text"), false),
            Origin::List(function) => (format!("{function} gives a list"), true),
            Origin::Resource(id) if self.is_plain_resource(id) => {
                (format!("`Ref` of `{id}` gives a text"), false)
            }
            Origin::Attribute(id, name) => {
                let (what, is_list) = match self.attribute_type(id, name)? {
                    "array" => ("a list", true),
                    "string" | "integer" | "number" | "boolean" => ("a text", false),
                    _ => return None,
                };
                (format!("`{name}` of `{id}` is {what}"), is_list)
            }
            Origin::Resource(_) | Origin::Other => return None,
        };
        let is_parameter = matches!(origin, Origin::Parameter(..));
        // Some services take a map as a text of JSON; no attribute or name is one.
        let is_of_resource = matches!(origin, Origin::Resource(_) | Origin::Attribute(..));
        let is_wrong = wants_map && is_of_resource || if is_list { wants_one } else { wants_list };
        let rule = if is_parameter { &rules::PARAMETER_TYPE } else { &rules::WRONG_TYPE };
        let wanted = match (wants_list, wants_map) {
            (true, _) => "a list",
            (_, true) => "a map",
            _ => "a single value",
        };
        is_wrong.then(|| (rule, format!("{gives} where {wanted} belongs")))
    }

    /// The JSON type of an attribute, where it is known.
    fn attribute_type(&self, id: &str, name: &str) -> Option<&'static str> {
        let kind = self.resources.get(id).filter(|_| self.is_plain_resource(id))?;
        registry::schema(kind)?.attributes.get(name)?.as_deref()
    }

    /// Whether `Ref` of a resource gives a text for sure.
    fn is_plain_resource(&self, id: &str) -> bool {
        self.resources
            .get(id)
            .is_some_and(|kind| kind.starts_with("AWS::") && !kind.starts_with("AWS::Serverless::"))
    }

    /// A text with gaps: its type is known, and how long it is at least.
    pub(super) fn partial_text(&mut self, prop: &Prop, text: &Text, at: Position) {
        self.is_unsure = true;
        let target = self.schema.target(prop);
        if !target.types.has_scalar() {
            let wanted = target.types.0.join(" or ");
            let violation =
                self.say(&rules::WRONG_TYPE, at, format!("a text where {wanted} belongs"));
            violation.given = Some(text.to_string());
            return;
        }
        if let Some(most) = target.max_length
            && text.least_chars() > most
            && target.types.has("string")
        {
            let least = text.least_chars();
            let violation =
                self.say(&rules::LENGTH, at, format!("the text has {least} characters or more"));
            violation.given = Some(text.to_string());
            violation.allowed = Some(format!("at most {most} characters"));
        }
    }
}
