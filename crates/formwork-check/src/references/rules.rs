//! The table of the rules about references.

use crate::finding::{Rule, Severity};

const STRUCTURE: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html";
const REF: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ref.html";
const GET_ATT: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getatt.html";
const SUB: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html";
const CONDITIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html";
const MAPPINGS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html";
const DEPENDS_ON: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html";
const NESTED: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html";

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    mend: &'static str,
    source: &'static str,
) -> Rule {
    Rule { id, severity, title, why, mend, source }
}

/// The rules about references.
pub const RULES: &[Rule] = &[
    rule(
        "FW2001",
        Severity::Error,
        "a name that does not exist",
        "`Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn` name something that the template does not define. CloudFormation \
         refuses the template.",
        "Define it, or correct the name.",
        REF,
    ),
    rule(
        "FW2002",
        Severity::Error,
        "a condition that does not exist",
        "A resource, output, `Fn::If` or condition names a condition that the template does not define. CloudFormation \
         refuses the template.",
        "Define it in `Conditions`, or correct the name.",
        CONDITIONS,
    ),
    rule(
        "FW2003",
        Severity::Error,
        "a mapping or key that does not exist",
        "`Fn::FindInMap` looks for a mapping or key that the template does not define, or that has no row for a region that \
         it is launched in. CloudFormation refuses it.",
        "Add it to `Mappings`, correct the name, or give a `DefaultValue`.",
        MAPPINGS,
    ),
    rule(
        "FW2004",
        Severity::Error,
        "resources that wait for each other",
        "Each of the resources needs the next, so none can be made first. CloudFormation refuses the template.",
        "Name one of them in text instead of referring to it, or move what refers into a resource of its own.",
        DEPENDS_ON,
    ),
    rule(
        "FW2005",
        Severity::Error,
        "conditions that depend on each other",
        "Each of the conditions needs the next, so none can be decided. CloudFormation refuses the template.",
        "Break the circle.",
        CONDITIONS,
    ),
    rule(
        "FW2006",
        Severity::Warning,
        "a reference to what may not be there",
        "The resource that is referred to is made under a condition that need not hold where it is referred to. A launch in \
         which it does not hold fails.",
        "Put the reference into an `Fn::If` of the same condition, or give what refers the same `Condition`.",
        CONDITIONS,
    ),
    rule(
        "FW2007",
        Severity::Warning,
        "a parameter that nothing uses",
        "Whoever launches the stack is asked for a value that does nothing.",
        "Remove it, or use it.",
        STRUCTURE,
    ),
    rule(
        "FW2008",
        Severity::Warning,
        "a mapping that nothing uses",
        "What nothing uses is read by everybody all the same, and is a sign of a forgotten `Fn::FindInMap`.",
        "Remove it, or use it.",
        MAPPINGS,
    ),
    rule(
        "FW2009",
        Severity::Warning,
        "a condition that nothing uses",
        "What nothing uses is read by everybody all the same, and is a sign of a forgotten `Condition`.",
        "Remove it, or use it.",
        CONDITIONS,
    ),
    rule(
        "FW2010",
        Severity::Error,
        "an input of a nested stack is missing",
        "The nested template has a parameter without a default that its stack does not give. The launch fails when it comes \
         to that stack.",
        "Give it in `Parameters`, or give it a default.",
        NESTED,
    ),
    rule(
        "FW2011",
        Severity::Error,
        "an input that the nested stack does not know",
        "The stack gives a parameter that the nested template does not have. The launch fails when it comes to that stack.",
        "Remove it, or correct the name.",
        NESTED,
    ),
    rule(
        "FW2012",
        Severity::Error,
        "an input of the wrong type",
        "The stack gives a value that the nested template's parameter cannot take: a list or map, a text for a number, \
         another value than those that are allowed, or an id of another kind.",
        "Give what the parameter takes; a list is joined with commas.",
        NESTED,
    ),
    rule(
        "FW2013",
        Severity::Error,
        "an output that the nested stack does not have",
        "`Fn::GetAtt` reads an output that the nested template does not give.",
        "Add it to the nested template's `Outputs`, or correct the name.",
        NESTED,
    ),
    rule(
        "FW2014",
        Severity::Error,
        "a `${…}` that names nothing",
        "In the text of `Fn::Sub`, `${…}` holds a name of letters, digits, dots, colons and underscores. CloudFormation \
         refuses others.",
        "Correct the name, or write `${!…}` for a text that stays.",
        SUB,
    ),
    rule(
        "FW2015",
        Severity::Error,
        "a resource in a condition",
        "Conditions and rules are decided before any resource is made, so they cannot read one. CloudFormation refuses the \
         template.",
        "Read a parameter or pseudo parameter instead.",
        CONDITIONS,
    ),
    rule(
        "FW2016",
        Severity::Error,
        "one name for a parameter and a resource",
        "`Ref` could mean either. CloudFormation refuses the template.",
        "Rename one of them.",
        STRUCTURE,
    ),
    rule(
        "FW2017",
        Severity::Note,
        "whether it is there was not decided",
        "There are too many ways in which conditions may come out to try them all, so it is not known whether what is \
         referred to can be missing.",
        "Give what refers and what is referred to one condition.",
        CONDITIONS,
    ),
    rule(
        "FW2018",
        Severity::Error,
        "an attribute of what has none",
        "`Fn::GetAtt` reads attributes of resources, and this names a parameter, or no attribute.",
        "Use `Ref` for a parameter; name the attribute of a resource.",
        GET_ATT,
    ),
    rule(
        "FW2019",
        Severity::Error,
        "a reference to what is not there by default",
        "Where a launch leaves the defaults as they are, what refers is made and what it refers to is not. CloudFormation refuses such a \
         launch for its unresolved dependency.",
        "Put the reference into an `Fn::If` of the same condition, or give what refers the same `Condition`.",
        CONDITIONS,
    ),
];
