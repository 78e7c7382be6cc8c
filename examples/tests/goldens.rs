//! Every program's templates, byte for byte as somebody read and accepted them.
//!
//! `INSTA_UPDATE=always cargo test -p formwork-examples` accepts what the programs write now. Read the difference.

#![allow(missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use formwork::assembly::{Assembly, KeyStyle, Settings};

/// The programs as modules; their `main` is not for a test.
macro_rules! programs {
    ($($name:ident in $file:literal;)*) => {
        $(
            #[path = $file]
            #[expect(dead_code, reason = "`main` writes to disk")]
            mod $name;
        )*

        const PROGRAMS: &[(&str, fn() -> Assembly)] = &[$((stringify!($name), $name::assembly)),*];
    };
}
programs! {
    api_with_table in "../src/bin/api_with_table.rs";
    buckets_by_for_each in "../src/bin/buckets_by_for_each.rs";
    custom_resource in "../src/bin/custom_resource.rs";
    new_type in "../src/bin/new_type.rs";
    private_static_site in "../src/bin/private_static_site.rs";
    service_catalog_product in "../src/bin/service_catalog_product.rs";
    two_nested_stacks in "../src/bin/two_nested_stacks.rs";
    vpc_over_three_zones in "../src/bin/vpc_over_three_zones.rs";
}

/// Every file of the kind below a directory, by its path in there.
fn files(directory: &Path, extension: &str) -> BTreeMap<PathBuf, String> {
    fn walk(top: &Path, directory: &Path, extension: &str, found: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(top, &path, extension, found);
            } else if path.extension() == Some(OsStr::new(extension)) {
                let name = path.strip_prefix(top).unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(directory, directory, extension, &mut found);
    found
}

/// What all programs write: `<program>/<template>.yaml`.
fn written() -> BTreeMap<PathBuf, String> {
    let settings = Settings { keys: KeyStyle::Named, ..Settings::default() };
    let mut written = BTreeMap::new();
    for (program, assembly) in PROGRAMS {
        let synthesized = assembly().synth(settings).unwrap_or_else(|problems| {
            panic!("{program} has problems:\n{problems}");
        });
        for template in synthesized.templates {
            let name = format!("{}.yaml", template.entry.name);
            written.insert(Path::new(program).join(name), template.text);
        }
    }
    written
}

#[test]
fn every_program_is_tested() {
    let bin = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let programs: BTreeSet<PathBuf> = files(&bin, "rs").into_keys().collect();
    let tested = PROGRAMS.iter().map(|(name, _)| PathBuf::from(format!("{name}.rs"))).collect();
    assert_eq!(programs, tested, "add the program to `programs!`, or take it out");
}

#[test]
fn goldens_are_what_programs_write() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let (accepted, written) = (files(&golden, "yaml"), written());
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        accept(&golden, &accepted, &written);
        return;
    }
    let all: BTreeSet<&PathBuf> = accepted.keys().chain(written.keys()).collect();
    let problems: Vec<String> = all
        .into_iter()
        .filter_map(|file| {
            let what = match (accepted.get(file), written.get(file)) {
                (Some(accepted), Some(written)) => first_difference(accepted, written)?,
                (Some(_), None) => "no program writes it".to_owned(),
                (None, _) => "a program writes it, and nobody accepted it".to_owned(),
            };
            Some(format!("golden/{}: {what}", file.display()))
        })
        .collect();
    let cure = "read what changed, then `INSTA_UPDATE=always cargo test -p formwork-examples`";
    assert!(problems.is_empty(), "{}\n{cure}", problems.join("\n"));
}

fn accept(
    golden: &Path,
    accepted: &BTreeMap<PathBuf, String>,
    written: &BTreeMap<PathBuf, String>,
) {
    for file in accepted.keys().filter(|file| !written.contains_key(*file)) {
        fs::remove_file(golden.join(file)).unwrap();
        // Only an empty directory goes.
        let _ = fs::remove_dir(golden.join(file).parent().unwrap());
    }
    for (file, text) in written.iter().filter(|(file, text)| accepted.get(*file) != Some(*text)) {
        fs::create_dir_all(golden.join(file).parent().unwrap()).unwrap();
        fs::write(golden.join(file), text).unwrap();
    }
}

/// The first line that differs, if the two differ at all.
fn first_difference(accepted: &str, written: &str) -> Option<String> {
    if accepted == written {
        return None;
    }
    let (mut old, mut new) = (accepted.split('\n'), written.split('\n'));
    for line in 1.. {
        match (old.next(), new.next()) {
            (old, new) if old == new => {}
            (old, new) => {
                let (old, new) = (old.unwrap_or("(the end)"), new.unwrap_or("(the end)"));
                return Some(format!("line {line} differs\n  accepted: {old}\n  written:  {new}"));
            }
        }
    }
    None
}
