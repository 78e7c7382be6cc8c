//! What one launch makes of a template, worked out once somebody asks. Knows no other launch.

use std::cell::OnceCell;
use std::rc::Rc;

use formwork::evaluate::{Evaluation, Known, Surroundings};
use indexmap::IndexMap;

use super::cases::{Case, Kind};
use crate::schema::Launched;
use crate::subject::CheckedTemplate;
use crate::value::Views;

/// What a launch makes of the template, once somebody asks.
pub(super) struct Made<'c> {
    template: &'c CheckedTemplate,
    region: &'c str,
    pub(super) case: &'c Case,
    pub(super) account: &'c str,
    evaluation: OnceCell<Rc<Evaluation<'c>>>,
    launched: OnceCell<Launched<'c>>,
    short: OnceCell<Option<Launched<'c>>>,
}

impl<'c> Made<'c> {
    pub(super) fn new(template: &'c CheckedTemplate, region: &'c str, case: &'c Case) -> Self {
        let account = &case.account;
        Made {
            template,
            region,
            case,
            account,
            evaluation: OnceCell::new(),
            launched: OnceCell::new(),
            short: OnceCell::new(),
        }
    }

    /// What is known of the launch, without what resources need.
    pub(super) fn evaluation(&self) -> &Rc<Evaluation<'c>> {
        self.evaluation.get_or_init(|| Rc::new(self.evaluate(&self.case.given)))
    }

    pub(super) fn launched(&self) -> &Launched<'c> {
        let given = &self.case.given;
        self.launched.get_or_init(|| self.make(given, Rc::clone(self.evaluation())))
    }

    pub(super) fn short(&self) -> Option<&Launched<'c>> {
        let make = |given| self.make(given, Rc::new(self.evaluate(given)));
        self.short.get_or_init(|| self.case.short.as_ref().map(make)).as_ref()
    }

    /// How many resources were made.
    pub(super) fn count(&self) -> usize {
        self.launched.get().map_or(0, |launched| launched.resources().len())
    }

    fn around(&self) -> Surroundings {
        let around = Surroundings::of_region(self.region).in_account(self.account);
        match &self.case.stack {
            Some(name) => around.named(name),
            None => around,
        }
    }

    fn evaluate(&self, given: &IndexMap<String, Known>) -> Evaluation<'c> {
        Evaluation::new(self.template.root(), &self.around(), given)
    }

    fn make(
        &self,
        given: &IndexMap<String, Known>,
        evaluation: Rc<Evaluation<'c>>,
    ) -> Launched<'c> {
        let root = self.template.root();
        let views = match self.case.kind {
            Kind::Named => Views::of_launch(root, evaluation),
            Kind::Trial | Kind::Longest => Views::of_trial(root, evaluation, &self.around(), given),
        };
        Launched::new(self.template, views)
    }
}
