//! How values are laid out: one node, the YAML and the JSON that it becomes.

use formwork::node::{Function, Key, Node, Piece, Target, TargetKind};
use formwork::render::{self, Format, Writer};
use formwork::source::Source;

#[test]
fn scalars() {
    check(Node::Text("plain text"), "V: plain text", r#"{"V": "plain text"}"#);
    check(Node::Text("123456789012"), r#"V: "123456789012""#, r#"{"V": "123456789012"}"#);
    check(Node::Text("2012-10-17"), r#"V: "2012-10-17""#, r#"{"V": "2012-10-17"}"#);
    check(Node::Text("on"), r#"V: "on""#, r#"{"V": "on"}"#);
    check(Node::Text(""), r#"V: """#, r#"{"V": ""}"#);
    check(Node::Text("it's"), "V: it's", r#"{"V": "it's"}"#);
    check(Node::Text("a – “b”…"), "V: a – “b”…", r#"{"V": "a – “b”…"}"#);
    check(Node::Text(r"^\d+$"), r"V: '^\d+$'", r#"{"V": "^\\d+$"}"#);
    check(Node::Text(r#"{"a": 1}"#), r#"V: '{"a": 1}'"#, r#"{"V": "{\"a\": 1}"}"#);
    check(Node::Text(r"*'\"), r#"V: "*'\\""#, r#"{"V": "*'\\"}"#);
    check(Node::Text("a\u{202E}b😀"), r#"V: "a\u202Eb\U0001F600""#, "{\"V\": \"a\\u202Eb😀\"}");
    check(Node::Text("${AWS::Region}"), "V: ${AWS::Region}", r#"{"V": "${AWS::Region}"}"#);
    check(Node::Integer(-5), "V: -5", r#"{"V": -5}"#);
    check(Node::Number(80.0), "V: 80", r#"{"V": 80}"#);
    check(Node::Number(1e-9), "V: 1.0e-9", r#"{"V": 1.0e-9}"#);
    check(Node::Bool(true), "V: true", r#"{"V": true}"#);
    check(Node::Name(condition("Keep")), "V: Keep", r#"{"V": "Keep"}"#);
    check(Node::Key(&Key::Asset("code")), "V: assets/code.zip", r#"{"V": "assets/code.zip"}"#);
}

#[test]
fn blocks() {
    check(Node::Text("a\nb"), "V: |-\n  a\n  b", r#"{"V": "a\nb"}"#);
    check(Node::Text("a\n\n  b\n"), "V: |\n  a\n\n    b", r#"{"V": "a\n\n  b\n"}"#);
    check(
        list([Node::Text("a\nb\n"), Node::Text("c")]),
        "V:\n  - |\n    a\n    b\n  - c",
        r#"{"V": ["a\nb\n", "c"]}"#,
    );
    check(
        list([Node::Text("a\n\n"), Node::Text("c")]),
        "V:\n  - |+\n    a\n\n  - c",
        r#"{"V": ["a\n\n", "c"]}"#,
    );
    check(Node::Text("  a\nb"), r#"V: "  a\nb""#, r#"{"V": "  a\nb"}"#);
    check(Node::Text("a\r\nb"), r#"V: "a\r\nb""#, r#"{"V": "a\r\nb"}"#);
    check(Node::Text("a\n \nb"), r#"V: "a\n \nb""#, r#"{"V": "a\n \nb"}"#);
}

#[test]
fn maps_and_lists() {
    check(list([]), "V: []", r#"{"V": []}"#);
    check(map([]), "V: {}", r#"{"V": {}}"#);
    check(
        list([map([]), list([]), list([list([])])]),
        "V:\n  - {}\n  - []\n  - - []",
        r#"{"V": [{}, [], [[]]]}"#,
    );
    check(
        map([
            ("A", map([("on", Node::Integer(1)), ("B", list([Node::Text("x")]))])),
            ("C", Node::Text("z")),
        ]),
        "V:\n  A:\n    \"on\": 1\n    B:\n      - x\n  C: z",
        r#"{"V": {"A": {"on": 1, "B": ["x"]}, "C": "z"}}"#,
    );
    check(
        list([
            map([("A", Node::Integer(1)), ("B", list([Node::Integer(2)]))]),
            list([Node::Integer(3), list([Node::Integer(4)])]),
        ]),
        "V:\n  - A: 1\n    B:\n      - 2\n  - - 3\n    - - 4",
        r#"{"V": [{"A": 1, "B": [2]}, [3, [4]]]}"#,
    );
}

#[test]
fn short_forms() {
    let vpc = resource("Vpc");
    check(Node::Ref(vpc), "V: !Ref Vpc", r#"{"V": {"Ref": "Vpc"}}"#);
    check(Node::NoValue, "V: !Ref AWS::NoValue", r#"{"V": {"Ref": "AWS::NoValue"}}"#);
    check(
        Node::get_att(vpc, "A.B"),
        "V: !GetAtt Vpc.A.B",
        r#"{"V": {"Fn::GetAtt": ["Vpc", "A.B"]}}"#,
    );
    check(
        Node::get_att(resource("A.B"), "C"),
        "V: !GetAtt\n  - A.B\n  - C",
        r#"{"V": {"Fn::GetAtt": ["A.B", "C"]}}"#,
    );
    check(
        Node::get_att(resource("B${X}"), "Arn"),
        "V: !GetAtt\n  - !Sub B${X}\n  - Arn",
        r#"{"V": {"Fn::GetAtt": [{"Fn::Sub": "B${X}"}, "Arn"]}}"#,
    );
    check(
        Node::get_att(resource("1"), "5"),
        r#"V: !GetAtt "1.5""#,
        r#"{"V": {"Fn::GetAtt": ["1", "5"]}}"#,
    );
    check(
        Node::call(Function::Condition, Node::Text("Keep")),
        "V: !Condition Keep",
        r#"{"V": {"Condition": "Keep"}}"#,
    );
    check(
        Node::call(Function::If, list([Node::Text("Keep"), Node::Ref(vpc), Node::NoValue])),
        "V: !If\n  - Keep\n  - !Ref Vpc\n  - !Ref AWS::NoValue",
        r#"{"V": {"Fn::If": ["Keep", {"Ref": "Vpc"}, {"Ref": "AWS::NoValue"}]}}"#,
    );
    check(
        list([Node::call(
            Function::Join,
            list([Node::Text(","), list([Node::Text("a"), Node::get_att(vpc, "Id")])]),
        )]),
        "V:\n  - !Join\n    - \",\"\n    - - a\n      - !GetAtt Vpc.Id",
        r#"{"V": [{"Fn::Join": [",", ["a", {"Fn::GetAtt": ["Vpc", "Id"]}]]}]}"#,
    );
    check(
        list([
            Node::call(Function::Transform, map([("Name", Node::Text("AWS::Include"))])),
            Node::Integer(1),
        ]),
        "V:\n  - !Transform\n    Name: AWS::Include\n  - 1",
        r#"{"V": [{"Fn::Transform": {"Name": "AWS::Include"}}, 1]}"#,
    );
    check(
        Node::call(Function::GetAzs, Node::Text("")),
        "V: !GetAZs \"\"",
        r#"{"V": {"Fn::GetAZs": ""}}"#,
    );
    check(Node::call(Function::And, list([])), "V: !And []", r#"{"V": {"Fn::And": []}}"#);
    check(
        Node::call(Function::Base64, Node::Text("a\nb\n")),
        "V: !Base64 |\n  a\n  b",
        r#"{"V": {"Fn::Base64": "a\nb\n"}}"#,
    );
}

/// A scalar behind a tag is a text to every reader.
#[test]
fn numbers_and_booleans_right_inside_an_intrinsic() {
    check(
        Node::call(Function::Base64, Node::Integer(5)),
        "V:\n  Fn::Base64: 5",
        r#"{"V": {"Fn::Base64": 5}}"#,
    );
    check(
        list([Node::call(Function::Not, Node::Bool(true))]),
        "V:\n  - Fn::Not: true",
        r#"{"V": [{"Fn::Not": true}]}"#,
    );
}

/// A tag behind a tag is no YAML, so the inner intrinsic is written out.
#[test]
fn an_intrinsic_right_inside_another() {
    let vpc = resource("Vpc");
    let sub = Node::Sub(&[
        Piece::Text("#!/bin/sh\necho "),
        Piece::Value("Region", Node::NoValue),
        Piece::Text("\n"),
    ]);
    check(
        Node::call(Function::Base64, sub),
        "V: !Base64\n  Fn::Sub: |\n    #!/bin/sh\n    echo ${AWS::NoValue}",
        r##"{"V": {"Fn::Base64": {"Fn::Sub": "#!/bin/sh\necho ${AWS::NoValue}\n"}}}"##,
    );
    check(
        list([Node::call(Function::GetAzs, Node::Ref(vpc)), Node::Integer(1)]),
        "V:\n  - !GetAZs\n    Ref: Vpc\n  - 1",
        r#"{"V": [{"Fn::GetAZs": {"Ref": "Vpc"}}, 1]}"#,
    );
    check(
        Node::call(Function::Base64, Node::get_att(vpc, "Id")),
        "V: !Base64\n  Fn::GetAtt:\n    - Vpc\n    - Id",
        r#"{"V": {"Fn::Base64": {"Fn::GetAtt": ["Vpc", "Id"]}}}"#,
    );
    let join = Node::call(
        Function::Join,
        list([Node::Text("-"), Node::call(Function::GetAzs, Node::Ref(vpc))]),
    );
    check(
        Node::call(Function::Base64, Node::call(Function::ImportValue, join)),
        "V: !Base64\n  Fn::ImportValue: !Join\n    - \"-\"\n    - !GetAZs\n      Ref: Vpc",
        r#"{"V": {"Fn::Base64": {"Fn::ImportValue": {"Fn::Join": ["-", {"Fn::GetAZs": {"Ref": "Vpc"}}]}}}}"#,
    );
}

/// CloudFormation documents no short form for these.
#[test]
fn long_forms() {
    check(
        list([Node::call(Function::Length, Node::Ref(resource("P"))), Node::Integer(1)]),
        "V:\n  - Fn::Length: !Ref P\n  - 1",
        r#"{"V": [{"Fn::Length": {"Ref": "P"}}, 1]}"#,
    );
    check(
        Node::call(Function::Contains, list([list([Node::Text("a")]), Node::Text("b")])),
        "V:\n  Fn::Contains:\n    - - a\n    - b",
        r#"{"V": {"Fn::Contains": [["a"], "b"]}}"#,
    );
}

#[test]
fn a_whole_document() {
    let head = ["Made by Formwork".to_owned(), String::new(), "two\nlines\u{7}".to_owned()];
    let body = |w: &mut Writer<'_>| {
        w.map(|w| {
            w.text_entry("AWSTemplateFormatVersion", "2010-09-09")?;
            w.field("Resources", |w| {
                w.map(|w| {
                    for id in ["First", "Second"] {
                        w.field(id, |w| w.map(|w| w.text_entry("Type", "AWS::SNS::Topic")))?;
                    }
                    Ok(())
                })
            })
        })
    };
    let yaml = render::to_text(Format::Yaml, &head, &keys, body).expect("nothing in it is refused");
    assert_eq!(
        yaml,
        "# Made by Formwork\n#\n# two\n# lines \nAWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  First:\n    \
         Type: AWS::SNS::Topic\n  Second:\n    Type: AWS::SNS::Topic\n"
    );
    let json = render::to_text(Format::Json, &head, &keys, body).expect("nothing in it is refused");
    assert_eq!(
        json,
        "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Resources\": {\n    \"First\": {\n      \"Type\": \
         \"AWS::SNS::Topic\"\n    },\n    \"Second\": {\n      \"Type\": \"AWS::SNS::Topic\"\n    }\n  }\n}\n"
    );
}

#[test]
fn what_cannot_be_written() {
    refused(
        map([("A", list([Node::Integer(0), map([("a\nb", Node::Integer(1))])]))]),
        "/V/A/1: the key `a\\nb` holds a line break; a key is one line: remove the break, or make it a value",
    );
    refused(
        Node::Map(vec![("k".repeat(121).leak() as &str, Node::Integer(1))].leak()),
        "/V: the key `kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…` has 121 characters in 121 bytes; at most 120 in 400 are \
         allowed: shorten it, or make it a value",
    );
    refused(
        Node::call(Function::Base64, Node::Number(f64::NAN)),
        "/V/Fn::Base64: NaN cannot be written; only finite numbers are allowed: give one",
    );
    refused(
        Node::Key(&Key::Template("lost")),
        "/V: the template `lost` has no place in the release; only stacks that are part of it have one: nest the stack",
    );
    let deep = (0..200).fold(Node::Integer(1), |inner, _| Node::list(vec![inner]));
    refused(
        deep,
        "/V/0/0/0/0/0/0/0/0/0/0/0/…: maps, lists and intrinsics stand in each other more than 200 deep; nothing reads \
         that: flatten the value",
    );
    let sub =
        (0..300).fold(Node::NoValue, |inner, _| Node::Sub(vec![Piece::Value("X", inner)].leak()));
    refused(
        sub,
        "/V: maps, lists and intrinsics stand in each other more than 200 deep; nothing reads that: flatten the value",
    );
}

fn check(node: Node, yaml: &str, json: &str) {
    let body = |w: &mut Writer<'_>| w.map(|w| w.entry("V", &node));
    assert_eq!(written(Format::Yaml, body).trim_end_matches('\n'), yaml);
    let found: serde_json::Value =
        serde_json::from_str(&written(Format::Json, body)).expect("JSON is written");
    let expected: serde_json::Value = serde_json::from_str(json).expect("JSON is expected");
    assert_eq!(found, expected);
}

fn refused(node: Node, message: &str) {
    for format in [Format::Yaml, Format::Json] {
        let result = render::to_text(format, &[], &keys, |w| w.map(|w| w.entry("V", &node)));
        assert_eq!(result.expect_err("it is refused").to_string(), message);
    }
}

fn written(format: Format, body: impl FnOnce(&mut Writer<'_>) -> render::Result) -> String {
    render::to_text(format, &[], &keys, body).expect("nothing in it is refused")
}

fn keys(key: &Key) -> Option<String> {
    (*key == Key::Asset("code")).then(|| "assets/code.zip".to_owned())
}

fn list<const N: usize>(items: [Node; N]) -> Node {
    Node::list(items.into())
}

fn map<const N: usize>(entries: [(&'static str, Node); N]) -> Node {
    Node::map(entries.into())
}

fn resource(id: &'static str) -> Target {
    Target::new(TargetKind::Resource, id, None, Source::here())
}

fn condition(id: &'static str) -> Target {
    Target::new(TargetKind::Condition, id, None, Source::here())
}
