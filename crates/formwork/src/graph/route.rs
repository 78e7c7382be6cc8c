//! Lines between boxes: straight along, at right angles across, each on a track of its own in the gap between two layers.
//!
//! Two lines of different nets cross, but never lie on each other.

use std::collections::BTreeMap;

use super::layout::{Net, Point, Wanted, spread};
use super::order::{Ordered, Plan, What};

/// The way from a box to the first track, and from the last track to a box, with room for an arrow's point.
const BEFORE: f64 = 14.0;
const BEHIND: f64 = 20.0;

/// The least distance between two lines that go along.
const APART: f64 = 2.8;

/// How far a line is moved that is in the way of another.
const STEP: f64 = 3.0;

pub(super) struct Routed {
    pub(super) nets: Vec<Net>,
    /// From where to where each layer goes, along.
    pub(super) layers: Vec<(f64, f64)>,
    pub(super) along: f64,
}

/// Where a segment leaves its slot and where it arrives.
type Ports = Vec<(f64, f64)>;

/// The lines of one net in one gap: one comes in, some go on.
struct Wire {
    from: End,
    to: Vec<End>,
    track: Option<usize>,
}

/// Where a wire begins or ends.
#[derive(Clone, Copy)]
struct End {
    segment: usize,
    slot: usize,
    across: f64,
    /// From where to where it can be moved: along the side of a box. A strand that has arrived goes straight on.
    room: Option<(f64, f64)>,
}

pub(super) fn routed(ordered: &Ordered, plan: &Plan) -> Routed {
    let mut ports = ports(ordered, plan);
    let mut gaps: Vec<Vec<Wire>> = wires(ordered, plan, &ports);
    let mut layers = Vec::with_capacity(ordered.layers.len());
    let mut tracks = vec![None; ordered.segments.len()];
    let mut along = 0.0;
    let mut arrived: BTreeMap<usize, f64> = BTreeMap::new();
    for (layer, wires) in gaps.iter_mut().enumerate() {
        let sizes = ordered.layers[layer].iter().map(|at| ordered.slots[*at].along);
        let end = along + sizes.fold(0.0, f64::max);
        layers.push((along, end));
        for wire in wires.iter_mut().filter(|wire| wire.from.room.is_none()) {
            wire.from.across = arrived[&wire.from.slot];
        }
        let count = assign(wires);
        for (wire, end) in wires.iter().flat_map(|wire| wire.to.iter().map(move |end| (wire, end)))
        {
            let track = wire.track.map(|track| plan.track * as_f64(track));
            tracks[end.segment] = track.map(|track| layers[layer].1 + BEFORE + track);
            ports[end.segment] = (wire.from.across, end.across);
            arrived.insert(end.slot, end.across);
        }
        along = end + BEFORE + BEHIND + plan.track * as_f64(count.saturating_sub(1));
        if layer + 1 == ordered.layers.len() {
            along = end;
        }
    }
    let nets = nets(ordered, &ports, &layers, &tracks);
    Routed { nets, layers, along }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Where lines touch their boxes: opposite to where they come from or go to, and apart from each other.
fn ports(ordered: &Ordered, plan: &Plan) -> Ports {
    let middle = |slot: usize| ordered.slots[slot].middle;
    let ends = ordered.segments.iter().map(|part| (middle(part.from), middle(part.to)));
    let mut ports: Ports = ends.collect();
    leave(ordered, plan, &mut ports);
    arrive(ordered, plan, &mut ports);
    ports
}

/// Where nets leave their boxes.
fn leave(ordered: &Ordered, plan: &Plan, ports: &mut Ports) {
    let what = |slot: usize| ordered.slots[slot].what;
    let mut boxes: BTreeMap<usize, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
    for (at, segment) in ordered.segments.iter().enumerate() {
        if let What::Block(_) = what(segment.from) {
            boxes.entry(segment.from).or_default().entry(segment.net).or_default().push(at);
        }
    }
    for (slot, nets) in boxes {
        // What goes to one place, or goes on as a strand, leaves opposite to that; what branches leaves in the middle.
        let strand = |part: &&usize| what(ordered.segments[**part].to) == What::Strand;
        let wanted = |parts: &Vec<usize>| match (parts.iter().find(strand), &parts[..]) {
            (Some(part), _) | (None, [part]) => ports[*part].1,
            _ => ordered.slots[slot].middle,
        };
        let mut nets: Vec<(f64, Vec<usize>)> =
            nets.into_values().map(|parts| (wanted(&parts), parts)).collect();
        nets.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found = places(ordered, plan, slot, nets.iter().map(|(at, _)| *at));
        for ((_, parts), place) in nets.iter().zip(found) {
            for part in parts {
                ports[*part].0 = place;
            }
        }
    }
}

/// Where lines arrive at boxes.
fn arrive(ordered: &Ordered, plan: &Plan, ports: &mut Ports) {
    let mut boxes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, segment) in ordered.segments.iter().enumerate() {
        if let What::Block(_) = ordered.slots[segment.to].what {
            boxes.entry(segment.to).or_default().push(at);
        }
    }
    for (slot, mut parts) in boxes {
        parts.sort_by(|a, b| ports[*a].0.total_cmp(&ports[*b].0).then(a.cmp(b)));
        let found = places(ordered, plan, slot, parts.iter().map(|part| ports[*part].0));
        parts.iter().zip(found).for_each(|(part, place)| ports[*part].1 = place);
    }
}

