//! One template as a graph: its resources, what each waits for, and under which conditions. Decides no rule.
//!
//! A way from one resource to another counts only if each step on it is there: the branches of `Fn::If` around the
//! reference hold, and so does the condition of what it leads to. Whether all ways can be broken in a launch in which both
//! ends exist is asked of the evaluator. What is not decided within bounds counts as waited for.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use formwork::evaluate::{Evaluation, Surroundings};
use formwork::read::{Segment, Tree, pointer};

use crate::finding::Place;
use crate::references::MOST_UNDECIDED;
use crate::references::collect::{self, Holder, Kind, Use};
use crate::references::dangling::{Answer, Solver, Way};
use crate::subject::CheckedTemplate;
use crate::value::in_any_launch;

/// Twice as many resources as CloudFormation takes; what has more is refused anyway.
const MOST_RESOURCES: usize = 1_000;

/// How many sets of conditions are kept for the ways to one resource.
const MOST_WAYS: usize = 6;

/// How much may be done to find the ways of one template in one region, counted in conditions that are compared.
const MOST_WORK: usize = 2_000_000;

/// The same of all templates together.
const ALL_WORK: usize = 20_000_000;

/// How many questions about conditions one run asks.
const MOST_QUESTIONS: usize = 1_000;

/// How many ways to break a connection are asked about.
const MOST_BREAKS: usize = 32;

/// What is needed to come to a resource, by its place.
type Reach<'t> = BTreeMap<usize, Vec<Way<'t>>>;

/// What is left of a run's bounds.
pub(super) struct Effort {
    /// Questions about conditions that may stay undecided.
    patience: Cell<usize>,
    /// Conditions that may be compared for this template, and for all.
    work: Cell<usize>,
    all_work: Cell<usize>,
    /// Questions that may be asked.
    questions: Cell<usize>,
}

impl Effort {
    pub(super) fn new() -> Self {
        Effort {
            patience: Cell::new(MOST_UNDECIDED),
            work: Cell::new(0),
            all_work: Cell::new(ALL_WORK),
            questions: Cell::new(MOST_QUESTIONS),
        }
    }

    /// Gives the next template its part.
    fn begin(&self) {
        let all = self.all_work.get() + self.work.get();
        let part = all.min(MOST_WORK);
        self.all_work.set(all - part);
        self.work.set(part);
    }

    /// Whether this much is left.
    fn spend(&self, work: usize) -> bool {
        let left = self.work.get().checked_sub(work);
        self.work.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// One template.
pub(super) struct Scene<'t> {
    pub(super) template: &'t CheckedTemplate,
    /// Any launch: no parameter is known.
    pub(super) evaluation: &'t Evaluation<'t>,
    pub(super) nodes: Vec<Node<'t>>,
    places: BTreeMap<&'t str, usize>,
    region: &'t str,
    effort: &'t Effort,
    /// Made as the first question is asked: most templates ask none.
    solver: RefCell<Option<Solver<'t>>>,
    reaches: RefCell<BTreeMap<usize, Rc<Reach<'t>>>>,
}

/// A resource.
pub(super) struct Node<'t> {
    pub(super) id: &'t str,
    pub(super) kind: &'t str,
    pub(super) tree: &'t Tree,
    condition: Option<&'t str>,
    uses: Vec<Edge<'t>>,
}

/// What a resource refers to.
struct Edge<'t> {
    to: usize,
    /// Where it says so, and under which branches.
    one: Use<'t>,
}

/// What a resource refers to in one place.
#[derive(Clone)]
pub(super) struct Target<'t> {
    pub(super) at: usize,
    /// The conditions under which it is referred to.
    pub(super) when: Way<'t>,
}

/// A launch of which no parameter is known.
pub(super) fn any_launch<'t>(root: &'t Tree, region: &str) -> Evaluation<'t> {
    let around = Surroundings::of_region(region).in_account(Surroundings::EXAMPLE_ACCOUNT);
    in_any_launch(root, &around)
}

/// The way to a resource.
pub(super) fn resource_pointer(id: &str) -> String {
    pointer(&[Segment::Key("Resources"), Segment::Key(id)])
}

