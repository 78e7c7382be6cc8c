//! Launching from a terminal: the command that makes the stack which a link would make, and nothing more.
//!
//! It is written for a POSIX shell and for both major versions of the AWS CLI. It never asks for anything that the
//! link does not do, such as protection against deletion.

use std::fmt::Write as _;

use serde_json::json;

use super::{LaunchBranch, LaunchPage, LaunchRegion};

impl LaunchPage {
    /// The command that launches a branch in a region: one word or option a line, ready to be pasted into a shell.
    #[must_use]
    pub fn command(&self, branch: &LaunchBranch, region: &LaunchRegion) -> String {
        let mut lines = vec![
            "aws cloudformation create-stack".to_owned(),
            format!("  --region {}", quoted(region.code)),
            format!("  --stack-name {}", quoted(self.stack_name)),
            format!("  --template-url {}", quoted(&self.template_url(branch))),
        ];
        if !self.capabilities.is_empty() {
            let capabilities: Vec<String> =
                self.capabilities.iter().map(|name| quoted(name)).collect();
            lines.push(format!("  --capabilities {}", capabilities.join(" ")));
        }
        if !branch.parameters.is_empty() {
            lines.push("  --parameters".to_owned());
            let words = parameters(branch.parameters);
            lines.extend(words.iter().map(|word| format!("    {}", quoted(word))));
        }
        lines.join(" \\\n")
    }
}

/// The commands of these branches and regions, each below a comment that says what it launches.
pub(super) fn render(
    page: &LaunchPage,
    branches: &[LaunchBranch],
    regions: &[LaunchRegion],
) -> String {
    let mut text = String::new();
    for branch in branches {
        for region in regions {
            if !text.is_empty() {
                text.push('\n');
            }
            let command = page.command(branch, region);
            let _ =
                writeln!(text, "# {} in {}, {}\n{command}", branch.name, region.code, region.name);
        }
    }
    text
}

/// The words behind `--parameters`: shorthand, or one JSON list where shorthand cannot say a name or a value. The CLI
/// reads either all of them as shorthand or all as JSON.
fn parameters(parameters: &[(&str, &str)]) -> Vec<String> {
    let shorthand = parameters.iter().map(|(name, value)| {
        let value = shorthand(value)?;
        plain(name, "").then(|| format!("ParameterKey={name},ParameterValue={value}"))
    });
    shorthand.collect::<Option<Vec<String>>>().unwrap_or_else(|| {
        let list = parameters
            .iter()
            .map(|(name, value)| json!({ "ParameterKey": name, "ParameterValue": value }));
        vec![json!(list.collect::<Vec<_>>()).to_string()]
    })
}

/// A value in the CLI's shorthand: as it is, or in double quotes. Within these the CLI's parser takes every character
/// for itself but a quote and a backslash, whose escapes it has read differently over time; control characters are left
/// to JSON too, which keeps the command readable.
fn shorthand(value: &str) -> Option<String> {
    if value.is_empty() || plain(value, "_./:@%+-") {
        Some(value.to_owned())
    } else if value.contains(['"', '\\']) || value.contains(char::is_control) {
        None
    } else {
        Some(format!("\"{value}\""))
    }
}

