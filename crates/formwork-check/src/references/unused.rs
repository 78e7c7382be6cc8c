//! Parameters, mappings and conditions that nothing uses. Says nothing where a transform may use any of them.

use std::collections::HashSet;

use super::Look;
use super::collect::{Holder, Kind};
use super::rules::RULES;
use crate::finding::{Finding, Rule, shown};

const PARAMETER: &Rule = Rule::of(RULES, "FW2007");
const MAPPING: &Rule = Rule::of(RULES, "FW2008");
const CONDITION: &Rule = Rule::of(RULES, "FW2009");

pub(super) fn check(look: &Look<'_>, findings: &mut Vec<Finding>) {
    if look.names.is_open() || look.uses.is_open {
        return;
    }
    let mut used: [HashSet<&str>; 3] = Default::default();
    let [parameters, mappings, conditions] = &mut used;
    let mut finds_any = false;
    for one in &look.uses.list {
        match one.kind {
            Kind::Ref(name) => {
                parameters.insert(name);
            }
            Kind::Condition(name) if one.holder != Holder::Condition(name) => {
                conditions.insert(name);
            }
            Kind::Map(Some(name), ..) => {
                mappings.insert(name);
            }
            Kind::Map(None, ..) => finds_any = true,
            _ => {}
        }
    }
    let is_looped = |used: &HashSet<&str>| used.iter().any(|name| name.contains(['$', '&']));
    let mut say = |rule, section: &str, what: &str, names: &[&str], used: &HashSet<&str>| {
        if is_looped(used) {
            return;
        }
        for name in names.iter().filter(|name| !used.contains(*name) && !name.contains("::")) {
            let pointer = format!("/{section}/{}", name.replace('~', "~0").replace('/', "~1"));
            let message = format!("nothing uses the {what} `{}`", shown(name));
            findings.push(Finding::new(rule, look.template.place_of(&pointer), message));
        }
    };
    if !look.uses.reads_parameters {
        say(PARAMETER, "Parameters", "parameter", &look.names.parameters.list, parameters);
    }
    if !finds_any {
        say(MAPPING, "Mappings", "mapping", &look.names.mappings.list, mappings);
    }
    say(CONDITION, "Conditions", "condition", &look.names.conditions.list, conditions);
}
