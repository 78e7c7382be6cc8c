//! How functions are written: which there are, what each takes, and where conditions belong.
//!
//! What a function gives is known for some of them only; where it is not, anything may come. Names are not looked up here.

use formwork::read::{Entry, Segment, Tree, pointer};

use super::rules::RULES;
use super::{EXTENSIONS, Shape, kind, outputs};
use crate::finding::{Rule, shown};

const UNKNOWN: &Rule = Rule::of(RULES, "FW8040");
const ARGUMENT: &Rule = Rule::of(RULES, "FW8041");
const EXTENDED: &Rule = Rule::of(RULES, "FW8042");
const CONDITION: &Rule = Rule::of(RULES, "FW8043");
const IMPORT: &Rule = Rule::of(RULES, "FW8044");

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// Written out; with the language extensions also a function.
    Literal,
    Text,
    Texts,
    List,
    ListOrMap,
    Map,
    Number,
    Condition,
    Any,
}

/// What a function takes.
enum Form {
    One(Takes),
    /// A list of these, of which the first few are needed.
    Each(&'static [Takes], usize),
    /// A list of so many conditions.
    Conditions(usize, usize),
    /// It is looked at by itself.
    Own,
}

use Form::{Conditions, Each, One, Own};
use Takes::{Any, Condition, List, ListOrMap, Literal, Map, Number, Text, Texts};

/// The functions: what each takes, and as words.
/// Source: "Intrinsic function reference", CloudFormation Template Reference.
const FUNCTIONS: [(&str, Form, &str); 27] = [
    ("Condition", One(Literal), "the name of a condition"),
    ("Fn::And", Conditions(2, 10), "a list of 2 to 10 conditions"),
    ("Fn::Base64", One(Text), "a text"),
    (
        "Fn::Cidr",
        Each(&[Text, Number, Number], 2),
        "a list of a range, a number of ranges and perhaps a number of bits",
    ),
    ("Fn::Contains", Each(&[Any, Any], 2), "a list of a list and a text"),
    ("Fn::EachMemberEquals", Each(&[Any, Any], 2), "a list of a list and a text"),
    ("Fn::EachMemberIn", Each(&[Any, Any], 2), "a list of two lists"),
    ("Fn::Equals", Each(&[Any, Any], 2), "a list of two values"),
    ("Fn::FindInMap", Each(&[Text, Text, Text, Map], 3), "a list of a mapping and two keys"),
    ("Fn::GetAZs", One(Text), "a region, or an empty text"),
    ("Fn::GetAtt", Own, "`Resource.Attribute`, or a list of both"),
    (
        "Fn::GetStackOutput",
        Own,
        "a map of `StackName` and `OutputName`, and perhaps `Region` and `RoleArn`",
    ),
    ("Fn::If", Each(&[Literal, Any, Any], 3), "a list of a condition's name and two values"),
    ("Fn::ImportValue", One(Text), "a text"),
    ("Fn::Join", Each(&[Literal, Texts], 2), "a list of a delimiter and a list of texts"),
    ("Fn::Length", One(List), "a list"),
    ("Fn::Not", Conditions(1, 1), "a list of one condition"),
    ("Fn::Or", Conditions(2, 10), "a list of 2 to 10 conditions"),
    ("Fn::RefAll", One(Literal), "a type of parameters"),
    ("Fn::Select", Each(&[Number, List], 2), "a list of an index and a list"),
    ("Fn::Split", Each(&[Literal, Text], 2), "a list of a delimiter and a text"),
    ("Fn::Sub", Own, "a text, or a list of a text and a map"),
    ("Fn::ToJsonString", One(ListOrMap), "a list or a map"),
    ("Fn::Transform", Own, "a map of `Name` and perhaps `Parameters`"),
    ("Fn::ValueOf", Each(&[Literal, Literal], 2), "a list of a parameter and an attribute"),
    (
        "Fn::ValueOfAll",
        Each(&[Literal, Literal], 2),
        "a list of a type of parameters and an attribute",
    ),
    ("Ref", One(Literal), "a name"),
];

/// Functions that give a list.
const LISTS: [&str; 3] = ["Fn::Split", "Fn::GetAZs", "Fn::Cidr"];

/// Functions that give a text or number.
const TEXTS: [&str; 7] = [
    "Fn::Base64",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::GetStackOutput",
];

/// Functions that decide.
const DECIDING: [&str; 4] = ["Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"];

/// What only rules may ask.
const OF_RULES: [&str; 3] = ["Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn"];

/// What the language extensions bring.
const OF_EXTENSIONS: [&str; 2] = ["Fn::Length", "Fn::ToJsonString"];

pub(super) fn check(shape: &mut Shape<'_>) {
    let root = shape.root;
    for condition in shape.section("Conditions").iter().filter(|it| !it.key.starts_with("Fn::")) {
        decides(shape, &condition.value, &["Conditions", &condition.key]);
    }
    root.walk(|path, tree| {
        let Some(Segment::Key(section)) = path.first() else { return };
        if !["Conditions", "Outputs", "Resources", "Rules"].contains(section) {
            return;
        }
        let is_early = matches!(*section, "Conditions" | "Rules");
        for entry in tree.as_map().unwrap_or_default() {
            if entry.key.starts_with("Fn::ForEach") {
                turns(shape, path, entry);
            }
        }
        match tree.intrinsic() {
            // Elsewhere a map of one condition is data, such as a statement of a policy.
            Some(("Condition", _)) if !is_early => {}
            Some((name, _)) if name.starts_with("Fn::ForEach") => {}
            // The section itself, and a resource or output, are no function.
            Some(_) if path.len() >= 2 => function(shape, path, tree),
            _ => {}
        }
    });
}

fn function(shape: &mut Shape<'_>, path: &[Segment<'_>], tree: &Tree) {
    let Some((name, argument)) = tree.intrinsic().filter(|_| !shape.is_full()) else { return };
    let template = shape.template;
    let place = || template.place_at(tree, &pointer(path));
    let Some((_, form, takes)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        let known: Vec<&str> = FUNCTIONS.iter().map(|(known, ..)| *known).collect();
        let near = shape.guess(name, &known);
        let finding =
            shape.say(UNKNOWN, place(), format!("there is no function `{}`", shown(name)));
        finding.fix = near;
        return;
    };
    if OF_EXTENSIONS.contains(&name) && !shape.is_extended {
        let message = format!("`{name}` is of the transform `{EXTENSIONS}`, which is not there");
        shape.say(EXTENDED, place(), message).fix =
            Some(format!("write `Transform: {EXTENSIONS}`"));
    }
    if let Some(wrong) = wrong(form, name, argument, shape.is_extended) {
        let finding = shape.say(ARGUMENT, place(), format!("`{name}` {wrong}"));
        finding.allowed = Some((*takes).to_owned());
        return;
    }
    if let Some(what) = outputs::within(shape, name, argument) {
        let message = format!("`{name}` is given {what} where a text belongs");
        shape.say(ARGUMENT, place(), message).allowed = Some((*takes).to_owned());
        return;
    }
    if name == "Fn::ImportValue" && path.first() == Some(&Segment::Key("Conditions")) {
        let message = "a condition reads `Fn::ImportValue`, before anything is imported";
        shape.say(CONDITION, place(), message.to_owned());
        return;
    }
    if name == "Fn::ImportValue"
        && let Some(what) = late(shape, argument)
    {
        let message = format!("the name that `Fn::ImportValue` looks for depends on {what}");
        shape.say(IMPORT, place(), message);
    }
}

