//! From boxes and arrows to layers in which everything has its turn: the first half of a layered layout.
//!
//! Arrows that would close a circle are turned round; each box comes after all that point to it (longest path); an arrow over
//! several layers passes through each, in one strand with the others that begin at the same box; and turns are changed until
//! few lines cross (barycentres, a few sweeps). Each lane keeps its own stretch of every layer.

use std::collections::BTreeMap;

/// What is to be laid out. "Along" is the way that arrows go, "across" is at right angles to it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) blocks: Vec<Block>,
    pub(super) arrows: Vec<Arrow>,
    /// Free space before and after what is in each lane.
    pub(super) lanes: Vec<(f64, f64)>,
    /// The most boxes of a layer.
    pub(super) most: usize,
    /// Between boxes of a layer.
    pub(super) gap: f64,
    /// Between parallel lines.
    pub(super) track: f64,
}

/// A box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) along: f64,
    pub(super) across: f64,
    pub(super) lane: usize,
}

/// An arrow. Those of one bundle that begin at one box share a strand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) bundle: usize,
    /// The size of its words, along and across.
    pub(super) label: Option<(f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Block(usize),
    Label(usize),
    Strand,
}

/// A place in a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) what: What,
    pub(super) layer: usize,
    pub(super) lane: usize,
    pub(super) along: f64,
    pub(super) across: f64,
    /// Its middle across.
    pub(super) middle: f64,
}

/// The part of a net between two neighbouring layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) net: usize,
}

#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) slots: Vec<Slot>,
    pub(super) segments: Vec<Segment>,
    /// The slots of each layer in their turns.
    pub(super) layers: Vec<Vec<usize>>,
    /// The arrows of each net.
    pub(super) nets: Vec<Vec<usize>>,
    /// Which arrows were turned round.
    pub(super) turned: Vec<bool>,
}

/// How often turns are changed, once from each end.
const SWEEPS: usize = 6;

pub(super) fn ordered(plan: &Plan) -> Ordered {
    let turned = turned(plan);
    let ends = |at: usize| match (plan.arrows[at], turned[at]) {
        (arrow, false) => (arrow.from, arrow.to),
        (arrow, true) => (arrow.to, arrow.from),
    };
    let ends: Vec<(usize, usize)> = (0..plan.arrows.len()).map(ends).collect();
    let layer_of = layers(plan, &ends);
    let mut made = Ordered { turned, ..Ordered::default() };
    made.place(plan, &ends, &layer_of);
    made.layers = vec![Vec::new(); made.slots.iter().map(|slot| slot.layer + 1).max().unwrap_or(0)];
    for (at, slot) in made.slots.iter().enumerate() {
        made.layers[slot.layer].push(at);
    }
    made.take_turns(plan);
    made
}

/// The arrows that close a circle, in a walk from each box in turn. An arrow to its own box is none.
fn turned(plan: &Plan) -> Vec<bool> {
    let mut turned = vec![false; plan.arrows.len()];
    let mut out = vec![Vec::new(); plan.blocks.len()];
    for (at, arrow) in plan.arrows.iter().enumerate() {
        out[arrow.from].push(at);
    }
    let (mut open, mut done) = (vec![false; out.len()], vec![false; out.len()]);
    for start in 0..out.len() {
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.last_mut() {
            let (block, arrow) = (*at, out[*at].get(*next).copied());
            open[block] = arrow.is_some() && !done[block];
            let Some(arrow) = arrow.filter(|_| !done[block]) else {
                done[block] = true;
                path.pop();
                continue;
            };
            *next += 1;
            let to = plan.arrows[arrow].to;
            turned[arrow] = open[to];
            if !open[to] && !done[to] {
                path.push((to, 0));
            }
        }
    }
    turned
}

/// The layer of each box: after everything that points to it; what nothing points to stands just before its first user. A layer
/// with more boxes than it may have gives some to the next, those first that point to nothing.
fn layers(plan: &Plan, ends: &[(usize, usize)]) -> Vec<usize> {
    let ends: Vec<_> = ends.iter().copied().filter(|(from, to)| from != to).collect();
    let points = |block: usize| ends.iter().any(|(from, _)| *from == block);
    let mut layers = vec![0; plan.blocks.len()];
    lower(&mut layers, &ends);
    for block in 0..layers.len() {
        let users = ends.iter().filter(|(from, _)| *from == block);
        let first = users.map(|(_, to)| layers[*to]).min();
        if let Some(first) = first.filter(|_| ends.iter().all(|(_, to)| *to != block)) {
            layers[block] = first - 1;
        }
    }
    let mut layer = 0;
    while layers.iter().any(|at| *at >= layer) {
        let here = (0..layers.len()).filter(|block| layers[*block] == layer);
        let (first, last): (Vec<usize>, Vec<usize>) = here.partition(|block| points(*block));
        for block in first.into_iter().chain(last).skip(plan.most) {
            layers[block] += 1;
        }
        lower(&mut layers, &ends);
        layer += 1;
    }
    layers
}

