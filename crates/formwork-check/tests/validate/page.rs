//! The section of `docs/compared.md`, which another test puts the page together from. Counts nothing itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use formwork_check::families;
use formwork_check::finding::Severity;

use crate::findings::Corpus;
use crate::reasons::Reasons;
use crate::{Row, Rows, severity};

/// What stands before the tables.
const HEAD: &str = include_str!("head.md");

pub fn section(
    corpus: &Corpus,
    theirs: &Reasons,
    ours: &Reasons,
    their_rows: &Rows,
    our_rows: &Rows,
) -> String {
    let mut page = HEAD.replace("{templates}", &corpus.templates.len().to_string());
    // Writing into a `String` cannot fail.
    page.push_str("\n### Its rules\n\n");
    page.push_str("| rule | it looks for | both | only it | not read | ours | why only it |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    let (mut infos, mut sums) = (Vec::new(), [Row::default(), Row::default()]);
    for (rule, row) in their_rows {
        if rule.starts_with('I') {
            infos.push(format!("{rule} {}", row.both + row.only + row.refused));
            continue;
        }
        let sum = &mut sums[usize::from(rule.starts_with('W'))];
        sum.both += row.both;
        sum.only += row.only;
        sum.refused += row.refused;
        let what = corpus.rules.get(rule).map_or("", String::as_str);
        let same = theirs.of(rule).join(" ");
        let why = if row.only > 0 { theirs.why(rule) } else { "" };
        let Row { both, only, refused, .. } = row;
        let _ =
            writeln!(page, "| {rule} | {what} | {both} | {only} | {refused} | {same} | {why} |");
    }
    for (what, Row { both, only, refused, .. }) in ["F, E", "W"].iter().zip(&sums) {
        let _ = writeln!(page, "| all {what} | | {both} | {only} | {refused} | | |");
    }
    let _ = writeln!(page, "\nIts infos, not compared: {}.", infos.join(", "));
    page.push_str("\n### Our errors and warnings\n\n");
    page.push_str("| rule | | it looks for | both | only ours | why only ours |\n");
    page.push_str("|---|---|---|---|---|---|\n");
    for (rule, Row { both, only, .. }) in our_rows {
        let severity = severity(rule);
        if severity == Severity::Note {
            continue;
        }
        let what = families::rules().find(|known| known.id == rule).map_or("", |rule| rule.title);
        let severity = severity.as_str();
        let why = if *only > 0 { ours.why(rule) } else { "" };
        let _ = writeln!(page, "| {rule} | {severity} | {what} | {both} | {only} | {why} |");
    }
    page
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compared/cloudformation-validate.md")
}

/// The section as it is committed.
pub fn committed() -> String {
    std::fs::read_to_string(path()).unwrap_or_default()
}

/// Holds the committed section to what was found, or writes it.
pub fn hold(section: &str) {
    if committed() == section {
        return;
    }
    let is_written = std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always");
    assert!(
        is_written,
        "it is not current: run this with INSTA_UPDATE=always, and read the difference"
    );
    std::fs::write(path(), section).expect("the section can be written");
}
