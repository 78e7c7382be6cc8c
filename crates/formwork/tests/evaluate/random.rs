//! Templates that nobody thought of: random values, and functions as they should be with random values in them.

use formwork::evaluate::{Evaluation, Known, Surroundings};
use indexmap::IndexMap;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::hostile::ask_all;
use super::{evaluation, parse};

const NAMES: &str =
    "P Q L C D R R.Arn AWS::Region AWS::NoValue ${P} a${Q}-${!x}${ &{P} 0 2 a 10.0.0.0/8 a,b,";

/// Keys of functions, and of what else has a meaning.
const KEYS: &str = "Ref Condition Fn::And Fn::Base64 Fn::Cidr Fn::Contains Fn::EachMemberEquals Fn::EachMemberIn \
    Fn::Equals Fn::FindInMap Fn::GetAZs Fn::GetAtt Fn::If Fn::ImportValue Fn::Join Fn::Length Fn::Not Fn::Or \
    Fn::RefAll Fn::Select Fn::Split Fn::Sub Fn::ToJsonString Fn::Transform Fn::ValueOf Fn::ForEach::P Type \
    Default AllowedValues Value Properties Assertions";

fn words(words: &'static str) -> impl Strategy<Value = &'static str> + Clone {
    select(words.split_whitespace().collect::<Vec<_>>())
}

fn leaf() -> impl Strategy<Value = Value> + Clone {
    prop_oneof![
        words(NAMES).prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        Just(Value::Null),
    ]
}

/// Values in which functions stand with arguments of any kind.
fn wild() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 60, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..5);
        let key = words(KEYS);
        prop_oneof![
            list.clone().prop_map(Value::from),
            (key.clone(), list).prop_map(|(name, list)| json!({ name: list })),
            (key.clone(), inner.clone()).prop_map(|(name, value)| json!({ name: value })),
            (key, inner.clone(), ".{0,3}", inner).prop_map(|(a, x, b, y)| json!({ a: x, b: y })),
        ]
    })
}

/// Values in which functions mostly have what they take.
fn tame() -> impl Strategy<Value = Value> {
    let reference = words("P Q AWS::Region AWS::NoValue").prop_map(|name| json!({ "Ref": name }));
    let text = select(vec!["", "a", "b", "a-b", "-", "${P}", "x${P}-${Q}"]).prop_map(Value::from);
    prop_oneof![reference, text].prop_recursive(6, 60, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let choice = (words("C D E"), inner.clone(), inner.clone());
        let choice = choice.prop_map(|(c, x, y)| json!({ "Fn::If": [c, x, y] })).boxed();
        let perhaps = (words("C D E"), inner.clone());
        let absent = json!({ "Ref": "AWS::NoValue" });
        let perhaps = perhaps.prop_map(move |(c, x)| json!({ "Fn::If": [c, x, absent] })).boxed();
        let item = prop_oneof![inner.clone(), perhaps];
        let list =
            prop_oneof![list, prop::collection::vec(item, 1..4).prop_map(Value::from)].boxed();
        let delimiter = select(vec!["", "-", ","]);
        let place = (0..3_u8, list.clone());
        prop_oneof![
            2 => choice,
            2 => list.clone(),
            3 => (delimiter.clone(), list.clone()).prop_map(|(d, l)| json!({ "Fn::Join": [d, l] })),
            1 => (delimiter, inner.clone()).prop_map(|(d, x)| json!({ "Fn::Split": [d, x] })),
            1 => place.prop_map(|(index, list)| json!({ "Fn::Select": [index, list] })),
            1 => list.clone().prop_map(|list| json!({ "Fn::ToJsonString": list })),
            1 => list.prop_map(|list| json!({ "Fn::Length": list })),
            1 => inner.clone().prop_map(|x| json!({ "Fn::Sub": ["${P}${V}-${V}", { "V": x }] })),
            1 => inner.clone().prop_map(|x| json!({ "Fn::Base64": x })),
            1 => (inner.clone(), inner).prop_map(|(x, y)| json!({ "A": x, "B": y })),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_random_makes_a_panic(a in wild(), b in wild(), c in wild(), d in wild()) {
        let list = json!({ "Type": "CommaDelimitedList", "Default": a });
        let resource = json!({ "Type": "A", "Condition": "C", "Properties": d });
        let template = json!({
            "Parameters": { "P": { "Type": "String" }, "L": list },
            "Conditions": { "C": b, "D": { "Fn::Not": [{ "Condition": "C" }] } },
            "Mappings": c,
            "Rules": { "R": { "RuleCondition": b, "Assertions": [{ "Assert": d }] } },
            "Resources": { "R": resource, "Fn::ForEach::X": c },
            "Outputs": { "O": { "Value": a, "Condition": c }, "Q": { "Value": c } },
        });
        let document = parse(&template.to_string());
        prop_assert_eq!(ask_all(&document.root), ask_all(&document.root));
    }

    /// What is said while parameters are unknown agrees with what comes out once they are given.
    #[test]
    fn gaps_hold_what_comes_out(
        value in tame(), left in tame(), right in tame(), p in "[ab-]{0,2}", q in "[ab]{0,1}",
    ) {
        let is_a = json!({ "Fn::Equals": [{ "Ref": "P" }, "a"] });
        let either = json!({ "Fn::Or": [{ "Condition": "C" }, { "Fn::Equals": [{ "Ref": "Q" }, "b"] }] });
        let template = json!({
            "Parameters": { "P": { "Type": "String" }, "Q": { "Type": "String", "AllowedValues": ["", "a", "b"] } },
            "Conditions": { "C": is_a, "D": either, "E": { "Fn::Not": [{ "Fn::Equals": [left, right] }] } },
            "Value": value,
        });
        let document = parse(&template.to_string());
        let value = document.root.get("Value").expect("it is there");
        let open = evaluation(&document.root, "us-east-1", None);
        let given = IndexMap::from([("P".to_owned(), Known::text(&p)), ("Q".to_owned(), Known::text(&q))]);
        let closed = Evaluation::new(&document.root, &Surroundings::of_region("us-east-1"), &given);
        for name in ["C", "D", "E"] {
            if let (Some(before), Some(after)) = (open.condition(name), closed.condition(name)) {
                prop_assert_eq!(before, after, "{}", name);
            }
        }
        let comes_out = closed.value(value);
        let gaps = open.value(value);
        prop_assert!(gaps.same(&comes_out) != Some(false), "{:?}\n{:?}", gaps, comes_out);
        let all = open.alternatives(value);
        let is_among = all.values.iter().any(|known| known.same(&comes_out) != Some(false));
        prop_assert!(!all.is_complete || is_among, "{:?}\n{:?}", all, comes_out);
    }
}
