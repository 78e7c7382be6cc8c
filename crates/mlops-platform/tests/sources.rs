//! The platform's own sources as an asset: what a customer's repository begins with, and the hash by which the build in the
//! customer's pipeline knows a checkout that was launched already.

#![allow(missing_docs, reason = "a test")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use formwork::Asset;
use formwork::assembly::{Assembly, AssetEntry, Settings};
use formwork::prelude::*;
use mlops_platform::sources;
use serde_json::Value;

/// The manifest's entry of the only asset of a stack.
fn packed(stack: Stack<(), ()>) -> AssetEntry {
    let assembly = Assembly::new().with(stack.template());
    let synthesized = assembly.synth(Settings::default()).unwrap_or_else(|it| panic!("{it}"));
    synthesized.assets[0].0.clone()
}

fn holding(t: &mut Template, asset: Asset) {
    t.add("Thing", Raw::new("AWS::New::Thing"));
    t.asset(asset);
}

/// A directory, what of it is included, and the hash of that.
fn vector() -> Value {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/tests/data/source-hash.json");
    serde_json::from_str(&std::fs::read_to_string(data).unwrap()).unwrap()
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("source-hash")
}

/// `assets/scripts/build_release.py` finds the same hash for the same directory: both read this file.
#[test]
fn the_build_in_the_pipeline_finds_the_same_hash() {
    const STACK: Stack<(), ()> = Stack::new("sources", "Sources", |t, ()| {
        let included = vector()["include"].as_array().unwrap().clone();
        let included = included.iter().map(|path| &*path.as_str().unwrap().to_owned().leak());
        let asset = sources::choose(Asset::directory("sources", directory()), included);
        holding(t, asset);
    });
    let (vector, root) = (vector(), directory());
    _ = std::fs::remove_dir_all(&root);
    for file in vector["files"].as_array().unwrap() {
        let path = root.join(file["path"].as_str().unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, file["text"].as_str().unwrap()).unwrap();
        let mode = if file["executable"] == true { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    assert_eq!(packed(STACK).hash, vector["hash"]);
}

#[test]
fn the_sources_fit_into_a_new_repository() {
    const STACK: Stack<(), ()> =
        Stack::new("sources", "Sources", |t, ()| holding(t, sources::asset()));
    let bytes = packed(STACK).bytes;
    assert!(bytes < sources::LIMIT, "{bytes} bytes of {}", sources::LIMIT);
}

/// Synth reads all of them, and whoever adds one at the top names it in the list.
#[test]
fn every_member_of_the_workspace_is_included() {
    let manifest = include_str!("../../../Cargo.toml");
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).unwrap();
    let members: Vec<String> = serde_json::from_str(members).unwrap();
    for member in members {
        let top = member.split('/').next().unwrap();
        assert!(sources::INCLUDE.lines().any(|line| line == top), "{member}");
    }
}

#[test]
fn what_else_lies_in_a_working_copy_is_not_included() {
    let tops = sources::INCLUDE.lines();
    let named: Vec<_> = tops.filter(|line| line.starts_with('.')).collect();
    assert_eq!(named, [".cargo/config.toml", ".gitignore"]);
    for written in ["out", "target"] {
        assert!(sources::INCLUDE.lines().all(|line| line != written), "{written}");
    }
}
