//! Reads the schema of a resource type into the arena of its service: which kind of value each property
//! takes, which structs and enums there are.
//!
//! A value that the schema describes as one of several kinds becomes the broadest of them; several kinds of
//! object become one struct whose fields are all optional. Nothing here names a Rust item finally, and
//! nothing here knows which properties are read-only: `naming` and `paths` do.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Result, error};
use crate::meanings::{self, SharedMeanings};
use crate::raw::{Arena, Enum, Field, Kind, Notes, Struct};
use crate::schema::{Prop, Schema};
use crate::services;
use crate::words::{camel, singular};

/// More definitions than this behind one another are a circle.
const DEPTH_LIMIT: usize = 32;

/// Where in a schema a value stands, and what that asks for as a name.
#[derive(Clone, Debug)]
struct Place {
    path: String,
    /// The name of the struct around it; empty for a definition.
    owner: String,
    /// The property's or the definition's name in camel case.
    name: String,
    /// The struct whose property it is; none in a definition.
    holder: Option<usize>,
}

impl Place {
    fn definition(name: &str) -> Self {
        // AWS::Serverless writes `samtranslator__…__Auth` and `AWS::Lambda::Function.ImageConfig`.
        let last = name.rsplit(['.', ':']).next().and_then(|name| name.rsplit("__").next());
        let name = (format!("#{name}"), camel(last.unwrap_or(name)));
        Place { path: name.0, owner: String::new(), name: name.1, holder: None }
    }

    fn element(&self, mark: &str) -> Self {
        Place { path: format!("{}{mark}", self.path), name: singular(&self.name), ..self.clone() }
    }

    /// The `n`th of several alternatives.
    fn alternative(&self, n: usize) -> Self {
        Place { path: format!("{}|{n}", self.path), ..self.clone() }
    }
}

/// Reads one resource type.
pub fn read(schema: &Schema, arena: &mut Arena, shared: &mut SharedMeanings) -> Result<()> {
    let mut reader = Reader { schema, arena, shared, seen: BTreeMap::new() };
    let wanted = camel(services::resource(&schema.type_name));
    let mut required: BTreeSet<&str> = schema.required.iter().map(String::as_str).collect();
    required.extend(schema.all_of.iter().flat_map(|part| &part.required).map(String::as_str));
    let fields = schema.properties.iter().map(|(name, prop)| {
        (
            name.as_str(),
            Candidates { props: vec![prop], required: required.contains(name.as_str()) },
        )
    });
    let root = reader.fill("", &wanted, fields.collect())?;
    reader.arena.roots.push(root);
    Ok(())
}

/// A field of a struct, as one or several parts of its schema describe it.
#[derive(Default)]
struct Candidates<'a> {
    props: Vec<&'a Prop>,
    required: bool,
}

type Fields<'a> = BTreeMap<&'a str, Candidates<'a>>;

struct Reader<'a, 'b> {
    schema: &'a Schema,
    arena: &'b mut Arena,
    shared: &'b mut SharedMeanings,
    /// Structs and enums that were met already, by path.
    seen: BTreeMap<String, Kind>,
}

