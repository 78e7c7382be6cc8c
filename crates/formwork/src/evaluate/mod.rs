//! Evaluates a template without AWS, as far as that can be known before a launch.
//!
//! It says what a text comes to in a region, with gaps where only the launch knows; which conditions hold;
//! which resources and outputs there are; and, where a condition depends on what is not known, every value
//! that may come out. It follows CloudFormation's documentation of intrinsic functions and of the transform
//! `AWS::LanguageExtensions`; dynamic references (`{{resolve:…}}`) stay as they were written, for functions
//! see them so.
//!
//! It never reads a file, calls AWS or knows a resource type, and never panics: what is not written as it
//! must be is unknown, and among the [`problems`](Evaluation::problems). The work that a question makes is
//! limited, whatever a template describes.
//!
//! ```
//! use formwork::evaluate::{Evaluation, Surroundings};
//!
//! let document = formwork::read::parse(
//!     b"Parameters: { Bucket: { Type: String } }
//! Resources:
//!   Network:
//!     Type: AWS::CloudFormation::Stack
//!     Properties:
//!       TemplateURL: !Sub https://${Bucket}.s3.${AWS::URLSuffix}/network.yaml
//! ")?;
//! let region = Surroundings::of_region("cn-north-1");
//! let given = [("Bucket".to_owned(), "releases".into())].into();
//! let evaluation = Evaluation::new(&document.root, &region, &given);
//! for stack in evaluation.resources() {
//!     let url = stack.property("TemplateURL").expect("a nested stack has a URL");
//!     let url = evaluation.value(url);
//!     assert_eq!(url.whole(), Some("https://releases.s3.amazonaws.com.cn/network.yaml"));
//! }
//! # Ok::<(), formwork::read::Problems>(())
//! ```

mod assume;
mod expand;
mod facts;
mod function;
mod known;
mod lists;
mod machine;
mod parts;
mod scope;
mod surroundings;
mod text;
mod texts;
mod truth;

pub use known::{Known, Unknown};
pub use parts::{Assertion, Output, Resource};
pub use scope::{Scope, Term};
pub use surroundings::Surroundings;
pub use text::{Part, Text};

use std::cell::{Cell, RefCell};

use indexmap::IndexMap;

use crate::read::{Problem, Tree};
use facts::Facts;
use machine::Machine;

/// How many values [`Evaluation::alternatives`] looks for.
const MOST_ALTERNATIVES: usize = 64;

/// How many ways to answer undecided questions are tried for one value; many lead to the same.
const MOST_WAYS: usize = 1_024;

/// So many problems are kept without an order.
const MOST_UNSORTED: usize = 256;

/// A template under what is known of a launch.
#[derive(Debug)]
pub struct Evaluation<'t> {
    facts: Facts<'t>,
    problems: RefCell<Vec<Problem>>,
    /// How many problems there were when they were last put in order.
    sorted: Cell<usize>,
}

/// Every value that something may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// Each once; those where undecided questions are answered with yes come first. None if it is never there.
    pub values: Vec<Known>,
    /// Whether there are no others: false if there were too many.
    pub is_complete: bool,
}

impl<'t> Evaluation<'t> {
    /// A launch of a template. Parameters that are not given, or given as [`Known::Absent`], have their
    /// defaults; those without are unknown, and so are those that SSM has the value of.
    ///
    /// What is unknown in a given value is of another stack: its source gets `../` in front in here.
    #[must_use]
    pub fn new(
        template: &'t Tree,
        surroundings: &Surroundings,
        parameters: &IndexMap<String, Known>,
    ) -> Self {
        let (facts, problems) = Facts::new(template, surroundings, parameters);
        Evaluation { facts, problems: RefCell::new(problems), sorted: Cell::new(MOST_UNSORTED) }
    }

