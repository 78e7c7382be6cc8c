//! Places for everything: the second half of a layered layout.
//!
//! Within its turn and its lane each thing goes where the lines to it are straight; then `route` leads the lines through the
//! gaps between layers. Nothing overlaps, because sizes are known before and every gap is as wide as its lines need.

use super::order::{Ordered, Plan, What, ordered};
use super::route;

/// A place and a size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) type Point = (f64, f64);

/// The lines of all arrows of one bundle that begin at one box.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Net {
    /// The arrows in it.
    pub(super) arrows: Vec<usize>,
    pub(super) lines: Vec<Vec<Point>>,
    /// The points of the arrows that go on where lines do, and of those that point back to the beginning.
    pub(super) heads: Vec<(usize, Point)>,
    pub(super) start: Point,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Laid {
    pub(super) blocks: Vec<Rect>,
    /// The words of each arrow that has some.
    pub(super) labels: Vec<Option<Rect>>,
    /// From where to where each lane goes, across.
    pub(super) lanes: Vec<(f64, f64)>,
    pub(super) nets: Vec<Net>,
    /// Whether an arrow points against its line.
    pub(super) turned: Vec<bool>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Lays a plan out; `sideways` if arrows go to the right, else they go down.
pub(super) fn laid(plan: &Plan, sideways: bool) -> Laid {
    let mut ordered = ordered(plan);
    let tops = ordered.tops(plan);
    settle(&mut ordered, plan, &tops);
    let routed = route::routed(&ordered, plan);
    let mut laid = Laid {
        blocks: vec![Rect::default(); plan.blocks.len()],
        labels: vec![None; plan.arrows.len()],
        lanes: tops.windows(2).map(|ends| (ends[0], ends[1])).collect(),
        nets: routed.nets,
        turned: ordered.turned.clone(),
        width: routed.along,
        height: *tops.last().unwrap_or(&0.0),
    };
    for slot in &ordered.slots {
        let x = routed.layers[slot.layer].0;
        let height = slot.across - plan.gap;
        let rect = Rect { x, y: slot.middle - height / 2.0, width: slot.along, height };
        match slot.what {
            What::Block(at) => laid.blocks[at] = rect,
            What::Label(at) => laid.labels[at] = Some(rect),
            What::Strand => {}
        }
    }
    if sideways { laid } else { laid.upright() }
}

impl Laid {
    fn upright(mut self) -> Self {
        let turn = |rect: &mut Rect| {
            *rect = Rect { x: rect.y, y: rect.x, width: rect.height, height: rect.width };
        };
        self.blocks.iter_mut().chain(self.labels.iter_mut().flatten()).for_each(turn);
        for net in &mut self.nets {
            let points = net.lines.iter_mut().flatten();
            let heads = net.heads.iter_mut().map(|(_, point)| point);
            points.chain(heads).chain([&mut net.start]).for_each(|(x, y)| std::mem::swap(x, y));
        }
        std::mem::swap(&mut self.width, &mut self.height);
        self
    }
}

/// How often everything is pulled straight, once from each end.
const PULLS: usize = 6;

/// A strand that is not straight is seen first, so it holds its place more than a box does.
const STRAND: f64 = 4.0;

fn settle(ordered: &mut Ordered, plan: &Plan, tops: &[f64]) {
    for sweep in 0..PULLS * 2 {
        let forward = sweep % 2 == 0;
        for step in 0..ordered.layers.len() {
            let layer = if forward { step } else { ordered.layers.len() - 1 - step };
            let last = sweep + 2 >= PULLS * 2;
            // A strand goes on as it came, words stand at the box that they belong to.
            let pulls = ordered.pulls(layer, &|what| match what {
                What::Block(_) => (forward || last, !forward || last),
                What::Label(_) => (false, true),
                What::Strand => (true, false),
            });
            for (lane, (before, after)) in plan.lanes.iter().enumerate() {
                let here = ordered.layers[layer].iter();
                let here: Vec<usize> =
                    here.copied().filter(|at| ordered.slots[*at].lane == lane).collect();
                let wanted: Vec<Wanted> = here
                    .iter()
                    .map(|at| {
                        let slot = &ordered.slots[*at];
                        let weight = if slot.what == What::Strand { STRAND } else { 1.0 };
                        Wanted { at: pulls[at], size: slot.across, weight }
                    })
                    .collect();
                let ends = (tops[lane] + before, tops[lane + 1] - after);
                for (at, middle) in here.iter().zip(spread(&wanted, ends)) {
                    ordered.slots[*at].middle = middle;
                }
            }
        }
    }
}

/// A thing in a row: where its middle would like to be, what room it takes, and how much it cares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) at: f64,
    pub(super) size: f64,
    pub(super) weight: f64,
}

