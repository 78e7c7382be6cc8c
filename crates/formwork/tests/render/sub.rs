//! What `Fn::Sub` becomes of the pieces its author wrote: as JSON, where nothing of the layout is in the way.

use formwork::node::{Function, Key, Node, Piece, Target, TargetKind};
use formwork::render::{self, Format};
use formwork::source::Source;
use serde_json::{Value, json};

use Piece::{Raw, Text};

#[test]
fn text_alone_is_no_sub() {
    check(&[], json!(""));
    check(&[Text("a"), Text("${b}")], json!("a${b}"));
    check(&[Text("$"), Text("{b}")], json!("${b}"));
    check(
        &[
            value("A", Node::Text("${x}")),
            value("B", Node::Integer(-7)),
            value("C", Node::Bool(true)),
        ],
        json!("${x}-7true"),
    );
    check(
        &[value("A", Node::Number(1.5)), value("K", Node::Key(&Key::Asset("code")))],
        json!("1.5assets/code.zip"),
    );
    check(&[value("A", Node::Sub(&[Text("in"), Text("ner")])), Raw("{raw}")], json!("inner{raw}"));
}

#[test]
fn references() {
    let (role, region) = (resource("Role"), pseudo("AWS::Region"));
    check(&[value("Role", Node::Ref(role))], sub("${Role}"));
    check(&[value("Arn", Node::get_att(role, "A.B"))], sub("${Role.A.B}"));
    check(
        &[value("Region", Node::Ref(region)), Text("-x-"), value("Role", Node::Ref(role))],
        sub("${AWS::Region}-x-${Role}"),
    );
    check(&[value("Each", Node::Ref(loop_variable("Each"))), Text("-x")], sub("${Each}-x"));
    check(&[Text("a"), value("None", Node::NoValue)], sub("a${AWS::NoValue}"));
    check(
        &[value("N", Node::Integer(3)), value("R", Node::Ref(role)), value("B", Node::Bool(false))],
        sub("3${Role}false"),
    );
    check(
        &[Text("s3://x/"), value("K", Node::Key(&Key::Asset("code"))), value("R", Node::Ref(role))],
        sub("s3://x/assets/code.zip${Role}"),
    );
}

#[test]
fn literal_text_stays_literal() {
    let role = value("Role", Node::Ref(resource("Role")));
    check(&[Text("${A} $ { $$ {} "), role], sub("${!A} $ { $$ {} ${Role}"));
    check(&[Text("${!A}"), role], sub("${!!A}${Role}"));
    check(&[Text("$${A}$"), role, Text("{B}")], sub("$${!A}$${Role}{B}"));
    check(&[role, Text("$"), Text("{A}")], sub("${Role}${!A}"));
    check(&[role, Text("$"), value("T", Node::Text("{A}"))], sub("${Role}${!A}"));
    check(
        &[role, Text("$"), value("S", Node::Sub(&[Text(""), Text("{A}${B}")]))],
        sub("${Role}${!A}${!B}"),
    );
    check(&[role, Text("$"), Raw("{A}")], sub("${Role}${!A}"));
    check(&[role, Raw("$"), Text("{A}")], sub("${Role}${!A}"));
}

#[test]
fn raw_text_is_the_authors() {
    check(&[Raw("${A.B}-${!C}")], sub("${A.B}-${!C}"));
    check(&[Raw("${A}"), Text("${B}")], sub("${A}${!B}"));
}

#[test]
fn other_values_become_variables() {
    let select = |index| {
        Node::call(
            Function::Select,
            Node::list(vec![Node::Integer(index), Node::Ref(resource("Zones"))]),
        )
    };
    let long = |index: i64| json!({ "Fn::Select": [index, { "Ref": "Zones" }] });
    check(
        &[value("First", select(0)), Text("-${x}")],
        with("${First}-${!x}", json!({ "First": long(0) })),
    );
    check(
        &[
            value("First", select(0)),
            value("First", select(1)),
            value("First", select(0)),
            value("Zone", select(1)),
        ],
        with(
            "${First}${First2}${First}${Zone}",
            json!({ "First": long(0), "First2": long(1), "Zone": long(1) }),
        ),
    );
    check(
        &[
            value("Role", select(0)),
            value("x", Node::Ref(resource("Role"))),
            value("y", Node::get_att(resource("Role2"), "Arn")),
        ],
        with("${Role3}${Role}${Role2.Arn}", json!({ "Role3": long(0) })),
    );
    check(
        &[value("A", select(0)), Raw("${A}${ A2 }${A3.B}")],
        with("${A4}${A}${ A2 }${A3.B}", json!({ "A4": long(0) })),
    );
    check(
        &[value("", select(0)), value("L", Node::List(&[]))],
        with("${Value}${L}", json!({ "Value": long(0), "L": [] })),
    );
    check(
        &[
            value(
                "S",
                Node::Sub(
                    vec![Text("in-"), value("A", select(0)), value("R", Node::Ref(resource("A2")))]
                        .leak(),
                ),
            ),
            value("A", select(1)),
        ],
        with("in-${A}${A2}${A3}", json!({ "A": long(0), "A3": long(1) })),
    );
    // A `Fn::Sub` in a variable of another one is on its own.
    let inner = Node::Sub(vec![Text("${i}"), value("A", select(0))].leak());
    let join =
        Node::call(Function::Join, Node::list(vec![Node::Text(""), Node::list(vec![inner])]));
    check(
        &[value("A", join), Text("end")],
        with(
            "${A}end",
            json!({ "A": { "Fn::Join": ["", [with("${!i}${A}", json!({ "A": long(0) }))]] } }),
        ),
    );
}

#[allow(clippy::needless_pass_by_value, reason = "the callers read better")]
fn check(pieces: &[Piece], expected: Value) {
    let node = Node::Sub(pieces.to_vec().leak());
    let keys = |key: &Key| (*key == Key::Asset("code")).then(|| "assets/code.zip".to_owned());
    let text = render::to_text(Format::Json, &[], &keys, |w| w.node(&node))
        .expect("nothing in it is refused");
    let found: Value = serde_json::from_str(&text).expect("JSON is written");
    assert_eq!(found, expected, "{pieces:?}");
}

fn sub(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

#[allow(clippy::needless_pass_by_value, reason = "the callers read better")]
fn with(text: &str, variables: Value) -> Value {
    json!({ "Fn::Sub": [text, variables] })
}

fn value(name: &'static str, node: Node) -> Piece {
    Piece::Value(name, node)
}

fn resource(id: &'static str) -> Target {
    Target::new(TargetKind::Resource, id, None, Source::here())
}

fn pseudo(id: &'static str) -> Target {
    Target::new(TargetKind::Pseudo, id, None, Source::here())
}

fn loop_variable(id: &'static str) -> Target {
    Target::new(TargetKind::LoopVariable, id, None, Source::here())
}
