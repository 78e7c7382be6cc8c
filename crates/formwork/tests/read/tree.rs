//! The ways through a tree.

use formwork::read::{self, Document, Segment, pointer};

fn document() -> Document {
    let source = "Resources:\n  A/b~c:\n    Type: x\n    List: [1, !Ref P, {on: yes}]\n  Plain: 0x10\nFn::If: 1.5\n";
    read::parse(source.as_bytes()).expect("it can be read")
}

#[test]
fn pointers_lead_to_values() {
    let root = document().root;
    let text = |at: &str| root.at(at).and_then(|tree| tree.as_str().map(str::to_owned));
    assert_eq!(text("/Resources/A~1b~0c/Type").as_deref(), Some("x"));
    assert_eq!(text("/Resources/A~1b~0c/List/1/Ref").as_deref(), Some("P"));
    assert!(root.at("").is_some_and(|tree| tree.as_map().is_some()));
    for missing in [
        "Resources",
        "/resources",
        "/Resources/A~1b~0c/List/3",
        "/Resources/A~1b~0c/List/x",
        "/Resources/Plain/x",
    ] {
        assert_eq!(root.at(missing), None, "{missing}");
    }
}

#[test]
fn accessors_know_what_they_are_for() {
    let root = document().root;
    let resources = root.get("Resources").expect("it is there");
    let plain = resources.get("Plain").expect("it is there");
    assert_eq!(
        (plain.as_i64(), plain.as_f64(), plain.as_bool(), plain.as_str()),
        (Some(16), Some(16.0), None, Some("0x10"))
    );
    let list = root.at("/Resources/A~1b~0c/List").expect("it is there");
    let [one, reference, map] = list.as_list().expect("a list") else { panic!("three items") };
    assert_eq!(
        (one.as_i64(), one.as_list(), one.as_map().is_none(), one.get("x")),
        (Some(1), None, true, None)
    );
    assert_eq!(
        reference.intrinsic().map(|(name, argument)| (name, argument.as_str())),
        Some(("Ref", Some("P")))
    );
    assert_eq!((map.intrinsic(), map.get("on").and_then(read::Tree::as_bool)), (None, Some(true)));
    assert_eq!(root.intrinsic(), None, "it has two entries");
    assert_eq!(
        resources.entry("Plain").map(|entry| entry.key_span.start.to_string()).as_deref(),
        Some("5:3")
    );
}

#[test]
fn a_walk_visits_everything_in_order() {
    let root = document().root;
    let mut found = Vec::new();
    root.walk(|path, tree| {
        found.push(format!("{} {}", pointer(path), tree.as_str().unwrap_or("-")));
    });
    assert_eq!(
        found,
        [
            " -",
            "/Resources -",
            "/Resources/A~1b~0c -",
            "/Resources/A~1b~0c/Type x",
            "/Resources/A~1b~0c/List -",
            "/Resources/A~1b~0c/List/0 1",
            "/Resources/A~1b~0c/List/1 -",
            "/Resources/A~1b~0c/List/1/Ref P",
            "/Resources/A~1b~0c/List/2 -",
            "/Resources/A~1b~0c/List/2/on yes",
            "/Resources/Plain 0x10",
            "/Fn::If 1.5",
        ]
    );
    root.walk(|path, tree| {
        assert_eq!(root.at(&pointer(path)), Some(tree));
        assert!(path.iter().all(|segment| !matches!(segment, Segment::Key(""))));
    });
}
