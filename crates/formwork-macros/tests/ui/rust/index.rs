//! `[0]` where `select` belongs.

use formwork::prelude::*;

fn define(t: &mut Template, zones: Input<List<AvailabilityZone>>) {
    let zone: Value<AvailabilityZone> = val(zones[0]);
}

fn main() {}
