//! What can be said of values that are not known: their type, their kind, how long they are at least.

use formwork::evaluate::Text;
use formwork::read::Position;

use super::model::Prop;
use super::validate::Validator;
use super::{kinds, rules};
use crate::data;
use crate::value::Origin;

impl Validator<'_> {
    /// What is not known has a type all the same, and often a kind.
    pub(super) fn unknown(&mut self, prop: &Prop, origin: &Origin, at: Position) {
        self.is_unsure = true;
        let target = self.schema.target(prop);
        self.forms_of_unknown(prop, origin, at);
        let types = &target.types;
        let is_list = types.has("array");
        let (wants_list, wants_text) =
            (is_list && !types.has_scalar(), !is_list && types.has_scalar() && !types.0.is_empty());
        match origin {
            Origin::Parameter(name, kind) => {
                let is_list = kind == "CommaDelimitedList" || kind.contains("List<");
                let wrong = if is_list { wants_text && !types.has("object") } else { wants_list };
                if wrong {
                    let wanted = if wants_list { "a list" } else { "a single value" };
                    self.say(
                        &rules::PARAMETER_TYPE,
                        at,
                        format!("the parameter `{name}` is a `{kind}` where {wanted} belongs"),
                    );
                }
            }
            Origin::Text(what) if wants_list => {
                self.say(
                    &rules::WRONG_TYPE,
                    at,
                    format!("{what} gives a text where a list belongs"),
                );
            }
            Origin::List(what) if wants_text && !types.has("object") => {
                self.say(
                    &rules::WRONG_TYPE,
                    at,
                    format!("{what} gives a list where a text belongs"),
                );
            }
            Origin::Resource(id) if wants_list && self.is_plain_resource(id) => {
                self.say(
                    &rules::WRONG_TYPE,
                    at,
                    format!("`Ref` of `{id}` gives a text where a list belongs"),
                );
            }
            Origin::Attribute(id, name) => {
                let gives = self.attribute_type(id, name);
                let wrong = match gives {
                    Some("array") => wants_text && !types.has("object"),
                    Some("string" | "integer" | "number" | "boolean") => wants_list,
                    _ => false,
                };
                if wrong {
                    let (gives, wanted) =
                        if wants_list { ("a text", "a list") } else { ("a list", "a text") };
                    let message = format!("`{name}` of `{id}` is {gives} where {wanted} belongs");
                    self.say(&rules::WRONG_TYPE, at, message);
                }
            }
            _ => {}
        }
        if let Some(format) = &target.format
            && let Some(message) = kinds::mismatch(format, origin, self.resources)
        {
            self.say(&kinds::WRONG_KIND, at, message);
        }
    }

    /// The JSON type of an attribute, where it is known.
    fn attribute_type(&self, id: &str, name: &str) -> Option<&'static str> {
        let kind = self.resources.get(id).filter(|_| self.is_plain_resource(id))?;
        data::schema(kind)?.attributes.get(name)?.as_deref()
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
