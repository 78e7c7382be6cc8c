//! The goldens compile, and what is built with them is what it says.

#![allow(clippy::all, clippy::pedantic, reason = "as in the generated crate, whose place this is")]

#[rustfmt::skip]
#[path = "golden/alone_here/mod.rs"]
pub mod alone_here;
#[rustfmt::skip]
#[path = "golden/enums/mod.rs"]
pub mod enums;
#[rustfmt::skip]
#[path = "golden/handlers.rs"]
pub mod handlers;
#[rustfmt::skip]
#[path = "golden/kinds/mod.rs"]
pub mod kinds;
#[rustfmt::skip]
#[path = "golden/meanings.rs"]
pub mod meanings;
#[rustfmt::skip]
#[path = "golden/meanings/mod.rs"]
pub mod vaults;
#[rustfmt::skip]
#[path = "golden/names/mod.rs"]
pub mod names;
#[rustfmt::skip]
#[path = "golden/nested/mod.rs"]
pub mod nested;
#[rustfmt::skip]
#[path = "golden/put.rs"]
mod put;
#[rustfmt::skip]
#[path = "golden/required/mod.rs"]
pub mod required;

use formwork::node::Node;
use formwork::{Property, Resource, Set};

fn map<const N: usize>(entries: [(&'static str, Node); N]) -> Node {
    Node::map(entries.into())
}

fn properties(resource: impl Resource) -> Node {
    resource.into_body().properties.into_node()
}

#[test]
fn what_handlers_call_can_be_asked_for() {
    use formwork::permissions::{Handlers, Step};
    let table = Handlers::read(handlers::TABLE);
    let actions = |step| -> Vec<&str> {
        let needs = table.needs([("Mine", "AWS::Names::Door")], step);
        needs.calls.iter().map(|call| call.action).collect()
    };
    assert_eq!(actions(Step::Launch), ["names:OpenDoor", "names:ShutDoor"]);
    assert_eq!(actions(Step::Update), ["names:Shut*"]);
    assert!(table.of("AWS::Alone::Here").is_some());
}

#[test]
fn property_types_hold_one_another() {
    let part = kinds::Part::new("outer").inner(kinds::Part::new("inner").set("New", 1));
    let inner = map([("Name", Node::Text("inner")), ("New", Node::Integer(1))]);
    assert_eq!(part.into_node(), map([("Name", Node::Text("outer")), ("Inner", inner)]));
}

#[test]
fn kinds_take_what_they_are() {
    let thing = kinds::Thing::new()
        .anything(formwork::object([("Any", 1)]))
        .either(0.5)
        .grid([[1.0, 2.0], [3.0, 4.0]])
        .parts([("k", kinds::Part::new("one"))])
        .shape(kinds::Shape::new().side(3));
    let grid = [[1.0, 2.0], [3.0, 4.0]].map(|row| Node::list(row.map(Node::Number).into()));
    let expected = map([
        ("Anything", map([("Any", Node::Integer(1))])),
        ("Either", Node::Number(0.5)),
        ("Grid", Node::list(grid.into())),
        ("Parts", map([("k", map([("Name", Node::Text("one"))]))])),
        ("Shape", map([("Side", Node::Integer(3))])),
    ]);
    assert_eq!(properties(thing), expected);
}

#[test]
fn required_properties_are_arguments_or_fields() {
    assert_eq!(properties(required::None::new()), map([]));
    let one = required::One::new(["a"]);
    assert_eq!(properties(one), map([("Names", Node::list(vec![Node::Text("a")]))]));
    let two = required::TwoRequired { name: "b", labels: [("c", "d")] };
    let labels = map([("c", Node::Text("d"))]);
    let expected = map([("Labels", labels), ("Name", Node::Text("b")), ("Size", Node::Integer(7))]);
    assert_eq!(properties(required::Two::new(two).size(7)), expected);
}

#[test]
fn enums_are_their_values() {
    let door = enums::Door::new()
        .auth_mode(enums::AuthMode::Iam)
        .methods([enums::DoorMethod::Star, enums::DoorMethod::Other("PATCH")])
        .runtime(enums::Runtime::Python3_12);
    let methods = vec![Node::Text("*"), Node::Text("PATCH")];
    let expected = map([
        ("AuthMode", Node::Text("IAM")),
        ("Methods", Node::list(methods)),
        ("Runtime", Node::Text("python3.12")),
    ]);
    assert_eq!(properties(door), expected);
}

/// What a key's ARN and a key's id have in common is what the property asks for; it compiles.
#[test]
fn narrower_meanings_fit() {
    let arn: formwork::Value<meanings::kms::KeyArn> = formwork::val("arn:aws:kms:::key/1");
    let id: formwork::Value<meanings::kms::KeyId> = formwork::val("1");
    let groups: [formwork::Value<meanings::ec2::SecurityGroupId>; 1] = [formwork::val("sg-1")];
    let vault = vaults::Vault::new().any_key_id(arn).any_key_id(id).groups(groups);
    let groups = Node::list(vec![Node::Text("sg-1")]);
    assert_eq!(properties(vault), map([("AnyKeyId", Node::Text("1")), ("Groups", groups)]));
    let any: formwork::Value<formwork::Arn> = formwork::val(arn);
    assert_eq!(any.node(), Node::Text("arn:aws:kms:::key/1"));
}

#[test]
fn iam_names_are_as_iam_spells_them() {
    assert_eq!(names::actions::All.name(), "names:*");
    assert_eq!(names::actions::ShutDoor.name(), "names:shutDoor");
    assert_eq!(names::condition_keys::KindOf.name(), "names:kindOf");
    assert_eq!(names::condition_keys::KindDotOf.name(), "names:kind.of");
    assert_eq!(names::condition_keys::resource_tag("Owner").name(), "names:ResourceTag/Owner");
    assert_eq!(alone_here::actions::Sing.name(), "alone-here:Sing");
}
