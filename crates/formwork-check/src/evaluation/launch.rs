//! Tries one template with launches: each resource once for each set of values that it can depend on.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use formwork::evaluate::{Known, Resource, Surroundings};
use formwork::read::{Segment, pointer};
use indexmap::IndexMap;

use super::cases::{Case, Kind};
use super::collect::{Collector, Weight};
use super::made::Made;
use super::needs::{Needs, Reader};
use super::rules::{FUNCTION, OWN_RULES};
use super::units::{Part, Unit, units};
use super::{names, nested};
use crate::finding::{Finding, Severity, shown};
use crate::limits;
use crate::schema::Launched;
use crate::subject::{CheckedTemplate, Subject};

/// What it costs to look at a part of a template, where passing over one that is known costs 1.
pub(super) const LOOK: usize = 50;

/// What it costs to set a part up for a launch.
const SETTING_UP: usize = 2;

/// A case in one of the target regions.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) case: Rc<Case>,
    pub(super) region: usize,
}

/// A template that launches are tried with.
pub(super) struct Trials<'s> {
    subject: &'s Subject,
    at: usize,
    template: &'s CheckedTemplate,
    units: Vec<Unit>,
    /// Parameters and pseudo parameters on which something depends.
    names: Vec<String>,
    /// The values that each has had.
    values: Vec<Vec<Option<Known>>>,
    /// For each region the first in which every text is as long.
    classes: Vec<u32>,
    known: HashMap<(usize, Kind, Vec<u32>), Rc<Outcome>>,
    /// What the conditions look at, and which hold for which values of that.
    conditions: Needs,
    holding: HashMap<Vec<u32>, Rc<IndexMap<String, Option<bool>>>>,
    /// What was handed to nested stacks: parent's unit's values, region and kind.
    handed: HashSet<(usize, usize, Kind)>,
}

/// What one set of values makes of a unit.
#[derive(Default)]
struct Outcome {
    found: Vec<(Finding, bool)>,
    handed: Vec<(usize, Rc<Case>)>,
    /// Whether CloudFormation does not begin such a launch.
    is_refused: bool,
}

impl<'s> Trials<'s> {
    /// Nothing if its parts depend on too much together.
    pub(super) fn new(subject: &'s Subject, at: usize) -> Option<Self> {
        let template = &subject.templates[at];
        let mut reader = Reader::new(template.root());
        let units = units(template.root(), &mut reader)?;
        let conditions = reader.conditions();
        let all = units.iter().map(|unit| &unit.needs).chain([&conditions]);
        let mut names: Vec<String> = all.flat_map(|needs| needs.names.iter().cloned()).collect();
        names.sort();
        names.dedup();
        let mut trials = Trials {
            subject,
            at,
            template,
            units,
            values: vec![Vec::new(); names.len()],
            names,
            classes: classes(&subject.regions),
            known: HashMap::new(),
            conditions,
            holding: HashMap::new(),
            handed: HashSet::new(),
        };
        for unit in &mut trials.units {
            let at = |name: &String| trials.names.binary_search(name).ok();
            unit.names = unit.needs.direct.iter().filter_map(at).collect();
        }
        Some(trials)
    }

    /// Tries one launch; gives what nested stacks are launched with. Takes what it costs from what is left.
    pub(super) fn run(
        &mut self,
        launch: &Launch,
        left: &mut usize,
        all: &mut Collector,
    ) -> Vec<(usize, Launch)> {
        let made = Made::new(self.template, &self.subject.regions[launch.region], &launch.case);
        let mut nested = Vec::new();
        let numbers = self.numbers(launch);
        let holding = self.holding(launch, &numbers, &made);
        *left = left.saturating_sub(LOOK / 10);
        for at in 0..self.units.len() {
            let unit = &self.units[at];
            let changed = launch.case.changed.as_ref();
            let is_same = changed.is_some_and(|names| names.is_disjoint(&unit.needs.names));
            if is_same && unit.what != Part::Rules {
                continue;
            }
            *left = left.saturating_sub(1);
            let key = (at, launch.case.kind, self.key(unit, launch, &numbers, &holding));
            let outcome = match self.known.get(&key) {
                Some(known) => Rc::clone(known),
                None => Rc::new(self.outcome(unit, &made)),
            };
            for (finding, is_certain) in &outcome.found {
                let weight = match launch.case.kind {
                    _ if *is_certain => Weight::Certain,
                    Kind::Named => Weight::Named,
                    Kind::Trial | Kind::Longest => Weight::Possible,
                };
                // How near a limit is counts only where somebody means the launch.
                if finding.rule != limits::NEAR || weight != Weight::Possible {
                    all.add(finding, weight, &launch.case.label, launch.region);
                }
            }
            for (child, case) in &outcome.handed {
                if self.handed.insert((Rc::as_ptr(case) as usize, launch.region, case.kind)) {
                    let label =
                        format!("{} of `{}`", launch.case.label, shown(&self.template.name));
                    let case = Rc::new(Case { label, ..Case::clone(case) });
                    nested.push((*child, Launch { case, region: launch.region }));
                }
            }
            let is_refused = outcome.is_refused;
            if self.known.insert(key, outcome).is_none() {
                let costs = if unit.what == Part::Resources { made.count() } else { 1 };
                *left = left.saturating_sub(costs * LOOK);
            }
            if is_refused || *left == 0 {
                break;
            }
        }
        *left = left.saturating_sub(made.count() * SETTING_UP);
        nested
    }

