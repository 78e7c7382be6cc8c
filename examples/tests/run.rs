//! What a program does on the command line: `formwork::assembly::run` is its whole `main`.

#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A place of this test's own, where nothing is.
fn place(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    let _ = fs::remove_file(&path);
    path
}

fn run(program: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program.output().unwrap();
    assert!(stdout.is_empty(), "data would go to the standard output, and there is none");
    (status.code(), String::from_utf8(stderr).unwrap())
}

fn two_nested_stacks() -> Command {
    Command::new(env!("CARGO_BIN_EXE_two_nested_stacks"))
}

#[test]
fn writes_where_it_is_told() {
    let out = place("told");
    let (code, said) = run(two_nested_stacks().arg(&out));
    assert_eq!(code, Some(0), "{said}");
    let root = out.join("two-nested-stacks.yaml");
    assert!(root.is_file() && out.join("manifest.json").is_file(), "{said}");
    assert!(said.contains(&format!("wrote {}\n", root.display())), "{said}");
    let (code, said) = run(two_nested_stacks().arg(&out));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("unchanged {}\n", root.display())), "{said}");
}

#[test]
fn writes_to_out_if_it_is_told_nothing() {
    let here = place("nothing");
    fs::create_dir_all(&here).unwrap();
    let (code, said) = run(two_nested_stacks().current_dir(&here));
    assert_eq!(code, Some(0), "{said}");
    assert!(here.join("out/two-nested-stacks.yaml").is_file(), "{said}");
}

#[test]
fn says_what_is_wrong() {
    let file = place("file");
    fs::write(&file, "in the way").unwrap();
    let (code, said) = run(two_nested_stacks().arg(&file));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&file.display().to_string()), "{said}");
    for wrong in [["a", "b"].as_slice(), &["--help"]] {
        let (code, said) = run(two_nested_stacks().args(wrong));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.starts_with("usage: "), "{said}");
    }
}