/// Moves every box behind all that point to it: as often as the longest path is long, and never more often than there are boxes.
fn lower(layers: &mut [usize], ends: &[(usize, usize)]) {
    for _ in 0..layers.len() {
        let mut moved = false;
        for (from, to) in ends {
            moved |= layers[*to] <= layers[*from];
            layers[*to] = layers[*to].max(layers[*from] + 1);
        }
        if !moved {
            break;
        }
    }
}

impl Ordered {
    /// Makes slots and segments. Words stand in a layer of their own, before the box that the arrow points to.
    fn place(&mut self, plan: &Plan, ends: &[(usize, usize)], layer_of: &[usize]) {
        let deepest = layer_of.iter().max().map_or(0, |layer| layer + 1);
        let mut worded = vec![false; deepest];
        for (arrow, (_, to)) in plan.arrows.iter().zip(ends) {
            worded[layer_of[*to]] |= arrow.label.is_some();
        }
        // Where each layer of boxes is once those of words stand between.
        let mut real = Vec::with_capacity(deepest);
        for (layer, words) in worded.into_iter().enumerate() {
            let before = if layer == 0 { 0 } else { real[layer - 1] + 1 };
            real.push(before + usize::from(words));
        }
        for (at, block) in plan.blocks.iter().enumerate() {
            let layer = real[layer_of[at]];
            self.slot(What::Block(at), layer, block.lane, block.along, block.across + plan.gap);
        }
        let mut nets: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
        let mut strands: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (at, ends) in ends.iter().enumerate().filter(|(_, (from, to))| from != to) {
            let key = (ends.0, plan.arrows[at].bundle, self.turned[at]);
            let known = nets.len();
            let net = *nets.entry(key).or_insert(known);
            if net == known {
                self.nets.push(Vec::new());
            }
            self.nets[net].push(at);
            self.lead(plan, at, *ends, net, &mut strands);
        }
    }

    /// The segments of one arrow, on the strands that its net has already.
    fn lead(
        &mut self,
        plan: &Plan,
        arrow: usize,
        (from, to): (usize, usize),
        net: usize,
        strands: &mut BTreeMap<(usize, usize), usize>,
    ) {
        let label = plan.arrows[arrow].label;
        let last = self.slots[to].layer - usize::from(label.is_some());
        let mut slot = from;
        for layer in self.slots[from].layer + 1..last {
            slot = *strands.entry((net, layer)).or_insert_with(|| {
                let lane = plan.blocks[from].lane;
                let strand = self.slot(What::Strand, layer, lane, 0.0, plan.track);
                self.segments.push(Segment { from: slot, to: strand, net });
                strand
            });
        }
        if let Some((along, across)) = label {
            let lane = plan.blocks[to].lane;
            let words = self.slot(What::Label(arrow), last, lane, along, across + plan.gap);
            self.segments.push(Segment { from: slot, to: words, net });
            slot = words;
        }
        self.segments.push(Segment { from: slot, to, net });
    }

    fn slot(&mut self, what: What, layer: usize, lane: usize, along: f64, across: f64) -> usize {
        self.slots.push(Slot { what, layer, lane, along, across, middle: 0.0 });
        self.slots.len() - 1
    }