    /// What tells a unit's values in this launch from those in others.
    fn key(
        &self,
        unit: &Unit,
        launch: &Launch,
        numbers: &[u32],
        holding: &IndexMap<String, Option<bool>>,
    ) -> Vec<u32> {
        let mut key: Vec<u32> = unit.names.iter().map(|at| numbers[*at]).collect();
        key.extend(unit.needs.conditions.iter().map(|name| {
            match holding.get(name).copied().flatten() {
                None => 2,
                Some(holds) => u32::from(holds),
            }
        }));
        if unit.needs.by_region {
            key.push(u32::try_from(launch.region).unwrap_or(u32::MAX));
        } else if unit.needs.has_region {
            key.push(self.classes[launch.region]);
        }
        key
    }

    /// Which conditions hold in this launch.
    fn holding(
        &mut self,
        launch: &Launch,
        numbers: &[u32],
        made: &Made<'_>,
    ) -> Rc<IndexMap<String, Option<bool>>> {
        let at = |name: &String| self.names.binary_search(name).ok();
        let places = self.conditions.names.iter().filter_map(at);
        let mut key: Vec<u32> = places.map(|at| numbers[at]).collect();
        if self.conditions.region {
            key.push(u32::try_from(launch.region).unwrap_or(u32::MAX));
        }
        let decide = || {
            let names = self.conditions.conditions.iter();
            if names.len() == 0 {
                return Rc::default();
            }
            let evaluation = made.evaluation();
            Rc::new(names.map(|name| (name.clone(), evaluation.condition(name))).collect())
        };
        Rc::clone(self.holding.entry(key).or_insert_with(decide))
    }

    /// What fails as conditions are decided, before anything else is asked.
    fn conditional(&self, unit: &Unit, made: &Made<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        for problem in made.evaluation().problems() {
            if fails(&problem.message) && !problem.message.contains(made.account) {
                let place = self.template.place(problem.position, "/Conditions");
                let finding = Finding::new(FUNCTION, place, &problem.message);
                outcome.found.push((finding, self.holds_always(unit)));
            }
        }
        outcome
    }

    /// What the template's own rules say of a launch.
    fn asserted(&self, made: &Made<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        let assertions = made.evaluation().assertions();
        for assertion in assertions.iter().filter(|assertion| assertion.holds == Some(false)) {
            outcome.is_refused = true;
            if made.case.kind != Kind::Named {
                continue;
            }
            let path = pointer(&[Segment::Key("Rules"), Segment::Key(assertion.rule)]);
            let said = assertion.description.map(|text| format!(": {}", shown(text)));
            let message = format!(
                "the rule `{}` does not hold{}",
                shown(assertion.rule),
                said.unwrap_or_default()
            );
            let place = self.template.place(assertion.position, &path);
            outcome.found.push((Finding::new(OWN_RULES, place, message), false));
        }
        outcome
    }

