//! `&&` where `and` belongs.

use formwork::prelude::*;

fn define(t: &mut Template, large: Condition, isolated: Condition) {
    t.condition("Both", large && isolated);
}

fn main() {}
