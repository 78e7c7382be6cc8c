//! Values as far as they can be known before a launch. Nothing in here looks at a template.

use std::fmt;

use indexmap::IndexMap;

use super::Text;

/// A value as far as it can be known before a launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A text, of which parts may be unknown.
    Text(Text),
    /// A number as it was written; parameters of type `Number` give texts, as CloudFormation's do.
    Number(String),
    /// A boolean.
    Bool(bool),
    /// A list.
    List(Vec<Known>),
    /// A map in the order of the template.
    Map(IndexMap<String, Known>),
    /// What `AWS::NoValue` gives: the property or item is not there.
    Absent,
    /// What only the launch knows.
    Unknown(Unknown),
}

/// Something that only the launch knows. Two of one source in one stack are the same value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown {
    source: String,
    optional: bool,
}

impl Unknown {
    /// Something of this source.
    #[must_use]
    pub fn new(source: impl Into<String>) -> Self {
        Unknown { source: source.into(), optional: false }
    }

    /// Where it comes from: a parameter's or resource's name, `Topic.Arn`, a pseudo parameter, or a function
    /// and its place such as `Fn::GetAZs at 12:7`. Each `../` in front leads to the stack around.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it may also be absent altogether.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    pub(super) fn or_absent(self, optional: bool) -> Self {
        Unknown { optional, ..self }
    }

    /// The same seen from a nested stack.
    fn seen_inside(&self) -> Self {
        Unknown { source: format!("../{}", self.source), ..*self }
    }
}

impl Known {
    /// A text that is known.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Known::Text(Text::known(text))
    }

    /// Something unknown of this source.
    #[must_use]
    pub fn unknown(source: impl Into<String>) -> Self {
        Known::Unknown(Unknown::new(source))
    }

    /// The text of a text, number or boolean that is known as a whole.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        match self {
            Known::Text(text) => text.whole(),
            Known::Number(number) => Some(number),
            Known::Bool(true) => Some("true"),
            Known::Bool(false) => Some("false"),
            Known::List(_) | Known::Map(_) | Known::Absent | Known::Unknown(_) => None,
        }
    }

    /// The value as CloudFormation would write it in a text; `None` of lists, maps and what is absent.
    #[must_use]
    pub fn to_text(&self) -> Option<Text> {
        match self {
            Known::Text(text) => Some(text.clone()),
            Known::Unknown(unknown) => Some(Text::unknown(unknown.clone())),
            Known::List(_) | Known::Map(_) | Known::Absent => None,
            Known::Number(_) | Known::Bool(_) => self.whole().map(Text::known),
        }
    }

    /// The value of a map with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Known> {
        match self {
            Known::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// Whether nothing in it is unknown.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            Known::Text(text) => text.whole().is_some(),
            Known::Number(_) | Known::Bool(_) | Known::Absent => true,
            Known::List(items) => items.iter().all(Known::is_certain),
            Known::Map(entries) => entries.values().all(Known::is_certain),
            Known::Unknown(_) => false,
        }
    }

    /// Whether both are the same value in CloudFormation's eyes, to whom `1` and `"1"` are; `None` if
    /// that cannot be known.
    #[must_use]
    pub fn same(&self, other: &Known) -> Option<bool> {
        match (self, other) {
            (Known::List(a), Known::List(b)) => same_lists(a, b),
            (Known::Map(a), Known::Map(b)) if self.is_certain() && other.is_certain() => {
                Some(a == b)
            }
            (Known::Map(_), Known::Map(_)) => (self == other).then_some(true),
            (Known::Absent, Known::Absent) => Some(true),
            (Known::Absent, _) | (_, Known::Absent) => None,
            _ => match (self.to_text(), other.to_text()) {
                (Some(a), Some(b)) => a.same(&b),
                (None, None) => Some(false),
                // A list or map, and a text; what is unknown may still be either.
                (None, Some(text)) | (Some(text), None) => {
                    text.as_unknown().is_none().then_some(false)
                }
            },
        }
    }

    /// Whether a list with it may come out without it.
    pub(super) fn may_be_absent(&self) -> bool {
        matches!(self, Known::Absent | Known::Unknown(Unknown { optional: true, .. }))
    }

    /// How much room it takes, about, in bytes.
    pub(super) fn size(&self) -> usize {
        size_of::<Known>() / 2
            + match self {
                Known::Text(text) => text.size(),
                Known::Number(number) => number.len(),
                Known::Bool(_) | Known::Absent => 0,
                Known::List(items) => items.iter().map(Known::size).sum(),
                Known::Map(map) => map.iter().map(|(key, value)| key.len() + value.size()).sum(),
                Known::Unknown(unknown) => unknown.source.len(),
            }
    }

    /// The same with every unknown thing replaced, also within texts.
    pub(super) fn map(&self, replace: &impl Fn(&Unknown) -> Option<Text>) -> Known {
        let or_itself =
            |unknown: &Unknown| replace(unknown).unwrap_or_else(|| Text::unknown(unknown.clone()));
        match self {
            Known::Text(text) => Known::Text(text.map(or_itself)),
            Known::Unknown(unknown) => replace(unknown).map_or_else(|| self.clone(), Known::from),
            Known::List(items) => Known::List(items.iter().map(|item| item.map(replace)).collect()),
            Known::Map(map) => Known::Map(
                map.iter().map(|(key, value)| (key.clone(), value.map(replace))).collect(),
            ),
            Known::Number(_) | Known::Bool(_) | Known::Absent => self.clone(),
        }
    }

    /// What a stack hands to one that it nests, seen from in there.
    pub(super) fn seen_inside(&self) -> Known {
        self.map(&|unknown| Some(Text::unknown(unknown.seen_inside())))
    }
}

/// A text that is nothing but unknown need not be a text.
impl From<Text> for Known {
    fn from(text: Text) -> Self {
        match text.as_unknown() {
            Some(unknown) => Known::Unknown(unknown.clone()),
            None => Known::Text(text),
        }
    }
}

impl From<&str> for Known {
    fn from(text: &str) -> Self {
        Known::text(text)
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}›", self.source)
    }
}

/// Lists compare item by item; as long as one may be absent, their lengths say nothing.
fn same_lists(a: &[Known], b: &[Known]) -> Option<bool> {
    if a.iter().chain(b).any(Known::may_be_absent) {
        return (a == b).then_some(true);
    }
    if a.len() != b.len() {
        return Some(false);
    }
    let same: Vec<Option<bool>> = a.iter().zip(b).map(|(a, b)| a.same(b)).collect();
    if same.contains(&Some(false)) {
        return Some(false);
    }
    same.iter().all(|same| *same == Some(true)).then_some(true)
}
