//! Holds one resource's properties to their schema. What is not known breaks no rule.
//!
//! Forms (`any_of`, `one_of`, conditions) are tried on the side: only what certainly fits none of them counts.
//! Nothing in here knows a template beyond the types of its resources.

use std::collections::{HashMap, HashSet};

use formwork::nearest::nearest;
use formwork::read::Position;

use super::model::{Prop, TypeSchema};
use super::rules;
use crate::finding::{MOST, Rule};
use crate::pattern::{self, Match};
use crate::value::{Fields, Presence, Value, What};

/// A rule that is broken, in one resource.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) rule: &'static Rule,
    pub(crate) at: Position,
    /// The way from the properties to the value.
    pub(crate) path: Vec<String>,
    pub(crate) message: String,
    pub(crate) given: Option<String>,
    pub(crate) allowed: Option<String>,
    pub(crate) fix: Option<String>,
}

/// How many items that are no texts each item of a list is compared with.
const MOST_COMPARED: usize = 200;

/// How deep definitions may lead into each other.
const DEEPEST: usize = 256;

/// Holds values to one type's schema.
pub(crate) struct Validator<'s> {
    pub(super) schema: &'s TypeSchema,
    /// The type of each resource of the template.
    pub(super) resources: &'s HashMap<String, String>,
    /// Whether required properties may come from elsewhere.
    pub(super) is_partial: bool,
    pub(super) path: Vec<String>,
    /// The same way as the schema names it, without functions and with `*` for items.
    pub(super) trail: Vec<String>,
    pub(super) found: Vec<Violation>,
    /// Whether something could not be decided.
    pub(super) is_unsure: bool,
    /// How many forms are being tried around this place.
    pub(super) attempts: usize,
    pub(super) depth: usize,
}

impl<'s> Validator<'s> {
    pub(crate) fn new(schema: &'s TypeSchema, resources: &'s HashMap<String, String>) -> Self {
        Validator {
            schema,
            resources,
            is_partial: false,
            path: Vec::new(),
            trail: Vec::new(),
            found: Vec::new(),
            is_unsure: false,
            attempts: 0,
            depth: 0,
        }
    }

    /// Required properties may come from elsewhere, such as from `Globals`.
    pub(crate) fn partial(mut self, is_partial: bool) -> Self {
        self.is_partial = is_partial;
        self
    }

    /// What is wrong with the properties.
    pub(crate) fn run(mut self, properties: &Value) -> Vec<Violation> {
        self.value(&self.schema.top, properties);
        self.found
    }

