//! Any value that is written, as YAML or as JSON, is read back as what it was; and no text makes the
//! reader panic.

use formwork::node::{Function, Key, Node, Piece, Target, TargetKind};
use formwork::read;
use formwork::render::{self, Format};
use formwork::source::Source;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::meaning;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(node in nodes()) {
        let expected = json!({ "Value": long_form(&node) });
        let yaml = written(Format::Yaml, &node);
        prop_assert_eq!(&read_back(&yaml), &expected, "{}", yaml);
        let json = written(Format::Json, &node);
        prop_assert_eq!(&serde_json::from_str::<Value>(&json).expect("JSON is written"), &expected, "{}", json);
        prop_assert_eq!(&read_back(&json), &expected, "{}", json);
    }

    #[test]
    fn no_text_makes_it_panic(text in soup()) {
        if let Err(problems) = read::parse(text.as_bytes()) {
            for problem in problems.list() {
                prop_assert!(problem.position.offset_in(&text) <= text.len());
                prop_assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read::parse(&bytes);
    }
}

/// The texts that other readers are tried with, as values and as keys.
#[test]
fn hostile_texts_are_read_back() {
    let lines = include_str!("../data/render/hostile.txt").lines().filter(|l| l.starts_with('"'));
    let texts: Vec<String> = lines
        .map(|line| serde_json::from_str(line).expect("every line is a JSON string"))
        .collect();
    for text in texts {
        let node = Node::text(text.clone());
        let map = Node::map(vec![(if text.contains('\n') { "key" } else { text.leak() }, node)]);
        for format in [Format::Yaml, Format::Json] {
            let text = written(format, &map);
            assert_eq!(read_back(&text), json!({ "Value": long_form(&map) }), "{text}");
        }
    }
}

/// Whatever the writer does not refuse, the reader does not refuse either.
#[test]
fn the_deepest_values_are_read_back() {
    let list = |inner| Node::list(vec![inner]);
    let call = |inner| Node::call(Function::Not, list(inner));
    let tag = |inner| Node::call(Function::Base64, inner);
    let attribute = Node::get_att(target("A".to_owned()), "B");
    // Everything stands in a map.
    check_depth(Node::Integer(1), list, 199);
    check_depth(Node::Text("x"), call, 99);
    check_depth(Node::Text("x"), tag, 199);
    check_depth(attribute, list, 197);
}

fn check_depth(innermost: Node, outer: impl Fn(Node) -> Node, levels: usize) {
    let deep = |levels| (0..levels).fold(innermost, |inner, _| outer(inner));
    for format in [Format::Yaml, Format::Json] {
        let text = written(format, &deep(levels));
        assert_eq!(read_back(&text), json!({ "Value": long_form(&deep(levels)) }));
        let body = |w: &mut render::Writer<'_>| w.map(|w| w.entry("Value", &deep(levels + 1)));
        render::to_text(format, &[], &keys, body).expect_err("one level more is refused");
    }
}

fn written(format: Format, node: &Node) -> String {
    let body = |w: &mut render::Writer<'_>| w.map(|w| w.entry("Value", node));
    render::to_text(format, &[], &keys, body).expect("nothing in it is refused")
}

fn read_back(text: &str) -> Value {
    let document =
        read::parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    meaning(&document.root)
}

fn keys(key: &Key) -> Option<String> {
    let (Key::Template(name) | Key::Asset(name)) = key else { return None };
    Some(format!("keys/{name}"))
}

/// What a node means, as JSON. A `Fn::Sub` is asked of the JSON that is written of it alone: its own
/// tests are elsewhere.
fn long_form(node: &Node) -> Value {
    match *node {
        Node::Bool(value) => json!(value),
        Node::Integer(number) => json!(number),
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and fits")]
        Node::Number(number) if number.fract() == 0.0 && number.abs() < 1e16 => {
            json!(number as i64)
        }
        Node::Number(number) => json!(number),
        Node::Text(text) => json!(text),
        Node::List(items) => items.iter().map(long_form).collect(),
        Node::Map(entries) => Value::Object(
            entries.iter().map(|(key, node)| ((*key).to_owned(), long_form(node))).collect(),
        ),
        Node::Ref(target) => json!({ "Ref": target.id() }),
        Node::Name(target) => json!(target.id()),
        Node::GetAtt(attribute) => json!({ "Fn::GetAtt": [attribute.target.id(), attribute.name] }),
        Node::Sub(_) => serde_json::from_str::<Value>(&written(Format::Json, node))
            .expect("JSON is written")["Value"]
            .take(),
        Node::Call(call) => json!({ call.function.long(): long_form(&call.argument) }),
        Node::NoValue => json!({ "Ref": "AWS::NoValue" }),
        Node::Key(key) => json!(keys(key)),
    }
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Node::Bool),
        1 => any::<i64>().prop_map(Node::Integer),
        1 => any::<f64>().prop_filter("serde_json reads it exactly", is_exact).prop_map(Node::Number),
        6 => texts().prop_map(Node::text),
        1 => ids().prop_map(|id| Node::Ref(target(id))),
        1 => ids().prop_map(|id| Node::Name(target(id))),
        1 => (ids(), texts()).prop_map(|(id, name)| Node::get_att(target(id), name.leak())),
        1 => Just(Node::NoValue),
        1 => Just(Node::Key(&Key::Template("child"))),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let entries = prop::collection::btree_map(keys_of_maps(), inner.clone(), 0..5);
        let piece = prop_oneof![
            texts().prop_map(|text| Piece::Text(text.leak())),
            (ids(), inner.clone()).prop_map(|(name, node)| Piece::Value(name.leak(), node)),
            ids().prop_map(|id| Piece::Raw(format!("${{{id}}}").leak())),
        ];
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..5).prop_map(Node::list),
            2 => entries.prop_map(|map| Node::map(map.into_iter().map(|(key, node)| (&*key.leak(), node)).collect())),
            2 => (functions(), inner).prop_map(|(function, argument)| Node::call(function, argument)),
            1 => prop::collection::vec(piece, 0..5).prop_map(|pieces| Node::Sub(pieces.leak())),
        ]
    })
}

