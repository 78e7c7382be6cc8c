//! Each case is a tiny schema, and the golden beside it the module that becomes of it.
//!
//! All cases are generated together, as services of one crate, so that `compiles.rs` can compile what comes
//! out. `UPDATE_GOLDEN=1` writes the goldens anew; read the difference before you commit it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use formwork_codegen::driver;
use formwork_codegen::source::{IamService, Sources, TypeHandlers};
use serde_json::{Map, Value};

/// Files that say the same for every input but its size.
const LEFT_OUT: [&str; 3] = ["Cargo.toml", "README.md", "src/lib.rs"];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn cases() -> Map<String, Value> {
    let mut schemas = Map::new();
    for entry in fs::read_dir(tests().join("cases")).expect("cases") {
        let path = entry.expect("a case").path();
        let text = fs::read_to_string(&path).expect("a case");
        let case: Map<String, Value> =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        schemas.extend(case);
    }
    schemas
}

fn iam() -> BTreeMap<String, IamService> {
    let service = |actions: &[&str], keys: &[(&str, &str)]| IamService {
        actions: actions.iter().map(ToString::to_string).collect(),
        keys: keys.iter().map(|(key, kind)| ((*key).to_owned(), (*kind).to_owned())).collect(),
    };
    let keys = [
        ("names:ResourceTag/${TagKey}", "String"),
        ("names:kind.of", "ArrayOfARN"),
        ("names:kindOf", "Numeric"),
        ("aws:TagKeys", "ArrayOfString"),
    ];
    BTreeMap::from([
        ("names".to_owned(), service(&["OpenDoor", "shutDoor"], &keys)),
        ("alone-here".to_owned(), service(&["Sing"], &[])),
    ])
}

/// What the handlers of types call: one that IAM does not know, one in other capitals, one for several; and a silent type.
fn handlers() -> BTreeMap<String, TypeHandlers> {
    let called = |handler: &str, actions: &[&str]| {
        (handler.to_owned(), actions.iter().map(ToString::to_string).collect())
    };
    let door = [
        called("list", &["Names:opendoor"]),
        called("create", &["names:ShutDoor", "names:OpenDoor", "names:Forgotten"]),
        called("delete", &[]),
        called("tag", &["names:Shut*", "names:Lock*"]),
    ];
    BTreeMap::from([
        ("AWS::Names::Door".to_owned(), TypeHandlers::from(door)),
        ("AWS::Alone::Here".to_owned(), TypeHandlers::new()),
    ])
}

fn generated(schemas: Map<String, Value>) -> Result<driver::Generated, String> {
    let schemas = Value::Object(schemas);
    let sources = Sources { schemas, iam: iam(), handlers: handlers(), ..Sources::default() };
    driver::generate(&sources).map_err(|e| e.to_string())
}

#[test]
fn goldens() {
    let generated = generated(cases()).expect("the cases are generated");
    let golden = tests().join("golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update {
        let _ = fs::remove_dir_all(&golden);
    }
    let mut differ = stale(&golden, &generated.files);
    let files = generated.files.iter().filter(|(path, _)| !LEFT_OUT.contains(&path.as_str()));
    for (path, text) in files {
        let path = golden.join(path.strip_prefix("src/").unwrap_or(path));
        if update {
            fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            fs::write(&path, text).expect("a golden");
        } else if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            differ.push(path.display().to_string());
        }
    }
    assert!(
        differ.is_empty(),
        "these differ; if they should, run again with UPDATE_GOLDEN=1 and read what changes:\n  {}",
        differ.join("\n  ")
    );
}

/// Goldens that nothing makes any more.
fn stale(golden: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let (mut stale, mut open) = (Vec::new(), vec![golden.to_owned()]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let path = entry.expect("a golden").path();
            let shown = path.strip_prefix(golden).expect("below the goldens").display().to_string();
            if path.is_dir() {
                open.push(path);
            } else if !files.contains_key(&format!("src/{shown}")) {
                stale.push(shown);
            }
        }
    }
    stale
}

/// Everything is counted on the way in and on the way out.
#[test]
fn counts() {
    let generated = generated(cases()).expect("the cases are generated");
    let expected = "types 12 = 12, properties 64 = 64, enum values 23 = 23, IAM actions 5, \
                    types of handlers 2 = 2, actions that they call 6";
    assert_eq!(generated.counts, expected);
}

/// What the generator does not understand it refuses, and says where and what to do.
#[test]
fn refusals() {
    let cases = [
        (r#"{"Name": {"type": "string", "newKeyword": 1}}"#, "unknown field `newKeyword`"),
        (r#"{"Name": {"type": "string", "format": "AWS::New"}}"#, "a new format `AWS::New`"),
        (r#"{"Name": {"ref_name": "Missing"}}"#, "no definition `Missing`"),
        (r#"{"Name": {"ref_name": "Loop"}}"#, "in a circle"),
    ];
    for (properties, expected) in cases {
        let schema = format!(
            r#"{{"AWS::Bad::Thing": {{"type_name": "AWS::Bad::Thing", "properties": {properties},
                "definitions": {{"Loop": {{"ref_name": "Loop"}}}}}}}}"#
        );
        let schemas = serde_json::from_str(&schema).expect("a schema");
        let error = generated(schemas).expect_err("it is refused");
        assert!(error.contains(expected), "`{error}` does not say `{expected}`");
        assert!(error.starts_with("AWS::Bad::Thing"), "`{error}` does not say where");
    }
}
