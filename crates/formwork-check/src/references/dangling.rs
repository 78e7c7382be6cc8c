//! References to resources that are not there in every launch in which they are read.
//!
//! Conditions are decided by the evaluator, region by region: whether one holds is asked under the assumption that all
//! those around the reference hold. What that does not decide within its bound is a note.

use std::cell::Cell;
use std::collections::HashMap;

use formwork::evaluate::{Evaluation, Known, Surroundings};
use formwork::read::parse;
use indexmap::IndexMap;

use super::Look;
use super::collect::{Holder, Kind, Use};
use super::rules::RULES;
use crate::finding::{Finding, Rule, shown};
use crate::subject::{Subject, TOO_MUCH};

const MAY_BE_MISSING: &Rule = Rule::of(RULES, "FW2006");
const MISSING: &Rule = Rule::of(RULES, "FW2019");
const UNDECIDED: &Rule = Rule::of(RULES, "FW2017");

/// How many references of one template are asked about.
const MOST_ASKED: usize = 10_000;

/// How many questions are put to the evaluator of one template and region.
const MOST_QUESTIONS: usize = 500;

/// How many conditions on the way to one place are asked for together.
pub(super) const LONGEST_WAY: usize = 64;

/// Conditions, and whether each holds.
pub(crate) type Way<'t> = Vec<(&'t str, bool)>;

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Possible,
    Impossible,
    Undecided,
}

pub(super) fn check(look: &Look<'_>, subject: &Subject, findings: &mut Vec<Finding>) {
    if look.names.is_changed() {
        return;
    }
    let asked = look.uses.list.iter().filter_map(|one| question(look, one));
    let mut asked: Vec<(&Use<'_>, &str, Way<'_>)> = asked.take(MOST_ASKED + 1).collect();
    if asked.len() > MOST_ASKED {
        asked.truncate(MOST_ASKED);
        let message = format!(
            "more than {MOST_ASKED} references to what may be missing; of the others it is not asked"
        );
        let place = look.template.place_of("/Resources");
        findings.push(Finding::new(TOO_MUCH, place, message));
    }
    if asked.is_empty() {
        return;
    }
    let mut possible: Vec<Vec<String>> = vec![Vec::new(); asked.len()];
    let mut undecided: Vec<Vec<String>> = vec![Vec::new(); asked.len()];
    let mut usual: Vec<Vec<String>> = vec![Vec::new(); asked.len()];
    for region in subject.regions_of(look.template) {
        let by_default = by_default(look, subject, region);
        let mut solver = Solver::new(look, region);
        for (at, (_, _, way)) in asked.iter().enumerate() {
            let comes_so = |launch: &Evaluation<'_>| {
                way.iter().all(|(name, holds)| launch.condition(name) == Some(*holds))
            };
            if by_default.as_ref().is_some_and(comes_so) {
                usual[at].push(region.clone());
            }
            match solver.ask(way) {
                Answer::Possible => possible[at].push(region.clone()),
                Answer::Undecided => undecided[at].push(region.clone()),
                Answer::Impossible => {}
            }
        }
    }
    for (at, (one, target, way)) in asked.iter().enumerate() {
        let place = look.template.place(one.position, &one.path());
        let regions = |found: &[String]| {
            if found.len() == subject.regions_of(look.template).len() {
                Vec::new()
            } else {
                found.to_vec()
            }
        };
        let given = shown_way(way);
        if !usual[at].is_empty() {
            let message =
                format!("`{}` is not there where the defaults are left as they are", shown(target));
            let finding = Finding::new(MISSING, place, message);
            findings.push(finding.given(given).regions(regions(&usual[at])));
        } else if !possible[at].is_empty() {
            let message = format!("`{}` may not be there when it is read", shown(target));
            let finding = Finding::new(MAY_BE_MISSING, place, message);
            findings.push(finding.given(given).regions(regions(&possible[at])));
        } else if !undecided[at].is_empty() {
            let message = format!("whether `{}` can be missing was not decided", shown(target));
            let finding = Finding::new(UNDECIDED, place, message);
            findings.push(finding.given(given).regions(regions(&undecided[at])));
        }
    }
}

/// A launch that leaves the defaults as they are, if nothing says how the template is launched.
fn by_default<'t>(look: &Look<'t>, subject: &Subject, region: &str) -> Option<Evaluation<'t>> {
    let is_nested = look.template.entry.is_some() || !subject.nests.is_empty();
    let around = Surroundings::of_region(region);
    (!is_nested).then(|| Evaluation::new(look.template.root(), &around, &IndexMap::new()))
}