/// What is wrong with an argument.
fn wrong(form: &Form, name: &str, argument: &Tree, is_extended: bool) -> Option<String> {
    let is_made = argument.intrinsic().is_some_and(|(name, _)| name == "Fn::Transform");
    if argument.is_null() || is_made {
        return None;
    }
    let fits = |takes: Takes, tree: &Tree| tree.is_null() || fits(takes, tree, is_extended);
    match form {
        One(_)
            if name == "Fn::GetAZs" && argument.as_str().is_some_and(|it| !may_be_region(it)) =>
        {
            Some("is given a text that is no region".to_owned())
        }
        One(takes) => (!fits(*takes, argument)).then(|| format!("is given {}", kind(argument))),
        Each(takes, least) => {
            let Some(items) = argument.as_list() else {
                return Some(format!("is given {}", kind(argument)));
            };
            let most = if name == "Fn::FindInMap" && !is_extended { *least } else { takes.len() };
            if items.len() < *least || items.len() > most {
                return Some(format!("is given a list of {}", items.len()));
            }
            let bad = takes.iter().zip(items).position(|(takes, item)| !fits(*takes, item));
            let bad =
                bad.map(|at| format!("is given {} as its value {}", kind(&items[at]), at + 1));
            bad.or_else(|| out_of_range(name, items))
        }
        Conditions(least, most) => {
            let Some(items) = argument.as_list() else {
                return Some(format!("is given {}", kind(argument)));
            };
            if items.len() < *least || items.len() > *most {
                return Some(format!("is given a list of {}", items.len()));
            }
            let bad = items.iter().position(|item| !fits(Condition, item))?;
            Some(format!("is given {} as its condition {}", kind(&items[bad]), bad + 1))
        }
        Own => own(name, argument, is_extended),
    }
}