/// A word for the shell: as it is, or in single quotes, within which nothing is special but their end.
fn quoted(word: &str) -> String {
    if plain(word, "_./:@%+-=,") {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Whether there is something, and nothing but ASCII letters, digits and these.
fn plain(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::super::tests::{REGION, page_with};

    /// A value, and the last word of the command as it stands there. The AWS CLI's own parser reads each of them back
    /// to the value.
    const VALUES: &[(&str, &str)] = &[
        ("plain-1.0_x/y:z@%+", "ParameterKey=Key,ParameterValue=plain-1.0_x/y:z@%+"),
        ("", "ParameterKey=Key,ParameterValue="),
        ("a,b", r#"'ParameterKey=Key,ParameterValue="a,b"'"#),
        ("a=b,c=d", r#"'ParameterKey=Key,ParameterValue="a=b,c=d"'"#),
        (" two  words ", r#"'ParameterKey=Key,ParameterValue=" two  words "'"#),
        ("it's", r#"'ParameterKey=Key,ParameterValue="it'\''s"'"#),
        ("'", r#"'ParameterKey=Key,ParameterValue="'\''"'"#),
        (
            "$HOME `id` $(id) !! ~ *",
            r#"'ParameterKey=Key,ParameterValue="$HOME `id` $(id) !! ~ *"'"#,
        ),
        ("[1]", r#"'ParameterKey=Key,ParameterValue="[1]"'"#),
        ("{a}", r#"'ParameterKey=Key,ParameterValue="{a}"'"#),
        ("file://x", "ParameterKey=Key,ParameterValue=file://x"),
        ("Zürich 🏔", r#"'ParameterKey=Key,ParameterValue="Zürich 🏔"'"#),
        (r#"say "a""#, r#"'[{"ParameterKey":"Key","ParameterValue":"say \"a\""}]'"#),
        (r"C:\dir\", r#"'[{"ParameterKey":"Key","ParameterValue":"C:\\dir\\"}]'"#),
        (r#"\","#, r#"'[{"ParameterKey":"Key","ParameterValue":"\\\","}]'"#),
        ("two\nlines\t'", r#"'[{"ParameterKey":"Key","ParameterValue":"two\nlines\t'\''"}]'"#),
    ];

    #[test]
    fn values_are_quoted() {
        for (value, expected) in VALUES {
            let page = page_with(vec![("Key", value)]);
            let command = page.command(&page.branches[0], &REGION);
            let (_, word) = command.rsplit_once("--parameters \\\n    ").expect("parameters");
            assert_eq!(word, *expected, "{value:?}");
        }
    }

    #[test]
    fn one_value_that_needs_json_makes_a_list_of_all() {
        let page = page_with(vec![("A", "1"), ("B", "\""), ("C", "2")]);
        let command = page.command(&page.branches[0], &REGION);
        let list = "--parameters \\\n    '[{\"ParameterKey\":\"A\",\"ParameterValue\":\"1\"},{\"ParameterKey\":\"B\",";
        assert!(command.contains(list), "{command}");
        let odd = page_with(vec![("A=B", "1")]);
        assert!(odd.command(&odd.branches[0], &REGION).contains("'[{\"ParameterKey\":\"A=B\","));
    }

    #[test]
    fn nothing_is_written_for_what_there_is_not() {
        let mut page = page_with(Vec::new());
        page.capabilities = &[];
        assert_eq!(
            page.command(&page.branches[0], &REGION),
            "aws cloudformation create-stack \\\n  --region eu-west-1 \\\n  --stack-name shop \\\n  \
             --template-url https://shop-main.s3.amazonaws.com/shop.yaml"
        );
    }

    #[test]
    fn a_shell_reads_the_words_back() {
        for (value, _) in VALUES {
            let page = page_with(vec![("Key", value)]);
            let command = page.command(&page.branches[0], &REGION);
            let script =
                format!("aws() {{ for word; do printf '%s\\0' \"$word\"; done; }}\n{command}");
            let output = Command::new("sh").args(["-euc", &script]).output().expect("sh starts");
            let said = String::from_utf8(output.stdout).expect("UTF-8");
            let words: Vec<&str> = said.split_terminator('\0').collect();
            let parameter = super::parameters(&[("Key", value)]).concat();
            let expected = [
                "cloudformation",
                "create-stack",
                "--region",
                "eu-west-1",
                "--stack-name",
                "shop",
                "--template-url",
                "https://shop-main.s3.amazonaws.com/shop.yaml",
                "--capabilities",
                "CAPABILITY_NAMED_IAM",
                "--parameters",
                &parameter,
            ];
            assert_eq!(words, expected, "{value:?}");
        }
    }
}
