//! Family 3: types, and values that vary by region, that a target region lacks.
//!
//! A resource under a condition that is false in a region does not count there. A region of which nothing is
//! known is not judged.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use formwork::evaluate::{Resource, Surroundings};
use formwork::read::{Position, Segment, pointer};
use indexmap::IndexMap;

use crate::finding::{Finding, MOST, Place, Rule, Severity};
use crate::registry::{self, Regional};
use crate::subject::{CheckedTemplate, Subject, TOO_MUCH};
use crate::value::{Value, Views, What, in_any_launch};

const AVAILABLE: &str =
    "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html";

/// A type that a region lacks.
pub const TYPE: Rule = Rule {
    id: "FW3001",
    severity: Severity::Error,
    title: "a resource type that a target region lacks",
    why: "The stack cannot be made there.",
    mend: "Put the resource under a condition on `AWS::Region`, or leave the region out.",
    source: AVAILABLE,
};

/// A value that a region lacks.
pub const VALUE: Rule = Rule {
    id: "FW3002",
    severity: Severity::Error,
    title: "a value that a target region lacks",
    why: "The resource cannot be made there.",
    mend: "Choose a value that all target regions have, or a mapping by region.",
    source: AVAILABLE,
};

/// A value that no region has.
pub const NOWHERE: Rule = Rule {
    id: "FW3003",
    severity: Severity::Warning,
    title: "a value that no region is known to have",
    why: "The resource can most likely be made nowhere.",
    mend: "Correct the value, or look whether it is newer than the data.",
    source: AVAILABLE,
};

/// What is of one region.
pub const OF_ONE: Rule = Rule {
    id: "FW3004",
    severity: Severity::Error,
    title: "an image or zone of another region",
    why: "An image and an availability zone are of one region; the resource cannot be made in the others.",
    mend: "Take the image from a public parameter of Systems Manager or a mapping by region, the zone from `Fn::GetAZs`.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
};

/// The rules of this family.
pub const RULES: &[Rule] = &[TYPE, VALUE, NOWHERE, OF_ONE];

/// Where the id of an image stands.
const IMAGES: [(&str, &str); 3] = [
    ("AWS::AutoScaling::LaunchConfiguration", "ImageId"),
    ("AWS::EC2::Instance", "ImageId"),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.ImageId"),
];

/// Where the name of an availability zone stands.
const ZONES: [(&str, &str); 8] = [
    ("AWS::AutoScaling::AutoScalingGroup", "AvailabilityZones.*"),
    ("AWS::EC2::Instance", "AvailabilityZone"),
    ("AWS::EC2::Subnet", "AvailabilityZone"),
    ("AWS::EC2::Volume", "AvailabilityZone"),
    ("AWS::ElastiCache::CacheCluster", "PreferredAvailabilityZone"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "AvailabilityZones.*"),
    ("AWS::RDS::DBCluster", "AvailabilityZones.*"),
    ("AWS::RDS::DBInstance", "AvailabilityZone"),
];

/// A type in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It is there.
    There,
    /// It is not there.
    Missing,
    /// No resource of the type is made there.
    Unused,
    /// Nothing is known of the region or the type.
    Unknown,
}

/// Resource types, each with the regions and whether it is there.
pub type Matrix = BTreeMap<String, Vec<(String, Availability)>>;

/// Each type that a subject uses, in each of its regions.
#[must_use]
pub fn matrix(subject: &Subject) -> Matrix {
    let mut matrix = Matrix::new();
    let unused = || subject.regions.iter().map(|region| (region.clone(), Availability::Unused));
    for template in &subject.templates {
        for (index, region) in subject.regions.iter().enumerate() {
            for resource in
                in_any_launch(template.root(), &Surroundings::of_region(region)).resources()
            {
                let Some(kind) =
                    resource.kind.whole().filter(|kind| registry::schema(kind).is_some())
                else {
                    continue;
                };
                let row = matrix.entry(kind.to_owned()).or_insert_with(|| unused().collect());
                row[index].1 = match registry::is_in_region(kind, region) {
                    Some(true) => Availability::There,
                    Some(false) => Availability::Missing,
                    None => Availability::Unknown,
                };
            }
        }
    }
    matrix
}