/// Places on the side of a box, in their turns and as near to where they are wanted as there is room.
fn places(
    ordered: &Ordered,
    plan: &Plan,
    slot: usize,
    wanted: impl ExactSizeIterator<Item = f64>,
) -> Vec<f64> {
    let (low, high) = side(ordered, plan, slot);
    let size = ((high - low) / as_f64(wanted.len())).min(plan.track);
    let wanted: Vec<Wanted> = wanted.map(|at| Wanted { at, size, weight: 1.0 }).collect();
    spread(&wanted, (low, high))
}

/// The side of a box without its corners.
fn side(ordered: &Ordered, plan: &Plan, slot: usize) -> (f64, f64) {
    let slot = &ordered.slots[slot];
    let half = (slot.across - plan.gap) / 2.0;
    let reach = half - (half * 0.2).min(12.0);
    (slot.middle - reach, slot.middle + reach)
}

/// The wires of each gap; the last layer has none.
fn wires(ordered: &Ordered, plan: &Plan, ports: &Ports) -> Vec<Vec<Wire>> {
    let mut gaps: Vec<BTreeMap<(usize, usize), Wire>> =
        ordered.layers.iter().map(|_| BTreeMap::new()).collect();
    let strand = |slot: usize| ordered.slots[slot].what == What::Strand;
    let end = |segment, slot, across| {
        let reach = STEP * 1.01;
        let room =
            if strand(slot) { (across - reach, across + reach) } else { side(ordered, plan, slot) };
        End { segment, slot, across, room: Some(room) }
    };
    for (at, segment) in ordered.segments.iter().enumerate() {
        let gap = &mut gaps[ordered.slots[segment.from].layer];
        let mut from = end(at, segment.from, ports[at].0);
        from.room = from.room.filter(|_| !strand(segment.from));
        let new = || Wire { from, to: Vec::new(), track: None };
        let wire = gap.entry((segment.from, segment.net)).or_insert_with(new);
        wire.to.push(end(at, segment.to, ports[at].1));
    }
    gaps.into_iter().map(|wires| wires.into_values().collect()).collect()
}

impl Wire {
    fn straight(&self) -> bool {
        self.to.iter().all(|end| (end.across - self.from.across).abs() < 0.5)
    }

    /// From where to where it goes across.
    fn span(&self) -> (f64, f64) {
        let grow = |(low, high): (f64, f64), end: &End| (low.min(end.across), high.max(end.across));
        self.to.iter().fold((self.from.across, self.from.across), grow)
    }

    /// Whether its track must come before another's, so that the line that comes into it does not lie on one that leaves the
    /// other.
    fn before(&self, other: &Wire) -> bool {
        other.to.iter().any(|end| (end.across - self.from.across).abs() < APART)
    }
}