/// A number that no list has, or that `Fn::Cidr` does not take.
fn out_of_range(name: &str, items: &[Tree]) -> Option<String> {
    let number = |at: usize| items.get(at)?.as_str()?.trim().parse::<i64>().ok();
    match name {
        "Fn::Select" => {
            let index = number(0)?;
            let most = items[1].as_list().map(<[_]>::len);
            let is_beyond =
                most.is_some_and(|most| i64::try_from(most).is_ok_and(|most| index >= most));
            (index < 0 || is_beyond)
                .then(|| format!("takes the item {index} of a list that has no such"))
        }
        "Fn::Cidr" => {
            let is_out = |at, most| number(at).is_some_and(|number| number < 1 || number > most);
            (is_out(1, 256) || is_out(2, 128))
                .then(|| "is given a number that is out of range".to_owned())
        }
        _ => None,
    }
}

/// Whether a value may stand where something is taken.
fn fits(takes: Takes, tree: &Tree, is_extended: bool) -> bool {
    let function = tree.intrinsic().map(|(name, _)| name).filter(|name| *name != "Condition");
    let is_text = tree.as_str().is_some();
    match (takes, function) {
        // A macro may make anything.
        (Any, _) | (_, Some("Fn::Transform")) => true,
        (Condition, Some(name)) => DECIDING.contains(&name) || OF_RULES.contains(&name),
        (Condition, None) => tree.get("Condition").is_some(),
        (Literal, function) => is_text || (is_extended && function.is_some()),
        (Text | Number, Some(name)) => !LISTS.contains(&name) && !DECIDING.contains(&name),
        (Texts | List | ListOrMap | Map, Some(name)) => {
            !TEXTS.contains(&name) && !DECIDING.contains(&name)
        }
        (Text, None) => is_text,
        (Number, None) => tree.as_str().is_some_and(|text| text.trim().parse::<i64>().is_ok()),
        (Texts, None) => tree.as_list().is_some_and(|items| {
            items.iter().all(|item| item.is_null() || fits(Text, item, is_extended))
        }),
        (List, None) => tree.as_list().is_some(),
        (ListOrMap, None) => tree.as_list().is_some() || tree.as_map().is_some(),
        (Map, None) => tree.as_map().is_some(),
    }
}

/// Those that are not like the others.
fn own(name: &str, argument: &Tree, is_extended: bool) -> Option<String> {
    let given = || Some(format!("is given {}", kind(argument)));
    match (name, argument.as_list(), argument.as_map()) {
        ("Fn::GetAtt", Some([id, attribute]), _) => {
            let is_name = |tree: &Tree| tree.is_null() || tree.as_str().is_some();
            let is_attribute = is_name(attribute) || attribute.intrinsic().is_some();
            let is_id = is_name(id) || (is_extended && id.intrinsic().is_some());
            (!is_id || !is_attribute).then(|| "is given something else than names".to_owned())
        }
        ("Fn::Sub", Some([text, values]), _) => {
            if text.as_str().is_none() {
                return Some(format!("is given {} as its text", kind(text)));
            }
            let is_made = values.intrinsic().is_some_and(|(name, _)| name == "Fn::Transform");
            let Some(entries) = values.as_map().filter(|_| values.intrinsic().is_none() || is_made)
            else {
                return Some(format!("is given {} where its map belongs", kind(values)));
            };
            let bad = entries.iter().find(|entry| {
                !entry.value.is_null() && !is_made && !fits(Text, &entry.value, is_extended)
            })?;
            Some(format!("is given {} for `{}`", kind(&bad.value), shown(&bad.key)))
        }
        ("Fn::GetAtt" | "Fn::Sub", Some(items), _) => {
            Some(format!("is given a list of {}", items.len()))
        }
        ("Fn::GetAtt" | "Fn::Sub", None, Some(_)) | ("Fn::GetStackOutput", _, None) => given(),
        ("Fn::Transform", _, Some(entries)) => {
            let is_right = argument.get("Name").is_some()
                && entries.iter().all(|it| it.key == "Name" || it.key == "Parameters");
            (!is_right).then(|| "is given a map of other keys".to_owned())
        }
        // A list of transforms runs one after the other.
        ("Fn::Transform", list, None) => {
            if list.is_some() {
                None
            } else {
                given()
            }
        }
        ("Fn::GetStackOutput", _, Some(entries)) => {
            const KNOWN: [&str; 4] = ["OutputName", "Region", "RoleArn", "StackName"];
            if let Some(missing) =
                ["StackName", "OutputName"].iter().find(|name| argument.get(name).is_none())
            {
                return Some(format!("is given no `{missing}`"));
            }
            let bad = entries.iter().find(|entry| !KNOWN.contains(&entry.key.as_str()))?;
            Some(format!("is given `{}`, which it does not take", shown(&bad.key)))
        }
        _ => None,
    }
}

