//! A function that only rules know, combined with a condition.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>, wide: Condition) {
    t.rule("Size", Rule::new().assert(contains(["a", "b"], name).and(wide), "a or b"));
}

fn main() {}