fn shown_way(way: &Way<'_>) -> String {
    let part = |(name, holds): &(&str, bool)| {
        let does = if *holds { "holds" } else { "does not hold" };
        format!("`{}` {does}", shown(name))
    };
    way.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// The way in which a reference would dangle, if its target has a condition that is not plainly the reader's too.
fn question<'t>(look: &Look<'t>, one: &'t Use<'t>) -> Option<(&'t Use<'t>, &'t str, Way<'t>)> {
    let (Kind::Ref(target) | Kind::Attribute(target, _) | Kind::DependsOn(target)) = one.kind
    else {
        return None;
    };
    let needed = condition_of(look, Holder::Resource(target))?;
    let mut way = way_of(look, one);
    if way.contains(&(needed, true)) {
        return None;
    }
    way.push((needed, false));
    Some((one, target, way))
}

/// The conditions that hold where a reference is read.
pub(super) fn way_of<'t>(look: &Look<'t>, one: &Use<'t>) -> Way<'t> {
    let mut way: Way<'t> = Vec::new();
    let own = condition_of(look, one.holder).map(|name| (name, true));
    for step in own.into_iter().chain(one.branches.iter().copied()) {
        if !way.contains(&step) {
            way.push(step);
        }
    }
    way
}

/// The condition of a resource or output.
pub(super) fn condition_of<'t>(look: &Look<'t>, holder: Holder<'_>) -> Option<&'t str> {
    let root = look.template.root();
    let tree = match holder {
        Holder::Resource(id) => look.names.resource(id)?,
        Holder::Output(name) => root.get("Outputs")?.get(name)?,
        Holder::Condition(_) | Holder::Rule | Holder::Globals => return None,
    };
    let name = tree.get("Condition")?.as_str()?;
    look.names.conditions.contains(name).then_some(name)
}

/// Puts questions to the evaluator, each once.
pub(crate) struct Solver<'t> {
    evaluation: Evaluation<'t>,
    answers: HashMap<Way<'t>, Answer>,
    /// How many questions may still stay undecided.
    patience: &'t Cell<usize>,
    /// How much work those of a whole run may still make.
    work: Option<&'t Cell<usize>>,
}

impl<'t> Solver<'t> {
    pub(super) fn new(look: &Look<'t>, region: &str) -> Self {
        // No parameter has its default: any value may be given.
        let unknown = look.names.parameters.list.iter();
        let unknown = unknown.map(|name| ((*name).to_owned(), Known::unknown(*name))).collect();
        let around = Surroundings::of_region(region);
        let work = &look.patience.work;
        let evaluation =
            Evaluation::new(look.template.root(), &around, &unknown).with_work(work.get());
        Solver { work: Some(work), ..Solver::of(evaluation, &look.patience.undecided) }
    }

    /// One that asks about this launch. What stays undecided uses up patience.
    pub(crate) fn of(evaluation: Evaluation<'t>, patience: &'t Cell<usize>) -> Self {
        Solver { evaluation, answers: HashMap::new(), patience, work: None }
    }

    /// Whether there is a launch in which all these hold, or do not.
    pub(crate) fn ask(&mut self, way: &Way<'t>) -> Answer {
        if way.len() > LONGEST_WAY {
            return Answer::Undecided;
        }
        if way.iter().any(|(name, holds)| way.contains(&(*name, !*holds))) {
            return Answer::Impossible;
        }
        if let Some(answer) = self.answers.get(way) {
            return *answer;
        }
        if self.answers.len() >= MOST_QUESTIONS || self.patience.get() == 0 {
            return Answer::Undecided;
        }
        let answer = self.answer(way);
        self.answers.insert(way.clone(), answer);
        answer
    }

    /// Asks for all values of an `Fn::If` in an `Fn::If`, of which the innermost is reached on this way only.
    fn answer(&self, way: &Way<'t>) -> Answer {
        if way.iter().any(|(name, holds)| self.evaluation.condition(name) == Some(!*holds)) {
            return Answer::Impossible;
        }
        let mut text = "\"reached\"".to_owned();
        for (name, holds) in way.iter().rev() {
            let name = serde_json::Value::from(*name);
            let (yes, no) = if *holds { (text.as_str(), "0") } else { ("0", text.as_str()) };
            text = format!("{{\"Fn::If\":[{name},{yes},{no}]}}");
        }
        let Ok(document) = parse(text.as_bytes()) else { return Answer::Undecided };
        let found = self.evaluation.alternatives(&document.root);
        if let Some(work) = self.work {
            work.set(self.evaluation.work_left());
        }
        if found.values.iter().any(|value| value.whole() == Some("reached")) {
            Answer::Possible
        } else if found.is_complete {
            Answer::Impossible
        } else {
            self.patience.set(self.patience.get().saturating_sub(1));
            Answer::Undecided
        }
    }
}