    /// A number for what each name is in this launch; the same for the same value.
    fn numbers(&mut self, launch: &Launch) -> Vec<u32> {
        let case = &launch.case;
        let value = |name: &String| match name.as_str() {
            "AWS::AccountId" => Some(Known::text(&case.account)),
            "AWS::StackName" => case.stack.as_deref().map(Known::text),
            name => case.given.get(name).cloned(),
        };
        let number = |(name, known): (&String, &mut Vec<Option<Known>>)| {
            let value = value(name);
            let at = known.iter().position(|one| *one == value).unwrap_or_else(|| {
                known.push(value);
                known.len() - 1
            });
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        self.names.iter().zip(&mut self.values).map(number).collect()
    }

    fn outcome(&self, unit: &Unit, made: &Made<'_>) -> Outcome {
        match unit.what {
            Part::Rules => return self.asserted(made),
            Part::Conditions => return self.conditional(unit, made),
            _ => {}
        }
        let mut outcome = Outcome::default();
        let launched = made.launched();
        if unit.what == Part::Outputs {
            let mut found = Vec::new();
            names::exports(self.template, &launched.views().always, &mut found);
            let is_certain = self.holds_always(unit);
            outcome.found = found.into_iter().map(|one| (one, is_certain)).collect();
            return outcome;
        }
        match &unit.what {
            Part::Resource(id) => {
                if let Some(resource) = launched.resource(id) {
                    self.resource(unit, resource, made, &mut outcome);
                }
            }
            _ => {
                for resource in launched.resources() {
                    self.resource(unit, resource, made, &mut outcome);
                }
            }
        }
        outcome
    }

    fn resource(
        &self,
        unit: &Unit,
        resource: &Resource<'_>,
        made: &Made<'_>,
        outcome: &mut Outcome,
    ) {
        let mut found = self.faults(unit, resource, made.launched(), made.account);
        let case = made.case;
        let handed = nested::handed(self.subject, self.at, resource, made.launched(), &mut found);
        let short = made.short().filter(|_| !found.is_empty() || handed.is_some());
        let brief = short.and_then(|short| {
            let same = short.resource(resource.id.whole()?)?;
            // What is so with short values too is not for their length.
            let mut others = self.faults(unit, same, short, made.account);
            let handed = nested::handed(self.subject, self.at, same, short, &mut others);
            let key = |one: &Finding| (one.rule.id, one.place.path.clone(), one.place.line);
            let others: HashSet<_> = others.iter().map(key).collect();
            found.retain(|one| !others.contains(&key(one)));
            handed.map(|(_, given)| given)
        });
        let is_certain = self.holds_always(unit) && resource.exists == Some(true);
        outcome.found.extend(found.into_iter().map(|one| (one, is_certain)));
        // What a child does with long values says nothing without what it does with short ones.
        let can_tell = case.kind != Kind::Longest || brief.is_some();
        if let Some((child, given)) = handed.filter(|_| can_tell) {
            let (label, account) = (String::new(), case.account.clone());
            let new = Case {
                label,
                kind: case.kind,
                given,
                short: brief,
                changed: None,
                account,
                stack: None,
            };
            outcome.handed.push((child, Rc::new(new)));
        }
    }

    /// What is wrong with a resource in a launch.
    fn faults(
        &self,
        unit: &Unit,
        resource: &Resource<'_>,
        launched: &Launched<'_>,
        account: &str,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        let evaluation = &launched.views().always;
        let before = if unit.may_fail { evaluation.problems() } else { Vec::new() };
        launched.check_one(resource, &mut found);
        limits::check_resource(self.template, evaluation, resource, &mut found);
        names::check(self.template, launched.views(), resource, &mut found);
        found.retain(|one| one.rule.severity == Severity::Error || one.rule == limits::NEAR);
        let is_decided = |name: &String| evaluation.condition(name).is_some();
        if unit.may_fail
            && resource.exists == Some(true)
            && unit.needs.conditions.iter().all(is_decided)
        {
            // Only a value that is asked for as a whole has all of its problems.
            let _ = resource.attribute("Properties").map(|term| evaluation.value(&term));
            let id = resource.id.to_string();
            let path = pointer(&[Segment::Key("Resources"), Segment::Key(&id)]);
            for problem in evaluation.problems() {
                if !before.contains(&problem)
                    && fails(&problem.message)
                    && !problem.message.contains(account)
                {
                    let place = self.template.place(problem.position, &path);
                    found.push(Finding::new(FUNCTION, place, &problem.message));
                }
            }
        }
        found
    }

    /// Whether what a unit comes to in a launch is so in every launch.
    fn holds_always(&self, unit: &Unit) -> bool {
        let is_known = |name: &String| name == "AWS::AccountId";
        let is_meant = !unit.needs.region || self.subject.regions_are_meant;
        is_meant && unit.needs.names.iter().all(is_known)
    }
}

/// Whether a problem of the evaluation is one that CloudFormation has too.
fn fails(message: &str) -> bool {
    message.starts_with("there is no `") && message.contains("in `Mappings`")
        || message.starts_with("`Fn::Select` asks for item")
        || message.starts_with("`Fn::Cidr` is not written")
}

/// For each region the first whose name, partition and suffix are as long, so that texts with them are too.
fn classes(regions: &[String]) -> Vec<u32> {
    let key = |region: &String| {
        let around = Surroundings::of_region(region);
        (around.partition, around.url_suffix, region.len())
    };
    let keys: Vec<_> = regions.iter().map(key).collect();
    let first = |one| keys.iter().position(|other| other == one).unwrap_or(0);
    keys.iter().map(|one| u32::try_from(first(one)).unwrap_or(u32::MAX)).collect()
}
