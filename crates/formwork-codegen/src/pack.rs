//! Packs what `formwork-check` knows of resource types: their schemas, attributes and regions.
//!
//! The schemas of a service are one deflated block, so that a check inflates only the services that a template
//! uses; an index in plain text says where each type stands. Pure: `packed` fetches and writes. Nothing here
//! corrects a schema: `mend` does that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::error::{Result, error};
use crate::source::GetAtt;

/// What stands at the head of every text file of the data.
pub(crate) type Head = String;

/// What goes in.
pub(crate) struct Input<'s> {
    /// The schemas, mended.
    pub(crate) schemas: &'s Value,
    /// The attributes of each type.
    pub(crate) get_att: &'s GetAtt,
    /// Region to the types that are there.
    pub(crate) regions: &'s BTreeMap<String, BTreeMap<String, bool>>,
    /// Type and property to the values of each region.
    pub(crate) regional: &'s BTreeMap<(String, String), Regional>,
}

/// The values that each region knows.
pub(crate) type Regional = BTreeMap<String, BTreeSet<String>>;

/// What no check reads.
const UNREAD: [&str; 4] = ["type_name", "source_url", "documentation_url", "replacement_strategy"];

/// What holds of a type; all else holds of its properties as of any object.
const OF_TYPE: [&str; 8] = [
    "conditional_create_only_properties",
    "create_only_properties",
    "definitions",
    "deprecated_properties",
    "primary_identifier",
    "read_only_properties",
    "shut_down",
    "write_only_properties",
];

/// The files, by name.
pub(crate) fn files(input: &Input<'_>, head: &Head) -> Result<BTreeMap<String, Vec<u8>>> {
    let known = known_regions(input.regions);
    let mut index = format!("{head}regions {}\n", known.join(" "));
    let (mut blocks, mut types) = (Vec::new(), 0);
    for (service, members) in services(input.schemas)? {
        let mut text = String::new();
        let mut lines = String::new();
        for (name, schema) in members {
            let schema = with_attributes(name, schema, input.get_att);
            let start = text.len();
            text.push_str(&schema.to_string());
            let mask =
                mask(&known, |region| input.regions[region].get(name).copied().unwrap_or_default());
            writeln!(lines, "{name} {start} {} {mask:x}", text.len() - start)?;
            types += 1;
        }
        let deflated = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 10);
        writeln!(index, "service {service} {} {}", blocks.len(), deflated.len())?;
        index.push_str(&lines);
        blocks.extend(deflated);
    }
    let expected = input.schemas.as_object().map_or(0, Map::len);
    if types != expected {
        return Err(error!("{expected} types go into the packed schemas and {types} come out"));
    }
    let regional = regional_values(input.regional, head)?;
    Ok([
        ("index.txt".to_owned(), index.into_bytes()),
        ("regional.txt".to_owned(), regional.into_bytes()),
        ("schemas.bin".to_owned(), blocks),
    ]
    .into())
}

/// The types of each service.
fn services(schemas: &Value) -> Result<BTreeMap<String, Vec<(&String, &Value)>>> {
    let types = schemas.as_object().ok_or_else(|| error!("the schemas are no map"))?;
    let mut services: BTreeMap<String, Vec<(&String, &Value)>> = BTreeMap::new();
    for (name, schema) in types {
        let service = name.rsplit_once("::").map_or(name.as_str(), |(service, _)| service);
        services.entry(service.to_owned()).or_default().push((name, schema));
    }
    for members in services.values_mut() {
        members.sort_by_key(|(name, _)| *name);
    }
    Ok(services)
}

fn with_attributes(name: &str, schema: &Value, get_att: &GetAtt) -> Value {
    let fields = schema.as_object().into_iter().flatten();
    let fields = fields.filter(|(key, value)| {
        !UNREAD.contains(&key.as_str()) && !matches!(value, Value::Array(items) if items.is_empty())
    });
    let (of_type, of_value): (Vec<_>, Vec<_>) =
        fields.partition(|(key, _)| OF_TYPE.contains(&key.as_str()));
    let owned = |fields: Vec<(&String, &Value)>| -> Map<String, Value> {
        fields.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let mut packed = owned(of_type);
    let names = get_att.names.get(name).into_iter().flatten();
    let attributes: Map<String, Value> = names
        .map(|attribute| {
            let kind = get_att.types.get(name).and_then(|types| types.get(attribute));
            (attribute.clone(), kind.map_or(Value::Null, |kind| json!(kind)))
        })
        .collect();
    packed.insert("attributes".to_owned(), Value::Object(attributes));
    packed.insert("top".to_owned(), Value::Object(owned(of_value)));
    Value::Object(packed)
}

/// The regions of which the source knows the types: where it knows nothing, it repeats those of `us-east-1`.
fn known_regions(regions: &BTreeMap<String, BTreeMap<String, bool>>) -> Vec<&str> {
    const WHOLE: &str = "us-east-1";
    let whole = regions.get(WHOLE);
    let known = regions.iter().filter(|(name, types)| *name == WHOLE || Some(*types) != whole);
    known.map(|(name, _)| name.as_str()).collect()
}

fn mask(regions: &[&str], has: impl Fn(&str) -> bool) -> u64 {
    regions.iter().enumerate().fold(0, |mask, (bit, region)| mask | u64::from(has(region)) << bit)
}

/// Each property with its regions, and the values by the regions that know them.
fn regional_values(all: &BTreeMap<(String, String), Regional>, head: &str) -> Result<String> {
    let mut text = head.to_owned();
    let mut written: BTreeMap<&Regional, (&str, &str)> = BTreeMap::new();
    for ((kind, property), regional) in all {
        if let Some((same_kind, same_property)) = written.get(regional) {
            writeln!(text, "same {kind} {property} {same_kind} {same_property}")?;
            continue;
        }
        written.insert(regional, (kind, property));
        let regions: Vec<&str> = regional.keys().map(String::as_str).collect();
        writeln!(text, "property {kind} {property} {}", regions.join(" "))?;
        let mut by_mask: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        let values: BTreeSet<&String> = regional.values().flatten().collect();
        for value in values {
            let mask = mask(&regions, |region| regional[region].contains(value));
            by_mask.entry(mask).or_default().push(value);
        }
        for (mask, values) in by_mask {
            writeln!(text, "{mask:x} {}", values.join(" "))?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_of_which_nothing_is_known_is_left_out() {
        let types = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), true)).collect();
        let regions = [
            ("us-east-1".to_owned(), types(&["AWS::A::B", "AWS::A::C"])),
            ("eu-west-1".to_owned(), types(&["AWS::A::B"])),
            ("us-iso-east-1".to_owned(), types(&["AWS::A::B", "AWS::A::C"])),
        ];
        assert_eq!(known_regions(&regions.into()), ["eu-west-1", "us-east-1"]);
    }

    #[test]
    fn values_stand_by_the_regions_that_know_them() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let regional: Regional =
            [("a".to_owned(), set(&["x", "y"])), ("b".to_owned(), set(&["y"]))].into();
        let key = |kind: &str| (kind.to_owned(), "P".to_owned());
        let all = [(key("T"), regional.clone()), (key("U"), regional)].into();
        let text = regional_values(&all, "# head\n").expect("written");
        assert_eq!(text, "# head\nproperty T P a b\n1 x\n3 y\nsame U P T P\n");
    }
}