/// The middles of things in a row that keep their turns and do not overlap, as near to where they would like to be as can be
/// (least squares), between two ends. If the ends are too near, things are as close as they can be.
pub(super) fn spread(row: &[Wanted], (low, high): (f64, f64)) -> Vec<f64> {
    // Take each one's room away, and what is left is numbers that must not fall: neighbours that would fall are joined.
    let mut room = 0.0;
    let mut offsets = Vec::with_capacity(row.len());
    let mut joined: Vec<(f64, f64, usize)> = Vec::new();
    for one in row {
        offsets.push(room + one.size / 2.0);
        joined.push((one.weight * (one.at - room - one.size / 2.0), one.weight, 1));
        room += one.size;
        while let [.., a, b] = joined[..]
            && a.0 / a.1 > b.0 / b.1
        {
            joined.truncate(joined.len() - 2);
            joined.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let most = (high - room).max(low);
    let values =
        joined.iter().flat_map(|(sum, weight, count)| std::iter::repeat_n(sum / weight, *count));
    values.zip(offsets).map(|(value, offset)| value.clamp(low, most) + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::super::order::{Arrow, Block};
    use super::*;

    /// Numbers that look random and are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).expect("31 bits") % end
        }

        fn size(&mut self, low: u32, end: usize) -> f64 {
            f64::from(low + u32::try_from(self.below(end)).expect("small"))
        }
    }

    /// A plan of any kind: circles, arrows to itself, arrows that are there twice, words of any size.
    fn any_plan(seed: u64) -> Plan {
        let mut dice = Dice(seed);
        let (blocks, lanes) = (1 + dice.below(40), 1 + dice.below(4));
        let most = 1 + dice.below(20);
        let mut plan = Plan { most, gap: 8.0, track: 6.0, ..Plan::default() };
        plan.lanes = (0..lanes).map(|_| (dice.size(0, 30), dice.size(0, 10))).collect();
        plan.blocks = (0..blocks)
            .map(|_| Block {
                along: dice.size(20, 200),
                across: dice.size(20, 60),
                lane: dice.below(lanes),
            })
            .collect();
        plan.arrows = (0..dice.below(blocks * 3))
            .map(|_| Arrow {
                from: dice.below(blocks),
                to: dice.below(blocks),
                bundle: dice.below(2),
                label: (dice.below(4) == 0).then(|| (dice.size(10, 80), dice.size(10, 40))),
            })
            .collect();
        plan
    }

    fn overlap(a: &Rect, b: &Rect) -> bool {
        a.x < b.x + b.width - 0.01
            && b.x < a.x + a.width - 0.01
            && a.y < b.y + b.height - 0.01
            && b.y < a.y + a.height - 0.01
    }

    /// A part of a line as a box without an inside.
    fn part(ends: &[Point]) -> Rect {
        let [a, b] = [ends[0], ends[1]];
        let (x, y) = (a.0.min(b.0), a.1.min(b.1));
        Rect { x, y, width: (a.0 - b.0).abs(), height: (a.1 - b.1).abs() }
    }

    /// Whether a part of a line goes through a box, and not only up to its edge.
    fn through(part: &Rect, block: &Rect) -> bool {
        let inside = |from: f64, length: f64, start: f64, size: f64| {
            from < start + size - 0.01 && start + 0.01 < from + length
        };
        inside(part.x, part.width, block.x, block.width)
            && inside(part.y, part.height, block.y, block.height)
    }

    #[test]
    fn nothing_overlaps() {
        for seed in 0..100 {
            let plan = any_plan(seed);
            let laid = laid(&plan, true);
            let solid: Vec<&Rect> =
                laid.blocks.iter().chain(laid.labels.iter().flatten()).collect();
            for (at, a) in solid.iter().enumerate() {
                assert!(a.x >= 0.0 && a.x + a.width <= laid.width + 0.01, "{seed}: {a:?}");
                assert!(solid[at + 1..].iter().all(|b| !overlap(a, b)), "{seed}: {a:?}");
            }
            for block in &laid.blocks {
                let abreast =
                    laid.blocks.iter().filter(|other| (other.x - block.x).abs() < 0.01).count();
                assert!(abreast <= plan.most, "{seed}: {abreast}");
            }
            for (block, plan) in laid.blocks.iter().zip(&plan.blocks) {
                let (start, end) = laid.lanes[plan.lane];
                assert!(block.y >= start - 0.01 && block.y + block.height <= end + 0.01, "{seed}");
            }
            for net in &laid.nets {
                for part in net.lines.iter().flat_map(|line| line.windows(2)).map(part) {
                    let words = |at: &usize| !net.arrows.contains(at);
                    let words = (0..plan.arrows.len()).filter(words);
                    let words = words.filter_map(|at| laid.labels[at].as_ref());
                    let hit = laid.blocks.iter().chain(words).find(|block| through(&part, block));
                    assert!(hit.is_none(), "{seed}: {part:?} goes through {hit:?}");
                }
            }
        }
    }

    /// How far two parts of lines lie on each other.
    fn shared(a: &Rect, b: &Rect) -> f64 {
        let common = |from: f64, length: f64, start: f64, size: f64| {
            (from + length).min(start + size) - from.max(start)
        };
        let along = common(a.x, a.width, b.x, b.width);
        let across = common(a.y, a.height, b.y, b.height);
        match (a.width + b.width < 0.01, a.height + b.height < 0.01) {
            (true, false) if (a.x - b.x).abs() < 0.5 => across,
            (false, true) if (a.y - b.y).abs() < 0.5 => along,
            _ => 0.0,
        }
    }

    #[test]
    fn lines_of_two_nets_do_not_lie_on_each_other() {
        for seed in 0..100 {
            let laid = laid(&any_plan(seed), true);
            let parts = |net: &Net| -> Vec<Rect> {
                net.lines.iter().flat_map(|line| line.windows(2)).map(part).collect()
            };
            let nets: Vec<Vec<Rect>> = laid.nets.iter().map(parts).collect();
            for (at, net) in nets.iter().enumerate() {
                for other in nets[at + 1..].iter().flatten() {
                    let hit = net.iter().find(|part| shared(part, other) > 1.0);
                    assert!(hit.is_none(), "{seed}: {other:?} lies on {hit:?}");
                }
            }
        }
    }
}