impl<'t> Scene<'t> {
    /// The graph of a template; none where it has too many resources, or a macro or a loop makes resources that are not seen as they will be.
    pub(super) fn new(
        template: &'t CheckedTemplate,
        evaluation: &'t Evaluation<'t>,
        region: &'t str,
        effort: &'t Effort,
    ) -> Option<Self> {
        let root = template.root();
        let resources = root.get("Resources")?.as_map()?;
        let is_plain = resources.iter().all(|entry| !entry.key.starts_with("Fn::"));
        if !is_plain || resources.len() > MOST_RESOURCES || !evaluation.macros().is_empty() {
            return None;
        }
        let conditions = root.get("Conditions");
        effort.begin();
        let mut scene = Scene {
            template,
            evaluation,
            nodes: Vec::new(),
            places: BTreeMap::new(),
            region,
            effort,
            solver: RefCell::default(),
            reaches: RefCell::default(),
        };
        for entry in resources {
            let Some(kind) = entry.value.get("Type").and_then(Tree::as_str) else { continue };
            let condition = entry.value.get("Condition").and_then(Tree::as_str);
            let condition =
                condition.filter(|name| conditions.is_some_and(|it| it.get(name).is_some()));
            scene.places.insert(&entry.key, scene.nodes.len());
            let (id, tree) = (entry.key.as_str(), &entry.value);
            scene.nodes.push(Node { id, kind, tree, condition, uses: Vec::new() });
        }
        for one in collect::collect(root).list {
            let Holder::Resource(from) = one.holder else { continue };
            let (Kind::Ref(to) | Kind::Attribute(to, _) | Kind::DependsOn(to)) = one.kind else {
                continue;
            };
            if let (Some(from), Some(to)) = (scene.places.get(from), scene.places.get(to)) {
                let edge = Edge { to: *to, one };
                scene.nodes[*from].uses.push(edge);
            }
        }
        Some(scene)
    }

    /// The resources of a type, by their places.
    pub(super) fn of_kind(&self, kind: &str) -> impl Iterator<Item = usize> {
        let found = self.nodes.iter().enumerate().filter(|(_, node)| node.kind == kind);
        found.map(|(at, _)| at).collect::<Vec<_>>().into_iter()
    }

    /// What a property of a resource refers to, however deep in it; each once for each set of conditions.
    pub(super) fn targets(&self, at: usize, property: &str) -> Vec<Target<'t>> {
        let node = &self.nodes[at];
        let start = format!("{}/Properties/{property}", resource_pointer(node.id));
        let is_inside = |path: &str| {
            path.strip_prefix(&start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut found: Vec<Target<'t>> = Vec::new();
        for edge in node.uses.iter().filter(|edge| is_inside(&edge.one.path())) {
            let branches = &edge.one.branches;
            if !found.iter().any(|one| one.at == edge.to && *one.when == **branches) {
                found.push(Target { at: edge.to, when: branches.to_vec() });
            }
        }
        found
    }

    /// Those of them that are of a type.
    pub(super) fn targets_of(&self, at: usize, property: &str, kind: &str) -> Vec<Target<'t>> {
        let mut found = self.targets(at, property);
        found.retain(|one| self.nodes[one.at].kind == kind);
        found
    }

    /// What a resource names in `DependsOn` though it refers to it in every launch: each with where it says so.
    pub(super) fn needless(&self, at: usize) -> Vec<(usize, String)> {
        let node = &self.nodes[at];
        let start = format!("{}/DependsOn", resource_pointer(node.id));
        let is_named = |edge: &Edge<'t>| edge.one.path().starts_with(&start);
        let sure = node.uses.iter().filter(|edge| edge.one.branches.is_empty() && !is_named(edge));
        let sure: BTreeSet<usize> = sure.map(|edge| edge.to).collect();
        let named = node.uses.iter().filter(|edge| is_named(edge) && sure.contains(&edge.to));
        named.map(|edge| (edge.to, edge.one.path())).collect()
    }

    /// Whether a resource refers to another, anywhere.
    pub(super) fn refers(&self, from: usize, to: usize) -> bool {
        self.nodes[from].uses.iter().any(|edge| edge.to == to)
    }