impl<'a> Reader<'a, '_> {
    /// The value behind references and behind an `all_of` of one.
    fn follow(&self, mut prop: &'a Prop, mut place: Place) -> Result<(&'a Prop, Place)> {
        for _ in 0..DEPTH_LIMIT {
            if let Some(name) = &prop.ref_name {
                prop = self.schema.definitions.get(name).ok_or_else(|| {
                    error!(
                        "{}: no definition `{name}`: patch the schema in patch.rs",
                        self.schema.type_name
                    )
                })?;
                place = Place::definition(name);
            } else if let Some(part) = wrapped(prop) {
                prop = part;
            } else {
                return Ok((prop, place));
            }
        }
        Err(error!(
            "{}{}: definitions refer to one another in a circle: patch the schema in patch.rs",
            self.schema.type_name, place.path
        ))
    }

    fn target(&self, prop: &'a Prop) -> Result<&'a Prop> {
        Ok(self.follow(prop, Place::definition(""))?.0)
    }

    fn kind(&mut self, prop: &'a Prop, place: Place) -> Result<Kind> {
        let (prop, place) = self.follow(prop, place)?;
        if let Some(known) = self.seen.get(&place.path) {
            return Ok(known.clone());
        }
        if self.is_object(prop, 0)? {
            return self.structure(prop, &place);
        }
        let textual = prop.types.is_empty() || prop.types.only() == Some("string");
        let texts = prop.texts();
        if textual && !texts.is_empty() {
            return Ok(self.enumeration(place, texts));
        }
        match prop.types.only() {
            Some("array") => self.list(prop, &place),
            None if prop.types.is_empty() && prop.items.is_some() => self.list(prop, &place),
            Some("string") => self.text(prop, &place),
            Some("integer") => Ok(Kind::Integer),
            Some("number") => Ok(Kind::Number),
            Some("boolean") => Ok(Kind::Boolean),
            Some("object") | None if !prop.pattern_properties.is_empty() => self.map(prop, &place),
            None if prop.types.is_empty() && prop.format.as_deref() != Some("json") => {
                self.untyped(prop, &place)
            }
            None if prop.types.has("string") && !prop.types.has("object") => Ok(Kind::Text),
            _ => Ok(Kind::Json),
        }
    }

    /// Whether the value is an object whose fields the schema lists, itself or in its parts.
    fn is_object(&self, prop: &'a Prop, depth: usize) -> Result<bool> {
        if !(prop.types.is_empty() || prop.types.has("object")) || depth > DEPTH_LIMIT {
            return Ok(false);
        }
        if !prop.properties.is_empty() {
            return Ok(true);
        }
        let mut any = false;
        for part in prop.branches().chain(&prop.all_of) {
            let part = self.target(part)?;
            let is_object = self.is_object(part, depth + 1)?;
            any |= is_object;
            if part.is_kind() && !is_object && !part.is_bare_object() {
                return Ok(false);
            }
        }
        Ok(any)
    }

    fn structure(&mut self, prop: &'a Prop, place: &Place) -> Result<Kind> {
        let mut fields = Fields::new();
        self.collect(prop, true, &mut fields)?;
        let wanted = format!("{}{}", place.owner, place.name);
        self.fill(&place.path, &wanted, fields).map(Kind::Struct)
    }

    /// The fields of an object and of its parts. Those of one alternative among several are optional.
    fn collect(&self, prop: &'a Prop, demanded: bool, fields: &mut Fields<'a>) -> Result<()> {
        for (name, field) in &prop.properties {
            let candidates = fields.entry(name).or_default();
            if !candidates.props.contains(&field) {
                candidates.props.push(field);
            }
        }
        let alone = prop.branches().count() == 1;
        for (part, demanded) in prop
            .all_of
            .iter()
            .map(|part| (part, demanded))
            .chain(prop.branches().map(|part| (part, demanded && alone)))
        {
            self.collect(self.target(part)?, demanded, fields)?;
        }
        for name in prop.required.iter().filter(|_| demanded) {
            if let Some(candidates) = fields.get_mut(name.as_str()) {
                candidates.required = true;
            }
        }
        Ok(())
    }

    fn fill(&mut self, path: &str, wanted: &str, candidates: Fields<'a>) -> Result<usize> {
        let index = self.arena.structs.len();
        let resource = self.schema.type_name.clone();
        self.arena.structs.push(Struct {
            resource,
            path: path.to_owned(),
            wanted: wanted.to_owned(),
            fields: Vec::new(),
        });
        self.seen.insert(path.to_owned(), Kind::Struct(index));
        for (name, candidates) in candidates {
            let place = Place {
                path: format!("{path}.{name}"),
                owner: wanted.to_owned(),
                name: camel(name),
                holder: Some(index),
            };
            let kind = self.alternatives(&candidates.props, &place)?;
            let notes = notes(self.target(candidates.props[0])?);
            let field = Field {
                name: name.to_owned(),
                kind,
                required: candidates.required,
                notes,
                flags: Vec::new(),
            };
            self.arena.structs[index].fields.push(field);
        }
        Ok(index)
    }

    fn enumeration(&mut self, place: Place, values: Vec<String>) -> Kind {
        let kind = Kind::Enum(self.arena.enums.len());
        self.seen.insert(place.path.clone(), kind.clone());
        let resource = self.schema.type_name.clone();
        self.arena.enums.push(Enum {
            resource,
            path: place.path,
            wanted: place.name,
            holder: place.holder,
            values,
        });
        kind
    }

    fn list(&mut self, prop: &'a Prop, place: &Place) -> Result<Kind> {
        let Some(items) = &prop.items else {
            return Ok(Kind::List(Box::new(Kind::Json)));
        };
        let element = match self.kind(items, place.element("[]"))? {
            // `AWS::EC2::SecurityGroup.Ids` stands beside the list, not in its elements.
            Kind::Text => self.meaning(prop)?,
            element => element,
        };
        Ok(Kind::List(Box::new(element)))
    }

    fn map(&mut self, prop: &'a Prop, place: &Place) -> Result<Kind> {
        let values: Vec<&Prop> = prop.pattern_properties.values().collect();
        Ok(Kind::Map(Box::new(self.alternatives(&values, &place.element("{}"))?)))
    }

    fn text(&mut self, prop: &'a Prop, place: &Place) -> Result<Kind> {
        let meaning = self.meaning(prop)?;
        if meaning != Kind::Text {
            return Ok(meaning);
        }
        let parts: Vec<&Prop> = prop.branches().filter(|part| part.is_kind()).collect();
        match self.alternatives(&parts, place)? {
            enumeration @ Kind::Enum(_) => Ok(enumeration),
            _ => Ok(Kind::Text),
        }
    }

    fn meaning(&mut self, prop: &Prop) -> Result<Kind> {
        let own = prop.format.as_deref();
        let branches = prop.branches().filter_map(|part| part.format.as_deref());
        let formats: BTreeSet<&str> = own.into_iter().chain(branches).collect();
        let meaning = meanings::of_formats(&formats, self.shared)
            .map_err(|e| error!("{}: {e}", self.schema.type_name))?;
        Ok(meaning.map_or(Kind::Text, Kind::Meaning))
    }

    /// A value whose schema names no type.
    fn untyped(&mut self, prop: &'a Prop, place: &Place) -> Result<Kind> {
        if prop.format.is_some() {
            return self.meaning(prop);
        }
        let parts: Vec<&Prop> =
            prop.branches().chain(&prop.all_of).filter(|part| part.is_kind()).collect();
        self.alternatives(&parts, place)
    }

    /// The values of all parts together, if each is a list of them.
    fn texts(&self, parts: &[&'a Prop]) -> Result<Option<Vec<String>>> {
        let mut all: Vec<String> = Vec::new();
        for part in parts {
            let part = self.target(part)?;
            let texts = part.texts();
            if texts.is_empty() || !(part.types.is_empty() || part.types.only() == Some("string")) {
                return Ok(None);
            }
            all.extend(texts);
        }
        let mut seen = BTreeSet::new();
        all.retain(|text| seen.insert(text.clone()));
        Ok(Some(all).filter(|all| !all.is_empty()))
    }

    /// One kind for a value that may have several.
    fn alternatives(&mut self, parts: &[&'a Prop], place: &Place) -> Result<Kind> {
        if let [part] = parts {
            return self.kind(part, place.clone());
        }
        if let Some(texts) = self.texts(parts)? {
            return Ok(self.enumeration(place.clone(), texts));
        }
        let mut kinds = BTreeSet::new();
        for (n, part) in parts.iter().enumerate() {
            kinds.insert(self.kind(part, place.alternative(n))?);
        }
        Ok(unify(&Vec::from_iter(kinds)))
    }
}

/// The one part of an `all_of` that says what kind of value it is, where the whole says nothing itself.
fn wrapped(prop: &Prop) -> Option<&Prop> {
    if prop.is_kind_by_itself() {
        return None;
    }
    let mut parts = prop.all_of.iter().filter(|part| part.is_kind());
    parts.next().filter(|_| parts.next().is_none())
}

/// The broadest of several kinds.
fn unify(kinds: &[Kind]) -> Kind {
    let all = |test: fn(&Kind) -> bool| kinds.iter().all(test);
    match kinds {
        [] => Kind::Json,
        [kind] => kind.clone(),
        _ if all(|kind| matches!(kind, Kind::Integer | Kind::Number)) => Kind::Number,
        _ if all(|kind| {
            !matches!(kind, Kind::Json | Kind::Struct(_) | Kind::List(_) | Kind::Map(_))
        }) =>
        {
            Kind::Text
        }
        _ => Kind::Json,
    }
}

fn notes(prop: &Prop) -> Notes {
    let numbers = prop.values.iter().filter(|value| value.is_number()).map(ToString::to_string);
    Notes {
        pattern: prop.pattern.clone(),
        length: (prop.min_length, prop.max_length),
        items: (prop.min_items, prop.max_items),
        range: (prop.minimum.or(prop.exclusive_minimum), prop.maximum.or(prop.exclusive_maximum)),
        numbers: numbers.collect(),
    }
}
