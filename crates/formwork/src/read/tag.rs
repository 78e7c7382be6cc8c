//! The tags that a template may hold: CloudFormation's short forms, and YAML's own for texts, numbers,
//! lists and maps. Any other is refused, never guessed at.

use super::problem::excerpt;

/// What a tag asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// The intrinsic with this key.
    Intrinsic(&'static str),
    /// A text, whatever it looks like.
    Text,
    /// What would be there without it.
    Nothing,
}

/// The keys of the long forms; the tag is what is behind `Fn::`.
const INTRINSICS: [&str; 27] = [
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::RefAll",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
    "Ref",
];

/// What the tag asks for, or what to say of it.
pub(super) fn tag(handle: &str, suffix: &str) -> Result<Tag, String> {
    let shown = || excerpt(suffix);
    match (handle, suffix) {
        ("!", _) => INTRINSICS
            .iter()
            .find(|name| short(name) == suffix)
            .map(|name| Tag::Intrinsic(name))
            .ok_or_else(|| unknown(suffix)),
        ("", "!") | ("tag:yaml.org,2002:", "str") => Ok(Tag::Text),
        ("tag:yaml.org,2002:", "bool" | "float" | "int" | "map" | "null" | "seq") => {
            Ok(Tag::Nothing)
        }
        ("tag:yaml.org,2002:", _) => Err(format!(
            "the tag `!!{}` is not allowed in a template; only texts, numbers, booleans, lists and maps are: remove it",
            shown(),
        )),
        _ => Err(format!(
            "the tag `!<{}{}>` is not allowed in a template; only the short forms of intrinsics are: remove it",
            excerpt(handle),
            shown(),
        )),
    }
}

fn unknown(suffix: &str) -> String {
    let bare = suffix.strip_prefix("Fn::").unwrap_or(suffix);
    let hint = match INTRINSICS.iter().find(|name| short(name).eq_ignore_ascii_case(bare)) {
        Some(name) => format!("write `!{}`", short(name)),
        None if bare.starts_with("ForEach") => format!("write `Fn::{}:`", excerpt(bare)),
        None => "correct or remove it".to_owned(),
    };
    let suffix = excerpt(suffix);
    format!("the tag `!{suffix}` is no intrinsic of CloudFormation that has a short form: {hint}")
}

/// The tag of a long form's key, without its `!`.
pub(super) fn short(name: &str) -> &str {
    name.strip_prefix("Fn::").unwrap_or(name)
}
