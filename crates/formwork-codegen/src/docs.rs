//! What the documentation of a generated item says: names, constraints and links, never AWS's prose.

use crate::raw::{Flags, Notes};
use crate::services;

/// Patterns longer than this are left to AWS's page.
const PATTERN_LIMIT: usize = 80;

const REFERENCE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";
const SERVERLESS: &str =
    "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide";

/// AWS's page of a resource type or of one of its property types (`path` as in the arena).
pub fn page(type_name: &str, path: &str) -> Option<String> {
    let (service, resource) = (services::of_type(type_name), services::resource(type_name));
    let (service, resource) = (service.to_ascii_lowercase(), resource.to_ascii_lowercase());
    if type_name.starts_with("AMZN::") {
        return None;
    }
    if service == "serverless" {
        return Some(format!("{SERVERLESS}/sam-resource-{resource}.html"));
    }
    // Only definitions have pages; an inline object is described on the page around it.
    let definition =
        path.strip_prefix('#').and_then(|path| path.split(['.', '[', '{', '|']).next());
    Some(match definition {
        None => format!("{REFERENCE}/aws-resource-{service}-{resource}.html"),
        Some(name) => {
            format!(
                "{REFERENCE}/aws-properties-{service}-{resource}-{}.html",
                name.to_ascii_lowercase()
            )
        }
    })
}

/// Where on its page a property is described. Only CloudFormation's own pages mark the places.
pub fn anchor(page: &str, property: &str) -> Option<String> {
    let slug = page.strip_prefix(REFERENCE)?.strip_suffix(".html")?;
    let slug =
        slug.strip_prefix("/aws-resource-").or_else(|| slug.strip_prefix("/aws-properties-"))?;
    Some(format!("{page}#cfn-{slug}-{}", property.to_ascii_lowercase()))
}

/// What holds of a property's values, of its change and of its reading, as one sentence without a stop.
pub fn constraints(notes: &Notes, flags: Flags) -> String {
    let mut parts: Vec<String> = Vec::new();
    if flags.replaces {
        parts.push("a change replaces the resource".to_owned());
    } else if flags.may_replace {
        parts.push("a change may replace the resource".to_owned());
    }
    parts.extend(range(notes.length, " character", "s"));
    parts.extend(range(notes.items, " element", "s"));
    parts.extend(range(notes.range, "", ""));
    if !notes.numbers.is_empty() {
        parts.push(format!("one of {}", notes.numbers.join(", ")));
    }
    parts.extend(notes.pattern.as_deref().and_then(pattern));
    if flags.write_only {
        parts.push("write-only".to_owned());
    }
    if flags.deprecated {
        parts.push("deprecated by AWS".to_owned());
    }
    parts.join("; ")
}

fn range<T>(bounds: (Option<T>, Option<T>), unit: &str, plural: &str) -> Option<String>
where
    T: std::fmt::Display + PartialEq + Default + From<u8>,
{
    let plural_of = |n: &T| if *n == T::from(1) { "" } else { plural };
    match bounds {
        (None, None) => None,
        (Some(least), None) if least == T::default() => None,
        (Some(least), Some(most)) if least == most => {
            Some(format!("{most}{unit}{}", plural_of(&most)))
        }
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}{plural}")),
        (Some(least), None) => Some(format!("at least {least}{unit}{}", plural_of(&least))),
        (None, Some(most)) => Some(format!("at most {most}{unit}{}", plural_of(&most))),
    }
}

fn pattern(pattern: &str) -> Option<String> {
    let says_nothing = [".*", "^.*$", ".+", "^.+$", "[\\s\\S]*", "[\\S\\s]*"].contains(&pattern);
    let odd = pattern.chars().any(char::is_control) || pattern.len() > PATTERN_LIMIT;
    (!says_nothing && !odd).then(|| format!("pattern {}", code(pattern)))
}

/// `text` as Markdown code, whatever backticks it has.
pub fn code(text: &str) -> String {
    if text.trim().is_empty() {
        return format!("{text:?}");
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 || text.starts_with(' ') || text.ends_with(' ') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
