//! Small inputs with what is read of them: `data/read/cases.txt`.

use formwork::read::Style::{Block, Plain, Quoted};
use formwork::read::{self, Content, Position, Scalar, Span};

use super::meaning;

/// Lines up to the next `===` are a case: its input, then lines that begin with `=> `. They hold one JSON
/// value, which is what the input means, or every problem it has.
#[test]
fn every_case() {
    let cases = include_str!("../data/read/cases.txt").split("\n=== ").skip(1);
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases {
        let (name, body) = case.split_once('\n').expect("a case has a name");
        let (input, expected): (Vec<&str>, Vec<&str>) =
            body.lines().partition(|line| !line.starts_with("=> "));
        let input = input.join("\n") + "\n";
        let expected: Vec<&str> = expected.iter().map(|line| &line[3..]).collect();
        let found = match read::parse(input.as_bytes()) {
            Ok(document) => meaning(&document.root).to_string(),
            Err(problems) => problems.to_string(),
        };
        if found != expected.join("\n") {
            failures.push(format!(
                "{name}\n  expected {}\n  found    {found}",
                expected.join("\n           ")
            ));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{} of {count} cases:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 40, "only {count} cases");
}

/// `data/read/scalars.txt` has what `PyYAML` makes of plain scalars.
#[test]
fn plain_scalars_mean_what_yaml_1_1_says() {
    let lines =
        include_str!("../data/read/scalars.txt").lines().filter(|line| !line.starts_with('#'));
    let mut wrong = Vec::new();
    for line in lines {
        let mut parts = line.split('\t');
        let [text, kind, value] = [(); 3].map(|()| parts.next().expect("text, kind, value"));
        let document = read::parse(format!("v: {text}\n").as_bytes()).expect("it can be read");
        let tree = document.root.get("v").expect("it is there");
        assert_eq!(tree.as_str(), Some(text), "the text is kept");
        let found = match tree.as_scalar().expect("it is a scalar") {
            Scalar::Null => ("null", String::new()),
            Scalar::Bool(value) => ("boolean", value.to_string()),
            Scalar::Integer(number) => ("integer", number.to_string()),
            Scalar::Number(number) => {
                let same = value.parse() == Ok(number) || number.is_nan() && value == "nan";
                ("number", if same { value.to_owned() } else { number.to_string() })
            }
            Scalar::Text(text) => ("text", text.to_owned()),
        };
        if found != (kind, value.to_owned()) {
            wrong.push(format!("{text}: {kind} {value}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn styles_are_kept() {
    let source = "a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >-\n  x\nf: !!str 1\ng: !Ref x\n";
    let document = read::parse(source.as_bytes()).expect("it can be read");
    let style = |pointer: &str| match document.root.at(pointer).map(read::Tree::content) {
        Some(Content::Scalar(_, style)) => *style,
        other => panic!("{pointer} is {other:?}"),
    };
    let styles = ["/a", "/b", "/c", "/d", "/e", "/f", "/g/Ref"].map(style);
    assert_eq!(styles, [Plain, Quoted, Quoted, Block, Block, Quoted, Quoted]);
    let document = read::parse(br#"{"a": 1e3, "b": "1"}"#).expect("it can be read");
    assert_eq!(document.root.at("/a").and_then(read::Tree::as_f64), Some(1000.0));
    assert_eq!(document.root.at("/b").and_then(read::Tree::as_f64), None);
}

#[test]
fn keys_and_values_know_their_place() {
    let yaml =
        "Ä:\n  - !If [c, \"x\", y z]\n  - k: |\n      t\n    l: &a\n".replace(" &a", " {m: 1}");
    let json = "{\"Ä\": [\n  1, {\"k\": \"\\ud83d\\ude00\", \"l\": 2.5}]}";
    let yaml_spans = [
        ("", "1:1-5:14", None),
        ("/Ä", "2:3-5:14", Some("1:1-1:2")),
        ("/Ä/0", "2:5-2:22", None),
        ("/Ä/0/Fn::If", "2:5-2:22", Some("2:5-2:8")),
        ("/Ä/0/Fn::If/1", "2:13-2:16", None),
        ("/Ä/1", "3:5-5:14", None),
        ("/Ä/1/k", "4:7-5:5", Some("3:5-3:6")),
        ("/Ä/1/l/m", "5:12-5:13", Some("5:9-5:10")),
    ];
    let json_spans = [
        ("", "1:1-2:39", None),
        ("/Ä", "1:7-2:38", Some("1:2-1:5")),
        ("/Ä/1/k", "2:12-2:26", Some("2:7-2:10")),
        ("/Ä/1/l", "2:33-2:36", Some("2:28-2:31")),
    ];
    check_spans(&yaml, &yaml_spans);
    check_spans(json, &json_spans);
}

fn check_spans(source: &str, expected: &[(&str, &str, Option<&str>)]) {
    let show = |span: Span| format!("{}-{}", span.start, span.end);
    let document = read::parse(source.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    for &(pointer, span, key_span) in expected {
        let tree = document.root.at(pointer).unwrap_or_else(|| panic!("{pointer} is missing"));
        assert_eq!(show(tree.span()), span, "{pointer}");
        if let Some(key_span) = key_span {
            let (parent, key) = pointer.rsplit_once('/').expect("a key has a parent");
            let entry =
                document.root.at(parent).and_then(|tree| tree.entry(key)).expect("it is a map's");
            assert_eq!(show(entry.key_span), key_span, "{pointer}");
        }
    }
}

#[test]
fn places_become_offsets() {
    let source = "aé\n😀b\n\n";
    let at = |line, column| Position { line, column }.offset_in(source);
    assert_eq!(
        [at(1, 1), at(1, 2), at(1, 3), at(2, 1), at(2, 2), at(2, 3), at(3, 1), at(9, 9)],
        [0, 1, 3, 4, 8, 9, 10, 11]
    );
}