    pub(super) fn say(
        &mut self,
        rule: &'static Rule,
        at: Position,
        message: String,
    ) -> &mut Violation {
        // More are never said, and one is enough where only whether there are some counts.
        self.found.truncate(MOST);
        self.found.push(Violation {
            rule,
            at,
            path: self.path.clone(),
            message,
            given: None,
            allowed: None,
            fix: None,
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    pub(super) fn value(&mut self, prop: &Prop, value: &Value) {
        if self.depth >= DEEPEST {
            self.is_unsure = true;
            return;
        }
        if self.attempts == 0 && !value.others.is_empty() {
            self.each_allowed(prop, value);
            return;
        }
        self.depth += 1;
        match &value.what {
            What::Absent => {}
            What::Choice(branches) => self.choice(prop, branches),
            What::Unknown(origin) => self.unknown(prop, origin, value.at),
            What::Partial(text) => self.partial_text(prop, text, value.at),
            _ => self.known(prop, value),
        }
        self.depth -= 1;
    }

    /// A parameter's default, and each other value that it allows.
    fn each_allowed(&mut self, prop: &Prop, value: &Value) {
        let texts = value.others.iter().map(|text| What::Text(text.clone()));
        for what in std::iter::once(value.what.clone()).chain(texts) {
            let one = Value { at: value.at, what, is_default: true, others: Vec::new() };
            self.value(prop, &one);
        }
    }

    /// Each branch by itself; while a form is tried, only what is wrong in all branches counts.
    fn choice(&mut self, prop: &Prop, branches: &[(usize, Value)]) {
        let before = self.found.len();
        let (mut wrong, mut first) = (0, None);
        for (index, branch) in branches {
            let start = self.found.len();
            self.path.extend(["Fn::If".to_owned(), index.to_string()]);
            self.value(prop, branch);
            self.path.truncate(self.path.len() - 2);
            if self.found.len() > start {
                wrong += 1;
                first.get_or_insert(self.found.len());
            }
        }
        if self.attempts > 0 && wrong > 0 {
            self.is_unsure |= wrong < branches.len();
            let kept = if wrong < branches.len() { before } else { first.unwrap_or(before) };
            self.found.truncate(kept);
        }
    }

    fn known(&mut self, prop: &Prop, value: &Value) {
        if let Some(definition) =
            prop.ref_name.as_ref().and_then(|name| self.schema.definitions.get(name))
        {
            self.value(definition, value);
        }
        if !self.has_type(prop, value) {
            return;
        }
        match &value.what {
            What::List(items) => self.list(prop, items, value),
            What::Map(fields) => self.map(prop, fields, value),
            _ => self.scalar(prop, value),
        }
        for part in &prop.all_of {
            self.value(part, value);
        }
        self.forms(prop, value);
    }

    fn has_type(&mut self, prop: &Prop, value: &Value) -> bool {
        let types = &prop.types;
        let fits = |name: &String| match (name.as_str(), &value.what) {
            ("string", What::Text(_) | What::Number(_) | What::Bool(_))
            | ("number", What::Number(_))
            | ("boolean", What::Bool(_))
            | ("array", What::List(_))
            | ("object", What::Map(_)) => true,
            ("integer", What::Number(number)) => is_whole(number),
            ("integer", What::Text(text)) => is_whole(text.trim()),
            ("number", What::Text(text)) => text.trim().parse::<f64>().is_ok(),
            ("boolean", What::Text(text)) => {
                text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
            }
            _ => false,
        };
        if types.0.is_empty() || types.0.iter().any(fits) {
            return true;
        }
        let wanted = types.0.join(" or ");
        let is = match &value.what {
            What::List(_) => "a list",
            What::Map(_) => "a map",
            What::Number(_) => "a number",
            What::Bool(_) => "a boolean",
            _ => "a text",
        };
        let given = value.as_text().map(shorten);
        let violation = self.say(
            &rules::WRONG_TYPE,
            value.at,
            format!("{is} where {} belongs", article(&wanted)),
        );
        violation.given = given;
        violation.allowed = Some(wanted);
        false
    }

    fn list(&mut self, prop: &Prop, items: &[Value], value: &Value) {
        let certain = items.iter().filter(|item| item.presence() == Presence::Yes).count();
        let possible = items.iter().filter(|item| item.presence() != Presence::No).count();
        self.count(value.at, certain, possible, prop.min_items, prop.max_items, "items");
        if prop.unique_items == Some(true) {
            let mut texts = HashSet::new();
            let mut others: Vec<&Value> = Vec::new();
            // Two parameters may have one placeholder as their default.
            for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_default) {
                let is_twice = match item.as_text() {
                    Some(text) => !texts.insert(text),
                    None => others.iter().any(|before| before.is_same(item)),
                };
                if item.as_text().is_none() && others.len() < MOST_COMPARED {
                    others.push(item);
                }
                if is_twice {
                    self.path.push(index.to_string());
                    let violation =
                        self.say(&rules::UNIQUE, item.at, "this item is there already".to_owned());
                    violation.given = item.as_text().map(shorten);
                    self.path.pop();
                }
            }
        }
        if self.trail == ["Tags"] {
            self.tags(items);
        }
        if let Some(wanted) = &prop.contains {
            self.contains(wanted, items, value.at);
        }
        if let Some(schema) = &prop.items {
            self.trail.push("*".to_owned());
            for (index, item) in items.iter().enumerate() {
                self.path.push(index.to_string());
                self.value(schema, item);
                self.path.pop();
            }
            self.trail.pop();
        }
    }

    /// A key may stand only once among tags, whatever its values.
    fn tags(&mut self, items: &[Value]) {
        let key = |item: &Value| match &item.what {
            What::Map(fields) => fields.get("Key").and_then(Value::as_text).map(str::to_owned),
            _ => None,
        };
        let mut seen = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            if let Some(key) = key(item).filter(|key| !seen.insert(key.clone())) {
                self.path.push(index.to_string());
                let message = format!("the tag `{key}` is there already");
                self.say(&rules::UNIQUE, item.at, message).given = Some(key.clone());
                self.path.pop();
            }
        }
    }

    fn count(
        &mut self,
        at: Position,
        certain: usize,
        possible: usize,
        least: Option<usize>,
        most: Option<usize>,
        what: &str,
    ) {
        let (given, allowed) = match (least, most) {
            (Some(least), _) if possible < least => (possible, format!("at least {least}")),
            (_, Some(most)) if certain > most => (certain, format!("at most {most}")),
            _ => {
                self.is_unsure |= certain != possible && (least.is_some() || most.is_some());
                return;
            }
        };
        let violation =
            self.say(&rules::COUNT, at, format!("{given} {what}, where {allowed} may be"));
        violation.given = Some(given.to_string());
        violation.allowed = Some(allowed);
    }

    /// Properties that must be there, and those that must not.
    fn presences(&mut self, prop: &Prop, fields: &Fields, value: &Value) {
        let is_elsewhere = self.is_partial && self.trail.is_empty();
        for name in &prop.required {
            match fields.presence(name) {
                Presence::Yes => {}
                Presence::No if !is_elsewhere => {
                    self.say(
                        &rules::MISSING,
                        value.at,
                        format!("the property `{name}` is missing"),
                    );
                }
                _ => self.is_unsure = true,
            }
        }
        for name in &prop.absent {
            match fields.presence(name) {
                Presence::No => {}
                Presence::Maybe => self.is_unsure = true,
                Presence::Yes => {
                    let message = format!("the property `{name}` may not be there");
                    self.say(&rules::EXCLUDED, value.at, message);
                }
            }
        }
    }

    fn map(&mut self, prop: &Prop, fields: &Fields, value: &Value) {
        self.presences(prop, fields, value);
        self.dependencies(prop, fields, value);
        let certain = fields.fields.iter().filter(|field| field.value.presence() == Presence::Yes);
        let certain = certain.count();
        let possible = if fields.is_open { usize::MAX } else { fields.fields.len() };
        self.count(
            value.at,
            certain,
            possible,
            prop.min_properties,
            prop.max_properties,
            "entries",
        );
        for field in &fields.fields {
            if field.value.presence() != Presence::No {
                self.field(prop, field);
            }
        }
    }

    fn field(&mut self, prop: &Prop, field: &crate::value::Field) {
        self.path.push(field.key.clone());
        self.trail.push(field.key.clone());
        let schema = prop.properties.get(&field.key);
        let by_pattern = || {
            let mut patterns = prop.pattern_properties.iter();
            patterns
                .find(|(pattern, _)| pattern::matches(pattern, &field.key) != Match::No)
                .map(|(_, schema)| schema)
        };
        if let Some(schema) = schema.or_else(by_pattern) {
            if !self.is_read_only(field) {
                self.value(schema, &field.value);
            }
        } else if prop.additional_properties == Some(false) {
            self.unknown_key(prop, field);
        }
        self.path.pop();
        self.trail.pop();
    }

    fn unknown_key(&mut self, prop: &Prop, field: &crate::value::Field) {
        let key = field.key.clone();
        if prop.properties.is_empty() && !prop.pattern_properties.is_empty() {
            let patterns: Vec<String> = prop.pattern_properties.keys().cloned().collect();
            let violation = self.say(
                &rules::PATTERN,
                field.at,
                format!("the key `{key}` does not match the pattern"),
            );
            (violation.given, violation.allowed) = (Some(key), Some(patterns.join(", ")));
            return;
        }
        // Nobody reads so many, and looking for what was meant takes its time.
        if self.found.len() > MOST {
            return;
        }
        let around = &self.trail[..self.trail.len().saturating_sub(1)];
        let is_given = |name: &&str| !self.is_set_by_aws(&[around, &[(*name).to_owned()]].concat());
        let known: Vec<&str> =
            prop.properties.keys().map(String::as_str).filter(is_given).collect();
        let near = nearest(&key, &known).map(|name| format!("write `{name}`"));
        let violation = self.say(
            &rules::UNKNOWN_PROPERTY,
            field.at,
            format!("there is no property `{key}` here"),
        );
        (violation.given, violation.fix) = (Some(key), near);
        violation.allowed = Some(known.join(", "));
    }

    /// Whether only AWS sets what these names lead to.
    fn is_set_by_aws(&self, trail: &[String]) -> bool {
        let read_only = &self.schema.read_only_properties;
        if read_only.is_empty() {
            return false;
        }
        let trail = trail.join("/");
        read_only.contains(&trail) && !self.schema.create_only_properties.contains(&trail)
    }

    fn is_read_only(&mut self, field: &crate::value::Field) -> bool {
        if self.attempts > 0 || !self.is_set_by_aws(&self.trail) {
            return false;
        }
        let violation = self.say(
            &rules::READ_ONLY,
            field.at,
            format!("only AWS sets the property `{}`", field.key),
        );
        violation.given = Some(field.key.clone());
        true
    }
}

fn is_whole(number: &str) -> bool {
    number.parse::<i64>().is_ok()
        || number.parse::<f64>().is_ok_and(|number| number.is_finite() && number.fract() == 0.0)
        || number.starts_with("0x")
        || number.replace('_', "").parse::<i64>().is_ok()
}

fn article(types: &str) -> String {
    match types.as_bytes().first() {
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => format!("an {types}"),
        _ => format!("a {types}"),
    }
}

/// A text as it may stand in a message.
pub(super) fn shorten(text: &str) -> String {
    const SHOWN: usize = 120;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
