//! What projects' repositories begin with. Their own tests are run by `cargo xtask test seeds`, on what is packed here.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use formwork::prelude::*;
use mlops_platform::products::seeds;
use mlops_platform::sources;

/// The files of the four zips.
fn packed() -> BTreeMap<&'static str, Vec<u8>> {
    const STACK: Stack<(), ()> = Stack::new("seeds", "Seeds", |t, ()| {
        t.add("Thing", Raw::new("AWS::New::Thing"));
        for (problem, inference) in seeds::ALL {
            t.asset(seeds::asset(problem, inference));
        }
    });
    let assets = support::synthesize(STACK.template()).assets;
    assets.into_iter().map(|(_, packed)| (packed.name, packed.bytes)).collect()
}

/// Paths of a zip, in its order, with the length and the mode of each file.
fn listed(zip: &[u8]) -> Vec<(String, u64, u32)> {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let path = entry.file_path().try_normalize().unwrap().as_ref().to_owned();
        files.push((path, entry.uncompressed_size_hint(), entry.mode().permissions()));
    }
    files
}

#[test]
fn each_has_the_same_files() {
    let packed = packed();
    assert_eq!(packed.len(), 4);
    for (name, zip) in &packed {
        let listed = listed(zip);
        let paths: Vec<_> = listed.iter().map(|(path, _, _)| path.as_str()).collect();
        insta::assert_snapshot!("seed_files", paths.join("\n"));
        for (path, length, mode) in &listed {
            // An empty file says nothing to whoever reads the repository, and nothing in it is a program by itself.
            assert!(*length > 0, "{name}: {path} is empty");
            assert_eq!(mode & 0o777, 0o644, "{name}: {path}");
        }
    }
}

#[test]
fn each_is_small() {
    for (name, zip) in packed() {
        let bytes = u64::try_from(zip.len()).unwrap();
        assert!(bytes <= seeds::LIMIT, "{name}: {bytes} bytes of {}", seeds::LIMIT);
    }
}

/// Nothing lies in the directory that no seed has, and each has a directory.
#[test]
fn each_has_its_directory() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/seed");
    let there: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names = seeds::ALL.map(|(problem, inference)| seeds::name(problem, inference));
    let expected = names.map(|name| name.strip_prefix("seed-").unwrap().to_owned());
    assert_eq!(there, expected.into_iter().chain(["common".to_owned()]).collect());
}

/// A customer's copy of the platform leaves hidden files out unless they are named.
#[test]
fn the_hidden_file_belongs_to_the_sources() {
    let named = "crates/mlops-platform/assets/seed/common/.gitignore";
    assert!(sources::INCLUDE.lines().any(|line| line == named));
    let hidden: Vec<_> = packed().into_values().flat_map(|zip| listed(&zip)).collect();
    let hidden = hidden.iter().filter(|(path, _, _)| path.split('/').any(|it| it.starts_with('.')));
    assert!(hidden.map(|(path, _, _)| path.as_str()).all(|path| path == ".gitignore"));
}