    /// Changes turns until few lines cross; the best of all sweeps holds.
    fn take_turns(&mut self, plan: &Plan) {
        let tops = self.tops(plan);
        (0..self.layers.len()).for_each(|layer| self.stack(layer, &tops));
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS * 2 {
            let forward = sweep % 2 == 0;
            for step in 0..self.layers.len() {
                let layer = if forward { step } else { self.layers.len() - 1 - step };
                let pulls = self.pulls(layer, &|_| (forward, !forward));
                let slots = &self.slots;
                let key = |at: &usize| (slots[*at].lane, pulls[at]);
                self.layers[layer]
                    .sort_by(|a, b| key(a).0.cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
                self.stack(layer, &tops);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
        (0..self.layers.len()).for_each(|layer| self.stack(layer, &tops));
        self.swap_neighbours(&tops);
    }

    /// Swaps neighbours of a lane as long as that lets fewer lines cross.
    fn swap_neighbours(&mut self, tops: &[f64]) {
        let mut joined: Vec<[Vec<(usize, usize)>; 2]> = vec![Default::default(); self.slots.len()];
        for Segment { from, to, net } in &self.segments {
            joined[*to][0].push((*from, *net));
            joined[*from][1].push((*to, *net));
        }
        for _ in 0..SWEEPS {
            let mut better = false;
            for layer in 0..self.layers.len() {
                for at in 1..self.layers[layer].len() {
                    let (a, b) = (self.layers[layer][at - 1], self.layers[layer][at]);
                    let cross = |a: usize, b: usize| -> usize {
                        let sides = joined[a].iter().zip(&joined[b]);
                        sides.map(|(a, b)| self.crossed(a, b)).sum()
                    };
                    if self.slots[a].lane == self.slots[b].lane && cross(b, a) < cross(a, b) {
                        self.layers[layer].swap(at - 1, at);
                        better = true;
                    }
                }
                self.stack(layer, tops);
            }
            if !better {
                break;
            }
        }
    }

    /// How many lines of one slot cross lines of the next, all to the same side.
    fn crossed(&self, a: &[(usize, usize)], b: &[(usize, usize)]) -> usize {
        let later = |(a, net): &(usize, usize)| {
            let cross = |(b, other): &&(usize, usize)| {
                self.slots[*a].middle > self.slots[*b].middle && net != other
            };
            b.iter().filter(cross).count()
        };
        a.iter().map(later).sum()
    }

    /// Where each lane begins across, with room for the layer that needs most; the last is where all ends.
    pub(super) fn tops(&self, plan: &Plan) -> Vec<f64> {
        let mut room = vec![0.0_f64; plan.lanes.len()];
        for layer in &self.layers {
            let mut used = vec![0.0; room.len()];
            for slot in layer.iter().map(|at| &self.slots[*at]) {
                used[slot.lane] += slot.across;
            }
            room.iter_mut().zip(used).for_each(|(room, used)| *room = room.max(used));
        }
        let mut tops = vec![0.0];
        for ((before, after), room) in plan.lanes.iter().zip(room) {
            tops.push(tops[tops.len() - 1] + before + room + after);
        }
        tops
    }

    /// Puts the slots of a layer close to each other, from the top of each lane.
    fn stack(&mut self, layer: usize, tops: &[f64]) {
        let mut next = tops.to_vec();
        for at in &self.layers[layer] {
            let slot = &mut self.slots[*at];
            slot.middle = next[slot.lane] + slot.across / 2.0;
            next[slot.lane] += slot.across;
        }
    }

    /// Where the slots of a layer are pulled by what they are joined to, before or behind or both; alone they stay.
    pub(super) fn pulls(
        &self,
        layer: usize,
        by: &dyn Fn(What) -> (bool, bool),
    ) -> BTreeMap<usize, f64> {
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut pull = |slot: usize, by: usize| {
            let sum = sums.entry(slot).or_default();
            *sum = (sum.0 + self.slots[by].middle, sum.1 + 1.0);
        };
        for Segment { from, to, .. } in &self.segments {
            if self.slots[*to].layer == layer && by(self.slots[*to].what).0 {
                pull(*to, *from);
            }
            if self.slots[*from].layer == layer && by(self.slots[*from].what).1 {
                pull(*from, *to);
            }
        }
        let pulled = |at: &usize| sums.get(at).map_or(self.slots[*at].middle, |(sum, n)| sum / n);
        self.layers[layer].iter().map(|at| (*at, pulled(at))).collect()
    }

    /// How many pairs of lines cross.
    fn crossings(&self) -> usize {
        let mut gaps: Vec<Vec<(f64, f64, usize)>> = vec![Vec::new(); self.layers.len()];
        for Segment { from, to, net } in &self.segments {
            let (from, to) = (&self.slots[*from], &self.slots[*to]);
            gaps[from.layer].push((from.middle, to.middle, *net));
        }
        let crossed = |gap: &Vec<(f64, f64, usize)>| {
            let pairs = gap.iter().enumerate().map(|(at, a)| {
                let cross = |b: &&(f64, f64, usize)| (a.0 - b.0) * (a.1 - b.1) < 0.0 && a.2 != b.2;
                gap[at + 1..].iter().filter(cross).count()
            });
            pairs.sum::<usize>()
        };
        gaps.iter().map(crossed).sum()
    }
}
