//! References: that each name exists, can be read where it stands, is there when it is read, and is used at all.
//!
//! What schemas say of attributes and of the meaning of ids is not for here. Nothing is said of names that a macro may
//! make.

pub(crate) mod collect;
mod cycles;
pub(crate) mod dangling;
mod names;
mod rules;
mod stacks;
mod unused;

use std::cell::{Cell, RefCell};

use formwork::read::Tree;

use crate::finding::{Finding, Room, Rule, shown};
use crate::subject::{CheckedTemplate, Subject, TOO_MUCH};
use collect::{Holder, Kind, PSEUDO, Use, Uses};
use names::Names;

pub use rules::RULES;

const NO_NAME: &Rule = Rule::of(RULES, "FW2001");
const NO_CONDITION: &Rule = Rule::of(RULES, "FW2002");
const NO_MAPPING: &Rule = Rule::of(RULES, "FW2003");
const BAD_SUB: &Rule = Rule::of(RULES, "FW2014");
const LATE: &Rule = Rule::of(RULES, "FW2015");
const TWICE: &Rule = Rule::of(RULES, "FW2016");
const NO_ATTRIBUTE: &Rule = Rule::of(RULES, "FW2018");

/// Whether a name is that of a pseudo parameter.
pub(crate) fn is_pseudo(name: &str) -> bool {
    PSEUDO.contains(&name)
}

/// What is known of one template.
struct Look<'t> {
    template: &'t CheckedTemplate,
    names: Names<'t>,
    uses: Uses<'t>,
    patience: &'t Patience,
    room: RefCell<Room>,
}

/// What questions about conditions may still take in this run.
struct Patience {
    /// How many may still stay undecided: each takes long.
    undecided: Cell<usize>,
    /// How much work they may still make together.
    work: Cell<usize>,
}

/// How many questions about conditions may stay undecided in one run, before no more are asked.
pub(crate) const MOST_UNDECIDED: usize = 4;

/// How much work questions about conditions may make in one run.
const MOST_WORK: usize = 40_000_000;

/// Everything that is wrong with the references of all templates.
pub fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let patience = &Patience { undecided: Cell::new(MOST_UNDECIDED), work: Cell::new(MOST_WORK) };
    for (at, template) in subject.templates.iter().enumerate() {
        let root = template.root();
        let look = Look {
            template,
            names: Names::of(root),
            uses: collect::collect(root),
            patience,
            room: RefCell::default(),
        };
        look.exist(subject, findings);
        unused::check(&look, findings);
        cycles::check(&look, subject, findings);
        dangling::check(&look, subject, findings);
        stacks::check(&look, subject, at, findings);
        if look.names.is_spent() {
            let message =
                "the names that loops make are too many to hold all references against them";
            findings.push(Finding::new(TOO_MUCH, template.place_of("/Resources"), message));
        }
    }
}