    /// A property as it was written.
    pub(super) fn property(&self, at: usize, name: &str) -> Option<&'t Tree> {
        self.nodes[at].tree.get("Properties")?.get(name)
    }

    /// Whether there is a launch with both in which the first does not wait for the second.
    pub(super) fn may_precede(&self, first: usize, second: usize, when: &Way<'t>) -> bool {
        let mut base = Way::new();
        let own = [first, second].into_iter().filter_map(|at| self.nodes[at].condition);
        for step in own.map(|name| (name, true)).chain(when.iter().copied()) {
            add(&mut base, step);
        }
        let Some(reach) = self.reach(first) else { return false };
        let mut ways: Vec<Way<'t>> = Vec::new();
        for way in reach.get(&second).into_iter().flatten() {
            let rest: Way<'t> = way.iter().filter(|step| !base.contains(step)).copied().collect();
            if rest.is_empty() {
                return false;
            }
            ways.push(rest);
        }
        self.can_break(&ways, &base)
    }

    /// Whether there is a launch with both.
    pub(super) fn may_coexist(&self, first: usize, second: usize) -> bool {
        let own = [first, second].into_iter().filter_map(|at| self.nodes[at].condition);
        let mut base = Way::new();
        own.for_each(|name| add(&mut base, (name, true)));
        self.can_break(&[], &base)
    }

    /// Whether some launch has the base and, of each way, one step that is not taken.
    fn can_break(&self, ways: &[Way<'t>], base: &Way<'t>) -> bool {
        let mut solver = self.solver.borrow_mut();
        let mut ask = |way: &Way<'t>| {
            let new =
                || Solver::of(any_launch(self.template.root(), self.region), &self.effort.patience);
            solver.get_or_insert_with(new).ask(way)
        };
        let mut open: VecDeque<(usize, Way<'t>)> = VecDeque::from([(0, base.clone())]);
        let mut asked = 0;
        while let Some((next, way)) = open.pop_front() {
            asked += 1;
            let left = self.effort.questions.get();
            if asked > MOST_BREAKS || left == 0 {
                return false;
            }
            self.effort.questions.set(left - usize::from(!way.is_empty()));
            if !way.is_empty() && ask(&way) != Answer::Possible {
                continue;
            }
            let Some(steps) = ways.get(next) else { return true };
            for (name, holds) in steps {
                let mut broken = way.clone();
                add(&mut broken, (name, !holds));
                open.push_front((next + 1, broken));
            }
        }
        false
    }

    /// Whether the first waits for the second in some launch, whatever conditions it takes.
    pub(super) fn may_wait(&self, first: usize, second: usize) -> bool {
        self.reach(first).is_none_or(|reach| reach.contains_key(&second))
    }

    /// Whether the first waits for the second in every launch with both.
    pub(super) fn always_waits(&self, first: usize, second: usize) -> bool {
        let own = [first, second].map(|at| self.nodes[at].condition);
        let is_given = |(name, holds): &(&'t str, bool)| *holds && own.contains(&Some(name));
        let Some(reach) = self.reach(first) else { return false };
        reach.get(&second).is_some_and(|ways| ways.iter().any(|way| way.iter().all(is_given)))
    }

    /// All that a resource comes to; nothing where the run's bound is reached.
    fn reach(&self, from: usize) -> Option<Rc<Reach<'t>>> {
        if let Some(known) = self.reaches.borrow().get(&from) {
            return Some(known.clone());
        }
        let reach = Rc::new(self.walk(from)?);
        self.reaches.borrow_mut().insert(from, reach.clone());
        Some(reach)
    }

    fn walk(&self, from: usize) -> Option<Reach<'t>> {
        let mut reach = Reach::new();
        let mut open: VecDeque<(usize, Way<'t>)> = VecDeque::from([(from, Way::new())]);
        while let Some((at, way)) = open.pop_front() {
            for edge in &self.nodes[at].uses {
                let known = reach.entry(edge.to).or_default();
                // What is waited for in any case can only be found again.
                if known.first().is_some_and(Vec::is_empty) && self.effort.spend(1) {
                    continue;
                }
                let mut next = way.clone();
                let own = self.nodes[edge.to].condition.map(|name| (name, true));
                for step in edge.one.branches.iter().copied().chain(own) {
                    add(&mut next, step);
                }
                if !self.effort.spend(1 + next.len() * (1 + known.len())) {
                    return None;
                }
                if known.iter().any(|old| old.iter().all(|step| next.contains(step))) {
                    continue;
                }
                // With too many ways it counts as waited for.
                if known.len() >= MOST_WAYS {
                    next.clear();
                }
                known.retain(|old| !next.iter().all(|step| old.contains(step)));
                known.push(next.clone());
                open.push_back((edge.to, next));
            }
        }
        Some(reach)
    }

    /// The place of a resource.
    pub(super) fn place(&self, at: usize) -> Place {
        self.template.place_of(&resource_pointer(self.nodes[at].id))
    }

    /// The place of a property of a resource; of the resource if it has none of this name.
    pub(super) fn place_in(&self, at: usize, property: &str) -> Place {
        let id = self.nodes[at].id;
        let path = format!("{}/Properties/{property}", resource_pointer(id));
        if self.template.root().at(&path).is_some() {
            self.template.place_of(&path)
        } else {
            self.place(at)
        }
    }
}

fn add<'t>(way: &mut Way<'t>, step: (&'t str, bool)) {
    if !way.contains(&step) {
        way.push(step);
    }
}

/// Whether a custom resource: its function runs as the stack is made and deleted.
pub(super) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

/// Every text in a tree that begins with one of these, or is `*`.
pub(super) fn mentions(tree: &Tree, starts: &[&str]) -> bool {
    let mut found = false;
    tree.walk(|_, tree| {
        found |= tree.as_str().is_some_and(|text| {
            let begins = |start: &&str| {
                text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
            };
            text == "*" || starts.iter().any(begins)
        });
    });
    found
}
