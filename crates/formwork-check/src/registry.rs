//! What is known of resource types: schemas, attributes, regions, and values that vary by region.
//!
//! The data are part of the program, packed by `formwork-codegen`. A service's schemas are inflated when a
//! template first uses it, a type's schema is parsed then, and both are kept. Nothing in here looks at a template.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::dates::date_behind;
use crate::schema::model::TypeSchema;

const INDEX: &str = include_str!("../data/index.txt");
const REGIONAL: &str = include_str!("../data/regional.txt");
const BLOCKS: &[u8] = include_bytes!("../data/schemas.bin");

/// No block inflates to more.
const MOST: usize = 64 << 20;

struct Service {
    block: &'static [u8],
    text: OnceLock<String>,
}

struct Type {
    service: usize,
    start: usize,
    length: usize,
    regions: u64,
    schema: OnceLock<TypeSchema>,
}

struct Index {
    regions: Vec<&'static str>,
    services: Vec<Service>,
    types: HashMap<&'static str, Type>,
}

/// The values of a property by region.
pub(crate) struct Regional {
    regions: Vec<&'static str>,
    values: HashMap<&'static str, u64>,
}

impl Regional {
    /// Whether the region knows the value; `None` if nothing is known of the region.
    pub(crate) fn has(&self, region: &str, value: &str) -> Option<bool> {
        let bit = self.regions.iter().position(|known| *known == region)?;
        Some(self.values.get(value).is_some_and(|mask| mask >> bit & 1 == 1))
    }

    /// Whether some region knows the value.
    pub(crate) fn is_known(&self, value: &str) -> bool {
        self.values.contains_key(value)
    }

    /// All values that a region knows.
    pub(crate) fn of(&self, region: &str) -> Vec<&'static str> {
        let known = |value: &&&'static str| self.has(region, value) == Some(true);
        let mut values: Vec<&'static str> = self.values.keys().filter(known).copied().collect();
        values.sort_unstable();
        values
    }
}

/// The schema of a type, if there is such a type.
#[must_use]
pub(crate) fn schema(kind: &str) -> Option<&'static TypeSchema> {
    let index = index();
    let found = index.types.get(kind)?;
    Some(found.schema.get_or_init(|| {
        let service = &index.services[found.service];
        let text = service.text.get_or_init(|| inflate(service.block));
        let text = text.get(found.start..found.start + found.length).unwrap_or_default();
        serde_json::from_str(text).expect("the packed schemas are what this crate reads")
    }))
}

/// The names of all types.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    index().types.keys().copied()
}

/// Whether a type is in a region; `None` if nothing is known of the type or the region.
#[must_use]
pub(crate) fn is_in_region(kind: &str, region: &str) -> Option<bool> {
    let index = index();
    let found = index.types.get(kind).filter(|found| found.regions != 0)?;
    let bit = index.regions.iter().position(|known| *known == region)?;
    Some(found.regions >> bit & 1 == 1)
}

/// The properties of a type whose values vary by region: each with its path, in which `*` is any item.
pub(crate) fn regional(kind: &str) -> &'static [(&'static str, &'static Regional)] {
    static ALL: OnceLock<HashMap<&'static str, Vec<(&'static str, &'static Regional)>>> =
        OnceLock::new();
    ALL.get_or_init(read_regional).get(kind).map_or(&[], Vec::as_slice)
}

/// The day that the schemas are of: the index says so in its second line.
pub(crate) const DATE: &str = date_behind(INDEX, "registry schemas of ");

fn inflate(block: &[u8]) -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(block, MOST)
        .expect("the packed schemas inflate");
    String::from_utf8(bytes).expect("the packed schemas are text")
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(read_index)
}

fn read_index() -> Index {
    const BROKEN: &str = "the index of the packed schemas is whole";
    let mut index = Index { regions: Vec::new(), services: Vec::new(), types: HashMap::new() };
    for line in INDEX.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let first = words.next().expect(BROKEN);
        let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).expect(BROKEN);
        match first {
            "regions" => index.regions = words.collect(),
            "service" => {
                let (start, length): (usize, usize) = (number(words.nth(1)), number(words.next()));
                let block = &BLOCKS[start..start + length];
                index.services.push(Service { block, text: OnceLock::new() });
            }
            kind => {
                let (start, length) = (number(words.next()), number(words.next()));
                let regions = words.next().and_then(|word| u64::from_str_radix(word, 16).ok());
                let service = index.services.len() - 1;
                let regions = regions.expect(BROKEN);
                let found = Type { service, start, length, regions, schema: OnceLock::new() };
                index.types.insert(kind, found);
            }
        }
    }
    index
}

fn read_regional() -> HashMap<&'static str, Vec<(&'static str, &'static Regional)>> {
    let mut read: Vec<(&'static str, &'static str, Regional)> = Vec::new();
    let mut same = Vec::new();
    for line in REGIONAL.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&'static str> = line.split(' ').collect();
        match words.as_slice() {
            ["property", kind, property, regions @ ..] => {
                let regional = Regional { regions: regions.to_vec(), values: HashMap::new() };
                read.push((kind, property, regional));
            }
            ["same", kind, property, of, its] => same.push((*kind, *property, *of, *its)),
            [mask, values @ ..] => {
                let mask = u64::from_str_radix(mask, 16).unwrap_or_default();
                if let Some((_, _, regional)) = read.last_mut() {
                    regional.values.extend(values.iter().map(|value| (*value, mask)));
                }
            }
            [] => {}
        }
    }
    let mut all: HashMap<&'static str, Vec<(&'static str, &'static Regional)>> = HashMap::new();
    for (kind, property, regional) in read {
        let regional: &'static Regional = Box::leak(Box::new(regional));
        all.entry(kind).or_default().push((property, regional));
    }
    for (kind, property, of, its) in same {
        let found = all.get(of).and_then(|known| known.iter().find(|(name, _)| *name == its));
        if let Some((_, regional)) = found.copied() {
            all.entry(kind).or_default().push((property, regional));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_can_be_read() {
        let kinds: Vec<&str> = types().collect();
        assert!(kinds.len() > 1_800, "{}", kinds.len());
        for kind in kinds {
            assert!(schema(kind).is_some(), "{kind}");
        }
        assert!(schema("AWS::S3::Bukket").is_none());
    }

    #[test]
    fn regions_are_known() {
        assert_eq!(is_in_region("AWS::S3::Bucket", "eu-central-1"), Some(true));
        assert_eq!(is_in_region("AWS::S3::Bucket", "moon-east-1"), None);
        let (property, regional) = regional("AWS::EC2::Instance")[0];
        assert_eq!(property, "InstanceType");
        assert_eq!(regional.has("us-east-1", "t3.micro"), Some(true));
        assert_eq!(regional.has("us-east-1", "t3.mikro"), Some(false));
    }

    #[test]
    fn every_value_that_varies_by_region_has_a_property() {
        let mut count = 0;
        for kind in types() {
            for (property, _) in regional(kind) {
                let schema = schema(kind).expect("listed types have schemas");
                assert!(schema.property(property).is_some(), "{kind} {property}");
                count += 1;
            }
        }
        assert!(count > 25, "{count}");
    }
}
