//! Wrong programs, and what the compiler says about each: `tests/ui/<what>/<mistake>.rs` and `.stderr`.
//!
//! The texts are those of Rust 1.95, the `rust-version` of the workspace. After a change that is meant,
//! `TRYBUILD=overwrite cargo test -p formwork-macros --test ui` writes them anew, for a person to read.

use std::path::{Path, PathBuf};

/// The most lines that a message may have: what is longer is not read.
const LONGEST: usize = 25;

#[test]
fn wrong_programs_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

/// Every message is short, points at the author's line first, and says nothing of this machine.
#[test]
fn messages_can_be_read() {
    let mut faults = Vec::new();
    for program in programs() {
        let name = program.display();
        let Ok(message) = std::fs::read_to_string(program.with_extension("stderr")) else {
            faults.push(format!("{name}: no message beside it: run with TRYBUILD=overwrite"));
            continue;
        };
        let lines = message.lines().count();
        if lines > LONGEST {
            faults.push(format!("{name}: {lines} lines, at most {LONGEST} are read"));
        }
        let first = message.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        if !first.is_some_and(|place| place.starts_with(&*program.to_string_lossy())) {
            faults.push(format!("{name}: points at {} first", first.unwrap_or("nothing")));
        }
        if message.contains("--> /") || message.contains("/rustc/") {
            faults.push(format!("{name}: names a path of this machine"));
        }
        if message.contains("other types implement") {
            faults.push(format!("{name}: lists other types, which tells nobody anything"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn programs() -> Vec<PathBuf> {
    let entries = |path: &Path| {
        let entries =
            std::fs::read_dir(path).expect("the directory of the wrong programs is there");
        entries.map(|entry| entry.expect("its entries can be read").path()).collect::<Vec<_>>()
    };
    let groups = entries(Path::new("tests/ui"));
    let mut programs: Vec<PathBuf> = groups.iter().flat_map(|group| entries(group)).collect();
    programs.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    programs.sort();
    programs
}
