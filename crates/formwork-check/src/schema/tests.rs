//! Each keyword of a schema by itself: a schema, a value, and the rules that it breaks.

use std::collections::HashMap;

use formwork::evaluate::Term;

use super::model::TypeSchema;
use super::validate::Validator;
use crate::value::{Sure, Views};

/// A schema of the properties, the properties, and the numbers of the rules.
const CASES: &[(&str, &str, &[&str])] = &[
    (r#"{"properties":{"A":{"type":"number","multiple_of":0.5}}}"#, "A: 1.5", &[]),
    (r#"{"properties":{"A":{"type":"number","multiple_of":0.5}}}"#, "A: 1.4", &["FW1008"]),
    (r#"{"properties":{"A":{"exclusive_maximum":10}}}"#, "A: 10", &["FW1008"]),
    (r#"{"properties":{"A":{"exclusive_minimum":10}}}"#, "A: 11", &[]),
    (r#"{"properties":{"A":{"exclusive_minimum":10}}}"#, "A: 10", &["FW1008"]),
    (r#"{"properties":{"A":{"type":"object","min_properties":1}}}"#, "A: {}", &["FW1009"]),
    (
        r#"{"properties":{"A":{"type":"object","max_properties":1}}}"#,
        "A: { a: 1, b: 1 }",
        &["FW1009"],
    ),
    (
        r#"{"properties":{"A":{"type":"array","min_items":2}}}"#,
        "A: [a, !Ref AWS::NoValue]",
        &["FW1009"],
    ),
    (
        r#"{"properties":{"A":{"type":"array","min_items":2}}}"#,
        "A: [a, !If [C, b, !Ref AWS::NoValue]]",
        &[],
    ),
    (
        r#"{"properties":{"A":{"type":"array","max_items":1}}}"#,
        "A: [a, !If [C, b, !Ref AWS::NoValue]]",
        &[],
    ),
    (r#"{"properties":{"A":{"type":"string","min_length":2}}}"#, "A: é", &["FW1007"]),
    (r#"{"properties":{"A":{"type":"string","max_length":2}}}"#, "A: éé", &[]),
    (r#"{"properties":{"A":{"enum":[1,true,"x"]}}}"#, "A: 'TRUE'", &[]),
    (r#"{"properties":{"A":{"enum":[1,true,"x"]}}}"#, "A: '1.0'", &[]),
    (r#"{"properties":{"A":{"enum":[1,true,"x"]}}}"#, "A: X", &["FW1005"]),
    (r#"{"properties":{"A":{"enum_case_insensitive":["x"]}}}"#, "A: X", &[]),
    (r#"{"properties":{"A":{"const":"x"}}}"#, "A: y", &["FW1005"]),
    (r#"{"properties":{"A":{"not_enum":["x"]}}}"#, "A: x", &["FW1005"]),
    (
        r#"{"properties":{"A":{"type":"string","pattern":"^(a+)+$"}}}"#,
        "A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
        &["FW1015"],
    ),
    (r#"{"properties":{"A":{"type":"string","pattern":"("}}}"#, "A: a", &["FW1015"]),
    (
        r#"{"properties":{"A":{"type":"array","unique_items":true}}}"#,
        "A: [{ a: 1, b: 2 }, { b: 2, a: 1 }]",
        &["FW1010"],
    ),
    (r#"{"properties":{"A":{"type":"array","unique_items":true}}}"#, "A: [!If [C, a, b], a]", &[]),
    (r#"{"required":["A"]}"#, "B: 1", &["FW1002"]),
    (r#"{"absent":["A"]}"#, "A: 1", &["FW1013"]),
    (r#"{"not":{"required":["A"]}}"#, "A: 1", &["FW1013"]),
    (r#"{"not":{"required":["A"]}}"#, "A: !If [C, 1, !Ref AWS::NoValue]", &[]),
    (r#"{"required_or":["A","B"]}"#, "C: 1", &["FW1012"]),
    (r#"{"required_or":["A","B"]}"#, "A: 1\nB: 1", &[]),
    (r#"{"required_xor":["A","B"]}"#, "A: 1\nB: 1", &["FW1013"]),
    (r#"{"required_xor":["A","B"]}"#, "A: !If [C, 1, !Ref AWS::NoValue]\nB: 1", &[]),
    (r#"{"dependent_required":{"A":["B"]}}"#, "A: 1", &["FW1012"]),
    (r#"{"dependent_excluded":{"A":["B"],"B":["A"]}}"#, "A: 1\nB: 1", &["FW1013"]),
    (r#"{"dependent_excluded":{"B":["A"]}}"#, "A: 1\nB: 1", &["FW1013"]),
    (r#"{"any_of":[{"required":["A"]},{"required":["B"]}]}"#, "C: 1", &["FW1012"]),
    (r#"{"one_of":[{"required":["A"]},{"required":["B"]}]}"#, "A: 1\nB: 1", &["FW1013"]),
    (
        r#"{"one_of":[{"required":["A"]},{"required":["B"]}]}"#,
        "A: !If [C, 1, !Ref AWS::NoValue]\nB: 1",
        &[],
    ),
    (r#"{"properties":{"A":{"any_of":[{"enum":["x"]},{"pattern":"^[0-9]$"}]}}}"#, "A: 7", &[]),
    (r#"{"properties":{"A":{"any_of":[{"enum":["x"]},{"enum":["y"]}]}}}"#, "A: !If [C, x, y]", &[]),
    (
        r#"{"properties":{"A":{"any_of":[{"enum":["x"]},{"enum":["y"]}]}}}"#,
        "A: !If [C, x, z]",
        &["FW1005"],
    ),
    (r#"{"all_of":[{"required":["A"]},{"required":["B"]}]}"#, "A: 1", &["FW1002"]),
    (
        r#"{"if_then_else":[{"condition":{"properties":{"A":{"const":"x"}},"required":["A"]},"then_schema":{"required":["B"]},"else_schema":{"required":["C"]}}]}"#,
        "A: x",
        &["FW1002"],
    ),
    (
        r#"{"if_then_else":[{"condition":{"properties":{"A":{"const":"x"}},"required":["A"]},"then_schema":{"required":["B"]},"else_schema":{"required":["C"]}}]}"#,
        "A: y\nC: 1",
        &[],
    ),
    (
        r#"{"if_then_else":[{"condition":{"properties":{"A":{"const":"x"}},"required":["A"]},"then_schema":{"required":["B"]}}]}"#,
        "A: !If [C, x, y]",
        &[],
    ),
    (
        r#"{"properties":{},"pattern_properties":{"^[a-z]$":{"type":"integer"}},"additional_properties":false}"#,
        "A: 1\nb: x",
        &["FW1006", "FW1004"],
    ),
    (
        r#"{"properties":{"A":{"type":"array","items":{"type":"string"}}}}"#,
        "A: !Split [',', !Ref P]",
        &[],
    ),
    (
        r#"{"properties":{"A":{"type":"array","items":{"type":"string"}}}}"#,
        "A: !Join [',', [!Ref P]]",
        &["FW1004"],
    ),
    (r#"{"properties":{"A":{"type":"string"}}}"#, "A: '{{resolve:ssm:x}}'", &[]),
    (r#"{"properties":{"A":{"type":"string","enum":["x"]}}}"#, "A: '{{ resolve:ssm:x }}'", &[]),
];

#[test]
fn each_keyword_refuses_and_allows() {
    for (schema, properties, expected) in CASES {
        let packed = format!(r#"{{"top":{schema}}}"#);
        let schema: TypeSchema = serde_json::from_str(&packed).expect("the schema can be read");
        let indented = properties.replace('\n', "\n  ");
        let text = format!(
            "Parameters: {{ P: {{ Type: String }} }}\nConditions: {{ C: !Equals [!Ref P, x] }}\nProperties:\n  {indented}\n"
        );
        let document = formwork::read::parse(text.as_bytes()).expect("the template can be read");
        let views = Views::new(&document.root, "us-east-1");
        let term = Term::from(document.root.get("Properties").expect("it has properties"));
        let kinds = HashMap::new();
        let found = Validator::new(&schema, &kinds).run(&views.value(&term, Sure::Always));
        let rules: Vec<&str> = found.iter().map(|violation| violation.rule.id).collect();
        assert_eq!(rules, *expected, "{packed}\n{properties}\n{found:?}");
    }
}
