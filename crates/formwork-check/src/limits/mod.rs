//! Limits that are known without a schema: of templates, names and texts, of IAM policies, and of functions' environments.
//!
//! Sizes that depend on a launch are counted as the least that they can be, so that what is said holds for every launch.

mod values;

pub(crate) use values::check_resource;

use std::collections::BTreeSet;

use formwork::evaluate::{Evaluation, Surroundings};
use formwork::read::{Content, Segment, Tree, pointer};

use crate::finding::{Finding, Place, Rule, Severity, shown};
use crate::subject::{CheckedTemplate, LAUNCHED, Subject, USUAL_REGION, stack_resources};
use crate::value::in_any_launch;

const QUOTAS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html";

/// The rules about limits.
pub const RULES: &[Rule] = &[
    Rule {
        id: "FW4101",
        severity: Severity::Error,
        title: "a template with more than CloudFormation takes",
        why: "A template has at most 1,000,000 bytes, 500 resources, and 200 parameters, mappings, keys of a mapping and \
              outputs each, and 60 dynamic references. CloudFormation refuses a larger one.",
        mend: "Move some of it into a nested stack.",
        source: QUOTAS,
    },
    Rule {
        id: "FW4102",
        severity: Severity::Warning,
        title: "not far below a limit",
        why: "80 % of what AWS takes are reached: a few more additions, or the longer names of another launch, and it fails.",
        mend: "Make room before it is needed: split it, or move some of it elsewhere.",
        source: QUOTAS,
    },
    Rule {
        id: "FW4103",
        severity: Severity::Error,
        title: "a name that CloudFormation does not take",
        why: "The names of parameters, mappings, resources and outputs have 1 to 255 letters and digits. \
              CloudFormation refuses others.",
        mend: "Rename it.",
        source: QUOTAS,
    },
    Rule {
        id: "FW4104",
        severity: Severity::Error,
        title: "a text that is too long",
        why: "The template's description has at most 1,024 bytes, a parameter's 4,000 characters, and a parameter's value \
              4,096 bytes. CloudFormation refuses longer ones.",
        mend: "Shorten it.",
        source: QUOTAS,
    },
    Rule {
        id: "FW4105",
        severity: Severity::Error,
        title: "a template without resources",
        why: "CloudFormation refuses a template that makes nothing.",
        mend: "Add at least one resource.",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html",
    },
    Rule {
        id: "FW4106",
        severity: Severity::Error,
        title: "a policy that is too long",
        why: "Each service takes policies up to a length, counted without white space: IAM 6,144 characters of a managed \
              policy, 10,240 of all inline policies of a role, 2,048 to 8,192 of a trust policy. A longer one fails when it \
              is made.",
        mend: "Join statements, use wildcards where they are safe, or split it into managed policies.",
        source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    },
    Rule {
        id: "FW4107",
        severity: Severity::Error,
        title: "an environment that is too large",
        why: "The names and values of a function's environment variables have at most 4 KB together. A larger environment \
              fails when the function is made.",
        mend: "Move values into Parameter Store, or into the code.",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    },
];

const TOO_MANY: &Rule = Rule::of(RULES, "FW4101");
pub(crate) const NEAR: &Rule = Rule::of(RULES, "FW4102");
const BAD_NAME: &Rule = Rule::of(RULES, "FW4103");
const TOO_LONG: &Rule = Rule::of(RULES, "FW4104");
const EMPTY: &Rule = Rule::of(RULES, "FW4105");

/// The most resources.
const RESOURCES: usize = 500;
/// The most of everything else that is counted.
const OTHERS: usize = 200;
/// Characters of a name.
const NAME: usize = 255;
/// The most dynamic references.
const DYNAMIC: usize = 60;
/// Bytes of a parameter's value.
pub(crate) const VALUE: usize = 4_096;

/// Everything that is beyond a limit, or not far below it.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let region = subject.regions.first().map_or(USUAL_REGION, String::as_str);
    for template in &subject.templates {
        let root = template.root();
        // Whatever a launch gives.
        let evaluation = in_any_launch(root, &Surroundings::of_region(region));
        let look = Look { template, evaluation };
        look.size(subject, findings);
        look.counts(findings);
        look.names(findings);
        look.texts(findings);
        values::check(&look, findings);
    }
}

/// One template, and what its values come to in any launch.
struct Look<'t> {
    template: &'t CheckedTemplate,
    evaluation: Evaluation<'t>,
}

fn section<'t>(root: &'t Tree, name: &str) -> &'t [formwork::read::Entry] {
    root.get(name).and_then(Tree::as_map).unwrap_or_default()
}

