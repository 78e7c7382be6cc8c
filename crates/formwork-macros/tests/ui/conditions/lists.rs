//! Lists compared as they are.

use formwork::prelude::*;

fn define(t: &mut Template, zones: Input<List<String>>) {
    t.condition("IsDefault", zones.is(["a", "b"]));
}

fn main() {}
