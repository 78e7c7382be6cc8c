//! References that an author wrote by hand, as a map with the function's key.
//!
//! `Condition` is left out: the same key with a text is data in many a property, and the conditions of a template are
//! no maps of the author's.

use crate::node::Node;

/// What a map with one key refers to, as CloudFormation reads it.
pub(super) enum Written {
    /// `Ref`.
    Ref(&'static str),
    /// `Fn::GetAtt`: the resource, and the attribute if it is literal.
    GetAtt(&'static str, Option<&'static str>),
    /// `Fn::If`: the condition.
    If(&'static str),
    /// `Fn::Sub`: its text, and its own variables.
    Sub(&'static str, &'static [(&'static str, Node)]),
}

/// The reference, if the map is one whose names are literal.
pub(super) fn written(entries: &'static [(&'static str, Node)]) -> Option<Written> {
    let [(key, argument)] = entries else { return None };
    match (*key, *argument) {
        ("Ref", Node::Text(name)) => Some(Written::Ref(name)),
        ("Fn::GetAtt", Node::Text(name)) => {
            let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
            Some(Written::GetAtt(id, Some(attribute)))
        }
        ("Fn::GetAtt", Node::List([Node::Text(id), attribute])) => {
            let Node::Text(attribute) = attribute else { return Some(Written::GetAtt(id, None)) };
            Some(Written::GetAtt(id, Some(attribute)))
        }
        ("Fn::If", Node::List([Node::Text(condition), _, _])) => Some(Written::If(condition)),
        ("Fn::Sub", Node::Text(text)) => Some(Written::Sub(text, &[])),
        ("Fn::Sub", Node::List([Node::Text(text), Node::Map(variables)])) => {
            Some(Written::Sub(text, variables))
        }
        _ => None,
    }
}