/// How many values another service is asked for, as it is written in resources.
fn dynamic_references(root: &Tree) -> usize {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Tree> = root.get("Resources").into_iter().collect();
    while let Some(tree) = open.pop() {
        match tree.content() {
            Content::Scalar(text, _) => {
                let parts = text.split("{{resolve:").skip(1);
                found.extend(parts.filter_map(|rest| Some(rest.split_once("}}")?.0)));
            }
            Content::List(items) => open.extend(items),
            Content::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    found.len()
}

/// What is beyond a limit, or not far below it, if it is either.
fn limit(
    rule: &'static Rule,
    place: impl FnOnce() -> Place,
    what: &str,
    given: usize,
    most: usize,
    unit: &str,
) -> Option<Finding> {
    let (rule, message) = if given > most {
        (rule, format!("{what}: more than the limit"))
    } else if given * 10 >= most * 8 {
        (NEAR, format!("{what}: {} % of the limit", given * 100 / most))
    } else {
        return None;
    };
    Some(
        Finding::new(rule, place(), message)
            .given(format!("{given}{unit}"))
            .allowed(format!("{most}{}", unit.trim_end_matches(" at least"))),
    )
}

impl Look<'_> {
    fn size(&self, subject: &Subject, findings: &mut Vec<Finding>) {
        let file = &self.template.file;
        let bytes = subject.texts.get(file).map_or(0, String::len);
        let place = || Place::file(file);
        findings.extend(limit(TOO_MANY, place, "the template's size", bytes, LAUNCHED, " bytes"));
    }

    fn counts(&self, findings: &mut Vec<Finding>) {
        let root = self.template.root();
        let is_open = !self.evaluation.macros().is_empty();
        let written = stack_resources(root).len();
        let made = self.evaluation.resources().len();
        if written == 0 && !is_open && !self.evaluation.has_unseen_resources() {
            let place = self.template.place_of("/Resources");
            findings.push(Finding::new(EMPTY, place, "the template has no resources"));
        }
        let outputs = section(root, "Outputs").len().max(self.evaluation.outputs().len());
        for (name, what, given, most) in [
            ("Resources", "the number of resources", written.max(made), RESOURCES),
            ("Parameters", "the number of parameters", section(root, "Parameters").len(), OTHERS),
            ("Mappings", "the number of mappings", section(root, "Mappings").len(), OTHERS),
            ("Outputs", "the number of outputs", outputs, OTHERS),
            ("", "the number of dynamic references", dynamic_references(root), DYNAMIC),
        ] {
            let path = if name.is_empty() { String::new() } else { format!("/{name}") };
            let place = || self.template.place_of(&path);
            findings.extend(limit(TOO_MANY, place, what, given, most, ""));
        }
        for mapping in section(root, "Mappings") {
            let keys = mapping.value.as_map().unwrap_or_default().len();
            let what = format!("the number of keys of the mapping `{}`", shown(&mapping.key));
            let place = || self.named("Mappings", &mapping.key);
            findings.extend(limit(TOO_MANY, place, &what, keys, OTHERS, ""));
        }
    }

    /// The place of a name in a section.
    fn named(&self, section: &str, name: &str) -> Place {
        self.template.place_of(&pointer(&[Segment::Key(section), Segment::Key(name)]))
    }

    fn names(&self, findings: &mut Vec<Finding>) {
        if !self.evaluation.macros().is_empty() {
            return;
        }
        for (part, what) in [
            ("Parameters", "parameter"),
            ("Mappings", "mapping"),
            ("Resources", "resource"),
            ("Outputs", "output"),
        ] {
            let names = section(self.template.root(), part).iter().map(|entry| &entry.key);
            for name in names.filter(|name| !name.starts_with("Fn::")) {
                let fault = if name.is_empty() {
                    "is empty".to_owned()
                } else if let Some(odd) = name.chars().find(|c| !c.is_ascii_alphanumeric()) {
                    format!("holds `{}`", shown(&odd.to_string()))
                } else if name.len() > NAME {
                    format!("has {} characters", name.len())
                } else {
                    continue;
                };
                let message = format!("the name of the {what} `{}` {fault}", shown(name));
                let finding = Finding::new(BAD_NAME, self.named(part, name), message);
                findings.push(finding.allowed(format!("1 to {NAME} letters and digits")));
            }
        }
    }

    fn texts(&self, findings: &mut Vec<Finding>) {
        let root = self.template.root();
        let mut refuse = |place: Place, what: String, given: usize, most: usize, unit: &str| {
            if given > most {
                let finding = Finding::new(TOO_LONG, place, format!("{what} is too long"));
                findings.push(
                    finding.given(format!("{given} {unit}")).allowed(format!("{most} {unit}")),
                );
            }
        };
        if let Some(text) = root.get("Description").and_then(Tree::as_str) {
            let place = self.template.place_of("/Description");
            refuse(place, "the description".to_owned(), text.len(), 1_024, "bytes");
        }
        for parameter in section(root, "Parameters") {
            let name = shown(&parameter.key);
            for (key, most, unit) in
                [("Default", VALUE, "bytes"), ("Description", 4_000, "characters")]
            {
                let Some(text) = parameter.value.get(key).and_then(Tree::as_str) else { continue };
                let given = if unit == "bytes" { text.len() } else { text.chars().count() };
                let path =
                    [Segment::Key("Parameters"), Segment::Key(&parameter.key), Segment::Key(key)];
                let place = self.template.place_of(&pointer(&path));
                refuse(place, format!("`{key}` of the parameter `{name}`"), given, most, unit);
            }
        }
    }
}
