//! What may stand nowhere in a template: nothing at all, and numbers as keys. Also texts that look as if a function filled
//! them in, and dynamic references.

use std::collections::HashSet;

use formwork::read::{Content, Entry, Segment, pointer};
use formwork::render::Format;

use super::Shape;
use super::rules::RULES;
use crate::finding::{Rule, shown};
use crate::references::is_pseudo;

const NULL: &Rule = Rule::of(RULES, "FW8003");
const NUMBER: &Rule = Rule::of(RULES, "FW8004");
const BARE: &Rule = Rule::of(RULES, "FW8045");
const DYNAMIC: &Rule = Rule::of(RULES, "FW8046");

/// After so many of one kind in one template, no more are said.
const MOST: usize = 20;

pub(super) fn check(shape: &mut Shape<'_>) {
    let (root, template) = (shape.root, shape.template);
    // A transform reads the keys itself, and writes them anew.
    let has_numbers = template.document.format == Format::Yaml && !shape.is_serverless;
    let names = names(shape);
    let mut left = [MOST; 4];
    let mut is_left = |which: usize| {
        let is_left = left[which] > 0;
        left[which] -= usize::from(is_left);
        is_left
    };
    root.walk(|path, tree| match tree.content() {
        Content::Scalar(text, _) => {
            let found = if tree.is_null() {
                Some((0, NULL, null(path)))
            } else if text.contains("{{resolve:") {
                dynamic(text).map(|wrong| (1, DYNAMIC, wrong))
            } else if text.contains("${") && !is_filled(path) {
                let said = |name| {
                    format!("`${{{}}}` stays as it is: no `Fn::Sub` is around it", shown(name))
                };
                bare(text, &names).map(|name| (2, BARE, said(name)))
            } else {
                None
            };
            if let Some((which, rule, message)) = found
                && is_left(which)
            {
                shape.say(rule, template.place_at(tree, &pointer(path)), message);
            }
        }
        Content::Map(entries) if has_numbers => {
            for entry in entries.iter().filter(|entry| is_number(entry)) {
                if is_left(3) {
                    let path = [path, &[Segment::Key(&entry.key)]].concat();
                    let message = format!("the key `{}` is read as a number", shown(&entry.key));
                    shape.say(
                        NUMBER,
                        template.place(entry.key_span.start, &pointer(&path)),
                        message,
                    );
                }
            }
        }
        _ => {}
    });
}

fn null(path: &[Segment<'_>]) -> String {
    match path.last() {
        Some(Segment::Key(key)) => format!("`{}` has no value", shown(key)),
        _ => "an item of a list has no value".to_owned(),
    }
}

/// Whether a key is a number that is not in quotes.
fn is_number(entry: &Entry) -> bool {
    let is_numeric = entry.key.starts_with(|c: char| c.is_ascii_digit())
        && entry.key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && entry.key.parse::<f64>().is_ok();
    let span = entry.key_span;
    let length = span.end.column.saturating_sub(span.start.column) as usize;
    is_numeric && span.start.line == span.end.line && length == entry.key.len()
}

/// What `${…}` would mean in `Fn::Sub`.
fn names<'t>(shape: &Shape<'t>) -> HashSet<&'t str> {
    ["Parameters", "Resources"]
        .iter()
        .flat_map(|name| shape.section(name))
        .map(|it| it.key.as_str())
        .collect()
}

/// Whether a function, a service or a loop fills in what stands there, or nobody does on purpose.
fn is_filled(path: &[Segment<'_>]) -> bool {
    const FILLED: [&str; 10] = [
        "Fn::Sub",
        "Definition",
        "DefinitionString",
        "Description",
        "TemplateBody",
        "UserData",
        "ZipFile",
        "InlineCode",
        "Body",
        "DefinitionBody",
    ];
    let is_of = |segment: &Segment<'_>| match segment {
        Segment::Key(key) => FILLED.contains(key) || key.starts_with("Fn::ForEach::"),
        Segment::Index(_) => false,
    };
    !matches!(path.first(), Some(Segment::Key("Resources" | "Outputs"))) || path.iter().any(is_of)
}

/// The first `${…}` in a text that names something of the template.
fn bare<'a>(text: &'a str, names: &HashSet<&str>) -> Option<&'a str> {
    text.split("${").skip(1).find_map(|rest| {
        let name = rest.split_once('}')?.0;
        let is_pseudo = is_pseudo(name);
        (is_pseudo || names.contains(name)).then_some(name)
    })
}

/// What is wrong with a dynamic reference that is the whole text. What a function completes is not judged.
fn dynamic(text: &str) -> Option<String> {
    let is_whole = |text: &str| text.starts_with("{{resolve:") && text.ends_with("}}");
    if !is_whole(text.trim()) {
        return None;
    }
    text.split("{{resolve:").skip(1).find_map(|rest| {
        let inner = rest.split_once("}}")?.0;
        if inner.contains("${") {
            return None;
        }
        let (service, name) = inner.split_once(':').unwrap_or((inner, ""));
        let shown = shown(&format!("{{{{resolve:{inner}}}}}"));
        match service {
            "ssm" | "ssm-secure" => {
                let (name, version) = name
                    .split_once(':')
                    .map_or((name, None), |(name, version)| (name, Some(version)));
                let fits = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
                let is_wrong = name.is_empty()
                    || !name.chars().all(fits)
                    || version.is_some_and(|it| {
                        it.is_empty() || !it.bytes().all(|byte| byte.is_ascii_digit())
                    });
                // The ARN of a parameter that is shared has colons of its own.
                (is_wrong && !name.starts_with("arn"))
                    .then(|| format!("`{shown}` names no parameter of Systems Manager"))
            }
            "secretsmanager" => {
                let parts: Vec<&str> = name.split(':').collect();
                let parts =
                    if parts[0] == "arn" { parts.get(6..).unwrap_or_default() } else { &parts[..] };
                let is_wrong = parts.first().is_none_or(|name| name.is_empty())
                    || parts.get(1).is_some_and(|what| !matches!(*what, "" | "SecretString"))
                    || parts.len() > 5;
                is_wrong.then(|| format!("`{shown}` names no secret"))
            }
            _ => None,
        }
    })
}
