//! What the arguments of `Fn::GetAtt` and `Fn::Sub` name. Says nothing of whether it is there.

use formwork::read::Tree;

/// The resource and the attribute that an argument of `Fn::GetAtt` names: a list of two, or a text with a dot.
pub(crate) fn attribute(argument: &Tree) -> Option<(&str, &str)> {
    match argument.as_list() {
        Some([id, name]) => id.as_str().zip(name.as_str()),
        Some(_) => None,
        None => argument.as_str().and_then(|text| text.split_once('.')),
    }
}

/// The names in `${…}`, of which those in a text's own map name nothing else.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    parts.map(|(name, _)| name.trim()).filter(|name| !name.starts_with('!'))
}
