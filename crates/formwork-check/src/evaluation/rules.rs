//! The rules of this family, as a table. Nothing else.

use crate::finding::{Rule, Severity};

const PARAMETERS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html";
const FUNCTIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html";
const CASES: &str = "docs/cases.md";

/// All rules of the family.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW4201",
        severity: Severity::Error,
        title: "a name that the service does not take",
        why: "The name is too long, too short, or has characters that the service refuses; the registry's schema does not say \
              so. The resource cannot be made.",
        mend: "Shorten what the name is made of, or allow only shorter values of the parameters in it.",
        source: "the quotas of each service, of which the table in `crates/formwork-check/src/evaluation/names.rs` has the pages",
    },
    Rule {
        id: "FW4202",
        severity: Severity::Warning,
        title: "a launch that the parameters allow, and that fails",
        why: "With the parameters' defaults, one of their allowed values, or the longest values that they take, another rule is \
              broken. Whoever launches with such values finds out from a stack that rolls back.",
        mend: "Narrow down the parameter with `MaxLength`, `AllowedPattern` or `AllowedValues`, or change what is made of it.",
        source: PARAMETERS,
    },
    Rule {
        id: "FW4203",
        severity: Severity::Error,
        title: "a nested stack is given a value that its parameter refuses",
        why: "CloudFormation holds each value to the constraints of the nested template. The launch fails when it comes to the \
              nested stack.",
        mend: "Give both parameters one form, so that the first refuses what the second does.",
        source: PARAMETERS,
    },
    Rule {
        id: "FW4204",
        severity: Severity::Error,
        title: "a function that fails in a launch",
        why: "A mapping lacks the key that a launch asks for, a list the item, or a range the room. CloudFormation refuses the \
              launch.",
        mend: "Add the key or item, or keep such launches out with a rule or with allowed values.",
        source: FUNCTIONS,
    },
    Rule {
        id: "FW4205",
        severity: Severity::Note,
        title: "something of a launch was not decided",
        why: "A condition depends on what no case gives, or there were more cases than are tried. What hangs on it was held to \
              the rules in both ways, or not at all.",
        mend: "Give the parameters in `check.toml`.",
        source: CASES,
    },
    Rule {
        id: "FW4206",
        severity: Severity::Error,
        title: "a case that the template's own rules refuse",
        why: "`Rules` of the template do not hold with these parameters, so that CloudFormation never begins the launch.",
        mend: "Correct the case or the rule.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html",
    },
    Rule {
        id: "FW4301",
        severity: Severity::Error,
        title: "the file of cases is not written as it must be",
        why: "What cannot be understood is not tried: text that is no TOML, a key that there is not, or a value of another kind.",
        mend: "Write it as `docs/cases.md` shows.",
        source: CASES,
    },
    Rule {
        id: "FW4302",
        severity: Severity::Error,
        title: "a case of a template or parameter that there is not",
        why: "The case tries nothing, or not what it says.",
        mend: "Correct the name.",
        source: CASES,
    },
    Rule {
        id: "FW4303",
        severity: Severity::Error,
        title: "a case with a value that the parameter refuses",
        why: "CloudFormation holds parameters to their own constraints before anything else, so that there is no such launch.",
        mend: "Give a value that the parameter takes, or let it take this one.",
        source: PARAMETERS,
    },
    Rule {
        id: "FW4304",
        severity: Severity::Error,
        title: "a case that asks for a value that cannot be told",
        why: "A longest value follows from a parameter's allowed values, its pattern or its greatest length; each allowed value \
              from a list of them. The parameter has none.",
        mend: "Give a value in the case's `parameters`, or bound the parameter.",
        source: CASES,
    },
];

pub(super) const NAME: &Rule = Rule::of(RULES, "FW4201");
pub(super) const TRIAL: &Rule = Rule::of(RULES, "FW4202");
pub(super) const HANDED: &Rule = Rule::of(RULES, "FW4203");
pub(super) const FUNCTION: &Rule = Rule::of(RULES, "FW4204");
pub(super) const UNDECIDED: &Rule = Rule::of(RULES, "FW4205");
pub(super) const OWN_RULES: &Rule = Rule::of(RULES, "FW4206");
pub(super) const NOT_WRITTEN: &Rule = Rule::of(RULES, "FW4301");
pub(super) const NOT_THERE: &Rule = Rule::of(RULES, "FW4302");
pub(super) const REFUSED: &Rule = Rule::of(RULES, "FW4303");
pub(super) const NOT_TOLD: &Rule = Rule::of(RULES, "FW4304");