/// Without a feature of its own, `serde_json` is off by a bit for some numbers.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "a filter is handed a reference")]
fn is_exact(number: &f64) -> bool {
    let read = || serde_json::from_str::<Value>(&written(Format::Json, &Node::Number(*number)));
    number.is_finite() && read().is_ok_and(|read| read["Value"].as_f64() == Some(*number))
}

fn functions() -> impl Strategy<Value = Function> {
    prop::sample::select(vec![
        Function::And,
        Function::Base64,
        Function::Cidr,
        Function::Condition,
        Function::Contains,
        Function::EachMemberEquals,
        Function::EachMemberIn,
        Function::Equals,
        Function::FindInMap,
        Function::GetAzs,
        Function::GetStackOutput,
        Function::If,
        Function::ImportValue,
        Function::Join,
        Function::Length,
        Function::Not,
        Function::Or,
        Function::RefAll,
        Function::Select,
        Function::Split,
        Function::ToJsonString,
        Function::Transform,
        Function::ValueOf,
        Function::ValueOfAll,
    ])
}

fn target(id: String) -> Target {
    Target::new(TargetKind::Resource, id.leak(), None, Source::here())
}

fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][A-Za-z0-9]{0,6}",
        "[A-Z][a-z]{1,3}\\.[A-Z][a-z]{1,3}",
        Just("AWS::Region".to_owned())
    ]
}

fn texts() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec("[ \ta-z:#-]{0,6}", 0..5).prop_map(|lines| lines.join("\n"));
    prop_oneof!["[A-Za-z][A-Za-z0-9 /_.-]{0,12}", "[ -~\n\t]{0,12}", any::<String>(), lines]
}

fn keys_of_maps() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z][A-Za-z0-9]{0,8}",
        "[ -~\t]{0,12}",
        Just("on".to_owned()),
        Just("<<".to_owned())
    ]
}

/// Text that is nearly YAML or JSON.
fn soup() -> impl Strategy<Value = String> {
    let parts = vec![
        "a",
        "b: ",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "|",
        ">",
        "|+\n",
        "!Ref ",
        "!If ",
        "!GetAtt a.b",
        "!",
        "!!str ",
        "!<x>",
        "&a ",
        "*a",
        "? ",
        "#",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "<<: ",
        "\\",
        "\\u00e9",
        "\\ud83d",
        "1",
        "-1.5e3",
        "true",
        "null",
        "~",
        "\"a\": ",
        "é",
        "😀",
        "\u{85}",
        "\u{2028}",
        "\0",
        "\r",
        "\u{FEFF}",
        "@",
        "`",
    ];
    prop::collection::vec(prop::sample::select(parts), 0..24).prop_map(|parts| parts.concat())
}
