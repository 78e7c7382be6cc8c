//! `docs/rules.md`, written from the tables of the rules. A test keeps the committed page current.

use std::fmt::Write as _;

use crate::families::FAMILIES;
use crate::finding::{Rule, Severity};

/// The page.
#[must_use]
pub fn rules() -> String {
    let mut page = String::from(
        "<!-- Written from the tables in crates/formwork-check. Do not edit: change a table and run its tests with \
         INSTA_UPDATE=always. -->\n\n# The rules of `cargo xtask check`\n\nAn **error** fails, or does not do what it \
         says; a **warning** is unwise, or fails for some launches; a **note** is to know. Only errors make the check fail.\n\n\
         A resource is excepted from a rule where it is added, with the reason, which the report repeats:\n\n```rust\n\
         t.add(\"Logs\", s3::Bucket::new().except(\"FW4106\", \"why it does not count here\"));\n```\n\n\
         From the rules of the input and of exceptions, `FW9…`, nothing can be excepted.\n",
    );
    for family in FAMILIES {
        write_family(&mut page, family.name, family.rules);
    }
    page
}

fn write_family(page: &mut String, name: &str, rules: &[Rule]) {
    // Writing into a `String` cannot fail.
    let _ = write!(page, "\n## {name}\n\n| rule | | what |\n|---|---|---|\n");
    for rule in rules {
        let anchor = rule.id.to_lowercase();
        let severity = rule.severity.as_str();
        let _ = writeln!(page, "| [{}](#{anchor}) | {severity} | {} |", rule.id, rule.title);
    }
    for rule in rules {
        let source = if rule.source.starts_with("https://") {
            format!("<{}>", rule.source)
        } else {
            rule.source.to_owned()
        };
        let severity = match rule.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Note => "Note",
        };
        let _ = write!(
            page,
            "\n### {}\n\n**{severity}: {}.** {}\n\n*To do:* {}\n\n*Source:* {source}\n",
            rule.id, rule.title, rule.why, rule.mend
        );
    }
}