    /// A launch of a template by this one, in the same account and region. `parameters` is the value of
    /// `Parameters` there, if it has any; the nested stack's name and id are new.
    #[must_use]
    pub fn nested<'n>(&self, template: &'n Tree, parameters: Option<&Known>) -> Evaluation<'n> {
        let around = &self.facts.surroundings;
        let surroundings = Surroundings {
            stack_name: None,
            stack_id: None,
            notification_arns: None,
            ..around.clone()
        };
        let given = match parameters {
            None | Some(Known::Absent) => IndexMap::new(),
            Some(Known::Map(given)) => given.clone(),
            // Nothing says which are given, so that no default counts.
            Some(_) => {
                let declared =
                    template.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
                let unknown = |name: &str| Known::unknown(format!("Parameters.{name}"));
                declared.iter().map(|entry| (entry.key.clone(), unknown(&entry.key))).collect()
            }
        };
        Evaluation::new(template, &surroundings, &given)
    }

    /// Tells what the template does not say: what `Ref` gives for a resource (`Topic`), or one of its
    /// attributes (`Topic.TopicName`, `Network.Outputs.VpcId`).
    pub fn learn(&mut self, source: &str, value: Known) {
        self.facts.learned.insert(source.to_owned(), value);
    }

    /// What `Ref` gives for each parameter, in the template's order.
    #[must_use]
    pub fn parameters(&self) -> &IndexMap<String, Known> {
        &self.facts.parameters
    }

    /// The names of all conditions, in the template's order.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.facts.conditions.keys().map(String::as_str)
    }

    /// Whether a condition holds; `None` if that cannot be known, or there is none of this name.
    #[must_use]
    pub fn condition(&self, name: &str) -> Option<bool> {
        self.facts.decided.get(name)?.as_ref().ok().copied()
    }

    /// Whether what is written in a condition or in a rule's assertion holds.
    #[must_use]
    pub fn holds<'a>(&self, term: impl Into<Term<'a>>) -> Option<bool> {
        let term = term.into();
        self.ask(|machine| machine.truth(term.tree, &term.scope).ok())
    }

    /// The value, in which an undecided `Fn::If` is unknown unless both of its values are the same.
    #[must_use]
    pub fn value<'a>(&self, term: impl Into<Term<'a>>) -> Known {
        let term = term.into();
        self.ask(|machine| machine.term(&term))
    }

    /// Every value that may come out over undecided conditions; up to 64 are looked for.
    ///
    /// The same question has the same answer at each place of one value: of `x` if `A`, and `y` if not
    /// `A`, there is one. A parameter that equals a text is that text in the value, and one that may have
    /// two values and has not the one has the other. The term's own condition holds.
    #[must_use]
    pub fn alternatives<'a>(&self, term: impl Into<Term<'a>>) -> Alternatives {
        self.alternatives_up_to(term, MOST_ALTERNATIVES)
    }

    /// Like [`alternatives`](Self::alternatives), with another bound.
    #[must_use]
    pub fn alternatives_up_to<'a>(&self, term: impl Into<Term<'a>>, most: usize) -> Alternatives {
        let term = term.into();
        let mut found = Alternatives { values: Vec::new(), is_complete: false };
        let (mut script, mut work) = (Vec::new(), usize::MAX);
        for _ in 0..MOST_WAYS {
            let mut machine = Machine::new(&self.facts);
            machine.script = Some(script);
            machine.go_on_from(work);
            let is_there = term.when.as_ref().is_none_or(|name| machine.decide(name, term.tree));
            if is_there {
                let value = machine.term(&term);
                let value = machine.assumptions.apply(value);
                if !found.values.contains(&value) {
                    if found.values.len() >= most {
                        break;
                    }
                    found.values.push(value);
                }
            }
            work = machine.left();
            script = next(machine.script.take().unwrap_or_default());
            self.absorb(machine);
            if script.is_empty() || work == 0 {
                found.is_complete = work > 0;
                break;
            }
        }
        found
    }

    /// What was not written as it must be, in the template's order: in parameters, conditions and loops, and
    /// in what was asked for until now.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.problems.borrow().clone();
        tidy(&mut problems);
        problems
    }

    /// The macros that may change anything in the template, so that what is said of it may not come so:
    /// all in `Transform` but `AWS::LanguageExtensions`.
    #[must_use]
    pub fn macros(&self) -> Vec<&'t str> {
        self.facts.macros()
    }

    /// The same with this much work for all questions that it is still asked together; what is beyond is unknown.
    #[must_use]
    pub fn with_work(self, work: usize) -> Self {
        self.facts.work.set(work.min(machine::ALL_WORK));
        self
    }

    /// How much work its questions may still make.
    #[must_use]
    pub fn work_left(&self) -> usize {
        self.facts.work.get()
    }

    /// Whether some question was too much to work out, so that its answer is unknown for no other reason.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.facts.is_spent.get()
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Machine<'_, 't>) -> T) -> T {
        let mut machine = Machine::new(&self.facts);
        let answer = question(&mut machine);
        self.absorb(machine);
        answer
    }

    fn absorb(&self, machine: Machine<'_, 't>) {
        if machine.problems.is_empty() {
            return;
        }
        let mut problems = self.problems.borrow_mut();
        if problems.len() >= machine::MOST_PROBLEMS {
            return;
        }
        problems.extend(machine.problems);
        // Many questions find the same; sorting at each would take too long.
        if problems.len() > 2 * self.sorted.get() {
            tidy(&mut problems);
            self.sorted.set(problems.len().max(MOST_UNSORTED));
        }
    }
}

/// Puts problems into the template's order, each once.
fn tidy(problems: &mut Vec<Problem>) {
    problems.sort_by(|a, b| (a.position, &a.message).cmp(&(b.position, &b.message)));
    problems.dedup();
}

/// The answers to try next: the last yes becomes a no. None are left if all were no.
fn next(mut script: Vec<bool>) -> Vec<bool> {
    while script.last() == Some(&false) {
        script.pop();
    }
    if let Some(last) = script.last_mut() {
        *last = false;
    }
    script
}
