//! Counts what goes in and what comes out, independently of one another.
//!
//! What goes in is walked in the schemas' JSON as it is, not in the model; what comes out is noted by the
//! printers where they print. A difference is an error that names what differs.
//!
//! Three things are no property types of their own and are counted as what they become: a value that may be an
//! object or a map or something else is free-form JSON; a value that may be an enum or any text is text; what
//! only AWS sets is an attribute.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::{Result, error};

/// How many differences a message names.
const SHOWN: usize = 10;

/// What was met or printed.
#[derive(Debug, Default)]
pub struct Counts {
    /// Resource types.
    pub resources: BTreeSet<String>,
    /// Properties that can be set, by type and path.
    pub properties: BTreeSet<String>,
    /// Values of enums, by type, path and value.
    pub values: BTreeSet<String>,
}

impl Counts {
    /// Notes a resource type.
    pub fn resource(&mut self, type_name: &str) {
        self.resources.insert(type_name.to_owned());
    }

    /// Notes a property of everything that a struct stands for.
    pub fn property(&mut self, origins: &[String], name: &str) {
        self.properties.extend(origins.iter().map(|origin| format!("{origin}.{name}")));
    }

    /// Notes a value of everything that an enum stands for.
    pub fn value(&mut self, origins: &[String], value: &str) {
        self.values.extend(origins.iter().map(|origin| format!("{origin} = {value}")));
    }
}

/// What went in and came out, in one line.
pub fn summary(read: &Counts, written: &Counts) -> String {
    let parts = [
        ("types", &read.resources, &written.resources),
        ("properties", &read.properties, &written.properties),
        ("enum values", &read.values, &written.values),
    ];
    let parts =
        parts.map(|(what, read, written)| format!("{what} {} = {}", read.len(), written.len()));
    parts.join(", ")
}

