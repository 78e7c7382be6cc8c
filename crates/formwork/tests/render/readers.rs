//! What is written in YAML comes back as it was in every reader: `PyYAML` and ruamel.yaml in Python, for
//! YAML 1.1 and 1.2, and `serde_yaml` in Rust.
//!
//! The texts are in `data/render/hostile.txt`; combinations and long ones are made from them here.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use formwork::node::{Function, Key, Node, Piece};
use formwork::render::{self, Format, Writer};
use serde_json::{Value, json};

#[test]
fn hostile_texts_come_back_as_they_were() {
    let texts = texts();
    assert!(texts.len() >= 324, "only {} texts", texts.len());
    read_back("hostile", &values(&texts), &expected_values(&texts));
}

#[test]
fn hostile_keys_come_back_as_they_were() {
    let keys = keys();
    assert!(keys.len() >= 324, "only {} keys", keys.len());
    let yaml = yaml(|w| {
        w.map(|w| {
            w.field("flat", |w| w.map(|w| keys.iter().try_for_each(|key| w.text_entry(key, key))))?;
            w.field("items", |w| {
                w.list(&keys, |w, key| {
                    w.map(|w| w.field(key, |w| w.map(|w| w.text_entry(key, "x"))))
                })
            })
        })
    });
    let object =
        |key: &String, value: Value| Value::Object([(key.clone(), value)].into_iter().collect());
    let flat: Value = keys.iter().map(|key| (key.clone(), json!(key))).collect();
    let items: Value = keys.iter().map(|key| object(key, object(key, json!("x")))).collect();
    read_back("keys", &yaml, &json!({ "flat": flat, "items": items }));
}

#[test]
fn hostile_texts_come_back_from_short_forms() {
    let texts = texts();
    let nodes: Vec<Node> = texts.iter().map(|text| Node::text(text.clone())).collect();
    let yaml = yaml(|w| {
        w.list(&nodes, |w, &text| {
            w.node(&Node::list(vec![
                Node::call(Function::Base64, text),
                Node::call(Function::Join, Node::list(vec![text, Node::list(vec![text])])),
                Node::call(Function::Length, Node::list(vec![text])),
                Node::Sub(vec![Piece::Value("A", Node::NoValue), Piece::Value("B", text)].leak()),
            ]))
        })
    });
    let expected: Value = texts
        .iter()
        .map(|text| {
            json!([
                { "Fn::Base64": text },
                { "Fn::Join": [text, [text]] },
                { "Fn::Length": [text] },
                { "Fn::Sub": format!("${{AWS::NoValue}}{}", text.replace("${", "${!")) },
            ])
        })
        .collect();
    read_back("short-forms", &yaml, &expected);
}

#[test]
fn numbers_come_back_as_they_were() {
    let whole = [0, 1, -1, 7, 10, 1_000, 123_456_789_012, i64::MAX, i64::MIN];
    let fractions = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        1.5,
        -2.25,
        80.0,
        0.3,
        1e3,
        1e15,
        1e16,
        1e17,
        1.5e20,
        1e21,
        1e100,
        1e300,
        1e-6,
        1e-7,
        1e-8,
        1.5e-9,
        1e-300,
        5e-324,
        1.0 / 3.0,
        2.0 / 3.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        f64::EPSILON,
        123_456_789.123_456_79,
        0.000_123,
        9_007_199_254_740_993.0,
    ];
    let yaml = yaml(|w| {
        w.map(|w| {
            w.field("whole", |w| w.list(whole, Writer::integer))?;
            w.field("fractions", |w| w.list(fractions, Writer::number))?;
            w.field("booleans", |w| w.list([true, false], Writer::boolean))
        })
    });
    read_back(
        "numbers",
        &yaml,
        &json!({ "whole": whole, "fractions": fractions, "booleans": [true, false] }),
    );
}

/// `serde_yaml` reads YAML 1.2, and text alone is what the two versions can disagree about.
#[test]
fn serde_yaml_reads_the_same() {
    let texts = texts();
    let found: Value =
        serde_yaml::from_str(&values(&texts)).expect("serde_yaml reads what was written");
    let expected = expected_values(&texts);
    for (found, expected) in
        found.as_array().expect("a list").iter().zip(expected.as_array().expect("a list"))
    {
        assert_eq!(found, expected);
    }
}

