//! Rules 6xxx: rule files in the language of CloudFormation Guard, run over the templates by Guard's own engine.
//!
//! The platform's baseline is in `guard/` of this repository; others, such as those that AWS publishes for Control Tower,
//! work unchanged. The engine ends the whole program on input that is too deep and on rules that call each other in a circle:
//! it is asked only about what our own reader and `grammar` let through, and for a limited time. `read` alone touches files;
//! nothing in here judges a template itself.

#[cfg(feature = "guard")]
mod engine;
#[cfg(feature = "guard")]
mod grammar;
pub mod outline;
#[cfg(feature = "guard")]
mod places;
#[cfg(feature = "guard")]
mod read;
#[cfg(feature = "guard")]
mod report;
#[cfg(feature = "guard")]
mod work;

use crate::finding::{Rule, Severity};
#[cfg(feature = "guard")]
pub use read::{RuleFile, read};

/// The rules of this family.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW6001",
        severity: Severity::Error,
        title: "a rule of the given rule files is not met",
        why: "The template is not as whoever wrote the rule demands it. An exception names that one rule: \
              `.except(\"FW6001:name_of_the_rule\", \"why\")`.",
        mend: "Do as the rule's own text says, or except the resource from it with a reason.",
        source: "https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html",
    },
    Rule {
        id: "FW6002",
        severity: Severity::Error,
        title: "a file is no rule file",
        why: "It is not UTF-8, or not the language of CloudFormation Guard 3; it calls a rule that it does not have; or its rules or \
              variables go in a circle or are nested too deep, on which the engine would end the program. None of its rules were run.",
        mend: "Correct the line that the message names.",
        source: "https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html",
    },
    Rule {
        id: "FW6003",
        severity: Severity::Error,
        title: "a rule could not be run",
        why: "The rule asks for a variable that does not exist, calls a function with what it does not take, or does not end in time. \
              Whether the template meets it is not known.",
        mend: "Correct the rule.",
        source: "https://docs.aws.amazon.com/cfn-guard/latest/ug/troubleshooting.html",
    },
];

/// Rules of which each stands for many, those of rule files; an exception names one of them behind a colon.
pub const NAMED: &str = "FW6001";

/// Whether a rule is about the rule files themselves, from which nothing can be excepted.
pub(crate) fn is_of_files(id: &str) -> bool {
    RULES.iter().any(|rule| rule.id == id) && id != NAMED
}

#[cfg(feature = "guard")]
const NOT_MET: &Rule = Rule::of(RULES, NAMED);
#[cfg(feature = "guard")]
const IS_NO_RULE_FILE: &Rule = Rule::of(RULES, "FW6002");
#[cfg(feature = "guard")]
const CANNOT_BE_RUN: &Rule = Rule::of(RULES, "FW6003");

#[cfg(feature = "guard")]
pub use engine::hush;
#[cfg(feature = "guard")]
pub use run::check;
#[cfg(feature = "guard")]
mod run;