/// Compares what went in with what came out.
pub fn compare(read: &Counts, written: &Counts) -> Result<()> {
    let mut faults = Vec::new();
    for (what, read, written) in [
        ("resource types", &read.resources, &written.resources),
        ("properties", &read.properties, &written.properties),
        ("enum values", &read.values, &written.values),
    ] {
        for (side, one, other) in [("lost", read, written), ("invented", written, read)] {
            let differ: Vec<&str> = one.difference(other).map(String::as_str).collect();
            if !differ.is_empty() {
                let shown = differ[..differ.len().min(SHOWN)].join("\n    ");
                faults.push(format!("  {} {what} {side}, such as\n    {shown}", differ.len()));
            }
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(error!(
        "what goes in does not come out: the generator has a mistake\n{}",
        faults.join("\n")
    ))
}

/// Walks the schemas, which are patched already.
pub fn read(schemas: &Value) -> Counts {
    let mut counts = Counts::default();
    for (type_name, schema) in schemas.as_object().into_iter().flatten() {
        counts.resource(type_name);
        let read_only = schema["read_only_properties"].as_array().into_iter().flatten();
        let hidden =
            read_only.filter_map(Value::as_str).map(|path| path.split('.').collect()).collect();
        let mut walk = Walk { schema, type_name, counts: &mut counts, seen: BTreeSet::new() };
        walk.fields(&[schema], "", &hidden);
    }
    counts
}

/// What is left of the paths that only AWS sets, as seen from an object.
type Hidden<'a> = BTreeSet<Vec<&'a str>>;

struct Walk<'a, 'b> {
    schema: &'a Value,
    type_name: &'a str,
    counts: &'b mut Counts,
    seen: BTreeSet<(String, Hidden<'a>)>,
}

impl<'a> Walk<'a, '_> {
    /// The parts of one value: itself, what it refers to, and its alternatives; with where it stands.
    fn parts(&self, value: &'a Value, path: String, parts: &mut Vec<&'a Value>) -> String {
        let mut path = path;
        let mut value = value;
        while let Some(name) = value["ref_name"].as_str() {
            value = &self.schema["definitions"][name];
            path = format!("#{name}");
        }
        parts.push(value);
        for list in ["any_of", "one_of", "all_of"] {
            for part in value[list].as_array().into_iter().flatten() {
                let below = self.parts(part, path.clone(), parts);
                // An `all_of` that says nothing itself is what it wraps.
                if list == "all_of" && says_nothing(value) {
                    path = below;
                }
            }
        }
        path
    }

    fn fields(&mut self, parts: &[&'a Value], path: &str, hidden: &Hidden<'a>) {
        if !self.seen.insert((path.to_owned(), hidden.clone())) {
            return;
        }
        let mut fields: Vec<(&'a str, Vec<&'a Value>)> = Vec::new();
        for (name, field) in
            parts.iter().filter_map(|part| part["properties"].as_object()).flatten()
        {
            match fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, described)) if described.contains(&field) => {}
                Some((_, described)) => described.push(field),
                None => fields.push((name, vec![field])),
            }
        }
        for (name, described) in fields {
            let below: Hidden<'a> = hidden.iter().filter_map(|path| step(path, name)).collect();
            if below.iter().any(|rest| rest.iter().all(|part| *part == "*")) {
                continue;
            }
            self.counts.properties.insert(format!("{}{path}.{name}", self.type_name));
            self.value(&described, format!("{path}.{name}"), &below);
        }
    }

    /// A value, as one or several parts of the schema describe it.
    fn value(&mut self, described: &[&'a Value], path: String, hidden: &Hidden<'a>) {
        let mut parts = Vec::new();
        let mut place = path;
        for one in described {
            place = self.parts(one, place, &mut parts);
        }
        let kinds: BTreeSet<&str> = parts.iter().flat_map(|part| kinds_of(part)).collect();
        let only = |kind: &str| kinds.iter().all(|known| *known == kind) && !kinds.is_empty();
        let has = |part: &&Value, key: &str| part[key].is_object();
        let maps =
            parts.iter().any(|part| has(part, "pattern_properties") && !has(part, "properties"));
        let fields = parts.iter().any(|part| has(part, "properties"));
        // Text that holds the object as JSON is allowed beside it, and needs no type.
        let itself = has(&parts[0], "properties") && kinds_of(parts[0]).contains(&"object");
        if itself || (only("object") && fields && !maps) {
            self.fields(&parts, &place, hidden);
        } else if only("object") && !fields {
            let maps =
                parts.iter().filter_map(|part| part["pattern_properties"].as_object()).flatten();
            let values: Vec<&Value> = maps.map(|(_, value)| value).collect();
            if !values.is_empty() {
                self.value(&values, format!("{place}{{}}"), hidden);
            }
        } else if only("array") {
            for items in parts.iter().map(|part| &part["items"]).filter(|items| items.is_object()) {
                self.value(&[items], format!("{place}[]"), hidden);
            }
        } else if only("string") {
            self.texts(described, &place);
        }
    }

    /// The values of an enum, if each way in which it is described lists some.
    fn texts(&mut self, described: &[&'a Value], path: &str) {
        let lists: Vec<Vec<&str>> = described.iter().map(|one| self.list_of(one)).collect();
        if lists.iter().all(|list| !list.is_empty()) {
            let values = lists.into_iter().flatten();
            self.counts
                .values
                .extend(values.map(|text| format!("{}{path} = {text}", self.type_name)));
        }
    }

    /// The value's own list, or those of its alternatives if each of them has one.
    fn list_of(&self, value: &'a Value) -> Vec<&'a str> {
        let mut parts = Vec::new();
        self.parts(value, String::new(), &mut parts);
        let own = values(parts[0]);
        let others = || parts[1..].iter().filter(|part| !kinds_of(part).is_empty());
        if own.is_empty() && others().all(|part| !values(part).is_empty()) {
            return others().flat_map(|part| values(part)).collect();
        }
        own
    }
}

/// The texts that a part lists.
fn values(part: &Value) -> Vec<&str> {
    let lists = ["enum", "enum_case_insensitive"].map(|key| part[key].as_array());
    let texts = lists.into_iter().flatten().flatten().chain([&part["const"]]);
    texts.filter_map(Value::as_str).collect()
}

/// The path as seen from behind the property `name`, if it leads there; elements are passed over.
fn step<'a>(path: &[&'a str], name: &str) -> Option<Vec<&'a str>> {
    let path = if path.first() == Some(&"*") { &path[1..] } else { path };
    (path.first() == Some(&name)).then(|| path[1..].to_vec())
}

fn says_nothing(value: &Value) -> bool {
    ["type", "properties", "items", "pattern_properties", "enum", "format"]
        .iter()
        .all(|key| value[*key].is_null())
}

/// The kinds of JSON that a part allows; none if it only narrows another part.
fn kinds_of(part: &Value) -> Vec<&str> {
    match &part["type"] {
        Value::String(kind) => return vec![kind],
        Value::Array(kinds) => {
            return kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect();
        }
        _ => {}
    }
    let implied = [
        ("properties", "object"),
        ("pattern_properties", "object"),
        ("items", "array"),
        ("enum", "string"),
        ("enum_case_insensitive", "string"),
        ("const", "string"),
        ("format", "string"),
    ];
    implied.iter().filter(|(key, _)| !part[*key].is_null()).map(|(_, kind)| *kind).collect()
}