/// Checks every resource in every target region.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    for template in &subject.templates {
        let mut found = Found::default();
        if !subject.is_launchable(template) {
            let message = "the template is larger than CloudFormation takes: it is looked at for one region, and neither tried with launches nor for what its resources wait for";
            findings.push(Finding::new(TOO_MUCH, Place::file(&template.file), message));
        }
        for region in subject.regions_of(template) {
            in_region(template, region, &mut found);
        }
        // An image may be of the one region that there is.
        found.0.retain(|(rule, value, ..), hit| {
            *rule != OF_ONE.id || !is_image(value) || hit.regions.len() > 1
        });
        findings.extend(found.0.into_iter().map(|((rule, _, _, path), hit)| {
            let mut finding = hit.finding(template, rule, &path);
            if finding.regions.len() == subject.regions.len() && subject.regions.len() > 1 {
                finding.message.push_str(": none of the target regions has it");
            }
            finding.regions.dedup();
            finding
        }));
    }
}

/// What was found, with the regions in which it is so.
#[derive(Default)]
struct Found(IndexMap<(&'static str, String, String, String), Hit>);

impl Found {
    /// Whether there is room for one more: more are never said.
    fn is_full(&self) -> bool {
        self.0.len() > MOST * RULES.len()
    }
}

struct Hit {
    at: Position,
    message: String,
    given: String,
    allowed: Vec<&'static str>,
    regions: Vec<String>,
}

impl Hit {
    fn finding(self, template: &CheckedTemplate, rule: &str, path: &str) -> Finding {
        let rule = match rule {
            "FW3001" => &TYPE,
            "FW3002" => &VALUE,
            "FW3004" => &OF_ONE,
            _ => &NOWHERE,
        };
        let allowed = (!self.allowed.is_empty()).then(|| self.allowed.join(", "));
        Finding {
            rule,
            named: None,
            place: template.place(self.at, path),
            message: self.message,
            given: Some(self.given),
            allowed,
            fix: None,
            regions: self.regions,
        }
    }
}

fn in_region(template: &CheckedTemplate, region: &str, found: &mut Found) {
    // Few types have values that vary by region.
    let views = OnceCell::new();
    let views = || views.get_or_init(|| Views::new(template.root(), region));
    for resource in in_any_launch(template.root(), &Surroundings::of_region(region)).resources() {
        let Some(kind) = resource.kind.whole() else { continue };
        let id = resource.id.to_string();
        if registry::is_in_region(kind, region) == Some(false) && !found.is_full() {
            let at =
                resource.term.get("Type").map_or(resource.position, |term| term.tree.span().start);
            let path =
                pointer(&[Segment::Key("Resources"), Segment::Key(&id), Segment::Key("Type")]);
            let key = (TYPE.id, kind.to_owned(), id.clone(), path);
            let hit = found.0.entry(key).or_insert_with(|| Hit {
                at,
                message: match resource.exists {
                    Some(_) => format!("the type `{kind}` is missing in a target region"),
                    None => format!(
                        "the type `{kind}` is missing in a target region, and nothing known before a launch keeps the resource out of it"
                    ),
                },
                given: kind.to_owned(),
                allowed: Vec::new(),
                regions: Vec::new(),
            });
            hit.regions.push(region.to_owned());
        }
        for (property, regional) in registry::regional(kind) {
            values(views(), &resource, &id, property, &mut |value, path| {
                if let What::Text(text) = &value.what {
                    value_in_region(regional, region, &id, text, path, value.at, found);
                }
            });
        }
        // What hangs on a condition may be meant for the region that has it.
        let is_sure = resource.exists == Some(true);
        let properties = IMAGES.iter().chain(&ZONES).filter(|(name, _)| is_sure && *name == kind);
        for (_, property) in properties {
            values(views(), &resource, &id, property, &mut |value, path| {
                if let What::Text(text) = &value.what
                    && !value.is_default
                    && !path.contains("/Fn::If/")
                {
                    of_one_region(region, &id, text, path, value.at, found);
                }
            });
        }
    }
}

/// What is of one region only: an image of an unknown one, a zone of another.
fn of_one_region(
    region: &str,
    id: &str,
    value: &str,
    path: String,
    at: Position,
    found: &mut Found,
) {
    let message = match zone_region(value) {
        Some(other) if other != region => format!("the zone `{value}` is of the region `{other}`"),
        None if is_image(value) => {
            format!("the image `{value}` is of one region, and the template is for several")
        }
        _ => return,
    };
    let key = (OF_ONE.id, value.to_owned(), id.to_owned(), path);
    let hit = found.0.entry(key).or_insert_with(|| Hit {
        at,
        message,
        given: value.to_owned(),
        allowed: Vec::new(),
        regions: Vec::new(),
    });
    hit.regions.push(region.to_owned());
}

fn is_image(value: &str) -> bool {
    value.strip_prefix("ami-").is_some_and(|digits| {
        [8, 17].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The region of an availability zone, such as `us-east-1` of `us-east-1a`.
fn zone_region(value: &str) -> Option<&str> {
    let region = value.strip_suffix(|letter: char| letter.is_ascii_lowercase())?;
    let mut parts = region.split('-');
    let is_number = parts.next_back()?.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = parts.collect();
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_number && words.len() >= 2 && words.iter().all(is_word)).then_some(region)
}

fn value_in_region(
    regional: &Regional,
    region: &str,
    id: &str,
    value: &str,
    path: String,
    at: Position,
    found: &mut Found,
) {
    if found.is_full() || regional.has(region, value) != Some(false) {
        return;
    }
    let is_known = regional.is_known(value);
    let (rule, message) = if is_known {
        (VALUE.id, format!("`{value}` is missing in a target region"))
    } else {
        (NOWHERE.id, format!("no region is known to have `{value}`"))
    };
    let key = (rule, value.to_owned(), id.to_owned(), path);
    let hit = found.0.entry(key).or_insert_with(|| Hit {
        at,
        message,
        given: value.to_owned(),
        allowed: regional.of(region),
        regions: Vec::new(),
    });
    hit.regions.push(region.to_owned());
}

/// Every value that a property has, with its pointer; `*` in the property's path stands for any item.
pub(crate) fn values(
    views: &Views<'_>,
    resource: &Resource<'_>,
    id: &str,
    property: &str,
    visit: &mut impl FnMut(&Value, String),
) {
    let Some(properties) = resource.attribute("Properties") else { return };
    let mut names = property.split('.');
    let Some(first) = names.next() else { return };
    let Some(term) = properties.get(first) else { return };
    let sure = views.sure(resource);
    let value = views.value(&term, sure);
    let path = ["Resources", id, "Properties", first].map(str::to_owned).to_vec();
    descend(&value, &names.collect::<Vec<_>>(), &path, visit);
}

fn descend(value: &Value, names: &[&str], path: &[String], visit: &mut impl FnMut(&Value, String)) {
    let with = |more: &[&str]| {
        let mut path = path.to_vec();
        path.extend(more.iter().map(|segment| (*segment).to_owned()));
        path
    };
    match (&value.what, names) {
        (What::Choice(branches), _) => {
            for (index, branch) in branches {
                descend(branch, names, &with(&["Fn::If", &index.to_string()]), visit);
            }
        }
        (_, []) => {
            let path: Vec<Segment<'_>> = path.iter().map(|key| Segment::Key(key)).collect();
            visit(value, pointer(&path));
        }
        (What::Map(fields), [name, rest @ ..]) => {
            if let Some(inner) = fields.get(name) {
                descend(inner, rest, &with(&[name]), visit);
            }
        }
        (What::List(items), ["*", rest @ ..]) => {
            for (index, item) in items.iter().enumerate() {
                descend(item, rest, &with(&[&index.to_string()]), visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{is_image, zone_region};

    #[test]
    fn zones_and_images_are_told_by_their_form() {
        assert_eq!(zone_region("us-gov-west-1a"), Some("us-gov-west-1"));
        for other in ["us-east-1", "use1-az1", "a", "us-west-2-lax-1a", ""] {
            assert_eq!(zone_region(other), None, "{other}");
        }
        assert!(is_image("ami-0123456789abcdef0") && is_image("ami-12345678"));
        assert!(!is_image("ami-1") && !is_image("ami-1234567g"));
    }
}