/// Each text as a value, an item and a nested value.
fn values(texts: &[String]) -> String {
    yaml(|w| {
        w.list(texts, |w, text| {
            w.map(|w| {
                w.text_entry("value", text)?;
                w.field("items", |w| w.list([text, text], |w, text| w.text(text)))?;
                w.field("nested", |w| {
                    w.map(|w| {
                        w.field("list", |w| {
                            w.list([[text]], |w, inner| w.list(inner, |w, t| w.text(t)))
                        })
                    })
                })?;
                w.text_entry("last", text)
            })
        })
    })
}

fn expected_values(texts: &[String]) -> Value {
    texts
        .iter()
        .map(|t| json!({ "value": t, "items": [t, t], "nested": { "list": [[t]] }, "last": t }))
        .collect()
}

fn yaml(body: impl FnOnce(&mut Writer<'_>) -> render::Result) -> String {
    render::to_text(
        Format::Yaml,
        &["a: b \u{2028}c: d \u{85}e\r\u{FEFF}\n\u{0}- x".to_owned()],
        &|_: &Key| None,
        body,
    )
    .expect("nothing in it is refused")
}

/// Every text of the file, 1,500 combinations of what YAML gives a meaning, and long ones; none twice.
fn texts() -> Vec<String> {
    const PARTS: [&str; 48] = [
        ":", " ", "#", "-", "\n", "\t", "a", "'", "\"", "\\", "é", "😀", "\u{2028}", "\u{85}", "1",
        "0", "_", "e", ".", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "~",
        "?", "=", "<", "${", "yes", "\r", "\u{FEFF}", "\0", "+", "\n\n", "  ", ": ", " #", "x",
        "\u{A0}",
    ];
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).expect("it is smaller than a usize")
    };
    let mut texts = from_file();
    for _ in 0..1_500 {
        let length = 1 + random(8);
        texts.push((0..length).map(|_| PARTS[random(PARTS.len())]).collect());
    }
    for unit in [
        "word ",
        "x",
        "é",
        "😀",
        "a: b #c ",
        "line\n",
        "a\n  b\n",
        "\u{2028}",
        "0",
        "\"\\'",
        "a-long-word-without-an-end",
    ] {
        for length in [200, 500, 1_200] {
            let long: String = unit.chars().cycle().take(length).collect();
            texts.extend([format!("{long}."), format!("first\n{long}\nlast"), long]);
        }
    }
    let mut known = HashSet::new();
    texts.retain(|text| known.insert(text.clone()));
    texts
}

/// The texts that may be keys.
fn keys() -> Vec<String> {
    let allowed = |text: &String| {
        text.chars().count() <= render::MAX_KEY_CHARS
            && text.len() <= render::MAX_KEY_BYTES
            && !text.contains('\n')
    };
    let mut keys: Vec<String> = texts().into_iter().filter(allowed).collect();
    keys.extend(
        ["\u{1}", "x", " ", "\u{2028}", "'", "\""].map(|unit| unit.repeat(render::MAX_KEY_CHARS)),
    );
    keys.push("😀".repeat(render::MAX_KEY_BYTES / 4));
    keys
}

fn from_file() -> Vec<String> {
    include_str!("../data/render/hostile.txt")
        .lines()
        .filter(|line| line.starts_with('"'))
        .map(|line| serde_json::from_str(line).expect("every line is a JSON string"))
        .collect()
}

/// Lets the Python readers compare `yaml` with `expected`.
fn read_back(name: &str, yaml: &str, expected: &Value) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let document = folder.join(format!("{name}.yaml"));
    let wanted = folder.join(format!("{name}.json"));
    std::fs::write(&document, yaml).expect("the document can be written");
    std::fs::write(&wanted, expected.to_string()).expect("the expectation can be written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/render/read_back.py");
    let python = python();
    let output = Command::new(&python).arg(script).args([&document, &wanted]).output();
    let output =
        output.unwrap_or_else(|error| panic!("cannot start {}: {error}", python.display()));
    assert!(
        output.status.success(),
        "{}{}the document is {}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        document.display(),
    );
}

/// The interpreter with the readers.
fn python() -> PathBuf {
    if let Some(given) = std::env::var_os("FORMWORK_PYTHON") {
        return given.into();
    }
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    assert!(
        made.exists(),
        "this test reads YAML back with Python, and there is no {}: run `cargo xtask test`, which makes it, or set \
         FORMWORK_PYTHON to an interpreter with the packages of tests/requirements.txt",
        made.display(),
    );
    made
}
