//! Input that is broken or hostile: one clear message with file, line and column, exit code 1, no panic, within 10 seconds
//! and 1 GB.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::fs;
use std::path::Path;

use formwork::assembly::sha256;
use serde_json::{Value, json};
use support::bounded;

/// Says one of these things and fails.
fn refused(directory: &Path, words: &[&str], expected: &[&str]) {
    let (output, text) = bounded(directory, words);
    assert_eq!(output.status.code(), Some(1), "{words:?}: {text}");
    for part in expected {
        assert!(text.contains(part), "{words:?}: `{part}` is not in\n{text}");
    }
}

#[test]
fn templates() {
    let directory = support::directory("templates");
    let deep = |open: &str, close: &str| {
        format!("Resources: {}x{}\n", open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };
    let blocks = (0..4_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    let bomb = (1..10).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        text + &format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{}", level - 1); 10].join(",")
        )
    });
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty", vec![], &["FW9002", "empty.yaml:1:1", "the input is empty"]),
        (
            "cut",
            b"{\"Resources\": {\"A\": {\"Type\": ".to_vec(),
            &["FW9002", "cut.yaml:1:30", "ends in the middle"],
        ),
        ("huge", vec![b'a'; 100_000_000], &["FW9001", "--> huge.yaml", "100000000 bytes"]),
        ("lists", deep("[", "]"), &["FW9002", "lists.yaml:1:", "deep"]),
        ("maps", deep("{\"a\":", "}"), &["FW9002", "maps.yaml:1:", "deep"]),
        ("blocks", blocks.into_bytes(), &["FW9002", "blocks.yaml:201:201", "200 deep"]),
        ("bomb", bomb.into_bytes(), &["FW9002", "bomb.yaml:1:5", "an anchor"]),
        ("twice", b"A: 1\nA: 2\n".to_vec(), &["twice.yaml:2:1", "already on line 1"]),
        ("tabs", b"A:\n\tB: 1\n".to_vec(), &["tabs.yaml:2:", "a tab"]),
        ("latin", b"A: caf\xe9\n".to_vec(), &["latin.yaml:1:7", "not UTF-8"]),
        ("wide", b"\xff\xfeR\0".to_vec(), &["FW9002", "wide.yaml:1:1", "UTF-16"]),
        ("marked", b"\xef\xbb\xbfResources: 3\n".to_vec(), &["FW4105", "marked.yaml:1:"]),
        (
            "long",
            [&b"{\"A\": 1,\n\""[..], &[b'x'; 20_000], b"\": 1}"].concat(),
            &["FW9002", "long.yaml:2:1", "8192"],
        ),
        ("tag", b"A: !Reff B\n".to_vec(), &["tag.yaml:1:4", "`!Reff`", "no intrinsic"]),
        ("escape", b"A: \x1b[2J\n".to_vec(), &["escape.yaml:1:4", "U+001B"]),
        ("list", b"[1, 2]\n".to_vec(), &["FW9002", "list.yaml:1:1", "no template"]),
        ("text", b"hello\n".to_vec(), &["FW9002", "text.yaml:1:1", "no template"]),
        (
            "odd",
            b"Resources: [1]\nOutputs: 3\nParameters: {A: 1}\nConditions: [a]\n".to_vec(),
            &["FW4105"],
        ),
    ];
    for (name, bytes, expected) in cases {
        let file = format!("{name}.yaml");
        fs::write(directory.join(&file), bytes).unwrap();
        refused(&directory, &[&file], expected);
        let _ = fs::remove_file(directory.join(&file));
    }
    fs::create_dir(directory.join("folder")).unwrap();
    refused(&directory, &["missing.yaml"], &["FW9001", "missing.yaml"]);
    refused(&directory, &["folder"], &["FW9001", "no assembly"]);
    refused(&directory, &["/dev/zero"], &["FW9001", "is no file"]);
    refused(&directory, &[], &["FW9001", "out/manifest.json", "cargo xtask synth"]);
}

#[test]
fn templates_that_nest_each_other() {
    let directory = support::directory("circle");
    let nests = |file: &str| {
        let stack = "Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ";
        format!("Resources:\n  Child: {{{stack}{file}}}}}\n").into_bytes()
    };
    support::write(
        &directory,
        &[
            ("a.yaml", &nests("sub/b.yaml")),
            ("sub/b.yaml", &nests("../a.yaml")),
            ("self.yaml", &nests("./self.yaml")),
            // What is not below the directory is not read.
            ("climbs.yaml", &nests("../../../../../../../../../../etc/passwd")),
            ("elsewhere.yaml", &nests("missing.yaml")),
        ],
    );
    refused(&directory, &["a.yaml"], &["FW9006", "sub/b.yaml:2:3", "`a` → `b` → `a`"]);
    refused(&directory, &["self.yaml"], &["FW9006", "self.yaml:2:3", "`self` → `self`"]);
    for file in ["climbs.yaml", "elsewhere.yaml"] {
        let (output, text) = bounded(&directory, &[file]);
        assert!(output.status.success(), "{text}");
    }
}