/// That what stands in `Conditions` decides something.
fn decides(shape: &mut Shape<'_>, tree: &Tree, path: &[&str]) {
    if tree.is_null() || fits(Condition, tree, shape.is_extended) {
        return;
    }
    let place = shape.at(tree, path);
    let message =
        format!("the condition `{}` is {}, which decides nothing", shown(path[1]), kind(tree));
    shape.say(CONDITION, place, message);
}

/// `Fn::ForEach`.
fn turns(shape: &mut Shape<'_>, path: &[Segment<'_>], entry: &Entry) {
    if shape.is_full() {
        return;
    }
    let template = shape.template;
    let place = || {
        let path = [path, &[Segment::Key(&entry.key)]].concat();
        template.place(entry.key_span.start, &pointer(&path))
    };
    if !shape.is_extended {
        let message = format!(
            "`{}` is of the transform `{EXTENSIONS}`, which is not there",
            shown(&entry.key)
        );
        shape.say(EXTENDED, place(), message).fix =
            Some(format!("write `Transform: {EXTENSIONS}`"));
        return;
    }
    let is_named = entry
        .key
        .strip_prefix("Fn::ForEach::")
        .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()));
    let wrong = match entry.value.as_list() {
        _ if !is_named => Some("has no name of letters and digits".to_owned()),
        Some([identifier, collection, body]) => {
            let is_collection = collection.as_list().is_some() || collection.intrinsic().is_some();
            let is_right =
                identifier.as_str().is_some() && is_collection && body.as_map().is_some();
            (!is_right).then(|| "is given something else".to_owned())
        }
        Some(items) => Some(format!("is given a list of {}", items.len())),
        None => Some(format!("is given {}", kind(&entry.value))),
    };
    if let Some(wrong) = wrong {
        let finding = shape.say(ARGUMENT, place(), format!("`{}` {wrong}", shown(&entry.key)));
        finding.allowed = Some("a list of an identifier, a collection and a map".to_owned());
    }
}

/// Whether a text may be the code of a region.
fn may_be_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [.., number] = parts.as_slice() else { return false };
    text.is_empty()
        || (parts.len() >= 3
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && parts[..parts.len() - 1]
                .iter()
                .all(|part| part.bytes().all(|b| b.is_ascii_lowercase())))
}

/// What the name of an import depends on, if that is made by the launch itself.
fn late(shape: &Shape<'_>, argument: &Tree) -> Option<String> {
    let resources = shape.root.get("Resources");
    let mut found = None;
    argument.walk(|_, tree| {
        let what = match tree.intrinsic() {
            Some((name @ ("Fn::GetAtt" | "Fn::GetAZs" | "Fn::ImportValue"), _)) => {
                format!("`{name}`")
            }
            Some(("Ref", name)) => {
                let Some(name) = name
                    .as_str()
                    .filter(|name| resources.is_some_and(|all| all.get(name).is_some()))
                else {
                    return;
                };
                format!("the resource `{}`", shown(name))
            }
            _ => return,
        };
        found.get_or_insert(what);
    });
    found
}