/// Moves one end of one of these wires to where no line goes on, if a line of another is in its way; says whether one could be
/// moved.
fn loosened(wires: &mut [Wire], open: &[usize]) -> bool {
    let steps = [1.0, -1.0, 2.0, -2.0].map(|step| step * STEP);
    for at in open {
        for turn in 0..=wires[*at].to.len() {
            let comes = turn == wires[*at].to.len();
            let end = if comes { wires[*at].from } else { wires[*at].to[turn] };
            let Some((low, high)) = end.room else { continue };
            let near = |other: &End, across: f64| (other.across - across).abs() < APART;
            let blocked = |across: f64| {
                let mut others = open.iter().filter(|other| *other != at).map(|at| &wires[*at]);
                others.any(|other| {
                    let ends =
                        if comes { &other.to[..] } else { std::slice::from_ref(&other.from) };
                    ends.iter().any(|end| near(end, across))
                })
            };
            let taken = |across: f64| {
                let ends = wires.iter().flat_map(|wire| wire.to.iter().chain([&wire.from]));
                ends.filter(|other| other.slot == end.slot).any(|other| near(other, across))
            };
            let free = |across: &f64| {
                (low..=high).contains(across) && !blocked(*across) && !taken(*across)
            };
            let found = steps.map(|step| end.across + step).into_iter().find(free);
            if let Some(across) = found.filter(|_| blocked(end.across)) {
                let end = if comes { &mut wires[*at].from } else { &mut wires[*at].to[turn] };
                end.across = across;
                return true;
            }
        }
    }
    false
}

/// Gives each wire that is not straight a track; says how many tracks there are.
fn assign(wires: &mut [Wire]) -> usize {
    let mut open: Vec<usize> = (0..wires.len()).filter(|at| !wires[*at].straight()).collect();
    // Wires that go up first from the top, wires that go down first from the bottom: so they nest.
    let key = |wire: &Wire| {
        let (low, high) = wire.span();
        let from = wire.from.across;
        if high - from > from - low { -from } else { from }
    };
    open.sort_by(|a, b| key(&wires[*a]).total_cmp(&key(&wires[*b])).then(a.cmp(b)));
    let mut tracks: Vec<Vec<usize>> = Vec::new();
    while !open.is_empty() {
        let free =
            |at: &usize| !open.iter().any(|other| other != at && wires[*other].before(&wires[*at]));
        let Some(next) = open.iter().position(free).or_else(|| {
            // They wait for each other in a circle. If none can be moved, the first goes first.
            if loosened(wires, &open) { None } else { Some(0) }
        }) else {
            continue;
        };
        let wire = open.remove(next);
        let (low, high) = wires[wire].span();
        let first = (0..tracks.len())
            .rev()
            .find(|track| tracks[*track].iter().any(|other| wires[*other].before(&wires[wire])));
        let fits = |track: &usize| {
            tracks[*track].iter().all(|other| {
                let (start, end) = wires[*other].span();
                end + APART < low || high + APART < start
            })
        };
        let track = (first.map_or(0, |track| track + 1)..tracks.len()).find(fits);
        let track = track.unwrap_or(tracks.len());
        if track == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks[track].push(wire);
        wires[wire].track = Some(track);
    }
    tracks.len()
}

fn nets(
    ordered: &Ordered,
    ports: &Ports,
    layers: &[(f64, f64)],
    tracks: &[Option<f64>],
) -> Vec<Net> {
    let new = |arrows: &Vec<usize>| Net { arrows: arrows.clone(), ..Net::default() };
    let mut nets: Vec<Net> = ordered.nets.iter().map(new).collect();
    let mut arrived = vec![0; nets.len()];
    for (at, segment) in ordered.segments.iter().enumerate() {
        let (from, to) = (&ordered.slots[segment.from], &ordered.slots[segment.to]);
        let (low, high) = ports[at];
        let begins = layers[from.layer].0;
        let start = if let What::Block(_) = from.what { begins + from.along } else { begins };
        let end = layers[to.layer].0;
        let mut line: Vec<Point> = vec![(start, low)];
        if let Some(track) = tracks[at].filter(|_| (low - high).abs() > 0.05) {
            line.extend([(track, low), (track, high)]);
        }
        line.push((end, high));
        let net = &mut nets[segment.net];
        net.lines.push(line);
        if let What::Block(_) = from.what {
            net.start = (start, low);
        }
        if let What::Block(_) = to.what {
            // Segments to boxes were made in the order of the net's arrows.
            let arrow = ordered.nets[segment.net][arrived[segment.net]];
            arrived[segment.net] += 1;
            net.heads.push((arrow, (end, high)));
        }
    }
    nets
}