/// A manifest of one template, with a change.
fn manifest(template: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut manifest = json!({
        "format": 1,
        "generator": "test",
        "templates": [{
            "name": "one", "file": "one.yaml", "sha256": sha256(template), "bytes": template.len(),
            "description": "", "parameters": [], "capabilities": [], "nests": {}, "assets": [],
            "resources": { "Topic": { "type": "AWS::SNS::Topic", "source": "src/one.rs:1" } },
        }],
        "assets": [],
    });
    change(&mut manifest);
    serde_json::to_vec_pretty(&manifest).unwrap()
}

const ONE: &[u8] = b"Resources:\n  Topic: {Type: AWS::SNS::Topic}\n";

/// What a manifest lies about.
type Change = fn(&mut Value);

#[test]
fn manifests_that_lie() {
    let directory = support::directory("lies");
    let cases: &[(&str, Change, &[&str])] = &[
        ("parent", |m| m["templates"][0]["file"] = "../one.yaml".into(), &["FW9005", "leads out"]),
        (
            "absolute",
            |m| m["templates"][0]["file"] = "/etc/passwd".into(),
            &["FW9005", "leads out"],
        ),
        ("backslash", |m| m["templates"][0]["file"] = "..\\one".into(), &["FW9005", "leads out"]),
        ("link", |m| m["templates"][0]["file"] = "link.yaml".into(), &["FW9005", "is a link"]),
        ("gone", |m| m["templates"][0]["file"] = "gone.yaml".into(), &["FW9001", "out/gone.yaml"]),
        ("hash", |m| m["templates"][0]["sha256"] = "0".repeat(64).into(), &["FW9004", "changed"]),
        ("bytes", |m| m["templates"][0]["bytes"] = 3.into(), &["FW9004", "changed"]),
        (
            "type",
            |m| m["templates"][0]["resources"]["Topic"]["type"] = "AWS::SQS::Queue".into(),
            &["FW9004", "out/one.yaml:2:3"],
        ),
        (
            "more",
            |m| {
                m["templates"][0]["resources"]["Other"] =
                    m["templates"][0]["resources"]["Topic"].clone();
            },
            &["FW9004", "`Other`"],
        ),
        (
            "nests",
            |m| m["templates"][0]["nests"]["Topic"] = "one".into(),
            &["FW9004", "nested stack `Topic`"],
        ),
        (
            "twice",
            |m| {
                let one = m["templates"][0].clone();
                m["templates"].as_array_mut().unwrap().push(one);
            },
            &["FW9004", "two templates"],
        ),
        (
            "itself",
            |m| m["templates"][0]["file"] = "manifest.json".into(),
            &["FW9004", "out/manifest.json", "changed"],
        ),
        ("none", |m| m["templates"] = json!([]), &["FW9004", "no template"]),
        ("newer", |m| m["format"] = 2.into(), &["FW9003", "format 2"]),
        ("field", |m| m["extra"] = 2.into(), &["FW9003", "out/manifest.json:", "extra"]),
    ];
    for (name, change, expected) in cases {
        let directory = directory.join(name);
        support::write(
            &directory,
            &[
                ("out/one.yaml", ONE),
                ("secret.yaml", ONE),
                ("out/manifest.json", &manifest(ONE, change)),
            ],
        );
        std::os::unix::fs::symlink("../secret.yaml", directory.join("out/link.yaml")).unwrap();
        refused(&directory, &["--out", "out"], expected);
    }
}

#[test]
fn manifests_that_are_none() {
    let directory = support::directory("manifests");
    let whole = manifest(ONE, |_| {});
    let twice = String::from_utf8(whole.clone()).unwrap().replacen('{', "{\"format\": 1,", 1);
    let deep = format!("{{\"format\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let cases: &[(&[u8], &[&str])] = &[
        (b"", &["FW9003", "out/manifest.json:1:1", "empty"]),
        (&whole[..whole.len() / 2], &["FW9003", "out/manifest.json:", "ends in the middle"]),
        (b"format: 1\n", &["FW9003", "this is YAML"]),
        (twice.as_bytes(), &["FW9003", "out/manifest.json:2:", "already on line 1"]),
        (deep.as_bytes(), &["FW9003", "out/manifest.json:1:", "deep"]),
        (b"{\"format\": 1, \"generator\": \"\xff\"}", &["FW9003", "not UTF-8"]),
        (&vec![b' '; 100_000_000], &["FW9001", "100000000 bytes"]),
    ];
    for (bytes, expected) in cases {
        support::write(&directory, &[("out/one.yaml", ONE), ("out/manifest.json", bytes)]);
        refused(&directory, &["--out", "out"], expected);
    }
}

