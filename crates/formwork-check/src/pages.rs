//! `docs/rules.md`, written from the tables of the rules and from the baseline's rule files. A test keeps the committed page
//! current.

use std::fmt::Write as _;

use crate::families::FAMILIES;
use crate::finding::{Rule, Severity};
use crate::guard;
use crate::guard::outline::{head, outline};

/// The page. The baseline is rule files by their names, each with its text.
#[must_use]
pub fn rules(baseline: &[(String, String)]) -> String {
    let mut page = String::from(INTRODUCTION);
    for family in FAMILIES {
        write_family(&mut page, family.name, family.rules);
        if family.rules == guard::RULES {
            page.push_str(RULE_FILES);
            for (name, text) in baseline {
                write_rule_file(&mut page, name, text);
            }
        }
    }
    page
}

/// What a reader has to know before the rules.
const INTRODUCTION: &str = "\
<!-- Written from the tables in crates/formwork-check. Do not edit: change a table and run its tests with INSTA_UPDATE=always. -->

# The rules of `cargo xtask check`

An **error** fails, or does not do what it says; a **warning** is unwise, or fails for some launches; a **note** is to know. Only
errors make the check fail: its exit code is 1 then, 0 otherwise, and 2 for a command line that does not parse. `--version` says of which
day the data are that the rules are held to.

A resource is excepted from a rule where it is added, with the reason, which the report repeats:

```rust
t.add(\"Logs\", s3::Bucket::new().except(\"FW4106\", \"why it does not count here\"));
```

From the rules of the input and of exceptions, `FW9…`, and of rule files as such, `FW6002` and `FW6003`, nothing can be excepted.

The report goes to stdout: for people, as JSON (`--format json`, whose schema is `crates/formwork-check/report.schema.json`), or as SARIF
2.1.0, which GitHub shows at the lines of a pull request:

```yaml
permissions: { contents: read, security-events: write }
steps:
  # … checkout and Rust
  - run: cargo xtask check --format sarif > check.sarif
  - if: always()
    uses: github/codeql-action/upload-sarif@v4
    with: { sarif_file: check.sarif }
```
";

/// How rule files work.
const RULE_FILES: &str = "
### How rule files work

`cargo xtask check --rules FILE|DIR`, which may be given several times, also runs rules in the
[language of CloudFormation Guard](https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html) 3, with Guard's own engine. Of a
directory it takes all `*.guard` and `*.ruleset` files. Rules that AWS publishes work unchanged. The first run builds the engine, which no
other check needs.

Each rule is found by its own name, and a resource is excepted from that one alone:

```rust
t.add(\"Key\", kms::Key::new().except(\"FW6001:keys_rotate\", \"why it does not count here\"));
```

A run without rule files says nothing of such exceptions. A run with others than the one that has the rule says in a note (`FW9012`)
that it was not looked at.

The engine sees a template as it is written, functions unevaluated: what a `Ref` or an `Fn::If` comes to is not known to it, and a rule
has to say what that means. Resources in loops stand beside the others.

### The baseline

`guard/` has what the platform promises of its security: `cargo xtask check --rules guard`, which `cargo xtask test` runs. What only a
launch decides breaks none of its rules.
";

/// What the rules of a file demand.
fn write_rule_file(page: &mut String, name: &str, text: &str) {
    let _ = write!(page, "\n**`{name}`**: {}\n\n| rule | demands |\n|---|---|\n", head(text));
    for rule in outline(text) {
        let source = rule.source.map(|source| format!(" [Why]({source})")).unwrap_or_default();
        let _ = writeln!(page, "| `{}` | {}{source} |", rule.name, rule.comment);
    }
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