impl Look<'_> {
    fn exist(&self, subject: &Subject, findings: &mut Vec<Finding>) {
        for (id, _) in &self.names.resources {
            if self.names.parameters.contains(id) {
                let place = self.template.place_of(&format!("/Resources/{id}"));
                let message = format!("`{}` is a parameter and a resource", shown(id));
                findings.push(Finding::new(TWICE, place, message));
            }
        }
        if self.names.is_open() {
            return;
        }
        for one in &self.uses.list {
            let finding = match one.kind {
                Kind::Ref(name) => self.referable(one, name),
                Kind::Attribute(id, attribute) => self.attribute(one, id, attribute),
                Kind::DependsOn(id) => self.depends_on(one, id),
                Kind::Condition(name) => self.condition(one, name),
                Kind::BadSub(name) => {
                    self.finding(BAD_SUB, one, format!("`${{{}}}` names nothing", shown(name)))
                }
                Kind::Map(mapping, keys, has_default) => {
                    mapping.and_then(|name| self.mapping(one, name, keys, has_default, subject))
                }
            };
            findings.extend(finding);
        }
    }

    /// A finding, if no more of its rule are said than one can read.
    fn finding(&self, rule: &'static Rule, one: &Use<'_>, message: String) -> Option<Finding> {
        let is_said = self.room.borrow_mut().takes(rule);
        is_said.then(|| Finding::new(rule, self.template.place(one.position, &one.path()), message))
    }

    /// A finding of a name that is not among those that are known.
    fn unknown(
        &self,
        rule: &'static Rule,
        one: &Use<'_>,
        message: String,
        name: &str,
        known: &[&str],
    ) -> Option<Finding> {
        let finding = self.finding(rule, one, message)?.given(shown(name));
        Some(match self.names.guess(name, known) {
            Some(near) => finding.fix(format!("did you mean `{}`?", shown(near))),
            None => finding,
        })
    }

    /// Whether a name is made by a loop around it, so that nobody can say what it is.
    fn is_made(one: &Use<'_>, name: &str) -> bool {
        one.loops.contains(&name) || (!one.loops.is_empty() && name.contains(['$', '&']))
    }

    fn referable(&self, one: &Use<'_>, name: &str) -> Option<Finding> {
        if Self::is_made(one, name)
            || PSEUDO.contains(&name)
            || self.names.parameters.contains(name)
        {
            return None;
        }
        let is_early = matches!(one.holder, Holder::Condition(_) | Holder::Rule);
        if self.names.has_resource(name) {
            return if is_early { self.late(one, name) } else { None };
        }
        let known = if is_early { &self.names.parameters.list } else { &self.names.referable };
        let message =
            format!("there is no parameter, pseudo parameter or resource `{}`", shown(name));
        self.unknown(NO_NAME, one, message, name, known)
    }

    fn late(&self, one: &Use<'_>, name: &str) -> Option<Finding> {
        let message = format!("a condition or rule reads the resource `{}`", shown(name));
        self.finding(LATE, one, message)
    }

    fn attribute(&self, one: &Use<'_>, id: &str, attribute: Option<&str>) -> Option<Finding> {
        if Self::is_made(one, id) {
            return None;
        }
        if self.names.parameters.contains(id) {
            let message = format!("`{}` is a parameter, and has no attributes", shown(id));
            return self.finding(NO_ATTRIBUTE, one, message);
        }
        if !self.names.has_resource(id) {
            let message = format!("there is no resource `{}`", shown(id));
            return self.unknown(NO_NAME, one, message, id, &self.names.ids);
        }
        if matches!(one.holder, Holder::Condition(_) | Holder::Rule) {
            return self.late(one, id);
        }
        attribute.filter(|name| name.is_empty())?;
        let message = format!("`{}` is read without an attribute's name", shown(id));
        self.finding(NO_ATTRIBUTE, one, message)
    }

    fn depends_on(&self, one: &Use<'_>, id: &str) -> Option<Finding> {
        if Self::is_made(one, id) || self.names.has_resource(id) {
            return None;
        }
        let message = format!("`DependsOn` names `{}`, which is no resource", shown(id));
        self.unknown(NO_NAME, one, message, id, &self.names.ids)
    }

    fn condition(&self, one: &Use<'_>, name: &str) -> Option<Finding> {
        if Self::is_made(one, name) || self.names.has(&self.names.conditions, name) {
            return None;
        }
        let message = format!("there is no condition `{}`", shown(name));
        self.unknown(NO_CONDITION, one, message, name, &self.names.conditions.list)
    }

    fn mapping(
        &self,
        one: &Use<'_>,
        name: &str,
        keys: [Option<&Tree>; 2],
        has_default: bool,
        subject: &Subject,
    ) -> Option<Finding> {
        if has_default || Self::is_made(one, name) {
            return None;
        }
        if !self.names.has(&self.names.mappings, name) {
            let message = format!("there is no mapping `{}`", shown(name));
            return self.unknown(NO_MAPPING, one, message, name, &self.names.mappings.list);
        }
        let mapping = self.template.root().get("Mappings")?.get(name)?;
        if self.names.is_open_mapping(name) {
            return None;
        }
        // Under a condition it may never be looked for there.
        let is_always =
            one.branches.is_empty() && dangling::condition_of(self, one.holder).is_none();
        if is_always && let Some(missing) = regions_without_row(mapping, keys[0]?, subject) {
            let message =
                format!("the mapping `{}` has no row for a region it is launched in", shown(name));
            return Some(self.finding(NO_MAPPING, one, message)?.regions(missing));
        }
        let mut found = mapping;
        for key in keys {
            let key = key?.as_str().filter(|key| !Self::is_made(one, key))?;
            let Some(next) = found.get(key) else {
                if self.room.borrow().is_full(NO_MAPPING) {
                    return None;
                }
                let known: Vec<&str> =
                    found.as_map()?.iter().map(|entry| entry.key.as_str()).collect();
                let message =
                    format!("the mapping `{}` has no key `{}` there", shown(name), shown(key));
                return self.unknown(NO_MAPPING, one, message, key, &known);
            };
            found = next;
        }
        None
    }
}

/// The regions for which a mapping that is asked for `AWS::Region` has no row, if they are meant.
fn regions_without_row(mapping: &Tree, key: &Tree, subject: &Subject) -> Option<Vec<String>> {
    let (function, name) = key.intrinsic()?;
    if function != "Ref" || name.as_str() != Some("AWS::Region") || !subject.regions_are_meant {
        return None;
    }
    let missing = subject.regions.iter().filter(|region| mapping.get(region).is_none());
    let missing: Vec<String> = missing.cloned().collect();
    (!missing.is_empty()).then_some(missing)
}
