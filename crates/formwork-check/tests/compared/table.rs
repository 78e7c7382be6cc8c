//! What is known of another check's rules and is committed: their titles, and why this check finds other things.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the data are.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compared")
}

/// A table in text: lines of a key and cells behind ` | `; empty ones and those after `#` are left out.
pub fn read(name: &str) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(directory().join(name)).expect("the table is there");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut table = BTreeMap::new();
    for line in lines {
        let mut cells = line.split(" | ").map(|cell| cell.trim().to_owned());
        let key = cells.next().expect("a key");
        assert!(table.insert(key, cells.collect()).is_none(), "twice in {name}: {line}");
    }
    table
}

/// A cell of a row, empty if it is not there.
pub fn cell(row: Option<&Vec<String>>, at: usize) -> &str {
    row.and_then(|row| row.get(at)).map_or("", String::as_str)
}

/// Compares a committed file with what it is generated from; `INSTA_UPDATE=always` writes it.
pub fn current(path: &Path, text: &str) {
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(path, text).expect("the file can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, text, "{} is stale", path.display());
}