#[test]
fn templates_that_are_too_much_together() {
    let directory = support::directory("together");
    let mut text = b"Resources:\n  T: {Type: AWS::SNS::Topic}\n#".to_vec();
    text.resize(9_900_000, b'x');
    let files = ["a.yaml", "b.yaml"];
    support::write(&directory, &files.map(|file| (file, text.as_slice())));
    refused(&directory, &files, &["FW9001", "b.yaml", "12000000 bytes together"]);
    for file in files {
        fs::remove_file(directory.join(file)).unwrap();
    }
}

#[test]
fn rust_lines_that_lead_elsewhere_are_not_read() {
    let directory = support::directory("sources");
    support::write(&directory, &[("secret.rs", b"let secret = 1;\n")]);
    let broken = b"Resources:\n  Topic: {Type: AWS::SNS::Topic, DependsOn: Nobody}\n";
    for source in
        ["../secret.rs:1", "/etc/passwd:1", "link.rs:1", "one.rs", "one.rs:0", ":1", "data.txt:1"]
    {
        let here = directory.join("here");
        let _ = fs::remove_dir_all(&here);
        let manifest =
            manifest(broken, |m| m["templates"][0]["resources"]["Topic"]["source"] = source.into());
        support::write(
            &here,
            &[
                ("out/one.yaml", broken),
                ("out/manifest.json", &manifest),
                ("data.txt", b"secret\n"),
            ],
        );
        std::os::unix::fs::symlink("../secret.rs", here.join("link.rs")).unwrap();
        let (output, text) = bounded(&here, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(!text.contains("secret") && !text.contains("root:"), "{source}: {text}");
    }
}

#[test]
fn many_templates_with_many_findings() {
    let directory = support::directory("many");
    let resource = |at: usize| format!("  T{at}: {{Type: AWS::SNS::Topic, DependsOn: N{at}}}\n");
    let text = format!("Resources:\n{}", (0..20_000).map(resource).collect::<String>());
    let name = "long/".repeat(20) + "many.yaml";
    support::write(&directory, &[(&name, text.as_bytes())]);
    for format in ["human", "json", "sarif"] {
        let (output, _) = bounded(&directory, &["--format", format, &name]);
        assert_eq!(output.status.code(), Some(1));
    }
}

/// Each reference asks whether its target may be missing, and no question is decided soon.
#[test]
fn conditions_that_take_too_long() {
    let directory = support::directory("conditions");
    let mut text = "Parameters:\n".to_owned();
    for at in 0..10 {
        text += &["A", "B", "C"].map(|name| format!("  {name}{at}: {{Type: String}}\n")).concat();
    }
    text += "Conditions:\n";
    for at in 0..10 {
        let equal = ["A", "B", "C"].map(|name| format!("!Equals [!Ref {name}{at}, x]")).join(", ");
        text.extend(["  Or", &at.to_string(), ": !Or [", &equal, "]\n"]);
    }
    let ors: Vec<String> = (0..10).map(|at| format!("!Condition Or{at}")).collect();
    for at in 0..10 {
        let turned = [&ors[at..], &ors[..at]].concat().join(", ");
        text.extend(["  And", &at.to_string(), ": !And [", &turned, "]\n"]);
    }
    text += "Resources:\n";
    for at in 0..10 {
        let others = (0..10).filter(|other| *other < at).map(|other| format!("!Ref T{other}"));
        let others = others.collect::<Vec<_>>().join(", ");
        let at = at.to_string();
        text.extend([
            "  T",
            &at,
            ": {Type: A::B::C, Condition: And",
            &at,
            ", Properties: {P: [",
            &others,
            "]}}\n",
        ]);
    }
    support::write(&directory, &[("t.yaml", text.as_bytes())]);
    let regions = "us-east-1,us-east-2,us-west-2,eu-west-1,eu-west-2,eu-central-1";
    let (output, text) = bounded(&directory, &["--region", regions, "t.yaml"]);
    assert!(output.status.success() && text.contains("FW2017"), "{text}");
}
