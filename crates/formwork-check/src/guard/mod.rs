//! Rules 6xxx: rule files in the language of CloudFormation Guard, run over the templates by Guard's own engine.
//!
//! The platform's baseline is in `guard/` of this repository; others, such as those that AWS publishes for Control Tower,
//! work unchanged. The engine is asked only about what our own reader has read, whose depth is limited, because it ends the
//! whole program on deeper input. `read` alone touches files; nothing in here judges a template itself.

#[cfg(feature = "guard")]
mod engine;
#[cfg(feature = "guard")]
mod places;
#[cfg(feature = "guard")]
mod read;

#[cfg(feature = "guard")]
use crate::finding::Finding;
use crate::finding::{Rule, Severity};
#[cfg(feature = "guard")]
use crate::subject::Subject;
#[cfg(feature = "guard")]
pub use read::{RuleFile, read};

/// The rules of this family.
pub const RULES: &[Rule] = &[Rule {
    id: "FW6001",
    severity: Severity::Error,
    title: "a rule of the given rule files is not met",
    why: "The template is not as whoever wrote the rule demands it.",
    mend: "Do as the rule's own text says, or run without its file.",
    source: "https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html",
}];

/// Why rule files cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Runs rule files over every template.
///
/// # Errors
/// A rule file that does not parse, named with what the engine says of it.
#[cfg(feature = "guard")]
pub fn check(
    subject: &Subject,
    rules: &[RuleFile],
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    if rules.is_empty() {
        return Ok(());
    }
    engine::readable(rules)?;
    for template in &subject.templates {
        let given = engine::json(&template.document.root);
        // Without resources the engine has nothing to look at, and rules that look for some would fail.
        if given.get("Resources").and_then(serde_json::Value::as_object).is_none() {
            continue;
        }
        let broken = engine::run(rules, &given)?;
        for broken in broken {
            findings.push(places::finding(template, broken, &RULES[0]));
        }
    }
    Ok(())
}
