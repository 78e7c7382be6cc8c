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
