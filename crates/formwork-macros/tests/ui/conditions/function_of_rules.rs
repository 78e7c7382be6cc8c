//! A function that only rules know, in a condition.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    t.condition("IsKnown", contains(["a", "b"], name));
}

fn main() {}
